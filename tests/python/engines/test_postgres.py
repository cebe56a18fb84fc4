"""What holds on PostgreSQL alone."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from engines.conftest import LAST_DAY, Built, rows_of
from engines.parity import Table, differences
from project import ROOT

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


def test_a_second_run_replaces_tables_in_place(built: Builds, tables: list[Table]) -> None:
    postgres = built("postgres")
    postgres.on("incremental")
    engine = postgres.engine
    table = next(table for table in tables if table.name == "contact_records")
    before = rows_of(table, engine)
    engine.dbt("run", "-s", "int_identity__people", "contact_records")

    assert differences(table, before, rows_of(table, engine)) == []
    left = "select tablename from pg_tables where tablename like 'int_identity__people__%'"
    assert engine.query(left).values == []
