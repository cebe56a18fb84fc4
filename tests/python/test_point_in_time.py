"""A past day can be rebuilt: as_of_date gives what a build on that day would have given."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from project import ALL_DESTINATIONS, BUILD, failures, query, rows_that_differ, run_dbt

AS_OF = "2025-11-28"

# The moments that say when a raw row came to be. A row with a readable one after the day is cut.
MOMENTS = {
    "raw_contacts": ["created_at", "updated_at"],
    "raw_contact_identifiers": ["seen_at"],
    "raw_orders": ["ordered_at", "updated_at"],
    "raw_events": ["occurred_at", "received_at"],
    "raw_campaigns": ["started_at"],
    "raw_consents": ["occurred_at"],
    "raw_contact_tags": ["tagged_at"],
    "raw_contact_attributes": ["observed_at"],
    "raw_experiment_assignments": ["assigned_at"],
    "raw_exchange_rates": ["rate_date"],
}

# What arrived later is counted as rejected or early there, and as nothing where it was cut.
ABOUT_ARRIVAL = {"row_accounting", "rejected_rows", "input_checks"}

# The cut tables are read as a company's own; an experiment of experiments.yml is the demo's.
DEMO_ONLY = {"experiments", "experiment_results", "experiment_main_effects"}


def public_tables(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Schema and name of every public model, in order; without the one that tells of the run."""
    nodes = manifest["nodes"].values()
    models = [n for n in nodes if n["resource_type"] == "model" and n["access"] == "public"]
    lasting = [m for m in models if not m["config"]["meta"].get("differs_by_run")]
    assert {m["name"] for m in models} - {m["name"] for m in lasting} == {"run_info"}
    return sorted((m["schema"], m["name"]) for m in lasting)


def build(folder: Path, *flags: str, **variables: object) -> Path:
    """Build the project and return the DuckDB file."""
    database = folder / "crm.duckdb"
    result = run_dbt(
        *(*BUILD, *flags),
        database=database,
        target=folder / "target",
        variables={**variables, **ALL_DESTINATIONS},
    )
    assert result.success, failures(result)
    return database


