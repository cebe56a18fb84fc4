"""Connectors give on PostgreSQL what they give on DuckDB, from the same landed tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from engines.postgres_server import postgres_server
from postgres_connection import connect_to_postgres
from project import failures, run_dbt
from test_connectors import CONNECTED, landed  # noqa: F401

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as Cursor  # noqa: N812

pytestmark = pytest.mark.postgres

# Types of DuckDB as PostgreSQL has them; what is nested there is JSON here.
TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "JSON": "jsonb",
}
# The columns of a raw table, but for when its rows arrived, which is not told by every loader.
# Amounts by their value: 0 and 0.0000 are one; everything else by its text.
AMOUNTS = ("order_total", "discount_total", "refund_total", "event_value")
TELLING = "select column_name from information_schema.columns where table_schema ="
TELLING += " 'main_connectors' and table_name = '{table}' and column_name != 'loaded_at'"


def copied(database: Path, cursor: Cursor, folder: Path) -> None:
    """Write every landed table, and every seed of reference, as it is on DuckDB."""
    file = folder / "rows.csv"
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.sql("set TimeZone = 'UTC'")
        names = connection.sql(
            "select schema_name, table_name from duckdb_tables()"
            " where schema_name = 'main_reference' or schema_name not like 'main%'"
        ).fetchall()
        for schema, table in names:
            relation = f'"{schema}"."{table}"'
            columns = connection.sql(f"describe {relation}").fetchall()
            types = {
                name: kind.lower() if kind.startswith("DECIMAL") else TYPES.get(kind, "jsonb")
                for name, kind, *_ in columns
            }
            nested = {name for name, kind, *_ in columns if "[]" in kind or "STRUCT" in kind}
            shown = [f'to_json("{name}")' if name in nested else f'"{name}"' for name in types]
            connection.sql(
                f"copy (select {', '.join(shown)} from {relation}) to '{file}' (header false)"
            )
            described = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
            cursor.execute(f'create schema if not exists "{schema}"')
            cursor.execute(f"create table {relation} ({described})")
            with file.open(encoding="utf-8") as rows:
                cursor.copy_expert(f"copy {relation} from stdin csv", rows)


def test_connectors_give_the_same(
    landed: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """JSON as jsonb and as text, names in capitals, numbers and moments of every kind."""
    with postgres_server() as settings:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        server = connect_to_postgres()
        server.autocommit = True
        cursor = server.cursor()
        copied(landed, cursor, tmp_path)
        result = run_dbt(
            *("run", "--target", "postgres", "-s", "connectors"),
            database=landed,
            target=tmp_path,
            variables=CONNECTED,
        )
        assert result.success, failures(result)
        with duckdb.connect(str(landed), read_only=True) as connection:
            connection.sql("set TimeZone = 'UTC'")
            for table in ("contacts", "contact_identifiers", "events", "consents", "orders"):
                name = f"connected__{table}"
                cursor.execute(TELLING.format(table=name))
                columns = [
                    f'cast("{column}" as {"numeric(28, 4)" if column in AMOUNTS else "varchar"})'
                    for (column,) in cursor.fetchall()
                ]
                sql = f"select {', '.join(columns)} from main_connectors.{name}"
                cursor.execute(sql)
                found, expected = set(cursor.fetchall()), set(connection.sql(sql).fetchall())

                assert len(expected) > 100
                assert found ^ expected == set(), name
        server.close()
