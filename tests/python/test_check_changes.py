"""What make check rests on."""

from __future__ import annotations

import shutil
from pathlib import Path

from project import failures, run_dbt


def test_every_model_can_be_built_without_rows(demo_database: Path, tmp_path: Path) -> None:
    # --empty makes a query of every ref, which a hook can neither write to nor ask about a value.
    database = Path(shutil.copy(demo_database, tmp_path))
    result = run_dbt("run", "--empty", database=database, target=tmp_path / "target")
    assert result.success, failures(result)
