"""Tables that a run changes in part hold what a full build gives, whatever happened before.

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

# What becomes of one order at random, by the raw table: columns that are set.
SET = {
    "raw_orders": {
        "cancelled": "order_status = 'cancelled'",
        "of another amount": "order_total = '{number}.5', currency = 'USD'",
        "unreadable": "order_total = 'much'",
        "of nobody known": "source_contact_id = 'x', email = null, phone = null",
        "of a later day": "ordered_at = '{later}'",
        "under a key with a space more": "source_order_id = source_order_id || ' '",
    },
    "raw_order_items": {
        "of other lines": "quantity = '{number}'",
        "of an unreadable line": "unit_price = 'none'",
    },
}
# Columns in which a further row about it differs.
REPLACED = {
    "raw_orders": {
        "repeated": "source_system as source_system",
        "told anew": "'{moment}' as updated_at, '{number}' as order_total",
        "told as of a later day": "'{later}' as updated_at, '{number}' as order_total",
        "placed again": "'n{number}' as source_order_id, '{moment}' as ordered_at",
    },
    "raw_order_items": {"of a line more": "'{number}' as line_number, '2' as quantity"},
}
SOME_ORDER = """source_order_id = (
    select source_order_id from main_raw.raw_orders
    order by hash(source_order_id || '{salt}') limit 1
)"""
CHANGES = {
    **{
        what: f"update main_raw.{table} set {columns} where {SOME_ORDER}"
        for table, changes in SET.items()
        for what, columns in changes.items()
    },
    **{
        what: f"""
            insert into main_raw.{table}
            select * replace ({columns}) from main_raw.{table} where {SOME_ORDER}
        """
        for table, changes in REPLACED.items()
        for what, columns in changes.items()
    },
    "taken away": f"delete from main_raw.raw_orders where {SOME_ORDER}",
    "without lines": f"delete from main_raw.raw_order_items where {SOME_ORDER}",
    "worth another rate": """
        update main_raw.raw_exchange_rates set rate_to_reporting_currency = '0.{number}'
        where currency = 'USD'
    """,
    "of two contacts who are one": """
        update main_intermediate.int_identity__assignments set contact_id = '{one}'
        where contact_id = '{other}'
    """,
    "of a record that leaves its contact": """
        update main_intermediate.int_identity__assignments set contact_id = record_id
        where contact_id = '{one}'
    """,
    "of an address with another owner": """
        update main_intermediate.int_contacts__identifier_owners set contact_id = '{one}'
        where contact_id = '{other}'
    """,
    "of an address without an owner": """
        delete from main_intermediate.int_contacts__identifier_owners where contact_id = '{one}'
    """,
    "of a contact known since another day": """
        update main_personal.contacts set first_seen_at = '{moment}' where contact_id = '{one}'
    """,
    "of a contact who is gone": "delete from main_personal.contacts where contact_id = '{one}'",
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


@pytest.fixture(scope="module")
def everything(tables: dict[str, str], logs: set[str]) -> set[str]:
    """What a run builds that takes in what happened."""
    return {*tables, *logs, *BETWEEN}


@pytest.fixture(scope="module")
def built(
    demo_database: Path, everything: set[str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The demo with these tables as of the first day."""
    database = Path(shutil.copy(demo_database, tmp_path_factory.mktemp("built")))
    run(database, FIRST_DAY, everything, "--full-refresh")
    return database


@pytest.fixture
def database(built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(built, tmp_path))


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
    """Let some things become of orders and of what they stand on, and say which."""
    told = chance.sample(sorted(CHANGES), chance.randint(1, 6))
    with duckdb.connect(str(database)) as connection:
        contacts = connection.execute(
            "select contact_id from main_personal.contacts order by contact_id"
        ).fetchall()
        for name in told:
            one, other = chance.sample(contacts, 2)
            past = day - timedelta(days=chance.choice([0, 0, 1, 40]))
            connection.execute(
                CHANGES[name].format(
                    number=chance.randint(10, 99999),
                    moment=f"{past}T0{chance.randint(1, 9)}:00:00Z",
                    later=f"{day + timedelta(days=chance.randint(1, 4))}T10:00:00Z",
                    salt=chance.random(),
                    one=one[0],
                    other=other[0],
                )
            )
    return told


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_runs_that_build_a_part_give_what_a_full_build_gives(
    seed: int, database: Path, tables: dict[str, str], everything: set[str], tmp_path: Path
) -> None:
    chance = random.Random(seed)
    day = FIRST_DAY
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


def test_only_whom_something_changed_for_is_built_again(
    database: Path, everything: set[str]
) -> None:
    changed = """
        select contact_id from main_intermediate.int_orders__changed_contacts
        where change_number > {before}
    """
    with duckdb.connect(str(database)) as connection:
        (before,) = connection.execute(
            "select max(change_number) from main_intermediate.int_orders__changed_contacts"
        ).fetchall()[0]
        buyer, order = connection.execute(
            "select contact_id, source_order_id from main_contacts.orders"
            " where contact_id is not null order by order_id limit 1"
        ).fetchall()[0]

    run(database, FIRST_DAY, everything)
    with duckdb.connect(str(database)) as connection:
        untouched = connection.execute(changed.format(before=before)).fetchall()
        connection.execute(
            "update main_raw.raw_order_items set quantity = '77' where source_order_id = ?", [order]
        )
    run(database, FIRST_DAY, everything)
    with duckdb.connect(str(database)) as connection:
        touched = connection.execute(changed.format(before=before)).fetchall()

    assert untouched == []
    assert touched == [(buyer,)]


def test_another_version_builds_whole_what_the_former_one_left(
    built: Path, database: Path, tables: dict[str, str], everything: set[str]
) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("""
            update main_staging.base_raw__builds set definitions = 'of the former version';
            update main_contacts.orders set net_amount = 1;
            delete from main_contacts.contact_lifecycle_history;
            alter table main_intermediate.int_traits__purchases rename first_purchase_on to former
        """)

    run(database, FIRST_DAY, everything)

    named = sorted((schema, name) for name, schema in tables.items())
    assert rows_that_differ(database, built, named) == {}
