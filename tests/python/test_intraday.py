"""Runs within a day tell of it at once, and leave the daily run what it would have been."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import ALL_DESTINATIONS, BUILD, failures, query, run_dbt
from test_point_in_time import land, public_tables

pytestmark = pytest.mark.slow

# The last day of the demo, on which these runs take place.
TODAY, YESTERDAY = "2026-06-30", "2026-06-29"


def run(database: Path, day: str, *command: str) -> None:
    variables = {"demo_data": False, "as_of_date": day, **ALL_DESTINATIONS}
    result = run_dbt(
        *command, database=database, target=database.parent / "target", variables=variables
    )
    assert result.success, failures(result)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory, demo_database: Path) -> dict[str, Path]:
    """The day with runs within it, as the last of them left it, and without any."""
    folder = tmp_path_factory.mktemp("days")
    places = {name: folder / name / "crm.duckdb" for name in ("with", "within", "without")}
    for place in places.values():
        place.parent.mkdir()
    daily = (*BUILD, "--exclude-resource-type", "test")
    land(places["with"], demo_database, f"> timestamp '{YESTERDAY} 23:59:59'")
    run(places["with"], YESTERDAY, *daily)
    shutil.copy(places["with"], places["without"])
    for hour in ("10:00:00", "15:00:00"):
        land(places["with"], demo_database, f"> timestamp '{TODAY} {hour}'")
        run(places["with"], TODAY, "run", "--selector", "intraday")
    shutil.copy(places["with"], places["within"])
    for name in ("with", "without"):
        land(places[name], demo_database, f"> timestamp '{TODAY} 23:59:59'")
        run(places[name], TODAY, *daily)
    return places


def test_a_run_within_the_day_knows_of_the_day(days: dict[str, Path]) -> None:
    newest = "select max(occurred_at) as newest from main_contacts.events"
    assert str(query(days["within"], newest)["newest"][0])[:13] in {
        f"{TODAY} {hour:02}" for hour in range(10, 16)
    }


def moved_ids(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Both ids of everybody whose id was published within the day and would else be another."""
    rows = connection.sql("""
        select ones.contact_id, others.contact_id
        from ones.main_contacts.contact_records as ones
        full outer join others.main_contacts.contact_records as others using (record_id)
        where ones.contact_id is distinct from others.contact_id
    """).fetchall()
    return {one for row in rows for one in row}


def rows_beside(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    left_out: set[str],
    moved: set[str],
    where: str = "true",
) -> tuple[int, int]:
    """Rows of a table that the one and that the other has alone, of everybody whose id stands."""
    columns = connection.sql(f"select * from ones.{table} limit 0").columns
    ids = ", ".join(f"'{one}'" for one in sorted(moved | {""}))
    kept = [f'"{column}"' for column in columns if column not in left_out]
    others = [f"coalesce(cast({one} as varchar), '-') not in ({ids})" for one in kept]
    query = f"select {', '.join(kept)} from {{}}.{table} where {' and '.join([where, *others])}"
    ones, theirs = query.format("ones"), query.format("others")
    return tuple(
        connection.sql(f"select count(*) from ({one} except all {two})").fetchall()[0][0]
        for one, two in ((ones, theirs), (theirs, ones))
    )  # type: ignore[return-value]


def test_the_daily_run_is_what_it_would_have_been_without(
    days: dict[str, Path], manifest: dict[str, Any]
) -> None:
    """But for what was published within the day, which the project remembers.

    An id that was given then stays, where another record of the person would have been the first;
    a trigger that fired has fired; and the changes of audiences tell when they were published.
    """
    published = {"contact_triggers", "contact_merges"}
    with duckdb.connect() as connection:
        connection.sql(f"attach '{days['with']}' as ones (read_only)")
        connection.sql(f"attach '{days['without']}' as others (read_only)")
        moved = moved_ids(connection)
        assert len(moved) <= 4
        different = {}
        for schema, name in public_tables(manifest):
            table = f'{schema}."{name}"'
            if name in published:
                more, fewer = rows_beside(connection, table, set(), moved)
                assert (fewer, more <= 3) == (0, True), name
                continue
            if name.endswith("__changes"):
                of_publishing = {"updated_at", "change_type", "changed_on", "payload"}
                beside = rows_beside(connection, table, of_publishing, moved, "is_member")
            else:
                beside = rows_beside(connection, table, set(), moved)
            if beside != (0, 0):
                different[name] = beside
        assert different == {}
