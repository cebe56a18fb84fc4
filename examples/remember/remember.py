"""Keep what the project remembers in files and bring it back, on DuckDB and PostgreSQL and between.

    python examples/remember/remember.py remember --to memory
    python examples/remember/remember.py recall --from memory --target postgres

Most tables are worked out anew by every build. Those that a full refresh keeps are not: ids,
histories of segments, holdouts, triggers, what was published to destinations. They go into one
Parquet file each, with memory.json, which says of which version they are and how many rows each
has. They hold personal data as the database does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt.cli.main import dbtRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from own_variables import with_own_variables
from postgres_connection import connect_to_postgres

ROOT = Path(__file__).resolve().parents[2]
# Types of DuckDB and what PostgreSQL calls them; decimals have the same name with their digits.
POSTGRES_TYPES = {
    "VARCHAR": "text",
    "TIMESTAMP": "timestamp without time zone",
    "DATE": "date",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "SMALLINT": "smallint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
}
DUCKDB_TYPES = {name: kind for kind, name in POSTGRES_TYPES.items()} | {
    "character varying": "VARCHAR"
}


class MemoryKeepingError(Exception):
    """What keeps memories from being written or brought back, in words for who runs this."""


class Engine(ABC):
    """Where memories stand.

    Attributes:
        files: A DuckDB in memory, which reads and writes Parquet.
    """

    def __init__(self) -> None:
        """Open nothing but the DuckDB that files go through."""
        self.files = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self.files.sql("set TimeZone = 'UTC'")

    @abstractmethod
    def exists(self, schema: str, name: str) -> bool:
        """Whether there is a table of that name."""

    @abstractmethod
    def write(self, schema: str, name: str, path: Path) -> int:
        """Write a table to a Parquet file; gives its number of rows."""

    @abstractmethod
    def read(self, schema: str, name: str, path: Path) -> int:
        """Make a table from a Parquet file; gives its number of rows."""

    def rows(self, path: Path) -> int:
        """How many rows a file has."""
        found = self.files.execute(f"select count(*) from read_parquet('{path}')").fetchone()
        return found[0] if found else 0


class DuckDB(Engine):
    """The file that CRM_DUCKDB_PATH names."""

    def __init__(self) -> None:
        """Attach the file."""
        super().__init__()
        self.files.sql(f"attach '{os.environ.get('CRM_DUCKDB_PATH', 'crm.duckdb')}' as crm")

    def exists(self, schema: str, name: str) -> bool:
        """Whether there is a table of that name."""
        sql = "select 1 from duckdb_tables() where database_name = 'crm'"
        sql += " and schema_name = ? and table_name = ?"
        return self.files.execute(sql, [schema, name]).fetchone() is not None

    def write(self, schema: str, name: str, path: Path) -> int:
        """Write a table to a Parquet file; gives its number of rows."""
        self.files.sql(f'copy (from crm."{schema}"."{name}") to \'{path}\' (format parquet)')
        return self.rows(path)

    def read(self, schema: str, name: str, path: Path) -> int:
        """Make a table from a Parquet file; gives its number of rows."""
        self.files.sql(f'create schema if not exists crm."{schema}"')
        self.files.sql(f'create table crm."{schema}"."{name}" as from read_parquet(\'{path}\')')
        return self.rows(path)


class PostgreSQL(Engine):
    """The database that CRM_POSTGRES_* name. Everything is brought back in one transaction."""

    def __init__(self) -> None:
        """Connect as profiles.yml does."""
        super().__init__()
        self.connection = connect_to_postgres()

    def columns(self, schema: str, name: str) -> list[tuple[str, str]]:
        """Names of the columns of a table with their types as DuckDB calls them."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "select column_name, data_type, numeric_precision, numeric_scale"
                " from information_schema.columns where table_schema = %s and table_name = %s"
                " order by ordinal_position",
                (schema, name),
            )
            found = cursor.fetchall()
        unknown = {kind for _, kind, *_ in found} - {*DUCKDB_TYPES, "numeric"}
        if unknown:
            raise MemoryKeepingError(
                f"{schema}.{name} has a type that cannot be kept: {sorted(unknown)}."
            )
        return [
            (column, DUCKDB_TYPES.get(kind) or f"DECIMAL({digits or 38},{decimals or 0})")
            for column, kind, digits, decimals in found
        ]

    def exists(self, schema: str, name: str) -> bool:
        """Whether there is a table of that name."""
        return bool(self.columns(schema, name))

    def write(self, schema: str, name: str, path: Path) -> int:
        """Write a table to a Parquet file; gives its number of rows."""
        types = dict(self.columns(schema, name))
        with tempfile.NamedTemporaryFile(suffix=".csv") as rows:
            with self.connection.cursor() as cursor:
                cursor.copy_expert(f'copy "{schema}"."{name}" to stdout with csv', rows)
            rows.flush()
            self.files.sql(
                f"copy (from read_csv('{rows.name}', header = false, auto_detect = false,"
                f" columns = {types}, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
                f" allow_quoted_nulls = false)) to '{path}' (format parquet)"
            )
        return self.rows(path)

    def read(self, schema: str, name: str, path: Path) -> int:
        """Make a table from a Parquet file; gives its number of rows."""
        described = self.files.sql(f"describe from read_parquet('{path}')").fetchall()
        columns = ", ".join(
            f'"{column}" {POSTGRES_TYPES.get(kind, kind)}' for column, kind, *_ in described
        )
        with tempfile.NamedTemporaryFile(suffix=".csv") as rows:
            self.files.sql(
                f"copy (from read_parquet('{path}')) to '{rows.name}' (format csv, header false)"
            )
            with self.connection.cursor() as cursor, Path(rows.name).open("rb") as lines:
                cursor.execute(f'create schema if not exists "{schema}"')
                cursor.execute(f'create table "{schema}"."{name}" ({columns})')
                cursor.copy_expert(f'copy "{schema}"."{name}" from stdin with csv', lines)
        return self.rows(path)


