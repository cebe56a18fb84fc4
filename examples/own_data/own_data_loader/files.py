"""CSV and Parquet files as views of a DuckDB connection."""

from __future__ import annotations

import csv
import glob
import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TextIO

import duckdb

from .mapping import Mapping, SourceFile
from .problems import LoadError, first_line
from .sql_text import identifier, literal

PARQUET_ENDINGS = (".parquet", ".pq")
# DuckDB reads it with an extension alone, which it would have to download.
TO_TRANSLATE = "windows-1252"
CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


def create_file_views(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, folder: Path
) -> None:
    """Make a view of each file under its name, or name all files that cannot be read.

    Args:
        connection: Where the views are made.
        mapping: What names the files.
        folder: An empty folder for translated copies, which must live as long as the views.
    """
    problems: list[str] = []
    for name, file in mapping.files.items():
        try:
            select = _file_select(connection, mapping, name, file, folder)
        except LoadError as error:
            problems += error.problems
        else:
            connection.execute(f"create view {identifier(name)} as {select}")
    if problems:
        raise LoadError(problems)


def _file_select(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    name: str,
    file: SourceFile,
    folder: Path,
) -> str:
    """The select that reads a file, or all files that fit a pattern."""
    where = mapping.place("files", name)
    if file.path is None:
        raise LoadError(
            f"{where} has no path. Add --file {name}=PATH to the command, or write it there."
        )
    pattern = str(file.path)
    paths = [pattern] if file.path.is_file() else sorted(glob.glob(pattern))
    if not paths:
        raise LoadError(
            f"{where}: there is no file {pattern}. "
            f"Correct the path, or add --file {name}=PATH to the command."
        )
    selects: list[str] = []
    for path in paths:
        try:
            if not Path(path).stat().st_size:
                raise LoadError(
                    f"{where}: {path} is empty. Even a file without rows names its columns."
                )
            if path.lower().endswith(PARQUET_ENDINGS):
                reader = f"read_parquet({literal(glob.escape(path))})"
            elif path.lower().endswith(CSV_ENDINGS):
                reader = _csv_reader(path, file, folder)
            else:
                raise LoadError(
                    f"{where}: {path} is neither Parquet nor CSV by its name. "
                    f"It must end in one of: {', '.join(PARQUET_ENDINGS + CSV_ENDINGS)}."
                )
            connection.execute(f"select * from {reader} limit 0")
        except (duckdb.Error, OSError, EOFError, UnicodeError, LookupError, csv.Error) as error:
            raise LoadError(
                f"{where}: {path} cannot be read: {first_line(error)} "
                "Check that the file is whole; a CSV may need its `encoding` here, "
                f"which is {TO_TRANSLATE} for what Excel saved on Windows."
            ) from None
        selects.append(f"select * from {reader}")
    return " union all by name ".join(selects)


def _csv_reader(path: str, file: SourceFile, folder: Path) -> str:
    """The DuckDB function that reads a CSV, with nothing left to guess."""
    # A guessed type eats the leading zero of a key. A guessed delimiter, quote or first line can
    # drop rows in silence.
    encoding = file.encoding or "utf-8"
    delimiter = file.delimiter or ("\t" if ".tsv" in Path(path).name.lower() else ",")
    opened = gzip.open if path.lower().endswith(".gz") else open

    def text(newline: str | None) -> TextIO:
        return opened(path, "rt", encoding=encoding, newline=newline)

    with text("") as lines:
        header = next(csv.reader(islice(lines, file.skip, None), delimiter=delimiter), [])
    names = numbered(
        [name.removeprefix("\ufeff").strip() or f"column{i}" for i, name in enumerate(header)]
    )
    lower = [name.lower() for name in names]
    if twice := {name for name in names if lower.count(name.lower()) > 1}:
        raise LoadError(
            f"{path}: the first line names the column {min(twice)} and others of that name, which"
            " would be numbered and called the same. Rename one in the file."
        )
    if encoding == TO_TRANSLATE or _mixes_line_ends(text):
        path, encoding = str(_translated(text, Path(path), folder)), "utf-8"
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in names)
    return (
        f"read_csv({literal(glob.escape(path))}, auto_detect = false, header = true, "
        f"columns = {{{columns}}}, delim = {literal(delimiter)}, encoding = {literal(encoding)}, "
        f"""skip = {file.skip}, quote = '"', escape = '"')"""
    )


def numbered(names: list[str]) -> list[str]:
    """Names of columns; one that stands several times gets the number of its place behind it.

    Nobody can rename what a system exports every day, and the name alone could mean any of them.
    So there is no column of that name, and a select that asks for it is told the numbered ones.
    """
    lower = [name.lower() for name in names]
    return [
        f"{name}_{lower[: i + 1].count(lower[i])}" if lower.count(lower[i]) > 1 else name
        for i, name in enumerate(names)
    ]


def _mixes_line_ends(text: Callable[[str | None], TextIO]) -> bool:
    """Whether lines end in both ways, as where one program wrote the names and another the rows."""
    with text(None) as lines:
        while lines.read(1 << 20):
            if isinstance(lines.newlines, tuple) and {"\n", "\r\n"} <= set(lines.newlines):
                return True
    return False


def _translated(text: Callable[[str | None], TextIO], path: Path, folder: Path) -> Path:
    """A copy that DuckDB reads: in UTF-8, every line ending in the same way."""
    copy = folder / str(len(list(folder.iterdir()))) / path.name.lower().removesuffix(".gz")
    copy.parent.mkdir()
    with text("") as lines, copy.open("w", encoding="utf-8", newline="") as written:
        for line in lines:
            written.write(line[:-2] + "\n" if line.endswith("\r\n") else line)
    return copy
