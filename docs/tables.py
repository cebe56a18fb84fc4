"""Write docs/tables.md: every public table with its grain, its key, its columns and its joins.

Everything on the page is what dbt knows: descriptions and types from the YAML of the models, keys
from their tests. With --check nothing is written, and the exit code is 1 where the page is not as
it would be written. Run it from the root of the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from writing import ROOT, read_manifest, write_or_check

PAGE = ROOT / "docs" / "tables.md"
Keys = Mapping[str, list[str]]
# Schemas in the order in which a reader meets them, and what stands in each.
SCHEMAS = {
    "personal": "People with names and addresses, and rows that could not be used: personal data.",
    "contacts": "What is known of people, by id alone: orders, activity, scores, stages, traits.",
    "segments": "Who is in which segment since when, and whether the segment is worth having.",
    "campaigns": "What messages, experiments and segments brought.",
    "quality": "What became of the rows that came in, and what to look at.",
    "audiences": "Who may be contacted where, and what leaves for each destination.",
}
# What a diagram that fits on a screen shows.
DRAWN = (
    *("contacts", "contact_records", "orders", "order_items", "products", "events", "sessions"),
    *("contact_traits", "contact_consents", "segment_definitions", "segment_memberships"),
    *("campaigns", "campaign_sends", "experiments", "experiment_assignments", "audience_members"),
)
OF_EACH_DESTINATION = (
    "| `audience_<destination>__contacts` | member of the audience, in the destination's words |",
    "| `audience_<destination>__changes` | contact that the destination has to be told about |",
    "",
    "The last two stand there for each of `destinations`: [activation.md](activation.md).",
)
INTRODUCTION = """# Tables

Every public table: what a row is, what tells rows apart, and its columns. `make docs` shows the
same with lineage. Schemas are named `<target schema>_<name>`: with the demo `main_contacts`,
`main_segments` and so on. Moments are UTC, days are UTC days, money is in the currency that the
column names or in `reporting_currency`.

This page is written by `python docs/tables.py` from the YAML of the models."""


@dataclass(frozen=True)
class ForeignKey:
    """A column that holds the key of another table.

    Attributes:
        table: The table with the column.
        column: Its name.
        parent: The table that it leads to.
        key: The key of that table.
        is_certain: Whether every value stands there; else some may be unknown.
    """

    table: str
    column: str
    parent: str
    key: str
    is_certain: bool


def public_tables(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Public models by name, those of single destinations left out."""
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["access"] == "public"
        and node["package_name"] == "crm_segmentation"
        and not re.fullmatch(r"audience_\w+__(contacts|changes)", node["name"])
    }


def keys(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """The key of each model whose test are_sound says it, by the model's unique id."""
    return {
        node["attached_node"]: node["test_metadata"]["kwargs"]["key"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "are_sound"
    }


def plain(text: str) -> str:
    """A description on one line, safe in a cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def grain(node: Mapping[str, Any]) -> str:
    """What a row of a table is, in the words of its description."""
    found = re.match(r"One row per (.+?)(?:[:.]\s|[:.]?$)", plain(node["description"]))
    return found[1] if found else ""


def foreign_keys(manifest: Mapping[str, Any]) -> list[ForeignKey]:
    """Every column of a public table that leads to another one; the macro has the same."""
    tables = public_tables(manifest)
    found = []
    for parent, node in tables.items():
        rule = node["config"]["meta"].get("referenced_by", {})
        for name, child in tables.items():
            if name == parent or name in rule.get("not_from", []):
                continue
            for column in child["columns"]:
                if {column, f"{name}.{column}"} & set(rule.get("columns", [])):
                    is_certain = name not in rule.get("maybe_from", [])
                    found.append(ForeignKey(name, column, parent, rule["key"], is_certain))
    return found


def diagram(found: Sequence[ForeignKey], tables: Mapping[str, Any], keyed: Keys) -> list[str]:
    """Lines of an entity diagram of the tables that most people join."""
    lines = ["```mermaid", "erDiagram"]
    for name in DRAWN:
        for fact in found:
            if fact.table == name and fact.parent in DRAWN:
                is_single = keyed.get(tables[name]["unique_id"]) == [fact.column]
                many = "|" if is_single else "{"
                lines.append(f"    {fact.parent} ||--o{many} {name} : {fact.column}")
    return [*lines, "```"]


def dbml(manifest: Mapping[str, Any]) -> str:
    """Tables, columns and joins in DBML, which tools that draw diagrams read.

    Args:
        manifest: dbt's manifest of this project, as JSON.
    """
    lines = []
    for name, node in sorted(public_tables(manifest).items()):
        columns = [f'  {c["name"]} "{c["data_type"]}"' for c in node["columns"].values()]
        lines += [f"Table {name} {{", *columns, "}", ""]
    for fact in foreign_keys(manifest):
        lines.append(f"Ref: {fact.table}.{fact.column} > {fact.parent}.{fact.key}")
    return "\n".join(lines) + "\n"


def section(node: Mapping[str, Any], key: Sequence[str], found: Sequence[ForeignKey]) -> list[str]:
    """Lines about one table."""
    name = node["name"]
    kind = " A view." if node["config"]["materialized"] == "view" else ""
    lines = ["", f"### {name}", plain(node["description"]) + kind, ""]
    lines.append(f"Key: {', '.join(f'`{column}`' for column in key)}." if key else "")
    joins = [
        f"`{fact.column}` to [{fact.parent}](#{fact.parent})"
        for column in node["columns"]
        for fact in found
        if (fact.table, fact.column) == (name, column)
    ]
    if joins:
        lines[-1] += f" Joins by {', '.join(joins)}."
    lines += ["", f"<details><summary>{len(node['columns'])} columns</summary>", ""]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    lines += [
        f"| `{column['name']}` | {column['data_type']} | {plain(column['description'])} |"
        for column in node["columns"].values()
    ]
    return [*lines, "", "</details>"]


def page(manifest: Mapping[str, Any]) -> str:
    """The page as text.

    Args:
        manifest: dbt's manifest of this project, as JSON.
    """
    tables, keyed, found_keys = public_tables(manifest), keys(manifest), foreign_keys(manifest)
    # Judged by the one test over all audiences.
    members = tables["audience_members"]["unique_id"]
    keyed.setdefault(members, ["destination", "segment_name", "contact_id"])
    lines = [INTRODUCTION, "", "## What joins to what", *diagram(found_keys, tables, keyed)]
    for schema, meaning in SCHEMAS.items():
        found = sorted(n for n, node in tables.items() if node["schema"].endswith(f"_{schema}"))
        lines += ["", f"## {schema}", meaning, ""]
        lines += ["| table | one row per |", "|---|---|"]
        for name in found:
            lines.append(f"| [{name}](#{name}) | {grain(tables[name])} |")
        lines += OF_EACH_DESTINATION if schema == "audiences" else []
        for name in found:
            lines += section(tables[name], keyed.get(tables[name]["unique_id"], []), found_keys)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page(read_manifest()))


if __name__ == "__main__":
    sys.exit(main())
