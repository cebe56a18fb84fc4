"""Write docs/metrics.md: every metric with what it counts and what it is grouped by.

Everything on the page is what dbt knows of metrics and semantic models. With --check nothing is
written, and the exit code is 1 where the page is not as it would be written. Run it from the root
of the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from writing import ROOT, read_manifest, write_or_check

PAGE = ROOT / "docs" / "metrics.md"
# A dimension as the filter of a metric names it.
DIMENSION = re.compile(r"\{\{ Dimension\('(\w+)'\) \}\}")
INTRODUCTION = """# Metrics

Numbers that people quote, each defined once, for MetricFlow and for tools that read dbt's semantic
layer. Whoever writes SQL finds the same numbers in the tables that are named. Boards, analyses and
columns use the same words: `opened_rate` is a column of
[campaign_results](tables.md#campaign_results), and `revenue`, `buyers` and `first_purchases` are
those of the analysis `what_did_each_month_bring`.

```sh
make test-metrics    # MetricFlow in .venv-metrics validates, and every metric is compared with SQL
source .venv-metrics/bin/activate
mf query --metrics revenue,buyers,revenue_per_buyer --group-by metric_time__month
mf query --metrics contactable_share --group-by contact_and_channel__channel
mf query --metrics revenue --group-by contact__country_code \\
    --where "{{ Dimension('contact__rfm_group') }} is not null"
```

`mf` reads what `dbt parse` wrote into `target/` and asks the database of `profiles.yml`. Money is
in `reporting_currency`, days are UTC days. Traits of a contact are those of the last build,
whenever the purchase was. A metric counts people however few they are: what leaves the company goes
through the boards ([dashboard.md](dashboard.md)), which hide small numbers.

`lift` has no interval: a difference with one is no sum over rows. Whether it is more than chance
stands in [experiment_results](tables.md#experiment_results), and for members of segments beside
those held out in [segment_lift](tables.md#segment_lift): [experiments.md](experiments.md) explains
both.

A project that installs this one as a package has the metrics too. `metrics: false` leaves them out,
and with them the view `int_metrics__days`, which is the time spine: for a project that has a spine
of its own, or metrics of the same names.

This page is written by `python docs/metrics.py` from `models/intermediate/metrics`."""


def plain(text: str) -> str:
    """A description on one line, safe in a cell."""
    return " ".join(text.split()).replace("|", "\\|")


def tables_of(manifest: Mapping[str, Any], unique_id: str) -> set[str]:
    """The tables that a metric or semantic model reads, by way of whatever it is made from."""
    kind, _, name = unique_id.split(".")
    if kind == "model":
        return {name}
    node = manifest["metrics" if kind == "metric" else "semantic_models"][unique_id]
    return {t for parent in node["depends_on"]["nodes"] for t in tables_of(manifest, parent)}


def calculation(metric: Mapping[str, Any]) -> str:
    """How a metric comes about, in short."""
    params = metric["type_params"]
    if metric["type"] == "ratio":
        return f"`{params['numerator']['name']}` / `{params['denominator']['name']}`"
    if metric["type"] == "derived":
        return f"`{params['expr']}`"
    counted = f"measure `{params['measure']['name']}`"
    if window := (params.get("cumulative_type_params") or {}).get("window"):
        counted += f" of {window['count']} {window['granularity']}s"
    for condition in (metric["filter"] or {}).get("where_filters", []):
        words = DIMENSION.sub(r"\1", condition["where_sql_template"])
        counted += f" where `{words}`"
    return counted


def page(manifest: Mapping[str, Any]) -> str:
    """The page as text.

    Args:
        manifest: dbt's manifest of this project, as JSON.
    """
    lines = [INTRODUCTION, "", "## Metrics", ""]
    lines += ["| metric | what it is | how | of |", "|---|---|---|---|"]
    ours = ".crm_segmentation."
    for unique_id, metric in manifest["metrics"].items():
        if ours in unique_id:
            read = ", ".join(
                f"[{t}](tables.md#{t})" for t in sorted(tables_of(manifest, unique_id))
            )
            cells = [f"`{metric['name']}`", plain(metric["description"]), calculation(metric), read]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## What they are counted and grouped by", ""]
    lines += ["| semantic model | table | keys | time | grouped by |", "|---|---|---|---|---|"]
    for unique_id, model in manifest["semantic_models"].items():
        if ours not in unique_id:
            continue
        (table,) = tables_of(manifest, unique_id)
        keys = [entity["name"] for entity in model["entities"]]
        days = [d["name"] for d in model["dimensions"] if d["type"] == "time"]
        words = [d["name"] for d in model["dimensions"] if d["type"] == "categorical"]
        cells = [", ".join(f"`{name}`" for name in names) for names in (keys, days, words)]
        lines.append(f"| `{model['name']}` | [{table}](tables.md#{table}) | {' | '.join(cells)} |")
    lines += [
        "",
        "Revenue, purchases and messages are also grouped by what is known of the contact, as",
    ]
    lines += [
        "`contact__country_code` or `contact__rfm_group`; those of campaigns by `campaign__season`."
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page(read_manifest()))


if __name__ == "__main__":
    sys.exit(main())
