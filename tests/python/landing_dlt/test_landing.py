"""What dlt lands in the raw tables: what is new alone, as text, and nothing twice.

Runs in the environment of dlt: make test-dlt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import duckdb
import pytest
import yaml

pytestmark = pytest.mark.dlt

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "examples" / "dlt" / "land.py"
PLAN = ROOT / "examples" / "dlt" / "shop.yml"
# The dbt of make build, which builds what was landed.
DBT = ROOT / ".venv" / "bin" / "dbt"
EVENTS = "id,customer,event,time,details\n"


@dataclass
class Shop:
    """A REST interface on loopback: pages of two rows, a token, and what changed since a moment."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    # Pages to give before `failures` begin.
    good_pages_first: int = 0
    url: str = ""

    def answer(self, place: str, token: str) -> tuple[int, Any]:
        if self.failures and self.good_pages_first <= 0:
            return self.failures.pop(0), {"message": "not now"}
        if token != "Bearer shop-token":
            return 401, {"message": "no"}
        self.good_pages_first -= 1
        url = urlparse(place)
        asked = parse_qs(url.query)
        page, since = int(asked["page"][0]), asked.get("updated_since", [""])[0]
        rows = [row for row in self.rows[url.path.strip("/")] if row["updated_at"] >= since]
        return 200, rows[2 * (page - 1) : 2 * page]


