"""Campaigns and what segments bring: recounted in pandas, shrunk by hand, seasons by rule."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dateutil.easter import easter
from project import ROOT, failures, run_dbt, run_model

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
        share=("credit_share", "sum"),
    )
    assert (by_order["touches"] > 2).any()
    assert (by_order["credited"].round(2) == by_order["net_amount"]).all()
    assert (by_order["share"].round(6) == 1).all()
    assert (purchases["credited_revenue"] >= 0).all()


def recounted(
    events: pd.DataFrame, orders: pd.DataFrame, days: int = 7
) -> dict[str, dict[str, float]]:
    """Messages, people, outcomes and last-touch revenue of each campaign, event by event."""
    sends: list[dict[str, Any]] = []
    for (campaign, contact), rows in events.groupby(["campaign_id", "contact_id"]):
        moments = sorted(set(rows.loc[rows["event_name"] == "message_sent", "occurred_at"]))
        mine: list[dict[str, Any]] = [
            {"campaign": campaign, "contact": contact, "events": []} for _ in moments or [None]
        ]
        for event in rows.itertuples():
            number = max(sum(moment <= event.occurred_at for moment in moments), 1)
            mine[number - 1]["events"].append((event.occurred_at, event.event_name[8:]))
        sends += mine
    for send in sends:
        send["sent_at"] = min(moment for moment, _ in send["events"])
        send["names"] = {name for _, name in send["events"]}
        bounces = [moment for moment, name in send["events"] if name == "bounced"]
        arrivals = [m for m, n in send["events"] if n in OPENED | {"delivered"}]
        send["is_touch"] = not bounces or max(arrivals, default=bounces[0]) > max(bounces)
    revenue: dict[str, Any] = {}
    for order in orders.itertuples():
        touches = [
            (send["sent_at"], send["campaign"])
            for send in sends
            if send["is_touch"]
            and send["contact"] == order.contact_id
            and timedelta(0) <= order.ordered_at - send["sent_at"] < timedelta(days)
        ]
        if touches:
            campaign = max(touches)[1]
            revenue[campaign] = revenue.get(campaign, 0) + order.net_amount
    found = {}
    for campaign in {send["campaign"] for send in sends}:
        mine = [send for send in sends if send["campaign"] == campaign]
        found[campaign] = {
            "sent_count": len(mine),
            "contact_count": len({send["contact"] for send in mine}),
            "opened_count": sum(bool(send["names"] & OPENED) for send in mine),
            "revenue": round(float(revenue.get(campaign, 0)), 2),
        }
        for name in ("clicked", "bounced", "unsubscribed"):
            found[campaign][f"{name}_count"] = sum(name in send["names"] for send in mine)
    return found


OPENED = {"opened", "clicked", "replied"}


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
    found = demo("from main_campaigns.campaign_results").set_index("campaign_id")
    expected = recounted(events, orders)
    assert found["sent_count"].sum() > 500
    for campaign_id, counts in expected.items():
        row = found.loc[campaign_id]
        assert {name: round(float(row[name]), 2) for name in counts} == counts


def test_a_campaign_sent_again_is_counted_by_sends_and_people(
    compiled: Callable[[str], str],
) -> None:
    rng = np.random.default_rng(15)
    start = pd.Timestamp("2026-01-01")
    names = [*["sent"] * 4, "delivered", "opened", "clicked", "bounced", "unsubscribed"]
    events = pd.DataFrame(
        {
            "campaign_id": rng.choice(["birthday", "cart", "once"], 900),
            "contact_id": rng.choice([f"c{number}" for number in range(60)], 900),
            "channel": "email",
            "event_name": [f"message_{name}" for name in rng.choice(names, 900)],
            # Days and hours without minutes, so that some happen at the same moment.
            "occurred_at": start + pd.to_timedelta(rng.integers(0, 30 * 6, 900) * 4, unit="h"),
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": [f"o{number}" for number in range(300)],
            "contact_id": rng.choice([f"c{number}" for number in range(60)], 300),
            "is_purchase": True,
            "ordered_at": start + pd.to_timedelta(rng.integers(0, 40 * 24, 300), unit="h"),
            "net_amount": rng.integers(1, 9999, 300) / 100,
        }
    ).astype({"net_amount": "object"})
    orders["net_amount"] = [Decimal(str(amount)) for amount in orders["net_amount"]]
    campaigns = pd.DataFrame(
        {
            "campaign_id": ["birthday", "cart", "once"],
            "campaign_name": ["Birthday", "Cart", "Once"],
            "goal_event_name": "purchase",
            "cost": Decimal("10.00"),
        }
    )
    conversions = orders.rename(columns={"order_id": "conversion_id", "ordered_at": "converted_at"})
    rows = run_model(
        compiled("campaign_results"),
        {
            "int_campaigns__events": events,
            "int_campaigns__conversions": conversions.assign(event_name="purchase"),
            "campaigns": campaigns,
        },
        {
            name: compiled(name)
            for name in ("int_campaigns__messages", "int_campaigns__credits", "campaign_sends")
        },
    ).set_index("campaign_id")
    expected = recounted(events, orders)
    assert sum(counts["sent_count"] > counts["contact_count"] for counts in expected.values()) == 3
    for campaign_id, counts in expected.items():
        row = rows.loc[campaign_id]
        assert {name: round(float(row[name]), 2) for name in counts} == counts


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
    years = {int(row["year"]) for row in rows}
    assert years == set(range(1995, 2036))
    for year in years:
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


def test_a_season_of_any_length_is_whole(compiled: Callable[[str], str]) -> None:
    lengths = [1, 31, 32, 100, 101, 366, 1024]
    start = date(2020, 1, 1)
    seasons = pd.DataFrame(
        [
            {
                "season": f"days_{length}",
                "year": 2020,
                "starts_on": start,
                "ends_on": start + timedelta(length - 1),
                "country_code": "FR",
            }
            for length in lengths
        ]
    )
    occurrences = run_model(compiled("int_seasons__occurrences"), {"seasons": seasons})
    for column in ("starts_on", "ends_on"):
        occurrences[column] = occurrences[column].dt.date
    days = run_model(compiled("int_seasons__days"), {"int_seasons__occurrences": occurrences})
    found = (
        days[days["country_code"] == "FR"]
        .groupby("season")["season_day"]
        .agg(["nunique", "size", "max"])
    )
    for length in lengths:
        count, size, last = found.loc[f"days_{length}"]
        assert count == size == length
        assert last.date() == start + timedelta(length - 1)


# -- Holdouts ------------------------------------------------------------------------------


def bucket(*parts: str) -> int:
    """The bucket from 0 to 9,999 that the hash of the parts falls in."""
    return int(hashlib.md5("\x1f".join(parts).encode()).hexdigest()[:13], 16) % 10000


def held_out(
    compiled: Callable[[str], str], entries: pd.DataFrame, percents: list[tuple[str, float, float]]
) -> set[tuple[str, str]]:
    """Segments and contacts held out; entries in the segment all are first runs."""
    columns = ["valid_from", "global_percent", "segment_percent"]
    dated = entries.assign(entered_on=pd.to_datetime(entries["entered_on"]))
    everyone = dated["segment_name"] == "all"
    known = dated[everyone].rename(columns={"entered_on": "known_on"})
    memory = pd.DataFrame(percents, columns=columns)
    tables = {
        "int_segments__membership_spells": dated[~everyone],
        "int_segments__former_contact_ids": pd.DataFrame(
            {"former_contact_id": ["x"], "contact_id": ["y"]}
        ),
        "int_identity__ledger": known.assign(record_id=known["contact_id"]),
        "int_segment_effects__holdout_percents": memory.assign(
            valid_from=pd.to_datetime(memory["valid_from"])
        ),
    }
    rows = run_model(compiled("int_segment_effects__holdouts"), tables)
    return set(rows[["segment_name", "contact_id"]].itertuples(index=False, name=None))


def test_a_holdout_follows_from_the_id(demo: Demo, compiled: Callable[[str], str]) -> None:
    assert demo("from main_campaigns.segment_holdouts").empty
    contacts = demo("select contact_id from main_contacts.contact_traits where not is_erased")
    members = demo("select segment_name, contact_id from main_segments.segment_memberships")
    entries = pd.concat([members, contacts.assign(segment_name="all")]).assign(
        entered_on="2026-06-30"
    )
    found = held_out(compiled, entries, [("2026-06-30", 5, 12.5)])
    expected = {("all", c) for c in contacts["contact_id"] if bucket(c, "all", "holdout") < 500}
    expected |= {
        (s, c) for s, c in members.itertuples(index=False) if bucket(c, s, "holdout") < 1250
    }
    assert found == expected
    assert 0.02 < sum(s == "all" for s, _ in expected) / len(contacts) < 0.09
    assert 0.09 < sum(s != "all" for s, _ in expected) / len(members) < 0.16


@pytest.mark.parametrize("later", [0, 5, 35])
def test_a_changed_percentage_relabels_nobody(compiled: Callable[[str], str], later: float) -> None:
    entries = pd.DataFrame(
        [
            {"segment_name": segment, "contact_id": f"c{number}", "entered_on": entered_on}
            for number in range(400)
            for segment in ("all", "s", "t")
            for entered_on in [f"2026-0{1 + number % 3}-{1 + number % 28:02}"]
        ]
    )
    before = held_out(compiled, entries, [("2026-01-10", 10, 20)])
    after = held_out(compiled, entries, [("2026-01-10", 10, 20), ("2026-03-01", later, later)])
    entered = entries.set_index(["segment_name", "contact_id"])["entered_on"]
    early = {who for who in entered.index if entered[who] < "2026-03-01"}
    assert len(early & before) > 50
    assert after & early == before & early
    late = set(entered.index) - early
    expected = {(s, c) for s, c in late if bucket(c, s, "holdout") < later * 100}
    assert after - early == expected


# -- Response ------------------------------------------------------------------------------


LABELS = pd.DataFrame({"segment_name": ["lucky", "alone"], "label": ["Lucky", "Alone"]})


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
        {"int_segment_effects__sends": sends, "segment_definitions": LABELS},
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
        {"int_segment_effects__sends": sends, "segment_definitions": LABELS},
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
    assert "attribution_model is 'best_guess': write one of: last_touch" in failures(result)
    assert (
        "rfm_preset is 'nonsense': write one of seeds/reference/rfm_presets.csv: braze"
        in failures(result)
    )
    assert "segment_holdout_percent is '90': write a number from 0 to 50" in failures(result)


@pytest.mark.parametrize("table", ["segment_campaign_results", "segment_response"])
def test_segments_are_those_that_exist(demo: Demo, table: str) -> None:
    known = set(demo("select segment_name from main_segments.segment_definitions")["segment_name"])
    assert set(demo(f"select segment_name from main_campaigns.{table}")["segment_name"]) <= known
