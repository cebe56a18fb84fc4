"""Tables that are wired wrong are told before anything is published, with what to change."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
import yaml
from project import ROOT, failures, query, run_dbt

# Wires each of the demo's files wrong in its own way.
PAGE = ROOT / "examples/own_data/README.md"
EXAMPLE = ROOT / "examples/own_data/wired_wrong.yml"


class Built(NamedTuple):
    """A database, what dbt said while it built it, and what failed."""

    database: Path
    warnings: list[str]
    report: str
    failed: str
    statuses: dict[str, str]


@pytest.fixture(scope="module")
def wired_wrong(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Built]:
    """Loads the example and builds what stands before the first published mart."""
    folder = tmp_path_factory.mktemp("wired_wrong")
    database = folder / "crm.duckdb"
    load = runpy.run_path(str(ROOT / "examples/own_data/load.py"))["main"]
    assert load([str(EXAMPLE), "--database", str(database)]) == 0
    own = yaml.safe_load((folder / "crm.vars.yml").read_text(encoding="utf-8"))

    def run(*select: str, **variables: object) -> Built:
        warnings: list[str] = []
        report: list[str] = []

        def listen(event: Any) -> None:  # noqa: ANN401
            if event.info.name == "JinjaLogWarning":
                warnings.append(event.info.msg)
            if event.info.name == "JinjaLogInfo":
                report.append(event.info.msg)

        result = run_dbt(
            *["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"],
            *["-s", *select],
            database=database,
            target=folder / "target",
            variables={**own, **variables},
            callbacks=(listen,),
        )
        assert result.result, failures(result)
        statuses = {r.node.name: str(r.status) for r in result.result.results}
        return Built(database, warnings, "\n".join(report), failures(result), statuses)

    return run


@pytest.fixture(scope="module")
def stopped(wired_wrong: Callable[..., Built]) -> Built:
    """A run that errors stop."""
    return wired_wrong("+contact_records", "+input_checks", "+row_accounting")


@pytest.fixture(scope="module")
def checks(stopped: Built) -> pd.DataFrame:
    """The public table as the stopped run left it."""
    return query(stopped.database, "from main_quality.input_checks")


def advice(checks: pd.DataFrame, status: str, check: str, table: str) -> list[str]:
    """The sentences of one check on one table that have a status."""
    found = checks[(checks["status"] == status) & (checks["check_name"] == check)]
    return found[found["raw_table"] == table].sort_values("source_system")["advice"].to_list()


def test_an_error_stops_the_run_before_a_mart_is_published(stopped: Built) -> None:
    assert stopped.statuses["contact_records"] == "skipped"
    assert stopped.statuses["input_checks"] == "success"
    assert "rows in raw_events of site shop name a contact" in stopped.failed
    assert "stop_on_input_errors: false" in stopped.failed


def test_orders_without_a_rate_name_their_currencies_and_the_variable(checks: pd.DataFrame) -> None:
    app, crm, shop = advice(checks, "error", "exchange_rates", "raw_orders")

    assert "(CHF)" in app
    assert "(CHF)" in crm
    assert "(USD)" in shop
    assert "set reporting_currency, which is EUR" in shop


def test_what_would_match_is_told(checks: pd.DataFrame) -> None:
    events = advice(checks, "error", "contacts_named", "raw_events")
    tags = advice(checks, "error", "contacts_named", "raw_contact_tags")
    assignments = advice(checks, "warn", "contacts_named", "raw_experiment_assignments")

    assert len(events) == 3
    assert "write source_system as shop, and" in events[-1]
    assert all("write the key in the same letter case, and" in text for text in assignments)
    assert assignments
    identifiers = advice(checks, "error", "contacts_named", "raw_contact_identifiers")
    assert identifiers
    assert all("write the key without cust_ in front of it, and" in text for text in identifiers)
    # Of a number a spreadsheet's .0 is read as no part; these keys begin with a letter.
    assert tags
    assert all("write the key without .0 at its end, and" in text for text in tags)


def test_prices_in_cents_are_told_by_what_they_are_compared_with(checks: pd.DataFrame) -> None:
    lines = advice(checks, "warn", "minor_units", "raw_order_items")

    assert any(
        "show unit_price in raw_order_items of shop about a hundred" in text for text in lines
    )
    assert not advice(checks, "warn", "minor_units", "raw_orders")
    assert not advice(checks, "warn", "minor_units", "raw_products")


def test_words_that_no_seed_knows_are_named(checks: pd.DataFrame) -> None:
    types = advice(checks, "warn", "identifier_types", "raw_contact_identifiers")
    names = advice(checks, "warn", "experiment_names", "raw_experiment_assignments")
    consents = advice(checks, "error", "consent_statuses", "raw_consents")
    rejected = advice(checks, "warn", "rejection_reasons", "raw_contact_attributes")

    assert types
    assert all("(badge_number)" in sentence for sentence in types)
    assert "SUBJECT_LINE_EMOJI" in names[0]
    assert any("(zackig)" in sentence for sentence in consents)
    assert any("commonest values are 9999999999" in sentence for sentence in rejected)
    assert advice(checks, "error", "rejected_rows", "raw_contact_attributes")
    assert advice(checks, "warn", "refunds", "raw_orders")
    assert advice(checks, "warn", "tables_with_rows", "raw_campaigns")
    tags = advice(checks, "warn", "objection_tags", "raw_contact_tags")
    assert any("(do-not-contact)" in sentence for sentence in tags)


def test_nothing_personal_is_told(checks: pd.DataFrame) -> None:
    told = " ".join(checks["advice"].dropna())

    assert "created_at_unreadable; their commonest values are aaaa aaaaaaa" in told
    assert "(a value that is no word)" in told
    assert not re.search("@|Anna|Example", told)


def test_warnings_carry_their_sentence_and_the_report_all_of_them(
    stopped: Built, checks: pd.DataFrame
) -> None:
    warned = checks.loc[checks["status"] == "warn", "advice"].to_list()

    assert warned
    assert all(any(sentence in text for text in stopped.warnings) for sentence in warned)
    assert all(
        sentence in stopped.report for sentence in checks.loc[checks["status"] != "ok", "advice"]
    )
    assert "rows_rejected" in stopped.report


def test_the_page_shows_what_is_told_of_the_example(stopped: Built) -> None:
    own_data = PAGE.read_text(encoding="utf-8").partition("`wired_wrong.yml` maps")[2]
    command, *shown = own_data.partition("```text\n")[2].partition("```")[0].splitlines()
    told = stopped.report.splitlines()

    assert command == f"$ make own MAPPING={EXAMPLE.relative_to(ROOT)}"
    line_number = -1
    for before, line in pairwise(["...", *shown]):
        if line != "...":
            assert line in told[line_number + 1 :], line
            found = told.index(line, line_number + 1)
            assert before == "..." or found == line_number + 1, f"lines are left out before: {line}"
            line_number = found
    kinds = ("exchange rate (USD)", "write source_system as shop", "(badge_number)")
    assert all(any(kind in line for line in shown) for kind in kinds)


def test_a_variable_turns_errors_into_warnings(
    wired_wrong: Callable[..., Built], stopped: Built, checks: pd.DataFrame
) -> None:
    built = wired_wrong("int_quality__input_errors", stop_on_input_errors=False)
    errors = checks.loc[checks["status"] == "error", "advice"].to_list()

    assert built.failed == ""
    assert all(any(sentence in text for text in built.warnings) for sentence in errors)


def test_the_demo_has_nothing_to_tell(demo: Callable[[str], pd.DataFrame]) -> None:
    checks = demo("select status, count(*) as n from main_quality.input_checks group by status")

    assert checks["status"].to_list() == ["ok"]


def test_a_check_has_a_rule_and_every_rule_is_looked_at(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    rules = set(demo("from main_reference.input_check_rules")["check_name"])
    measured = set(demo("from main_intermediate.int_quality__input_measures")["check_name"])

    # Two have rows only where something has changed; test_activity.py changes something. No tag of
    # the demo says no.
    assert rules - measured == {"changed_events", "objection_tags", "stale_days"}
    assert measured <= rules


def test_the_run_says_with_what_it_was_measured(demo: Callable[[str], pd.DataFrame]) -> None:
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    run = demo("from main_quality.run_info").iloc[0]

    assert run["project_version"] == project["version"]
    assert (run["reporting_currency"], run["rfm_preset"]) == ("EUR", "clevertap")
    assert str(run["as_of_date"])[:10] == "2026-06-30"


def test_every_example_of_the_pages_has_members(demo: Callable[[str], pd.DataFrame]) -> None:
    sizes = demo("select segment_name, contact_count from main_segments.segment_definitions")
    counts = dict(zip(sizes["segment_name"], sizes["contact_count"], strict=True))
    page = (ROOT / "docs/segments.md").read_text(encoding="utf-8")
    examples = set(re.findall(r"^([a-z_]+) +\d+  [a-z]", page, re.MULTILINE)) & set(counts)

    assert len(examples) >= 12
    assert min(counts[name] for name in examples | {"eager_cart_fillers"}) >= 3
