"""Every metric as mf query gives it equals SQL on the tables of the demo: make test-metrics."""

from __future__ import annotations

import csv
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

pytestmark = pytest.mark.metrics

ROOT = Path(__file__).resolve().parents[3]
DATABASE = ROOT / os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb")
BIN = Path(sys.executable).parent
METRICS = yaml.safe_load((ROOT / "models/intermediate/metrics/_metrics.yml").read_text("utf-8"))[
    "metrics"
]


@dataclass(frozen=True)
class Counted:
    """What a metric should be: an expression over rows that have a day."""

    expression: str
    rows: str
    day: str


PURCHASES = "main_contacts.orders where is_purchase"
SENDS = "main_campaigns.campaign_sends where true"
STAGES = "main_contacts.contact_lifecycle_history where lifecycle_stage = "
MOVES = "main_segments.segment_movements where true"
CHANNELS = "main_audiences.contact_reachability where true"
PEOPLE = "main_contacts.contact_activation join main_contacts.contact_traits using (contact_id)"
COSTS = """(
    select cast(sent_at as date) as on_day, credited_revenue, 0 as cost
    from main_campaigns.campaign_sends
    union all select cast(started_at as date), 0, cost from main_campaigns.campaigns
) as credited_and_spent where true"""
KNOWN = f"{PURCHASES} and contact_id is not null"
FIRST = """main_contacts.orders left join main_contacts.contact_traits using (contact_id)
    where is_purchase and purchase_number = 1"""
# As the board of segments counts them, in analyses/dashboard/shown_facts.sql.
ACTIVE = "('new', 'active', 'loyal', 'reactivated')"
STAYED = "lifecycle_stage in ('new', 'active', 'loyal', 'reactivated', 'lapsed')"
COMPARED = """main_campaigns.experiment_results
    where metric = 'revenue' and incremental_total is not null"""

EXPECTED = {
    "revenue": Counted("sum(net_amount)", PURCHASES, "ordered_on"),
    "purchases": Counted("count(*)", PURCHASES, "ordered_on"),
    "buyers": Counted("count(distinct contact_id)", PURCHASES, "ordered_on"),
    "revenue_per_buyer": Counted(
        "sum(net_amount) / count(distinct contact_id)", PURCHASES, "ordered_on"
    ),
    "average_purchase": Counted("avg(net_amount)", PURCHASES, "ordered_on"),
    "first_purchases": Counted("count(*)", f"{KNOWN} and purchase_number = 1", "ordered_on"),
    "repeat_purchases": Counted("count(*)", f"{KNOWN} and purchase_number > 1", "ordered_on"),
    "purchases_of_contacts": Counted("count(*)", KNOWN, "ordered_on"),
    "repeat_purchase_share": Counted(
        "avg(cast(purchase_number > 1 as integer))", KNOWN, "ordered_on"
    ),
    "retained_customers": Counted("count(*)", f"{FIRST} and {STAYED}", "ordered_on"),
    "retention_rate": Counted(f"count(*) filter ({STAYED}) / count(*)", FIRST, "ordered_on"),
    "contacts": Counted("count(*)", f"{PEOPLE} where not is_erased", "known_on"),
    "active_customers": Counted(
        "count(*)",
        f"{PEOPLE} where lifecycle_stage in {ACTIVE} and not is_erased",
        "known_on",
    ),
    "lapsed_contacts": Counted("count(*)", f"{STAGES} 'lapsed'", "valid_from"),
    "churned_contacts": Counted("count(*)", f"{STAGES} 'churned'", "valid_from"),
    "returned_contacts": Counted("count(*)", f"{STAGES} 'reactivated'", "valid_from"),
    "segment_entries": Counted("count(*)", f"{MOVES} and movement = 'entered'", "as_of_date"),
    "segment_exits": Counted("count(*)", f"{MOVES} and movement = 'exited'", "as_of_date"),
    "segment_growth": Counted(
        "sum(case movement when 'entered' then 1 else -1 end)", MOVES, "as_of_date"
    ),
    "contactable": Counted("count(*)", f"{CHANNELS} and may_be_contacted", "since_on"),
    "contacts_by_channel": Counted("count(*)", CHANNELS, "since_on"),
    "contactable_share": Counted("avg(cast(may_be_contacted as integer))", CHANNELS, "since_on"),
    "messages": Counted("count(*)", SENDS, "sent_at"),
    "messages_opened": Counted("count(opened_at)", SENDS, "sent_at"),
    "opened_rate": Counted("count(opened_at) / count(*)", SENDS, "sent_at"),
    "messages_clicked": Counted("count(clicked_at)", SENDS, "sent_at"),
    "clicked_rate": Counted("count(clicked_at) / count(*)", SENDS, "sent_at"),
    "conversions": Counted("count(converted_at)", SENDS, "sent_at"),
    "converted_rate": Counted("count(converted_at) / count(*)", SENDS, "sent_at"),
    "unsubscriptions": Counted("count(unsubscribed_at)", SENDS, "sent_at"),
    "unsubscribed_rate": Counted("count(unsubscribed_at) / count(*)", SENDS, "sent_at"),
    "campaign_revenue": Counted("sum(credited_revenue)", SENDS, "sent_at"),
    "campaign_cost": Counted("sum(cost)", "main_campaigns.campaigns where true", "started_at"),
    "campaign_profit": Counted("sum(credited_revenue) - sum(cost)", COSTS, "on_day"),
    "incremental_revenue": Counted("sum(difference * contact_count)", COMPARED, "as_of_date"),
    "treated_contacts": Counted("sum(contact_count)", COMPARED, "as_of_date"),
    "lift": Counted("sum(difference * contact_count) / sum(contact_count)", COMPARED, "as_of_date"),
}
# The demo is measured on one day, so that nobody has left a segment.
ABSENT = {"segment_exits"}
# What sums of columns do not say. A sum over a window of days is asked for by day or month alone.
BY_MONTH = {
    "segment_members": """
        select date_trunc('month', as_of_date), sum(contact_count)
        from main_segments.segment_health as sizes
        where as_of_date = (
            select max(as_of_date) from main_segments.segment_health as days
            where date_trunc('month', days.as_of_date) = date_trunc('month', sizes.as_of_date)
        )
        group by all
    """,
    # Of a month MetricFlow gives the first day that has a value, after the last purchase too.
    "revenue_of_a_year": """
        with days as (
            select calendar_day, sum(net_amount) as amount
            from main_intermediate.int_metrics__days
            inner join main_contacts.orders
                on ordered_on > calendar_day - interval 365 days and ordered_on <= calendar_day
            where is_purchase
            group by all
        )
        select date_trunc('month', calendar_day), arg_min(amount, calendar_day)
        from days group by all
    """,
}
IN_ALL = {
    "segment_members": """
        select sum(contact_count) from main_segments.segment_health
        where as_of_date = (select max(as_of_date) from main_segments.segment_health)
    """,
}


