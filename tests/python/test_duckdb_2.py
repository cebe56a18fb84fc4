"""DuckDB 2 gives what DuckDB 1.5 gives. Run in an environment of its own: make test-duckdb-2."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from engines.parity import public_tables
from project import DESTINATIONS, ROOT, failures, query, rows_that_differ, run_dbt

pytestmark = pytest.mark.duckdb_2


def tables_of_make_build(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Schema and name of every public table, without destinations that make build leaves out."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))
    chosen = project["vars"]["crm_segmentation"]["destinations"]
    others = [row["destination"] for row in DESTINATIONS if row["destination"] not in chosen]
    left_out = tuple(f"audience_{destination}__" for destination in others)
    tables = [(table.schema, table.name) for table in public_tables(manifest)]
    return [table for table in tables if not table[1].startswith(left_out)]


def test_every_public_table_of_the_demo_is_the_same(
    demo_database: Path, demo_target: Path, manifest: dict[str, Any]
) -> None:
    # The demo of the tests has the audiences of all destinations.
    chosen = run_dbt("run", "-s", "group:activation", database=demo_database, target=demo_target)
    assert chosen.success, failures(chosen)
    assert duckdb.__version__.startswith("2.")
    tables = tables_of_make_build(manifest)

    assert ("main_audiences", "audience_hubspot__contacts") in tables
    assert rows_that_differ(Path(os.environ["CRM_DEMO"]), demo_database, tables) == {}


def test_a_copy_published_by_duckdb_1_5_can_be_read(manifest: dict[str, Any]) -> None:
    copy = Path(os.environ["CRM_PUBLISHED"])
    for schema, name in tables_of_make_build(manifest):
        query(copy, f'select * from {schema}."{name}" limit 1')
