"""Write the outputs on the pages anew: what each query on them gives on the demo.

Every block of SQL in README.md and docs/*.md is a query on the demo, unless its fence says
`sql elsewhere`. Where a block of text follows, it is the output. With --check nothing is written,
and the exit code is 1 where a page is not as it would be written.
Usage: python docs/outputs.py [--check] [DATABASE]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples" / "build"))
import text_tables  # noqa: E402

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# A query, and the output behind it where there is one.
BLOCK = re.compile(
    r"^```sql\n(?P<sql>.*?)^```\n(?:\n?```text\n(?P<output>.*?)^```\n)?", re.M | re.S
)


class Query(NamedTuple):
    """A query on a page, with the output that the page shows, if any.

    Attributes:
        page: The file.
        sql: The query.
        output: What stands in the block behind it; none where there is no block.
        start: Where the output begins in the text of the page.
        end: Where it ends.
    """

    page: Path
    sql: str
    output: str | None
    start: int
    end: int


def queries(page: Path) -> list[Query]:
    """Every query on a page, in its order."""
    text = page.read_text(encoding="utf-8")
    return [Query(page, b["sql"], b["output"], *b.span("output")) for b in BLOCK.finditer(text)]


def answer(database: Path, sql: str) -> str:
    """What a query gives on a DuckDB file, which is only read."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return text_tables.answer(connection, sql)


def written(page: Path, database: Path) -> str:
    """The text of a page with the outputs that a database gives."""
    text = page.read_text(encoding="utf-8")
    for query in reversed(queries(page)):
        if query.output is not None:
            text = text[: query.start] + answer(database, query.sql) + text[query.end :]
    return text


def main() -> int:
    """Write the pages, or compare them; 0 when they are as they should be."""
    words = sys.argv[1:]
    database = Path(next((word for word in words if word != "--check"), ROOT / "crm.duckdb"))
    stale = 0
    for page in PAGES:
        text = written(page, database)
        if text != page.read_text(encoding="utf-8"):
            stale += 1
            print(f"{page.relative_to(ROOT)} {'is stale' if '--check' in words else 'written'}")
            if "--check" not in words:
                page.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main())
