"""Two runs at once on PostgreSQL: one goes on, the other stops, and no memory holds a row twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from engines.conftest import Built
from engines.engine import Engine
from postgres_connection import connect_to_postgres
from project import failures, run_dbt

pytestmark = pytest.mark.postgres

# A memory that reads no other model: it writes a row on each day whose percentage is a new one.
MEMORY = "int_segment_effects__holdout_percents"
TABLE = f"main_intermediate.{MEMORY}"
LOCK = "main_intermediate.run_lock"
HOLDER = "0b5ab2b8-held-by-another-run"
SILENCE = 3
FORK = multiprocessing.get_context("fork")


class Run:
    """A run of the memory in a process of its own.

    Attributes:
        process: The process.
        is_success: Whether dbt succeeded; None until it has ended.
        said: What dbt said of it.
    """

    def __init__(self, folder: Path, day: str, percent: int, wait: float = 0) -> None:
        """Start it.

        Args:
            folder: Where dbt's artifacts go.
            day: The as-of date.
            percent: The percentage that it is to remember.
            wait: Seconds to wait before.
        """
        self.is_success: bool | None = None
        self.said = ""
        self._answer, answer = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=_run, args=(answer, folder, day, percent, wait))
        self.process.start()
        answer.close()

    def has_ended(self) -> bool:
        """Whether it has said how it went."""
        if self.is_success is None and self._answer.poll():
            try:
                self.is_success, self.said = self._answer.recv()
            except EOFError:
                self.is_success = False
        return self.is_success is not None

    def kill(self) -> None:
        """End it as a machine that fails does."""
        os.kill(self.process.pid or 0, signal.SIGKILL)
        self.process.join()


def _run(answer: Connection, folder: Path, day: str, percent: int, wait: float) -> None:
    time.sleep(wait)
    answer.send(remember(folder, day, percent))


def remember(
    folder: Path,
    day: str,
    percent: int,
    *,
    command: str = "run",
    callbacks: tuple[Callable[[Any], None], ...] = (),
    **variables: object,
) -> tuple[bool, str]:
    """Run the memory: whether dbt succeeded, and what it said."""
    said: list[str] = []

    def listen(event: Any) -> None:  # noqa: ANN401
        if event.info.name == "JinjaLogInfo":
            said.append(event.info.msg)

    settings = {"as_of_date": day, "segment_holdout_percent": percent}
    settings |= {"run_lock_silence_seconds": SILENCE} | variables
    result = run_dbt(
        *(command, "-s", MEMORY, "--target", "postgres"),
        database=folder / "crm.duckdb",
        target=folder,
        variables=settings,
        callbacks=(listen, *callbacks),
    )
    return result.success, "\n".join([*said, failures(result)])


@pytest.fixture(scope="module")
def engine(engine_of: Callable[[str], Engine]) -> Iterator[Engine]:
    """PostgreSQL with the memory; what the tests make it remember is deleted at the end."""
    engine = engine_of("postgres")
    # On a new server the first run has nothing to build in the schema of the lock.
    engine.dbt("seed", "-s", "rfm_presets")
    is_right, said = remember(engine.folder, "2030-01-01", 1)
    assert is_right, said
    yield engine
    engine.query(f"delete from {TABLE} where valid_from >= date '2030-01-01'; select 1")


@contextmanager
def held_back(engine: Engine) -> Iterator[None]:
    """The memory can be read and not written: whoever builds it waits."""
    engine.query(f"begin; lock table {TABLE} in share row exclusive mode; select 1")
    try:
        yield
    finally:
        engine.query("commit; select 1")


def until(happens: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something happens, or so long."""
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def doubled(engine: Engine) -> int:
    """Days that the memory holds more than once."""
    days = f"select valid_from from {TABLE} group by valid_from having count(*) > 1"
    return len(engine.query(days).values)


def holder(engine: Engine) -> str:
    """The run that holds the lock; empty where none does."""
    if engine.query(f"select to_regclass('{LOCK}')").values == [(None,)]:
        return ""
    rows = engine.query(f"select invocation_id from {LOCK}").values
    return str(rows[0][0]) if rows else ""


def is_waiting(engine: Engine) -> bool:
    """Whether somebody waits for the memory."""
    waiting = f"select 1 from pg_locks where not granted and relation = '{TABLE}'::regclass"
    return bool(engine.query(waiting).values)


