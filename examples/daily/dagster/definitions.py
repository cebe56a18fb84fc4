"""The daily run as a Dagster project: dbt's tables as assets, its data tests as checks of them.

    CRM_DUCKDB_PATH=shop.duckdb dagster dev -f examples/daily/dagster/definitions.py

The steps around dbt are those of examples/daily/daily.yml: `load` goes before all tables, and
`backup`, `publish` and `sync` come after them, each when the one before it went well. A failed data
test or an error in what came in therefore keeps everybody from being sent anything.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import yaml
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build"))
from built_tables import schemas_of_tables
from daily import ROOT, words_of
from own_variables import with_own_variables

DATABASE = Path(os.environ.setdefault("CRM_DUCKDB_PATH", str(ROOT / "crm.duckdb"))).absolute()
STEPS_FILE = Path(os.environ.get("CRM_DAILY_STEPS", ROOT / "examples" / "daily" / "daily.yml"))
STEPS = yaml.safe_load(STEPS_FILE.read_text(encoding="utf-8"))["steps"]
COMMANDS = {step["name"]: step["command"] for step in STEPS}
NAMES = list(COMMANDS)
BEFORE, AFTER = NAMES[: NAMES.index("build")], NAMES[NAMES.index("build") + 1 :]
DBT = str(Path(sys.executable).with_name("dbt"))
PROJECT = DbtProject(
    project_dir=ROOT,
    profiles_dir=ROOT,
    target_path=Path(os.environ.get("DBT_TARGET_PATH", "target")),
)


def run_step(name: str) -> None:
    """Run the command of a step in the root of the project.

    Raises:
        dagster.Failure: It ended with another exit code than 0.
    """
    code = subprocess.run(words_of(COMMANDS[name], DATABASE), cwd=ROOT, check=False).returncode
    if code:
        # What a step prints may hold values of rows, so it goes to its own output and not here.
        raise dg.Failure(f"The step {name} ended with exit code {code}.")


def step_asset(name: str, after: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """A step of daily.yml as an asset that waits for others."""

    @dg.asset(name=name, deps=after, group_name="steps")
    def step() -> None:
        run_step(name)

    return step


class AfterLoading(DagsterDbtTranslator):
    """Lets every table that reads no other table wait for the steps before dbt."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The asset of a node, as dagster-dbt makes it, and what it waits for."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id)
        parents = node["depends_on"].get("nodes", []) if node else ["none"]
        if BEFORE and all(parent.startswith("source.") for parent in parents):
            return spec.merge_attributes(deps=[dg.AssetKey(BEFORE[-1])])
        return spec


def prepare() -> None:
    """Have dbt write the manifest, with the variables of the database at hand."""
    command = with_own_variables(["parse", "--quiet", "--target-path", str(PROJECT.target_path)])
    environment = {**os.environ, "DBT_PROFILES_DIR": str(ROOT)}
    subprocess.run([DBT, *command], cwd=ROOT, env=environment, check=True)


prepare()


@dbt_assets(
    manifest=PROJECT.manifest_path,
    project=PROJECT,
    exclude="resource_type:unit_test",
    dagster_dbt_translator=AfterLoading(),
)
def tables(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """All seeds, models and data tests in one run of dbt build."""
    arguments = with_own_variables(["build", "--exclude-resource-type", "unit_test"])
    yield from dbt.cli(arguments, context=context).stream()


TABLES = {key.path[-1]: key for key in tables.keys}


@dg.asset_check(asset=TABLES["input_checks"], blocking=True)
def nothing_that_came_in_is_an_error() -> dg.AssetCheckResult:
    """Errors of input_checks: a raw table of which nothing can be right."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        schema = schemas_of_tables(connection)["input_checks"]
        count = connection.sql(
            f"select count(*) from \"{schema}\".input_checks where status = 'error'"
        ).fetchall()[0][0]
    return dg.AssetCheckResult(passed=count == 0, metadata={"errors": count})


audience_keys = [key for name, key in TABLES.items() if re.fullmatch(r"audience_\w+__\w+", name)]
steps_before = [
    step_asset(name, [dg.AssetKey(BEFORE[n - 1])] if n else []) for n, name in enumerate(BEFORE)
]
steps_after = [
    step_asset(name, [dg.AssetKey(AFTER[n - 1])] if n else [TABLES["input_checks"], *audience_keys])
    for n, name in enumerate(AFTER)
]
daily = dg.define_asset_job("daily", selection=dg.AssetSelection.all())
defs = dg.Definitions(
    assets=[*steps_before, tables, *steps_after],
    asset_checks=[nothing_that_came_in_is_an_error],
    jobs=[daily],
    schedules=[
        dg.ScheduleDefinition(job=daily, cron_schedule="15 3 * * *", execution_timezone="UTC")
    ],
    resources={
        "dbt": DbtCliResource(project_dir=PROJECT, profiles_dir=str(ROOT), dbt_executable=DBT)
    },
)