def mf(*words: str) -> str:
    """Run MetricFlow in the project, and say what it said where it fails."""
    done = subprocess.run(
        [BIN / "mf", *words],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def answers(tmp_path: Path, *names: str, by: str | None = None) -> list[dict[str, str]]:
    """The rows that ``mf query`` gives for some metrics."""
    file = tmp_path / "answer.csv"
    grouped = ["--group-by", by] if by else []
    mf("query", "--metrics", ",".join(names), *grouped, "--csv", str(file), "--quiet")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rows_of(sql: str) -> list[tuple[object, ...]]:
    """The rows of a query on the demo."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.sql(sql).fetchall()


def is_close(one: str, other: object) -> bool:
    """Whether a cell of the answer is a number of the table."""
    return math.isclose(float(one or 0), float(str(other or 0)), rel_tol=1e-9, abs_tol=1e-9)


@pytest.fixture(scope="module", autouse=True)
def read_project() -> None:
    """Have dbt read the project for MetricFlow, and MetricFlow judge it."""
    subprocess.run([BIN / "dbt", "--quiet", "parse"], cwd=ROOT, check=True)
    said = mf("validate-configs")
    assert "ERRORS: 0" in said, said


def test_every_metric_has_sql_that_it_is_compared_with() -> None:
    assert {metric["name"] for metric in METRICS} == EXPECTED.keys() | BY_MONTH.keys()


def test_every_metric_over_all_rows_is_what_sql_gives(tmp_path: Path) -> None:
    queries = {n: f"select {c.expression} from {c.rows}" for n, c in EXPECTED.items()} | IN_ALL
    (row,) = answers(tmp_path, *queries)
    expected = {name: rows_of(sql)[0][0] for name, sql in queries.items()}

    assert [
        (name, row[name], value)
        for name, value in expected.items()
        if not is_close(row[name], value)
    ] == []
    assert {name for name, value in expected.items() if not value} == ABSENT


def test_every_metric_by_month_is_what_sql_gives(tmp_path: Path) -> None:
    queries = {
        name: f"select date_trunc('month', {c.day}), {c.expression} from {c.rows} group by all"
        for name, c in EXPECTED.items()
    } | BY_MONTH
    rows = answers(tmp_path, *queries, by="metric_time__month")
    differing = []
    for name, sql in queries.items():
        expected = {str(month)[:10]: value for month, value in rows_of(sql) if month and value}
        given = {
            row["metric_time__month"][:10]: row[name]
            for row in rows
            if row["metric_time__month"] and float(row[name] or 0)
        }
        assert bool(expected) == (name not in ABSENT), name
        for month in sorted(expected.keys() | given.keys()):
            if not is_close(given.get(month, ""), expected.get(month)):
                differing.append((name, month, given.get(month), expected.get(month)))

    assert differing == []


def test_revenue_of_contacts_is_grouped_by_what_is_known_of_them(tmp_path: Path) -> None:
    rows = answers(tmp_path, "revenue", "buyers", by="contact__country_code")
    given = {row["contact__country_code"]: (row["revenue"], row["buyers"]) for row in rows}
    expected = rows_of("""
        select coalesce(country_code, ''), sum(net_amount), count(distinct contact_id)
        from main_contacts.orders left join main_contacts.contact_traits using (contact_id)
        where is_purchase group by all
    """)

    assert len(expected) > 2
    assert given.keys() == {country for country, *_ in expected}
    for country, revenue, buyers in expected:
        assert is_close(given[country][0], revenue), country
        assert is_close(given[country][1], buyers), country


def test_metrics_by_campaign_are_the_columns_of_campaign_results(tmp_path: Path) -> None:
    rates = ("opened_rate", "clicked_rate", "converted_rate", "unsubscribed_rate")
    rows = answers(tmp_path, *rates, "campaign_profit", by="campaign")
    given = {row["campaign"]: row for row in rows if row["campaign"]}
    expected = rows_of(f"""
        select campaign_id, {", ".join(rates)}, coalesce(profit, revenue)
        from main_campaigns.campaign_results where sent_count > 0
    """)

    assert len(expected) > 2
    for campaign, *values in expected:
        for name, value in zip((*rates, "campaign_profit"), values, strict=True):
            assert is_close(given[campaign][name], value), (campaign, name)
