"""Where the tables of a build stand in a DuckDB file."""

from __future__ import annotations

import duckdb


def schemas_of_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The schema of every table and view of the database that is open, by its name."""
    return dict(
        connection.sql("""
            select table_name, schema_name from duckdb_tables()
            where database_name = current_database()
            union all
            select view_name, schema_name from duckdb_views()
            where database_name = current_database() and not internal
        """).fetchall()
    )
