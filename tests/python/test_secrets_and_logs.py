"""What fails says so without a value of anybody's row, and without a secret."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import duckdb
from planted import MODELS, PRIVACY, TRACES, people_sql, run_all, write_project


def test_what_fails_on_duckdb_prints_and_writes_nobody(tmp_path: Path) -> None:
    write_project(tmp_path)
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.execute(people_sql())

    failed, said = run_all(tmp_path, "duckdb")

    assert failed == len(MODELS) - 2
    assert "got 4 results" in said
    assert [trace for trace in TRACES if trace in said] == []
    assert "no_such_macro" in said
    assert "no_such_column" in said
    assert "could not convert string" in said, "What is wrong is still said."


def test_a_message_keeps_what_the_sql_says_and_nothing_of_the_row() -> None:
    sys.path.insert(0, str(PRIVACY))
    masked = importlib.import_module("masking").masked
    sql = "select cast(ordered_at as date) from main_raw.raw_orders"
    for message, expected in {
        "Conversion Error: Could not convert string 'O'Hara, Ann' to INT32 when casting from"
        " source column ordered_at": "Conversion Error: Could not convert string '...' to INT32"
        " when casting from source column ordered_at",
        'duplicate key value violates unique constraint "ann@example.com"': "duplicate key value"
        ' violates unique constraint "..."',
        "Value 4930765432101 is out of range for type INT32": "Value ... is out of range for"
        " type INT32",
    }.items():
        assert masked(message, sql) == expected
