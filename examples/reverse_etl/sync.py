"""Push two audiences of the demo to stand-ins of HubSpot and Snap with drt, and compare.

    python examples/reverse_etl/sync.py crm.duckdb

The database needs the audiences of both: make sync builds them on a copy first.

drt and what it needs: requirements-reverse-etl.txt, in an environment of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent))
from platforms import UPSERT, USERS, Platforms, serve

HERE = Path(__file__).parent


def publish(database: Path, folder: Path) -> None:
    """Copy the warehouse for drt, which opens DuckDB to write and would keep dbt out.

    Args:
        database: The DuckDB file that dbt built.
        folder: Where drt works; its cursors in .drt stay from run to run.
    """
    shutil.copy(database, folder / "published.duckdb")
    shutil.copytree(HERE / "drt", folder, dirs_exist_ok=True)
    (folder / "home" / ".drt").mkdir(parents=True, exist_ok=True)
    (folder / "home" / ".drt" / "profiles.yml").write_text(
        f"crm:\n  type: duckdb\n  database: {folder / 'published.duckdb'}\n", encoding="utf-8"
    )


def run_drt(folder: Path, platforms: Platforms, drt: Path) -> subprocess.CompletedProcess[str]:
    """Run every sync once.

    Returns:
        The finished process; its exit code is not 0 when a sync failed.
    """
    environment = {
        **os.environ,
        "HOME": str(folder / "home"),
        "CRM_PLATFORM_URL": platforms.url,
        "HUBSPOT_TOKEN": platforms.tokens[UPSERT],
        "SNAP_TOKEN": platforms.tokens[USERS],
        "DO_NOT_TRACK": "1",
        "DRT_TELEMETRY": "0",
    }
    command = [str(drt), "run"]
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )


def differences(database: Path, platforms: Platforms) -> list[str]:
    """Who is held differently by a platform and by its audience, by our own ids alone."""
    with duckdb.connect(str(database), read_only=True) as connection:
        hubspot = connection.sql(
            "select contact_id, email, crm_segments from main_audiences.audience_hubspot__contacts"
        ).fetchall()
        snap = connection.sql(
            "select email_sha256, phone_sha256, segments, contact_id"
            " from main_audiences.audience_snap__contacts"
        ).fetchall()
    names = {("hubspot", row[0]): row[0] for row in hubspot}
    names |= {("snap", *row[:2]): row[3] for row in snap}
    expected = {("hubspot", row[0]): row[1:] for row in hubspot}
    expected |= {("snap", *row[:2]): set(row[2].split(",")) for row in snap}
    found = {
        ("hubspot", key): (value["email"], value["crm_segments"])
        for key, value in platforms.hubspot.items()
        if value["crm_is_member"]
    }
    found |= {("snap", *key): value for key, value in platforms.snap.items()}
    wrong = []
    for key in found.keys() | expected.keys():
        who = f"{key[0]} {names.get(key, 'somebody who is no member')}"
        if key not in found:
            wrong.append(f"{who} is missing")
        elif key not in expected:
            wrong.append(f"{who} should not be there")
        elif found[key] != expected[key]:
            wrong.append(f"{who} holds something else")
    return sorted(wrong)


def main() -> int:
    """Sync once into empty platforms that fail at first; 0 when they hold what they should."""
    database = Path(sys.argv[1] if len(sys.argv) > 1 else "crm.duckdb")
    drt = Path(sys.executable).with_name("drt")
    tokens = {UPSERT: secrets.token_hex(8), USERS: secrets.token_hex(8)}
    with tempfile.TemporaryDirectory() as name, serve(tokens) as platforms:
        folder = Path(name)
        publish(database, folder)
        platforms.failures = [429, 503]
        done = run_drt(folder, platforms, drt)
        print(done.stdout + done.stderr)
        wrong = differences(database, platforms)
        print(f"{len(platforms.requests)} requests, of which answered with an error:", end=" ")
        print(sum(status >= 400 for *_, status in platforms.requests))
        print(f"HubSpot holds {len(platforms.hubspot)} contacts, Snap {len(platforms.snap)} users")
        print("\n".join(wrong) or "Both hold exactly the members of their audience.")
    return 1 if wrong or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
