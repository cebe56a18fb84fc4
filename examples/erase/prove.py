"""Look for what erased people told: in every table and view of the database, and in files.

values.txt has a value a line; "Ann & Lee" is found where the two stand near each other. Of an
e-mail address MD5, SHA-1 and SHA-256 are looked for too, of a number the last eight digits. What is
printed names places and line numbers, so it may be kept where the values may not.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from postgres_connection import connect_to_postgres

RELATIONS = """
    select table_type, table_schema, table_name from information_schema.tables
    where table_schema not in ('information_schema', 'pg_catalog') order by 1, 2, 3
"""
# 28 Church Road does not stand in 128 Church Road.
START = "(^|[^0-9])"
NEAR = ".{0,60}"
MATCHES = {"duckdb": "regexp_matches", "postgres": "regexp_like"}


def forms(value: str) -> list[str]:
    """Regular expressions of Python, DuckDB and PostgreSQL for how a value may be written."""
    parts, digits = re.escape(value).split(r"\ \&\ "), re.sub(r"\D", "", value)
    if len(parts) > 1:
        return [NEAR.join(parts), NEAR.join(reversed(parts))]
    if "@" in value:
        hashes = (hashlib.new(name, value.lower().encode()) for name in ("md5", "sha1", "sha256"))
        return [*parts, *(made.hexdigest() for made in hashes)]
    if len(digits) > 8 and not re.search("[A-Za-z]", value):
        return [*parts, r"[ ()./+-]{0,3}".join(digits[-8:])]
    return [START + part if value[0].isdigit() else part for part in parts]


def held(text: str, values: list[str]) -> list[bool]:
    """Of each value whether a text holds it."""
    lower = text.lower()
    # What begins with plain text is found fast.
    return [
        any(
            re.search(form.removeprefix(START), lower) and re.search(form, lower)
            for form in forms(value.lower())
        )
        for value in values
    ]


def in_database(cursor: Any, matches: str, values: list[str]) -> Iterator[tuple[str, list[bool]]]:  # noqa: ANN401
    """Each relation, and of each value whether a row holds it."""
    looks = {form.split(NEAR)[0].removeprefix(START) for value in values for form in forms(value)}
    pattern = "|".join(sorted(looks)).replace("'", "''")
    cursor.execute(RELATIONS)
    for kind, schema, name in cursor.fetchall():
        rows = f'select cast(to_json(row_) as varchar) as row_text from "{schema}"."{name}" as row_'
        likely = f"select * from ({rows}) as all_rows where {matches}(row_text, '{pattern}', 'i')"
        cursor.execute(likely)
        text = "\n".join(row for (row,) in cursor.fetchall())
        yield f"{kind.split()[-1].lower()} {schema}.{name}", held(text, values)


def in_files(tops: list[Path], values: list[str]) -> Iterator[tuple[str, list[bool]]]:
    """Each file, and of each value whether the bytes hold it."""
    for path in sorted(path for top in tops for path in (top, *top.rglob("*")) if path.is_file()):
        yield f"file {path}", held(path.read_bytes().decode("utf-8", errors="replace"), values)


def connect(target: str) -> Any:  # noqa: ANN401
    """A connection to the database that profiles.yml names."""
    if target == "duckdb":
        import duckdb

        return duckdb.connect(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb"), read_only=True)
    return connect_to_postgres()


def main() -> int:
    """Read the command line and search; 0 when nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("values", type=Path)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--target", default="duckdb", choices=MATCHES)
    given = parser.parse_args()
    values = [line.strip() for line in given.values.read_text("utf-8").splitlines() if line.strip()]
    with closing(connect(given.target)) as connection, closing(connection.cursor()) as cursor:
        found = in_database(cursor, MATCHES[given.target], values)
        places = list(chain(found, in_files(given.files, values)))
    holding = [(place, holds) for place, holds in places if any(holds)]
    for place, holds in holding:
        print(f"{place}: line", ", ".join(str(line) for line, held in enumerate(holds, 1) if held))
    print(f"{len(values)} values, {len(places)} places searched, {len(holding)} hold some")
    return 1 if holding else 0


if __name__ == "__main__":
    sys.exit(main())