def test_of_two_runs_at_any_distance_one_goes_on_and_the_other_says_who_is_at_it(
    engine: Engine, tmp_path: Path
) -> None:
    chance = random.Random(24)
    for number in range(2):
        day, percent = f"2031-01-0{number + 1}", 10 + number
        with held_back(engine):
            runs = [
                Run(tmp_path / f"{number}_{other}", day, percent, chance.uniform(0, 2))
                for other in range(2)
            ]
            until(lambda runs=runs: any(run.has_ended() for run in runs))
            at_work = holder(engine)
        assert until(lambda runs=runs: all(run.has_ended() for run in runs))

        stopped = [run for run in runs if not run.is_success]
        assert doubled(engine) == 0
        assert len(stopped) == 1, [run.said for run in runs]
        assert "Another run is building into these tables" in stopped[0].said
        assert f"run {at_work} on target postgres, at work since 20" in stopped[0].said
        assert "dbt run-operation release_run_lock" in stopped[0].said
        assert not holder(engine)


def test_a_run_that_was_killed_is_taken_over_and_what_it_began_is_built(
    engine: Engine, tmp_path: Path
) -> None:
    with held_back(engine):
        killed = Run(tmp_path / "killed", "2031-02-01", 20)
        assert until(lambda: is_waiting(engine))
        killed.kill()
        # At once, while the server is still at what the dead client has asked for.
        next_run = Run(tmp_path / "next", "2031-02-01", 20)
        assert until(lambda: not is_waiting(engine), 15), "The server does not see that it is dead."
    assert until(next_run.has_ended)

    assert next_run.is_success, next_run.said
    assert "Took over the lock of run" in next_run.said
    assert "no sign of life" in next_run.said
    remembered = f"select segment_percent from {TABLE} where valid_from = date '2031-02-01'"
    assert [float(row[0]) for row in engine.query(remembered).values] == [20.0]
    assert not holder(engine)


def hold(engine: Engine, seen: str = "clock_timestamp()") -> None:
    """Another run takes the lock."""
    engine.query(
        f"delete from {LOCK}; insert into {LOCK}"
        f" values ('{HOLDER}', 'elsewhere', clock_timestamp(), {seen}); select 1"
    )


@contextmanager
def a_test_at_work() -> Iterator[None]:
    """Some run is at a data test, which takes long."""
    import psycopg2

    connection = connect_to_postgres()
    comment = '/* {"app": "dbt", "node_id": "test.crm_segmentation.takes_long"} */'

    def test() -> None:
        with connection.cursor() as cursor, suppress(psycopg2.errors.QueryCanceled):
            cursor.execute(f"{comment} select pg_sleep(60)")

    thread = threading.Thread(target=test)
    thread.start()
    try:
        yield
    finally:
        connection.cancel()
        thread.join()
        connection.close()


def test_a_run_that_was_taken_over_builds_nothing_more(engine: Engine, tmp_path: Path) -> None:
    def take_over(event: Any) -> None:  # noqa: ANN401
        if event.info.name == "LogStartLine":
            hold(engine)

    is_success, said = remember(tmp_path, "2031-03-01", 30, callbacks=(take_over,))

    assert not is_success
    assert f"run {HOLDER} on target elsewhere" in said
    assert "has taken it over" in said
    day = f"select 1 from {TABLE} where valid_from = date '2031-03-01'"
    assert engine.query(day).values == []
    assert holder(engine) == HOLDER, "The lock of the other run is not given back."


def test_a_run_that_only_tests_any_more_is_alive(engine: Engine, tmp_path: Path) -> None:
    hold(engine, seen="clock_timestamp() - interval '1 hour'")
    with a_test_at_work():
        is_success, said = remember(tmp_path, "2031-05-01", 50)
        assert not is_success
        assert f"run {HOLDER} on target elsewhere" in said
        engine.query(f"delete from {LOCK}; select 1")
        assert remember(tmp_path, "2031-05-01", 50)[0], "dbt test takes no lock from anybody."


def test_a_lock_stops_what_builds_until_it_is_released(engine: Engine, tmp_path: Path) -> None:
    for command in ("compile", "test"):
        hold(engine)
        assert remember(tmp_path, "2031-04-01", 40, command=command)[0], command
    assert remember(tmp_path, "2031-04-01", 40, run_lock=False)[0]
    assert holder(engine) == HOLDER
    engine.dbt("run-operation", "release_run_lock")
    assert not holder(engine)
    assert remember(tmp_path, "2031-04-02", 41)[0]


def test_a_memory_refuses_a_key_twice(built: Callable[[str], Built]) -> None:
    import psycopg2

    demo = built("postgres")
    demo.on("full")
    unguarded, tried = [], 0
    for node in demo.manifest["nodes"].values():
        config = node["config"]
        if config.get("materialized") != "incremental" or config["full_refresh"] is not False:
            continue
        table = f'{node["schema"]}."{node["name"]}"'
        try:
            demo.engine.query(f"insert into {table} select * from {table} limit 1; select 1")
        except psycopg2.errors.UniqueViolation:
            tried += 1
        else:
            if demo.engine.query(f"select 1 from {table} limit 1").values:
                unguarded.append(node["name"])

    assert unguarded == []
    assert tried > 10
