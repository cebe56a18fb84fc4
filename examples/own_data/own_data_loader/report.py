"""What a load has done, in lines that a person reads."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from .mapping import Mapping, dbt_variables
from .tables import LoadedTable


def report(loaded: Sequence[LoadedTable]) -> str:
    """What was loaded, table by table, and what to look at."""
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
    return "\n".join(lines)


def unread(mapping: Mapping, loaded: Sequence[LoadedTable]) -> list[str]:
    """Which required tables got no row that can be read, of which files, and what to do about it.

    A table that is to be empty is none of them, nor is one of a file without a row beside tables
    that have rows: a day may have no order. Of the others the input report tells.

    Args:
        mapping: What was loaded.
        loaded: What became of it.

    Returns:
        A sentence or two for each table; none where a build has something to work with.
    """
    asked = [t for t in loaded if t.is_required and mapping.tables[t.name] is not None]
    is_all_empty = not any(table.row_count for table in asked)
    problems = []
    for table in asked:
        where = mapping.place("tables", table.name)
        names = ", ".join(files_of(mapping, table.name)) or "no file"
        if table.row_count and not table.readable_count:
            problems.append(
                f"{where} got {table.row_count:,} rows of {names}, and none can be read: the notes"
                f" above say which columns are at fault. Correct the select, or write"
                f" `empty: true` for {table.name} to build without it."
            )
        elif is_all_empty:
            problems.append(
                f"{where} got no row of {names}. See whether the file has more than its header, and"
                f" whether a `where` in the select leaves out every row."
            )
    return problems


def files_of(mapping: Mapping, table: str) -> list[str]:
    """The files that a table is made of, each with its path, in the order of the mapping."""
    texts = [mapping.tables[table] or ""]
    for name in reversed(mapping.steps):
        if any(re.search(rf"\b{name}\b", text) for text in texts):
            texts.append(mapping.steps[name])
    return [
        f"{name} ({file.path})"
        for name, file in mapping.files.items()
        if any(re.search(rf"\b{name}\b", text) for text in texts)
    ]


def next_command(mapping: Mapping, database: Path) -> str:
    """The command that builds what was loaded."""
    variables = shlex.quote(json.dumps(dbt_variables(mapping)))
    path = shlex.quote(os.path.abspath(database))
    return f"CRM_DUCKDB_PATH={path} dbt build --vars {variables}"
