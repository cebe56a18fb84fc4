"""Load CSV or Parquet files into the raw tables that the project reads, as a mapping file says.

python examples/own_data/load.py MAPPING.yml --database PATH.duckdb [--file name=path ...]
dbt build --vars "$(python examples/own_data/load.py MAPPING.yml --print-vars)"
"""

from __future__ import annotations

import argparse
import csv
import datetime
import difflib
import glob
import gzip
import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "privacy"))
from masking import masked

PROJECT = Path(__file__).resolve().parents[2]
CONTRACT_FILE = PROJECT / "models" / "staging" / "_raw__sources.yml"
PROJECT_FILE = PROJECT / "dbt_project.yml"

MAPPING_KEYS = ("files", "steps", "tables", "vars")
FILE_KEYS = ("path", "delimiter", "encoding")
LOADER_VARS = ("demo_data", "raw_database", "raw_schema", "raw_tables")
PARQUET_ENDINGS = (".parquet", ".pq")
CSV_ENCODINGS = ("utf-8", "utf-16", "latin-1")
CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
# Messages that speak of a select and quote no row.
ABOUT_SELECTS = (
    *(duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException),
    *(duckdb.SyntaxException, duckdb.IOException, duckdb.PermissionException),
)
# Select types that are stored as they are where the contract asks for such a value. All else is
# stored as text, which staging reads.
MOMENT_TYPES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
NUMBER_TYPES = ("DECIMAL", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE")
KEPT_TYPES = {
    "date": MOMENT_TYPES,
    "timestamp": MOMENT_TYPES,
    "decimal": NUMBER_TYPES,
    "rate": NUMBER_TYPES,
    "integer": NUMBER_TYPES,
}
# How a text must look for staging to read it: a pattern and the type to try.
READABLE_TEXTS = {
    "date": (r"^\d{4}-\d{2}-\d{2}", "timestamp"),
    "timestamp": (r"^\d{4}-\d{2}-\d{2}", "timestamp"),
    "decimal": (r"^[+-]?\d+([.]\d+)?$", "double"),
    "rate": (r"^[+-]?\d+([.]\d+)?$", "double"),
    "integer": (r"^[+-]?\d+([.]0+)?$", "double"),
}


class LoadError(Exception):
    """One or more problems that the user can put right, each a sentence or two."""

    def __init__(self, problems: str | Sequence[str]) -> None:
        """Keep the problems, one text each."""
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Column:
    """One column of the contract."""

    name: str
    data_type: str
    required: bool


@dataclass(frozen=True)
class Table:
    """One raw table of the contract, its columns in the contract's order."""

    name: str
    required: bool
    columns: dict[str, Column]


@dataclass(frozen=True)
class SourceFile:
    """A file that the mapping names; a path of None has to come from the command line."""

    path: Path | None
    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says. A table mapped to None is to be empty."""

    path: Path
    files: dict[str, SourceFile]
    steps: dict[str, str]
    tables: dict[str, str | None]
    variables: dict[str, Any]


@dataclass(frozen=True)
class LoadedTable:
    """What was written to one raw table."""

    name: str
    row_count: int
    filled: list[str]
    optional_count: int
    notes: list[str] = field(default_factory=list)


class _MappingLoader(yaml.SafeLoader):
    """Plain YAML in which a key may stand only once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value} stands here twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path) -> dict[str, Any]:
    """The YAML mapping in a file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_MappingLoader)
    except FileNotFoundError:
        raise LoadError(f"{path}: there is no such file. Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: the file cannot be read ({error}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise LoadError(f"{path}{line}: this is not valid YAML: {problem}.") from None
    if not isinstance(content, dict):
        raise LoadError(f"{path}: expected a YAML mapping with the key `tables`.")
    return content


def _nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names what the user may have meant, or else all there is."""
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Known are: {', '.join(names)}." if names else "There is none to choose from."


