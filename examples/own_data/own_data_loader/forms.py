"""What form the values of a column have, and the SQL that reads it: no value is shown."""

from __future__ import annotations

import re

import duckdb

from .sql_text import literal

RECIPES = "Recipes for values in examples/own_data/README.md"
# Where both the day before the month and the month before the day read all values, both are told.
DAYS = (
    *("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
    *("%Y%m%d", "%d-%b-%Y", "%d-%b-%y"),
)
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S %z")
FORMATS = tuple(day + time for day in DAYS for time in TIMES)
KEPT_CHARACTERS = "'[^0-9.,-]', '', 'g'"
# How an amount looks once all but digits, signs and separators is gone, and what then reads it.
AMOUNTS = {
    "^-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]{1,2})?$": (
        f"replace(replace(regexp_replace(..., {KEPT_CHARACTERS}), '.', ''), ',', '.')"
    ),
    "^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]{1,2})?$": (
        f"replace(regexp_replace(..., {KEPT_CHARACTERS}), ',', '')"
    ),
}


def form_of(value: str) -> str:
    """A value with 9 for every digit and a for every letter, so that it names nobody."""
    shown = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))
    return shown if len(shown) <= 40 else f"{shown[:40]}..."


def is_read_by(text: str, values: list[str], connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether strptime reads every value by a format."""
    is_read = f"try_strptime(value, {literal(text)}) is not null"
    sql = f"select bool_and({is_read}) from unnest(?) as told(value)"
    row = connection.execute(sql, [values]).fetchone()
    return bool(row and row[0])


def readable_formats(values: list[str], connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The formats of strptime that read every one of some values; two where the day is unclear."""
    # By %Y a year of two digits is the year 25.
    has_long_year = all(re.search(r"\d{4}", value) for value in values)
    years = [text for text in FORMATS if ("%y" not in text) == has_long_year]
    return [text for text in years if is_read_by(text, values, connection)][:2]


def remedy(
    values: list[str],
    column: str,
    data_type: str,
    connection: duckdb.DuckDBPyConnection,
    *,
    are_all: bool,
) -> str:
    """What to write in the select, so that values which staging could not read are read.

    Args:
        values: The values, as texts, each once.
        column: The column of the contract that they are mapped to.
        data_type: Its type in the contract.
        connection: Where to try it.
        are_all: Whether no other value of the column can be read as it is.

    Returns:
        A clause that follows a colon; the page of recipes where nothing is sure.
    """
    if data_type in ("date", "timestamp"):
        formats = readable_formats(values, connection)
        if formats and are_all:
            reading = f"write `strptime(..., '{formats[0]}') as {column}` in the select"
        elif formats:
            listed = f"try_strptime(..., ['{formats[0]}'])"
            value = f"coalesce(cast({listed} as varchar), ...)"
            reading = f"write `{value} as {column}` in the select"
        else:
            return f"see {RECIPES}"
        other = f", or '{formats[1]}' where the month comes first" if len(formats) > 1 else ""
        return f"{reading}{other} ({RECIPES})"
    for pattern, reading in AMOUNTS.items():
        bare = [re.sub("[^0-9.,-]", "", value) for value in values]
        if data_type != "integer" and all(re.match(pattern, value) for value in bare):
            return f"write `{reading} as {column}` in the select ({RECIPES})"
    return f"see {RECIPES}"


def unparsed(error: Exception, connection: duckdb.DuckDBPyConnection) -> str | None:
    """What to say when strptime met a value of another form; none where the error is another."""
    pattern = r'Could not parse string "(.*?)" according to format specifier "(.*?)"'
    found = re.search(pattern, str(error), re.DOTALL)
    if not found:
        return None
    value, given = found.groups()
    message = (
        f"strptime with '{given}' cannot read a value of the form `{form_of(value)}`, "
        "where 9 is a digit and a is a letter. "
    )
    formats = [text for text in readable_formats([value], connection) if text != given]
    if formats:
        message += f"Write {' or '.join(repr(text) for text in formats)} where all values have it. "
    return message + (
        "Where one alone has it, take the recipe for dates in several forms, in "
        "examples/own_data/README.md: it hands on what cannot be read, so that it is counted. "
    )
