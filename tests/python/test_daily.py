"""A day stops where a step fails, says so in words, and a missed day is caught up."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from project import ROOT

sys.path.insert(0, str(ROOT / "examples" / "daily"))
from daily import STEPS, main, missed_days

TODAY = date(2026, 7, 10)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a webhook on loopback is told."""
    told: list[str] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.append(json.loads(self.rfile.read(length))["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("CRM_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/hook")
    yield told
    server.shutdown()


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a last build of three days ago, in which each step leaves a mark."""
    database = tmp_path / "crm.duckdb"
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(database))
    with duckdb.connect(str(database)) as connection:
        connection.sql("create schema main_quality")
        connection.sql(
            "create table main_quality.run_info as select"
            f" date '{TODAY - timedelta(days=3)}' as as_of_date, false as is_demo"
        )
    return tmp_path


def write_steps(folder: Path, broken: str = "") -> Path:
    """Steps that leave a mark each; the broken one fails and prints something personal."""
    steps = []
    for code, name in enumerate(["load", "build", "publish", "sync"], start=1):
        mark = f"{{python}} -c \"open('{folder}/{name}', 'a').write('x')\""
        fails = "{python} -c \"print('ann@example.com'); raise SystemExit(3)\""
        command = fails if name == broken else mark
        steps.append({"name": name, "command": command, "exit_code": code * 10})
    path = folder / "steps.yml"
    path.write_text(yaml.safe_dump({"steps": steps, "catch_up_days": 0}), encoding="utf-8")
    return path


def marks(folder: Path) -> dict[str, int]:
    """How often each step has run."""
    names = ("load", "build", "publish", "sync")
    return {n: len((folder / n).read_text()) for n in names if (folder / n).exists()}


def test_two_good_days_a_broken_one_and_the_day_after(day: Path, messages: list[str]) -> None:
    for _ in range(2):
        assert main(["--steps", str(write_steps(day))]) == 0
    assert marks(day) == dict.fromkeys(("load", "build", "publish", "sync"), 2)
    assert all(message.startswith("The daily run went well: load ") for message in messages)

    assert main(["--steps", str(write_steps(day, broken="build"))]) == 20
    assert marks(day) == {"load": 3, "build": 2, "publish": 2, "sync": 2}
    assert "stopped at build" in messages[-1]
    assert "Nothing was published or sent." in messages[-1]
    assert "ann@example.com" not in messages[-1]

    assert main(["--steps", str(write_steps(day))]) == 0
    assert marks(day) == {"load": 4, "build": 3, "publish": 3, "sync": 3}


def test_a_step_can_be_begun_with_and_one_that_is_none_is_refused(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--steps", str(write_steps(day)), "--from", "publish"]) == 0
    assert marks(day) == {"publish": 1, "sync": 1}
    with pytest.raises(SystemExit):
        main(["--steps", str(write_steps(day)), "--from", "publsh"])
    assert "write one of load, build, publish, sync" in capsys.readouterr().err


def test_nobody_to_tell_does_not_fail_the_day(
    day: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRM_WEBHOOK_URL", "http://127.0.0.1:9/secret")
    assert main(["--steps", str(write_steps(day))]) == 0
    assert "secret" not in capsys.readouterr().out


def test_missed_days_are_measured_before_the_build(
    day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr("daily.run", lambda command, _: (ran.append(command) or 0, []))
    path = write_steps(day)
    plan = yaml.safe_load(path.read_text()) | {"catch_up_days": 7}
    path.write_text(yaml.safe_dump(plan))

    assert main(["--steps", str(path), "--today", str(TODAY)]) == 0
    assert ran[1].endswith("backfill.py --from 2026-07-08 --to 2026-07-09")
    assert len(ran) == len(plan["steps"]) + 1


@given(st.integers(-3, 40), st.integers(0, 10))
def test_every_missed_day_is_caught_up_once_and_none_twice(gap: int, most: int) -> None:
    last = TODAY - timedelta(days=gap)
    found = missed_days(last, TODAY, most)
    missed = [last + timedelta(days=n) for n in range(1, gap)][-most:] if most else []
    assert found == ((missed[0], missed[-1]) if missed else None)
    assert missed_days(None, TODAY, most) is None


def test_the_steps_that_are_shipped_name_files_that_are_there() -> None:
    steps = yaml.safe_load(STEPS.read_text(encoding="utf-8"))["steps"]
    scripts = [step["command"].split()[1] for step in steps if step["command"] != "true"]
    assert [script for script in scripts if not (ROOT / script).exists()] == []
    assert len({step["exit_code"] for step in steps}) == len(steps)
