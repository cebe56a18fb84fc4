"""What of the project runs on BigQuery's emulator, model by model: the list of docs/bigquery.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import version

import pytest
from engines.conftest import Built, rows_of
from engines.parity import Table, differences, public_tables
from project import ROOT

EQUAL, DIFFERENT = "ran, and every cell equals DuckDB's", "ran, and differs"
# Models that differ, and why; the test fails for any other.
WHY_DIFFERENT = {
    "base_activity__event_rows": "a column is `key_hash`, for which each engine has its own",
    "int_rfm__month_ends": "fingerprints of purchases are sums of `key_hash`, as above",
    "int_rfm__monthly_scores": "keeps those fingerprints",
    "run_info": "tells of the run, and names the engine",
}


def seen(reference: Built, demo: Built) -> dict[str, tuple[str, str]]:
    """For each model on both engines, its schema and whether all its cells are equal."""
    keys = {table.name: table.key for table in public_tables(demo.manifest)}
    found = {}
    for node in demo.manifest["nodes"].values():
        if node["resource_type"] == "model":
            table = Table(node["schema"], node["name"], keys.get(node["name"], ()))
            lines = differences(
                table, rows_of(table, reference.engine), rows_of(table, demo.engine)
            )
            found[table.name] = (table.schema, DIFFERENT if lines else EQUAL)
    return found


def page(found: dict[str, tuple[str, str]]) -> str:
    """The list in Markdown, by what was seen and by schema."""
    counts = {kind: sum(one == kind for _, one in found.values()) for kind in (EQUAL, DIFFERENT)}
    lines = [
        "# BigQuery, model by model",
        "",
        f"Written by `make test-bigquery` on {date.today()}, from the demo on",
        f"bqemulator {version('bqemulator')} with dbt-bigquery {version('dbt-bigquery')}.",
        "What an emulator cannot show stands in [engines.md](engines.md#bigquery):",
        "**no model has run on BigQuery itself.**",
        "",
        "| models | what was seen |",
        "|---:|---|",
        *(f"| {count} | {kind} |" for kind, count in counts.items()),
        "| all | parsed by sqlglot, and searched for what means something else there |",
        "| 0 | did not run |",
        "",
        f"## {DIFFERENT[0].upper()}{DIFFERENT[1:]}",
        "",
        *(
            f"- `{name}`: {WHY_DIFFERENT.get(name, 'nobody knows why yet')}."
            for name, (_, kind) in sorted(found.items())
            if kind == DIFFERENT
        ),
        "",
        f"## {EQUAL[0].upper()}{EQUAL[1:]}",
        "",
        "| schema | models |",
        "|---|---|",
    ]
    schemas = sorted({schema for schema, kind in found.values() if kind == EQUAL})
    for schema in schemas:
        names = sorted(name for name, seen_of in found.items() if seen_of == (schema, EQUAL))
        lines.append(f"| `{schema}` | {', '.join(names)} |")
    return "\n".join(lines) + "\n"


@pytest.mark.bigquery
def test_models_differ_only_where_the_page_says_why(built: Callable[[str], Built]) -> None:
    """After the day on top, so that what is added to is compared too. It writes the page anew."""
    reference, demo = built("duckdb"), built("bigquery")
    reference.on("incremental")
    demo.on("incremental")
    found = seen(reference, demo)

    (ROOT / "target").mkdir(exist_ok=True)
    # Copied to docs/ by hand, and read before.
    (ROOT / "target" / "bigquery.md").write_text(page(found), encoding="utf-8")
    differing = {name for name, (_, kind) in found.items() if kind == DIFFERENT}
    assert differing <= set(WHY_DIFFERENT)
