"""The page of tables says what the models say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import tables
from project import ROOT, memories


def test_the_page_of_tables_is_as_it_would_be_written(manifest: dict[str, Any]) -> None:
    text = tables.PAGE.read_text("utf-8")
    assert text == tables.page(manifest), "run python docs/tables.py"


def test_every_public_table_stands_there_with_its_key_and_its_grain(
    manifest: dict[str, Any],
) -> None:
    text = tables.page(manifest)
    found = tables.public_tables(manifest)
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == set(found)
    assert len(re.findall("^Key: `", text, re.MULTILINE)) == len(found)
    assert [name for name, node in found.items() if not tables.grain(node)] == []


def test_every_public_column_tells_its_meaning_in_the_database(
    demo_database: Path, manifest: dict[str, Any]
) -> None:
    """BI tools and database clients show the comments."""
    told = {
        (node["alias"], name): column["description"]
        for node in tables.public_tables(manifest).values()
        if node["config"]["materialized"] != "view"
        for name, column in node["columns"].items()
    }
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        found = connection.sql("select table_name, column_name, comment from duckdb_columns()")
        comments = {(table, name): comment for table, name, comment in found.fetchall()}

    assert told[("season_calendar", "season")].startswith("Name of the season")
    assert {key: comments[key] for key in told} == told


def words(values: str) -> list[str]:
    """The words of a list in a description: a, b (with a remark), c or d."""
    return re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)|\bor\b", "", values))


def test_the_glossary_has_every_reason_and_stage(manifest: dict[str, Any]) -> None:
    found = tables.public_tables(manifest)
    reasons = found["audience_members"]["columns"]["held_back_reason"]["description"]
    stages = found["contact_lifecycle_history"]["columns"]["lifecycle_stage"]["description"]
    listed = words(reasons.partition("applies:")[2].partition(". Null")[0]) + words(stages)
    page = (ROOT / "docs/glossary.md").read_text("utf-8")

    assert {"erased", "lower_priority_segment", "prospect", "churned"} <= set(listed)
    assert [word for word in listed if f"\n| {word} | " not in page] == []


def test_the_page_of_operations_names_every_memory(manifest: dict[str, Any]) -> None:
    found = set(memories(manifest))
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    assert {"int_identity__ledger", "audience_hubspot__changes"} <= found
    audience = re.compile(r"audience_\w+__changes")
    assert [n for n in found if f"`{n}`" not in page and not audience.fullmatch(n)] == []
