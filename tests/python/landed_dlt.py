"""Writes rows as dlt lands what an interface gives: names, nested objects, lists, loads.

Nested objects are columns joined by two underscores, a list is a table of its own whose rows name
what holds them, and a column in which nothing ever stood is not there.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, Rows, seconds, write

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)?")


def snake(name: str) -> str:
    """A name as dlt's naming convention writes it."""
    parted = re.sub(r"([^_])([A-Z][a-z]+)", r"\1_\2", name)
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parted)
    return re.sub(r"[^a-z0-9_]", "_", parted.lower())


def read(value: object) -> object:
    """A value as dlt infers its type: texts that are moments become such."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return pd.Timestamp(value).tz_localize(None) if "Z" not in value else pd.Timestamp(value)
    return value


def tables_of_load(tables: dict[str, Rows], load: str) -> dict[str, Rows]:
    """The tables of one load, those of lists among them."""
    found: dict[str, Rows] = {}

    def add(table: str, row: dict[str, Any], own: dict[str, Any]) -> None:
        kept: dict[str, Any] = {}
        found.setdefault(table, []).append(kept)
        identity = f"{load}-{table}-{len(found[table])}"

        def put(path: str, value: object) -> None:
            if isinstance(value, dict):
                for name, inner in value.items():
                    put(f"{path}__{snake(name)}" if path else snake(name), inner)
            elif isinstance(value, list):
                for place, item in enumerate(value):
                    whole = item if isinstance(item, dict) else {"value": item}
                    of_list = {"_dlt_parent_id": identity, "_dlt_list_idx": place}
                    add(f"{table}__{path}", whole, of_list)
            else:
                kept[path] = read(value)

        put("", row)
        kept |= {**own, "_dlt_id": identity}

    for table, rows in tables.items():
        for row in rows:
            add(snake(table), row, {"_dlt_load_id": load})
    return found


def land(connection: duckdb.DuckDBPyConnection, schema: str, tables: dict[str, Rows]) -> None:
    """Two loads of a pipeline that appends: the first rows a day before, and then all of them."""
    last = seconds(ARRIVED) or 0
    before = tables_of_load(
        {name: rows[:40] for name, rows in tables.items()}, f"{last - 86400}.25"
    )
    now = tables_of_load(tables, f"{last}.5")
    for name in {**before, **now}:
        rows = before.get(name, []) + now.get(name, [])
        there = {column for row in rows for column, value in row.items() if not is_nothing(value)}
        write(
            connection,
            schema,
            name,
            [{column: row.get(column) for column in row if column in there} for row in rows],
        )


def is_nothing(value: object) -> bool:
    """Whether a value is missing."""
    return value is None or bool(pd.isna(value))
