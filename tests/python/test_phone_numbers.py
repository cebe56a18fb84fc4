"""The phone rule agrees with Google's libphonenumber, as ported to Python by `phonenumbers`.

What it cannot know from the numbering plans in seeds/reference/countries.csv stands in the sets at
the top of this file. There it may give no number; a wrong number it must not give.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import phonenumbers
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"
RELATION = re.compile(r'"\w+"\."\w+"\."(\w+)"')
PHONES_SEEN = "base_people__phones_seen"
PHONE_NUMBERS = "base_people__phone_numbers"

# Most people live in them.
BIG_COUNTRIES = [
    *("AR", "AT", "AU", "BD", "BE", "BR", "CA", "CD", "CH", "CN", "CO", "DE", "DK", "DZ", "EG"),
    *("ES", "ET", "FI", "FR", "GB", "ID", "IE", "IN", "IR", "IT", "JP", "KE", "KR", "MA", "MM"),
    *("MX", "NG", "NL", "PH", "PK", "PL", "RU", "SD", "SE", "TH", "TR", "TZ", "UA", "UG", "US"),
    *("VN", "ZA"),
]

# Argentina: 15 stands inside a national mobile number, where an international one has 9 before it.
NATIONAL_NOTATION_UNKNOWN = {"AR"}
# Belarus: what is dialled first is 8, and toll-free and premium numbers begin with 8 or 9, too.
COUNTRIES_WITH_GAPS = {"BY"}
# Nobody's number.
TYPES_UNKNOWN = {PhoneNumberType.VOICEMAIL}
# The plus and 15 digits; phonenumbers knows longer ones in Germany.
LONGEST_E164 = 16
# Digits only, calling code first: some numbers of these countries look like another one of the
# same country that begins like its calling code.
LIKE_THEIR_CALLING_CODE = {"BR", "IN", "IT", "PL", "VA", "VN"}
# Brazil and China: phonenumbers takes some first digits for those of a carrier.
CALLING_CODES_WITH_CARRIERS = {55, 86}
# They have several international prefixes. The seed has one.
SEVERAL_INTERNATIONAL_PREFIXES = {
    region
    for region in phonenumbers.SUPPORTED_REGIONS
    if not PhoneMetadata.metadata_for_region(region).international_prefix.isdigit()
}

FULL_WIDTH = {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"} | {ord("+"): 0xFF0B}
ARABIC_INDIC = {ord(digit): 0x0660 + int(digit) for digit in "0123456789"}

Dial = Callable[[Iterable["Written"]], dict["Written", "Dialled"]]


class Written(NamedTuple):
    """A phone number as it stands in the raw data."""

    phone: str
    country_code: str | None


class Dialled(NamedTuple):
    """What the model makes of it."""

    phone_e164: str | None
    rejection_reason: str | None


@pytest.fixture(scope="module")
def dial(compiled: Callable[[str], str]) -> Dial:
    """Run the model, with the models and the seed that it reads, on phone numbers of our own."""
    database = duckdb.connect()
    database.execute(f"create table {PHONES_SEEN} (phone varchar, country_code varchar)")
    known = {PHONES_SEEN}

    def build(name: str) -> None:
        if name in known:
            return
        known.add(name)
        seed = REFERENCE / f"{name}.csv"
        if seed.exists():
            database.execute(f"create table {name} as from read_csv('{seed}', all_varchar = true)")
            return
        sql = compiled(name)
        for parent in RELATION.findall(sql):
            build(parent)
        database.execute(f"create view {name} as " + RELATION.sub(r"\1", sql))

    build(PHONE_NUMBERS)

    def dial_batch(numbers: Iterable[Written]) -> dict[Written, Dialled]:
        rows = list(dict.fromkeys(numbers))
        phones, country_codes = [row.phone for row in rows], [row.country_code for row in rows]
        database.execute(f"delete from {PHONES_SEEN}")
        database.execute(
            f"insert into {PHONES_SEEN} "
            "select unnest(cast($1 as varchar[])), unnest(cast($2 as varchar[]))",
            [phones, country_codes],
        )
        found = database.execute(
            f"select phone, country_code, phone_e164, rejection_reason from {PHONE_NUMBERS}"
        ).fetchall()
        dialled = {Written(row[0], row[1]): Dialled(row[2], row[3]) for row in found}
        assert len(found) == len(dialled) == len(rows), "a number was lost or doubled"
        return dialled

    return dial_batch


@cache
def regions() -> list[str]:
    """List the countries of the seed that phonenumbers knows."""
    with (REFERENCE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return [row["country_code"] for row in csv.DictReader(file) if row["calling_code"]]


def e164(number: PhoneNumber) -> str:
    """Write a number in E.164."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def parsed(written: Written) -> PhoneNumber | None:
    """Read a number as phonenumbers does; None where it finds none."""
    try:
        return phonenumbers.parse(written.phone, written.country_code)
    except phonenumbers.NumberParseException:
        return None


