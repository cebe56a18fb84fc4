"""A currency of small units: the demo's amounts a hundred thousand times over, as in rial."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml
from project import BUILD, ROOT, failures, query, run_dbt

SOURCES = yaml.safe_load((ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8"))
FACTOR = 100_000
MONEY = {"order_total", "discount_total", "refund_total", "unit_price", "price", "cost"}


@pytest.fixture(scope="module")
def in_small_units(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo built with all its data tests, every amount of money multiplied by FACTOR."""
    folder = tmp_path_factory.mktemp("small_units")
    with duckdb.connect(str(folder / "crm.duckdb")) as connection:
        connection.sql(f"attach '{demo_database}' as demo (read_only)")
        connection.sql("create schema raw")
        for table in SOURCES["sources"][0]["tables"]:
            name, columns = table["name"], {column["name"] for column in table["columns"]}
            connection.sql(f"create table raw.{name} as from demo.main_raw.{name}")
            for price in sorted(MONEY & columns):
                number = f"try_cast({price} as decimal(18, 2))"
                larger = f"update raw.{name} set {price} = {number} * {FACTOR}"
                connection.sql(f"{larger} where {number} is not null")
    result = run_dbt(
        *BUILD,
        database=folder / "crm.duckdb",
        target=folder / "target",
        variables={"demo_data": False, "as_of_date": "2026-06-30"},
    )
    assert result.success, failures(result)
    return folder / "crm.duckdb"


def test_amounts_grow_with_their_unit_and_nothing_else_changes(
    in_small_units: Path, demo: Callable[[str], pd.DataFrame]
) -> None:
    amounts = """
        select order_id, net_amount, is_purchase
        from main_contacts.orders
        where currency = 'EUR'
        order by all
    """
    ours, theirs = demo(amounts), query(in_small_units, amounts)
    ours["net_amount"] = ours["net_amount"] * FACTOR
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)

    cells = "select contact_id, rfm_cell from main_contacts.contact_rfm_scores order by all"
    pd.testing.assert_frame_equal(demo(cells), query(in_small_units, cells))
