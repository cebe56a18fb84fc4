"""Flags that landed as words: a no is read in any of them, a deletion in none for nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from project import failures, query, run_dbt

SILENT = ["false", "F", "0", "0.0", "No", "off", "Allow", "nein", " ", "None", "nan", "null", "N/A"]
NOES = ["true", "1", "Yes", "Do Not Allow", "Ja", "on", "x", "opted out", "Nicht zulassen", "2"]
NOT_DELETED = ["False", "0", "None", "NaT", "nan", "-", ""]
DELETED = ["True", "1", "2026-01-02T03:04:05Z"]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contacts of Dynamics: one for each word, of a no to e-mail or of a deletion."""
    folder = tmp_path_factory.mktemp("flags")
    database = folder / "crm.duckdb"
    rows = [(f"no {word}", word, "False") for word in SILENT + NOES]
    rows += [(f"gone {word}", "true", word) for word in NOT_DELETED + DELETED]
    with duckdb.connect(str(database)) as connection:
        connection.sql("create schema dyn")
        connection.sql(
            "create table dyn.contact"
            " (contactid varchar, donotemail varchar, _fivetran_deleted varchar, createdon varchar)"
        )
        connection.executemany(
            "insert into dyn.contact values (?, ?, ?, '2026-01-02T03:04:05Z')", rows
        )
    result = run_dbt(
        *("run", "-s", "landed_dynamics__contacts"),
        database=database,
        target=folder / "target",
        variables={
            "demo_data": False,
            "raw_tables": [],
            "as_of_date": "2026-06-30",
            "connectors": [{"system": "dynamics", "loader": "fivetran", "schema": "dyn"}],
        },
    )
    assert result.success, failures(result)
    return database


def found(database: Path, condition: str) -> set[str]:
    """The contacts of which something holds."""
    table = "select contact_id from main_connectors.landed_dynamics__contacts"
    return set(query(database, f"{table} where {condition}")["contact_id"])


def test_a_flag_that_forbids_is_set_by_every_word_that_does_not_deny_it(landed: Path) -> None:
    assert found(landed, "takes_no_email and contact_id like 'no %'") == {f"no {w}" for w in NOES}


def test_a_word_for_nothing_deletes_nothing(landed: Path) -> None:
    kept = {f"gone {word}".strip() for word in NOT_DELETED}
    assert found(landed, "contact_id like 'gone%'") == kept
