"""The tour asks the demo ten questions, answers each, and writes nothing."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from project import ROOT

sys.path.insert(0, str(ROOT / "examples" / "tour"))
import tour


def test_ten_questions_have_an_answer_each(
    demo_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hashlib.sha256(demo_database.read_bytes()).hexdigest()

    assert tour.walk(demo_database, lambda: True) == 0
    assert hashlib.sha256(demo_database.read_bytes()).hexdigest() == before
    said = capsys.readouterr().out
    steps = tour.steps()
    assert [step.question.split(".")[0] for step in steps] == [str(n) for n in range(1, 11)]
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        for step in steps:
            assert step.question.endswith("?")
            assert 3 <= len(connection.execute(step.sql).fetchall()) <= 12, step.question
            assert tour.shown(step, connection) in said


def test_the_answers_are_those_of_the_tables(
    demo: Callable[[str], pd.DataFrame], demo_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    customers = demo("select count(*) as n from main_contacts.contact_rfm_scores")["n"][0]
    groups = demo("select distinct rfm_group from main_contacts.contact_rfm_scores")["rfm_group"]
    tour.walk(demo_database, lambda: True)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    counts = {words[0]: int(words[1]) for words in lines if words and words[0] in set(groups)}

    assert set(counts) == set(groups)
    assert sum(counts.values()) == customers


def test_a_reader_may_end_it_and_a_missing_demo_is_told(
    demo_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tour.walk(demo_database, lambda: False) == 0
    assert "\n2. " not in capsys.readouterr().out
    assert tour.walk(tmp_path / "crm.duckdb", lambda: True) == 2
    assert "run make build first" in capsys.readouterr().err
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.execute("create table something_else as select 1 as one")
    assert tour.walk(tmp_path / "crm.duckdb", lambda: True) == 2
    assert "the tour is of a built demo" in capsys.readouterr().err
