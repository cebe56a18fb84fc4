"""What a user can put right, and how it is said."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "privacy"))
from masking import masked

# Messages that speak of a select and quote no row.
ABOUT_SELECTS = (
    *(duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException),
    *(duckdb.SyntaxException, duckdb.IOException, duckdb.PermissionException),
)


# Where a message of DuckDB names the file that it is about.
FILE = re.compile(r"^\s*file ?= ?(.+)$", re.MULTILINE)


class LoadError(Exception):
    """One or more problems that the user can put right, each a sentence or two."""

    def __init__(self, problems: str | Sequence[str]) -> None:
        """Keep the problems, one text each."""
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names what the user may have meant, or else all there is."""
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Known are: {', '.join(names)}." if names else "There is none to choose from."


def advice(error: Exception) -> str:
    """What to change after an error that many files bring about, with a space behind it."""
    if re.search("not .+ encoded", str(error)):
        return "Correct `encoding` of the file: windows-1252 is that of Excel on Windows. "
    return ""


def csv_row(error: Exception) -> str | None:
    """What is wrong with a line of a CSV, and with which; none where the error is another."""
    text = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", text)
    file = FILE.search(text)
    if not line or not file:
        return None
    place = f"line {line.group(1)} of {Path(file.group(1).strip()).name}"
    count = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if not count:
        return (
            f"{place} cannot be read as CSV. A value that holds a quote, the delimiter or a line "
            "break stands in double quotes, and a quote within it is written twice. "
        )
    expected, found = map(int, count.groups())
    hint = (
        "Put double quotes around a value that holds the delimiter."
        if found > expected
        else "Complete the line, or delete it where it is no row, as a line of totals is."
    )
    of = "value" if found == 1 else "values"
    return f"{place} has {found} {of}, where the names above are {expected}. {hint} "


def first_line(error: Exception, select: str = "") -> str:
    """A DuckDB message without the query that it repeats and without a value of any row."""
    told = isinstance(error, duckdb.Error) and not isinstance(error, ABOUT_SELECTS)
    text = masked(str(error), select) if told else str(error)
    lines = [line.strip() for line in text.splitlines()]
    kept: list[str] = []
    for line in lines:
        if not line or line.startswith(("LINE ", "The search space")):
            if kept:
                break
            continue
        kept.append(line)
    message = " ".join(kept[:3])
    file = FILE.search(text)
    if file and not told:
        message += f" in {file.group(1).strip()}"
    return message if message.endswith((".", "!")) else f"{message}."