@pytest.fixture
def shop() -> Iterator[Shop]:
    given = Shop(rows={"customers": customers(), "orders": orders()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, said = given.answer(self.path, self.headers.get("Authorization") or "")
            given.asked.append((urlparse(self.path).path.strip("/"), self.path, status))
            body = json.dumps(said).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    given.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield given
    server.shutdown()
    server.server_close()


def customers() -> list[dict[str, Any]]:
    return [
        {
            "id": f"000{n}",
            "email": f"p{n}@example.com",
            "phone": None,
            "first_name": "Ann",
            "last_name": "Lee",
            "address": {"country": "DE"},
            "created_at": "2025-01-01 10:00:00",
            "updated_at": "2026-01-05 10:00:00",
            "deleted_at": None,
            "vip": True,
        }
        for n in range(1, 6)
    ]


def orders() -> list[dict[str, Any]]:
    return [
        {
            "id": n,
            "customer_id": f"000{n}",
            "email": None,
            "created_at": "2026-01-04T10:00:00Z" if n > 1 else "2026-02-30 25:00",
            "status": "paid",
            "currency": "EUR",
            "total": 19.9,
            "updated_at": f"2026-01-05 1{n}:00:00",
        }
        for n in range(1, 4)
    ]


def run(folder: Path, shop: Shop, token: str = "shop-token") -> tuple[int, str]:
    """Land once; the exit code and what was printed."""
    (folder / "landing").mkdir(exist_ok=True)
    words = [str(SCRIPT), str(PLAN), "--files", str(folder / "landing")]
    done = subprocess.run(
        [sys.executable, *words, "--database", str(folder / "shop.duckdb")],
        env={**os.environ, "SHOP_URL": shop.url, "SHOP_TOKEN": token, "HOME": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def rows_of(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "shop.duckdb"), read_only=True) as connection:
        return connection.sql(sql).fetchall()


def write_events(folder: Path, name: str, *lines: str) -> None:
    (folder / "landing").mkdir(exist_ok=True)
    text = EVENTS + "".join(f"{line}\n" for line in lines)
    (folder / "landing" / name).write_text(text, encoding="utf-8")


def counts(folder: Path) -> dict[str, int]:
    names = ("raw_contacts", "raw_orders", "raw_events")
    return {n: rows_of(folder, f"select count(*) from raw.{n}")[0][0] for n in names}


def test_a_second_day_brings_what_changed_and_a_second_run_nothing(
    tmp_path: Path, shop: Shop
) -> None:
    write_events(tmp_path, "events_1.csv", "e1,0001,page_viewed,2026-01-05 10:00:00,")
    shop.failures = [429, 503]
    code, said = run(tmp_path, shop)
    assert code == 0, said
    assert counts(tmp_path) == {"raw_contacts": 5, "raw_orders": 3, "raw_events": 1}

    assert run(tmp_path, shop)[0] == 0
    assert counts(tmp_path) == {"raw_contacts": 5, "raw_orders": 3, "raw_events": 1}
    assert "updated_since" in shop.asked[-1][1]

    # One changed later, one in the very moment that the first run ended with, and one is new.
    shop.rows["customers"][1] |= {"email": "new2@example.com", "updated_at": "2026-01-06 09:00:00"}
    shop.rows["customers"][2] |= {"email": "new3@example.com"}
    shop.rows["customers"].append(customers()[0] | {"id": "0007"})
    write_events(tmp_path, "events_2.csv", "e2,0002,login,2026-01-06 10:00:00,")
    shop.asked.clear()
    code, said = run(tmp_path, shop)
    assert code == 0, said
    assert "raw_contacts: 3 new rows" in said
    assert counts(tmp_path) == {"raw_contacts": 8, "raw_orders": 3, "raw_events": 2}
    newest = "select email from raw.raw_contacts where email like 'new%' order by 1"
    assert rows_of(tmp_path, newest) == [("new2@example.com",), ("new3@example.com",)]


def test_every_column_is_a_text_and_no_value_is_changed_or_hidden(
    tmp_path: Path, shop: Shop
) -> None:
    details = '"{""cart"": [1, 2]}"'
    write_events(tmp_path, "events_1.csv", f"007,0001,cart_added,not a time,{details}")
    assert run(tmp_path, shop)[0] == 0
    columns = rows_of(
        tmp_path,
        "select table_name, column_name, data_type from information_schema.columns"
        " where table_schema = 'raw' and table_name like 'raw%'",
    )
    declared = yaml.safe_load(
        (ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8")
    )
    for table in next(s for s in declared["sources"] if s["name"] == "raw")["tables"]:
        if table["name"] in {"raw_contacts", "raw_orders", "raw_events"}:
            found = {c: kind for t, c, kind in columns if t == table["name"]}
            own = {column["name"] for column in table["columns"]}
            assert set(found) - {"_dlt_id", "_dlt_load_id"} == own
            assert {found[name] for name in own} == {"VARCHAR"}
    order = "select source_order_id, ordered_at, order_total from raw.raw_orders order by 1 limit 1"
    assert rows_of(tmp_path, order) == [("1", "2026-02-30 25:00", "19.9")]
    contact = "select source_contact_id, country, phone from raw.raw_contacts order by 1 limit 1"
    assert rows_of(tmp_path, contact) == [("0001", "DE", None)]
    event = "select event_id, occurred_at, properties from raw.raw_events"
    assert rows_of(tmp_path, event) == [("007", "not a time", '{"cart": [1, 2]}')]


@pytest.mark.parametrize("status", [400, 500])
def test_a_source_that_fails_half_way_lands_nothing_and_is_read_again(
    status: int, tmp_path: Path, shop: Shop
) -> None:
    assert run(tmp_path, shop)[0] == 0
    before = counts(tmp_path)
    for row in shop.rows["customers"]:
        row |= {"updated_at": "2026-01-07 10:00:00", "email": "secret@example.com"}
    shop.good_pages_first = 2
    shop.failures = [status] * 20
    code, said = run(tmp_path, shop)
    assert code == 1
    assert f"Nothing was landed: HTTPError {status}" in said
    assert "secret@example.com" not in said
    assert counts(tmp_path) == before

    shop.failures = []
    assert run(tmp_path, shop)[0] == 0
    assert counts(tmp_path)["raw_contacts"] == before["raw_contacts"] + 5


def test_a_database_that_somebody_has_open_is_filled_by_the_next_run(
    tmp_path: Path, shop: Shop
) -> None:
    assert run(tmp_path, shop)[0] == 0
    for row in shop.rows["customers"]:
        row["updated_at"] = "2026-01-07 10:00:00"
    with duckdb.connect(str(tmp_path / "shop.duckdb")):
        code, said = run(tmp_path, shop)
    assert code == 1
    assert "Nothing was landed: IOException" in said
    assert counts(tmp_path)["raw_contacts"] == 5

    for _ in range(2):
        assert run(tmp_path, shop)[0] == 0
        assert counts(tmp_path)["raw_contacts"] == 5 + 5


def test_what_a_run_has_read_and_not_loaded_goes_with_the_next_one(
    tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cursors have moved: the interface would not give these rows again."""
    monkeypatch.setenv("SHOP_URL", shop.url)
    monkeypatch.setenv("SHOP_TOKEN", "shop-token")
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    from land import dlt, land

    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    last = shop.rows["customers"].pop()
    land(plan, tmp_path / "shop.duckdb", None)
    shop.rows["customers"].append(last | {"updated_at": "2026-01-07 10:00:00"})
    with monkeypatch.context() as patch:
        patch.setattr(dlt.Pipeline, "load", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            land(plan, tmp_path / "shop.duckdb", None)
    shop.rows["customers"][0] |= {"updated_at": "2026-01-08 10:00:00"}
    land(plan, tmp_path / "shop.duckdb", None)
    sql = "select source_contact_id, count(*) from raw.raw_contacts group by 1 order by 1"
    assert rows_of(tmp_path, sql) == [("0001", 2), *((f"000{n}", 1) for n in range(2, 6))]


def test_a_wrong_token_a_wrong_plan_and_a_file_without_a_column_are_named(
    tmp_path: Path, shop: Shop
) -> None:
    code, said = run(tmp_path, shop, token="another")
    assert (code, "Nothing was landed: HTTPError 401" in said) == (1, True)
    code, said = run(tmp_path, shop, token="")
    assert (code, said) == (2, "SHOP_TOKEN is not set.\n")
    (tmp_path / "landing/events.csv").write_text("id,event\n1,login\n", encoding="utf-8")
    code, said = run(tmp_path, shop)
    assert code == 1
    assert "events.csv has no column customer, details, time." in said

    sys.path.insert(0, str(SCRIPT.parent))
    from land import check

    plan = {"files": {"tables": {"raw_event": {}, "raw_orders": {"columns": {"totl": "total"}}}}}
    wrong = check(plan)
    assert wrong[0].startswith("raw_event is no raw table. Write one of raw_contacts,")
    assert wrong[1] == "raw_orders has no column totl."


def test_dbt_reads_what_was_landed(tmp_path: Path, shop: Shop) -> None:
    """Versions of a row are superseded, what cannot be read is rejected, and both are counted."""
    write_events(tmp_path, "events_1.csv", "e1,0001,login,2026-01-05 10:00:00,")
    assert run(tmp_path, shop)[0] == 0
    shop.rows["customers"][1] |= {"email": "new2@example.com", "updated_at": "2026-01-06 09:00:00"}
    assert run(tmp_path, shop)[0] == 0
    variables = (tmp_path / "shop.vars.yml").read_text(encoding="utf-8")
    words = [
        "build",
        "--quiet",
        "--exclude-resource-type",
        "unit_test",
        "-s",
        "+row_accounting",
        "--vars",
        variables,
    ]
    done = subprocess.run(
        [str(DBT), *words, "--target-path", str(tmp_path / "target")],
        cwd=ROOT,
        env={**os.environ, "CRM_DUCKDB_PATH": str(tmp_path / "shop.duckdb"),
             "DBT_PROFILES_DIR": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    accounts = {
        name: (rows, kept, superseded, rejected)
        for name, rows, kept, superseded, rejected in rows_of(
            tmp_path,
            "select raw_table, rows_in, rows_kept, rows_superseded, rows_rejected"
            " from main_quality.row_accounting where rows_in > 0",
        )
    }
    assert accounts == {
        "raw_contacts": (6, 5, 1, 0),
        "raw_orders": (3, 2, 0, 1),
        "raw_events": (1, 1, 0, 0),
    }
