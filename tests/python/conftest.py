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
from project import ALL_DESTINATIONS, BUILD, failures, made_once, query, run_dbt, shared_folder

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
    """Folder with the demo and its manifest: those of `make build` if they are of these sources.

    The audiences of all destinations are built on it; `make build` builds those of five.
    """
    folder = shared_folder() / "demo"
    database, target = folder / "crm.duckdb", folder / "target"
    with made_once(folder / "manifest.json") as is_mine:
        if is_mine and kept_demo.is_kept():
            target.mkdir()
            shutil.copy(kept_demo.DATABASE, database)
            shutil.copy(kept_demo.KEPT / "manifest.json", target)
        elif is_mine:
            result = run_dbt(*BUILD, database=database, target=target, is_described=True)
            assert result.success, failures(result)
        if is_mine:
            manifest = with_every_audience(database, target)
            (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def with_every_audience(database: Path, target: Path) -> dict[str, Any]:
    """Build the audiences of all destinations on a demo, and say what it then holds.

    Args:
        database: The DuckDB file of the demo.
        target: Folder with the manifest of its build.

    Returns:
        The manifest of all destinations, with the compiled SQL of both builds.
    """
    described = target / "manifest.json"
    before = json.loads(described.read_text(encoding="utf-8"))["nodes"]
    result = run_dbt(
        *(*BUILD, "-s", "group:activation"),
        database=database,
        target=target,
        variables=ALL_DESTINATIONS,
        is_described=True,
    )
    assert result.success, failures(result)
    manifest = json.loads(described.read_text(encoding="utf-8"))
    for name, node in manifest["nodes"].items():
        if not node.get("compiled"):
            manifest["nodes"][name] = before.get(name, node)
    return manifest


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
