"""Raw tables of hostile values build on every engine, and give there what they give on DuckDB."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from engines.conftest import LEFT_OUT, rows_of
from engines.engine import Engine, running
from engines.parity import Rows, Table, differences, public_tables
from hostile_tables import LAST_DAY, TABLES, HostileTables
from project import ALL_DESTINATIONS

CONTACTS = 120
VARIABLES = {"demo_data": False, "as_of_date": f"{LAST_DAY:%Y-%m-%d}", **ALL_DESTINATIONS}
ENGINES = [
    pytest.param(name, marks=getattr(pytest.mark, name))
    for name in ("postgres", "spark", "snowflake", "trino")
]
# Rows of one statement: Trino takes a million characters, and some values have ten thousand.
AT_ONCE = 25
# Where a backslash in a literal is the beginning of an escape.
ESCAPES = {"bigquery", "snowflake", "spark"}
# Types of DuckDB as an engine calls them; one that is not named is called the same there.
TYPES = {
    "postgres": {"VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real"},
    "spark": {"VARCHAR": "string", "TIMESTAMP WITH TIME ZONE": "timestamp"},
    "snowflake": {"TIMESTAMP": "timestamp_ntz", "TIMESTAMP WITH TIME ZONE": "timestamp_tz"},
    "trino": {
        "FLOAT": "real",
        "TIMESTAMP": "timestamp(6)",
        "TIMESTAMP WITH TIME ZONE": "timestamp(6) with time zone",
    },
}
# What tells a value in the engine's own words for its type: of native ones, reasons are compared.
REASONS = {
    "rejected_rows": ("raw_table", "reason"),
    "rejected_values": ("raw_table", "column_name", "reason"),
}
# What other engines lack, and its nearest type that they have.
NEAREST = {"TIMESTAMP_S": "TIMESTAMP", "TIMESTAMP_NS": "TIMESTAMP", "UTINYINT": "INTEGER"}
NEAREST |= {"HUGEINT": "DECIMAL(38,0)"}


# The capital I with a dot in lower case: Java makes two characters of it, DuckDB one.
DOTTED_I = "i\u0307"


def landed(database: Path, engine: Engine) -> None:
    """Write every raw table of a DuckDB file into an engine, each column in its type there.

    Moments that only DuckDB and PostgreSQL hold are taken out of the file first.
    """
    types = NEAREST | {kind: kind for kind in NEAREST.values()} | TYPES[engine.name]
    engine.query("create schema raw")
    with duckdb.connect(str(database)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table in (table["name"] for table in TABLES):
            columns = connection.execute(f"describe raw.{table}").fetchall()
            kinds = {
                name: types.get(near := NEAREST.get(kind, kind), near) for name, kind, *_ in columns
            }
            for name, kind, *_ in columns:
                if kind.startswith(("TIME", "DATE")):
                    connection.execute(f"""
                        update raw.{table} set {name} = null
                        where not isfinite({name}) or year({name}) not between 1 and 9999
                    """)
            described = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
            engine.query(f"create table raw.{table} ({described})")
            texts = ", ".join(f"cast({name} as varchar)" for name in kinds)
            rows = connection.execute(f"select {texts} from raw.{table}").fetchall()
            for start in range(0, len(rows), AT_ONCE):
                values = ", ".join(
                    f"({', '.join(map(literal, row, kinds.values(), [engine.name] * len(row)))})"
                    for row in rows[start : start + AT_ONCE]
                )
                engine.query(f"insert into raw.{table} values {values}")


def literal(text: str | None, kind: str, engine: str) -> str:
    """A value of a type, as that engine's SQL writes it."""
    if text is None:
        return f"cast(null as {kind})"
    if kind.lower().startswith(("double", "float", "real")):
        text = text.replace("inf", "Infinity").replace("nan", "NaN")
    if engine in ESCAPES:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        return f"cast('{text.replace(chr(39), chr(92) + chr(39))}' as {kind})"
    return f"cast('{text.replace(chr(39), chr(39) * 2)}' as {kind})"


def of_columns(rows: Rows, columns: tuple[str, ...]) -> Rows:
    """The rows with these columns alone."""
    places = [rows.columns.index(column) for column in columns]
    return Rows(columns, [tuple(row[place] for place in places) for row in rows.values])


def as_duckdb_lowers(rows: Rows) -> Rows:
    """The rows with one character for the dotted I of Java: docs/engines.md says that it stays."""
    return Rows(
        rows.columns,
        [
            tuple(v.replace(DOTTED_I, "i") if isinstance(v, str) else v for v in row)
            for row in rows.values
        ],
    )


@pytest.mark.parametrize("native", [False, True], ids=["texts", "native"])
@pytest.mark.parametrize("name", ENGINES)
def test_hostile_values_give_what_they_give_on_duckdb(
    name: str, native: bool, say: Callable[[str], None]
) -> None:
    """Every data test that runs there passes, and every cell of every public table is the same."""
    with running("duckdb", say) as duckdb_engine, running(name, say) as engine:
        database = duckdb_engine.folder / "crm.duckdb"
        HostileTables(1, CONTACTS).write(database, native=native)
        landed(database, engine)
        for one in (duckdb_engine, engine):
            kinds = {*LEFT_OUT[one.name], "unit_test"}
            left_out = [word for kind in kinds for word in ("--exclude-resource-type", kind)]
            one.dbt("build", *left_out, variables=VARIABLES)
        manifest = json.loads((duckdb_engine.folder / "manifest.json").read_text(encoding="utf-8"))
        found = []
        for table in public_tables(manifest):
            one, other = rows_of(table, duckdb_engine), rows_of(table, engine)
            if name == "spark":
                other = as_duckdb_lowers(other)
            if native and table.name in REASONS:
                table = Table(table.schema, table.name, ())
                one, other = (of_columns(rows, REASONS[table.name]) for rows in (one, other))
            found += differences(table, one, other)

    assert found == [], f"DuckDB and {name} differ:\n" + "\n".join(found[:100])
