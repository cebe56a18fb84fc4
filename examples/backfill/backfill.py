"""Measure the segments of past days, in order, into the history.

The days are FROM, then every day, week or month, and TO; then every later day that the history
knows already, because what follows a day depends on it. On DuckDB the work is done in a copy of
the file that takes its place at the end, so nobody reads a past day meanwhile. The variables of a
company's own data are those beside the database.
"""

from __future__ import annotations

import argparse
import calendar
import json
import os
import shutil
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from dbt_show import shown
from manifests import frozen, thawed
from own_variables import own_variables

RECORDED_DAYS = """
    {%- if execute and crm_segmentation.last_recorded_day() is not none -%}
    select distinct as_of_date from {{ ref('segment_profiles') }}
    {%- else -%}
    -- {{ ref('segment_profiles') }}
    select cast(null as date) as as_of_date
    {%- endif -%}
"""


def add_months(day: date, months: int) -> date:
    """The same day of a later month; its last day where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def days_of(first: date, last: date, step: str) -> list[date]:
    """The days from first to last by step (day, week or month), both ends included."""
    days, number = [], 0
    while not days or days[-1] < last:
        days.append(
            add_months(first, number)
            if step == "month"
            else first + number * timedelta(days=7 if step == "week" else 1)
        )
        number += 1
    days[-1] = last
    return days


def flag_of_variables(variables: dict[str, object] | None) -> list[str]:
    """Variables as dbt's command line takes them."""
    return ["--vars", json.dumps(variables)] if variables else []


def dbt(
    *command: str, variables: dict[str, object] | None = None, project: Manifest | None = None
) -> Any:  # noqa: ANN401
    """Run dbt in this process.

    Args:
        command: The command and its flags.
        variables: Values for ``--vars``.
        project: The project as dbt read it before, which this changes. None: dbt reads it.

    Raises:
        RuntimeError: dbt failed; it has said why.
    """
    flags = ["--quiet", *flag_of_variables(variables)]
    result = dbtRunner(manifest=project).invoke([*command, *flags])
    if not result.success:
        raise RuntimeError(result.exception or "see dbt's messages above")
    return result.result


def recorded_days(target: list[str], own: dict[str, object]) -> list[date]:
    """The as-of dates that the history knows."""
    (found,) = shown("--inline", RECORDED_DAYS, *target, *flag_of_variables(own))
    values = (row[0] for row in found.agate_table.rows)
    return sorted(date.fromisoformat(str(value)[:10]) for value in values if value is not None)


def close_database() -> None:
    """Let go of the DuckDB file, which dbt keeps open for the life of the process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def measure(days: list[date], target: list[str], own: dict[str, object]) -> None:
    """Build the segments and all they are made of as of each day, saying how far it is."""
    # Whatever the as-of date, the models are the same, so dbt reads them once.
    project = frozen(dbt("parse", *target, variables=own))
    for number, day in enumerate(days, start=1):
        started = time.monotonic()
        # Models that only add what is new cannot go back; from the first day on they go forward.
        refresh = ["--full-refresh"] if number == 1 else []
        command = ["run", "--selector", "segment_history", *refresh, *target]
        variables = {**own, "as_of_date": str(day), "backfill": True}
        dbt(*command, variables=variables, project=thawed(project))
        seconds = time.monotonic() - started
        print(f"{day}  {number} of {len(days)}  {seconds:.1f} s", flush=True)


def backfill(
    first: date, last: date, step: str, target: list[str], variables: dict[str, object]
) -> None:
    """Measure the days into the history, on DuckDB in a copy that then takes the file's place.

    Args:
        first: The first day.
        last: The last day, which is measured whatever the step.
        step: day, week or month.
        target: The flag of dbt that names a target of profiles.yml; empty for its default.
        variables: Variables of the project that go before those beside the database.
    """
    # Read once: the copy has no such file beside it.
    own = own_variables(target[1] if target else None) | variables
    later = [day for day in recorded_days(target, own) if day > last]
    days = days_of(first, last, step) + later
    print(f"{len(days)} days from {days[0]} to {days[-1]}, {len(later)} of them known already")
    if target and target[1] != "duckdb":
        measure(days, target, own)
        return
    database = Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb"))
    # Views name the file they stand in, so the copy has the same name.
    scratch = database.with_suffix(".backfill") / database.name
    shutil.rmtree(scratch.parent, ignore_errors=True)
    scratch.parent.mkdir()
    close_database()
    try:
        if database.exists():
            shutil.copy(database, scratch)
        os.environ["CRM_DUCKDB_PATH"] = str(scratch)
        measure(days, target, own)
        close_database()
        os.replace(scratch, database)
    finally:
        os.environ["CRM_DUCKDB_PATH"] = str(database)
        shutil.rmtree(scratch.parent, ignore_errors=True)


def main() -> int:
    """Read the command line and backfill; 0 when all days were measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    day = {"type": date.fromisoformat, "required": True, "metavar": "YYYY-MM-DD"}
    parser.add_argument("--from", dest="first", help="first day", **day)
    parser.add_argument("--to", dest="last", help="last day", **day)
    parser.add_argument("--step", choices=["day", "week", "month"], default="day")
    parser.add_argument("--target", help="target of profiles.yml; its default if left out")
    parser.add_argument("--vars", default="{}", help="variables, as dbt takes them")
    given = parser.parse_args()
    if given.first > given.last:
        parser.error(f"FROM ({given.first}) lies after TO ({given.last}): exchange them.")
    try:
        target = ["--target", given.target] if given.target else []
        backfill(given.first, given.last, given.step, target, yaml.safe_load(given.vars) or {})
    except RuntimeError as problem:
        print(f"The backfill stopped: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
