"""Runs the project for the tests: dbt in this process, models on tables that a test makes up."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

ROOT = Path(__file__).resolve().parents[2]
# What a daily build runs. Unit tests guard the code, not the data: test_unit_tests.py runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
RELATION = re.compile(r'"[^"]+"\."[^"]+"\."([^"]+)"')


def run_dbt(
    *command: str,
    database: Path,
    target: Path,
    variables: Mapping[str, object] | None = None,
    project: Path = ROOT,
    callbacks: tuple[Callable[[Any], None], ...] = (),
) -> dbtRunnerResult:
    """Run one dbt command on a DuckDB file.

    Args:
        command: The command and its flags, e.g. ``"build", "-s", "contacts"``.
        database: The DuckDB file; it is made when it is missing.
        target: Folder for dbt's artifacts. One per set of variables keeps parsing short.
        variables: Values for ``--vars``.
        project: Folder of the dbt project, this one unless a test changes a copy.
        callbacks: Called with every event that dbt logs.

    Returns:
        dbt's own result; ``success`` is false when a model or a test failed.
    """
    os.environ["CRM_DUCKDB_PATH"] = str(database)
    flags = ["--project-dir", str(project), "--profiles-dir", str(ROOT)]
    flags += ["--target-path", str(target), "--log-path", str(target / "logs"), "--quiet"]
    if variables:
        flags += ["--vars", json.dumps(dict(variables))]
    try:
        return dbtRunner(callbacks=list(callbacks)).invoke([*command, *flags])
    finally:
        # dbt-duckdb keeps the file open for the life of the process; the tests read it next.
        DuckDBConnectionManager.close_all_connections()


def failures(result: dbtRunnerResult) -> str:
    """What went wrong, in dbt's own words: a line per failed node, or what stopped dbt."""
    if result.exception:
        return str(result.exception)
    nodes = getattr(result.result, "results", None) or []
    failed = [n for n in nodes if str(n.status) in {"error", "fail", "runtime error"}]
    return "\n".join(f"{n.node.name}: {n.message}" for n in failed)


def query(database: Path, sql: str) -> pd.DataFrame:
    """Rows of a query on a DuckDB file, read only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(sql).df()


def rows_that_differ(one: Path, other: Path, tables: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Rows of each table (schema, name) that stand in only one of two databases; 0 left out."""
    with duckdb.connect() as connection:
        # Views name the database that they were made in, so each is read under that name.
        connection.sql(f"attach '{one}' as crm (read_only)")
        for schema, name in tables:
            connection.sql(f'create table "{schema}.{name}" as from crm.{schema}."{name}"')
        connection.sql("detach crm")
        connection.sql(f"attach '{other}' as crm (read_only)")
        differing = {}
        for schema, name in tables:
            ones, others = f'"{schema}.{name}"', f'crm.{schema}."{name}"'
            count = connection.sql(
                f"select count(*) from ((from {ones} except all from {others})"
                f" union all (from {others} except all from {ones}))"
            ).fetchone()
            if count and count[0]:
                differing[name] = count[0]
        return differing


def run_model(
    compiled_sql: str,
    tables: Mapping[str, pd.DataFrame],
    views: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Run a model's compiled SQL on made-up input.

    Args:
        compiled_sql: The SQL as dbt compiled it, with relations as "database"."schema"."name".
        tables: A data frame for each relation that the SQL names.
        views: Compiled SQL of the views between those tables and the model.

    Returns:
        The rows that the model selects.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.sql("set TimeZone = 'UTC'")
        for name, rows in tables.items():
            connection.register(f"{name}_rows", rows)
            connection.sql(f'create table "{name}" as select * from "{name}_rows"')
        for name, sql in (views or {}).items():
            view = RELATION.sub(r'"\1"', sql)
            connection.sql(f'create view "{name}" as {view}')
        return connection.sql(RELATION.sub(r'"\1"', compiled_sql)).df()
