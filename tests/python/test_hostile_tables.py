"""Whatever the raw tables hold, all models and data tests pass; the order of rows means nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hostile_tables import LAST_DAY, TABLES, HostileTables
from project import ALL_DESTINATIONS, BUILD, failures, query, rows_that_differ, run_dbt

CONTACTS = 300
# What is JSON beside the payload of Braze.
PAYLOADS = {
    "main_audiences.audience_iterable__contacts": "data_fields",
    "main_audiences.audience_onesignal__contacts": "tags",
    "main_audiences.audience_klaviyo__contacts": "crm_segments",
    "main_audiences.audience_braze__changes": "payload",
}
# More of them by hand: HOSTILE_SEEDS=20 pytest tests/python/test_hostile_tables.py
SEEDS = range(1, 1 + int(os.environ.get("HOSTILE_SEEDS", "1")))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The project built on the hostile tables of a seed: by a command, or with all data tests."""
    target = tmp_path_factory.mktemp("target")

    def build(seed: int, *command: str, **written: bool) -> Path:
        # Views name their database, so every file has the same name.
        database = tmp_path_factory.mktemp("hostile") / "crm.duckdb"
        HostileTables(seed, CONTACTS).write(database, **written)
        variables = {"demo_data": False, "as_of_date": f"{LAST_DAY:%Y-%m-%d}", **ALL_DESTINATIONS}
        result = run_dbt(*(command or BUILD), database=database, target=target, variables=variables)
        assert result.success, failures(result)
        return database

    return build


@pytest.mark.parametrize("seed", SEEDS)
def test_hostile_texts_build_and_the_order_of_rows_means_nothing(
    built: Callable[..., Path], seed: int
) -> None:
    one = built(seed)
    # What the data tests say of tables that are equal is the same.
    other = built(seed, *BUILD, "--exclude-resource-type", "test", backwards=True)

    kept = query(one, "select sum(rows_kept), sum(rows_rejected) from main_quality.row_accounting")
    assert kept.min(axis=None) > 100
    check_json(one)
    with duckdb.connect(str(one), read_only=True) as connection:
        tables = connection.sql("""
            select schema_name, table_name
            from duckdb_tables()
            where
                schema_name not in ('raw', 'main_raw', 'main_reference')
                and table_name not in ('run_info', 'base_raw__builds')
        """).fetchall()
    expected = {("main_contacts", "orders"), ("main_audiences", "audience_hubspot__contacts")}
    assert expected <= set(tables)
    assert rows_that_differ(one, other, tables) == {}


def check_json(database: Path) -> None:
    """Python reads every JSON text, and finds in it what the columns beside it say."""
    rejected = query(database, "select raw_table, raw_values from main_personal.rejected_rows")
    for raw_table, raw_values in rejected.itertuples(index=False):
        columns = next(table["columns"] for table in TABLES if table["name"] == raw_table)
        # When the row arrived is no value of it.
        names = [column["name"] for column in columns if column["name"] != "loaded_at"]
        assert list(json.loads(raw_values)) in ([], names)
    assert any("\\u001" in raw_values for raw_values in rejected["raw_values"])
    told = query(database, "from main_audiences.audience_braze__contacts").astype("object")
    for row in told.where(told.notna(), None).to_dict("records"):
        payload = json.loads(row["payload"])
        assert payload == {name: row[name] for name in payload} | {
            "crm_segments": json.loads(row["crm_segments"])
        }
    for model, column in PAYLOADS.items():
        for (text,) in query(database, f"select {column} from {model}").itertuples(index=False):
            assert isinstance(json.loads(text), (dict, list)), text


@pytest.mark.parametrize("seed", SEEDS)
def test_hostile_values_of_native_types_build(built: Callable[..., Path], seed: int) -> None:
    """Beyond staging nothing depends on the type that a column had: all are cast there."""
    selected = ("path:models/staging", "+path:models/marts/identity", "+path:models/marts/quality")
    with_parents = ("--indirect-selection", "buildable")
    database = built(seed, *BUILD, "-s", *selected, *with_parents, native=True)

    kept = query(database, "select raw_table, rows_kept from main_quality.row_accounting")
    assert set(kept["raw_table"]) == {table["name"] for table in TABLES}
    assert kept["rows_kept"].min() > 0
