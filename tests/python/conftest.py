"""One build of the demo for the whole run; everything else reads from it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kept_demo
import pandas as pd
import pytest
from project import BUILD, failures, made_once, query, run_dbt, shared_folder

# Files that build most of the project. They go first, so that no worker ends with one alone.
LONGEST = ("test_hostile_tables", "test_point_in_time", "test_segment_history", "test_package")
LONGEST += ("test_online_retail", "test_amounts", "test_warehouses", "test_activity")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, the others behind in their order."""
    order = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers share before they start, and give each worker a core.

    A process that sees one core has DuckDB work on one thread: two workers with two threads each
    would spend a seventh of their time on taking turns.
    """
    if not hasattr(config, "workerinput"):
        os.environ.pop("CRM_TESTS_SHARED", None)
        shared_folder()
    elif hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        number = int(config.workerinput["workerid"].removeprefix("gw"))
        os.sched_setaffinity(0, {cores[number % len(cores)]})


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the workers shared."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(shared_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def shared_demo() -> Path:
    """Folder with the demo and its manifest: those of `make build` if they are of these sources."""
    folder = shared_folder() / "demo"
    with made_once(folder / "manifest.json") as is_mine:
        if is_mine and kept_demo.is_kept():
            shutil.copy(kept_demo.DATABASE, folder)
            shutil.copy(kept_demo.KEPT / "manifest.json", folder)
        elif is_mine:
            database, target = folder / "crm.duckdb", folder / "target"
            result = run_dbt(*BUILD, database=database, target=target, is_described=True)
            assert result.success, failures(result)
            shutil.move(folder / "target/manifest.json", folder)
    return folder


@pytest.fixture(scope="session")
def demo_target(shared_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the manifest of the demo build."""
    folder = tmp_path_factory.mktemp("demo_target")
    shutil.copy(shared_demo / "manifest.json", folder)
    return folder


@pytest.fixture(scope="session")
def demo_database(shared_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DuckDB file with the demo, built with all its data tests from nothing; one a worker."""
    return Path(shutil.copy(shared_demo / "crm.duckdb", tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="session")
def demo(demo_database: Path) -> Callable[[str], pd.DataFrame]:
    """Query on the built demo: ``demo("from main_contacts.orders")``."""
    return lambda sql: query(demo_database, sql)


@pytest.fixture(scope="session")
def manifest(demo_target: Path) -> dict[str, Any]:
    """dbt's manifest of the demo build, with compiled SQL."""
    return json.loads((demo_target / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def compiled(manifest: dict[str, Any]) -> Callable[[str], str]:
    """The compiled SQL of a model of the demo build: ``compiled("contacts")``."""
    return lambda name: manifest["nodes"][f"model.crm_segmentation.{name}"]["compiled_code"]
