"""What holds on Snowflake alone, as far as fakesnow shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engines.conftest import Built
from engines.healing import assert_the_next_run_heals
from engines.parity import Table

pytestmark = pytest.mark.snowflake


def test_what_a_failed_run_took_away_the_next_one_writes_again(
    built: Callable[[str], Built], tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbt.adapters.snowflake.connections import SnowflakeConnectionManager

    assert_the_next_run_heals(built("snowflake"), tables, SnowflakeConnectionManager, monkeypatch)
