"""The history of segments over several days: repeated, changed, refused, erased, backfilled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import ROOT, failures, query, rows_that_differ, run_dbt

sys.path.insert(0, str(ROOT / "examples" / "backfill"))
from backfill import days_of

SEGMENT_MODELS = ["path:models/*/segments", "path:models/*/lookalikes"]
TESTERS = {
    "name": "testers",
    "model": "geographic",
    "goal": "Test",
    "channels": ["email"],
    "criteria": ["city = 'Testville'"],
}
HISTORY_TABLES = [
    ("main_segments", "segment_profiles"),
    ("main_segments", "segment_membership_history"),
    ("main_segments", "segment_movements"),
    ("main_segments", "segment_health"),
]


# A history under each contact's first record: the id of a person depends on what was published.
BY_PERSON = """
    with people as (
        select contact_id, min(record_id) as person
        from main_contacts.contact_records
        group by contact_id
    )
    select people.person, history.* exclude (contact_id)
    from main_segments.{table} as history
    left join people using (contact_id)
    order by all
"""


class Days:
    """A copy of the demo whose contacts are moved by hand, and then measured day by day."""

    def __init__(self, database: Path, target: Path) -> None:
        """Forget the day that the demo itself has measured."""
        self.database, self.target = database, target
        with duckdb.connect(str(database)) as connection:
            people = "from main_contacts.contact_traits where not is_erased order by contact_id"
            found = connection.sql(f"select contact_id {people} limit 9").fetchall()
            self.ids = dict(zip("abcdefghi", (row[0] for row in found), strict=True))
            connection.sql("update main_contacts.contact_traits set city = 'Elsewhere'")
            for table in (
                "main_segments.segment_profiles",
                "main_segments.segment_health",
                "main_intermediate.int_segments__membership_spells",
            ):
                connection.sql(f"delete from {table}")

    def move(self, sql: str) -> None:
        """Change a table by hand; {a} to {i} stand for contacts."""
        with duckdb.connect(str(self.database)) as connection:
            connection.sql(sql.format(**self.ids))

    def run(self, day: str, members: str, **changed: object) -> Any:  # noqa: ANN401
        """Measure a day on which these contacts live in Testville."""
        where = ", ".join(f"'{{{letter}}}'" for letter in members) or "''"
        self.move(
            "update main_contacts.contact_traits set city ="
            f" case when contact_id in ({where}) then 'Testville' else 'Elsewhere' end"
        )
        return run_dbt(
            *("run", "-s", *SEGMENT_MODELS),
            database=self.database,
            target=self.target,
            variables={"as_of_date": day, "segments": [{**TESTERS, **changed}]},
        )

    def measure(self, day: str, members: str, **changed: object) -> None:
        """Measure a day and have it succeed."""
        result = self.run(day, members, **changed)
        assert result.success, failures(result)

    def rows(self, columns: str, table: str) -> list[tuple[Any, ...]]:
        """Rows about the testers, in order, with letters for contacts."""
        sql = f"""
            select {columns} from main_segments.{table}
            where segment_name = 'testers' order by all
        """
        letters = {contact_id: letter for letter, contact_id in self.ids.items()}
        with duckdb.connect(str(self.database), read_only=True) as connection:
            found = connection.sql(sql).fetchall()
        return sorted(tuple(letters.get(value, value) for value in row) for row in found)

    def history(self) -> list[tuple[Any, ...]]:
        """Intervals as (contact, entered, exited), days of July 2026 as numbers, 0 for open."""
        return self.rows(
            "contact_id, day(entered_on)::int, coalesce(day(exited_on)::int, 0)",
            "segment_membership_history",
        )


@pytest.fixture(scope="module")
def days(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Days:
    """Three days with all that can happen: a repeated one, a changed rule, an erasure, a merge."""
    folder = tmp_path_factory.mktemp("days")
    days = Days(shutil.copy(demo_database, folder / "crm.duckdb"), folder / "target")
    days.measure("2026-07-01", "abceh")
    days.measure("2026-07-02", "acdeh")
    days.before = shutil.copy(days.database, folder / "before.duckdb")
    return days


def test_members_come_and_go(days: Days) -> None:
    assert days.history() == [
        ("a", 1, 0),
        ("b", 1, 2),
        ("c", 1, 0),
        ("d", 2, 0),
        ("e", 1, 0),
        ("h", 1, 0),
    ]
    moved = days.rows(
        "day(as_of_date)::int, contact_id, movement, movement_cause", "segment_movements"
    )
    assert [row for row in moved if row[0] == 2] == [
        (2, "b", "exited", "contact"),
        (2, "d", "entered", "contact"),
    ]
    assert {row[2:] for row in moved if row[0] == 1} == {("entered", "new_segment")}


def test_a_day_measured_again_changes_nothing(days: Days) -> None:
    days.measure("2026-07-02", "acdeh")

    before = days.database.with_name("same") / "crm.duckdb"
    before.parent.mkdir()
    shutil.copy(days.before, before)
    assert rows_that_differ(days.database, before, HISTORY_TABLES) == {}


def test_the_last_run_of_a_day_is_what_the_day_says(days: Days) -> None:
    days.measure("2026-07-02", "abefh")

    assert days.history() == [
        ("a", 1, 0),
        ("b", 1, 0),
        ("c", 1, 2),
        ("e", 1, 0),
        ("f", 2, 0),
        ("h", 1, 0),
    ]


def test_a_changed_rule_and_an_erasure_and_a_merge(days: Days) -> None:
    days.move("update main_personal.contacts set is_erased = true where contact_id = '{e}'")
    days.move("update main_contacts.contact_traits set is_erased = true where contact_id = '{e}'")
    days.move("update main_contacts.contact_records set contact_id = '{a}' where record_id = '{h}'")
    days.measure("2026-07-03", "abg", criteria=["city in ('Testville', 'Testtown')"])

    assert days.history() == [
        # h has become a, who stays; the rule's new version is another interval.
        ("a", 1, 3),
        ("a", 3, 0),
        ("b", 1, 3),
        ("b", 3, 0),
        ("c", 1, 2),
        ("f", 2, 3),
        ("g", 3, 0),
    ]
    moved = days.rows(
        "day(as_of_date)::int, contact_id, movement, movement_cause", "segment_movements"
    )
    assert [row for row in moved if row[0] == 3] == [
        (3, "f", "exited", "definition"),
        (3, "g", "entered", "definition"),
    ]
    counted = days.rows(
        "day(as_of_date)::int, contact_count, entered_count, exited_count", "segment_health"
    )
    assert counted == [(1, 5, 5, 0), (2, 5, 1, 1), (3, 3, 1, 1)]


def test_a_threshold_behind_a_trait_is_part_of_the_definition(days: Days) -> None:
    versions = "select segment_name, definition_version from main_segments.segment_definitions"
    before = dict(query(days.database, versions).to_numpy())
    result = run_dbt(
        *("run", "-s", "segment_definitions"),
        database=days.database,
        target=days.target,
        variables={"as_of_date": "2026-07-03", "segments": [TESTERS], "churned_days": 400},
    )
    assert result.success, failures(result)
    after = dict(query(days.database, versions).to_numpy())

    # The funnel stage comes with the lifecycle stage, whose rules are told for both.
    changed = {name for name in after if after[name] != before[name]}
    by_stage = {"new_customers", "loyal_customers", "reactivated_customers", "churned_customers"}
    assert {"testers", "curious_prospects", "lapsed_with_a_next_product", *by_stage} <= changed
    assert not {"never_purchased", "rfm_at_risk", "high_value_customers"} & changed


def test_a_day_before_the_last_one_is_refused(days: Days) -> None:
    before = days.history()
    result = days.run("2026-07-02", "i")

    assert not result.success
    assert "The segment history already knows 2026-07-03, and as_of_date is 2026-07-02" in failures(
        result
    )
    assert "make backfill FROM=2026-07-02 TO=2026-07-03" in failures(result)
    assert days.history() == before


@pytest.fixture(scope="module")
def measured(
    tmp_path_factory: pytest.TempPathFactory, demo_database: Path
) -> Callable[[list[str]], Path]:
    """Builds a database from the raw tables, as of each day in turn."""

    def measured(days: list[str]) -> Path:
        folder = tmp_path_factory.mktemp("daily")
        with duckdb.connect(str(folder / "crm.duckdb")) as connection:
            connection.sql(f"attach '{demo_database}' as demo (read_only)")
            for schema in ("main_raw", "main_reference"):
                connection.sql(f"create schema {schema}")
                tables = f"select table_name from duckdb_tables() where schema_name = '{schema}'"
                for (table,) in connection.sql(f"{tables} and database_name = 'demo'").fetchall():
                    connection.sql(f"create table {schema}.{table} as from demo.{schema}.{table}")
        for day in days:
            result = run_dbt(
                *("run", "--selector", "segment_history"),
                database=folder / "crm.duckdb",
                target=folder / "target",
                variables={"as_of_date": day},
            )
            assert result.success, failures(result)
        return folder / "crm.duckdb"

    return measured


@pytest.mark.parametrize(
    ("first", "last", "step", "days"),
    [
        ("2026-06-30", "2026-06-30", "day", ["2026-06-30"]),
        ("2026-06-29", "2026-07-01", "day", ["2026-06-29", "2026-06-30", "2026-07-01"]),
        ("2026-06-15", "2026-06-24", "week", ["2026-06-15", "2026-06-22", "2026-06-24"]),
        ("2026-01-31", "2026-03-31", "month", ["2026-01-31", "2026-02-28", "2026-03-31"]),
    ],
)
def test_the_days_of_a_backfill_go_by_step_and_end_with_the_last(
    first: str, last: str, step: str, days: list[str]
) -> None:
    found = days_of(date.fromisoformat(first), date.fromisoformat(last), step)
    assert [str(day) for day in found] == days


# Four minutes of processor time, which CI does not have now: pytest -m slow.
@pytest.mark.slow
def test_a_backfill_equals_daily_runs(
    measured: Callable[[list[str]], Path], demo_database: Path, tmp_path: Path
) -> None:
    """The demo knows its last day only; one before it is backfilled, the last measured again.

    The people move as in daily runs; their ids stay those that the demo has published.
    """
    published = set(query(demo_database, "from main_contacts.contact_records")["contact_id"])
    daily = measured(["2026-06-22", "2026-06-30"])
    database = shutil.copy(demo_database, tmp_path / "crm.duckdb")
    command = [
        "examples/backfill/backfill.py",
        "--from",
        "2026-06-22",
        "--to",
        "2026-06-22",
    ]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            **os.environ,
            "CRM_DUCKDB_PATH": str(database),
            "DBT_PROFILES_DIR": str(ROOT),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2026-06-22  1 of 2" in done.stdout
    by_contact = {"segment_membership_history", "segment_movements"}
    others = [name for name in HISTORY_TABLES if name[1] not in by_contact]
    assert rows_that_differ(database, daily, others) == {}
    for table in by_contact:
        backfilled = query(database, BY_PERSON.format(table=table))
        assert backfilled["person"].notna().all()
        assert backfilled.equals(query(daily, BY_PERSON.format(table=table)))
    history = query(database, "from main_segments.segment_membership_history")
    assert set(history["contact_id"]) <= published
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm.duckdb", "logs", "target"]
    moved = query(database, "select distinct as_of_date from main_segments.segment_movements")
    assert len(moved) == 2
