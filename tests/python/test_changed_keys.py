"""Tables that a run changes in part hold what a full build gives, whatever happened to their inputs.

Orders, lines, rates and contacts of the demo change at random, days are skipped, repeated and gone
back, runs build a part or stop on the way. What stands before these tables is changed by hand.
"""

from __future__ import annotations

import os
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import failures, rows_that_differ, run_dbt

FIRST_DAY = date(2026, 5, 20)
DAYS = [0, 1, 1, 1, 2, 31, -1]
# More of them on request: CRM_HISTORIES=20 tries twenty.
HISTORIES = int(os.environ.get("CRM_HISTORIES", "1"))
RUNS = 3

# What stands between the changed inputs and the tables, beside the tables themselves.
BETWEEN = {
    "base_commerce__order_rows",
    "base_commerce__exchange_rates",
    "stg_commerce__exchange_rates",
}
BETWEEN |= {"stg_commerce__order_items", "int_commerce__day_rates", "int_orders__attributed"}
BETWEEN |= {"int_commerce__orders_in_reporting_currency", "base_raw__builds"}

CHANGES = {
    "an order is placed": """
        insert into main_raw.raw_orders
        select * replace ('n{number}' as source_order_id, '{moment}' as ordered_at, null as updated_at)
        from main_raw.raw_orders where {some_order};
        insert into main_raw.raw_order_items
        select * replace ('n{number}' as source_order_id) from main_raw.raw_order_items where {some_order}
    """,
    "an order is placed by somebody else": """
        update main_raw.raw_orders set source_contact_id = (
            select source_contact_id from main_raw.raw_orders order by hash(source_order_id || '{number}') limit 1
        ) where {some_order}
    """,
    "an order is of nobody known": "update main_raw.raw_orders set source_contact_id = 'x', email = null, phone = null where {some_order}",
    "an order is cancelled": "update main_raw.raw_orders set order_status = 'cancelled' where {some_order}",
    "an amount changes": "update main_raw.raw_orders set order_total = '{number}.5', currency = 'USD' where {some_order}",
    "a total is unreadable": "update main_raw.raw_orders set order_total = 'much' where {some_order}",
    "a newer version comes": """
        insert into main_raw.raw_orders
        select * replace ('{moment}' as updated_at, '{number}' as order_total) from main_raw.raw_orders where {some_order}
    """,
    "a version of a later day comes": """
        insert into main_raw.raw_orders
        select * replace ('{later}' as updated_at, '{number}' as order_total) from main_raw.raw_orders where {some_order}
    """,
    "an order of a later day comes": "update main_raw.raw_orders set ordered_at = '{later}' where {some_order}",
    "an order comes twice": "insert into main_raw.raw_orders select * from main_raw.raw_orders where {some_order}",
    "an order is taken away": "delete from main_raw.raw_orders where {some_order}",
    "a line changes": "update main_raw.raw_order_items set quantity = '{number}' where {some_order}",
    "a line is unreadable": "update main_raw.raw_order_items set unit_price = 'none' where {some_order}",
    "lines are taken away": "delete from main_raw.raw_order_items where {some_order}",
    "a key has a space more": "update main_raw.raw_orders set source_order_id = source_order_id || ' ' where {some_order}",
    "rates are revised": "update main_raw.raw_exchange_rates set rate_to_reporting_currency = '0.{number}' where currency = 'USD'",
    "two contacts are one": """
        update main_intermediate.int_identity__assignments set contact_id = {one_contact} where contact_id = {other_contact}
    """,
    "a record leaves its contact": """
        update main_intermediate.int_identity__assignments set contact_id = record_id where contact_id = {one_contact}
    """,
    "an address has another owner": """
        update main_intermediate.int_contacts__identifier_owners set contact_id = {one_contact} where contact_id = {other_contact}
    """,
    "an address has an owner no more": "delete from main_intermediate.int_contacts__identifier_owners where contact_id = {one_contact}",
    "a contact is known since another day": """
        update main_personal.contacts set first_seen_at = '{moment}' where contact_id = {one_contact}
    """,
    "a contact is gone": "delete from main_personal.contacts where contact_id = {one_contact}",
}


