"""Runs the project for the tests: dbt in this process, models on tables that a test makes up."""

from __future__ import annotations

import csv
import fcntl
import gc
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "build"))
import quick_dbt
from manifests import frozen, thawed

ROOT = Path(__file__).resolve().parents[2]
# What a daily build runs. Unit tests guard the code, not the data: test_unit_tests.py runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
RELATION = re.compile(r'"[^"]+"\."[^"]+"\."([^"]+)"')
# The variables that decide which nodes there are and what they read. All others are looked up
# while a model compiles, so that one reading of the project serves them (test_parsing.py).
# raw_tables only takes away what a model reads; read with all tables, the project serves any.
SHAPING = (
    "demo_data",
    "raw_database",
    "raw_schema",
    "raw_models_from",
    "connectors",
    "fuzzy_matching",
    "rfm_activity",
    "destinations",
    "features",
    "metrics",
)
# Variables of the environment by which a target finds its engine.
ENGINE_SETTINGS = tuple(
    f"CRM_{engine}"
    for engine in ("BIGQUERY", "DUCKLAKE", "POSTGRES", "SNOWFLAKE", "SPARK", "TRINO")
)
with (ROOT / "seeds/reference/destinations.csv").open(encoding="utf-8") as rows:
    DESTINATIONS = list(csv.DictReader(rows))
# The project builds five unless it is told otherwise; what holds for one has to hold for each.
ALL_DESTINATIONS = {"destinations": [row["destination"] for row in DESTINATIONS]}
# dbt makes many objects and few of them are in circles, which is all that Python looks for.
gc.set_threshold(100_000, 20, 20)
quick_dbt.make_quick()


def shared_folder() -> Path:
    """The folder that all workers of a run share; of this process alone where nobody set one."""
    if "CRM_TESTS_SHARED" not in os.environ:
        os.environ["CRM_TESTS_SHARED"] = tempfile.mkdtemp(prefix="crm_tests_")
    return Path(os.environ["CRM_TESTS_SHARED"])


