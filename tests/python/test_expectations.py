"""The Great Expectations suites: the demo holds them, and each kind of damage is seen."""

from __future__ import annotations

import html
import importlib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from project import ROOT

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def validation() -> Iterator[ModuleType]:
    """The module tests/expectations/validate.py, with its folder on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tests" / "expectations"))
        yield importlib.import_module("validate")


@pytest.fixture(scope="module")
def data_docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the Data Docs of the demo."""
    return tmp_path_factory.mktemp("data_docs")


@pytest.fixture(scope="module")
def demo_failures(validation: ModuleType, demo_database: Path, data_docs: Path) -> list:
    """What does not hold on the demo."""
    return validation.validate(demo_database, data_docs, demo=True)


def test_the_demo_holds_every_critical_expectation(demo_failures: list) -> None:
    assert [failure for failure in demo_failures if failure.severity == "critical"] == []


def test_data_docs_has_a_page_for_every_table(demo_failures: list, data_docs: Path) -> None:
    assert (data_docs / "index.html").is_file()
    pages = {page.stem for page in (data_docs / "expectations").glob("*.html")}
    runs = {folder.name for folder in (data_docs / "validations").iterdir()}
    assert len(pages) == 12 + 11
    assert pages == runs
    assert {"arriving_raw_contacts", "leaving_audience_hubspot__contacts"} <= pages


def damage(
    table: str, column: str, value: object, beside: str | None = None
) -> Callable[[Tables], None]:
    """Put a value into the first row that has one in that column, and in the one beside it."""

    def do(tables: Tables) -> None:
        rows = tables[table].copy()
        has_one = rows[column].notna() & rows[beside or column].notna()
        rows.loc[has_one.idxmax(), column] = value
        tables[table] = rows

    return do


def repeat_row(table: str) -> Callable[[Tables], None]:
    """Add the first row again."""

    def do(tables: Tables) -> None:
        tables[table] = pd.concat([tables[table], tables[table].head(1)])

    return do


def empty(table: str) -> Callable[[Tables], None]:
    """Take all rows out, and keep the columns."""

    def do(tables: Tables) -> None:
        tables[table] = tables[table].head(0)

    return do


def drop_column(table: str, column: str) -> Callable[[Tables], None]:
    """Take a column out."""

    def do(tables: Tables) -> None:
        tables[table] = tables[table].drop(columns=column)

    return do


def let_in_without_consent(tables: Tables) -> None:
    """Withdraw the consent of everybody in the audience's first row."""
    contact_id = tables["audience_hubspot__contacts"]["contact_id"].iloc[0]
    consents = tables["contact_consents"]
    tables["contact_consents"] = consents[consents["contact_id"] != contact_id]


def spoil_emails(tables: Tables) -> None:
    """Put names where a fifth of the raw e-mail addresses stood."""
    rows = tables["raw_contacts"].copy()
    rows.loc[rows.index % 5 == 0, "email"] = "Anna"
    tables["raw_contacts"] = rows


