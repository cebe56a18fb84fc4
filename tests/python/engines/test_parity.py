"""Every engine gives the same answers, after a full build and after a day added to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from engines.conftest import DAYS, Built
from engines.parity import Report, Rows, Table, differences, exported, seeds

ENGINES = [
    pytest.param("bigquery", marks=pytest.mark.bigquery),
    pytest.param("ducklake", marks=pytest.mark.ducklake),
    pytest.param("ducklake_postgres", marks=pytest.mark.ducklake),
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("spark", marks=pytest.mark.spark),
    pytest.param("snowflake", marks=pytest.mark.snowflake),
    pytest.param("trino", marks=pytest.mark.trino),
]
Builds = Callable[[str], Built]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_cell_of_every_public_table_is_the_same(
    built: Builds, tables: list[Table], report: Report, engine: str, day: str
) -> None:
    expected, answers, found = built("duckdb").on(day), built(engine).on(day), []
    for table in tables:
        one, other = expected[table.name], answers[table.name]
        lines = differences(table, one, other)
        report.add(table.name, f"{engine}, {day}", len(one.columns) * len(one.values), len(lines))
        found += lines

    assert found == [], f"DuckDB and {engine} differ:\n" + "\n".join(found[:100])


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_day_exports_the_same_bytes(
    built: Builds, tables: list[Table], engine: str, day: str
) -> None:
    expected, answers = built("duckdb").on(day), built(engine).on(day)
    digests = {
        table.name: [
            hashlib.sha256(exported(days[table.name])).hexdigest() for days in (expected, answers)
        ]
        for table in tables
    }

    assert [name for name, (one, other) in digests.items() if one != other] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_the_seeds_arrive_the_same(built: Builds, engine: str) -> None:
    found, (expected, arrived) = [], (built(name).on("full") for name in ("duckdb", engine))
    for table in seeds(built("duckdb").manifest):
        one, other = expected[table.name], arrived[table.name]
        found += differences(table, without_blanks(one), without_blanks(other))

    assert found == []


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("engine", ENGINES)
def test_cut_points_are_exact_quantiles(built: Builds, engine: str, day: str) -> None:
    """By fractions, which round nowhere; the table keeps six decimals."""
    tables = built(engine).on(day)
    measures, cuts = tables["contact_rfm_measures"], tables["rfm_cut_points"]
    columns = {"recency": "recency_days", "frequency": "frequency", "monetary": "monetary"}
    scores = max(row[cuts.columns.index("cut_number")] for row in cuts.values) + 1

    for measure, cut_number, cut_point, *_ in cuts.values:
        column = measures.columns.index(columns[measure])
        values = sorted(Fraction(row[column]) for row in measures.values)
        exact = quantile(values, Fraction(cut_number, scores))
        assert abs(Fraction(cut_point) - exact) < Fraction(1, 10**6), (measure, cut_number)


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    """The type-7 quantile of values in ascending order."""
    place = (len(values) - 1) * share
    below = int(place)
    steps = [after - before for before, after in pairwise(values)]
    return values[below] + (place - below) * (steps[below] if below < len(steps) else 0)


def without_blanks(rows: Rows) -> Rows:
    """Blanks and the word null as null: what dbt makes of them in a seed, but on DuckDB."""
    values = [tuple(None if is_blank(value) else value for value in row) for row in rows.values]
    return Rows(rows.columns, values)


def is_blank(value: object) -> bool:
    """Whether dbt reads the text as nothing."""
    return isinstance(value, str) and value.strip().lower() in ("", "null")
