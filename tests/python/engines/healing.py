"""A run in which models fail after their hooks have taken rows away, and the run after it.

For engines whose adapter commits each statement: what a hook deleted stays away when its model
fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from dbt_common.exceptions import DbtDatabaseError
from engines.conftest import DAYS, Built, rows_of
from engines.parity import Table, differences
from project import ALL_DESTINATIONS

WRITES = re.compile(r"(insert|merge) into .*__dbt_tmp", re.IGNORECASE | re.DOTALL)


def emptied_first(built: Built) -> list[Table]:
    """Every table from which a hook takes rows before its model adds them."""
    nodes = [node for node in built.manifest["nodes"].values() if node["resource_type"] == "model"]
    return [
        Table(node["schema"], node["name"], ())
        for node in nodes
        if node["config"]["materialized"] == "incremental" and len(node["config"]["pre-hook"]) > 1
    ]


def assert_the_next_run_heals(
    demo: Built, tables: list[Table], connections: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let every model of ``emptied_first`` fail once, run all, and compare with what was there.

    Args:
        demo: An engine, on which the last day is built if it is not yet.
        tables: Every public table.
        connections: The adapter's connection manager, through which dbt writes.
        monkeypatch: What the test patches with.
    """
    expected = demo.on("incremental")
    engine, variables = demo.engine, {"as_of_date": DAYS["incremental"], **ALL_DESTINATIONS}
    emptied = emptied_first(demo)
    before = {table.name: rows_of(table, engine) for table in emptied}
    add_query = connections.add_query

    def fail(self: Any, sql: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if WRITES.search(sql):
            raise DbtDatabaseError("No row is written on purpose.")
        return add_query(self, sql, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(connections, "add_query", fail)
        for table in emptied:
            failed = engine.tried("run", "-s", table.name, variables=variables)
            assert not failed.success, table.name
    after_failure = {table.name: rows_of(table, engine) for table in emptied}
    engine.dbt("run", variables=variables)

    lost = [
        name for name, rows in before.items() if len(after_failure[name].values) < len(rows.values)
    ]
    assert "int_segments__membership_spells" in lost
    assert "int_activity__daily" in lost
    for table in emptied:
        assert differences(table, before[table.name], rows_of(table, engine)) == []
    for table in tables:
        assert differences(table, expected[table.name], rows_of(table, engine)) == []
