"""What holds on Trino alone: its tables, what fails there, and how it is started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engines import trino_server
from engines.conftest import Built, rows_of
from engines.healing import assert_the_next_run_heals
from engines.parity import Table, differences

Builds = Callable[[str], Built]


@pytest.mark.trino
def test_tables_keep_what_contracts_say_of_them(built: Builds) -> None:
    """Types, descriptions and required columns, which make the table and are not added to it."""
    demo = built("trino")
    demo.on("full")
    query = demo.engine.query
    found = query(
        "select data_type, is_nullable, comment from information_schema.columns"
        " where table_schema = 'main_contacts' and table_name = 'orders'"
        " and column_name in ('order_id', 'ordered_at', 'net_amount') order by column_name"
    )
    columns = demo.manifest["nodes"]["model.crm_segmentation.orders"]["columns"]
    names = ("net_amount", "order_id", "ordered_at")

    assert [row[0] for row in found.values] == ["decimal(18,2)", "varchar", "timestamp(6)"]
    assert [row[2] for row in found.values] == [columns[name]["description"] for name in names]
    with pytest.raises(Exception, match="NULL"):
        query("insert into main_contacts.orders (source_system) values ('without a key')")


@pytest.mark.trino
def test_nothing_is_left_beside_the_tables(built: Builds) -> None:
    """Neither rounds of connected components nor what dbt renames and drops."""
    demo = built("trino")
    demo.on("full")
    left = demo.engine.query(
        "select table_name from information_schema.tables"
        " where regexp_like(table_name, '__(edges|leaders)_|__dbt_')"
    )

    assert left.values == []


@pytest.mark.trino
def test_what_a_failed_run_took_away_the_next_one_writes_again(
    built: Builds, tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.adapters.trino.connections import TrinoConnectionManager

    assert_the_next_run_heals(built("trino"), tables, TrinoConnectionManager, monkeypatch)


@pytest.mark.trino
def test_no_snapshot_shows_what_was_deleted(built: Builds) -> None:
    """What make erase runs: one snapshot is left, without files of deleted rows, and all rows."""
    demo = built("trino")
    demo.on("incremental")
    query, sessions = demo.engine.query, Table("main_intermediate", "int_contacts__sessions", ())
    before = rows_of(sessions, demo.engine)
    query("delete from main_intermediate.int_contacts__sessions where event_count > 1")
    kept = rows_of(sessions, demo.engine)

    demo.engine.dbt("run-operation", "forget_freed_space")

    assert 0 < len(kept.values) < len(before.values)
    assert differences(sessions, kept, rows_of(sessions, demo.engine)) == []
    snapshots = query('select count(*) from main_intermediate."int_contacts__sessions$snapshots"')
    assert snapshots.values == [(1,)]
    files = query('select content from main_intermediate."int_contacts__sessions$files"')
    assert {content for (content,) in files.values} == {0}


def test_a_missing_java_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(trino_server, "JAVA_FOLDER", tmp_path / "none")

    with pytest.raises(RuntimeError, match=r"needs Java 24 or newer.*JAVA_HOME"):
        trino_server.java_home()


def test_a_missing_maven_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CRM_TRINO_SERVER", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RuntimeError, match=r"apt-get install maven.*CRM_TRINO_SERVER"):
        trino_server.server_home(print)
