"""Look at a schema that a loader wrote, and say what to add: `make connect SCHEMA=shopify_eu`.

It asks the warehouse for the columns of the schema and holds them against the tables that the
connectors read, as models/connectors/*/landed/*.yml describes them. It changes nothing and reads
no rows.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from dbt.cli.main import dbtRunner

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
from dbt_show import shown
from variables import Macros

ROOT = Path(__file__).resolve().parents[2]
MACROS = Macros({})
LOADERS = MACROS.connector_loaders()
# Tables of a schema with their columns, in lower case.
Columns = Mapping[str, set[str]]


@dataclass
class Table:
    """What a connector reads of one table, held against what landed."""

    name: str
    own_name: str
    needed_for: list[str]
    is_there: bool
    found: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    missing_and_needed: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)


@dataclass
class Match:
    """A system and a loader, and the tables of theirs."""

    system: str
    loader: str
    tables: list[Table]

    @property
    def found(self) -> int:
        """How much of the schema it explains, columns and tables."""
        return sum(1 + len(table.found) for table in self.tables if table.is_there)

    @property
    def missing(self) -> int:
        """How much of what it would read is not there."""
        return sum(len(table.missing) for table in self.tables)


def landed_models() -> dict[str, list[dict[str, Any]]]:
    """The landed models of each system, as their YAML describes them."""
    systems: dict[str, list[dict[str, Any]]] = {}
    for file in sorted((ROOT / "models/connectors").glob("*/landed/*.yml")):
        models = yaml.safe_load(file.read_text(encoding="utf-8"))["models"]
        systems.setdefault(file.parts[-3], []).extend(models)
    return systems


def columns_of(path: str, there: set[str], loader: str) -> set[str]:
    """The columns of a table that a path leads to.

    One with the joined name, else a JSON column, else one that a warehouse or a file made of it.
    """
    names = path.lstrip("^").split(".")
    about = LOADERS[loader]
    if about.get("lists_as_tables"):
        names = MACROS.snake_names(names)
    names = [name.lower().partition("[")[0] for name in names]
    joined = there & {(about["joined_by"] or ".").join(names)}
    return joined or there & {names[0]} or there & {"_".join(names), ".".join(names)}


def as_landed(name: str, loader: str, columns: Columns) -> str:
    """What a table is called in a schema: one of its days, or what the loader makes of a list."""
    parent, *lists = name.lower().split(".")
    pattern = parent.replace("*", "[0-9]+")
    parent = next((table for table in sorted(columns) if re.fullmatch(pattern, table)), parent)
    as_tables = LOADERS[loader].get("lists_as_tables")
    return "__".join([parent, *lists]) if as_tables else parent


def is_there(name: str, loader: str, columns: Columns) -> bool:
    """Whether a table, and the list within it that a name may speak of, has landed."""
    table, lists = as_landed(name, loader, columns), name.lower().split(".")[1:]
    as_tables = LOADERS[loader].get("lists_as_tables")
    return table in columns and (as_tables or set(lists[:1]) <= columns[table])


def tables_of(model: dict[str, Any], loader: str, columns: Columns) -> list[str]:
    """What a loader calls the tables of a landed model: one, or one for each kind of its rows.

    Of names that stand for one table the first that has landed is told, else the first.
    """
    groups = MACROS.table_groups(model["config"]["meta"]["tables"].get(loader, []))
    return [
        next((name for name in names if is_there(name, loader, columns)), names[0]).lower()
        for names in groups
    ]


def read_table(name: str, model: dict[str, Any], columns: Columns, loader: str) -> Table:
    """One landed table held against the schema. A list in a column is looked for, not into."""
    meta, own_name = model["config"]["meta"], as_landed(name, loader, columns)
    lists = name.split(".")[1:]
    there = columns.get(own_name, set())
    others = {as_landed(other, loader, columns) for other in tables_of(model, loader, columns)}
    needed_for = [] if (others - {own_name}) & set(columns) else meta.get("required_for") or []
    table = Table(name, own_name, needed_for, is_there(name, loader, columns))
    is_inner = lists and not LOADERS[loader].get("lists_as_tables")
    if not table.is_there or is_inner:
        table.read |= there & set(lists[:1])
        return table
    names_as = LOADERS[loader].get("names_as")
    for column in model["columns"]:
        about = column.get("config", {}).get("meta", {})
        paths = about.get(loader, about.get(names_as, about.get("path", column["name"])))
        paths = [paths] if isinstance(paths, str) else paths
        # What holds a list is looked for in its own table.
        paths = [path for path in paths if not (lists and path.startswith(("^", "#", ".")))]
        found = set().union(*(columns_of(path, there, loader) for path in paths))
        table.read |= found
        if found:
            table.found.append(column["name"])
        elif about.get("required") and paths and not lists:
            table.missing_and_needed.append(" or ".join(paths))
        elif paths and paths != ["@"] and column["name"] != "is_deleted":
            table.missing.append(" or ".join(paths))
    return table


def matches(columns: Columns) -> list[Match]:
    """Every system and loader that explains something of a schema, the best first.

    The loader is known by the columns that it adds; without any, each is tried. Of two that explain
    the same, the one that misses less is the better.
    """
    everything = set().union(*columns.values())
    signed = {name for name, loader in LOADERS.items() if loader["arrived"] in everything}
    found = []
    models_of = landed_models()
    for system, about in MACROS.connector_systems().items():
        for loader in about["loaders"]:
            tables = [
                read_table(name, model, columns, loader)
                for model in models_of[about.get("read_as", system)]
                for name in tables_of(model, loader, columns)
            ]
            if not signed or loader in signed:
                found.append(Match(system, loader, tables))
    return sorted(
        (m for m in found if m.found), key=lambda m: (-m.found, m.missing, m.system, m.loader)
    )


def listed(names: set[str] | list[str], most: int = 8) -> str:
    """Names in a sentence, a long list cut off."""
    shown = sorted(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more


def report(schema: str, columns: Columns) -> tuple[str, bool]:
    """What is to be said of a schema, and whether it can be connected as it is."""
    found = matches(columns)
    if not columns:
        return f"The schema {schema} has no tables, or is not there.", False
    if not found:
        return f"No table of {schema} is one that a connector reads: {listed([*columns])}.", False
    best = found[0]
    feeds = MACROS.connector_systems()[best.system]
    lines = [f"{schema} seems to be {best.system}, landed by {best.loader}.", ""]
    is_ready = True
    for table in best.tables:
        if not table.is_there:
            fed = set(table.needed_for) & set(feeds["feeds"])
            wanted = (
                f"MISSING, and needed for {listed(fed)}" if fed else "not there: reads as empty"
            )
            is_ready = is_ready and not fed
            lines.append(f"  {table.name}: {wanted}")
            continue
        lines.append(
            f"  {table.name}: there" + (f", {len(table.found)} columns" * bool(table.found))
        )
        if table.missing_and_needed:
            is_ready = False
            lines.append(f"    MISSING, and needed: {'; '.join(table.missing_and_needed)}")
        if table.missing:
            lines.append(f"    not there, read as null: {'; '.join(table.missing)}")
        unread = columns[table.own_name] - table.read
        unread = {name for name in unread if not name.startswith(("_fivetran", "_airbyte", "_dlt"))}
        if unread and ("." not in table.name or "__" in table.own_name):
            lines.append(f"    not read: {listed(unread)}")
    others = set(columns) - {table.own_name for table in best.tables}
    days = [table.name.replace("*", "[0-9]+") for table in best.tables if "*" in table.name]
    others = {name for name in others if not any(re.fullmatch(day, name) for day in days)}
    lines += [f"  Not read: {listed(others)}"] if others else []
    entry = f"{{system: {best.system}, loader: {best.loader}, schema: {schema}}}"
    lines += ["", "Under vars, crm_segmentation of dbt_project.yml:", "", "    demo_data: false"]
    lines += ["    raw_tables: []", "    connectors:", f"      - {entry}", ""]
    lines.append(f"It feeds {', '.join(feeds['feeds'])}.")
    if feeds["feeds_when_asked"]:
        lines.append(f"Only when feeds asks for it: {', '.join(feeds['feeds_when_asked'])}.")
    if not is_ready:
        lines.append("Sync what is missing first: the run would stop and name it.")
    return "\n".join(lines), is_ready


def columns_in(
    schema: str, database: str | None, invoke: Callable[[list[str]], Any], target: str | None = None
) -> Columns:
    """The tables of a schema and their columns, as dbt reads them from the warehouse.

    Raises:
        RuntimeError: dbt could not ask; the message is dbt's.
    """
    where = [f"lower(table_schema) = lower('{escaped(schema)}')"]
    where += [f"lower(table_catalog) = lower('{escaped(database)}')"] if database else []
    sql = "select table_name, column_name from information_schema.columns where "
    words = ["--inline", sql + " and ".join(where), "--output", "json"]
    words += ["--target", target] if target else []
    try:
        (found,) = shown(*words, invoke=invoke)
    except RuntimeError as error:
        raise RuntimeError(f"dbt could not look at {schema}: {error}") from error
    columns: dict[str, set[str]] = {}
    for table, column in found.agate_table.rows:
        columns.setdefault(table.lower(), set()).add(column.lower())
    return columns


def escaped(name: str) -> str:
    """A name within quotes of SQL."""
    return name.replace("'", "''")


def main() -> int:
    """Run the command line; 0 when the schema can be connected as it is."""
    parser = argparse.ArgumentParser(description="Look at a schema that a loader wrote.")
    parser.add_argument("schema", help="the schema that the loader writes to")
    parser.add_argument("--database", help="its database, where it is not the target's")
    parser.add_argument("--target", help="the target of profiles.yml")
    options = parser.parse_args()
    if not options.schema:
        print("SCHEMA is missing. Name one: make connect SCHEMA=shopify", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        columns = columns_in(options.schema, options.database, dbtRunner().invoke, options.target)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    said, is_ready = report(options.schema, columns)
    print(said)
    return 0 if is_ready else 1


if __name__ == "__main__":
    sys.exit(main())
