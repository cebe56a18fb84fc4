"""What a mapping file may hold, as a JSON Schema, and what is said where one does not fit it.

Every part of the schema that can refuse a value carries under `say` the sentence for it: `{place}`
is where the value stands, `{value}` the value itself, `{hint}` what may have been meant. JSON
Schema passes over a key that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .contract import Table
from .problems import nearest

MAPPING_KEYS = ("files", "steps", "tables", "vars")
FILE_KEYS = ("path", "delimiter", "encoding", "skip")
CSV_ENCODINGS = ("utf-8", "utf-16", "latin-1", "windows-1252")
LOADER_VARS = ("demo_data", "raw_database", "raw_schema", "raw_tables", "empty_raw_tables")

SECTION = {"type": "object", "say": "`{place}` must be a mapping of names, one a line."}
SELECT = {
    "type": "string",
    "pattern": r"\S",
    "say": "{place} must be a SQL select. Write one, such as `select * from orders`.",
}
FILE = {
    "type": ["string", "object", "null"],
    "say": "{place}: path must be a text. Write the path of the file, or null and --file.",
    "propertyNames": {"enum": list(FILE_KEYS), "say": "{place}: unknown key `{value}`. {hint}"},
    "properties": {
        "path": {
            "type": ["string", "null"],
            "say": "{place}: path must be a text. Put it in quotes.",
        },
        "delimiter": {
            "type": ["string", "null"],
            "maxLength": 1,
            "say": "{place}: delimiter must be one character. Put it in quotes.",
        },
        "encoding": {
            "enum": [*CSV_ENCODINGS, "", None],
            "say": "{place}: unknown encoding {value}. {hint}",
        },
        "skip": {
            "type": "integer",
            "minimum": 0,
            "say": "{place}: skip must be the number of lines above the names of the columns.",
        },
    },
}


def mapping_schema(
    contract: dict[str, Table], variable_names: Sequence[str], file_names: Iterable[str] = ()
) -> dict[str, Any]:
    """The schema of a mapping: the contract's tables, the project's variables, and no others."""
    name = {
        "allOf": [
            {
                "pattern": "^[a-z_][a-z0-9_]*$",
                "say": "`{value}` cannot name a file or step. "
                "Use lower-case letters, digits and underscores.",
            },
            {
                "not": {"enum": list(contract)},
                "say": "`{value}` is the name of a raw table. Give the file or step another name.",
            },
        ]
    }
    new_name = {
        "not": {"enum": list(file_names)},
        "say": "`{value}` names a file and a step. Rename one of them.",
    }
    variable = {
        "allOf": [
            {
                "not": {"enum": list(LOADER_VARS)},
                "say": "{place} is set by the loader. Remove it.",
            },
            {
                "enum": [*variable_names, *LOADER_VARS],
                "say": "{place}: dbt_project.yml has no such variable. {hint}",
            },
        ]
    }
    table = {"enum": list(contract), "say": "{place}: the contract has no such table. {hint}"}
    return {
        "type": "object",
        "propertyNames": {"enum": list(MAPPING_KEYS), "say": "unknown key `{value}`. {hint}"},
        "properties": {
            "files": {**SECTION, "propertyNames": name, "additionalProperties": FILE},
            "steps": {
                **SECTION,
                "propertyNames": {"allOf": [*name["allOf"], new_name]},
                "additionalProperties": SELECT,
            },
            "tables": {
                **SECTION,
                "propertyNames": table,
                "properties": {known: _table_schema(known) for known in contract},
                "allOf": [_required(known) for known in contract.values() if known.required],
            },
            "vars": {**SECTION, "propertyNames": variable},
        },
    }


def _table_schema(name: str) -> dict[str, Any]:
    """A select, or `empty: true`."""
    say = f"tables.{name} must be a SQL select, or `empty: true` for no rows."
    return {
        "type": ["string", "object"],
        "pattern": r"\S",
        "required": ["empty"],
        "propertyNames": {"const": "empty", "say": say},
        "properties": {"empty": {"const": True, "say": say}},
        "say": say,
    }


def _required(table: Table) -> dict[str, Any]:
    return {
        "required": [table.name],
        "say": f"the required table {table.name} is missing. "
        f"Map it under `tables`, or write `{table.name}: {{{{empty: true}}}}`.",
    }


def problems_of(
    content: dict[str, Any], schema: dict[str, Any]
) -> list[tuple[tuple[str, ...], str]]:
    """What is wrong with the content of a mapping: the keys that lead there, and a sentence."""
    errors = Draft202012Validator(schema).iter_errors(content)
    # One entry may break several rules that say the same.
    return list(dict.fromkeys(_problem_of(error) for error in errors))


def _problem_of(error: ValidationError) -> tuple[tuple[str, ...], str]:
    keys = tuple(str(key) for key in error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        keys = (*keys, str(error.instance))
    return keys, error.schema["say"].format(
        place=".".join(keys[:2]),
        value=error.instance,
        hint=nearest(str(error.instance), filter(None, error.schema.get("enum", []))),
    )
