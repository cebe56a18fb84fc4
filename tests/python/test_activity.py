"""Events come late, twice and out of order: day by day they give what a full build gives."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from project import RELATION, failures, query, run_dbt

LATE_DAYS = 3
FIRST_DAY = date(2026, 3, 1)
LAST_DAY = FIRST_DAY + timedelta(days=9)
COLUMNS = [
    *["source_system", "event_id", "source_contact_id", "anonymous_id", "event_name"],
    *["occurred_at", "received_at", "channel", "device_type", "operating_system", "app_version"],
    *["page_path", "campaign_id", "source_product_id", "event_value", "properties"],
]
VIEWS = ["base_activity__event_rows", "stg_activity__events"]
# The incremental models with the column of their window, in the order they are built in.
MODELS = {
    "base_activity__events": "occurred_at",
    "int_activity__visits": "occurred_on",
    "int_activity__daily": "occurred_on",
    "int_activity__identifications": "occurred_on",
}
# The days that the demo's as-of date puts into the SQL, as days after it.
DAYS_IN_SQL = {"2026-06-30": 0, "2026-07-01": 1, "2026-07-02": 2}
WINDOW_IN_SQL = "2026-06-27"

Row = dict[str, str | None]


@pytest.fixture(scope="module")
def incremental_sql(
    tmp_path_factory: pytest.TempPathFactory, demo_database: Path
) -> Mapping[str, str]:
    """The SQL of the activity models as dbt compiles it for a further run."""
    folder = tmp_path_factory.mktemp("incremental")
    (folder / "crm.duckdb").write_bytes(demo_database.read_bytes())
    result = run_dbt(
        *["compile", "-s", *VIEWS, *MODELS],
        database=folder / "crm.duckdb",
        target=folder / "target",
    )
    assert result.success, failures(result)
    found = {r.node.name: r.node.compiled_code for r in result.result.results}
    assert all(WINDOW_IN_SQL in found[model] for model in MODELS)
    return found


class Warehouse:
    """The activity models on raw events of a test, built whole or day by day."""

    def __init__(
        self, demo_database: Path, full: Callable[[str], str], daily: Mapping[str, str]
    ) -> None:
        """Open an empty warehouse with the demo's rules for event names."""
        self.connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self.connection.sql("set TimeZone = 'UTC'; set threads = 1")
        self.connection.sql(f"attach '{demo_database}' as demo (read_only)")
        for seed in ("event_names", "event_vocabulary", "placeholder_identifiers"):
            self.connection.sql(f"create table {seed} as from demo.main_reference.{seed}")
        spellings = "base_people__spellings"
        self.connection.sql(f"create table {spellings} as from demo.main_staging.{spellings}")
        texts = ", ".join(f"{column} varchar" for column in COLUMNS)
        self.connection.sql(f"create table raw_events ({texts})")
        self.full = {name: full(name) for name in [*VIEWS, *MODELS]}
        self.daily = daily

    def on_day(self, sql: str, day: date, window: date | None = None) -> str:
        """A model's SQL as of another day than the demo's, its relations by their bare names."""
        days = {text: str(day + timedelta(days=n)) for text, n in DAYS_IN_SQL.items()}
        days[WINDOW_IN_SQL] = str(window)
        dated = re.sub("|".join(days), lambda found: days[found.group()], sql)
        return RELATION.sub(r'"\1"', dated)

    def receive(self, rows: list[Row]) -> None:
        """Let raw rows arrive."""
        frame = pd.DataFrame(rows, columns=COLUMNS, dtype="object").astype("string")
        self.connection.register("arriving", frame)
        self.connection.sql("insert into raw_events from arriving")

    def build(self, day: date, last_day: date | None) -> None:
        """Build as of a day: whole, or, when a build as of last_day is there, the days after it."""
        for name in ("base_activity__event_rows", "base_activity__events", "stg_activity__events"):
            if name in VIEWS:
                sql = self.on_day(self.full[name], day)
                self.connection.sql(f"create or replace view {name} as {sql}")
            else:
                self.fill(name, day, last_day)
        for name in list(MODELS)[1:]:
            self.fill(name, day, last_day)

    def fill(self, name: str, day: date, last_day: date | None) -> None:
        """Build one incremental model, its pre-hook included."""
        if last_day is None:
            sql = self.on_day(self.full[name], day)
            self.connection.sql(f"create or replace table {name} as {sql}")
            return
        window = min(last_day + timedelta(days=1), day) - timedelta(days=LATE_DAYS)
        column = MODELS[name]
        undated = f"or {column} is null or {column} < timestamp '1970-01-01'"
        self.connection.sql(
            f"delete from {name} where {column} >= timestamp '{window}'"
            f" {undated if column == 'occurred_at' else ''}"
        )
        sql = self.on_day(self.daily[name], day, window)
        self.connection.sql(f"insert into {name} {sql}")

    def rows(self, name: str) -> list[tuple[object, ...]]:
        """All rows of a table in one order, without the day they were written on."""
        sql = f"select * exclude (as_of_date) from {name} order by all"
        return self.connection.sql(sql).fetchall()


