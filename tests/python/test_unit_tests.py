"""The unit tests of the models, each a rule by name, run by dbt."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from project import ALL_DESTINATIONS, failures, run_dbt


def test_each_rule_holds_on_its_example(
    demo_database: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    database = shutil.copy(demo_database, tmp_path / "crm.duckdb")
    result = run_dbt(
        *("test", "-s", "test_type:unit"),
        database=Path(database),
        target=tmp_path,
        variables=ALL_DESTINATIONS,
    )
    assert result.success, failures(result)
    run = {outcome.node.unique_id for outcome in result.result.results}
    assert {name for name in run if name.startswith("unit_test.")} == set(manifest["unit_tests"])