def _first_line(error: Exception, select: str = "") -> str:
    """A DuckDB message without the query that it repeats and without a value of any row."""
    told = isinstance(error, duckdb.Error) and not isinstance(error, ABOUT_SELECTS)
    text = masked(str(error), select) if told else str(error)
    lines = [line.strip() for line in text.splitlines()]
    kept: list[str] = []
    for line in lines:
        if not line or line.startswith(("LINE ", "The search space")):
            if kept:
                break
            continue
        kept.append(line)
    message = " ".join(kept[:3])
    file = re.search(r"^\s*file ?= ?(.+)$", text, re.MULTILINE)
    if file and not told:
        message += f" in {file.group(1).strip()}"
    return message if message.endswith((".", "!")) else f"{message}."


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def read_contract(path: Path = CONTRACT_FILE) -> dict[str, Table]:
    """The raw tables and columns as the project's source file declares them."""
    content = _read_yaml(path)
    try:
        return {
            table["name"]: Table(
                name=table["name"],
                required=_is_required(table),
                columns={
                    column["name"]: Column(
                        column["name"], column["data_type"], _is_required(column)
                    )
                    for column in table["columns"]
                },
            )
            for source in content["sources"]
            if source["name"] == "raw"
            for table in source["tables"]
        }
    except (KeyError, TypeError) as error:
        raise LoadError(f"{path}: not a source file of this project ({error!r}).") from None


def _is_required(entry: dict[str, Any]) -> bool:
    return bool(entry.get("config", {}).get("meta", {}).get("required", False))


def read_variable_names(path: Path = PROJECT_FILE) -> list[str]:
    """The names of the variables that dbt_project.yml declares."""
    content = _read_yaml(path)
    return list(content.get("vars", {}).get(content.get("name"), {}))


def read_mapping(
    path: Path,
    contract: dict[str, Table],
    variable_names: Sequence[str],
    file_arguments: Sequence[str] = (),
) -> Mapping:
    """Read a mapping and the `name=path` arguments; raise one error with all that is wrong."""
    content = _read_yaml(path)
    problems: list[str] = []
    for key in content:
        if key not in MAPPING_KEYS:
            problems.append(f"{path}: unknown key `{key}`. {_nearest(str(key), MAPPING_KEYS)}")
    sections: dict[str, dict[str, Any]] = {}
    for key in MAPPING_KEYS:
        section = content.get(key) or {}
        if not isinstance(section, dict):
            problems.append(f"{path}: `{key}` must be a mapping of names, one a line.")
            section = {}
        sections[key] = {str(name): value for name, value in section.items()}

    files = _read_files(path, sections["files"], file_arguments, problems)
    steps: dict[str, str] = {}
    for name, select in sections["steps"].items():
        if isinstance(select, str) and select.strip():
            steps[name] = select
        else:
            problems.append(f"{path}: steps.{name} must be a SQL select.")
    for name in [*sections["files"], *sections["steps"]]:
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            problems.append(
                f"{path}: `{name}` cannot name a file or step. "
                "Use lower-case letters, digits and underscores."
            )
        elif name in contract:
            problems.append(
                f"{path}: `{name}` is the name of a raw table. Give the file or step another name."
            )
        elif name in sections["files"] and name in sections["steps"]:
            problems.append(f"{path}: `{name}` names a file and a step. Rename one of them.")
    tables = _read_tables(path, sections["tables"], contract, problems)
    variables = _read_variables(path, sections["vars"], variable_names, problems)
    if problems:
        raise LoadError(problems)
    return Mapping(path, files, steps, tables, variables)


def _read_files(
    path: Path, section: dict[str, Any], file_arguments: Sequence[str], problems: list[str]
) -> dict[str, SourceFile]:
    given: dict[str, Path] = {}
    for argument in file_arguments:
        name, separator, value = argument.partition("=")
        if not separator or not name or not value:
            problems.append(f"--file {argument}: write it as name=path.")
        elif name not in section:
            problems.append(
                f"--file {argument}: {path} names no file `{name}`. {_nearest(name, section)}"
            )
        else:
            given[name] = Path(value).expanduser()
    files: dict[str, SourceFile] = {}
    for name, entry in section.items():
        options = entry if isinstance(entry, dict) else {"path": entry}
        for key in options:
            if key not in FILE_KEYS:
                problems.append(
                    f"{path}: files.{name}: unknown key `{key}`. {_nearest(str(key), FILE_KEYS)}"
                )
        wrong = [key for key in FILE_KEYS if not isinstance(options.get(key), str | None)]
        if wrong:
            problems.append(f"{path}: files.{name}: {' and '.join(wrong)} must be a text.")
            continue
        if len(options.get("delimiter") or ",") != 1:
            problems.append(f"{path}: files.{name}: delimiter must be one character.")
        encoding = options.get("encoding")
        if encoding and encoding not in CSV_ENCODINGS:
            problems.append(
                f"{path}: files.{name}: unknown encoding {encoding}. "
                f"{_nearest(encoding, CSV_ENCODINGS)}"
            )
        own = options.get("path")
        beside_mapping = path.parent / Path(own).expanduser() if own else None
        files[name] = SourceFile(
            given.get(name, beside_mapping), options.get("delimiter"), encoding
        )
    return files