@pytest.fixture
def warehouse(
    demo_database: Path, compiled: Callable[[str], str], incremental_sql: Mapping[str, str]
) -> Callable[[], Warehouse]:
    """Empty warehouses."""
    return lambda: Warehouse(demo_database, compiled, incremental_sql)


def moment(chance: random.Random, day: date) -> datetime:
    """A moment of a day, often close to midnight or to another one."""
    start = datetime.combine(day, datetime.min.time())
    hour = chance.choice([0, 0, 9, 23, 23])
    return start + timedelta(hours=hour, minutes=chance.choice([0, 1, 29, 30, 31, 45, 59]))


def arrivals(chance: random.Random) -> list[tuple[date, Row]]:
    """Raw events with the day that each arrives on, at most LATE_DAYS after the day it is about.

    An id may come again: as it was, with another value, or moved to a neighbouring day.
    """
    found = []
    for number in range(chance.choice([1, 20, 200])):
        day = FIRST_DAY + timedelta(days=chance.randint(0, 9))
        last = min(day + timedelta(days=LATE_DAYS), LAST_DAY)
        row: Row = {
            "source_system": chance.choice(["web", "app"]),
            "event_id": chance.choice([f"e{number}", f"e{number}", None]),
            "source_contact_id": chance.choice([*[f"k{n}" for n in range(6)], None, None, None]),
            "anonymous_id": chance.choice([*[f"a{n}" for n in range(6)], None]),
            "event_name": chance.choice(["page_viewed", "cart_added", "send", "Spun!"]),
            "channel": chance.choice(["web", None]),
            "page_path": chance.choice(["/a", "/b", None]),
            "event_value": chance.choice(["1.5", "many", None]),
            "properties": chance.choice(['{"a": 1}', '{"a": ', None]),
        }
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            moved = min(day + timedelta(days=chance.choice([0, 0, 0, 1])), last)
            arrived = moved + timedelta(days=chance.randint(0, (last - moved).days))
            row = {**row, "occurred_at": str(moment(chance, moved)), "page_path": f"/{number}"}
            row["occurred_at"] = chance.choice(
                [row["occurred_at"]] * 12 + ["1969-12-31", "yesterday", "2031-01-01", None]
            )
            if number == 0:
                row["event_name"] = "x" * 10000
            row["received_at"] = chance.choice([None, str(moment(chance, arrived))])
            found.append((arrived, row))
            if chance.random() < 0.3:
                found.append((min(arrived + timedelta(days=chance.randint(0, 1)), last), dict(row)))
    chance.shuffle(found)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_day_by_day_gives_what_a_full_build_gives(
    warehouse: Callable[[], Warehouse], seed: int
) -> None:
    chance = random.Random(seed)
    came = arrivals(chance)
    days = [FIRST_DAY + timedelta(days=n) for n in range(9) if chance.random() < 0.7] + [LAST_DAY]
    # Some days are built twice, because half of what arrives on them comes after the first build.
    builds = sorted([*days, *chance.sample(days, min(2, len(days)))])

    gradual, waiting, last_day = warehouse(), list(came), None
    for number, day in enumerate(builds):
        is_built_again = builds[number + 1 : number + 2] == [day]
        before = [arrival for arrival in waiting if arrival[0] < day]
        today = [arrival for arrival in waiting if arrival[0] == day]
        put_off = today[::2] if is_built_again else []
        due = before + (today[1::2] if is_built_again else today)
        waiting = [arrival for arrival in waiting if arrival[0] > day] + put_off
        gradual.receive([row for _, row in due])
        gradual.build(day, last_day)
        last_day = day

    whole = warehouse()
    whole.receive([row for _, row in came])
    whole.build(LAST_DAY, None)

    assert waiting == []
    assert len(whole.rows("base_activity__events")) == len(came)
    for model in MODELS:
        assert gradual.rows(model) == whole.rows(model), model