def memories(target: str | None) -> tuple[str, dict[str, str]]:
    """The engine of a target, and every model that a full refresh keeps with its schema."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--profiles-dir", str(ROOT), "--project-dir", str(ROOT), "--target-path", folder]
        flags += ["--quiet", *(["--target", target] if target else [])]
        result = dbtRunner().invoke(with_own_variables(["parse", *flags]))
    if not result.success:
        raise MemoryKeepingError(f"dbt could not read the project: {result.exception}")
    kept = {
        node.name: node.schema
        for node in result.result.nodes.values()
        if str(node.resource_type) == "model" and node.config.full_refresh is False
    }
    return str(result.result.metadata.adapter_type), dict(sorted(kept.items()))


def engine_of(adapter: str) -> Engine:
    """The engine of a dbt adapter."""
    if adapter not in {"duckdb", "postgres"}:
        raise MemoryKeepingError(
            f"Memories of {adapter} cannot be kept in files by this script: use a clone of the"
            " tables there (on Delta Lake: create table ... deep clone)."
        )
    return DuckDB() if adapter == "duckdb" else PostgreSQL()


def version() -> str:
    """The version of this project."""
    return yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["version"]


def remember(folder: Path, engine: Engine, kept: dict[str, str]) -> dict[str, int]:
    """Write every memory that there is into the folder; rows by table.

    Raises:
        MemoryKeepingError: The folder holds memories already, or the database none.
    """
    if (folder / "memory.json").exists():
        raise MemoryKeepingError(
            f"{folder} holds memories already: name a new folder for each day."
        )
    there = {name: schema for name, schema in kept.items() if engine.exists(schema, name)}
    if not there:
        raise MemoryKeepingError(
            "The database holds no build of this project: run make build first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    rows = {n: engine.write(schema, n, folder / f"{n}.parquet") for n, schema in there.items()}
    told = {"project_version": version(), "rows": rows}
    # Written last: a folder without it is one that was not finished.
    (folder / "memory.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return rows


def recall(folder: Path, engine: Engine, kept: dict[str, str]) -> dict[str, int]:
    """Make every memory of the folder a table again; rows by table.

    Raises:
        MemoryKeepingError: The folder is incomplete or of another version, or a table is there.
    """
    path = folder / "memory.json"
    if not path.exists():
        raise MemoryKeepingError(f"{path} is missing: the memories were not written to the end.")
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if told["project_version"] != version():
        raise MemoryKeepingError(
            f"{folder} is of version {told['project_version']} and this project of {version()}:"
            " check out that version, recall, build, and upgrade then."
        )
    files = {name: folder / f"{name}.parquet" for name in told["rows"]}
    for name, file in files.items():
        if name not in kept:
            raise MemoryKeepingError(
                f"{name} is no memory of this project as its variables have it."
            )
        if not file.exists() or engine.rows(file) != told["rows"][name]:
            raise MemoryKeepingError(f"{file} is missing or has not {told['rows'][name]} rows.")
        if engine.exists(kept[name], name):
            raise MemoryKeepingError(
                f"{kept[name]}.{name} is there already. Recall into an empty database, so that two"
                " memories are never mixed."
            )
    return {name: engine.read(kept[name], name, file) for name, file in files.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when it is done, 1 with what to change when it is not."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["remember", "recall"])
    parser.add_argument("--to", "--from", dest="folder", type=Path, required=True)
    parser.add_argument("--target", help="target of profiles.yml; its default if left out")
    given = parser.parse_args(arguments)
    try:
        adapter, kept = memories(given.target)
        engine = engine_of(adapter)
        do = remember if given.what == "remember" else recall
        rows = do(given.folder, engine, kept)
        if isinstance(engine, PostgreSQL):
            engine.connection.commit()
    except MemoryKeepingError as problem:
        print(problem, file=sys.stderr)
        return 1
    for name, count in rows.items():
        print(f"{name:<40}{count:>12}")
    done = "written to" if given.what == "remember" else "brought back from"
    print(f"{len(rows)} memories {done} {given.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
