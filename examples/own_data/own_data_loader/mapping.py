"""A mapping file: which files there are, how they become raw tables, and with what variables."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .contract import Table
from .problems import LoadError, nearest
from .schema import MAPPING_KEYS, mapping_schema, problems_of
from .yaml_file import Lines, read_yaml


@dataclass(frozen=True)
class SourceFile:
    """A file that the mapping names; a path of None has to come from the command line."""

    path: Path | None
    delimiter: str | None = None
    encoding: str | None = None
    skip: int = 0


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says. A table mapped to None is to be empty."""

    path: Path
    files: dict[str, SourceFile]
    steps: dict[str, str]
    tables: dict[str, str | None]
    variables: dict[str, Any]
    lines: Lines

    def place(self, *keys: str) -> str:
        """Where an entry stands, as a message names it."""
        return f"{_where(self.path, _line(self.lines, keys))}: {'.'.join(keys)}"


def read_mapping(
    path: Path,
    contract: dict[str, Table],
    variable_names: Sequence[str],
    file_arguments: Sequence[str] = (),
) -> Mapping:
    """Read a mapping and the `name=path` arguments; raise one error with all that is wrong."""
    written, lines = read_yaml(path)
    content: dict[str, Any] = {key: {} for key in MAPPING_KEYS}
    # A section without entries is as good as none.
    content |= {str(key): _named(section or {}) for key, section in written.items()}
    files = content["files"] if isinstance(content["files"], dict) else {}
    schema = mapping_schema(contract, variable_names, files)
    found = sorted(
        (_line(lines, keys), sentence) for keys, sentence in problems_of(content, schema)
    )
    given, problems = _read_file_arguments(path, files, file_arguments)
    problems += [f"{_where(path, line)}: {sentence}" for line, sentence in found]
    if problems:
        raise LoadError(problems)
    return Mapping(
        path,
        {name: _source_file(path, entry, given.get(name)) for name, entry in files.items()},
        content["steps"],
        {
            name: select if isinstance(select := content["tables"][name], str) else None
            for name in contract
            if name in content["tables"]
        },
        {name: _plain(value) for name, value in content["vars"].items()},
        lines,
    )


def dbt_variables(mapping: Mapping) -> dict[str, Any]:
    """The variables that make dbt read exactly what this mapping loads."""
    empty = [name for name, select in mapping.tables.items() if select is None]
    variables = {"demo_data": False, "raw_tables": list(mapping.tables)}
    # Nobody has to be told at every build of what he said himself.
    return variables | ({"empty_raw_tables": empty} if empty else {}) | mapping.variables


def _line(lines: Lines, keys: tuple[str, ...]) -> int:
    """The line of the innermost of these keys that stands in the file; 0 where none does."""
    while keys and keys not in lines:
        keys = keys[:-1]
    return lines.get(keys, 0)


def _where(path: Path, line: int) -> str:
    return f"{path}, line {line}" if line else str(path)


def _named(entry: object) -> object:
    """The same with texts as keys, two keys deep: YAML takes `1:` for a number."""
    if not isinstance(entry, dict):
        return entry
    return {
        str(name): {str(key): value for key, value in inner.items()}
        if isinstance(inner, dict)
        else inner
        for name, inner in entry.items()
    }


def _plain(value: object) -> object:
    """A value of a variable: YAML reads an unquoted day as a date, dbt wants the text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _read_file_arguments(
    path: Path, files: dict[str, Any], arguments: Sequence[str]
) -> tuple[dict[str, Path], list[str]]:
    """The paths that the command line gives, and what is wrong with it."""
    given: dict[str, Path] = {}
    problems: list[str] = []
    for argument in arguments:
        name, separator, value = argument.partition("=")
        if not separator or not name or not value:
            problems.append(f"--file {argument}: write it as name=path.")
        elif name not in files:
            problems.append(
                f"--file {argument}: {path} names no file `{name}`. {nearest(name, files)}"
            )
        else:
            given[name] = Path(value).expanduser()
    return given, problems


def _source_file(mapping_path: Path, entry: object, given: Path | None) -> SourceFile:
    """A file of the mapping; a path is relative to the mapping, unless the command line gave it."""
    options = entry if isinstance(entry, dict) else {"path": entry}
    own = options.get("path")
    beside_mapping = mapping_path.parent / Path(own).expanduser() if own else None
    return SourceFile(
        given or beside_mapping,
        options.get("delimiter"),
        options.get("encoding"),
        options.get("skip", 0),
    )
