"""What holds on PostgreSQL alone."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from engines.conftest import LAST_DAY, Built, rows_of
from engines.engine import Engine
from engines.parity import Table, differences
from planted import MODELS, TRACES, people_sql, run_all, write_project
from project import ROOT, memories

pytestmark = pytest.mark.postgres

Builds = Callable[[str], Built]


def test_what_is_looked_up_has_an_index(built: Builds) -> None:
    postgres = built("postgres")
    postgres.on("full")
    indexed = postgres.engine.query("select tablename, indexdef from pg_indexes").values
    for table in ("contact_traits", "segment_memberships", "orders", "audience_hubspot__contacts"):
        assert any(name == table and "(contact_id)" in index for name, index in indexed)


def test_great_expectations_hold_by_sql(
    built: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built("postgres").on("incremental")
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "expectations"))
    names = ("USER", "HOST", "PORT", "DATABASE")
    user, host, port, database = (os.environ[f"CRM_POSTGRES_{name}"] for name in names)
    password = os.environ["DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD"]
    url = f"postgresql+psycopg2://{user}:{password}@{host}:{port}/{database}"

    outcomes = importlib.import_module("on_postgres").validate_by_sql(
        url, tmp_path, date.fromisoformat(LAST_DAY)
    )

    failures = [failure for outcome in outcomes for failure in outcome.failures]
    assert [failure for failure in failures if failure.severity == "critical"] == []
    assert sum(outcome.held for outcome in outcomes) > 100


def test_declared_keys_keep_no_table_from_being_replaced_or_written_to(built: Builds) -> None:
    postgres = built("postgres")
    postgres.on("incremental")
    engine = postgres.engine
    declared = """
        select tables.relname || ' ' || keys.conname from pg_constraint as keys
        inner join pg_class as tables on keys.conrelid = tables.oid where keys.contype = 'f'
    """
    places = "select tablename, schemaname || '.' || tablename from pg_tables"
    place = dict(engine.query(places).values)
    rows = f"select count(*), sum(unit_price) from {place['order_items']}"
    before = engine.query(rows).values
    views = "config.materialized:view"
    words = ("run", "-s", "products", "orders", "order_items", f"products+1,{views}", "--vars")
    for _ in range(2):
        engine.dbt(*words, "{declare_foreign_keys: true}")
        names = {name for (name,) in engine.query(declared).values}
        assert "order_items order_items__source_product_id" in names
        assert "order_items order_items__order_id" in names
        assert "orders orders__contact_id" in names
        assert "segment_overlaps segment_overlaps__other_segment_name" in names
        # The next run takes every kept row away and writes it again, which a key would forbid.
        log = place["int_orders__changed_contacts"]
        newest = f"select max(change_number) + 1 from {log}"
        engine.query(f"update {log} set change_number = ({newest})")
    assert engine.query(rows).values == before

    engine.dbt(*words, "{declare_foreign_keys: false}")
    names = {name for (name,) in engine.query(declared).values}
    assert not any(name.startswith("order") for name in names)


def test_a_second_run_replaces_tables_in_place(built: Builds, tables: list[Table]) -> None:
    postgres = built("postgres")
    postgres.on("incremental")
    engine = postgres.engine
    table = next(table for table in tables if table.name == "contact_records")
    before = rows_of(table, engine)
    # dbt drops the views of a table that it replaces, so what reads these two is made again.
    views = "int_identity__chains+,config.materialized:view"
    engine.dbt("run", "-s", "int_identity__chains", "contact_records", views)

    assert differences(table, before, rows_of(table, engine)) == []
    left = "select tablename from pg_tables where tablename like 'int_identity__chains__%'"
    assert engine.query(left).values == []


def test_what_is_remembered_goes_from_postgres_to_duckdb_and_back(
    built: Builds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "remember"))
    remember = importlib.import_module("remember")
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(tmp_path / "crm.duckdb"))
    postgres = built("postgres")
    postgres.on("incremental")
    kept = memories(postgres.manifest)
    again = {name: f"recalled_{schema}" for name, schema in kept.items()}
    server, file = remember.PostgreSQL(), remember.DuckDB()
    first, second = tmp_path / "first", tmp_path / "second"

    rows = remember.remember(first, server, kept)
    assert remember.recall(first, file, kept) == rows
    assert remember.remember(second, file, kept) == rows
    assert remember.recall(second, server, again) == rows
    server.connection.commit()

    assert set(rows) == set(kept)
    assert rows["int_identity__ledger"] > 0
    for name, schema in kept.items():
        table = Table(schema, name, ())
        recalled = rows_of(Table(again[name], name, ()), postgres.engine)
        assert differences(table, rows_of(table, postgres.engine), recalled) == [], name


def test_no_file_of_a_table_holds_what_was_deleted(
    engine_of: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of("postgres")
    monkeypatch.setenv("CRM_POSTGRES_SCHEMA", "forgotten")
    for statement in (
        "create schema forgotten_personal",
        """create table forgotten_personal.contacts as
            select number, 'ann' || number % 9 || '@forgotten.example' as email
            from generate_series(1, 2000) as numbers (number)""",
        "analyze forgotten_personal.contacts",
        "update forgotten_personal.contacts set email = null",
        "checkpoint",
    ):
        engine.query(f"{statement}; select 1")
    folder = Path(str(engine.query("show data_directory").values[0][0])) / "base"

    def files() -> list[Path]:
        holding = (path for path in folder.rglob("*") if path.is_file())
        return [path for path in holding if b"@forgotten.example" in path.read_bytes()]

    assert files()
    engine.dbt("run-operation", "forget_freed_space")

    assert files() == []
    assert engine.query("select count(*) from forgotten_personal.contacts").values == [(2000,)]


def test_what_fails_on_postgres_prints_and_writes_nobody_and_no_password(
    engine_of: Callable[[str], Engine], tmp_path: Path
) -> None:
    engine = engine_of("postgres")
    write_project(tmp_path)
    engine.query(people_sql() + "; select 1")
    try:
        failed, said = run_all(tmp_path, "postgres")
    finally:
        engine.query("drop schema raw cascade; select 1")

    assert failed == len(MODELS) - 2
    assert [trace for trace in TRACES if trace in said] == []
    assert os.environ["DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD"] not in said
    assert "sqlstate 23505" in said, "What is wrong is still said."
