"""DuckDB 2 gives what DuckDB 1.5 gives. Run in an environment of its own: make test-duckdb-2."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from engines.parity import public_tables
from project import query, rows_that_differ

pytestmark = pytest.mark.duckdb_2


def test_every_public_table_of_the_demo_is_the_same(
    demo_database: Path, manifest: dict[str, Any]
) -> None:
    assert duckdb.__version__.startswith("2.")
    tables = [(table.schema, table.name) for table in public_tables(manifest)]

    assert rows_that_differ(Path(os.environ["CRM_DEMO"]), demo_database, tables) == {}


def test_a_copy_published_by_duckdb_1_5_can_be_read(manifest: dict[str, Any]) -> None:
    copy = Path(os.environ["CRM_PUBLISHED"])
    for table in public_tables(manifest):
        query(copy, f'select * from {table.schema}."{table.name}" limit 1')
