"""Copy the built DuckDB file for those who read, so that dbt may write on while they do.

The copy is made beside its place and takes it in one step: a reader that has the old one open reads
on, whoever opens it next gets the new one whole. With --for bi it holds the public tables without
personal data and nothing else, views as tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import duckdb
from for_bi import relations_for_bi


def quoted(*names: str) -> str:
    """Names as one SQL identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def copy_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy everything from the attached built into the attached copy."""
    connection.execute("copy from database built to copied")


def copy_for_bi(connection: duckdb.DuckDBPyConnection, manifest: Path) -> None:
    """Copy what a BI tool may read, with the comments on tables and columns.

    Raises:
        RuntimeError: The manifest is missing, or names a relation that has not been built.
    """
    if not manifest.exists():
        raise RuntimeError(f"{manifest} is missing: it says which tables are public. Build first.")
    for schema, name in relations_for_bi(json.loads(manifest.read_text(encoding="utf-8"))):
        built, copied = quoted("built", schema, name), quoted("copied", schema, name)
        connection.execute(f"create schema if not exists {quoted('copied', schema)}")
        try:
            connection.execute(f"create table {copied} as from {built}")
        except duckdb.CatalogException as error:
            raise RuntimeError(f"{schema}.{name} has not been built: run dbt build.") from error
    for kind, schema, table, column, comment in connection.execute("""
        select 'table', schema_name, table_name, null, comment from duckdb_tables()
        where database_name = 'built' and comment is not null
        union all
        select 'table', schema_name, view_name, null, comment from duckdb_views()
        where database_name = 'built' and comment is not null
        union all
        select 'column', schema_name, table_name, column_name, comment from duckdb_columns()
        where database_name = 'built' and comment is not null
    """).fetchall():
        place = quoted(*filter(None, ["copied", schema, table, column]))
        text = comment.replace("'", "''")
        try:
            connection.execute(f"comment on {kind} {place} is '{text}'")
        except duckdb.CatalogException:
            continue  # The relation is not one of those that were copied.


def publish(database: Path, to: Path, manifest: Path | None) -> Path:
    """Make the copy and put it in its place.

    Args:
        database: The built DuckDB file.
        to: Where the copy shall stand.
        manifest: dbt's manifest for a copy that BI may read; None copies everything.

    Returns:
        The path of the copy.

    Raises:
        RuntimeError: The file is missing or dbt is writing to it, or a table is missing.
    """
    if not database.exists():
        raise RuntimeError(f"{database} is missing. Run make build, or name it in CRM_DUCKDB_PATH.")
    if to.exists() and to.samefile(database):
        raise RuntimeError(f"{to} is the database itself. Name another file with TO.")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".publish-") as folder:
        scratch = Path(folder) / to.name
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            try:
                connection.execute(f"attach '{sql_path(database)}' as built (read_only)")
            except duckdb.IOException as error:
                raise RuntimeError(
                    f"{database} cannot be read now: another program writes to it, most likely dbt."
                    " Publish again when its run has ended."
                ) from error
            connection.execute(f"attach '{sql_path(scratch)}' as copied")
            if manifest is None:
                copy_whole(connection)
            else:
                copy_for_bi(connection, manifest)
            connection.execute("detach copied")
        os.replace(scratch, to)
    return to


def sql_path(path: Path) -> str:
    """A path within single quotes of SQL."""
    return str(path).replace("'", "''")


def main() -> int:
    """Read the command line and publish; 0 when the copy stands in its place."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", required=True, type=Path, help="the file to write")
    parser.add_argument("--for", dest="reader", choices=["all", "bi"], default="all")
    given = parser.parse_args()
    database = Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb"))
    manifest = Path("target/manifest.json") if given.reader == "bi" else None
    try:
        copy = publish(database, given.to, manifest)
    except RuntimeError as problem:
        print(f"Nothing was published: {problem}", file=sys.stderr)
        return 1
    what = "the public tables without personal data" if manifest else "everything"
    print(f"{copy} holds {what} of {database}: {copy.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
