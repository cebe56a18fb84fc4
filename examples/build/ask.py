"""Ask a question of analyses/, or look at a table or at the rows of a failed test, whole.

    make ask                                                    lists the questions
    make ask Q=did_the_experiment_work
    make ask Q=why_is_a_contact_held_back ONLY=S1263            rows with that value alone
    make ask Q=segment_health                                   the rows of a table

dbt show cuts wide tables and long values; this prints every column. Of a model it would run the
query, and show what an incremental one would add; this reads the table as it was built. The
database is that of CRM_DUCKDB_PATH, and the variables beside it are taken along.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dbt_show import shown
from own_variables import with_own_variables
from text_tables import as_text, text_table

ROOT = Path(__file__).resolve().parents[2]
ANALYSES = ROOT / "analyses"


def questions(folder: Path = ANALYSES) -> dict[str, str]:
    """The questions, by the name of their file: what its first comment asks."""
    asked = {
        path.stem: re.search(r"^-- (.+?[?])", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in sorted(folder.glob("*.sql"))
    }
    return {name: found[1] for name, found in asked.items() if found}


def listed(known: dict[str, str]) -> str:
    """The questions as lines, the name first."""
    width = max(map(len, known))
    return "\n".join(f"  {name:<{width}}  {question}" for name, question in known.items())


def is_table(name: str) -> bool:
    """Whether a model or a seed of the project has this name."""
    places = (f"models/**/{name}.sql", f"seeds/**/{name}.csv")
    return re.fullmatch(r"\w+", name) is not None and any(any(ROOT.glob(p)) for p in places)


def in_order(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of a table, which has no order of its own, by its columns from the left."""
    return sorted(rows, key=lambda row: [(value is None, value) for value in row])


def explained(message: object) -> str:
    """What dbt said, and what to do where a table is missing that the question reads."""
    if not re.search(r"does not exist|TABLE_OR_VIEW_NOT_FOUND", str(message)):
        return str(message)
    return (
        f"{message}\nThat table has not been built here, or a build that stopped left it out. "
        "make status says how the last one ended, make ask Q=input_checks what was wrong with "
        "what came in, and make build builds what is missing."
    )


def answered(
    names: Sequence[str], rows: Sequence[tuple[object, ...]], only: str | None, limit: int
) -> str:
    """The rows as a table, and how many more there are.

    Args:
        names: The names of the columns.
        rows: The rows.
        only: A value that a row must have in some column; none for all rows.
        limit: How many rows to print.
    """
    found = [row for row in rows if only is None or only in map(as_text, row)]
    if not found and (only is None or not rows):
        return "The answer has no row.\n"
    if not found:
        return f"None of the {len(rows)} rows of the answer has the value {only} in a column.\n"
    more = len(found) - limit
    end = f"{more} more: LIMIT={len(found)} shows all.\n" if more > 0 else ""
    return text_table(names, found[:limit]) + end


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer a question, or list them; 0 when that was done, 1 when dbt could not, 2 for none."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", nargs="?", default="", help="an analysis, a model or a data test")
    parser.add_argument("--only", help="a value that each row must have in some column")
    parser.add_argument("--limit", type=int, default=50, help="how many rows to print")
    parser.add_argument("--vars", help="variables, as dbt takes them")
    parser.add_argument("--target", help="target of profiles.yml; its default if left out")
    given = parser.parse_args(arguments)
    if not given.name:
        print(
            f"{listed(questions())}\n\nmake ask Q=name answers one, of any database;"
            " the name of a table or of a data test shows its rows."
        )
        return 0
    flags = ["--vars", given.vars] if given.vars else []
    flags += ["--target", given.target] if given.target else []
    table_rows = f"select * from {{{{ ref('crm_segmentation', '{given.name}') }}}}"
    is_whole_table = is_table(given.name)
    # By its name dbt would select the table's tests as well, each with an answer of its own.
    wanted = ("--inline", table_rows) if is_whole_table else ("-s", given.name)
    try:
        results = shown(*wanted, *with_own_variables(flags))
    except RuntimeError as error:
        print(explained(error), file=sys.stderr)
        return 1
    if not results:
        print(
            f"No question, table or test is called {given.name}. Questions are:\n\n"
            f"{listed(questions())}",
            file=sys.stderr,
        )
        return 2
    for result in results:
        table = result.agate_table
        rows = [tuple(row.values()) for row in table.rows]
        rows = in_order(rows) if is_whole_table else rows
        print(answered(table.column_names, rows, given.only, given.limit), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