@pytest.fixture(scope="module")
def past_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo measured at AS_OF, with all its data and all data tests."""
    return build(tmp_path_factory.mktemp("past_day"), as_of_date=AS_OF)


def land(database: Path, demo: Path, is_later: str) -> None:
    """Land the demo's raw rows as they stood at a moment, as a company's own tables.

    Args:
        database: The DuckDB file to land in.
        demo: That of the demo.
        is_later: What a moment is compared with that lies after it, such as "> timestamp '...'".
    """
    with duckdb.connect(str(database)) as connection:
        connection.sql(f"attach '{demo}' as demo (read_only)")
        connection.sql("create schema if not exists raw")
        tables = connection.sql(
            "select table_name from duckdb_tables()"
            " where database_name = 'demo' and schema_name = 'main_raw'"
        )
        for (table,) in tables.fetchall():
            later = " or ".join(
                f"try_cast({column} as timestamp) {is_later}" for column in MOMENTS.get(table, [])
            )
            connection.sql(
                f"create or replace table raw.{table} as from demo.main_raw.{table}"
                f" where not coalesce({later or 'false'}, false)"
            )


@pytest.fixture(scope="module")
def that_day(tmp_path_factory: pytest.TempPathFactory, demo_database: Path) -> Path:
    """The demo's raw tables cut at the end of AS_OF, read as a company's own tables."""
    folder = tmp_path_factory.mktemp("that_day")
    land(folder / "crm.duckdb", demo_database, f">= timestamp '{AS_OF}' + interval 1 day")
    with duckdb.connect(str(folder / "crm.duckdb")) as connection:
        connection.sql(f"attach '{demo_database}' as demo (read_only)")
        # A line has no moment of its own: it arrives with its order.
        connection.sql("""
            delete from raw.raw_order_items as items
            where exists (
                from demo.main_raw.raw_orders as orders
                where trim(orders.source_system) = trim(items.source_system)
                    and trim(orders.source_order_id) = trim(items.source_order_id)
            )
            and not exists (
                from raw.raw_orders as orders
                where trim(orders.source_system) = trim(items.source_system)
                    and trim(orders.source_order_id) = trim(items.source_order_id)
            )
        """)
    # The data tests would say of it what they say of the past day, which is the same.
    return build(folder, "--exclude-resource-type", "test", demo_data=False, as_of_date=AS_OF)


def test_a_past_day_is_what_a_build_on_that_day_gave(
    past_day: Path, that_day: Path, manifest: dict[str, Any]
) -> None:
    left_out = ABOUT_ARRIVAL | DEMO_ONLY
    tables = [table for table in public_tables(manifest) if table[1] not in left_out]

    assert rows_that_differ(past_day, that_day, tables) == {}


def test_rows_that_came_later_are_only_counted(past_day: Path, that_day: Path) -> None:
    in_use = """
        select raw_table, rows_kept - rows_early as rows_in_use, rows_superseded
        from main_quality.row_accounting order by raw_table
    """

    assert query(past_day, in_use).equals(query(that_day, in_use))


def test_the_past_day_knows_less_than_today(past_day: Path, demo_database: Path) -> None:
    for table in (
        "main_contacts.orders",
        "main_personal.contacts",
        "main_contacts.contact_rfm_scores",
    ):
        count = f"select count(*) as row_count from {table}"
        past, today = (query(path, count)["row_count"][0] for path in (past_day, demo_database))
        assert 0 < past < today


def test_going_back_in_a_quiet_shop_leaves_no_later_owner(
    demo_database: Path, demo_target: Path, tmp_path: Path
) -> None:
    """A day without an event on which one contact absorbs another, and then the day before it."""
    database = tmp_path / "crm.duckdb"
    database.write_bytes(demo_database.read_bytes())
    same_day, next_day = tmp_path / "same_day", tmp_path / "next_day"
    shutil.copytree(demo_target, same_day)
    sessions = """
        select * exclude (owner_change_number)
        from main_intermediate.int_contacts__sessions order by all
    """
    merge = "update main_contacts.contact_records set contact_id = ? where contact_id = ?"

    def run(*flags: str, **variables: str) -> pd.DataFrame:
        models = ("behaviour__visitors", "contacts__visitor_owners", "contacts__sessions")
        result = run_dbt(
            *("run", "-s", *(f"int_{name}" for name in models), *flags),
            database=database,
            target=next_day if variables else same_day,
            variables=variables,
        )
        assert result.success, failures(result)
        return query(database, sessions)

    before = query(database, sessions)
    known = before[before["contact_id"].notna()]
    later_heir, later_gone, heir, gone = known.groupby("contact_id").size().nlargest(4).index
    with duckdb.connect(str(database)) as connection:
        connection.sql("create table known as from main_contacts.contact_records")
        connection.execute(merge, [later_heir, later_gone])
    assert later_gone not in set(run(as_of_date="2026-07-01")["contact_id"])

    with duckdb.connect(str(database)) as connection:
        connection.sql("delete from main_contacts.contact_records")
        connection.sql("insert into main_contacts.contact_records from known")
    assert run().equals(before)

    with duckdb.connect(str(database)) as connection:
        connection.execute(merge, [heir, gone])
    found = run()
    assert gone not in set(found["contact_id"])
    assert found.equals(run("--full-refresh"))


def test_a_second_build_changes_no_byte(
    demo_database: Path, tmp_path: Path, demo_target: Path, manifest: dict[str, Any]
) -> None:
    again = tmp_path / "crm.duckdb"
    again.write_bytes(demo_database.read_bytes())
    result = run_dbt(
        *("run", "--full-refresh"),
        database=again,
        target=demo_target,
        variables=ALL_DESTINATIONS,
    )
    assert result.success, failures(result)

    assert rows_that_differ(again, demo_database, public_tables(manifest)) == {}