# Each kind of damage, and the expectation that must see it. All are done at once, each to a column
# that no other touches, so that Great Expectations has to run only once.
DAMAGES = {
    "most e-mails of a source are none": (
        spoil_emails,
        ("raw_contacts", "expect_column_values_to_match_regex", "email"),
    ),
    "a required raw table is empty": (
        empty("raw_orders"),
        ("raw_orders", "expect_table_row_count_to_be_between", ""),
    ),
    "a required raw column is missing": (
        drop_column("raw_events", "occurred_at"),
        ("raw_events", "expect_table_columns_to_match_set", ""),
    ),
    "a contact stands twice": (
        repeat_row("contacts"),
        ("contacts", "expect_column_values_to_be_unique", "contact_id"),
    ),
    "a phone number is not E.164": (
        damage("contacts", "phone_e164", "030 123456"),
        ("contacts", "expect_column_values_to_match_regex", "phone_e164"),
    ),
    "something happened after the as-of date": (
        damage("contacts", "signed_up_at", pd.Timestamp("2026-07-01")),
        ("contacts", "expect_column_values_to_be_between", "signed_up_at"),
    ),
    "a net amount changed": (
        damage("orders", "net_amount", 123456.78, beside="purchase_number"),
        ("contact_traits", "expect_column_pair_values_to_be_equal",
         "net_spend_total, net_spend_recounted"),
    ),
    "a score is out of range": (
        damage("contact_rfm_scores", "recency_score", 9),
        ("contact_rfm_scores", "expect_column_values_to_be_between", "recency_score"),
    ),
    "a score is not in the order of its measure": (
        damage("contact_rfm_scores", "monetary", 999999.0),
        ("contact_rfm_scores", "expect_column_values_to_be_in_set", "monetary_score_is_in_order"),
    ),
    "a sum of scores is wrong": (
        damage("contact_rfm_scores", "rfm_score", 1),
        ("contact_rfm_scores", "expect_column_pair_values_to_be_equal",
         "rfm_score, sum_of_scores"),
    ),
    "a lifecycle stage is unknown": (
        damage("contact_lifecycle_stages", "lifecycle_stage", "dormant"),
        ("contact_lifecycle_stages", "expect_column_values_to_be_in_set", "lifecycle_stage"),
    ),
    "the history has a gap": (
        damage("contact_lifecycle_history", "valid_to", pd.Timestamp("2024-06-01")),
        ("contact_lifecycle_history", "expect_column_pair_values_to_be_equal",
         "valid_to, next_valid_from"),
    ),
    "a segment has four criteria": (
        damage("segment_definitions", "criteria_count", 4),
        ("segment_definitions", "expect_column_values_to_be_between", "criteria_count"),
    ),
    "a membership is of nobody": (
        damage("segment_memberships", "contact_id", "0" * 32),
        ("segment_memberships", "expect_column_values_to_be_in_set", "is_of_a_known_contact"),
    ),
    "a primary segment is not the first by priority": (
        damage("contact_primary_segments", "priority", 99),
        ("contact_primary_segments", "expect_column_pair_values_to_be_equal",
         "priority, lowest_priority"),
    ),
    "a raw row is lost": (
        damage("row_accounting", "rows_kept", 1),
        ("row_accounting", "expect_column_pair_values_to_be_equal",
         "rows_in, rows_kept_superseded_and_rejected"),
    ),
    "an address in the audience is none": (
        damage("audience_hubspot__contacts", "email", "nobody@nowhere"),
        ("audience_hubspot__contacts", "expect_column_values_to_match_regex", "email"),
    ),
    "somebody leaves without consent": (
        let_in_without_consent,
        ("audience_hubspot__contacts", "expect_column_values_to_be_in_set", "has_consent"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def damaged(
    validation: ModuleType, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> list:
    """Outcomes of the demo after all damages, without raw_products and an optional raw column."""
    arriving = validation.read_arriving(demo_database)
    leaving = validation.read_leaving(demo_database)
    tables = {**arriving, **leaving}
    for do, _ in DAMAGES.values():
        do(tables)
    drop_column("raw_contacts", "phone")(tables)
    return validation.validate_frames(
        {name: tables[name] for name in arriving if name != "raw_products"},
        {name: tables[name] for name in leaving},
        tmp_path_factory.mktemp("damaged_data_docs"),
        as_of_date=pd.Timestamp("2026-06-30").date(),
    )


@pytest.mark.parametrize("expected", [seen for _, seen in DAMAGES.values()], ids=DAMAGES)
def test_damage_is_seen(damaged: list, demo_failures: list, expected: tuple[str, str, str]) -> None:
    def critical(failures: list) -> set[tuple[str, str, str]]:
        return {(f.table, f.expectation, f.column) for f in failures if f.severity == "critical"}

    assert expected in critical([f for outcome in damaged for f in outcome.failures])
    assert expected not in critical(demo_failures)


def test_a_failure_counts_its_rows_and_shows_examples(damaged: list) -> None:
    (bad_address,) = [
        failure
        for outcome in damaged
        for failure in outcome.failures
        if failure.table == "audience_hubspot__contacts"
        and (failure.expectation, failure.column)
        == ("expect_column_values_to_match_regex", "email")
    ]
    assert bad_address.unexpected_count == 1
    assert bad_address.examples == ("nobody@nowhere",)


# Breaks out of an attribute and of a text, and looks like a template of Great Expectations.
HOSTILE = '"><svg/onload="alert(/planted-{}/)">$v__0{{{{7*7}}}}'


@pytest.fixture(scope="module")
def hostile_pages(
    validation: ModuleType, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Every page of Data Docs where every column of text holds hostile values, by its file name."""
    tables = [validation.read_arriving(demo_database), validation.read_leaving(demo_database)]
    for group in tables:
        for name, rows in group.items():
            for column in rows.columns[[not is_number_or_moment(rows[c]) for c in rows.columns]]:
                cells = rows[column].astype(object)
                cells.iloc[: len(rows) // 3 + 1] = HOSTILE.format(f"{name}-{column}")
                group[name] = group[name].assign(**{column: cells})
    tables[0]["raw_products"][HOSTILE.format("column")] = "a file that lost its first line"
    folder = tmp_path_factory.mktemp("hostile_data_docs")
    day = pd.Timestamp("2026-06-30").date()
    outcomes = validation.validate_frames(*tables, folder, as_of_date=day)
    assert sum(len(outcome.failures) for outcome in outcomes) > 100
    return {page.stem: page.read_text(encoding="utf-8") for page in folder.rglob("*.html")}


def is_number_or_moment(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)


class PlantedMarkup(HTMLParser):
    """Tags and attributes that a page takes from what was planted; `texts` are what it shows."""

    def __init__(self) -> None:
        """Nothing was found yet."""
        super().__init__()
        self.markup: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg" or any("planted" in f"{name}{value}" for name, value in attrs):
            self.markup.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        if "planted" in data:
            (self.markup if self.cdata_elem else self.texts).append(data)


def test_data_docs_runs_nothing_that_a_value_says(hostile_pages: dict[str, str]) -> None:
    shown = []
    for name, text in hostile_pages.items():
        page = PlantedMarkup()
        page.feed(text)
        page.close()
        assert page.markup == [], name
        shown += page.texts

    assert any(HOSTILE.format("orders-contact_id")[:30] in text for text in shown)
    parser = PlantedMarkup()
    parser.feed(f"<td>{HOSTILE.format('unescaped')}</td>")
    assert parser.markup, "The parser sees what it is for."


def test_data_docs_shows_no_value_of_a_table_with_personal_data(
    hostile_pages: dict[str, str],
) -> None:
    pages = [
        name
        for name in hostile_pages
        if name.startswith(
            ("arriving-", "leaving-contacts", "leaving-rejected", "leaving-audience")
        )
    ]

    assert len(pages) == 12 + 2
    assert [name for name in pages if "planted" in hostile_pages[name]] == []


def test_data_docs_of_the_demo_hold_nobody(
    demo: Callable[[str], pd.DataFrame], demo_failures: list, data_docs: Path
) -> None:
    told = demo("select email, phone, address_line from main_raw.raw_contacts").to_numpy().ravel()
    values = {str(value).strip().lower() for value in told if value and len(str(value)) > 6}
    text = "\n".join(p.read_text(encoding="utf-8").lower() for p in data_docs.rglob("*.html"))

    assert len(values) > 1000
    assert [value for value in sorted(values) if value in html.unescape(text)] == []


def test_what_need_not_arrive_is_skipped(damaged: list) -> None:
    assert [outcome.table for outcome in damaged if outcome.is_absent] == ["raw_products"]
    (contacts,) = [outcome for outcome in damaged if outcome.table == "raw_contacts"]
    assert {failure.column for failure in contacts.failures} == {"email"}


@pytest.mark.parametrize(("severity", "code"), [("critical", 1), ("warning", 0)])
def test_only_a_critical_failure_fails_the_command(
    validation: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    severity: str,
    code: int,
) -> None:
    failure = validation.Failure(
        "leaving", "contacts", "expect_x", "email", 1, ("a@b.c",), severity
    )
    outcomes = [
        validation.Outcome("arriving", "raw_products", is_absent=True),
        validation.Outcome("leaving", "contacts", 21, (failure,)),
    ]
    monkeypatch.setattr(validation, "read_arriving", lambda *_: {})
    monkeypatch.setattr(validation, "read_leaving", lambda *_: {})
    monkeypatch.setattr(validation, "validate_frames", lambda *_, **__: outcomes)

    assert validation.main(["--database", "crm.duckdb", "--output", "docs"]) == code

    printed = capsys.readouterr().out
    assert "raw_products                      absent, skipped" in printed
    assert f"{severity}: leaving contacts (email) expect_x: 1 rows" in printed
    assert "a@b.c" not in printed


def test_without_members_the_as_of_date_must_be_given(
    validation: ModuleType, tmp_path: Path
) -> None:
    nobody = pd.DataFrame({"as_of_date": pd.Series(dtype="datetime64[us]")})
    with pytest.raises(ValueError, match="pass as_of_date"):
        validation.validate_frames({}, {"segment_memberships": nobody}, tmp_path)
