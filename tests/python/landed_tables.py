"""What the writers of landed tables have in common: how loaders write tables and their columns.

A loader adds its own columns, writes moments with a zone, and lands what is nested as columns, as
tables of its own, or as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from project import ROOT

Rows = list[dict[str, Any]]

ARRIVED = pd.Timestamp("2026-06-30 22:00:00")


def number(key: str) -> int:
    """A key of the demo as the number that a system would give."""
    digits = "".join(sign for sign in key if sign.isdigit())
    letters = "".join(sign for sign in key if not sign.isdigit())
    return int(digits) + 1_000_000_000 * (sum(map(ord, letters)) % 900 + 1)


def text(value: object) -> str | None:
    """A text, or none where a data frame has nothing."""
    return None if value is None or pd.isna(value) else str(value)


def iso(value: object, zone: str = "+00:00") -> str | None:
    """A moment in UTC as ISO 8601 writes it, with its zone."""
    return None if value is None or pd.isna(value) else f"{pd.Timestamp(value).isoformat()}{zone}"


def seconds(value: object) -> int | None:
    """A moment in UTC as whole seconds since 1970."""
    return None if value is None or pd.isna(value) else int(pd.Timestamp(value).timestamp())


def as_json(value: object) -> object:
    """What is nested as JSON, all else as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def flat(row: dict[str, Any], joined_by: str = "_") -> dict[str, Any]:
    """A row without its lists, and what is nested at any depth in columns of its own."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            inner = flat(value, joined_by)
            values |= {f"{name}{joined_by}{part}": kept for part, kept in inner.items()}
        elif not isinstance(value, list):
            values[name] = value
    return values


def by_fivetran(rows: Rows) -> Rows:
    """The rows with what Fivetran adds, and one more that it marks as deleted."""
    landed = [{**row, "_fivetran_synced": ARRIVED, "_fivetran_deleted": False} for row in rows]
    key = next(iter(rows[0])) if rows else ""
    gone = [{**row, key: f"{row[key]}0", "_fivetran_deleted": True} for row in landed[:1]]
    if gone and isinstance(rows[0][key], int):
        gone[0][key] = int(gone[0][key])
    return landed + gone


def by_airbyte(rows: Rows) -> Rows:
    """The rows with what Airbyte adds, nested ones as JSON, the first a day before as well."""
    before = ARRIVED - pd.Timedelta(days=1)
    landed = [(row, ARRIVED) for row in rows] + [(row, before) for row in rows[:40]]
    return [
        {name: as_json(value) for name, value in row.items()}
        | {"_airbyte_raw_id": f"r{place}", "_airbyte_extracted_at": arrived}
        | {"_airbyte_meta": '{"changes":[]}', "_airbyte_generation_id": 0}
        for place, (row, arrived) in enumerate(landed)
    ]


def write(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, rows: Iterable[dict[str, Any]]
) -> None:
    """A table with those rows; moments carry their zone, as loaders write them."""
    frame = pd.DataFrame(list(rows))
    connection.register("rows_to_land", frame)
    moments = [c for c in frame if pd.api.types.is_datetime64_any_dtype(frame[c])]
    zoned = "".join(f", timezone('UTC', {c}) as {c}" for c in moments)
    replaced = f" replace ({zoned[2:]})" if zoned else ""
    connection.sql(
        f'create or replace table {schema}."{name}" as select *{replaced} from rows_to_land'
    )
    connection.unregister("rows_to_land")


@contextmanager
def landing(demo_database: Path, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in UTC with the demo in use, called crm, and a database to land in, called company.

    A company's database is not that of the demo, but has the same seeds of reference.
    """
    with duckdb.connect() as connection:
        connection.sql("set TimeZone = 'UTC'")
        connection.sql(f"attach '{database}' as company")
        # Views name the database that they were made in.
        connection.sql(f"attach '{demo_database}' as crm (read_only)")
        connection.sql("use crm")
        connection.sql("create schema company.main_reference")
        for (seed,) in connection.sql(
            "select table_name from duckdb_tables()"
            " where database_name = 'crm' and schema_name = 'main_reference'"
        ).fetchall():
            name = f"main_reference.{seed}"
            connection.sql(f"create table company.{name} as from {name}")
        yield connection


def keep(database: Path, staged: Iterable[str]) -> None:
    """Make tables of views that many tests read: rows of all systems, and what staging has of them.

    Args:
        database: The database that was built.
        staged: Staged tables, without stg_; the table of each is called kept_ instead.
    """
    with duckdb.connect(str(database)) as connection:
        for path in (ROOT / "models/connectors/union").glob("connected__*.sql"):
            union = f"main_connectors.{path.stem}"
            connection.sql(f"create table main_connectors.kept as from {union}")
            connection.sql(f"drop view {union}")
            connection.sql(f"alter table main_connectors.kept rename to {path.stem}")
        for name in staged:
            kept = f"main_staging.kept_{name}"
            connection.sql(f"create table {kept} as from main_staging.stg_{name}")
