"""The selects of a mapping: checked, and each column with the expression that stores it."""

from __future__ import annotations

import re

import duckdb

from .contract import Column, Table
from .mapping import Mapping
from .problems import LoadError, first_line, nearest
from .sql_text import identifier

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


def create_step_views(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Make a view of each step under its name, in the order of the mapping."""
    for name, sql in mapping.steps.items():
        where = mapping.place("steps", name)
        select = single_select(connection, sql, where)
        try:
            connection.execute(f"create view {identifier(name)} as {select}")
        except duckdb.Error as error:
            raise LoadError(_invalid_select(connection, where, select, error)) from None


def _invalid_select(
    connection: duckdb.DuckDBPyConnection, where: str, select: str, error: duckdb.Error
) -> str:
    """What DuckDB says about a select, and the columns of the files and steps that it names."""
    message = f"{where}: the select is not valid: {first_line(error)}"
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
            elif "," not in columns:
                message += (
                    f"\n  Give files.{name} a `skip`, the number of lines above the names of the "
                    "columns, where the first line is a title."
                )
    return message


def single_select(connection: duckdb.DuckDBPyConnection, sql: str, where: str) -> str:
    """The one select in a text, without a closing semicolon."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise LoadError(f"{where}: the select is not valid: {first_line(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise LoadError(f"{where}: write one select and nothing else.")
    return statements[0].query.strip().rstrip(";")


def mapped_columns(
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
        where = mapping.place("tables", name)
        try:
            select = single_select(connection, sql, where)
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
                    f"{nearest(key, table.columns)}"
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
    selected = f"mapped.{identifier(selected_name)}"
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