def notations(number: PhoneNumber, region: str) -> Iterator[tuple[str, Written]]:
    """Write a number in every common way, with the name of each."""
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    abroad = "FR" if number.country_code != 33 else "DE"
    overseas = "US" if number.country_code != 1 else "AU"
    yield "E164", Written(e164(number), None)
    yield "international", Written(international, None)
    yield "international with its country", Written(international, region)
    yield "international in another country", Written(international, overseas)
    uri = phonenumbers.format_number(number, PhoneNumberFormat.RFC3966)
    yield "RFC3966", Written(uri, None)
    yield "RFC3966 with extension", Written(f"{uri};ext=12", None)
    yield "00, country unknown", Written(f"00{e164(number)[1:]}", None)
    for country in (abroad, overseas):
        out = phonenumbers.format_out_of_country_calling_number(number, country)
        yield "dialled from abroad", Written(out, country)
    yield "national", Written(national, region)
    yield "national digits", Written(re.sub(r"\D", "", national), region)
    yield "national with noise", Written(f" ({re.sub('[ -]', '/', national)}). ", region)
    yield "international with dots", Written(re.sub("[ -]", ".", international), None)
    yield "international with extension", Written(f"{international} ext. 123", None)
    yield "full-width", Written(e164(number).translate(FULL_WIDTH), None)
    yield "Arabic-Indic", Written(e164(number).translate(ARABIC_INDIC), None)
    if PhoneMetadata.metadata_for_region(region).national_prefix == "0":
        yield "+CC (0)", Written(re.sub(r"^(\+\d+)[ -]", r"\1 (0)", international), None)


def is_known_gap(number: PhoneNumber, region: str, notation: str, found: Dialled) -> bool:
    """Tell whether the model may give no number here."""
    digits = phonenumbers.national_significant_number(number)
    return found.phone_e164 is None and (
        found.rejection_reason == "phone_is_a_placeholder"
        or len(e164(number)) > LONGEST_E164
        or phonenumbers.number_type(number) in TYPES_UNKNOWN
        or region in COUNTRIES_WITH_GAPS
        or (region in NATIONAL_NOTATION_UNKNOWN and "national" in notation.split())
        # Toll-free numbers that cannot be dialled from abroad.
        or digits.startswith("00")
        or (number.country_code == 1 and len(digits) == 7)
    )


def disagreements(numbers: Iterable[tuple[str, PhoneNumber]], dial: Dial) -> list[str]:
    """Write numbers in all notations; list where the model finds something else."""
    written = [
        (notation, number, region, row)
        for region, number in numbers
        for notation, row in notations(number, region)
    ]
    dialled = dial(row for *_, row in written)
    return [
        f"{notation}: {row} is {e164(number)}, not {dialled[row]}"
        for notation, number, region, row in written
        if dialled[row].phone_e164 != e164(number)
        and not is_known_gap(number, region, notation, dialled[row])
    ]


@cache
def valid_numbers(region: str) -> st.SearchStrategy[PhoneNumber]:
    """Draw valid mobile and fixed-line numbers of a country."""
    metadata = PhoneMetadata.metadata_for_region(region)
    patterns = {
        kind.national_number_pattern
        for kind in (metadata.mobile, metadata.fixed_line)
        if kind and kind.national_number_pattern
    }
    digits = st.one_of(
        *(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True) for pattern in patterns)
    )
    return digits.map(lambda text: phonenumbers.parse(f"+{metadata.country_code}{text}")).filter(
        phonenumbers.is_valid_number
    )


