"""Of a person who asked to be erased no stored table keeps anything personal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from project import failures, query, run_dbt

PERSONAL = ["email", "phone", "address_line"]


@pytest.fixture(scope="module")
def erased_values(demo: Callable[[str], pd.DataFrame]) -> set[str]:
    """What erased people told, in any version of any of their rows, and nobody else did."""
    told: dict[bool, set[str]] = {True: set(), False: set()}
    rows = demo("""
        select
            raw_contacts.*,
            stored.record_id is not null as is_erased
        from main_raw.raw_contacts
        left join main_intermediate.int_identity__erased_records as stored
            on md5(trim(source_system) || chr(31) || trim(source_contact_id)) = stored.record_id
    """)
    for row in rows.to_dict("records"):
        values = {str(row[column]).strip() for column in PERSONAL if row[column]}
        told[row["is_erased"]] |= {value.lower() for value in values if len(value) > 6}
    return told[True] - told[False]


def stored_texts(database: Path) -> dict[str, str]:
    """What each stored table holds, in lower case; raw tables and seeds left out."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.sql("""
            select schema_name, table_name
            from duckdb_tables()
            where schema_name not in ('raw', 'main_raw', 'main_reference')
        """).fetchall()
        texts = {}
        for schema, table in tables:
            rows = connection.sql(f'select lower("{table}"::varchar) from {schema}."{table}"')
            texts[table] = "\n".join(text for (text,) in rows.fetchall())
    return texts


def test_no_stored_table_holds_what_an_erased_person_told(
    demo_database: Path, erased_values: set[str]
) -> None:
    texts = stored_texts(demo_database)

    assert len(erased_values) >= 10
    assert {"int_identity__records", "orders", "int_activity__daily"} <= set(texts)
    for table, text in texts.items():
        assert sorted(value for value in erased_values if value in text) == [], table


def test_what_a_guest_told_and_what_a_visitor_wrote_is_forgotten_with_the_person(
    tmp_path: Path,
) -> None:
    database = tmp_path / "crm.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.sql("create schema raw")
        connection.sql("""
            create table raw.raw_contacts as
            select * from (values
                ('k1', 'ann@erased.example', '030 901820', '2026-01-05'),
                ('k2', 'bob@kept.example', '030 901821', null)
            ) as told (source_contact_id, email, phone, deleted_at)
            cross join (select 'crm' as source_system, '2026-01-01' as created_at, 'DE' as country)
        """)
        connection.sql("""
            create table raw.raw_orders as
            select *, 'shop' as source_system, '10.00' as order_total from (values
                ('by_email', 'Ann@erased.example', null, '2026-01-02'),
                ('by_phone', null, '030-901820', '2026-01-02'),
                ('rejected_by_email', 'ann@erased.example', null, 'soon'),
                ('rejected_by_phone', null, '+49 30 901820', 'soon'),
                ('of_another', 'bob@kept.example', '030 901821', 'soon')
            ) as told (source_order_id, email, phone, ordered_at)
        """)
        connection.sql("""
            create table raw.raw_events as
            select
                *, 'crm' as source_system, 'page_viewed' as event_name, '2026-01-02' as occurred_at,
                concat('/find/', text) as page_path, text as campaign_id,
                coalesce(json, concat('{"order": "', text, '"}')) as properties
            from (values
                ('named', 'k1', null, 'secret search', null),
                ('logged_in', 'k1', 'browser', 'secret search', null),
                ('not_named', null, 'browser', 'secret search', null),
                ('broken', null, 'browser', 'secret search', '{secret search'),
                ('of_another', 'k2', null, 'kept search', null)
            ) as told (event_id, source_contact_id, anonymous_id, text, json)
        """)

    result = run_dbt(
        *("build", "-s", "+rejected_rows", "+rejected_values", "+orders", "+events", "+sessions"),
        *("+campaigns", "+int_traits__interests"),
        *("--exclude-resource-type", "test", "unit_test"),
        database=database,
        target=tmp_path / "target",
        variables={
            "demo_data": False,
            "raw_tables": ["raw_contacts", "raw_orders", "raw_events"],
            "as_of_date": "2026-01-31",
            "default_country": "DE",
        },
    )

    assert result.success, failures(result)
    for table, text in stored_texts(database).items():
        assert "erased.example" not in text, table
        assert "901820" not in text.replace(" ", "").replace("-", ""), table
        assert "secret search" not in text, table
    rejected = query(database, "select raw_values from main_personal.rejected_rows")["raw_values"]
    assert sorted(value == "{}" for value in rejected) == [False, True, True]
    values = query(database, "select column_name, raw_value from main_personal.rejected_values")
    assert ("properties", "erased") in set(values.itertuples(index=False, name=None))
    paths = "select source_event_id, page_path, properties, campaign_id from main_contacts.events"
    told = query(database, f"{paths} where page_path is not null or properties is not null")
    assert told.values.tolist() == [
        ["of_another", "/find/kept search", '{"order": "kept search"}', "kept search"]
    ]
    sessions = query(database, "select first_page_path, campaign_id from main_contacts.sessions")
    assert set(sessions["first_page_path"].dropna()) == {"/find/kept search"}
    assert set(sessions["campaign_id"].dropna()) == {"kept search"}
    owners = query(database, "select source_order_id, contact_id from main_contacts.orders")
    assert len(owners) == 2
    assert owners["contact_id"].nunique() == 1


def test_no_engine_keeps_a_copy_between_events_and_what_is_emptied(
    manifest: dict[str, Any],
) -> None:
    """Staging is tables on Spark, filled before what erased people wrote is emptied."""
    waiting, copies = ["model.crm_segmentation.events"], []
    while waiting:
        for parent in manifest["nodes"][waiting.pop()]["depends_on"]["nodes"]:
            node = manifest["nodes"][parent]
            if node["config"]["materialized"] == "view":
                waiting.append(parent)
                if "spark" in str(node["unrendered_config"]["materialized"]):
                    copies.append(node["name"])

    assert copies == []


def test_an_erased_contact_keeps_key_dates_and_purchases(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    erased = demo("select * from main_personal.contacts where is_erased")
    kept = {"contact_id", "first_seen_at", "signed_up_at", "updated_at", "source_record_count"}
    kept |= {"is_erased", "is_held_back"}

    assert len(erased) >= 5
    assert set(erased.columns[erased.notna().any()]) <= kept
