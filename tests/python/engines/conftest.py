"""Engines for the run, each with the demo built on it: one day from nothing, then one day more."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from engines.engine import Engine, running
from engines.parity import Report, Rows, Table, public_tables, seeds
from project import ALL_DESTINATIONS, ROOT

PROJECT = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
LAST_DAY = PROJECT["vars"]["crm_segmentation"]["demo_last_day"]
DAYS = {"full": str(date.fromisoformat(LAST_DAY) - timedelta(days=1)), "incremental": LAST_DAY}

# dbt cannot give a unit test its rows on Spark; the reference needs no test of its own here.
LEFT_OUT = {
    # The reasons are those of Trino, and what an emulator says of data DuckDB says itself.
    "bigquery": ["unit_test", "test"],
    "duckdb": ["unit_test", "test"],
    # A unit test reads no table of the lake.
    "ducklake": ["unit_test"],
    # The catalogue is another, and nothing else.
    "ducklake_postgres": ["unit_test", "test"],
    "postgres": [],
    "spark": ["unit_test"],
    "snowflake": [],
    # Rows of unit tests are written in the SQL of DuckDB and PostgreSQL.
    "trino": ["unit_test"],
}


@dataclass
class Built:
    """An engine with the demo on it.

    Attributes:
        engine: The engine.
        report: Takes how long each build took.
        say: Prints a line.
        days: All public tables and seeds by name, for each day that has been built.
        failure: Why a build failed: it is not tried again.
        lost_worker_after: Models that were built when a Spark worker was killed; None elsewhere.
    """

    engine: Engine
    report: Report
    say: Callable[[str], None]
    days: dict[str, dict[str, Rows]] = field(default_factory=dict)
    failure: str = ""
    lost_worker_after: int | None = None

    @property
    def manifest(self) -> dict[str, Any]:
        """dbt's manifest of the last build."""
        return json.loads((self.engine.folder / "manifest.json").read_text(encoding="utf-8"))

    def on(self, name: str) -> dict[str, Rows]:
        """All public tables and seeds after the build of a day, a key of DAYS.

        A day is built when it is first asked for, after the days before it.
        """
        for day in DAYS:
            assert not self.failure, f"No {name} build: {self.failure}"
            if day not in self.days:
                self.failure = f"that of {DAYS[day]} on {self.engine.name} failed before."
                self.days[day] = self._build(day)
                self.failure = ""
            if day == name:
                break
        return self.days[name]

    def _build(self, name: str) -> dict[str, Rows]:
        """Build the demo as of the day before the last from nothing, or add the last day.

        On Spark a worker is killed in the middle of the second build.
        """
        kinds, killer = LEFT_OUT[self.engine.name], None
        if name == "incremental":
            kinds = [*kinds, "seed", "unit_test"]
            killer = WorkerKiller(self.engine, after=20) if self.engine.cluster else None
        left_out = [word for kind in kinds for word in ("--exclude-resource-type", kind)]
        started = time.monotonic()
        callbacks = (killer,) if killer else ()
        variables = {"as_of_date": DAYS[name], **ALL_DESTINATIONS}
        self.engine.dbt("build", *left_out, variables=variables, callbacks=callbacks)
        note = f"{self.engine.name}: {name} build as of {DAYS[name]}"
        note += f" in {time.monotonic() - started:.0f} s"
        self.say(note)
        self.report.notes.append(note)
        if killer:
            self.lost_worker_after = killer.after if killer.models_done >= killer.after else None
        tables = public_tables(self.manifest) + seeds(self.manifest)
        return {table.name: rows_of(table, self.engine) for table in tables}


def rows_of(table: Table, engine: Engine) -> Rows:
    """All rows of a table."""
    quote = "`" if engine.name in ("bigquery", "spark") else '"'
    return engine.query(f"select * from {table.schema}.{quote}{table.name}{quote}")


class WorkerKiller:
    """Kills a worker once some models of a build are done."""

    def __init__(self, engine: Engine, after: int) -> None:
        """Wait for ``after`` models of a build on ``engine``."""
        self.engine, self.after, self.models_done = engine, after, 0

    def __call__(self, event: Any) -> None:  # noqa: ANN401
        """Take an event of dbt's log."""
        if event.info.name == "LogModelResult":
            self.models_done += 1
            if self.models_done == self.after and self.engine.cluster:
                self.engine.cluster.kill_worker()


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print a line that is seen although pytest captures output."""
    manager = request.config.pluginmanager.getplugin("capturemanager")

    def aloud(line: str) -> None:
        with manager.global_and_fixture_disabled():
            print(f"\n{line}", end="", flush=True)

    return aloud


@pytest.fixture(scope="session")
def engine_of(say: Callable[[str], None]) -> Iterator[Callable[[str], Engine]]:
    """A running engine: ``engine_of("spark")``. Each is started when it is first asked for."""
    found: dict[str, Engine] = {}
    with ExitStack() as engines:

        def on(name: str) -> Engine:
            if name not in found:
                found[name] = engines.enter_context(running(name, say))
            return found[name]

        yield on


@pytest.fixture(scope="session")
def built(
    engine_of: Callable[[str], Engine], say: Callable[[str], None], report: Report
) -> Callable[[str], Built]:
    """The demo on an engine: ``built("spark").on("full")``."""
    found: dict[str, Built] = {}

    def on(name: str) -> Built:
        if name not in found:
            found[name] = Built(engine_of(name), report, say)
        return found[name]

    return on


@pytest.fixture(scope="session")
def tables(built: Callable[[str], Built]) -> list[Table]:
    """Every public table, from dbt's manifest."""
    duckdb = built("duckdb")
    duckdb.on("full")
    return public_tables(duckdb.manifest)


@pytest.fixture(scope="session")
def report(say: Callable[[str], None]) -> Iterator[Report]:
    """Takes what is compared; at the end of the run it is printed and written to target/."""
    report = Report()
    yield report
    if report.found:
        text = report.text()
        (ROOT / "target").mkdir(exist_ok=True)
        (ROOT / "target" / "engine_parity.md").write_text(text, encoding="utf-8")
        say("\n" + text)