def _read_tables(
    path: Path, section: dict[str, Any], contract: dict[str, Table], problems: list[str]
) -> dict[str, str | None]:
    tables: dict[str, str | None] = {}
    for name, entry in section.items():
        if name not in contract:
            problems.append(
                f"{path}: tables.{name}: the contract has no such table. {_nearest(name, contract)}"
            )
        elif isinstance(entry, str) and entry.strip():
            tables[name] = entry
        elif entry == {"empty": True}:
            tables[name] = None
        else:
            problems.append(
                f"{path}: tables.{name} must be a SQL select, or `empty: true` for no rows."
            )
    for table in contract.values():
        if table.required and table.name not in section:
            problems.append(
                f"{path}: the required table {table.name} is missing. "
                f"Map it under `tables`, or write `{table.name}: {{empty: true}}`."
            )
    return {name: tables[name] for name in contract if name in tables}


def _read_variables(
    path: Path, section: dict[str, Any], variable_names: Sequence[str], problems: list[str]
) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for name, value in section.items():
        if name in LOADER_VARS:
            problems.append(f"{path}: vars.{name} is set by the loader. Remove it.")
        elif name not in variable_names:
            problems.append(
                f"{path}: vars.{name}: dbt_project.yml has no such variable. "
                f"{_nearest(name, variable_names)}"
            )
        else:
            # YAML reads an unquoted day as a date; dbt wants the text.
            is_day = isinstance(value, datetime.date)
            variables[name] = value.isoformat() if is_day else value
    return variables


def dbt_variables(mapping: Mapping) -> dict[str, Any]:
    """The variables that make dbt read exactly what this mapping loads."""
    return {"demo_data": False, "raw_tables": list(mapping.tables), **mapping.variables}


def load(mapping: Mapping, contract: dict[str, Table], database: Path) -> list[LoadedTable]:
    """Write every mapped table to the schema raw of a DuckDB file: all of them, or none."""
    if database.is_dir() or not database.absolute().parent.is_dir():
        raise LoadError(f"--database {database}: this is not a file in a folder that exists.")
    if database.exists() and not _is_database(database):
        raise LoadError(
            f"--database {database}: this file is no DuckDB database. Name another file."
        )
    # Files and steps live in memory, so no name in the database can get in their way.
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set TimeZone = 'UTC'")
        _create_file_views(connection, mapping)
        _create_step_views(connection, mapping)
        columns = _mapped_columns(connection, mapping, contract)
        is_new = not database.exists()
        try:
            connection.execute(f"attach {_literal(str(database))} as target")
        except duckdb.Error as error:
            raise LoadError(
                f"--database {database}: it cannot be opened: {_first_line(error)} "
                "Close other programs that use it, or name another file."
            ) from None
        try:
            loaded = _write_tables(connection, mapping, contract, columns)
            connection.execute("detach target")
        except (LoadError, duckdb.Error) as error:
            connection.close()
            if is_new:
                for leftover in (database, Path(f"{database}.wal")):
                    leftover.unlink(missing_ok=True)
            if isinstance(error, LoadError):
                raise
            raise LoadError(
                f"--database {database}: it cannot be written: {_first_line(error)}"
            ) from None
        return loaded
    finally:
        connection.close()


def _is_database(path: Path) -> bool:
    """Whether DuckDB wrote this file: it would overwrite a short file of another kind."""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == b"DUCK"
    except OSError as error:
        raise LoadError(f"--database {path}: it cannot be read ({error.strerror}).") from None


