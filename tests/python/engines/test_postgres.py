"""The same models give the same answers on PostgreSQL as on DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engines.parity import Rows, Table, differences, public_tables, seeds
from project import failures, run_dbt

pytestmark = pytest.mark.postgres

Query = Callable[[str], Rows]

# Texts that one engine or the other reads in its own way, or fails on.
HOSTILE_TEXTS = [
    "2024-02-29",
    "2023-02-29",
    "2000-02-29",
    "2100-02-29",
    "2025-04-31",
    "2025-13-01",
    "2025-00-10",
    "2025-01-00",
    "2025-06-30T23:59:59.999999999",
    "2025-06-30 10:00:00.1234567",
    "2025-06-30 24:00:00",
    "2025-06-30 10:00",
    "2025-06-30T10:00Z",
    "2025-06-30T10:00:00+05:45",
    "2025-06-30 10:00:00.123456789-11",
    "2025-02-30T10:00:00Z",
    "2025-06-30T10:00:00+15:00",
    "2025-06-30T10:00:00+99:99",
    "31/01/2025",
    "infinity",
    "now",
    "99999999999999.99994",
    "99999999999999.99995",
    "-99999999999999.99995",
    "1.00005",
    "-1.00005",
    "+7",
    "3.0",
    "3.5",
    "999999999",
    "1e3",
    "1,234",
    "NaN",
    "0x10",
    "",
    " ",
    "\u00a0",
    "\u00a0 7 \t\r\n",
    "NULL",
    "\U0001f600 \u0130stanbul's",
    "a\\b\"c'd",
]


@pytest.fixture(scope="module")
def compile_on(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """Compile a query for a target."""

    def compile_on(engine: str, sql: str) -> str:
        folder = tmp_path_factory.mktemp("inline")
        result = run_dbt(
            "compile",
            "--inline",
            sql,
            "--target",
            engine,
            database=folder / "unused.duckdb",
            target=folder,
        )
        assert result.success, failures(result)
        return result.result.results[0].node.compiled_code

    return compile_on


def rows_of(table: Table, query: Query) -> Rows:
    """All rows of a table."""
    return query(f'select * from {table.schema}."{table.name}"')


def without_blanks(rows: Rows) -> Rows:
    """Blank texts as null: what dbt's seeds make of them everywhere but on DuckDB."""
    values = [
        tuple(None if isinstance(value, str) and not value.strip() else value for value in row)
        for row in rows.values
    ]
    return Rows(rows.columns, values)


def test_every_cell_of_every_public_table_is_the_same(
    postgres_demo: Query,
    on_duckdb: Query,
    manifest: dict[str, Any],
    say: Callable[[str], None],
) -> None:
    found, cells = [], 0
    tables = public_tables(manifest)
    for table in tables:
        expected = rows_of(table, on_duckdb)
        cells += len(expected.columns) * len(expected.values)
        found += differences(table, expected, rows_of(table, postgres_demo))
    say(f"{len(tables)} public tables, {cells} cells, {len(found)} differences")

    assert found == [], "DuckDB and PostgreSQL differ:\n" + "\n".join(found[:100])


def test_the_seeds_arrive_the_same(
    postgres_demo: Query, on_duckdb: Query, manifest: dict[str, Any]
) -> None:
    found = []
    for table in seeds(manifest):
        expected, arrived = rows_of(table, on_duckdb), rows_of(table, postgres_demo)
        found += differences(table, without_blanks(expected), without_blanks(arrived))

    assert found == []


def test_hostile_texts_are_read_the_same(
    postgres_demo: Query, on_duckdb: Query, compile_on: Callable[[str, str], str]
) -> None:
    literals = ", ".join("('" + text.replace("'", "''") + "')" for text in HOSTILE_TEXTS)
    sql = f"""
        with texts as (select text from (values {literals}) as listed (text)),
        tidied as (select text as raw_text, {{{{ tidy_text('text') }}}} as text from texts)
        select
            raw_text,
            text,
            {{{{ parse_timestamp('text') }}}} as moment,
            {{{{ parse_date('text') }}}} as day,
            {{{{ parse_decimal('text') }}}} as amount,
            {{{{ parse_integer('text') }}}} as number,
            {{{{ json_text('text') }}}} as json,
            {{{{ email_address('text') }}}} as email
        from tidied
    """
    read = [
        query(compile_on(engine, sql))
        for engine, query in {"duckdb": on_duckdb, "postgres": postgres_demo}.items()
    ]

    assert differences(Table("", "hostile_texts", ("raw_text",)), *read) == []


def test_ratios_round_the_same(
    postgres_demo: Query, on_duckdb: Query, compile_on: Callable[[str, str], str]
) -> None:
    sql = """
        with cents as (select {{ rounded_ratio('amount', 'n', 2) }} as rounded, amount, n from (
            select cast(cent as numeric(18, 2)) / 100 as amount, n
            from (select cast(number as bigint) as cent from ({{ integers(1, 200) }}) as numbers) as cents
            cross join (select cast(number as bigint) as n from ({{ integers(1, 12) }}) as divisors) as divisors
        ) as ratios)
        select cast(amount as numeric(18, 2)) as amount, n, rounded from cents
    """  # noqa: E501
    read = [
        query(compile_on(engine, sql))
        for engine, query in {"duckdb": on_duckdb, "postgres": postgres_demo}.items()
    ]

    assert differences(Table("", "ratios", ("amount", "n")), *read) == []
    for amount, divisor, rounded in read[0].values:
        cents = int(amount * 100)
        assert int(rounded * 100) == (2 * cents + divisor) // (2 * divisor)


def test_what_is_looked_up_has_an_index(postgres_demo: Query) -> None:
    indexed = postgres_demo("select tablename, indexdef from pg_indexes").values
    for table in ("contact_traits", "segment_memberships", "orders", "audience_hubspot__contacts"):
        assert any(name == table and "(contact_id)" in index for name, index in indexed)


def test_a_second_run_replaces_tables_in_place(
    postgres_demo: Query, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    tables = [table for table in public_tables(manifest) if table.name == "contact_records"]
    before = rows_of(tables[0], postgres_demo)
    selected = ("-s", "int_identity__clusters", "contact_records", "--target", "postgres")
    result = run_dbt("run", *selected, database=tmp_path / "unused.duckdb", target=tmp_path)
    assert result.success, failures(result)

    assert differences(tables[0], before, rows_of(tables[0], postgres_demo)) == []
    left = "select tablename from pg_tables where tablename like 'int_identity__clusters__%'"
    assert postgres_demo(left).values == []
