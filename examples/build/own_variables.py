"""The variables of a company's own data, in one file beside its database.

`load.py` writes shop.vars.yml beside shop.duckdb. `make build`, `make backfill` and the fit of the
lifetime values read it by themselves, dbt by `--vars "$(cat shop.vars.yml)"`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

HEAD = """\
# What {database} is built with, as {mapping} says; every load writes it anew.
# dbt reads it so: CRM_DUCKDB_PATH={database} dbt build --vars "$(cat {file})"
"""


def variables_file(database: Path) -> Path:
    """Where the variables of a database stand."""
    return database.with_suffix(".vars.yml")


def write_variables(database: Path, mapping: Path, variables: dict[str, Any]) -> Path:
    """Write the variables of a database beside it."""
    path = variables_file(database)
    head = HEAD.format(database=database.name, mapping=mapping.name, file=path.name)
    path.write_text(head + yaml.safe_dump(variables, sort_keys=False), encoding="utf-8")
    return path


def own_variables(target: str | None = None) -> dict[str, Any]:
    """The variables beside the DuckDB file at hand; none where no loader wrote any."""
    path = variables_file(Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb")))
    if target not in (None, "duckdb") or not path.exists():
        return {}
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def with_own_variables(arguments: Sequence[str]) -> list[str]:
    """Arguments of dbt with the variables of the database; what they say themselves goes first."""
    values = {"--vars": "{}", "--target": None, "-t": None}
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, separator, value = word.partition("=")
        if name == "--vars":
            values[name] = value if separator else next(words, "{}")
            continue
        rest.append(word)
        if name in values:
            values[name] = value if separator else next(words, "")
            rest += [] if separator else [values[name]]
    variables = own_variables(values["--target"] or values["-t"])
    variables |= yaml.safe_load(values["--vars"] or "{}") or {}
    return [*rest, "--vars", yaml.safe_dump(variables)] if variables else rest
