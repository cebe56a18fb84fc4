"""One build of the demo for the whole run; everything else reads from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from project import BUILD, failures, query, run_dbt


@pytest.fixture(scope="session")
def demo_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the artifacts of the demo build."""
    return tmp_path_factory.mktemp("demo_target")


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory, demo_target: Path) -> Path:
    """DuckDB file with the demo, built with all its data tests from nothing."""
    database = tmp_path_factory.mktemp("demo") / "crm.duckdb"
    result = run_dbt(*BUILD, database=database, target=demo_target)
    assert result.success, failures(result)
    return database


@pytest.fixture(scope="session")
def demo(demo_database: Path) -> Callable[[str], pd.DataFrame]:
    """Query on the built demo: ``demo("from main_contacts.orders")``."""
    return lambda sql: query(demo_database, sql)


@pytest.fixture(scope="session")
def manifest(demo_database: Path, demo_target: Path) -> dict[str, Any]:
    """dbt's manifest of the demo build, with compiled SQL."""
    return json.loads((demo_target / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def compiled(manifest: dict[str, Any]) -> Callable[[str], str]:
    """The compiled SQL of a model of the demo build: ``compiled("contacts")``."""
    return lambda name: manifest["nodes"][f"model.crm_segmentation.{name}"]["compiled_code"]
