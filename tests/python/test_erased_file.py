"""After make erase the file itself holds nothing that was deleted, and everything else."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import duckdb
import pytest
from project import ROOT

GONE = b"ann77@erased.example"


@pytest.fixture
def erase(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program behind make erase."""
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "erase"))
    return importlib.import_module("erase")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with a deleted and an overwritten row, and an object of each kind."""
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in (
            # So that a search of the bytes sees what is there.
            "set force_compression = 'uncompressed'",
            "create schema people",
            "create schema views",
            """create table people.contacts (
                number integer primary key, email varchar not null, check (number > 0)
            )""",
            """insert into people.contacts
                select number, 'ann' || number || '@erased.example'
                from range(1, 5000) as numbers (number)""",
            "create index by_email on people.contacts (email)",
            "comment on table people.contacts is 'One row per person.'",
            "comment on column people.contacts.email is 'Address.'",
            "create table people.ledger as select number, 'kept' as id from people.contacts",
            "create table people.nobody (number integer)",
            'create view people.late as select * from "crm"."people"."ledger"',
            'create view views.contacts as select * from "crm"."people"."late"',
            "create macro people.twice(number) as number * 2",
            "checkpoint",
            "create table people.written_anew as from people.contacts",
            "checkpoint",
            "delete from people.contacts where number = 77",
            "create or replace table people.written_anew as from people.contacts",
            "checkpoint",
        ):
            connection.sql(statement)
    return path


def test_the_bytes_of_a_renewed_file_hold_nobody_who_was_deleted(
    erase: ModuleType, database: Path
) -> None:
    assert GONE in database.read_bytes()

    table_count, before, after = erase.renew(database)

    assert table_count == 4
    assert after < before
    assert GONE not in database.read_bytes()
    with duckdb.connect(str(database)) as connection:
        assert connection.sql("select free_blocks from pragma_database_size()").fetchall() == [(0,)]
    assert list(database.parent.iterdir()) == [database]


def test_a_renewed_file_holds_everything_else(erase: ModuleType, database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        expected = erase.catalogue(connection, "crm")
        contacts = connection.sql("from people.contacts order by number").fetchall()

    erase.renew(database)

    with duckdb.connect(str(database)) as connection:
        assert erase.catalogue(connection, "crm") == expected
        assert connection.sql("from people.contacts order by number").fetchall() == contacts
        assert connection.sql("select count(*) from views.contacts").fetchall() == [(4999,)]
        assert connection.sql("select people.twice(2)").fetchall() == [(4,)]
        with pytest.raises(duckdb.ConstraintException):
            connection.sql("insert into people.contacts values (1, 'twice')")


def test_a_file_whose_copy_differs_stays_as_it_was(
    erase: ModuleType, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = database.read_bytes()
    monkeypatch.setattr(erase, "digest", lambda _, table: table)

    with pytest.raises(erase.NotErasedError, match=r"other rows in people\.contacts"):
        erase.renew(database)

    assert database.read_bytes() == before
    assert list(database.parent.iterdir()) == [database]


def test_a_view_that_cannot_be_read_stops_it(erase: ModuleType, database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.sql("drop table people.ledger")
    before = database.read_bytes()

    with pytest.raises(erase.NotErasedError, match=r"the view people\.late cannot be read"):
        erase.renew(database)

    assert database.read_bytes() == before


def test_no_file_is_an_error_that_says_what_to_do(erase: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(erase.NotErasedError, match="build first"):
        erase.renew(tmp_path / "crm.duckdb")


def prove(monkeypatch: pytest.MonkeyPatch, database: Path, values: list[str], *files: Path) -> int:
    """Run what make prove runs, with values of a person and files to search too."""
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "erase"))
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(database))
    told = database.with_name("values.txt")
    told.write_text("\n".join(values), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["prove.py", str(told), *map(str, files)])
    return importlib.import_module("prove").main()


def test_the_search_names_every_place_that_holds_a_value_and_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database, log = tmp_path / "crm.duckdb", tmp_path / "logs" / "dbt.log"
    with duckdb.connect(str(database)) as connection:
        for statement in (
            "create table plain as select 'Ann' as first_name, 'O''Neill' as last_name",
            "create table apart as select 'Ann' as name union all select 'O''Neill'",
            "create table hashed as select sha256('ann@erased.example') as email_sha256",
            "create table phones as select '+44 20 7946 0991' as phone",
            """create table texts as select '{"q": "Say \"Ann@Erased.Example\""}' as properties""",
            "create view seen as from texts",
        ):
            connection.sql(statement)
    log.parent.mkdir()
    log.write_text("said: Ann O'Neill\n", encoding="utf-8")

    values = ["ann@erased.example", "Ann & O'Neill", "020 7946 0991", "nobody@kept.example"]
    found = prove(monkeypatch, database, values, log.parent)

    assert found == 1
    assert capsys.readouterr().out.splitlines() == [
        "table main.hashed: line 1",
        "table main.phones: line 3",
        "table main.plain: line 2",
        "table main.texts: line 1",
        "view main.seen: line 1",
        f"file {log}: line 2",
        "4 values, 7 places searched, 6 hold some",
    ]
    assert prove(monkeypatch, database, values[3:], log.parent) == 0
