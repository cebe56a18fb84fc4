"""Run the steps of a day, one after the other, and say how it went.

    python examples/daily/daily.py
    python examples/daily/daily.py --steps my_steps.yml --from sync

The first step that fails stops the day: a failed test or an error in what came in keeps everybody
from being sent anything, and leaves the copy of yesterday to the readers. The exit code is that of
the step. A second run of the same day is safe, and days on which nothing ran are measured first.
Where CRM_WEBHOOK_URL is set, a message with the outcome goes there as JSON: {"text": ...}.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from built_tables import schemas_of_tables

ROOT = Path(__file__).resolve().parents[2]
STEPS = Path(__file__).with_name("daily.yml")
# How much of what a failed step printed goes into the message.
LAST_LINES = 15
ADVICE = {
    "load": "Nothing was built. The tables and the audiences are those of the last good day.",
    "build": "Nothing was published or sent. See input_checks and logs/dbt.log, mend, run again.",
    "publish": "The tables are built. Readers see the last copy, and nobody was sent anything.",
    "sync": "The tables are built and published. What was not delivered goes with the next run.",
}


def last_day(database: Path) -> date | None:
    """The as-of date of the last build of own data; None where there is none in the file."""
    if not database.exists():
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        schema = schemas_of_tables(connection).get("run_info")
        if schema is None:
            return None
        sql = f'select as_of_date from "{schema}".run_info where not is_demo'
        row = connection.execute(sql).fetchone()
        return row[0] if row else None


def missed_days(last: date | None, today: date, most: int) -> tuple[date, date] | None:
    """First and last of the days between the last build and today that nobody measured.

    Args:
        last: The as-of date of the last build.
        today: The day that is built now.
        most: How many days are caught up at most; those before are left out.
    """
    if last is None or most < 1 or today - last <= timedelta(days=1):
        return None
    return max(last + timedelta(days=1), today - timedelta(days=most)), today - timedelta(days=1)


def tell(text: str) -> None:
    """Print a message, and send it where CRM_WEBHOOK_URL says."""
    print(text, flush=True)
    address = os.environ.get("CRM_WEBHOOK_URL")
    if not address:
        return
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except OSError as error:
        # The day does not fail because nobody could be told; the address is a secret.
        print(f"CRM_WEBHOOK_URL could not be reached: {type(error).__name__}.", flush=True)


def words_of(command: str, database: Path) -> list[str]:
    """The command of a step in words, with this Python and the database put in."""
    return [
        word.replace("{python}", sys.executable).replace("{database}", str(database))
        for word in shlex.split(command)
    ]


def run(command: str, database: Path) -> tuple[int, list[str]]:
    """Run a step in the root of the project; its exit code and what it printed."""
    with subprocess.Popen(
        words_of(command, database),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
        code = process.wait()
    return code, lines


def a_day(steps: Sequence[dict[str, Any]], database: Path) -> int:
    """Run the steps; 0 when all went well, else the exit code of the one that failed."""
    took: list[str] = []
    for step in steps:
        started = time.monotonic()
        try:
            code, lines = run(step["command"], database)
        except OSError as error:
            code, lines = 1, [f"{step['command']}: {error.strerror}"]
        seconds = f"{time.monotonic() - started:.0f} s"
        if code:
            # What a step prints may hold values of rows, so it stays on this machine.
            advice = ADVICE.get(step["name"], "The steps after it did not run.")
            text = f"The daily run stopped at {step['name']} after {seconds} (exit code {code})."
            tell(f"{text} {advice}")
            print("\n".join(lines[-LAST_LINES:]), file=sys.stderr)
            return int(step["exit_code"])
        took.append(f"{step['name']} {seconds}")
    tell(f"The daily run went well: {', '.join(took)}.")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run the day."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=Path, default=STEPS, help="file of the steps")
    parser.add_argument("--from", dest="first", help="name of the step to begin with")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=None, help="the day; the run's own if left out"
    )
    given = parser.parse_args(arguments)
    plan = yaml.safe_load(given.steps.read_text(encoding="utf-8"))
    steps = plan["steps"]
    names = [step["name"] for step in steps]
    if given.first and given.first not in names:
        parser.error(f"--from {given.first} is no step: write one of {', '.join(names)}.")
    steps = steps[names.index(given.first) if given.first else 0 :]
    database = Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb")).absolute()
    today = given.today or datetime.now(UTC).date()
    missed = missed_days(last_day(database), today, plan.get("catch_up_days", 0))
    if missed and "build" in [step["name"] for step in steps]:
        place = next(n for n, step in enumerate(steps) if step["name"] == "build")
        days = f"--from {missed[0]} --to {missed[1]}"
        command = f"{{python}} examples/backfill/backfill.py {days}"
        steps.insert(place, {"name": "catch up", "command": command, "exit_code": 15})
    return a_day(steps, database)


if __name__ == "__main__":
    sys.exit(main())