def batches(numbers: st.SearchStrategy, size: int) -> st.SearchStrategy:
    """Draw many at once: a query takes as long for hundreds of numbers as for one."""
    return st.lists(numbers, min_size=size, max_size=size)


one_valid_number = st.sampled_from(BIG_COUNTRIES).flatmap(
    lambda region: st.tuples(st.just(region), valid_numbers(region))
)
any_digits = st.text("0123456789", min_size=1, max_size=17)
any_written = st.builds(
    lambda prefix, digits, region: Written(
        prefix.format(code=phonenumbers.country_code_for_region(region)) + digits, region
    ),
    st.sampled_from(
        ["", "0", "8", "+", "00", "011", "+{code}", "+{code} (0)", "00{code}", "{code}"]
    ),
    any_digits,
    st.sampled_from(regions()),
)
in_batches = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    # Making a batch of hundreds smaller takes minutes; the message names the number anyway.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_example_numbers_of_every_country_and_type_are_found_in_every_notation(
    dial: Dial,
) -> None:
    examples = [
        (region, number)
        for region in regions()
        for kind in PhoneNumberType.values()
        if (number := phonenumbers.example_number_for_type(region, kind))
        and phonenumbers.is_valid_number(number)
    ]
    assert len(examples) > 1000
    assert disagreements(examples, dial) == []


@in_batches
@given(numbers=batches(one_valid_number, 60))
def test_valid_numbers_of_big_countries_are_found_in_every_notation(
    dial: Dial, numbers: list[tuple[str, PhoneNumber]]
) -> None:
    assert disagreements(numbers, dial) == []


@in_batches
@given(numbers=batches(one_valid_number, 60))
def test_a_calling_code_without_plus_is_found_where_the_country_has_no_such_numbers(
    dial: Dial, numbers: list[tuple[str, PhoneNumber]]
) -> None:
    written = {Written(e164(number)[1:], region): number for region, number in numbers}
    dialled = dial(written)
    assert [
        f"{row} is {e164(number)}, not {dialled[row]}"
        for row, number in written.items()
        if dialled[row].phone_e164 != e164(number)
        and row.country_code not in LIKE_THEIR_CALLING_CODE
        and not is_known_gap(number, row.country_code, "digits", dialled[row])
    ] == []


@in_batches
@given(rows=batches(any_written, 500))
def test_whatever_is_given_a_number_has_a_possible_one(dial: Dial, rows: list[Written]) -> None:
    for row, found in dial(rows).items():
        assert (found.phone_e164 is None) != (found.rejection_reason is None), row
        if found.phone_e164:
            number = phonenumbers.parse(found.phone_e164)
            assert phonenumbers.is_possible_number(number), (row, found)
            has_carriers = number.country_code in CALLING_CODES_WITH_CARRIERS
            assert e164(number) == found.phone_e164 or has_carriers, (row, found)


@in_batches
@given(rows=batches(any_written, 500))
def test_an_impossible_number_is_rejected(dial: Dial, rows: list[Written]) -> None:
    for row, found in dial(rows).items():
        number = parsed(row)
        if number is None or not phonenumbers.is_possible_number(number):
            # A calling code without plus is found where phonenumbers does not look for one.
            own_code = str(phonenumbers.country_code_for_region(row.country_code))
            assert (
                found.phone_e164 is None
                or row.phone.startswith(own_code)
                or row.country_code in SEVERAL_INTERNATIONAL_PREFIXES
            ), (row, found)


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+",
        "n/a",
        "123",
        "0000000000",
        "1-800-FLOWERS",
        "\u65e5\u672c 030 1234567",
        "030 1234567 or 0171 1234567",
        "030 1234567 +49 171 1234567",
        "030123456789012345",
    ],
)
def test_what_is_no_number_is_rejected(dial: Dial, phone: str) -> None:
    (found,) = dial([Written(phone, "DE")]).values()
    assert found.phone_e164 is None
    assert found.rejection_reason is not None


def test_a_national_number_without_a_country_is_rejected(dial: Dial) -> None:
    (found,) = dial([Written("030 1234567", None)]).values()
    assert found == Dialled(None, "phone_country_unknown")
