"""A real reverse-ETL tool brings two platforms to exactly the members, whatever goes wrong.

Needs drt: CRM_DRT names its program, in an environment made from requirements-reverse-etl.txt.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from project import ROOT

sys.path.insert(0, str(ROOT / "examples" / "reverse_etl"))
from platforms import UPSERT, USERS, Platforms, serve
from sync import differences, publish, run_drt

pytestmark = [
    pytest.mark.reverse_etl,
    pytest.mark.skipif("CRM_DRT" not in os.environ, reason="Needs drt: run it by make test."),
]

TOKENS = {UPSERT: "hubspot-token", USERS: "snap-token"}
HUBSPOT, SNAP = "main_audiences.audience_hubspot__{}", "main_audiences.audience_snap__{}"


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with serve(TOKENS) as serving:
        yield serving


@pytest.fixture
def database(demo_database: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drt").mkdir()
    return tmp_path / "drt"


def sync(database: Path, folder: Path, platforms: Platforms) -> int:
    """Publish and run every sync once; gives the exit code."""
    publish(database, folder)
    return run_drt(folder, platforms, Path(os.environ["CRM_DRT"])).returncode


def day_passes(database: Path, day: int) -> None:
    """The audiences move as the next build would move them: one leaves, one changes, one enters."""
    with duckdb.connect(str(database)) as connection:
        for table, key, lists, kept in (
            (HUBSPOT, "contact_id", "crm_segments", ["contact_id"]),
            (SNAP, "match_key", "segments", ["match_key", "contact_id", "email_sha256"]),
        ):
            contacts, changes = table.format("contacts"), table.format("changes")
            moment = f"cast('2026-07-0{day} 00:00:00' as timestamp)"
            ids = [
                row[0]
                for row in connection.sql(
                    f"select {key} from {contacts} order by 1 limit 2"
                ).fetchall()
            ]
            connection.execute(f"delete from {contacts} where {key} = '{ids[0]}'")
            columns = [
                c[0] for c in connection.execute(f"select * from {contacts} limit 0").description
            ]
            blank = ", ".join(
                f"{column} = {chr(39) * 2 if column == lists else 'null'}"
                for column in columns
                if column not in [*kept, "phone_sha256"]
            )
            connection.execute(
                f"update {changes} set {blank}, is_member = false, change_type = 'exited',"
                f" updated_at = {moment} where {key} = '{ids[0]}'"
            )
            for name in (contacts, changes):
                stamp = f", updated_at = {moment}" if name == changes else ""
                connection.execute(
                    f"update {name} set {lists} = 'moved'{stamp} where {key} = '{ids[1]}'"
                )
                is_new = f"md5('new{day}')"
                new = f"{is_new} as {key}" + (
                    f", sha256('new{day}') as email_sha256"
                    if table == SNAP
                    else f", 'n{day}@example.com' as email"
                )
                new += f", {moment} as updated_at" if name == changes else ""
                connection.execute(
                    f"insert into {name} select * replace ({new}) from {name}"
                    f" where {key} = '{ids[1]}'"
                )


def test_both_platforms_end_with_the_members_after_entries_updates_and_exits(
    database: Path, folder: Path, platforms: Platforms
) -> None:
    assert sync(database, folder, platforms) == 0
    assert differences(database, platforms) == []
    held = len(platforms.hubspot)
    requests = len(platforms.requests)

    assert sync(database, folder, platforms) == 0
    assert len(platforms.requests) == requests, "a day without news was sent"

    day_passes(database, 1)
    assert differences(database, platforms) != []
    assert sync(database, folder, platforms) == 0
    assert differences(database, platforms) == []
    assert len(platforms.hubspot) == held + 1, "HubSpot keeps who left, without segments"


def test_a_busy_or_broken_platform_is_asked_again(
    database: Path, folder: Path, platforms: Platforms
) -> None:
    platforms.failures = [429, 503, 429]

    assert sync(database, folder, platforms) == 0
    assert differences(database, platforms) == []


@pytest.mark.parametrize("good_requests_first", [0, 1, 2])
def test_a_delivery_that_stops_half_way_is_made_again(
    database: Path, folder: Path, platforms: Platforms, good_requests_first: int
) -> None:
    """All rows of the first build have one updated_at: a cursor between them must not be kept."""
    platforms.good_requests_first = good_requests_first
    platforms.failures = [500] * 40
    assert sync(database, folder, platforms) != 0
    assert differences(database, platforms) != []
    day_passes(database, 1)

    platforms.failures = []
    assert sync(database, folder, platforms) == 0
    assert differences(database, platforms) == []


def test_one_refused_row_stops_the_sync_and_loses_nobody(
    database: Path, folder: Path, platforms: Platforms
) -> None:
    with duckdb.connect(str(database), read_only=True) as connection:
        sql = f"select contact_id from {HUBSPOT.format('contacts')} order by 1 limit 1"
        platforms.refused = {connection.sql(sql).fetchall()[0][0]}
    assert sync(database, folder, platforms) != 0
    assert differences(database, platforms) != []

    platforms.refused = set()
    assert sync(database, folder, platforms) == 0
    assert differences(database, platforms) == []


def test_a_wrong_token_delivers_nothing(database: Path, folder: Path, platforms: Platforms) -> None:
    platforms.tokens = {UPSERT: "other", USERS: "other"}
    publish(database, folder)
    wrong = Platforms(TOKENS, url=platforms.url)

    assert run_drt(folder, wrong, Path(os.environ["CRM_DRT"])).returncode != 0
    assert platforms.hubspot == {}
    assert platforms.snap == {}


@pytest.mark.parametrize("status", [400, 500])
def test_a_sync_that_fails_prints_and_keeps_nobody_and_no_token(
    database: Path, folder: Path, platforms: Platforms, status: int
) -> None:
    """Platforms repeat what they were sent when they refuse it."""

    def refuse(method: str, path: str, token: str, body: bytes) -> tuple[int, dict[str, str]]:
        return status, {"message": f"invalid: {body.decode()}", "token": token}

    platforms.answer = refuse
    publish(database, folder)
    done = run_drt(folder, platforms, Path(os.environ["CRM_DRT"]))
    wrong = differences(database, platforms)
    kept = [f for f in folder.rglob("*") if f.is_file() and f.name != "published.duckdb"]
    said = [done.stdout, done.stderr, *wrong, *(f.read_text(encoding="utf-8") for f in kept)]
    text = "\n".join(said)
    with duckdb.connect(str(database), read_only=True) as connection:
        told = connection.sql(
            f"select email from {HUBSPOT.format('contacts')}"
            f" union all select email_sha256 from {SNAP.format('contacts')}"
        ).fetchall()

    assert done.returncode != 0
    assert len(wrong) > 200
    assert len(kept) > 5
    assert [value for (value,) in told if value and value in text] == []
    assert [token for token in TOKENS.values() if token in text] == []


def test_no_sync_keeps_the_rows_that_a_platform_refused() -> None:
    """A dead letter is a row with an address in a file beside the project."""
    for path in (ROOT / "examples/reverse_etl/drt/syncs").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert "on_error: fail" in text
        assert "dead_letter" not in text
