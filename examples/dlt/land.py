"""Land a REST interface and a folder of CSV files in the raw tables with dlt, what is new alone.

    python examples/dlt/land.py examples/dlt/shop.yml --files landing --database shop.duckdb

Each row is a version of its record, as the contract has it: what changed is added, nothing is
overwritten. Every column is landed as text, by hints made from the contract: left to itself, dlt
makes timestamps and numbers of texts and hides in another column what it could not read. Staging
casts, and says what it could not. Beside the database stand the variables that dbt builds it with.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Read when dlt is imported: it tells nobody that it runs.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
import dlt
import duckdb
import yaml
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "own_data"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from own_data_loader.contract import read_contract
from own_variables import write_variables

CONTRACT = read_contract()
REQUIRED = [name for name, table in CONTRACT.items() if table.required]
Row = Mapping[str, Any]


def text_of(value: Any) -> str | None:  # noqa: ANN401
    """A value as text: what is nested as JSON, a truth value in lower case, nothing as null."""
    if value is None or isinstance(value, str):
        return value
    return (
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict | list | bool)
        else str(value)
    )


def field_of(row: Any, path: str) -> Any:  # noqa: ANN401
    """A field of a row by its path, `address.country`; None where the row has none."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def raw_row(row: Row, table: Row, loaded_at: str) -> dict[str, str | None]:
    """A row of a source as a row of a raw table."""
    values = {column: text_of(field_of(row, path)) for column, path in table["columns"].items()}
    return {**table.get("constants", {}), **values, "loaded_at": loaded_at}


def check(plan: Row) -> list[str]:
    """What is wrong with a plan: tables and columns that the contract does not know."""
    wrong = []
    for part in ("rest", "files"):
        for name, table in plan.get(part, {}).get("tables", {}).items():
            if name not in CONTRACT:
                wrong.append(f"{name} is no raw table. Write one of {', '.join(CONTRACT)}.")
                continue
            named = [*table.get("constants", {}), *table["columns"]]
            known = CONTRACT[name].columns
            wrong += [f"{name} has no column {one}." for one in named if one not in known]
    return wrong


def text_hints(name: str) -> dict[str, dict[str, Any]]:
    """Hints that make every column of a raw table a text."""
    return {column: {"data_type": "text", "nullable": True} for column in CONTRACT[name].columns}


def landed(name: str, rows: Iterable[Any]) -> Any:  # noqa: ANN401
    """A resource of dlt that adds rows to a raw table, which is there even when none comes."""
    return dlt.resource(
        *(rows,),
        name=name,
        columns=text_hints(name),
        write_disposition="append",
        # What the hints do not know would be a column that nobody reads.
        schema_contract={"columns": "freeze", "data_type": "freeze"},
    )


def rest_rows(client: RESTClient, table: Row, loaded_at: str) -> Iterator[Any]:
    """Rows of a path that changed since the last run, page by page.

    The interface gives the rows of the last moment again. They are known by their content, since
    two rows may change in one moment, and one of them after it was landed.
    """
    state = dlt.current.resource_state()
    since, seen = state.get("since", ""), set(state.get("seen", []))
    newest, at_newest = since, set(seen)
    yield dlt.mark.materialize_table_schema()
    parameters = {"updated_since": since} if since else {}
    for page in client.paginate(table["path"], params=parameters):
        fresh = []
        for row in page:
            moment = str(field_of(row, table["changed"]) or "")
            digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
            if digest in seen:
                continue
            if moment > newest:
                newest, at_newest = moment, set()
            if moment == newest:
                at_newest.add(digest)
            fresh.append(raw_row(row, table, loaded_at))
        yield fresh
    state["since"], state["seen"] = newest, sorted(at_newest)