TO_ROLLUPS = ("+row_accounting", "+path:models/intermediate/activity")
TO_ROLLUPS += ("+int_identity__erased_visitors",)
# What the tests look at besides, so that one build of the first day serves them.
OBJECTIONS = ("base_activity__objection_names", "base_activity__objections")
OBJECTIONS += ("+base_people__tag_objections", "stg_activity__objections")
READ = (*TO_ROLLUPS, *OBJECTIONS, "+input_checks")
TABLES = ("raw_contacts", "raw_orders", "raw_events")
Company = Callable[..., Path]


def run_company(
    database: Path, day: str, arriving: str, *words: str, select: tuple[str, ...] = READ
) -> Path:
    """Run dbt as of a day on a company's tables, after some SQL on them: what arrives."""
    with duckdb.connect(str(database)) as connection:
        connection.sql(arriving)
    result = run_dbt(
        *["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"],
        *["-s", *select, *words],
        database=database,
        target=database.parent / "target",
        variables={"demo_data": False, "as_of_date": day, "raw_tables": list(TABLES)},
    )
    assert result.success, failures(result)
    return database


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory, demo_database: Path) -> Path:
    """A company's tables on 2026-06-20."""
    database = tmp_path_factory.mktemp("unbuilt") / "crm.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.sql(f"attach '{demo_database}' as demo (read_only)")
        connection.sql("create schema raw")
        for table in TABLES:
            connection.sql(f"create table raw.{table} as from demo.main_raw.{table}")
        connection.sql(
            "delete from raw.raw_events where try_cast(occurred_at as date) > '2026-06-20'"
        )
    return database


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, unbuilt: Path) -> Path:
    """The company as it was built on 2026-06-20."""
    folder = tmp_path_factory.mktemp("built")
    return run_company(Path(shutil.copy(unbuilt, folder)), "2026-06-20", "select 1")


@pytest.fixture
def company(tmp_path: Path, built: Path) -> Company:
    """Runs dbt on a copy of the company as it was built on 2026-06-20."""
    return partial(run_company, Path(shutil.copy(built, tmp_path)))


