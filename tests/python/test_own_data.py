"""A company's own data is built, backfilled and shown with the same variables, or not at all."""

from __future__ import annotations

import json
import pickle
import runpy
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import build
import duckdb
import own_variables
import pytest
import yaml
from project import ROOT, failures, run_dbt

OWN_DATA = ROOT / "examples/own_data"
MINIMAL = OWN_DATA / "minimal.yml"
VARIABLES = {
    "demo_data": False,
    "raw_tables": ["raw_contacts", "raw_orders", "raw_events"],
    "empty_raw_tables": ["raw_events"],
    "as_of_date": "2026-01-31",
    "reporting_currency": "EUR",
    "default_country": "DE",
}


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """What `make own` runs."""
    monkeypatch.setattr(sys, "path", [str(OWN_DATA), *sys.path])
    return runpy.run_path(str(OWN_DATA / "own.py"))["main"]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The arguments of the dbt commands that a build would run, in a folder of its own."""
    commands: list[list[str]] = []

    class Runner:
        def __init__(self, **_: object) -> None:
            pass

        def invoke(self, arguments: list[str]) -> SimpleNamespace:
            commands.append(arguments)
            result = SimpleNamespace(nodes={}, results=[])
            return SimpleNamespace(success=True, result=result, exception=None)

    monkeypatch.setattr(build, "dbtRunner", Runner)
    monkeypatch.setenv("CRM_DUCKDB_PATH", str(tmp_path / "another.duckdb"))
    monkeypatch.chdir(tmp_path)
    return commands


def variables_of(command: list[str]) -> dict[str, Any]:
    """What a dbt command is given with --vars."""
    return yaml.safe_load(command[command.index("--vars") + 1])


def test_make_own_loads_and_builds_with_the_variables_of_the_mapping(
    own: Callable[..., int], built: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert own([str(MINIMAL), "--", "-s", "orders"]) == 0

    # Named after the mapping, so that two data sets do not share a database.
    with duckdb.connect("minimal.duckdb", read_only=True) as connection:
        assert connection.sql("select count(*) from raw.raw_orders").fetchall() == [(6,)]
    parse, run = built
    assert parse[0] == "parse"
    assert run[0] == "build"
    assert run[run.index("-s") + 1] == "orders"
    # What dbt reads the project with is what it builds with.
    assert variables_of(parse) == variables_of(run) == VARIABLES
    printed = capsys.readouterr().out
    assert printed.index("raw_contacts") < printed.index("Read the project")
    assert 'dbt build --vars "$(cat minimal.vars.yml)"' in printed


def test_the_demo_and_other_targets_are_read_as_they_are_built(built: list[list[str]]) -> None:
    build.build([])
    build.build(["--target=postgres", "-s", "orders"])
    assert [command[2:] for command in built if command[0] == "parse"] == [
        [],
        ["--target=postgres"],
    ]


@pytest.mark.parametrize(
    ("contacts", "orders", "said"),
    [
        # No order can be read, because day and month stand in another place.
        (
            "1,anna@example.com,01/02/2025",
            "A1,1,31.12.2025 10:00,5\nA2,1,30.12.2025 10:00,5",
            ["tables.raw_orders got 2 rows of orders (", "orders.csv), and none can be read: the"],
        ),
        ("", "", ["raw_contacts got no row of contacts (", "raw_orders got no row of orders ("]),
        # A day without orders, and an order that can be read beside one that cannot.
        ("1,anna@example.com,01/02/2025", "", []),
        ("1,anna@example.com,01/02/2025", "A1,1,2025-12-31,5\nA2,1,31.12.2025,5", []),
    ],
)
def test_make_own_stops_before_the_build_where_no_row_can_be_read(
    own: Callable[..., int],
    built: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    contacts: str,
    orders: str,
    said: list[str],
) -> None:
    Path("contacts.csv").write_text(f"no,mail,since\n{contacts}\n", encoding="utf-8")
    Path("orders.csv").write_text(f"no,customer,date,total\n{orders}\n", encoding="utf-8")
    mapping = {
        "files": {"contacts": "contacts.csv", "orders": "orders.csv"},
        "steps": {"customers": "select * from contacts"},
        "tables": {
            "raw_contacts": "select 'shop' as source_system, no as source_contact_id,"
            " mail as email, strptime(since, '%d/%m/%Y') as created_at from customers",
            "raw_orders": "select 'shop' as source_system, no as source_order_id,"
            " date as ordered_at, customer as source_contact_id, 'paid' as order_status,"
            " total as order_total from orders",
            "raw_events": {"empty": True},
        },
        "vars": {"as_of_date": "2026-01-31", "reporting_currency": "EUR"},
    }
    Path("shop.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    assert own(["shop.yml"]) == (2 if said else 0)
    told = capsys.readouterr()
    assert bool(built) != bool(said)
    for words in said:
        assert words in told.err
    assert ("Nothing was built. What was loaded is in shop.duckdb." in told.err) == bool(said)


def test_make_own_without_a_mapping_says_so(
    own: Callable[..., int], built: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert own([""]) == 2
    assert "make own MAPPING=shop.yml" in capsys.readouterr().err
    assert built == []


def test_a_daily_build_finds_the_variables_beside_its_database(
    own: Callable[..., int], built: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own([str(MINIMAL)])
    built.clear()
    monkeypatch.setenv("CRM_DUCKDB_PATH", "minimal.duckdb")

    build.build(["--vars", "{as_of_date: '2026-01-30'}"])
    assert [variables_of(command) for command in built] == [
        {**VARIABLES, "as_of_date": "2026-01-30"}
    ] * 2


def test_only_duckdb_has_variables_beside_a_file(
    own: Callable[..., int], built: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own([str(MINIMAL)])
    monkeypatch.setenv("CRM_DUCKDB_PATH", "minimal.duckdb")

    assert own_variables.own_variables("duckdb") == VARIABLES
    assert own_variables.with_own_variables(["--target", "postgres"]) == ["--target", "postgres"]
    assert own_variables.with_own_variables(["--target=postgres"]) == ["--target=postgres"]
    monkeypatch.setenv("CRM_DUCKDB_PATH", "crm.duckdb")
    assert own_variables.with_own_variables(["-s", "orders"]) == ["-s", "orders"]


def test_the_file_of_variables_is_what_dbt_takes_with_vars(
    own: Callable[..., int], built: list[list[str]]
) -> None:
    own([str(MINIMAL)])
    assert yaml.safe_load(Path("minimal.vars.yml").read_text(encoding="utf-8")) == VARIABLES


def test_a_backfill_measures_every_day_with_the_variables_of_the_data(
    own: Callable[..., int], built: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own([str(MINIMAL)])
    monkeypatch.setenv("CRM_DUCKDB_PATH", "minimal.duckdb")
    commands: list[tuple[str, dict[str, Any]]] = []

    def dbt(*command: str, variables: dict[str, Any], **_: object) -> MagicMock:
        commands.append((command[0], variables))
        return MagicMock()

    def shown(*words: str) -> list[MagicMock]:
        commands.append(("show", json.loads(words[words.index("--vars") + 1])))
        found = MagicMock()
        found.agate_table.rows = []
        return [found]

    backfill = runpy.run_path(str(ROOT / "examples/backfill/backfill.py"))["backfill"]
    monkeypatch.setitem(backfill.__globals__, "dbt", dbt)
    monkeypatch.setitem(backfill.__globals__, "shown", shown)
    monkeypatch.setitem(backfill.__globals__, "frozen", lambda _: pickle.dumps({}))
    backfill(date(2025, 12, 31), date(2026, 1, 1), "day", [], {"new_days": 40})

    taken = {**VARIABLES, "new_days": 40}
    days = [("run", {**taken, "as_of_date": day, "backfill": True}) for day in DAYS]
    assert commands == [("show", taken), ("parse", taken), *days]


DAYS = ("2025-12-31", "2026-01-01")


def complaint(database: Path, *command: str, **variables: object) -> str:
    """What dbt says of a command that it refuses."""
    result = run_dbt(
        *command, database=database, target=database.parent / "target", variables=variables
    )
    assert not result.success
    return failures(result)


def test_a_command_without_the_variables_of_loaded_files_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "crm.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.sql("create schema raw")
        connection.sql("create table raw.raw_contacts (source_system varchar)")

    for command in (["seed", "-s", "order_statuses"], ["show", "--inline", "select 1 as one"]):
        told = complaint(database, *command)
        assert "holds tables of your own" in told
        assert '--vars "$(cat shop.vars.yml)"' in told


def test_own_data_and_the_demo_never_meet_in_one_database(
    demo_database: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    show = ["show", "--inline", "select 1 as one"]

    assert run_dbt(*show, database=database, target=tmp_path / "target").success
    told = complaint(database, *show, demo_data=False)
    assert "holds the demo with its ids and histories" in told

    with duckdb.connect(str(database)) as connection:
        connection.sql("update main_quality.run_info set is_demo = false")
    told = complaint(database, *show)
    assert "holds tables of your own" in told
    with_variables = {"demo_data": False, "as_of_date": "2026-06-30"}
    result = run_dbt(*show, database=database, target=tmp_path / "target", variables=with_variables)
    assert result.success, failures(result)


def test_a_stopped_build_tells_each_error_once() -> None:
    points = ["3 of 3 rows in raw_tags are wrong: write them right.", "1 of 1 rows in raw_orders."]
    message = "\n".join(
        [
            "Compilation Error in model checks (models/checks.sql)",
            "  What came in cannot be right:",
            *[f"    - {point}" for point in points],
            "  Where it is right all the same, set a variable.",
            "  > in macro tell (macros/tell.sql)",
            "  > called by model checks (models/checks.sql)",
        ]
    )
    report = "What to look at\n" + "\n".join(f"  error: {point}" for point in points)

    told = build.untold_part(message, report)
    assert told.splitlines() == [
        "What came in cannot be right:",
        "    the 2 errors under What to look at, below.",
        "  Where it is right all the same, set a variable.",
    ]
    one = build.untold_part(message.replace(f"    - {points[1]}\n", ""), report)
    assert "    the error under What to look at, below." in one
    # What the report does not say stands here, and says where it comes from.
    assert build.untold_part(message, "") == message
    assert points[1] in build.untold_part(message, report.replace(points[1], ""))


def test_only_what_was_built_counts_as_done() -> None:
    def finished(status: str) -> SimpleNamespace:
        node = SimpleNamespace(resource_type="model", node_path="marts/contacts/contacts.sql")
        result = SimpleNamespace(status=status, execution_time=1.5)
        info = SimpleNamespace(name="NodeFinished", level="info", msg="")
        return SimpleNamespace(info=info, data=SimpleNamespace(node_info=node, run_result=result))

    layers = build.Layers()
    for status in ["success", "skipped", "error", "skipped"]:
        layers(finished(status))

    assert layers.done == {"marts": 2}
    assert layers.seconds == {"marts": 3.0}


def test_a_data_test_that_finds_rows_says_what_it_claims() -> None:
    node = SimpleNamespace(
        name="keys", original_file_path="tests/keys.sql", description="Keys are."
    )
    message = "Got 2 results, configured to warn if != 0"

    assert build.described(node, message, 2) == (
        "keys: 2 rows break this rule; look with: make ask Q=keys\nKeys are."
    )
    assert build.described(node, "It failed.", None) == "keys (tests/keys.sql)\nIt failed."
    # One that stands in YAML says it by its arguments.
    kwargs = {"key": ["order_id", "line_number"], "claims": ["quantity > 0"]}
    node.description, node.attached_node = "", "model.crm_segmentation.order_items"
    node.test_metadata = SimpleNamespace(name="are_sound", kwargs=kwargs)
    assert build.described(node, message, 1) == (
        "keys: one row breaks this rule; look with: make ask Q=keys\n"
        "In order_items the key (order_id, line_number) stands once and is never null;"
        " quantity > 0. It is claimed in tests/keys.sql."
    )
    kwargs = {"column_name": "gender", "values": ["female", "male"]}
    node.test_metadata = SimpleNamespace(name="accepted_values", kwargs=kwargs)
    assert build.claimed(node).startswith("Every gender of order_items is one of female, male.")
