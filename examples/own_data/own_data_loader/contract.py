"""The input contract and the variables, as the project's own files declare them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .problems import LoadError
from .yaml_file import read_yaml

PROJECT = Path(__file__).resolve().parents[3]
CONTRACT_FILE = PROJECT / "models" / "staging" / "_raw__sources.yml"
PROJECT_FILE = PROJECT / "dbt_project.yml"


@dataclass(frozen=True)
class Column:
    """One column of the contract."""

    name: str
    data_type: str
    required: bool


@dataclass(frozen=True)
class Table:
    """One raw table of the contract, its columns in the contract's order."""

    name: str
    required: bool
    columns: dict[str, Column]


def read_contract(path: Path = CONTRACT_FILE) -> dict[str, Table]:
    """The raw tables and columns as the project's source file declares them."""
    content, _ = read_yaml(path)
    try:
        return {
            table["name"]: Table(
                name=table["name"],
                required=_is_required(table),
                columns={
                    column["name"]: Column(
                        column["name"], column["data_type"], _is_required(column)
                    )
                    for column in table["columns"]
                },
            )
            for source in content["sources"]
            if source["name"] == "raw"
            for table in source["tables"]
        }
    except (KeyError, TypeError) as error:
        raise LoadError(f"{path}: not a source file of this project ({error!r}).") from None


def _is_required(entry: dict[str, Any]) -> bool:
    return bool(entry.get("config", {}).get("meta", {}).get("required", False))


def read_variable_names(path: Path = PROJECT_FILE) -> list[str]:
    """The names of the variables that dbt_project.yml declares."""
    content, _ = read_yaml(path)
    return list(content.get("vars", {}).get(content.get("name"), {}))
