"""What a load has done, in lines that a person reads."""

from __future__ import annotations

import json
import os
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


def next_command(mapping: Mapping, database: Path) -> str:
    """The command that builds what was loaded."""
    variables = shlex.quote(json.dumps(dbt_variables(mapping)))
    path = shlex.quote(os.path.abspath(database))
    return f"CRM_DUCKDB_PATH={path} dbt build --vars {variables}"
