"""Which e-mail addresses the SQL accepts, against the library email-validator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import duckdb
import email_validator
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

ATEXT = "abcxyzABCXYZ0189!#$%&'*+/=?^_`{|}~-"
# An ASCII address without quotes, comments or literals: what the SQL promises to decide on.
DOT_ATOM_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+", flags=re.ASCII)
# Only the SQL accepts these. RFC 5890 keeps labels with hyphens in the third and fourth place for
# Punycode, and whether a Punycode label can be decoded is more than a pattern can tell.
RESERVED_LABEL = re.compile(r"[@.]..--", flags=re.ASCII)
# Only the library accepts these. There is no top-level domain of one character, and none begins
# with a digit.
NO_TOP_LEVEL_DOMAIN = re.compile(r"[.](?:[A-Za-z]|[0-9][A-Za-z0-9-]*)$", flags=re.ASCII)
DETERMINISTIC = settings(derandomize=True, deadline=None, max_examples=300)


@pytest.fixture(scope="module", autouse=True)
def _no_special_use_domains() -> Iterator[None]:
    """Let the library judge example.com and its like by their form alone."""
    special_use_domains = email_validator.SPECIAL_USE_DOMAIN_NAMES
    kept = list(special_use_domains)
    special_use_domains.clear()
    yield
    special_use_domains.extend(kept)


@pytest.fixture(scope="module")
def in_sql(compiled: Callable[[str], str]) -> Iterator[Callable[[str], str | None]]:
    """The address as stg_people__contacts keeps it, null as None."""
    sql = compiled("stg_people__contacts")
    end = sql.index(" as email,")
    expression = sql[sql.rindex("case\n", 0, end) : end]
    query = f"select {expression} from (select cast(? as varchar) as email) as kept_rows"
    with duckdb.connect() as connection:

        def email_address(text: str) -> str | None:
            return connection.execute(query, [text]).fetchone()[0]

        yield email_address


def in_library(text: str) -> str | None:
    """The address as the library understands it, in lower case, or None."""
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except email_validator.EmailNotValidError:
        return None
    return found.ascii_email.lower()


def dotted(part: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    """One to most parts with dots between them."""
    return st.lists(part, min_size=1, max_size=most).map(".".join)


# Lengths on both sides of every limit: 64 before the @, 63 in a label, 254 in all.
LOCAL_PARTS = (
    dotted(st.text(ATEXT, min_size=1, max_size=8), 4)
    | st.integers(62, 66).map("x".ljust)
    | st.integers(62, 66).map(lambda length: "x." * (length // 2) + "y")
)
LOCAL_PARTS = LOCAL_PARTS.map(lambda local: local.replace(" ", "x"))
LABELS = (
    st.text("abzABZ019-", min_size=1, max_size=6).map(lambda text: f"a{text}0")
    | st.text("abzABZ019", min_size=1, max_size=6)
    | st.integers(61, 65).map("l".zfill)
)
TOP_LEVEL_DOMAINS = (
    st.sampled_from(["com", "DE", "museum", "xn--p1ai", "x-y", "c", "1", "123", "1a", "a1", "c-"])
    | st.integers(62, 65).map(lambda length: "t" * length)
    | st.text("abzAZ09-", min_size=1, max_size=5)
)
LONG_DOMAINS = st.builds(
    lambda length, top: ("l" * 60 + ".") * 3 + "m" * (length - 183) + "." + top,
    st.integers(240, 253),
    st.sampled_from(["de", "com"]),
)
DOMAINS = st.builds("{}.{}".format, dotted(LABELS, 3), TOP_LEVEL_DOMAINS) | LONG_DOMAINS
ADDRESSES = st.builds("{}@{}".format, LOCAL_PARTS, DOMAINS)

# What goes wrong in real files. The Kelvin sign and the dotted capital I turn into a plain k and
# i when they are lowered; the others only look like something else.
SLIPS = (
    st.sampled_from("-.@_'0aA")
    | st.sampled_from(["..", "--", "@@", "\r\n"])
    | st.sampled_from(' \t\n\x00\x7f\xa0\u200b"()<>[]\\,;:')
    | st.sampled_from("éüß\u212a\u0130\u0131\u017f\uff41\uff0e\u3002")
)


@st.composite
def near_misses(draw: st.DrawFn) -> str:
    """An address with one to three slips: something put in, written over or left out."""
    text = draw(ADDRESSES)
    for _ in range(draw(st.integers(1, 3))):
        # Most slips matter around the @, at the ends and at the dots.
        spots = {0, 1, len(text), max(len(text) - 1, 0)}
        spots |= {at + by for at, sign in enumerate(text) if sign in "@." for by in (0, 1)}
        start = draw(st.sampled_from(sorted(spots)) | st.integers(0, len(text)))
        slip = draw(SLIPS | st.just(""))
        text = text[:start] + slip + text[start + draw(st.integers(0, 2)) :]
    return text


OTHER_FORMS = st.sampled_from(
    [
        "",
        "@",
        "a@",
        "@example.com",
        "example.com",
        "a@com",
        "a@localhost",
        "a@.com",
        "a@example..com",
        "a@example.com.",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "a b@example.com",
        " a@example.com",
        "a@example.com ",
        "a@b@example.com",
        "a@-example.com",
        "a@example-.com",
        "a@exam_ple.com",
        "a@example.123",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        '"a"@example.com',
        '"a b"@example.com',
        '"a@b"@example.com',
        "a(comment)@example.com",
        "Anna <anna@example.com>",
        "<anna@example.com>",
        "mailto:anna@example.com",
        "anna@example.com,ben@example.com",
        "anna@example.com;ben@example.com",
        "änne@example.com",
        "anna@bücher.example",
        "\u212aarl@example.com",
        "karl@\u212aino.com",
        "\u0130da@example.com",
        "anna@e\uff0ecom",
    ]
)
TEXTS = ADDRESSES | near_misses() | OTHER_FORMS | st.text(max_size=30)


def test_what_the_sql_accepts_the_library_accepts(in_sql: Callable[[str], str | None]) -> None:
    @given(text=TEXTS)
    @DETERMINISTIC
    def check(text: str) -> None:
        accepted = in_sql(text)
        if accepted is not None and not RESERVED_LABEL.search(accepted):
            assert accepted == in_library(text)

    check()


def test_every_plain_address_that_the_library_accepts_the_sql_accepts(
    in_sql: Callable[[str], str | None],
) -> None:
    @given(text=ADDRESSES | near_misses())
    @DETERMINISTIC
    def check(text: str) -> None:
        accepted = in_library(text) if DOT_ATOM_ADDRESS.fullmatch(text) else None
        if accepted is not None and not NO_TOP_LEVEL_DOMAIN.search(text):
            assert in_sql(text) == accepted

    check()


def test_no_text_with_a_sign_outside_ascii_is_an_address(
    in_sql: Callable[[str], str | None],
) -> None:
    @given(before=st.sampled_from(["", "a"]), sign=st.characters(min_codepoint=128))
    @example(before="", sign="\u212a")
    @example(before="", sign="\u0130")
    @settings(DETERMINISTIC, max_examples=100)
    def check(before: str, sign: str) -> None:
        for text in (f"{before}{sign}@a.com", f"a@{before}{sign}.com", f"a@a.com{sign}"):
            assert in_sql(text) is None

    check()


def test_case_makes_no_difference(in_sql: Callable[[str], str | None]) -> None:
    @given(text=ADDRESSES)
    @settings(DETERMINISTIC, max_examples=100)
    def check(text: str) -> None:
        accepted = in_sql(text)
        assert accepted in {None, text.lower()}
        assert in_sql(text.swapcase()) == accepted

    check()


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.com",
        "ANNA@EXAMPLE.COM",
        "a.b+c@mail.example.co.uk",
        "o'brien@example.ie",
        "!#$%&'*+/=?^_`{|}~-@example.com",
        "1@2.de",
        "anna@xn--bcher-kva.example",
        f"{'x' * 64}@example.com",
        f"a@{'l' * 63}.com",
        f"a@{'l' * 63}.{'m' * 63}.{'n' * 63}.{'o' * 56}.com",
    ],
)
def test_both_accept(in_sql: Callable[[str], str | None], text: str) -> None:
    assert in_sql(text) == in_library(text) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        f"{'x' * 65}@example.com",
        f"a@{'l' * 64}.com",
        f"a@{'l' * 63}.{'m' * 63}.{'n' * 63}.{'o' * 57}.com",
    ],
)
def test_both_reject_what_is_too_long(in_sql: Callable[[str], str | None], text: str) -> None:
    assert in_sql(text) is None
    assert in_library(text) is None


@pytest.mark.parametrize(
    ("text", "sql_accepts"),
    [
        pytest.param("a@ab--cd.com", True, id="reserved_label"),
        pytest.param("a@xn--a.com", True, id="label_that_is_no_punycode"),
        pytest.param("a@example.c", False, id="top_level_domain_of_one_letter"),
        pytest.param("a@example.1a", False, id="top_level_domain_from_a_digit"),
    ],
)
def test_the_known_differences_still_exist(
    in_sql: Callable[[str], str | None], text: str, sql_accepts: bool
) -> None:
    assert (in_sql(text) is not None, in_library(text) is not None) == (
        sql_accepts,
        not sql_accepts,
    )
