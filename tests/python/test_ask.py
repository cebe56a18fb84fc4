"""make ask: questions listed, and answered with every column and every row that was asked for."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.cli.main import dbtRunnerResult
from project import ROOT, query, run_dbt

sys.path.insert(0, str(ROOT / "examples" / "build"))
import ask
import dbt_show


def test_every_analysis_opens_with_its_question() -> None:
    files = {path.stem for path in (ROOT / "analyses").glob("*.sql")}
    assert files == set(ask.questions())


def test_without_a_name_the_questions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask.main([]) == 0
    said = capsys.readouterr().out
    assert "which_campaigns_paid" in said
    assert "Which segments carry the revenue" in said


def test_no_column_and_no_value_is_cut_and_left_out_rows_are_counted() -> None:
    names = [f"column_{number}" for number in range(12)]
    rows = [tuple("x" * 60 for _ in names), tuple("y" for _ in names)]
    text = ask.answered(names, rows, only=None, limit=1)
    assert "column_11" in text
    assert "x" * 60 in text
    assert text.endswith("1 more: LIMIT=2 shows all.\n")


def test_only_keeps_rows_with_the_whole_value_in_some_column() -> None:
    rows = [("S12", 1), ("S1", 2), (None, 3)]
    assert ask.answered(["key", "number"], rows, only="S1", limit=9).split() == [
        *("key", "number"),
        *("S1", "2"),
    ]
    assert ask.answered(["key", "number"], rows, only="S", limit=9) == (
        "None of the 3 rows of the answer has the value S in a column.\n"
    )
    assert ask.answered(["key", "number"], [], only="S", limit=9) == "The answer has no row.\n"


def test_a_name_that_nothing_has_is_answered_with_the_questions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ask, "shown", lambda *_: [])
    assert ask.main(["did_it_work"]) == 2
    assert "is called did_it_work. Questions are:" in capsys.readouterr().err


def test_a_table_is_read_as_it_was_built_and_answers_once(
    demo_database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The changes of an audience are incremental, and its data tests have names of their own."""
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    table = "main_audiences.audience_hubspot__changes"
    ids = query(database, f"select contact_id from {table} order by 1")["contact_id"]

    def invoke(words: list[str]) -> dbtRunnerResult:
        return run_dbt(*words, database=database, target=tmp_path)

    monkeypatch.setattr(ask, "shown", lambda *words: dbt_show.shown(*words, invoke=invoke))
    assert ask.main(["audience_hubspot__changes", "--limit", "1"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[1].startswith(ids[0])
    assert said.endswith(f"{len(ids) - 1} more: LIMIT={len(ids)} shows all.\n")


def test_rows_of_a_table_come_in_the_order_of_its_columns() -> None:
    rows = [("b", None), ("a", 10), ("a", None), ("a", 9)]
    assert ask.in_order(rows) == [("a", 9), ("a", 10), ("a", None), ("b", None)]


def test_a_table_that_was_not_built_is_told_with_what_to_do() -> None:
    told = ask.explained(RuntimeError("Catalog Error: Table with name orders does not exist!"))
    assert "make ask Q=input_checks" in told
    assert ask.explained(RuntimeError("Syntax error")) == "Syntax error"


def test_the_variables_beside_the_database_are_taken_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.vars.yml").write_text("demo_data: false\n", encoding="utf-8")
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(tmp_path / "shop.duckdb"))
    asked: list[str] = []
    table = SimpleNamespace(column_names=["contact_count"], rows=[{"contact_count": 7}])

    def shown(*words: str) -> list[Any]:
        asked.extend(words)
        return [SimpleNamespace(agate_table=table)]

    monkeypatch.setattr(ask, "shown", shown)
    assert ask.main(["how_large_are_the_rfm_groups"]) == 0
    assert "demo_data: false" in asked[-1]
    assert capsys.readouterr().out.split() == ["contact_count", "7"]


def test_whoever_no_segment_sends_there_is_told_with_the_reason(
    demo_database: Path, tmp_path: Path
) -> None:
    """The analysis, on the demo: nobody is in it whom the destination gets, nobody is missing."""
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    name = "why_is_a_contact_held_back"
    result = run_dbt("compile", "-s", name, database=database, target=tmp_path)
    assert result.success
    sql = result.result.results[0].node.compiled_code
    told = query(database, f"select distinct contact_id, destination from ({sql}) order by 1, 2")
    expected = query(
        database,
        "select contact_id, destination from main_audiences.audience_members"
        " group by contact_id, destination having not bool_or(is_eligible) order by 1, 2",
    )
    assert len(expected) > 100
    assert told.equals(expected)
    days = query(
        database,
        f"select count(*) as row_count from ({sql}) where since_on is null"
        " and held_back_reason in ('withdrawn', 'no_consent')",
    )
    assert days["row_count"][0] == 0