def test_what_comes_too_late_is_counted_and_waits(company: Company, built: Path) -> None:
    new = "insert into raw.raw_events (source_system, event_id, event_name, occurred_at) values "
    objecting = """
        insert into raw.raw_events
        (source_system, event_id, source_contact_id, event_name, channel, occurred_at) values
        ('shop', 'no 1', 'S1001', 'unsubscribe', 'E-Mail', '2026-01-01'),
        ('shop', 'no 2', 'S1001', 'spam', 'push', '2025-01-01')
    """
    forbidding = """
        select channel, event_name, last_occurred_at from main_staging.stg_activity__objections
        where visitor_id = 'S1001' and last_occurred_at in ('2025-01-01', '2026-01-01') order by all
    """
    held = "select event_id from main_staging.base_activity__events where event_id like '% %'"
    account = """
        select rows_in, rows_in - rows_superseded - rows_rejected as rows_kept, rows_late
        from main_quality.row_accounting where raw_table = 'raw_events'
    """

    before = query(built, account)
    database = company(
        "2026-06-21",
        f"{objecting}; {new} ('shop', 'in time', 'login', '2026-06-18'),"
        " ('shop', 'too late', 'login', '2026-06-17')",
        select=(*TO_ROLLUPS, *OBJECTIONS),
    )
    after = query(database, account)

    assert before["rows_late"].item() == 0
    assert query(database, held)["event_id"].to_list() == ["in time"]
    assert (after - before).iloc[0].to_list() == [4, 4, 3]
    # A no does not wait.
    assert query(database, forbidding).to_numpy().tolist() == [
        ["email", "message_unsubscribed", pd.Timestamp("2026-01-01")],
        ["push", "message_complained", pd.Timestamp("2025-01-01")],
    ]

    # As of an earlier day nothing that came later may show, so all history is built again.
    database = company("2026-06-19", "select 1", select=TO_ROLLUPS)

    assert sorted(query(database, held)["event_id"]) == ["in time", "no 1", "no 2", "too late"]
    newest = "select max(occurred_at) as newest from main_staging.stg_activity__events"
    assert query(database, newest)["newest"].item() < pd.Timestamp("2026-06-20")


CORRECTED = """
    -- Somebody else's, gone, and of another system, long before the window of late events.
    update raw.raw_events set source_contact_id = 'S999999'
    where occurred_at like '2026-02-1%' and source_contact_id is not null;
    delete from raw.raw_events where occurred_at like '2026-03-0%';
    update raw.raw_events set source_system = 'till'
    where occurred_at like '2026-04-2%' and source_system = 'shop';
    -- As a build with other names in event_names left it.
    update main_intermediate.int_activity__daily set event_name = 'seen in the shop'
    where source_system = 'crm' and occurred_on > '2026-05-01';
"""


def test_what_was_corrected_after_it_was_taken_in_is_told_and_built_anew(
    company: Company, built: Path
) -> None:
    rollups = (*FACTS, "main_quality.row_accounting")

    def rows(database: Path) -> dict[str, pd.DataFrame]:
        """All rows of the rollups in one order, without the day they were written on."""
        return {
            table: query(
                database,
                f"select columns(c -> c != 'as_of_date') from {table} order by all",
            )
            for table in rollups
        }

    before = rows(built)
    database = company("2026-06-20", CORRECTED)
    healed, told = rows(database), query(database, "from main_quality.input_checks")
    whole = rows(company("2026-06-20", "select 1", "--full-refresh"))
    advice = told.dropna(subset=["advice"]).groupby("check_name")["advice"].agg(" ".join)

    for table in rollups:
        assert not healed[table].equals(before[table]), table
        assert healed[table].equals(whole[table]), table
    assert "since 2026-02-1" in advice["changed_events"]
    assert "raw_events of crm" in advice["stale_days"]


FACTS = {
    "main_staging.base_activity__events": "occurred_at",
    "main_intermediate.int_activity__visits": "occurred_on",
    "main_intermediate.int_activity__daily": "occurred_on",
    "main_intermediate.int_activity__identifications": "occurred_on",
    "main_intermediate.int_activity__interests": "occurred_on",
}


def test_a_day_with_a_thousand_new_records_writes_no_settled_fact(
    company: Company, built: Path
) -> None:
    def settled(database: Path) -> dict[str, list[tuple[object, ...]]]:
        """The rows before the window of 2026-06-21, each with the day on which it was written."""
        return {
            table: sorted(
                query(
                    database,
                    f"from {table} where {column} >= '1970-01-01' and {column} < '2026-06-18'",
                )
                .astype("string")
                .fillna("")
                .itertuples(index=False, name=None)
            )
            for table, column in FACTS.items()
        }

    before = settled(built)
    database = company(
        "2026-06-21",
        """
        insert into raw.raw_contacts (source_system, source_contact_id, email, created_at)
        select 'shop', 'new ' || number, 'new' || number || '@example.com', '2026-06-21'
        from range(1000) as numbers (number);
        -- Each comes on the browser of somebody whom the events know.
        insert into raw.raw_events by name
        select
            'shop' as source_system,
            'new ' || row_number() over () as event_id,
            'new ' || row_number() over () as source_contact_id,
            anonymous_id,
            'page_viewed' as event_name,
            '/new' as page_path,
            '2026-06-21 10:00:00' as occurred_at
        from raw.raw_events
        where anonymous_id is not null
        group by anonymous_id;
        """,
        select=TO_ROLLUPS,
    )
    written = {
        table: query(
            database,
            f"select count(*) as n from {table} where as_of_date = '2026-06-21'"
            f" and {column} >= '2026-06-21'",
        )["n"].item()
        for table, column in FACTS.items()
    }

    assert all(before.values())
    assert settled(database) == before
    assert all(written.values()), written


