"""Whatever happens to a delivery, the destination ends with exactly the members.

The compiled SQL of the changes runs on DuckDB as dbt would run it; deliveries fail, are made twice
and stop half way.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from project import ALL_DESTINATIONS, RELATION, failures, run_dbt

COMPILED_DAY = date(2026, 6, 30)
TOMBSTONE_DAYS = 30
FIRST_DAY = date(2026, 1, 1)
# What is measured late is dated back, and forgotten so much earlier.
LATE = timedelta(5)
MAY_FAIL = timedelta(TOMBSTONE_DAYS) - LATE
Row = dict[str, Any]


class Statements:
    """What dbt runs for an audience: the first build, each later one, the end of old exits."""

    def __init__(self, first: str, later: str, forget: str, key: str) -> None:
        self.first, self.later, self.forget, self.key = first, later, forget, key


STATEMENTS: dict[str, Statements] = {}
CONNECTION = duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": 1})
CONNECTION.sql("set TimeZone = 'UTC'")
BRAZE_COLUMNS = ["external_id", "email", "phone", "first_name", "last_name", "country", "language"]
BRAZE_COLUMNS += ["time_zone", "gender", "crm_is_member"]
BRAZE_COLUMNS += ["crm_lifecycle_stage", "crm_rfm_group", "crm_segments"]
KEYS = {"snap": "match_key", "braze": "external_id"}


@pytest.fixture(scope="module", autouse=True)
def statements(
    demo_database: Path,
    demo_target: Path,
    compiled: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Compile the form of later builds; the demo, built from nothing, holds that of the first."""
    target = tmp_path_factory.mktemp("changes") / "target"
    shutil.copytree(demo_target, target)

    def compile_now(*what: str) -> dict[str, str]:
        result = run_dbt(
            *("compile", *what), database=demo_database, target=target, variables=ALL_DESTINATIONS
        )
        assert result.success, failures(result)
        return {
            found.node.name: RELATION.sub(r'"\1"', found.node.compiled_code)
            for found in result.result.results
        }

    models = [f"audience_{destination}__changes" for destination in sorted(KEYS)]
    inline = compile_now("--inline", "{{ crm_segmentation.forget_old_exits() }}")
    (forget,) = inline.values()
    later_forms = compile_now("-s", *models)
    for model in models:
        later = later_forms[model]
        destination = model.removeprefix("audience_").removesuffix("__changes")
        first = RELATION.sub(r'"\1"', compiled(model))
        assert f'from "{model}"' in later
        assert f'from "{model}"' not in first
        named = re.sub(r"delete from \S+", f'delete from "{model}"', forget)
        STATEMENTS[destination] = Statements(first, later, named, KEYS[destination])


