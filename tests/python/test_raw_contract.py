"""The input contract: what may be missing reads as empty, what may not is an error that says so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from project import BUILD, failures, query, run_dbt

REQUIRED = {
    "raw_contacts": "'crm' as source_system, 'k1' as source_contact_id, '2026-01-01' as created_at,"
    " timestamp '-infinity' as signed_up_at, date 'infinity' as birth_date,"
    " date '0044-03-15 (BC)' as updated_at",
    "raw_orders": "'crm' as source_system, 'o1' as source_order_id, 'k1' as source_contact_id,"
    " timestamptz '2026-01-02 01:00:00+02' as ordered_at, 12.345 as order_total, 1 as surplus",
    "raw_events": "'crm' as source_system, 'e1' as event_id, 'login' as event_name,"
    " '2026-01-02' as occurred_at",
}
OWN_DATA = {"demo_data": False, "raw_tables": list(REQUIRED), "as_of_date": "2026-01-31"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The least that the contract asks for, one row a table."""
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.sql("create schema raw")
        for table, columns in REQUIRED.items():
            connection.sql(f"create table raw.{table} as select {columns}")
    return tmp_path / "crm.duckdb"


def test_the_least_contract_builds_through_to_segments(database: Path, tmp_path: Path) -> None:
    result = run_dbt(*BUILD, database=database, target=tmp_path / "target", variables=OWN_DATA)

    assert result.success, failures(result)
    order = query(database, "from main_contacts.orders").to_dict("records")[0]
    assert str(order["ordered_at"]) == "2026-01-01 23:00:00"
    assert str(order["net_amount"]) == "12.35"
    assert order["currency"] == "EUR"
    assert order["is_purchase"]
    counts = "select raw_table, rows_in from main_quality.row_accounting where rows_in > 0"
    assert set(query(database, counts)["raw_table"]) == set(REQUIRED)
    beyond_the_calendar = (
        "select column_name from main_personal.rejected_values where reason like 'unreadable%'"
    )
    assert set(query(database, beyond_the_calendar)["column_name"]) == {
        "birth_date",
        "signed_up_at",
        "updated_at",
    }


def complaint(database: Path, target: Path, **variables: object) -> str:
    """What dbt says about building the orders."""
    result = run_dbt(
        *("run", "-s", "base_commerce__order_rows"),
        database=database,
        target=target,
        variables={**OWN_DATA, **variables},
    )
    assert not result.success
    return failures(result)


def test_a_missing_required_column_is_named_with_its_table(database: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.sql("alter table raw.raw_orders drop column order_total")

    message = complaint(database, tmp_path / "target")

    assert "raw_orders" in message
    assert "has no column order_total, which is required" in message
    assert "Add or rename the column" in message


def test_a_key_with_decimals_is_named_with_its_table(database: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.sql(
            "alter table raw.raw_orders alter source_contact_id set data type double using 1"
        )

    said = complaint(database, tmp_path / "target")

    assert "raw_orders" in said
    assert "has source_contact_id as DOUBLE" in said
    assert "Cast it to bigint or text" in said


def test_a_listed_table_that_is_not_there_is_named(database: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.sql("drop table raw.raw_orders")

    message = complaint(database, tmp_path / "target")

    assert "Raw table raw_orders not found" in message
    assert "take it off the variable raw_tables" in message


def test_a_required_table_must_be_listed(database: Path, tmp_path: Path) -> None:
    message = complaint(database, tmp_path / "target", raw_tables=["raw_contacts", "raw_events"])

    assert "Raw table raw_orders is required but not in the variable raw_tables" in message


def test_wrong_variables_are_named_all_at_once(database: Path, tmp_path: Path) -> None:
    message = complaint(
        database,
        tmp_path / "target",
        as_of_date="31.01.2026",
        reporting_currency="euro",
        rfm_method="magic",
        rfm_thresholds={"recency": [90, 30], "frequency": [1], "monetary": [1]},
        active_days="many",
        rfm_window_days="a year",
        segment_largest_share=7,
        match_email_aliases="maybe",
        raw_tables=[*REQUIRED, "raw_horoscopes"],
    )

    for words in (
        "as_of_date is '31.01.2026': write a day as yyyy-mm-dd, or leave it empty.",
        "reporting_currency is 'euro': write an ISO 4217 code such as EUR.",
        "rfm_method is 'magic': write one of: quantile, thresholds.",
        "rfm_thresholds.recency is '[90, 30]': write the cut points as a list",
        "active_days is 'many': write a whole number from 1 to 36500.",
        "rfm_window_days is 'a year': write a whole number from 1 to 36500, or leave",
        "segment_largest_share is '7': write a number from 0 to 1.",
        "match_email_aliases is 'maybe': write true or false.",
        "raw_tables names 'raw_horoscopes', which is no table of the input contract",
    ):
        assert words in message
