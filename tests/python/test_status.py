"""What make status says is what the tables hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from project import failures, run_dbt
from status import last_command

Demo = Callable[[str], pd.DataFrame]


def status(database: Path, target: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The lines of the screen by their first word."""
    result = run_dbt("run-operation", "tell_status", database=database, target=target)
    assert result.success, failures(result)
    lines = capsys.readouterr().out.splitlines()
    return {line.partition(" ")[0]: line for line in lines if line}


def test_the_screen_says_what_the_tables_hold(
    demo: Demo, demo_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = status(demo_database, tmp_path, capsys)

    rows = demo(
        "select sum(rows_in) as n, sum(rows_rejected) as r from main_quality.row_accounting"
    )
    assert f" {rows['n'][0]:.0f} rows: " in said["Came"]
    assert f" {rows['r'][0]:.0f} rejected " in said["Came"]
    contacts = demo("select count(*) as n from main_contacts.contact_traits")["n"][0]
    assert f" {contacts} contacts, " in said["Contacts"]
    hubspot = demo("from main_audiences.audience_hubspot__contacts")
    assert said["hubspot"].split() == ["hubspot", *[str(len(hubspot))] * 2, "0", "0"]
    assert "as of 2026-06-30" in said["Last"]


def test_an_empty_database_says_what_is_not_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = status(tmp_path / "crm.duckdb", tmp_path, capsys)
    assert "nothing yet: run_info is not built." in said["Last"]


def test_the_last_command_names_what_failed(tmp_path: Path) -> None:
    path = tmp_path / "run_results.json"
    assert "no run is on record" in last_command(path)
    run = {
        "args": {"which": "build"},
        "metadata": {"generated_at": "2026-07-01T03:04:05.678Z"},
        "results": [
            {"unique_id": "model.crm_segmentation.orders", "status": "success"},
            {"unique_id": "model.crm_segmentation.contacts", "status": "error"},
        ],
    }
    path.write_text(json.dumps(run), encoding="utf-8")
    assert "1 of 2 nodes failed (contacts); see logs/dbt.log" in last_command(path)
    run["results"].pop()
    path.write_text(json.dumps(run), encoding="utf-8")
    assert last_command(path).endswith("2026-07-01T03:04:05 UTC: its one node went well")
    run["results"] = [
        {"unique_id": f"model.crm_segmentation.{name}", "status": "success"}
        | {"relation_name": f'"shop"."main"."{name}"'}
        for name in ("orders", "contacts")
    ]
    hook = {"unique_id": "operation.crm_segmentation.on-run-end-0", "relation_name": None}
    run["results"].append({**hook, "status": "success"})
    path.write_text(json.dumps(run), encoding="utf-8")
    # Of a database that may be another one, and without hooks, as the build counts.
    told = last_command(path)
    assert told == "dbt build in shop, ended 2026-07-01T03:04:05 UTC: all 2 nodes went well"