def _create_file_views(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    problems: list[str] = []
    for name, file in mapping.files.items():
        try:
            select = _file_select(connection, mapping.path, name, file)
        except LoadError as error:
            problems += error.problems
        else:
            connection.execute(f"create view {_identifier(name)} as {select}")
    if problems:
        raise LoadError(problems)


def _file_select(
    connection: duckdb.DuckDBPyConnection, mapping_path: Path, name: str, file: SourceFile
) -> str:
    """The select that reads a file, or all files that fit a pattern."""
    if file.path is None:
        raise LoadError(
            f"{mapping_path}: files.{name} has no path. Add --file {name}=PATH to the command."
        )
    pattern = str(file.path)
    paths = [pattern] if file.path.is_file() else sorted(glob.glob(pattern))
    if not paths:
        raise LoadError(
            f"files.{name}: there is no file {pattern}. "
            f"Correct the path in {mapping_path}, or add --file {name}=PATH."
        )
    selects: list[str] = []
    for path in paths:
        try:
            if not Path(path).stat().st_size:
                raise LoadError(
                    f"files.{name}: {path} is empty. Even a file without rows names its columns."
                )
            if path.lower().endswith(PARQUET_ENDINGS):
                reader = f"read_parquet({_literal(glob.escape(path))})"
            elif path.lower().endswith(CSV_ENDINGS):
                reader = _csv_reader(path, file)
            else:
                raise LoadError(
                    f"files.{name}: {path} is neither Parquet nor CSV by its name. "
                    f"It must end in one of: {', '.join(PARQUET_ENDINGS + CSV_ENDINGS)}."
                )
            connection.execute(f"select * from {reader} limit 0")
        except (duckdb.Error, OSError, EOFError, UnicodeError, LookupError, csv.Error) as error:
            raise LoadError(
                f"files.{name}: {path} cannot be read: {_first_line(error)} "
                "Check that the file is whole; a CSV may need its `encoding` here."
            ) from None
        selects.append(f"select * from {reader}")
    return " union all by name ".join(selects)


def _csv_reader(path: str, file: SourceFile) -> str:
    """The DuckDB function that reads a CSV, with nothing left to guess."""
    # A guessed type eats the leading zero of a key. A guessed delimiter, quote or first line can
    # drop rows in silence.
    encoding = file.encoding or "utf-8"
    delimiter = file.delimiter or ("\t" if ".tsv" in Path(path).name.lower() else ",")
    opened = gzip.open if path.lower().endswith(".gz") else open
    with opened(path, "rt", encoding=encoding, newline="") as lines:
        header = next(csv.reader(lines, delimiter=delimiter), [])
    names = [name.removeprefix("\ufeff").strip() or f"column{i}" for i, name in enumerate(header)]
    twice = {name for name in names if [other.lower() for other in names].count(name.lower()) > 1}
    if twice:
        raise LoadError(
            f"{path}: the first line names the column {min(twice)} more than once. Rename one."
        )
    columns = ", ".join(f"{_literal(name)}: 'varchar'" for name in names)
    return (
        f"read_csv({_literal(glob.escape(path))}, auto_detect = false, header = true, "
        f"columns = {{{columns}}}, delim = {_literal(delimiter)}, encoding = {_literal(encoding)}, "
        f"""quote = '"', escape = '"')"""
    )


def _create_step_views(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    for name, sql in mapping.steps.items():
        where = f"{mapping.path}: steps.{name}"
        select = _single_select(connection, sql, where)
        try:
            connection.execute(f"create view {_identifier(name)} as {select}")
        except duckdb.Error as error:
            raise LoadError(_invalid_select(connection, where, select, error)) from None


def _invalid_select(
    connection: duckdb.DuckDBPyConnection, where: str, select: str, error: duckdb.Error
) -> str:
    """What DuckDB says about a select, and the columns of the files and steps that it names."""
    message = f"{where}: the select is not valid: {_first_line(error)}"
    views = connection.execute(
        "select table_name, string_agg(column_name, ', ' order by ordinal_position)"
        " from information_schema.columns where table_catalog = 'memory' group by table_name"
        " order by table_name"
    ).fetchall()
    for name, columns in views:
        if re.search(rf"\b{name}\b", select):
            message += f"\n  {name} has the columns: {columns}"
            if "," not in columns and re.search(r"[;|\t]", columns):
                message += f"\n  Give files.{name} its `delimiter`."
    return message


def _single_select(connection: duckdb.DuckDBPyConnection, sql: str, where: str) -> str:
    """The one select in a text, without a closing semicolon."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise LoadError(f"{where}: the select is not valid: {_first_line(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise LoadError(f"{where}: write one select and nothing else.")
    return statements[0].query.strip().rstrip(";")


def _mapped_columns(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, contract: dict[str, Table]
) -> dict[str, dict[str, str]]:
    """Per table, each mapped column with the expression that stores it, after all checks."""
    problems: list[str] = []
    expressions: dict[str, dict[str, str]] = {}
    for name, sql in mapping.tables.items():
        table = contract[name]
        if sql is None:
            expressions[name] = dict.fromkeys(table.columns, "")
            continue
        where = f"{mapping.path}: tables.{name}"
        try:
            select = _single_select(connection, sql, where)
        except LoadError as error:
            problems += error.problems
            continue
        try:
            described = connection.execute(f"describe {select}").fetchall()
        except duckdb.Error as error:
            problems.append(_invalid_select(connection, where, select, error))
            continue
        selected = [(str(row[0]), str(row[1])) for row in described]
        names = [column.lower() for column, _ in selected]
        for column in table.columns.values():
            if column.required and column.name not in names:
                problems.append(
                    f"{where}: the required column {column.name} is missing. "
                    f"Add `... as {column.name}` to the select."
                )
        expressions[name] = {}
        for column_name, column_type in selected:
            key = column_name.lower()
            if names.count(key) > 1:
                problems.append(f"{where}: the column {column_name} stands twice in the select.")
            elif key not in table.columns:
                problems.append(
                    f"{where}: the contract has no column {column_name}. "
                    f"{_nearest(key, table.columns)}"
                )
            else:
                problem = _type_problem(table.columns[key], column_type)
                if problem:
                    problems.append(f"{where}: {problem}")
                expressions[name][key] = _stored(table.columns[key], column_name, column_type)
    if problems:
        raise LoadError(problems)
    return expressions


def _stored(column: Column, selected_name: str, column_type: str) -> str:
    """The expression that stores a selected column."""
    selected = f"mapped.{_identifier(selected_name)}"
    if column_type == "TIMESTAMP WITH TIME ZONE":
        selected, column_type = f"timezone('UTC', {selected})", "TIMESTAMP"
    is_kept = column_type.partition("(")[0] in KEPT_TYPES.get(column.data_type, ())
    return selected if is_kept else f"cast({selected} as varchar)"


def _type_problem(column: Column, column_type: str) -> str | None:
    """Why the text of a value of this type would not be what the user means, if so."""
    if column_type.endswith("]") or column_type.startswith(("STRUCT", "MAP", "UNION", "BLOB")):
        return (
            f"{column.name} is a {column_type}. Make it a text in the select, "
            "e.g. with array_to_string(values, '|') or to_json(value)."
        )
    if column.data_type == "text" and column_type in ("FLOAT", "DOUBLE"):
        return (
            f"{column.name} is a {column_type}, so that a key 17850 would become 17850.0. "
            f"Cast it in the select, e.g. cast(... as bigint) as {column.name}."
        )
    return None


def _write_tables(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    contract: dict[str, Table],
    columns: dict[str, dict[str, str]],
) -> list[LoadedTable]:
    connection.execute("begin transaction")
    loaded: list[LoadedTable] = []
    for name, sql in mapping.tables.items():
        # In the contract's order, and the rows sorted: the same input gives the same table.
        stored = {column: columns[name].get(column) for column in contract[name].columns}
        mapped = {column: text for column, text in stored.items() if text is not None}
        if sql is None:
            listed = ", ".join(f"{_identifier(column)} varchar" for column in mapped)
            definition = f"({listed})"
        else:
            listed = ", ".join(
                f"{text} as {_identifier(column)}" for column, text in mapped.items()
            )
            select = _single_select(connection, sql, f"{mapping.path}: tables.{name}")
            definition = f"as select {listed} from (\n{select}\n) as mapped order by all"
        try:
            connection.execute("create schema if not exists target.raw")
            connection.execute(
                f"create or replace table target.raw.{_identifier(name)} {definition}"
            )
            loaded.append(_describe_loaded(connection, contract[name], list(mapped)))
        except duckdb.Error as error:
            raise LoadError(
                f"{mapping.path}: tables.{name} cannot be loaded: {_first_line(error, sql or '')} "
                "Nothing was changed in the database."
            ) from None
    connection.execute("commit")
    return loaded


def _describe_loaded(
    connection: duckdb.DuckDBPyConnection, table: Table, mapped: list[str]
) -> LoadedTable:
    """Count the rows of a table, its filled columns and the values staging will set aside."""
    table_name = f"target.raw.{_identifier(table.name)}"
    types = {row[0]: row[1] for row in connection.execute(f"describe {table_name}").fetchall()}
    counts = ["count(*)"]
    for name in mapped:
        value = f"nullif(trim(cast({_identifier(name)} as varchar)), '')"
        is_unreadable = "false"
        if types[name] == "VARCHAR" and table.columns[name].data_type in READABLE_TEXTS:
            pattern, type_to_try = READABLE_TEXTS[table.columns[name].data_type]
            is_unreadable = (
                f"not regexp_matches({value}, {_literal(pattern)})"
                f" or ({value} is not null and try_cast({value} as {type_to_try}) is null)"
            )
        counts.append(f"count({value})")
        counts.append(f"count(*) filter (where {is_unreadable})")
    row = connection.execute(f"select {', '.join(counts)} from {table_name}").fetchone()
    assert row is not None
    row_count = row[0]
    filled: list[str] = []
    notes: list[str] = []
    for position, name in enumerate(mapped):
        column = table.columns[name]
        value_count, unreadable_count = row[1 + 2 * position : 3 + 2 * position]
        if value_count and not column.required:
            filled.append(name)
        where = f"{table.name}.{name}"
        if column.required and value_count < row_count:
            notes.append(
                f"{where} is required and empty in {row_count - value_count:,} rows: "
                "look for them in rejected_rows."
            )
        if unreadable_count:
            notes.append(
                f"{where} is no {column.data_type} in {unreadable_count:,} rows: "
                f"look for them in {'rejected_rows' if column.required else 'rejected_values'}."
            )
    optional_count = sum(not column.required for column in table.columns.values())
    return LoadedTable(table.name, row_count, filled, optional_count, notes)


def report(loaded: Sequence[LoadedTable], mapping: Mapping, database: Path) -> str:
    """The lines that tell the user what was loaded and what to run next."""
    name_width = max(len("table"), *(len(table.name) for table in loaded))
    lines = [f"{'table':<{name_width}}  {'rows':>13}  optional columns filled"]
    for table in loaded:
        names = f": {', '.join(table.filled)}" if table.filled else ""
        lines.append(
            f"{table.name:<{name_width}}  {table.row_count:>13,}  "
            f"{len(table.filled)} of {table.optional_count}{names}"
        )
    notes = [note for table in loaded for note in table.notes]
    if notes:
        lines += ["", *(f"note: {note}" for note in notes)]
    variables = shlex.quote(json.dumps(dbt_variables(mapping)))
    path = shlex.quote(os.path.abspath(database))
    lines += ["", "Run next:", f"CRM_DUCKDB_PATH={path} dbt build --vars {variables}"]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all went well, 2 when the user has something to put right."""
    parser = argparse.ArgumentParser(
        description="Load CSV or Parquet files into the raw tables of a DuckDB file."
    )
    parser.add_argument("mapping", type=Path, help="the mapping, a YAML file")
    parser.add_argument("--database", type=Path, help="the DuckDB file to write to")
    parser.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="where a file of the mapping is; may be repeated",
    )
    parser.add_argument(
        "--print-vars",
        action="store_true",
        help="load nothing; print the variables for dbt build --vars",
    )
    options = parser.parse_args(arguments)
    try:
        contract = read_contract()
        mapping = read_mapping(options.mapping, contract, read_variable_names(), options.file)
        if options.print_vars:
            print(json.dumps(dbt_variables(mapping)))
            return 0
        if options.database is None:
            raise LoadError("--database is missing. Name the DuckDB file to write to.")
        loaded = load(mapping, contract, options.database)
        print(report(loaded, mapping, options.database))
    except LoadError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