def file_rows(folder: Path, table: Row, loaded_at: str) -> Iterator[Any]:
    """Rows of the files of a folder that were not landed as they are now."""
    known = dlt.current.resource_state().setdefault("files", {})
    yield dlt.mark.materialize_table_schema()
    for path in sorted(folder.glob(table["pattern"])):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if known.get(path.name) == digest:
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            lacking = set(table["columns"].values()) - set(rows.fieldnames or [])
            if lacking:
                raise ValueError(f"{path.name} has no column {', '.join(sorted(lacking))}.")
            # An empty field says nothing: a CSV has no other word for it.
            yield [
                raw_row({k: v or None for k, v in row.items()}, table, loaded_at) for row in rows
            ]
        known[path.name] = digest


def land(plan: Row, database: Path, folder: Path | None) -> dict[str, int]:
    """Land what is new; a run that fails leaves the tables as they were.

    Args:
        plan: A file such as shop.yml.
        database: The DuckDB file; its schema raw takes the tables.
        folder: The folder of the files; None where there is none.

    Returns:
        The number of rows that came into each raw table.
    """
    loaded_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    resources = []
    if rest := plan.get("rest"):
        client = RESTClient(
            base_url=os.environ[rest["address"]],
            auth=BearerTokenAuth(token=os.environ[rest["token"]]),
            paginator=PageNumberPaginator(base_page=1, total_path=None),
        )
        for name, table in rest["tables"].items():
            resources.append(landed(name, rest_rows(client, table, loaded_at)))
    for name, table in plan.get("files", {}).get("tables", {}).items():
        if folder:
            resources.append(landed(name, file_rows(folder, table, loaded_at)))
    pipeline = dlt.pipeline(
        pipeline_name="crm_landing",
        pipelines_dir=str(database.with_suffix(".dlt").absolute()),
        destination=dlt.destinations.duckdb(str(database.absolute())),
        dataset_name="raw",
    )
    # What a run that was killed has read and not loaded goes first: its cursors have moved.
    if pipeline.has_pending_data and (done := pipeline.run()):
        done.raise_on_failed_jobs()
    pipeline.run(resources).raise_on_failed_jobs()
    counts = pipeline.last_trace.last_normalize_info.row_counts
    return {name: counts.get(name, 0) for name in [one.name for one in resources]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and land: 0 all went well, 1 it did not, 2 the plan is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("plan", type=Path, help="YAML file that says what lands where")
    parser.add_argument("--database", type=Path, required=True, help="DuckDB file")
    parser.add_argument("--files", type=Path, help="folder of the CSV files")
    given = parser.parse_args(arguments)
    plan = yaml.safe_load(given.plan.read_text(encoding="utf-8"))
    wrong = check(plan)
    rest = plan.get("rest", {})
    variables = [rest[one] for one in ("address", "token") if one in rest]
    wrong += [f"{one} is not set." for one in variables if not os.environ.get(one)]
    if wrong:
        print("\n".join(wrong))
        return 2
    try:
        counts = land(plan, given.database, given.files)
    except Exception as error:
        # The text of an error of dlt holds rows.
        print(f"Nothing was landed: {cause_of(error)}", file=sys.stderr)
        return 1
    tables = [*REQUIRED, *(name for name in counts if name not in REQUIRED)]
    missing = [name for name in REQUIRED if name not in counts]
    if missing:
        print(f"{', '.join(missing)} must be landed as well before dbt can build.")
    own = {"demo_data": False, "raw_tables": tables, **plan.get("vars", {})}
    file = write_variables(given.database, given.plan, own)
    for name, count in counts.items():
        print(f"{name}: {count} new rows")
    print(f"Build it: CRM_DUCKDB_PATH={given.database} make build (it reads {file.name})")
    return 0


def cause_of(error: BaseException | None) -> str:
    """What lies beneath an error, without the rows that dlt puts around it."""
    chain = []
    while error:
        chain.append(error)
        error = error.__cause__ or error.__context__
    for one in chain:
        if (response := getattr(one, "response", None)) is not None:
            return f"{type(one).__name__} {response.status_code}"
        if type(one) is ValueError:
            return str(one)
    known = [one for one in chain if isinstance(one, duckdb.Error)]
    return type((known or chain)[-1]).__name__


if __name__ == "__main__":
    sys.exit(main())
