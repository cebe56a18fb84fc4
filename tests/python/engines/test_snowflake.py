"""What holds on Snowflake alone, as far as fakesnow shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from dbt_common.exceptions import DbtDatabaseError
from engines.conftest import DAYS, Built, rows_of
from engines.parity import Rows, Table, differences
from project import ALL_DESTINATIONS

pytestmark = pytest.mark.snowflake

Builds = Callable[[str], Built]
WRITES = re.compile(r"(insert|merge) into .*__dbt_tmp", re.IGNORECASE | re.DOTALL)


def emptied_first(built: Built) -> list[Table]:
    """Every table from which a hook takes rows before its model adds them."""
    nodes = [node for node in built.manifest["nodes"].values() if node["resource_type"] == "model"]
    return [
        Table(node["schema"], node["name"], ())
        for node in nodes
        if node["config"]["materialized"] == "incremental" and len(node["config"]["pre-hook"]) > 1
    ]


def test_what_a_failed_run_took_away_the_next_one_writes_again(
    built: Builds, tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter commits each statement, so a hook's delete stays when its model fails."""
    from dbt.adapters.snowflake.connections import SnowflakeConnectionManager

    snowflake = built("snowflake")
    expected = snowflake.on("incremental")
    engine, variables = snowflake.engine, {"as_of_date": DAYS["incremental"], **ALL_DESTINATIONS}
    emptied = emptied_first(snowflake)
    before = {table.name: rows_of(table, engine) for table in emptied}
    add_query = SnowflakeConnectionManager.add_query

    def fail(self: SnowflakeConnectionManager, sql: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if WRITES.search(sql):
            raise DbtDatabaseError("No row is written on purpose.")
        return add_query(self, sql, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(SnowflakeConnectionManager, "add_query", fail)
        for table in emptied:
            failed = engine.tried("run", "-s", table.name, variables=variables)
            assert not failed.success, table.name
    after_failure = {table.name: rows_of(table, engine) for table in emptied}
    engine.dbt("run", variables=variables)

    lost = [name for name, rows in before.items() if count(after_failure[name]) < count(rows)]
    assert "int_segments__membership_spells" in lost
    assert "int_activity__daily" in lost
    for table in emptied:
        assert differences(table, before[table.name], rows_of(table, engine)) == []
    for table in tables:
        assert differences(table, expected[table.name], rows_of(table, engine)) == []


def count(rows: Rows) -> int:
    """How many rows there are."""
    return len(rows.values)
