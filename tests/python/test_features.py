"""What is not asked for is not built: no table, no node, and whoever reads it copes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
from project import failures, query, run_dbt

FEATURE = re.compile(r"has_feature\('(\w+)'\)")
FEATURES = {"campaigns", "experiments", "lookalikes", "lifetime_value"}
# They read what features and destinations leave, so that they are built without any of them.
COPING = ("segment_lift", "segment_review", "audience_members", "erased_contacts")
COPING += ("internal_keys_are_unique", "audiences_are_sound")


def test_without_features_and_destinations_what_reads_them_copes_and_old_tables_are_told(
    demo_database: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    with duckdb.connect(str(database)) as connection:
        connection.sql("create table main_intermediate.int_traits__carts as select 1 as contact_id")
        connection.sql("create view main_intermediate.int_seasons__next as select 1 as season")
    told: list[str] = []
    result = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", "-s", *COPING),
        database=database,
        target=tmp_path / "target",
        variables={"features": [], "destinations": []},
        callbacks=(lambda event: told.append(event.info.msg),),
    )
    assert result.success, failures(result)
    assert {outcome.node.name for outcome in result.result.results} >= set(COPING)

    said = "\n".join(told)
    assert "tables of features that the variable features does not name: campaigns" in said
    assert (
        "former version made and that have other names now: int_seasons__next, int_traits" in said
    )
    assert "tables of destinations that the variable destinations does not name: braze" in said
    assert query(database, "from main_audiences.audience_members").empty
    breaches = query(database, "select holdout_breach_count from main_campaigns.segment_lift")
    assert breaches["holdout_breach_count"].isna().all()
    warnings = query(database, "select distinct warning from main_segments.segment_review")
    assert not warnings["warning"].str.contains("unprofitable").any()

    for rest in ("int_seasons__next, int_traits__carts", "nothing"):
        told.clear()
        run_dbt(
            "run-operation",
            "drop_former_tables",
            database=database,
            target=tmp_path / "target",
            callbacks=(lambda event: told.append(event.info.msg),),
        )
        assert f"Dropped from schema main_intermediate: {rest}" in "\n".join(told)


def test_who_reads_a_feature_asks_whether_it_is_there(manifest: dict[str, Any]) -> None:
    """A model that names a feature is its part, or copes without; all others read neither."""
    asks = {
        key: set(FEATURE.findall(node["raw_code"]))
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "test", "analysis"} and "raw_code" in node
    }
    parts = {
        key: features
        for key, features in asks.items()
        if "config(enabled=has_feature" in manifest["nodes"][key]["raw_code"]
    }
    assert set().union(*parts.values()) == FEATURES
    for key, node in manifest["nodes"].items():
        # A generic test goes with the model that it is written on.
        if key not in asks or node.get("attached_node") in parts:
            continue
        for parent in set(node["depends_on"]["nodes"]) & set(parts):
            assert asks[key] & parts[parent], f"{node['name']} reads {parent} unasked"
