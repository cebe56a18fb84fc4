"""Raw tables written to a DuckDB file, all of them or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from .contract import Table
from .files import create_file_views
from .forms import form_of, remedy, unparsed
from .mapping import Mapping
from .problems import LoadError, advice, csv_row, first_line
from .selects import create_step_views, mapped_columns, single_select
from .sql_text import identifier, literal

# How a text must look for staging to read it, as macros/rules/read_text.sql says: a pattern, and
# of how many letters the calendar or the arithmetic has to make what type.
DAY = "[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
TIME = "[Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
OFFSET = " ?(Z|z|UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
MOMENT = (f"^{DAY}({TIME}({OFFSET})?)?$", 10, "date")
NUMBER = ("^[+-]?[0-9]{1,14}([.][0-9]+)?$", 100, "double")
READABLE_TEXTS = {
    "date": MOMENT,
    "timestamp": MOMENT,
    "decimal": NUMBER,
    "rate": NUMBER,
    "integer": ("^[+-]?[0-9]{1,9}([.]0+)?$", 100, "double"),
}
# Of the values that cannot be read so many, the commonest, are looked at for their form.
VALUES_TRIED = 999


@dataclass(frozen=True)
class LoadedTable:
    """What was written to one raw table.

    Attributes:
        name: The raw table.
        is_required: Whether the project needs it, if only as an empty table.
        row_count: Its rows.
        readable_count: Those of them in which every required column has a value that can be read.
        filled: Its optional columns that have a value in some row.
        optional_count: How many optional columns the contract has.
        notes: What to look at, each a sentence or two.
    """

    name: str
    is_required: bool
    row_count: int
    readable_count: int
    filled: list[str]
    optional_count: int
    notes: list[str] = field(default_factory=list)


def load(mapping: Mapping, contract: dict[str, Table], database: Path) -> list[LoadedTable]:
    """Write every mapped table to the schema raw of a DuckDB file: all of them, or none."""
    if database.is_dir() or not database.absolute().parent.is_dir():
        raise LoadError(f"--database {database}: this is not a file in a folder that exists.")
    if database.exists() and not _is_database(database):
        raise LoadError(
            f"--database {database}: this file is no DuckDB database. Name another file."
        )
    with TemporaryDirectory() as folder:
        return _load_with_copies(mapping, contract, database, Path(folder))


def _load_with_copies(
    mapping: Mapping, contract: dict[str, Table], database: Path, folder: Path
) -> list[LoadedTable]:
    """Load with a folder for translated copies of files, which hold personal data and must go."""
    # Files and steps live in memory, so no name in the database can get in their way.
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set enable_progress_bar = false")
        connection.execute("set TimeZone = 'UTC'")
        create_file_views(connection, mapping, folder)
        create_step_views(connection, mapping)
        columns = mapped_columns(connection, mapping, contract)
        is_new = not database.exists()
        try:
            connection.execute(f"attach {literal(str(database))} as target")
        except duckdb.Error as error:
            raise LoadError(
                f"--database {database}: it cannot be opened: {first_line(error)} "
                "Close other programs that use it, or name another file."
            ) from None
        try:
            loaded = write_tables(connection, mapping, contract, columns)
            connection.execute("detach target")
        except (LoadError, duckdb.Error) as error:
            connection.close()
            if is_new:
                for leftover in (database, Path(f"{database}.wal")):
                    leftover.unlink(missing_ok=True)
            if isinstance(error, LoadError):
                raise
            raise LoadError(
                f"--database {database}: it cannot be written: {first_line(error)}"
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


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    contract: dict[str, Table],
    columns: dict[str, dict[str, str]],
) -> list[LoadedTable]:
    """Write the mapped tables in one transaction, and say what each of them holds."""
    connection.execute("begin transaction")
    loaded: list[LoadedTable] = []
    for name, sql in mapping.tables.items():
        # In the contract's order, and the rows sorted: the same input gives the same table.
        stored = {column: columns[name].get(column) for column in contract[name].columns}
        mapped = {column: text for column, text in stored.items() if text is not None}
        if sql is None:
            listed = ", ".join(f"{identifier(column)} varchar" for column in mapped)
            definition = f"({listed})"
        else:
            listed = ", ".join(f"{text} as {identifier(column)}" for column, text in mapped.items())
            select = single_select(connection, sql, mapping.place("tables", name))
            definition = f"as select {listed} from (\n{select}\n) as mapped order by all"
        try:
            connection.execute("create schema if not exists target.raw")
            connection.execute(
                f"create or replace table target.raw.{identifier(name)} {definition}"
            )
            loaded.append(_describe_loaded(connection, contract[name], list(mapped)))
        except duckdb.Error as error:
            connection.execute("rollback")
            said = (
                unparsed(error, connection)
                or csv_row(error)
                or f"{first_line(error, sql or '')} {advice(error)}"
            )
            raise LoadError(
                f"{mapping.place('tables', name)} cannot be loaded: "
                f"{said}Nothing was changed in the database."
            ) from None
    connection.execute("commit")
    return loaded


def _describe_loaded(
    connection: duckdb.DuckDBPyConnection, table: Table, mapped: list[str]
) -> LoadedTable:
    """Count the rows of a table, its filled columns and the values staging will set aside."""
    table_name = f"target.raw.{identifier(table.name)}"
    types = {row[0]: row[1] for row in connection.execute(f"describe {table_name}").fetchall()}
    counts = ["count(*)"]
    unfit = ["false"]
    for name in mapped:
        value = f"nullif(trim(cast({identifier(name)} as varchar)), '')"
        is_unreadable = "false"
        if types[name] == "VARCHAR" and table.columns[name].data_type in READABLE_TEXTS:
            pattern, length, type_to_try = READABLE_TEXTS[table.columns[name].data_type]
            is_unreadable = (
                f"{value} is not null and (not regexp_matches({value}, {literal(pattern)})"
                f" or try_cast(left({value}, {length}) as {type_to_try}) is null)"
            )
        if table.columns[name].required:
            unfit.append(f"{value} is null or {is_unreadable}")
        counts.append(f"count({value})")
        counts.append(f"count(*) filter (where {is_unreadable})")
        commonest = f"select {value} as told, count(*) as times from {table_name}"
        commonest += f" where {is_unreadable} group by 1 order by 2 desc, 1 limit {VALUES_TRIED}"
        counts.append(f"(select list(told order by times desc, told) from ({commonest}))")
    counts.append(f"count(*) filter (where not ({' or '.join(unfit)}))")
    row = connection.execute(f"select {', '.join(counts)} from {table_name}").fetchone()
    assert row is not None
    row_count = row[0]
    filled: list[str] = []
    notes: list[str] = []
    for position, name in enumerate(mapped):
        column = table.columns[name]
        value_count, unreadable_count, told = row[1 + 3 * position : 4 + 3 * position]
        if value_count and not column.required:
            filled.append(name)
        where = f"{table.name}.{name}"
        if column.required and value_count < row_count:
            notes.append(
                f"{where} is required and empty in {row_count - value_count:,} of {row_count:,} "
                "rows, which will be rejected, as empty rows and rows of totals should be: "
                "look for others in rejected_rows."
            )
        if unreadable_count:
            are_all = unreadable_count == value_count
            reading = remedy(told, name, column.data_type, connection, are_all=are_all)
            end = "their rows are rejected" if column.required else "they are set to null"
            notes.append(
                f"{where} is no {column.data_type} in {unreadable_count:,} of {row_count:,} rows, "
                f"so {end}. The commonest form is `{form_of(told[0])}`, where 9 is a digit and a "
                f"is a letter: {reading}."
            )
    optional_count = sum(not column.required for column in table.columns.values())
    return LoadedTable(
        table.name, table.required, row_count, row[-1], filled, optional_count, notes
    )
