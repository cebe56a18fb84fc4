"""One reading of the project serves all values of a variable that does not shape it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import yaml
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from project import ROOT, SHAPING, dbt_flags, read_project

DEFAULTS = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"][
    "crm_segmentation"
]
# Where another value means another way of computing, the value that takes it.
OTHER_WAYS = {
    "as_of_date": "2026-01-31",
    "attribution_model": "linear",
    "rfm_activity": "visits",
    "rfm_method": "thresholds",
    "rfm_monetary": "average",
    "rfm_window_days": "",
    "lookalike_segments": [],
    "global_holdout_percent": 10,
    "segment_holdout_percent": 10,
    "segments": [{"name": "more", "criteria": ["purchase_count > 0"]}],
    "disabled_segments": ["gardeners"],
}


def another(name: str, value: object) -> object:
    """A value of a variable other than its default."""
    if name in OTHER_WAYS:
        return OTHER_WAYS[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return value[:-1]
    if isinstance(value, dict):
        return value
    return f"{value}_other"


def shape(manifest: Manifest) -> dict[str, str]:
    """What decides how a node is run and what it reads, by the node's id."""
    nodes = {**manifest.nodes, **manifest.unit_tests, **manifest.exposures}
    return {
        name: json.dumps([node.config.to_dict(), sorted(node.depends_on.nodes)], default=str)
        for name, node in nodes.items()
        if node.resource_type != "seed"
    }


def test_only_the_variables_that_are_said_to_shape_the_project_do(tmp_path: Path) -> None:
    others = {n: another(n, v) for n, v in DEFAULTS.items() if n not in (*SHAPING, "raw_tables")}
    database = tmp_path / "crm.duckdb"
    expected = shape(read_project(database, "duckdb", {}))
    os.environ["CRM_DUCKDB_PATH"] = str(database)
    flags = [*dbt_flags(ROOT, tmp_path), "--vars", json.dumps(others)]
    found = shape(dbtRunner().invoke(["parse", *flags]).result)

    assert {name for name in expected | found if expected.get(name) != found.get(name)} == set()
