"""No model compares all rows of two large tables, and no view of events reads all columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

# Operators that compare all pairs. An outer join that asks for more than equality becomes one.
ALL_PAIRS = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")
# Models in which one side stays small however large the company is, and which side that is.
SMALL = {
    "contact_lead_scores": "lead grades",
    "contact_rfm_scores": "groups of a preset",
    "experiment_main_effects": "factors of experiments",
    "int_activity__visits": "the placeholders, as one list",
    "int_audiences__eligibility": "segments by channel",
    "int_experiments__tests": "variants of experiments",
    "int_rfm__monthly_measures": "month ends",
    "int_rfm__monthly_scores": "groups of a preset",
    "int_seasons__occurrences": "seasons of the seed",
    "int_segment_effects__holdout_percents": "a row for each change of the percentage",
    "int_segment_effects__holdouts": "changes of the percentage",
    "int_traits__customer_categories": "categories",
    "segment_lift": "segments and their holdouts",
    "base_activity__objections": "names of events",
}


def test_no_join_compares_all_pairs_of_two_large_tables(
    demo_database: Path, manifest: dict[str, Any]
) -> None:
    found = set()
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        connection.sql("set TimeZone = 'UTC'")
        for node in manifest["nodes"].values():
            code = node.get("compiled_code") or ""
            if node["resource_type"] != "model" or node["language"] != "sql" or "join" not in code:
                continue
            plan = connection.sql(f"explain {code}").fetchall()[0][1]
            if any(operator in plan for operator in ALL_PAIRS):
                found.add(node["name"])
    assert found == set(SMALL)


# DuckDB works a view out whole, whatever is asked of it, where its text reads one table
# expression twice.
@pytest.mark.parametrize("view", ["main_staging.stg_activity__events", "main_contacts.events"])
def test_a_count_of_events_reads_no_page(demo_database: Path, view: str) -> None:
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        everything = connection.sql(f"explain select * from {view}").fetchall()[0][1]
        a_count = connection.sql(f"explain select count(*) from {view}").fetchall()[0][1]
    assert "page_path" in everything
    assert "page_path" not in a_count
