"""`make connect` names the system and the loader of a schema, and what is missing there."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest
from project import ROOT, run_dbt
from test_connectors import LANDED, OTHERS

sys.path.insert(0, str(ROOT / "examples" / "connect"))
from connect import Columns, columns_in, matches, report

LANDED_ENTRIES = [e for e in OTHERS if any(n.startswith(f"{e['schema']}.") for n in LANDED)]


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, set[str]]]:
    """The columns of what landed, by schema and table."""
    found: dict[str, dict[str, set[str]]] = {}
    with duckdb.connect() as connection:
        for name, rows in LANDED.items():
            schema, _, table = name.partition(".")
            columns = connection.sql(f"describe {rows}").fetchall()
            found.setdefault(schema, {})[table.lower()] = {column[0].lower() for column in columns}
    return found


@pytest.mark.parametrize("entry", LANDED_ENTRIES, ids=[e["schema"] for e in LANDED_ENTRIES])
def test_a_schema_tells_its_system_and_loader(
    schemas: dict[str, Columns], entry: dict[str, str]
) -> None:
    said, is_ready = report(entry["schema"], schemas[entry["schema"]])
    words = f"{{system: {entry['system']}, loader: {entry['loader']}, schema: {entry['schema']}}}"

    assert is_ready, said
    assert words in said
    assert "MISSING" not in said


def test_columns_that_a_file_names_with_dots_are_known() -> None:
    """A team's export may be flattened by whoever loads it."""
    dotted = {"ts", "eventname", "profile.identity", "profile.objectid", "eventprops.amount"}
    said, is_ready = report("clever", {"events": dotted, "profiles": {"identity", "msg-email"}})

    assert is_ready, said
    assert "{system: clevertap, loader: export, schema: clever}" in said
    assert "eventprops.amount" not in said
    assert "profile.identity" not in said


def test_what_is_missing_and_what_nobody_reads_is_named(schemas: dict[str, Columns]) -> None:
    landed = {name: set(columns) for name, columns in schemas["stripe_ft"].items()}
    landed["customer"] -= {"created"}
    landed["customer"] |= {"tax_exempt"}
    landed["payout"] = {"id"}
    del landed["refund"]
    said, is_ready = report("stripe_ft", landed)

    assert not is_ready
    assert "MISSING, and needed: created" in said
    assert "not read: tax_exempt" in said
    assert "refund: not there: reads as empty" in said
    assert "Not read: payout" in said
    assert "Only when feeds asks for it: raw_orders" in said


def test_a_table_that_nothing_can_be_read_without_is_named(schemas: dict[str, Columns]) -> None:
    landed = {n: c for n, c in schemas["mailchimp_ft"].items() if n != "member"}
    said, is_ready = report("mailchimp_ft", landed)

    assert not is_ready
    assert "member: MISSING, and needed for raw_consents, raw_contacts" in said


def test_a_schema_of_something_else_is_said_to_be_none() -> None:
    assert matches({"ledger": {"entry", "amount"}}) == []
    assert report("books", {"ledger": {"entry"}}) == (
        "No table of books is one that a connector reads: ledger.",
        False,
    )
    assert report("nowhere", {}) == ("The schema nowhere has no tables, or is not there.", False)


def test_the_warehouse_is_asked_through_dbt(tmp_path: Path) -> None:
    database = tmp_path / "crm.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.sql('create schema "Shop\'s"')
        connection.sql('create table "Shop\'s".customer as select 1 as "Id", 2 as email')
        connection.sql("create table main.customer as select 1 as other")

    def invoke(command: list[str]) -> object:
        return run_dbt(*command, database=database, target=tmp_path)

    assert columns_in("shop's", None, invoke) == {"customer": {"id", "email"}}
    assert columns_in("shop's", "elsewhere", invoke) == {}
