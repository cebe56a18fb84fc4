"""Walk through a built demo: ten questions, the query and the answer of each. Nothing is written.

On a terminal it waits for Enter after each step and ends with q; elsewhere it prints all ten. The
database is that of CRM_DUCKDB_PATH, else crm.duckdb.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "build"))
from text_tables import answer  # noqa: E402

STEPS = Path(__file__).with_name("tour.sql")
STEP = re.compile(r"^-- (\d+\. .+)\n-- (.+)\n((?:.+\n)+)", re.MULTILINE)


class Step(NamedTuple):
    """A question, what to see in its answer, and the query."""

    question: str
    remark: str
    sql: str


def steps() -> list[Step]:
    """The steps of tour.sql in their order."""
    return [Step(*found) for found in STEP.findall(STEPS.read_text(encoding="utf-8"))]


def shown(step: Step, connection: duckdb.DuckDBPyConnection) -> str:
    """A step as it is printed: question, query, answer, and what to see in it."""
    given = answer(connection, step.sql)
    return f"\n{step.question}\n\n{step.sql}\n{given}\n{step.remark}\n"


def walk(database: Path, wait: Callable[[], bool]) -> int:
    """Print every step; 0 at the end, 2 where the database holds no demo.

    Args:
        database: The DuckDB file, which is opened for reading alone.
        wait: Waits until the reader has read a step; false to end.
    """
    if not database.exists():
        print(f"{database} is not there: run make build first.", file=sys.stderr)
        return 2
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            for step in steps():
                print(shown(step, connection), flush=True)
                if not wait():
                    break
        except duckdb.CatalogException as error:
            table = re.search(r"Table with name (\w+)", str(error))
            name = table[1] if table else "a table"
            print(f"{database} has no {name}: the tour is of a built demo.", file=sys.stderr)
            return 2
    return 0


def read_on() -> bool:
    """Wait for Enter on a terminal; false when the reader has had enough."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    try:
        return input("Enter goes on, q ends. ").strip().lower() != "q"
    except EOFError:
        return False


def main() -> int:
    """Walk through the database that is named, or the demo."""
    return walk(Path(os.environ.get("CRM_DUCKDB_PATH") or ROOT / "crm.duckdb"), read_on)


if __name__ == "__main__":
    sys.exit(main())