class Warehouse:
    """The audience as it is now, and the table of its changes, in a DuckDB of their own."""

    def __init__(self, destination: str) -> None:
        self.statements = STATEMENTS[destination]
        self.contacts = f"audience_{destination}__contacts"
        self.changes = f"audience_{destination}__changes"
        self.columns = (
            ["match_key", "contact_id", "email_sha256", "phone_sha256", "segments"]
            if destination == "snap"
            else [*BRAZE_COLUMNS, "payload"]
        )
        self.connection = CONNECTION
        self.connection.sql(f'drop table if exists "{self.changes}"')
        types = ", ".join(
            f"{name} {'boolean' if name == 'crm_is_member' else 'varchar'}" for name in self.columns
        )
        self.connection.sql(f'create or replace table "{self.contacts}" ({types})')
        self.is_built = False

    def build(self, members: dict[str, Row], day: date) -> int:
        """Build the audience and its changes as of a day; gives the number of rows written."""
        self.connection.sql(f'delete from "{self.contacts}"')
        if members:
            rows = [[row.get(name) for name in self.columns] for row in members.values()]
            places = ", ".join("?" * len(self.columns))
            self.connection.executemany(f'insert into "{self.contacts}" values ({places})', rows)
        if not self.is_built:
            select = self.statements.first.replace(str(COMPILED_DAY), str(day))
            self.connection.execute(f'create table "{self.changes}" as {select}')
            self.is_built = True
            return len(members)
        select = self.statements.later.replace(str(COMPILED_DAY), str(day))
        self.connection.execute(f"create or replace temp table moved as {select}")
        written = self.connection.sql("select count(*) from moved").fetchall()[0][0]
        key = self.statements.key
        self.connection.sql(
            f'delete from "{self.changes}" where {key} in (select {key} from moved)'
        )
        self.connection.sql(f'insert into "{self.changes}" by name select * from moved')
        self.connection.execute(self.statements.forget.replace(str(COMPILED_DAY), str(day)))
        return written

    def rows_after(self, cursor: str, reads_from: str = ">=") -> list[Row]:
        """What a reader takes whose cursor is at a moment, in the order of the cursor."""
        if not self.is_built:
            return []
        result = self.connection.execute(
            f'select * replace (cast(updated_at as varchar) as updated_at) from "{self.changes}"'
            f" where updated_at {reads_from} cast(? as timestamp)"
            f" order by updated_at, {self.statements.key}",
            [cursor],
        )
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


class UpsertsAndDeletes:
    """A list on an ad platform: adds by key, takes off by key."""

    destination = "snap"
    reads_from = ">="

    def __init__(self) -> None:
        self.members: dict[str, str] = {}

    def apply(self, row: Row) -> None:
        if row["change_type"] == "exited":
            self.members.pop(row["match_key"], None)
        else:
            self.members[row["match_key"]] = row["segments"]

    def holds(self) -> dict[str, Any]:
        return self.members

    def should_hold(self, members: dict[str, Row]) -> dict[str, Any]:
        return {key: row["segments"] for key, row in members.items()}


class InsertsAndUpdates(UpsertsAndDeletes):
    """A tool that can only insert and update: who left is a row that says so."""

    reads_from = ">"

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}

    def apply(self, row: Row) -> None:
        self.rows.setdefault(row["match_key"], {}).update(row)

    def holds(self) -> dict[str, Any]:
        assert all(row["is_member"] or row["segments"] == "" for row in self.rows.values())
        return {key: row["segments"] for key, row in self.rows.items() if row["is_member"]}


class MatchesHashes(UpsertsAndDeletes):
    """An ad platform that finds people by any hash: first all are added, then all are taken off."""

    def __init__(self) -> None:
        super().__init__()
        self.hashes: set[str] = set()

    def apply(self, row: Row) -> None:
        change = set.discard if row["change_type"] == "exited" else set.add
        if row["email_sha256"] is not None:
            change(self.hashes, row["email_sha256"])

    def holds(self) -> dict[str, Any]:
        return dict.fromkeys(self.hashes)

    def should_hold(self, members: dict[str, Row]) -> dict[str, Any]:
        hashes = {row["email_sha256"] for row in members.values()} - {None}
        return dict.fromkeys(hashes)


class MergesPayloads:
    """Braze: gets the changed attributes only and keeps the others; null takes one away."""

    destination = "braze"
    reads_from = ">="

    def __init__(self) -> None:
        self.users: dict[str, Row] = {}

    def apply(self, row: Row) -> None:
        user = self.users.setdefault(row["external_id"], {})
        for name, value in json.loads(row["payload"]).items():
            user[name] = value
            if value is None:
                del user[name]

    def holds(self) -> dict[str, Any]:
        return {key: user for key, user in self.users.items() if user.get("crm_is_member")}

    def should_hold(self, members: dict[str, Row]) -> dict[str, Any]:
        attributes = {}
        for key, row in members.items():
            names = [n for n in row if n not in ("external_id", "payload") and row[n] is not None]
            attributes[key] = {name: row[name] for name in names}
            attributes[key]["crm_segments"] = json.loads(row["crm_segments"])
        return attributes


