"""What the project remembers survives the loss of the warehouse."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from engines.parity import public_tables
from project import (
    ALL_DESTINATIONS,
    BUILD,
    ROOT,
    failures,
    memories,
    query,
    rows_that_differ,
    run_dbt,
)

sys.path.insert(0, str(ROOT / "examples" / "remember"))
from remember import DuckDB, MemoryKeepingError, recall, remember


def on(database: Path, monkeypatch: pytest.MonkeyPatch) -> DuckDB:
    """The engine of a DuckDB file."""
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(database))
    return DuckDB()


def test_every_memory_comes_back_row_for_row_and_type_for_type(
    demo_database: Path,
    manifest: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = memories(manifest)
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    rows = remember(tmp_path / "memory", on(database, monkeypatch), kept)
    empty = tmp_path / "empty" / "crm.duckdb"
    empty.parent.mkdir()
    assert recall(tmp_path / "memory", on(empty, monkeypatch), kept) == rows

    assert set(rows) == set(kept)
    assert rows["int_identity__ledger"] > 0
    assert rows_that_differ(empty, database, [(kept[name], name) for name in kept]) == {}
    types = (
        "select table_name, column_name, data_type from duckdb_columns() where table_name in"
        f" ({', '.join(repr(name) for name in kept)}) order by all"
    )
    assert query(empty, types).equals(query(database, types))


def test_memories_are_never_mixed_and_half_of_them_is_none(
    demo_database: Path,
    manifest: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = memories(manifest)
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    folder = tmp_path / "memory"
    engine = on(database, monkeypatch)
    remember(folder, engine, kept)
    with pytest.raises(MemoryKeepingError, match="holds memories already"):
        remember(folder, engine, kept)
    with pytest.raises(MemoryKeepingError, match="is there already"):
        recall(folder, engine, kept)

    empty = on(tmp_path / "empty.duckdb", monkeypatch)
    with pytest.raises(MemoryKeepingError, match="run make build first"):
        remember(tmp_path / "other", empty, kept)
    told = json.loads((folder / "memory.json").read_text())
    (folder / "memory.json").write_text(json.dumps(told | {"project_version": "9"}))
    with pytest.raises(MemoryKeepingError, match="is of version 9"):
        recall(folder, empty, kept)
    (folder / "memory.json").write_text(json.dumps(told))
    (folder / "contact_triggers.parquet").unlink()
    with pytest.raises(MemoryKeepingError, match="missing or has not"):
        recall(folder, empty, kept)
    (folder / "memory.json").unlink()
    with pytest.raises(MemoryKeepingError, match="not written to the end"):
        recall(folder, empty, kept)


@pytest.mark.slow
def test_a_lost_warehouse_goes_on_as_if_nothing_had_happened(
    manifest: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days on one warehouse; the first day, its loss, and the second day on what came back."""
    kept = memories(manifest)

    def build(folder: str, day: str) -> Path:
        database = tmp_path / folder / "crm.duckdb"
        database.parent.mkdir(exist_ok=True)
        result = run_dbt(
            *(*BUILD, "--exclude-resource-type", "test"),
            database=database,
            target=tmp_path / folder / "target",
            variables={"as_of_date": day, **ALL_DESTINATIONS},
        )
        assert result.success, failures(result)
        return database

    whole = build("whole", "2026-06-29")
    remember(tmp_path / "memory", on(whole, monkeypatch), kept)
    (tmp_path / "lost").mkdir()
    recall(tmp_path / "memory", on(tmp_path / "lost" / "crm.duckdb", monkeypatch), kept)
    whole, lost = build("whole", "2026-06-30"), build("lost", "2026-06-30")
    forgotten = build("forgotten", "2026-06-30")

    public = [(table.schema, table.name) for table in public_tables(manifest)]
    assert rows_that_differ(lost, whole, public) == {}
    assert "segment_membership_history" in rows_that_differ(forgotten, whole, public)
