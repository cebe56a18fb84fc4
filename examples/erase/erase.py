"""Make what was deleted unreadable: a database keeps it in freed blocks or in old files.

On DuckDB everything is copied into a new file that takes the place of the old one once all tables
are equal and all views work; on other engines dbt runs the macro forget_freed_space. The catalogue
of a DuckLake, where it is a file, is then copied in the same way. Run it after the build that has
carried out an erasure, while nobody has the file open.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

# What a database is made of, with all that is said of it; ids of objects differ from file to file.
CATALOGUE = {
    "schemas": "schema_name, comment from duckdb_schemas()",
    "tables": "schema_name, table_name, comment from duckdb_tables()",
    "columns": """schema_name, table_name, column_name, data_type, is_nullable, column_default,
        comment from duckdb_columns()""",
    "views": "schema_name, view_name, comment, sql from duckdb_views()",
    "constraints": """schema_name, table_name, constraint_text, constraint_name
        from duckdb_constraints()""",
    "indexes": "schema_name, table_name, index_name, sql from duckdb_indexes()",
    "macros": "schema_name, function_name, macro_definition from duckdb_functions()",
}


class NotErasedError(Exception):
    """Says why the file stays as it was."""


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    return connection.sql(sql).fetchall()


def catalogue(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[object]]:
    """All that stands in an attached database, but for the rows."""
    return {
        kind: rows(
            connection,
            f"select {query} where database_name = '{database}' and not internal order by all"
            if kind not in {"constraints", "indexes"}
            else f"select {query} where database_name = '{database}' order by all",
        )
        for kind, query in CATALOGUE.items()
    }


def digest(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...]:
    """Number and sum of the hashes of all rows of a table: equal for equal rows in any order."""
    name = table.rsplit(".", 1)[1]
    sql = f"select count(*), sum(cast(hash({name}) as hugeint)) from {table}"
    return rows(connection, sql)[0]


def check_equal(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> int:
    """Compare two attached databases, table by table.

    Returns:
        How many tables there are.

    Raises:
        NotErasedError: They differ.
    """
    one, other = catalogue(connection, old), catalogue(connection, new)
    for kind, expected in one.items():
        if other[kind] != expected:
            raise NotErasedError(f"the copy has other {kind}.")
    for schema, table, _ in one["tables"]:
        name = f'"{schema}"."{table}"'
        if digest(connection, f'"{old}".{name}') != digest(connection, f'"{new}".{name}'):
            raise NotErasedError(f"the copy has other rows in {schema}.{table}.")
    return len(one["tables"])


def check_views(database: Path) -> None:
    """Plan every view of a file.

    Raises:
        NotErasedError: One cannot be read.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        for schema, view in rows(
            connection, "select schema_name, view_name from duckdb_views() where not internal"
        ):
            try:
                connection.sql(f'explain select * from "{schema}"."{view}"').fetchall()
            except duckdb.Error as problem:
                raise NotErasedError(
                    f"the view {schema}.{view} cannot be read: {problem}"
                ) from None


def renew(database: Path) -> tuple[int, int, int]:
    """Put a copy without freed blocks in the place of a DuckDB file.

    Returns:
        Tables, bytes before, bytes after.

    Raises:
        NotErasedError: The file is missing or in use, the disk is full, or the copy differs. The
            file is as it was.
    """
    database = database.resolve()
    if not database.exists():
        raise NotErasedError(f"there is no file {database}: build first, or set CRM_DUCKDB_PATH.")
    size = database.stat().st_size
    if shutil.disk_usage(database.parent).free < size:
        raise NotErasedError(f"the copy may need {size / 1e6:.0f} MB, and the disk has less.")
    # Views name the file they stand in, so the copy has the same name.
    scratch = database.with_suffix(".erase") / database.name
    shutil.rmtree(scratch.parent, ignore_errors=True)
    scratch.parent.mkdir()
    try:
        try:
            # Opened for writing, so that nobody else reads or writes. The log is taken in.
            with duckdb.connect(str(database)) as connection:
                connection.sql("checkpoint")
                name = rows(connection, "select current_database()")[0][0]
                connection.sql(f"attach '{str(scratch).replace(chr(39), chr(39) * 2)}' as renewed")
                connection.sql(f'copy from database "{name}" to renewed')
                connection.sql("checkpoint renewed")
                table_count = check_equal(connection, str(name), "renewed")
                connection.sql("detach renewed")
                check_views(scratch)
                shutil.copymode(database, scratch)
                with scratch.open("rb") as file:
                    os.fsync(file.fileno())
                # Empty since the checkpoint; the new file would take it for its own.
                database.with_name(database.name + ".wal").unlink(missing_ok=True)
                os.replace(scratch, database)
        except duckdb.Error as problem:
            raise NotErasedError(str(problem)) from None
    finally:
        shutil.rmtree(scratch.parent, ignore_errors=True)
    return table_count, size, database.stat().st_size


def main() -> int:
    """Read the command line and erase; 0 when the database holds nothing that was deleted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="duckdb", help="target of profiles.yml")
    target = parser.parse_args().target
    if target != "duckdb":
        dbt = Path(sys.executable).with_name("dbt")
        command = [dbt, "run-operation", "forget_freed_space", "--target", target]
        code = subprocess.run(command, check=False).returncode
        catalogue = os.environ.get("CRM_DUCKLAKE_CATALOGUE", "crm.ducklake")
        if code or target != "ducklake" or ":" in catalogue:
            return code
        # The rows lie in Parquet files; what the catalogue says of them, in a file of DuckDB.
        return renewed(Path(catalogue))
    return renewed(Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb")))


def renewed(database: Path) -> int:
    """Renew a DuckDB file and say what came of it; 0 when it holds nothing that was deleted."""
    try:
        tables, before, after = renew(database)
    except NotErasedError as problem:
        print(f"Nothing was changed: {problem}", file=sys.stderr)
        return 1
    sizes = f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB now"
    print(f"{database}: {tables} tables in a new file, {sizes}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
