"""The DuckDB file is what BI and reverse-ETL tools get, often as a copy and under another name."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb


def test_every_view_works_in_a_copy_under_another_name(demo_database: Path, tmp_path: Path) -> None:
    copy = shutil.copy(demo_database, tmp_path / "a copy.duckdb")
    with duckdb.connect() as connection:
        connection.sql(f"attach '{copy}' as attached (read_only)")
        views = connection.sql("""
            select schema_name, view_name
            from duckdb_views()
            where database_name = 'attached' and not internal
        """).fetchall()
        assert ("main_audiences", "audience_members") in views
        for schema, name in views:
            connection.sql(f'select * from attached.{schema}."{name}" limit 1').fetchall()