PEOPLE = st.sampled_from(["ann", "bob", "cem"])
NAMES = st.sampled_from(["x", 'y "quoted" \\ and\ttabbed', "Zoë", None])
SEGMENTS = st.sampled_from(["a", "a,b", "b"])
DAYS = st.sampled_from([0, 0, 1, 2, 10, TOMBSTONE_DAYS])


class Deliveries(RuleBasedStateMachine):
    """Members come, change and go; builds and deliveries, some failing, happen in any order."""

    kind: type[UpsertsAndDeletes | MergesPayloads] = UpsertsAndDeletes

    @initialize()
    def start(self) -> None:
        self.platform = self.kind()
        self.warehouse = Warehouse(self.kind.destination)
        self.members: dict[str, Row] = {}
        self.built: dict[str, Row] = {}
        self.day = self.delivered_on = FIRST_DAY
        self.cursor = self.read_until = "1970-01-01"
        self.under_way: list[Row] | None = None
        self.read_on = FIRST_DAY
        self.is_up_to_date = False

    @rule(who=PEOPLE, name=NAMES, other=NAMES, segments=SEGMENTS)
    def enters_or_changes(
        self, who: str, name: str | None, other: str | None, segments: str
    ) -> None:
        if self.kind is MatchesHashes:
            # A new address is another member, and two members may share one.
            self.leaves(who)
            key = f"{who} {name}"
            row = {"match_key": key, "contact_id": who, "email_sha256": name, "segments": segments}
            self.members[key] = row
            return
        if self.kind.destination == "snap":
            row = {"match_key": who, "contact_id": who, "email_sha256": name, "segments": segments}
        else:
            row = {"external_id": who, "email": name, "first_name": other, "crm_is_member": True}
            row["crm_segments"] = json.dumps(segments.split(","))
        self.members[who] = row

    @rule(who=PEOPLE)
    def leaves(self, who: str) -> None:
        self.members = {k: row for k, row in self.members.items() if k.split()[0] != who}

    @rule(days=DAYS, is_past_day=st.booleans())
    def builds(self, days: int, is_past_day: bool) -> None:
        """A day is built; sometimes an earlier one is measured again."""
        # A reader that stays away longer has to compare everything once.
        self.day = min(self.day + timedelta(days), self.delivered_on + MAY_FAIL)
        day = self.day - LATE if is_past_day else self.day
        unchanged = self.members == self.built and self.warehouse.is_built
        written = self.warehouse.build(self.members, day)
        assert not (unchanged and written), "a build without change wrote rows"
        self.built = dict(self.members)
        self.is_up_to_date = False

    @precondition(lambda self: self.under_way is None)
    @rule()
    def delivery_starts(self) -> None:
        self.under_way = self.warehouse.rows_after(self.cursor, self.kind.reads_from)
        self.read_until = self.under_way[-1]["updated_at"] if self.under_way else self.cursor
        if self.kind is MatchesHashes:
            self.under_way.sort(key=lambda row: row["change_type"] == "exited")
        self.read_on = self.day
        self.is_up_to_date = True

    @precondition(lambda self: self.under_way is not None)
    @rule(picked=st.sets(st.integers(0, 5)))
    def delivery_stops_half_way(self, picked: set[int]) -> None:
        for position, row in enumerate(self.under_way or []):
            if position in picked:
                self.platform.apply(row)
        self.under_way, self.is_up_to_date = None, False

    @precondition(lambda self: self.under_way is not None)
    @rule(times=st.integers(1, 2))
    def delivery_succeeds(self, times: int) -> None:
        for row in (self.under_way or []) * times:
            self.platform.apply(row)
        self.cursor = self.read_until
        self.delivered_on = self.read_on
        self.under_way = None
        if self.is_up_to_date:
            assert self.platform.holds() == self.platform.should_hold(self.built)

    @invariant()
    def changes_hold_the_members(self) -> None:
        if getattr(self, "warehouse", None) and self.warehouse.is_built:
            rows = self.warehouse.rows_after("1970-01-01")
            key = self.warehouse.statements.key
            assert {row[key] for row in rows if row["is_member"]} == set(self.built)

    def teardown(self) -> None:
        """In the end one build and one delivery work, from wherever things stand."""
        if hasattr(self, "warehouse"):
            self.under_way = None
            self.builds(0, False)
            self.delivery_starts()
            self.delivery_succeeds(1)


