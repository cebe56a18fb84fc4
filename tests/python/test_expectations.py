"""The Great Expectations suites: the demo holds them, and each kind of damage is seen."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
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


def damage(table: str, column: str, value: object) -> Callable[[Tables], None]:
    """Put a value into the first row that has one in that column."""

    def do(tables: Tables) -> None:
        rows = tables[table].copy()
        rows.loc[rows[column].first_valid_index(), column] = value
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
        damage("orders", "net_amount", 123456.78),
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
