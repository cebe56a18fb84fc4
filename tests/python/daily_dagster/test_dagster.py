"""The daily run in Dagster: two days, one whose data is broken, and the day after.

Runs in the environment of Dagster: make test-dagster.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

if TYPE_CHECKING:
    import dagster as dg

pytestmark = pytest.mark.dagster

ROOT = Path(__file__).resolve().parents[3]
MAPPING = ROOT / "examples" / "own_data" / "minimal.yml"
CONTACTS = "Customer No,Mail,Phone,Given Name,Family Name,Town,Country,Since\n"
ORDERS = "Order No,Customer No,Date,State,Total\n"


class Shop:
    """A shop whose files change from day to day, and the marks that its steps leave."""

    def __init__(self, folder: Path) -> None:
        """Write a mapping, and the steps of its day."""
        self.folder = folder
        self.database = folder / "shop.duckdb"
        (folder / "minimal").mkdir()
        mark = "{python} -c \"open('FOLDER/NAME', 'a').write('x')\"".replace("FOLDER", str(folder))
        load = f"{{python}} examples/own_data/load.py {folder}/shop.yml --database {{database}}"
        publish = "{python} examples/publish/publish.py --to " + f"{folder}/readers.duckdb"
        steps = [
            {"name": "load", "command": load, "exit_code": 10},
            {"name": "build", "command": "not run", "exit_code": 20},
            {"name": "publish", "command": publish, "exit_code": 40},
            {"name": "sync", "command": mark.replace("NAME", "sync"), "exit_code": 50},
        ]
        (folder / "steps.yml").write_text(yaml.safe_dump({"steps": steps}), encoding="utf-8")

    def on(self, day: str, *, is_broken: bool = False) -> None:
        """Land what the shop has on a day of January 2026; broken: no customer has a number.

        The project calls a table wired wrong from a number of rows on.
        """
        mapping = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))
        mapping["vars"] |= {"as_of_date": f"2026-01-{day}", "destinations": ["mailchimp"]}
        (self.folder / "shop.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
        ids = [f"{n:04}" for n in range(1, 201)]
        contacts = [
            f"{'' if is_broken else one},p{one}@example.com,,Ann,Lee,Berlin,DE,01/03/2025"
            for one in ids
        ]
        orders = [f"A{one},{one},{day}/01/2026 10:00,paid,25.00" for one in ids[: int(day)]]
        for name, head, rows in (("contacts", CONTACTS, contacts), ("orders", ORDERS, orders)):
            text = head + "\n".join(rows) + "\n"
            (self.folder / "minimal" / f"{name}.csv").write_text(text, encoding="utf-8")

    def syncs(self) -> int:
        """How often the last step has run."""
        file = self.folder / "sync"
        return len(file.read_text()) if file.exists() else 0

    def day_built(self, database: str) -> str:
        """The as-of date of the tables in a file."""
        with duckdb.connect(str(self.folder / database), read_only=True) as connection:
            day = connection.sql("select as_of_date from main_quality.run_info").fetchall()[0][0]
        return str(day)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def definitions(shop: Shop) -> ModuleType:
    """The Dagster project on the database of the shop, which its first load has made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DUCKDB_PATH", str(shop.database))
        patch.setenv("CRM_DAILY_STEPS", str(shop.folder / "steps.yml"))
        patch.setenv("DBT_TARGET_PATH", str(shop.folder / "target"))
        patch.syspath_prepend(str(ROOT / "examples" / "own_data"))
        patch.syspath_prepend(str(ROOT / "examples" / "daily" / "dagster"))
        shop.on("05")
        load = importlib.import_module("load")
        assert load.main([str(shop.folder / "shop.yml"), "--database", str(shop.database)]) == 0
        yield importlib.import_module("definitions")
        sys.modules.pop("definitions")


def run_day(definitions: ModuleType, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = definitions.defs.resolve_job_def("daily")
    return job.execute_in_process(instance=instance, raise_on_error=False)


def failed_steps(result: dg.ExecuteInProcessResult) -> set[str]:
    """The steps that failed themselves; those that waited for them do not count."""
    return {
        event.step_key for event in result.all_events if event.event_type_value == "STEP_FAILURE"
    }


def test_every_model_is_an_asset_and_every_data_test_a_check(definitions: ModuleType) -> None:
    names = set(definitions.TABLES)
    assert {"contacts", "segment_memberships", "audience_mailchimp__changes"} <= names
    checks = {key.name for key in definitions.tables.check_keys}
    assert "contact_consents_are_sound" in checks
    assert len(checks) > 60
    graph = definitions.defs.resolve_asset_graph()
    waits = {key.path[-1]: {p.path[-1] for p in graph.get(key).parent_keys} for key in
             graph.get_all_asset_keys()}  # fmt: skip
    assert waits["sync"] == {"publish"}
    assert waits["publish"] == {"input_checks", "audience_mailchimp__contacts",
                                "audience_mailchimp__changes"}  # fmt: skip
    assert "load" in waits["destinations"], "a seed waits for the load"
    (schedule,) = definitions.defs.schedules
    assert schedule.cron_schedule == "15 3 * * *"


def test_two_days_a_broken_one_and_the_day_after(definitions: ModuleType, shop: Shop) -> None:
    # make test collects this file in an environment without it.
    import dagster as dg

    with dg.DagsterInstance.ephemeral() as instance:
        for number, day in enumerate(["05", "06"], start=1):
            shop.on(day)
            result = run_day(definitions, instance)
            assert result.success, failed_steps(result)
            assert shop.syncs() == number
            assert shop.day_built("readers.duckdb") == f"2026-01-{day}"
        checked = result.get_asset_check_evaluations()
        assert len(checked) > 60
        assert {"nothing_that_came_in_is_an_error"} < {one.check_name for one in checked}
        errors = [one for one in checked if one.severity == dg.AssetCheckSeverity.ERROR]
        assert [one.check_name for one in errors if not one.passed] == []

        shop.on("07", is_broken=True)
        result = run_day(definitions, instance)
        assert not result.success
        assert failed_steps(result) == {"tables"}
        assert shop.syncs() == 2
        assert shop.day_built("readers.duckdb") == "2026-01-06", "readers keep the last good day"

        shop.on("08")
        result = run_day(definitions, instance)
        assert result.success, failed_steps(result)
        assert shop.syncs() == 3
        assert shop.day_built("readers.duckdb") == "2026-01-08"