LIMITS = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def machine(kind: type) -> type[RuleBasedStateMachine]:
    """The state machine for one kind of platform."""
    return type(f"DeliveriesTo{kind.__name__}", (Deliveries,), {"kind": kind})


@pytest.mark.parametrize(
    "kind", [UpsertsAndDeletes, InsertsAndUpdates, MatchesHashes, MergesPayloads]
)
def test_the_destination_ends_with_exactly_the_members(kind: type) -> None:
    run_state_machine_as_test(machine(kind), settings=LIMITS)


def test_an_exit_is_kept_for_tombstone_days_and_then_forgotten() -> None:
    warehouse = Warehouse("snap")
    ann = {"ann": {"match_key": "ann", "email_sha256": "hash", "segments": "a"}}
    warehouse.build(ann, FIRST_DAY)
    warehouse.build({}, FIRST_DAY + timedelta(1))
    row = warehouse.rows_after("1970-01-01")[0]
    kept = {"is_member": False, "change_type": "exited", "segments": "", "email_sha256": "hash"}
    assert {name: row[name] for name in kept} == kept

    for day, count in ((TOMBSTONE_DAYS + 1, 1), (TOMBSTONE_DAYS + 2, 0)):
        warehouse.build({}, FIRST_DAY + timedelta(day))
        assert len(warehouse.rows_after("1970-01-01")) == count, day


def test_a_payload_holds_only_what_changed() -> None:
    warehouse = Warehouse("braze")
    ann = {"external_id": "ann", "email": "ann@example.com", "first_name": "Ann"}
    ann |= {"crm_is_member": True, "crm_segments": '["a"]'}
    warehouse.build({"ann": ann}, FIRST_DAY)
    warehouse.build({"ann": ann | {"first_name": "Anna"}}, FIRST_DAY + timedelta(40))
    assert json.loads(warehouse.rows_after("1970-01-01")[0]["payload"]) == {"first_name": "Anna"}

    warehouse.build({}, FIRST_DAY + timedelta(80))
    gone = {"crm_is_member": False, "crm_segments": []}
    assert json.loads(warehouse.rows_after("1970-01-01")[0]["payload"]) == gone


def test_only_what_changed_since_the_last_build_moves() -> None:
    """A new row is later than all before it, also when an earlier day is measured."""
    warehouse = Warehouse("snap")
    ann, bob, cem = (
        {"match_key": name, "contact_id": name, "email_sha256": name, "segments": "a"}
        for name in ("ann", "bob", "cem")
    )
    warehouse.build({"ann": ann, "bob": bob}, FIRST_DAY)
    warehouse.build({"ann": ann}, FIRST_DAY + timedelta(1))
    now = {"ann": ann, "bob": bob | {"segments": "b"}, "cem": cem}
    assert warehouse.build(now, FIRST_DAY) == 2
    assert warehouse.build(now | {"cem": cem | {"segments": "b"}}, FIRST_DAY) == 1

    rows = warehouse.rows_after("1970-01-01")
    assert [(row["match_key"], row["change_type"], row["updated_at"]) for row in rows] == [
        ("ann", "entered", "2026-01-01 00:00:00"),
        ("bob", "entered", "2026-01-02 00:00:01"),
        ("cem", "updated", "2026-01-02 00:00:02"),
    ]