@pytest.fixture(scope="module")
def tables(manifest: dict[str, Any]) -> dict[str, str]:
    """Every table that a run changes in part, with its schema."""
    found = {}
    for node in manifest["nodes"].values():
        hooks = [hook["sql"] for hook in node["config"].get("pre-hook", [])]
        if any("delete_changed" in sql for sql in hooks):
            found[node["name"]] = node["schema"]
    return found


@pytest.fixture(scope="module")
def logs(manifest: dict[str, Any]) -> set[str]:
    """Every log of changed keys."""
    return {
        n["name"]
        for n in manifest["nodes"].values()
        if "__changed_" in n["name"] and "change_number" in n.get("columns", {})
    }


def run(database: Path, day: date, select: set[str], *flags: str) -> None:
    """Build a part of the project as of a day."""
    result = run_dbt(
        *("run", *flags, "-s", *sorted(select)),
        database=database,
        target=database.parent / "target",
        variables={"as_of_date": str(day)},
    )
    assert result.success, failures(result)


def happen(chance: random.Random, database: Path, day: date) -> list[str]:
    """Let some things happen to what the tables stand on, and say which."""
    told = []
    with duckdb.connect(str(database)) as connection:
        for name in chance.sample(sorted(CHANGES), chance.randint(1, 6)):
            number = chance.randint(10, 99999)
            salt = chance.random()
            contacts = [
                f"(select contact_id from main_personal.contacts order by hash(contact_id || '{salt}{n}') limit 1)"
                for n in (1, 2)
            ]
            order = f"(select source_order_id from main_raw.raw_orders order by hash(source_order_id || '{salt}') limit 1)"
            connection.execute(
                CHANGES[name].format(
                    number=number,
                    moment=f"{day - timedelta(days=chance.choice([0, 0, 1, 40]))}T0{chance.randint(1, 9)}:00:00Z",
                    later=f"{day + timedelta(days=chance.randint(1, 4))}T10:00:00Z",
                    some_order=f"source_order_id = {order}",
                    one_contact=contacts[0],
                    other_contact=contacts[1],
                )
            )
            told.append(name)
    return told


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_runs_that_build_a_part_give_what_a_full_build_gives(
    seed: int, demo_database: Path, tables: dict[str, str], logs: set[str], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    database = Path(shutil.copy(demo_database, tmp_path))
    everything = {*tables, *logs, *BETWEEN}
    day = FIRST_DAY
    run(database, day, everything, "--full-refresh")
    told: list[object] = []

    for _ in range(RUNS):
        day += timedelta(days=chance.choice(DAYS))
        told += [str(day), *happen(chance, database, day)]
        if chance.random() < 0.5:
            # A run that stops on the way, or builds what somebody asked for.
            part = set(chance.sample(sorted(everything), chance.randint(1, len(everything))))
            flags = chance.choice([[], [], ["--full-refresh"]])
            told += [flags, sorted(part)]
            run(database, day, part, *flags)
            told += happen(chance, database, day)
        run(database, day, everything)
        (tmp_path / "whole").mkdir(exist_ok=True)
        whole = Path(shutil.copy(database, tmp_path / "whole" / "crm.duckdb"))
        run(whole, day, everything, "--full-refresh")

        assert rows_that_differ(database, whole, sorted((s, n) for n, s in tables.items())) == {}, (
            told
        )


def test_a_day_without_a_change_writes_no_row(
    demo_database: Path, tables: dict[str, str], logs: set[str], tmp_path: Path
) -> None:
    database = Path(shutil.copy(demo_database, tmp_path))
    run(database, FIRST_DAY, {*tables, *logs, *BETWEEN}, "--full-refresh")
    numbers = "select max(change_number) from main_intermediate.int_orders__changed_contacts"
    with duckdb.connect(str(database)) as connection:
        before = connection.execute(numbers).fetchall()

    run(database, FIRST_DAY, {*tables, *logs, *BETWEEN})

    with duckdb.connect(str(database)) as connection:
        assert connection.execute(numbers).fetchall() == before