@contextmanager
def made_once(path: Path) -> Iterator[bool]:
    """Hold the lock of a shared file while it is made; false where somebody made it before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not path.exists()


def read_project(
    database: Path, target_name: str, variables: Mapping[str, object]
) -> Manifest | None:
    """The project as dbt reads it, read once for each shape that its variables give it.

    None where dbt cannot read it, so that whoever runs dbt next hears why.

    Args:
        database: The DuckDB file; relations carry its name.
        target_name: The target in profiles.yml.
        variables: Values for ``--vars``; those of SHAPING count.
    """
    shape = {name: value for name, value in variables.items() if name in SHAPING}
    if "connectors" in shape:
        shape["connectors"] = connected(shape["connectors"])
    settings = {n: v for n, v in os.environ.items() if n.startswith(ENGINE_SETTINGS)}
    key = json.dumps([database.stem, target_name, shape, settings], sort_keys=True)
    path = shared_folder() / hashlib.sha256(key.encode()).hexdigest()[:16] / "manifest.pickle"
    with made_once(path) as is_mine:
        if is_mine:
            _parse(path, database, target_name, shape)
    return thawed(path.read_bytes()) if path.exists() else None


def connected(instances: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """What decides about nodes in the variable connectors: the systems, and what they feed."""
    systems = {json.dumps([one["system"], one.get("feeds")]) for one in instances}
    return [
        {"system": system, "loader": "fivetran", "schema": f"{system}_{place}"}
        | ({"feeds": feeds} if feeds else {})
        for place, (system, feeds) in enumerate(map(json.loads, sorted(systems)))
    ]


def _parse(path: Path, database: Path, target_name: str, shape: Mapping[str, object]) -> None:
    """Have dbt read the project into a file, from what `make build` read where that serves."""
    read_before = ROOT / "target/demo/partial_parse.msgpack"
    if not shape and target_name == "duckdb" and database.name == "crm.duckdb":
        # dbt reads all anew where the path differs from that of the last reading.
        database = Path("crm.duckdb")
        if read_before.exists():
            shutil.copy(read_before, path.parent)
    os.environ["CRM_DUCKDB_PATH"] = str(database)
    flags = [*dbt_flags(ROOT, path.parent), "--vars", json.dumps(dict(shape))]
    flags += [] if target_name == "duckdb" else ["--target", target_name]
    result = dbtRunner().invoke(["parse", *flags])
    if result.success:
        path.write_bytes(frozen(result.result))


def dbt_flags(project: Path, target: Path) -> list[str]:
    """The folders that a dbt command works in."""
    folders = ["--project-dir", str(project), "--profiles-dir", str(ROOT)]
    flags = [*folders, "--target-path", str(target), "--log-path", str(target / "logs"), "--quiet"]
    if project == ROOT:
        # Nobody reads the log of this project's own builds, and writing it takes a tenth of one.
        flags += ["--log-level-file", "none"]
    return flags


def run_dbt(
    *command: str,
    database: Path,
    target: Path,
    variables: Mapping[str, object] | None = None,
    project: Path = ROOT,
    callbacks: tuple[Callable[[Any], None], ...] = (),
    is_described: bool = False,
) -> dbtRunnerResult:
    """Run one dbt command on a DuckDB file.

    Args:
        command: The command and its flags, e.g. ``"build", "-s", "contacts"``.
        database: The DuckDB file; it is made when it is missing.
        target: Folder for dbt's artifacts.
        variables: Values for ``--vars``.
        project: Folder of the dbt project, this one unless a test changes a copy.
        callbacks: Called with every event that dbt logs.
        is_described: Whether dbt writes what it did, as manifest.json does, into the target folder.

    Returns:
        dbt's own result; ``success`` is false when a model or a test failed.
    """
    flags = dbt_flags(project, target)
    if variables:
        flags += ["--vars", json.dumps(dict(variables))]
    if not is_described:
        # Writing it would double a small command.
        flags += ["--no-write-json"]
    try:
        manifest = None
        if project == ROOT:
            manifest = read_project(database, _target_name(command), variables or {})
        if manifest:
            quick_dbt.write_little(manifest, is_described=is_described)
        os.environ["CRM_DUCKDB_PATH"] = str(database)
        return dbtRunner(manifest=manifest, callbacks=list(callbacks)).invoke([*command, *flags])
    finally:
        # dbt-duckdb keeps the file open for the life of the process; the tests read it next.
        DuckDBConnectionManager.close_all_connections()


def _target_name(command: Iterable[str]) -> str:
    """The target that a command names."""
    words = list(command)
    return words[words.index("--target") + 1] if "--target" in words else "duckdb"


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


def memories(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Every model that a full refresh keeps, with its schema, from dbt's manifest as JSON."""
    return {
        node["name"]: node["schema"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"].get("full_refresh") is False
    }


def rows_that_differ(one: Path, other: Path, tables: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Rows of each table (schema, name) that stand in only one of two databases; 0 left out."""
    with duckdb.connect() as connection:
        # Views name the database that they were made in, so each is read under that name.
        connection.execute(f"attach '{one}' as crm (read_only)")
        for schema, name in tables:
            connection.execute(f'create table "{schema}.{name}" as from crm.{schema}."{name}"')
        connection.execute("detach crm")
        connection.execute(f"attach '{other}' as crm (read_only)")
        differing = {}
        for schema, name in tables:
            ones, others = f'"{schema}.{name}"', f'crm.{schema}."{name}"'
            count = connection.execute(
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
        tables: A data frame for each relation that the SQL names, but the seed of placeholders.
        views: Compiled SQL of the views between those tables and the model.

    Returns:
        The rows that the model selects.
    """
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.sql("set TimeZone = 'UTC'")
        placeholders = ROOT / "seeds/reference/placeholder_identifiers.csv"
        if "placeholder_identifiers" not in tables:
            connection.sql(
                "create table placeholder_identifiers as"
                f" from read_csv('{placeholders}', header = true, all_varchar = true)"
            )
        for name, rows in tables.items():
            connection.register(f"{name}_rows", rows)
            connection.sql(f'create table "{name}" as select * from "{name}_rows"')
        for name, sql in (views or {}).items():
            view = RELATION.sub(r'"\1"', sql)
            connection.sql(f'create view "{name}" as {view}')
        return connection.sql(RELATION.sub(r'"\1"', compiled_sql)).df()
