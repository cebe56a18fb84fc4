"""Connected components of the same edges: this project's materialization and Splink's clustering, in one run.

    python benchmarks/clustering.py --records 1000000 --identifiers 2000000

Each is run in a process of its own, so that the peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
PROJECT = """name: crm_segmentation
profile: crm_segmentation
macro-paths: ['{macros}']
models: {{+materialized: connected_components}}
"""


def main() -> None:
    """Print seconds and peak memory of both, and whether they agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--identifiers", type=int, default=2_000_000)
    parser.add_argument("--run", choices=("project", "splink"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        {"project": run_project, "splink": run_splink}[arguments.run](arguments.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edge_count = write_edges(folder, arguments.records, arguments.identifiers)
        print(
            f"{arguments.records:,} records, {arguments.identifiers:,} identifiers, {edge_count:,} edges"
        )
        print(f"{'':12}{'seconds':>10}{'peak GB':>10}{'components':>12}")
        found = {}
        for run in ("project", "splink"):
            command = [sys.executable, __file__, "--run", run, "--folder", str(folder)]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            if result.returncode:
                sys.exit(f"{run} failed:\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
            figures = json.loads(result.stdout.splitlines()[-1])
            found[run] = figures["components"], figures["checksum"]
            print(
                f"{run:12}{figures['seconds']:>10.1f}{figures['gigabytes']:>10.2f}{figures['components']:>12,}"
            )
        print("the same components" if found["project"] == found["splink"] else "THEY DIFFER")


def write_edges(folder: Path, records: int, identifiers: int) -> int:
    """Records that share identifiers by chance, each value tied to its first holder as in int_identity__edges."""
    with duckdb.connect(str(folder / "edges.duckdb")) as connection:
        connection.execute(
            f"""
            create table edges as
            with identifiers as (
                select hash(range) % {records} as record, hash(range, 1) % {identifiers} as value
                from range({identifiers})
            ),
            held as (select record, min(record) over (partition by value) as first_record from identifiers)
            select distinct cast(first_record as bigint) as node_a, cast(record as bigint) as node_b
            from held where record != first_record
            """
        )
        return connection.sql("select count(*) from edges").fetchone()[0]


def report(started: float, connection: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """Print the figures as JSON. A component goes by its lowest node."""
    seconds = time.perf_counter() - started
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    components, checksum = connection.sql(
        "with named as (select node, min(node) over (partition by component) as lowest"
        f" from ({pairs}) as pairs) select count(distinct lowest), cast(sum(hash(node, lowest) % 1000003) as bigint)"
        " from named"
    ).fetchone()
    figures = {
        "seconds": seconds,
        "gigabytes": gigabytes,
        "components": components,
        "checksum": checksum,
    }
    print(json.dumps(figures))


def run_project(folder: Path) -> None:
    """The materialization on the edges, with dbt's own start left out of the time."""
    from dbt.cli.main import dbtRunner

    (folder / "models").mkdir()
    project = PROJECT.format(macros=ROOT / "macros")
    (folder / "dbt_project.yml").write_text(project, encoding="utf-8")
    (folder / "models/components.sql").write_text(
        "select node_a, node_b from main.edges", encoding="utf-8"
    )
    os.environ["CRM_DUCKDB_PATH"] = str(folder / "edges.duckdb")
    flags = ["--project-dir", str(folder), "--profiles-dir", str(ROOT), "--quiet"]
    runner = dbtRunner()
    runner.invoke(["parse", *flags])
    started = time.perf_counter()
    result = runner.invoke(["run", *flags])
    if not result.success:
        sys.exit(str(result.exception or result.result.results[0].message))
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
    with duckdb.connect(str(folder / "edges.duckdb")) as connection:
        report(started, connection, "select node, component from main.components")


def splink_clusters(api: Any) -> str:  # noqa: ANN401
    """Splink's clustering of the tables nodes and edges of its DuckDBAPI: a table of id, cluster_id."""
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    return cluster_pairwise_predictions_at_threshold(
        nodes=api.register("nodes"),
        edges=api.register("edges"),
        db_api=api,
        node_id_column_name="id",
        edge_id_column_name_left="node_a",
        edge_id_column_name_right="node_b",
    ).physical_name


def run_splink(folder: Path) -> None:
    """Splink's clustering on the same table, on a file and with the same threads."""
    from splink import DuckDBAPI

    with duckdb.connect(str(folder / "edges.duckdb")) as connection:
        connection.execute("set threads = 2")
        connection.execute(
            "create table nodes as select node_a as id from edges union select node_b as id from edges"
        )
        api = DuckDBAPI(connection)
        started = time.perf_counter()
        clusters = splink_clusters(api)
        report(started, connection, f"select id as node, cluster_id as component from {clusters}")


if __name__ == "__main__":
    main()