def test_sessions_are_built_again_for_whom_a_day_touched_and_nobody_else(
    unbuilt: Path, tmp_path: Path
) -> None:
    """Contacts come late, so that visitors get an owner or another one; visits come and vanish."""
    sessions = ("+int_contacts__sessions",)
    company = partial(run_company, Path(shutil.copy(unbuilt, tmp_path)))
    company(
        "2026-06-20",
        """
        create table raw.later_contacts as
        from raw.raw_contacts where hash(source_contact_id) % 4 = 0;
        delete from raw.raw_contacts where hash(source_contact_id) % 4 = 0;
        create table raw.later_events as
        select * replace (event_id || ' later' as event_id, '2026-06-21 12:00:00' as occurred_at)
        from raw.raw_events where hash(event_id) % 50 = 0;
        """,
        select=sessions,
    )
    company(
        "2026-06-21",
        """
        insert into raw.raw_contacts from raw.later_contacts where hash(source_contact_id) % 8 = 0;
        insert into raw.raw_events from raw.later_events;
        delete from raw.raw_events
        where occurred_at between '2026-06-19' and '2026-06-20 23:59:59' and hash(event_id) % 3 = 0;
        """,
        select=sessions,
    )
    # What is built again gets its true count back, what is not keeps the wrong one.
    database = company(
        "2026-06-22",
        """
        insert into raw.raw_contacts from raw.later_contacts where hash(source_contact_id) % 8 = 4
        order by source_contact_id limit 20;
        update main_intermediate.int_contacts__sessions set event_count = event_count + 1000;
        """,
        select=sessions,
    )
    kept = "select * exclude (owner_change_number, as_of_date) from {} order by session_id"
    table = "main_intermediate.int_contacts__sessions"
    gradual = query(database, kept.format(table))
    is_untouched = gradual["event_count"] > 1000
    gradual["event_count"] %= 1000
    owners = query(database, "from main_intermediate.int_contacts__visitor_owners")
    company("2026-06-22", "select 1", "--full-refresh", select=sessions)

    pd.testing.assert_frame_equal(gradual, query(database, kept.format(table)))
    assert is_untouched.mean() > 0.5
    assert (~is_untouched & (gradual["ended_at"] < "2026-06-01")).any()
    assert owners["change_number"].max() == 3


def test_a_session_is_what_lies_within_half_an_hour_on_all_devices(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    events = demo("""
        select
            coalesce(contact_id, source_system || '/' || coalesce(source_contact_id, anonymous_id))
                as person,
            occurred_at
        from main_contacts.events
        left join main_reference.event_vocabulary using (event_name)
        where
            coalesce(is_visit, true) and coalesce(source_contact_id, anonymous_id) is not null
        order by person, occurred_at
    """)
    found: list[list[object]] = []
    for person, moment_at in events.itertuples(index=False):
        if found and found[-1][0] == person and moment_at - found[-1][2] <= timedelta(minutes=30):
            found[-1][2:] = [moment_at, found[-1][3] + 1]
        else:
            found.append([person, moment_at, moment_at, 1])
    sessions = demo("""
        select
            coalesce(contact_id, source_system || '/' || coalesce(source_contact_id, anonymous_id))
                as person,
            started_at, ended_at, event_count
        from main_contacts.sessions order by person, started_at
    """)

    assert sessions.values.tolist() == found
    assert (sessions["event_count"] > 1).any()
