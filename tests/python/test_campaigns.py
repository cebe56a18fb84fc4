"""Campaigns and what segments bring: recounted in pandas, shrunk by hand, seasons by rule."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dateutil.easter import easter
from project import ROOT, failures, query, run_dbt, run_model

Demo = Callable[[str], pd.DataFrame]


def test_no_purchase_is_credited_twice(demo: Demo) -> None:
    credited = demo(
        """
        select
            conversion_id,
            sum(credited_revenue) as credited,
            sum(credit_share) as share,
            any_value(orders.net_amount) as net_amount
        from main_intermediate.int_campaigns__credits as credits
        inner join main_contacts.orders as orders on credits.conversion_id = orders.order_id
        group by conversion_id
        """
    )
    assert len(credited) > 30
    assert (credited["credited"] == credited["net_amount"]).all()
    assert (credited["share"] == 1).all()
    revenue = demo("select sum(revenue) as r from main_campaigns.campaign_results")["r"][0]
    assert revenue == round(credited["credited"].sum(), 2)


def test_linear_credit_splits_the_same_revenue(
    demo: Demo, demo_database: Path, tmp_path: Path
) -> None:
    result = run_dbt(
        "compile",
        "-s",
        "int_campaigns__credits",
        database=demo_database,
        target=tmp_path,
        variables={"attribution_model": "linear", "attribution_window_days": 365},
    )
    assert result.success, failures(result)
    linear = demo(result.result.results[0].node.compiled_code)
    purchases = linear[linear["event_name"] == "purchase"].merge(
        demo("select order_id as conversion_id, net_amount from main_contacts.orders"),
        on="conversion_id",
    )
    by_order = purchases.groupby("conversion_id").agg(
        credited=("credited_revenue", "sum"),
        net_amount=("net_amount", "first"),
        touches=("campaign_id", "size"),
    )
    assert (by_order["touches"] > 2).any()
    assert (by_order["credited"].round(2) == by_order["net_amount"]).all()
    assert (purchases["credited_revenue"] >= 0).all()


def test_campaign_results_are_those_of_a_recount(demo: Demo) -> None:
    events = demo(
        """
        select events.*, records.contact_id
        from main_staging.stg_activity__events as events
        inner join main_contacts.contact_records as records
            using (source_system, source_contact_id)
        where campaign_id is not null and event_name like 'message_%'
        """
    )
    orders = demo(
        "select contact_id, order_id, ordered_at, net_amount from main_contacts.orders"
        " where is_purchase and contact_id is not null"
    )
    sent = events.groupby(["campaign_id", "contact_id"])["occurred_at"].min().reset_index()
    pairs = orders.merge(sent, on="contact_id")
    wait = pairs["ordered_at"] - pairs["occurred_at"]
    pairs = pairs[(wait >= timedelta(0)) & (wait < timedelta(days=7))]
    last = pairs.sort_values(["occurred_at", "campaign_id"]).groupby("order_id").tail(1)
    revenue = last.groupby("campaign_id")["net_amount"].sum()
    found = demo("from main_campaigns.campaign_results").set_index("campaign_id")
    assert found["sent_count"].sum() == len(sent) > 500
    for campaign_id, row in found.iterrows():
        mine = events[events["campaign_id"] == campaign_id]
        named = {
            name: set(rows["contact_id"]) for name, rows in mine.groupby("event_name", sort=False)
        }
        clicked = named.get("message_clicked", set())
        opened = clicked | named.get("message_opened", set()) | named.get("message_replied", set())
        assert row["sent_count"] == mine["contact_id"].nunique()
        assert row["clicked_count"] == len(clicked)
        assert row["opened_count"] == len(opened)
        assert row["bounced_count"] == len(named.get("message_bounced", set()))
        assert row["unsubscribed_count"] == len(named.get("message_unsubscribed", set()))
        assert row["revenue"] == round(revenue.get(campaign_id, 0), 2)


# -- Seasons -------------------------------------------------------------------------------


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, ... Monday (0) to Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))


def test_seasons_follow_the_calendar() -> None:
    with (ROOT / "seeds/reference/seasons.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ends = {(row["season"], row["country_code"], int(row["year"])): row for row in rows}
    assert len(ends) == len(rows)
    for year in range(2023, 2028):
        expected = {
            ("black_friday", ""): nth_weekday(year, 11, 3, 4) + timedelta(4),
            ("christmas", ""): date(year, 12, 24),
            ("easter", ""): easter(year),
            ("valentines_day", ""): date(year, 2, 14),
            ("mothers_day", ""): nth_weekday(year, 5, 6, 2),
            ("mothers_day", "GB"): easter(year) - timedelta(21),
        }
        for (season, country), day in expected.items():
            assert ends[season, country, year]["ends_on"] == day.isoformat(), (season, year)


# -- Holdouts ------------------------------------------------------------------------------


def bucket(*parts: str) -> int:
    """The bucket from 0 to 9,999 that the hash of the parts falls in."""
    return int(hashlib.md5("\x1f".join(parts).encode()).hexdigest()[:13], 16) % 10000


def test_a_holdout_follows_from_the_id(demo: Demo, demo_database: Path, tmp_path: Path) -> None:
    assert demo("from main_campaigns.segment_holdouts").empty
    variables = {"global_holdout_percent": 5, "segment_holdout_percent": 12.5}
    result = run_dbt(
        "compile",
        "-s",
        "segment_holdouts",
        database=demo_database,
        target=tmp_path,
        variables=variables,
    )
    assert result.success, failures(result)
    found = query(demo_database, result.result.results[0].node.compiled_code)
    contacts = demo("select contact_id from main_contacts.contact_traits where not is_erased")
    members = demo("select segment_name, contact_id from main_segments.segment_memberships")
    expected = {("all", c) for c in contacts["contact_id"] if bucket(c, "all", "holdout") < 500}
    expected |= {
        (s, c) for s, c in members.itertuples(index=False) if bucket(c, s, "holdout") < 1250
    }
    assert set(found.itertuples(index=False, name=None)) == expected
    assert 0.02 < sum(s == "all" for s, _ in expected) / len(contacts) < 0.09
    assert 0.09 < sum(s != "all" for s, _ in expected) / len(members) < 0.16


# -- Response ------------------------------------------------------------------------------


def test_a_lucky_segment_of_nine_is_not_first(compiled: Callable[[str], str]) -> None:
    rng = np.random.default_rng(5)
    segments = {f"s{number}": rng.normal(1 + number / 10, 8, 2000) for number in range(8)}
    segments["lucky"] = np.full(9, 6.0)
    sends = pd.DataFrame(
        [
            {"segment_name": name, "channel": "email", "profit": round(value, 2)}
            for name, values in segments.items()
            for value in values
        ]
    )
    rows = run_model(
        compiled("segment_response"),
        {"int_segment_effects__sends": sends},
        {"int_segment_effects__responses": compiled("int_segment_effects__responses")},
    )
    rows = rows[rows["channel"] == "all"].set_index("segment_name")

    groups = sends.groupby("segment_name")["profit"]
    count, mean = groups.size(), groups.mean()
    within = groups.apply(lambda values: ((values - values.mean()) ** 2).sum()).sum()
    variance = within / (count.sum() - len(count))
    centre = sends["profit"].mean()
    excess = (count * (mean - centre) ** 2).sum() - (len(count) - 1) * variance
    between = max(0, excess / (count.sum() - (count**2).sum() / count.sum()))
    weight = between / (between + variance / count)
    expected = centre + weight * (mean - centre)

    assert between > 0
    assert mean.idxmax() == "lucky"
    assert rows["response_rank"].idxmin() != "lucky"
    np.testing.assert_allclose(rows["own_weight"], weight.loc[rows.index], rtol=1e-9)
    np.testing.assert_allclose(
        rows["shrunk_profit_per_recipient"], expected.loc[rows.index], rtol=1e-9
    )
    total = count.sum()
    centre_variance = variance / total + between * (count**2).sum() / total**2
    spread = weight * variance / count + (1 - weight) ** 2 * centre_variance
    half_width = (rows["interval_high"] - rows["interval_low"]) / 2
    np.testing.assert_allclose(half_width, 1.959963984540054 * np.sqrt(spread).loc[rows.index])


def test_the_interval_of_a_segment_alone_is_that_of_its_mean(
    compiled: Callable[[str], str],
) -> None:
    profits = np.array([-1.0] * 90 + [8.0] * 10)
    sends = pd.DataFrame({"segment_name": "alone", "channel": "email", "profit": profits})
    rows = run_model(
        compiled("segment_response"),
        {"int_segment_effects__sends": sends},
        {"int_segment_effects__responses": compiled("int_segment_effects__responses")},
    )
    row = rows[rows["channel"] == "all"].iloc[0]
    half_width = 1.959963984540054 * profits.std(ddof=1) / 10
    assert row["interval_low"] == pytest.approx(profits.mean() - half_width)
    assert row["interval_high"] == pytest.approx(profits.mean() + half_width)


def test_messages_per_week_are_those_of_a_recount(demo: Demo) -> None:
    events = demo(
        """
        select records.contact_id, date_trunc('week', occurred_at) as week
        from main_staging.stg_activity__events as events
        inner join main_contacts.contact_records as records
            using (source_system, source_contact_id)
        where event_name = 'message_sent'
        """
    )
    expected = events.groupby(["contact_id", "week"]).size()
    found = demo("from main_campaigns.contact_message_weeks").set_index(
        ["contact_id", "week_starts_on"]
    )["message_count"]
    assert found.sum() == expected.sum() == len(events)
    assert (found[found > 0].sort_index().to_numpy() == expected.sort_index().to_numpy()).all()
    fatigue = demo("from main_campaigns.message_fatigue")
    assert fatigue["contact_week_count"].sum() == len(expected)
    # Black Friday is an occasion, the rest of November none.
    in_season = fatigue.groupby("is_season")["contact_week_count"].sum()
    assert in_season[True] > 50
    assert in_season[False] > 50


def test_a_wrong_model_of_attribution_stops_the_run(demo_database: Path, tmp_path: Path) -> None:
    result = run_dbt(
        "run",
        "-s",
        "campaigns",
        database=demo_database,
        target=tmp_path,
        variables={
            "attribution_model": "best_guess",
            "segment_holdout_percent": 90,
            "rfm_preset": "nonsense",
        },
    )
    assert not result.success
    assert "attribution_model is 'best_guess': write last_touch" in failures(result)
    assert (
        "rfm_preset is 'nonsense': write one of seeds/reference/rfm_presets.csv: braze"
        in failures(result)
    )
    assert "segment_holdout_percent is '90': write a number from 0 to 50" in failures(result)


@pytest.mark.parametrize("table", ["segment_campaign_results", "segment_response"])
def test_segments_are_those_that_exist(demo: Demo, table: str) -> None:
    known = set(demo("select segment_name from main_segments.segment_definitions")["segment_name"])
    assert set(demo(f"select segment_name from main_campaigns.{table}")["segment_name"]) <= known
