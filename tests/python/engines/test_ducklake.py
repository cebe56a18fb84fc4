"""What holds on DuckLake alone: readers beside a build, one writer at a time, no erased person."""

from __future__ import annotations

import importlib
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb
import pytest
from engines.conftest import LAST_DAY, Built
from engines.engine import Engine, lake_connection
from project import ALL_DESTINATIONS, ROOT, failures, run_dbt

pytestmark = pytest.mark.ducklake

Builds = Callable[[str], Built]
SPAWN = multiprocessing.get_context("spawn")
REVENUE = "select count(*), sum(net_amount) from main_contacts.orders where is_purchase"
LOCK = "main_intermediate.run_lock"
NOW = "strftime(now() at time zone 'UTC', '%Y-%m-%d %H:%M:%S')"


@contextmanager
def writing(engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may change the lake, as a loader does."""
    with lake_connection(engine.settings, read_only=False) as connection:
        yield connection


def read_on(settings: dict[str, str], is_over: Event, answer: Connection) -> None:
    """Ask for the revenue again and again; what came out, and what failed."""
    seen: list[Any] = []
    failed: list[str] = []
    with lake_connection(settings) as connection:
        while not is_over.is_set():
            try:
                seen.append(connection.execute(REVENUE).fetchone())
            except duckdb.Error as problem:
                failed.append(str(problem))
    answer.send((seen, failed))


def test_a_reader_reads_the_same_figures_while_dbt_writes_them_anew(built: Builds) -> None:
    demo = built("ducklake_postgres")
    demo.on("incremental")
    engine = demo.engine
    expected = engine.query(REVENUE).values[0]
    is_over, (answer, told) = SPAWN.Event(), SPAWN.Pipe(duplex=False)
    reader = SPAWN.Process(target=read_on, args=(dict(engine.settings), is_over, told))
    reader.start()
    written: list[str] = []

    def listen(event: Any) -> None:  # noqa: ANN401
        if event.info.name == "LogModelResult":
            written.append(event.info.msg)

    try:
        # Snapshots stay for a day: a file may go while a reader is about to open it.
        variables = {"as_of_date": LAST_DAY, "lake_snapshot_days": 1}
        engine.dbt("run", "-s", "+orders", variables=variables, callbacks=(listen,))
    finally:
        is_over.set()
        seen, failed = answer.recv() if answer.poll(60) else ([], ["The reader does not answer."])
        reader.join(60)

    assert len(written) > 20
    assert failed == []
    assert len(seen) > len(written)
    assert set(seen) == {expected}


def test_a_view_reads_its_own_lake_under_whatever_name_it_is_attached(built: Builds) -> None:
    demo = built("ducklake")
    demo.on("full")
    settings = demo.engine.settings
    place = f"ducklake:{settings['CRM_DUCKLAKE_CATALOGUE']}"
    with duckdb.connect() as connection:
        connection.load_extension("ducklake")
        connection.execute(f"attach '{place}' as other (read_only)")
        views = connection.execute(
            "select schema_name, view_name from duckdb_views() where database_name = 'other'"
            " and schema_name like 'main_%'"
        ).fetchall()
        assert len(views) > 20
        for schema, view in views:
            connection.execute(f'select count(*) from other."{schema}"."{view}"')


def test_a_run_that_holds_the_lock_stops_another(built: Builds, tmp_path: Path) -> None:
    engine = built("ducklake").engine
    built("ducklake").on("full")
    command = ("run", "-s", "int_segment_effects__holdout_percents", "--target", "ducklake")

    def run() -> str:
        result = run_dbt(*command, database=tmp_path / "crm.duckdb", target=tmp_path)
        return "" if result.success else failures(result)

    assert run() == ""
    with writing(engine) as connection:
        connection.execute(
            f"update {LOCK} set invocation_id = 'other', target_name = 'there', taken_at = {NOW}"
        )
    assert "run other on target there" in run()
    engine.dbt("run-operation", "release_run_lock")
    assert run() == ""


def held_in_files(folder: Path, values: list[str]) -> dict[str, list[str]]:
    """The Parquet files of a lake that hold a value, read row by row, by their path."""
    found = {}
    for file in sorted(folder.rglob("*.parquet")):
        rows = duckdb.sql(f"select lower(cast(to_json(rows) as varchar)) from '{file}' as rows")
        text = "\n".join(row for (row,) in rows.fetchall())
        if held := [value for value in values if value in text]:
            found[str(file.relative_to(folder))] = held
    return found


def held_in_snapshots(engine: Engine, values: list[str]) -> dict[str, list[str]]:
    """The tables that show a value as of any snapshot that is left."""
    found = {}
    with lake_connection(engine.settings) as connection:
        versions = connection.execute("select snapshot_id from ducklake_snapshots('lake')")
        for (version,) in versions.fetchall():
            connection.execute("use memory")
            connection.execute("detach lake")
            place = engine.settings["CRM_DUCKLAKE_CATALOGUE"]
            connection.execute(
                f"attach 'ducklake:{place}' as lake (read_only, snapshot_version {version})"
            )
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'lake'"
            )
            for schema, table in tables.fetchall():
                rows = connection.execute(
                    "select lower(cast(to_json(rows) as varchar))"
                    f' from lake."{schema}"."{table}" as rows'
                )
                text = "\n".join(row for (row,) in rows.fetchall())
                if held := [value for value in values if value in text]:
                    found[f"{version} {schema}.{table}"] = held
    return found


def held_in_catalogue(catalogue: Path, values: list[str]) -> dict[str, list[str]]:
    """The tables of a catalogue that hold a value, such as the least of a column."""
    found = {}
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        for (table,) in connection.sql("select table_name from duckdb_tables()").fetchall():
            text = str(connection.sql(f'from "{table}"').fetchall()).lower()
            if held := [value for value in values if value in text]:
                found[table] = held
    return found


def erase_in_source(engine: Engine) -> list[str]:
    """Have the source forget the person whose address is the first of all; what nobody else told.

    The source keeps the row of the person, with the request, and no cell anywhere that tells of it.
    """
    with writing(engine) as connection:
        contact_id, email = connection.execute("""
            select contact_id, email from main_personal.contacts
            where not is_erased and phone_e164 is not null order by email limit 1
        """).fetchone()
        told = connection.execute(
            "select distinct unnest([email, phone, address_line]), source_contact_id"
            " from main_raw.raw_contacts where (source_system, source_contact_id) in (select"
            " (source_system, source_contact_id) from main_contacts.contact_records"
            f" where contact_id = '{contact_id}')"
        ).fetchall()
        keys = sorted({key for _, key in told})
        said = sorted({str(value).strip().lower() for value, _ in told if value} - {email})
        values = [v for v in said if len(v) > 6 and is_told_by_no_other(connection, v, keys)]
        values.append(email)
        connection.execute(
            f"update main_raw.raw_contacts set deleted_at = '{LAST_DAY} 08:00:00',"
            " first_name = null, last_name = null, birth_date = null"
            " where list_contains(?, source_contact_id) or lower(trim(email)) = ?",
            [keys, email],
        )
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'main_raw' and data_type = 'VARCHAR'"
        )
        for table, column in columns.fetchall():
            for value in values:
                connection.execute(
                    f"update main_raw.{table} set {column} = null"
                    f" where contains(lower({column}), ?)",
                    [value],
                )
    return values


def is_told_by_no_other(connection: duckdb.DuckDBPyConnection, value: str, keys: list[str]) -> bool:
    """Whether a value stands in no contact but those with these keys."""
    others = connection.execute(
        "select count(*) from main_raw.raw_contacts as told"
        " where not list_contains(?, source_contact_id)"
        " and contains(lower(cast(to_json(told) as varchar)), ?)",
        [keys, value],
    )
    return others.fetchone()[0] == 0


def test_no_file_snapshot_or_catalogue_holds_what_an_erased_person_told(
    built: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = built("ducklake")
    demo.on("incremental")
    engine = demo.engine
    catalogue = Path(engine.settings["CRM_DUCKLAKE_CATALOGUE"])
    files = Path(engine.settings["CRM_DUCKLAKE_DATA"])
    values = erase_in_source(engine)
    assert any("contacts" in file for file in held_in_files(files, values))
    assert any("main_personal" in table for table in held_in_snapshots(engine, values))
    assert held_in_catalogue(catalogue, values)

    left_out = ("--exclude-resource-type", "seed", "unit_test", "test")
    engine.dbt("build", *left_out, variables={"as_of_date": LAST_DAY, **ALL_DESTINATIONS})

    assert held_in_files(files, values) == {}
    assert held_in_snapshots(engine, values) == {}
    assert held_in_catalogue(catalogue, values) == {}
    snapshots = engine.query("select count(*) from ducklake_snapshots('lake')").values
    # That of the last model, and those of the lock that is given back.
    assert snapshots[0][0] <= 3

    monkeypatch.syspath_prepend(str(ROOT / "examples" / "erase"))
    revenue = engine.query(REVENUE).values
    importlib.import_module("erase").renew(catalogue)
    with duckdb.connect(str(catalogue)) as connection:
        assert connection.sql("select free_blocks from pragma_database_size()").fetchall() == [(0,)]
    assert engine.query(REVENUE).values == revenue
