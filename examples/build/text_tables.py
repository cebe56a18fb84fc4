"""Rows as a table of text: two spaces between columns, numbers to the right."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb


def as_text(value: object) -> str:
    """A value as a reader wants it; nothing for null."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def text_table(names: Iterable[str], rows: Iterable[tuple[object, ...]]) -> str:
    """Rows under the names of their columns, a line each.

    Args:
        names: The names, in the order of the values.
        rows: The values.
    """
    rows = list(rows)
    columns = []
    for place, name in enumerate(names):
        values = [row[place] for row in rows]
        cells = [name, *map(as_text, values)]
        width = max(map(len, cells))
        is_text = any(isinstance(value, (str, bool)) for value in values)
        columns.append([cell.ljust(width) if is_text else cell.rjust(width) for cell in cells])
    return "".join("  ".join(line).rstrip() + "\n" for line in zip(*columns, strict=True))


def answer(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What a query gives, as a table of text."""
    found = connection.execute(sql)
    return text_table([column[0] for column in found.description], found.fetchall())
