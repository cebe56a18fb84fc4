"""Of a person who asked to be erased no stored table keeps anything personal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

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


def test_no_stored_table_holds_what_an_erased_person_told(
    demo_database: Path, erased_values: set[str]
) -> None:
    assert len(erased_values) >= 10
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        tables = connection.sql("""
            select schema_name, table_name
            from duckdb_tables()
            where schema_name not in ('main_raw', 'main_reference')
        """).fetchall()
        assert len(tables) > 40
        for schema, table in tables:
            if table.startswith("base_people__phone"):
                continue
            text = connection.sql(f'select lower("{table}"::varchar) from {schema}."{table}"')
            everything = "\n".join(row for (row,) in text.fetchall())
            found = sorted(value for value in erased_values if value in everything)
            assert found == [], f"{schema}.{table}"


def test_an_erased_contact_keeps_key_dates_and_purchases(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    erased = demo("select * from main_personal.contacts where is_erased")
    kept = {"contact_id", "first_seen_at", "signed_up_at", "updated_at", "source_record_count"}

    assert len(erased) >= 5
    assert set(erased.columns[erased.notna().any()]) <= kept | {"is_erased"}
