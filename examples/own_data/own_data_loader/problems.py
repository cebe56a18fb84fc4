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
    file = re.search(r"^\s*file ?= ?(.+)$", text, re.MULTILINE)
    if file and not told:
        message += f" in {file.group(1).strip()}"
    return message if message.endswith((".", "!")) else f"{message}."
