"""A table or view of DuckDB is replaced whole, in one transaction, or stays as it is."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import ROOT, run_dbt

PROJECT = f"""
name: crm_segmentation
version: "0.1.0"
profile: crm_segmentation
macro-paths: ["{ROOT / "macros"}"]
"""
CONTRACT = """
models:
  - name: thing
    description: 'Things.'
    config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - name: number
        data_type: integer
        description: "One's number."
        constraints: [{type: not_null}]
"""
TABLE = "{{ config(materialized='table') }} "
VIEW = "{{ config(materialized='view') }} "
PYTHON = """
def model(dbt, session):
    dbt.config(materialized="table")
    return session.sql("select 7 as number")
"""


class Things:
    """A project of one model, whose text a test writes anew."""

    def __init__(self, folder: Path) -> None:
        """Make an empty project."""
        self.folder, self.database = folder, folder / "crm.duckdb"
        (folder / "models").mkdir()
        (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")

    def build(self, text: str, ending: str = "sql", contract: str = "") -> bool:
        """Whether dbt runs the model as it is now."""
        for file in self.folder.glob("models/*"):
            file.unlink()
        (self.folder / f"models/thing.{ending}").write_text(text, encoding="utf-8")
        (self.folder / "models/thing.yml").write_text(contract, encoding="utf-8")
        target = self.folder / "target"
        result = run_dbt("run", database=self.database, target=target, project=self.folder)
        is_built = result.success
        # What failed may hold a connection, and so the file, until it is thrown away.
        del result
        gc.collect()
        return is_built

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.sql(sql).fetchall()

    def standing(self) -> list[tuple[str, str]]:
        """What the database holds, by name and type."""
        return self.ask("select table_name, table_type from information_schema.tables order by all")


@pytest.fixture
def things(tmp_path: Path) -> Things:
    return Things(tmp_path)


def test_a_model_may_become_a_view_a_table_or_python_and_leaves_nothing_beside(
    things: Things,
) -> None:
    steps = [(TABLE, "1"), (TABLE, "2"), (VIEW, "3"), (VIEW, "4"), (PYTHON, ""), (PYTHON, "")]
    for kind, number in [*steps, (TABLE, "5"), (PYTHON, ""), (VIEW, "6")]:
        if kind == PYTHON:
            assert things.build(PYTHON, "py")
        else:
            assert things.build(f"{kind} select {number} as number")

        assert things.ask("from thing") == [(int(number or 7),)]
        type_ = "VIEW" if kind == VIEW else "BASE TABLE"
        assert things.standing() == [("thing", type_)]


def test_what_fails_leaves_what_was_there(things: Things) -> None:
    assert things.build(f"{TABLE} select 1::integer as number", contract=CONTRACT)
    failing = {
        "while it is written": "select error('no')::integer as number",
        "by its constraint": "select null::integer as number",
        "by its contract": "select 'text' as number",
        "by its number of columns": "select 1::integer as number, 2 as other",
    }
    for reason, sql in failing.items():
        assert not things.build(f"{TABLE} {sql}", contract=CONTRACT), reason
        assert things.ask("from thing") == [(1,)], reason
        assert things.standing() == [("thing", "BASE TABLE")], reason
    assert not things.build(f"{VIEW} select nothing as number")
    assert things.ask("from thing") == [(1,)]


def test_comments_are_those_of_the_last_build(things: Things) -> None:
    comments = """
        select (select comment from duckdb_tables()), (select comment from duckdb_columns()
        where table_name = 'thing')
    """
    assert things.build(f"{TABLE} select 1::integer as number", contract=CONTRACT)
    assert things.ask(comments) == [("Things.", "One's number.")]

    changed = CONTRACT.replace("Things.", "Other things; all.")
    assert things.build(f"{TABLE} select 2::integer as number", contract=changed)
    assert things.ask(comments) == [("Other things; all.", "One's number.")]


def test_a_seed_has_the_columns_that_its_file_has_today(tmp_path: Path) -> None:
    """Who upgrades has the tables of the version before; dbt would only empty them."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    database = tmp_path / "crm.duckdb"
    for text in ("code,label\n1,one\n", "code,words,label\n1,a word,one\n", "label\none\ntwo\n"):
        (tmp_path / "seeds/codes.csv").write_text(text, encoding="utf-8")

        run = run_dbt("seed", database=database, target=tmp_path / "target", project=tmp_path)

        assert run.success
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.sql("from codes").fetchall()
        expected = [tuple(line.split(",")) for line in text.splitlines()[1:]]
        assert [tuple(str(cell) for cell in row) for row in rows] == expected
