"""Lifecycle stages and their history against a simulation that walks through the days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from project import RELATION, run_model

AS_OF = date(2026, 6, 30)
# Gaps on both sides of every limit of the contract.
GAPS = [0, 1, 29, 30, 31, 32, 89, 90, 91, 92, 364, 365, 366, 367]
LEAP_DAY_AGE = (AS_OF - date(2024, 2, 29)).days
LONGEST_AGE = 1200


class Contact(NamedTuple):
    """When a contact was first seen and bought, as days before the as-of date."""

    first_seen_age: int
    purchase_ages: tuple[int, ...]


class Interval(NamedTuple):
    """One row of the history; the days as text, None where it is still open or the first."""

    valid_from: str
    valid_to: str | None
    lifecycle_stage: str
    previous_stage: str | None


def stage_on(day: date, purchase_days: Sequence[date]) -> str:
    """The stage by the words of the contract, from the purchases in the order of time."""
    past = purchase_days[: bisect_right(purchase_days, day)]
    if not past:
        return "prospect"
    days_since_last = (day - past[-1]).days
    if days_since_last > 365:
        return "churned"
    if days_since_last > 90:
        return "lapsed"
    if len(past) > 1 and (past[-1] - past[-2]).days > 90:
        return "reactivated"
    if sum((day - purchased_on).days <= 365 for purchased_on in past) >= 4:
        return "loyal"
    if len(past) == 1 and days_since_last <= 30:
        return "new"
    return "active"


def simulated_history(first_seen_on: date, purchase_days: Sequence[date]) -> list[Interval]:
    """The history that somebody writes down who looks at the contact every day."""
    starts: list[tuple[date, str]] = []
    for age in range((AS_OF - first_seen_on).days, -1, -1):
        day = AS_OF - timedelta(days=age)
        stage = stage_on(day, purchase_days)
        if not starts or starts[-1][1] != stage:
            starts.append((day, stage))
    ends = [str(day) for day, _ in starts[1:]] + [None]
    previous_stages = [None] + [stage for _, stage in starts[:-1]]
    return [
        Interval(str(day), end, stage, previous)
        for (day, stage), end, previous in zip(starts, ends, previous_stages, strict=True)
    ]


def expected_history(contact: Contact) -> list[Interval]:
    """The simulated history of a made-up contact."""
    purchase_days = [AS_OF - timedelta(days=age) for age in sorted(contact.purchase_ages)[::-1]]
    return simulated_history(AS_OF - timedelta(days=contact.first_seen_age), purchase_days)


def ages_from_gaps(gaps: Sequence[int]) -> tuple[int, ...]:
    """Ages of purchases: of the last one, then the days back to each before it."""
    ages = [sum(gaps[: count + 1]) for count in range(len(gaps))]
    return tuple(age for age in ages if age <= LONGEST_AGE)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """A contact whose purchases and first day lie around the limits, or anywhere."""
    gap = st.sampled_from(GAPS) | st.integers(0, 60) | st.integers(0, 500)
    ages = draw(st.lists(gap, max_size=12).map(ages_from_gaps))
    if draw(st.booleans()):
        # A year before another purchase, on both sides of what still counts for loyalty.
        ages += tuple(age + draw(st.integers(364, 367)) for age in ages[:1])
    if draw(st.integers(0, 3)) == 0:
        ages += (LEAP_DAY_AGE,) * draw(st.integers(1, 2))
    near_a_purchase = st.builds(
        lambda age, gap, sign: min(max(age + sign * gap, 0), LONGEST_AGE),
        st.sampled_from(ages or (0,)),
        st.sampled_from(GAPS),
        st.sampled_from([-1, 1]),
    )
    return Contact(draw(near_a_purchase | st.integers(0, LONGEST_AGE)), ages)


def contact_rows(made_up: Sequence[Contact]) -> pd.DataFrame:
    """The contacts, first seen in the last second of their first day."""
    first_days = [AS_OF - timedelta(days=contact.first_seen_age) for contact in made_up]
    return pd.DataFrame(
        {
            "contact_id": [f"contact {place}" for place in range(len(made_up))],
            "first_seen_at": [f"{day} 23:59:59" for day in first_days],
        }
    )


def order_rows(made_up: Sequence[Contact]) -> pd.DataFrame:
    """Their purchases in the order of time, among orders that are none or are nobody's."""
    rows: list[tuple[str | None, str, bool, int | None, int | None]] = [
        (None, str(AS_OF), True, None, None)
    ]
    for place, contact in enumerate(made_up):
        rows.append((f"contact {place}", str(AS_OF), False, None, None))
        previous_age = None
        for number, age in enumerate(sorted(contact.purchase_ages, reverse=True), start=1):
            days_before = None if previous_age is None else previous_age - age
            ordered_on = str(AS_OF - timedelta(days=age))
            rows.append((f"contact {place}", ordered_on, True, number, days_before))
            previous_age = age
    columns = ["contact_id", "ordered_on", "is_purchase", "purchase_number", "days_before"]
    return pd.DataFrame(rows, columns=columns)


def chained(compiled: Callable[[str], str]) -> str:
    """One query that works out the history from the tables made_up_contacts and made_up_orders."""
    steps = {
        "contacts": """
            select contact_id, cast(first_seen_at as timestamp) as first_seen_at
            from made_up_contacts
        """,
        "orders": """
            select
                contact_id,
                cast(ordered_on as date) as ordered_on,
                is_purchase,
                cast(purchase_number as integer) as purchase_number,
                cast(days_before as integer) as days_since_previous_purchase
            from made_up_orders
        """,
    }
    for model in [
        "int_lifecycle__purchase_spells",
        "int_lifecycle__stage_starts",
        "contact_lifecycle_history",
    ]:
        steps[model] = RELATION.sub(r'"\1"', compiled(model))
    ctes = ", ".join(f'"{name}" as ({sql})' for name, sql in steps.items())
    return f'with {ctes} select * from "contact_lifecycle_history"'


def text_or_none(value: object) -> str | None:
    """A day or a stage as text; None for every way of writing that there is none."""
    return None if pd.isna(value) else str(value)


def histories(rows: pd.DataFrame) -> dict[str, list[Interval]]:
    """The intervals of each contact in the order of time."""
    found: dict[str, list[Interval]] = {}
    for row in rows.sort_values(["contact_id", "valid_from"]).itertuples():
        interval = Interval(
            str(row.valid_from.date()),
            None if pd.isna(row.valid_to) else str(row.valid_to.date()),
            str(row.lifecycle_stage),
            text_or_none(row.previous_stage),
        )
        found.setdefault(str(row.contact_id), []).append(interval)
    return found


def assert_no_gap_or_overlap(intervals: Sequence[Interval], first_seen_on: str) -> None:
    """One interval follows the other from the first day on, and only the last one is open."""
    assert intervals[0].valid_from == first_seen_on
    assert intervals[-1].valid_to is None
    assert all(before.valid_to == after.valid_from for before, after in pairwise(intervals))
    assert all(
        before.lifecycle_stage == after.previous_stage != after.lifecycle_stage
        for before, after in pairwise(intervals)
    )
    days = [interval.valid_from for interval in intervals]
    assert days == sorted(set(days))
    assert days[-1] <= str(AS_OF)


def test_the_history_is_what_somebody_would_write_down_who_looks_every_day(
    compiled: Callable[[str], str],
) -> None:
    sql = chained(compiled)

    @given(made_up=st.lists(contacts(), min_size=1, max_size=8))
    @example(made_up=[Contact(0, ())])
    @example(made_up=[Contact(500, (0, 0, 0, 0))])
    @example(made_up=[Contact(400, (LEAP_DAY_AGE, LEAP_DAY_AGE - 365, LEAP_DAY_AGE - 366))])
    @example(made_up=[Contact(1000, (0, 91, 91, 182))])
    # Loyal for the day of the last purchase alone; loyalty that ends when the year is over.
    @example(made_up=[Contact(600, (100, 150, 200, 465)), Contact(600, (400, 400, 400, 401))])
    @settings(derandomize=True, deadline=None, max_examples=60)
    def check(made_up: list[Contact]) -> None:
        first_days = contact_rows(made_up)
        rows = run_model(
            sql, {"made_up_contacts": first_days, "made_up_orders": order_rows(made_up)}
        )
        found = histories(rows)
        assert found == {
            f"contact {place}": expected_history(contact) for place, contact in enumerate(made_up)
        }
        for contact_id, first_seen_at in first_days.itertuples(index=False):
            assert_no_gap_or_overlap(found[contact_id], first_seen_at[:10])

    check()


# -- The demo --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo_histories(demo: Callable[[str], pd.DataFrame]) -> dict[str, list[Interval]]:
    """The history of every contact of the demo."""
    return histories(demo("from main_contacts.contact_lifecycle_history"))


@pytest.fixture(scope="module")
def first_seen(demo: Callable[[str], pd.DataFrame]) -> dict[str, pd.Timestamp]:
    """When the first record of every contact of the demo was first seen."""
    records = demo("from main_contacts.contact_records")
    return records.groupby("contact_id")["first_seen_at"].min().to_dict()


@pytest.fixture(scope="module")
def simulated_histories(
    demo: Callable[[str], pd.DataFrame], first_seen: dict[str, pd.Timestamp]
) -> dict[str, list[Interval]]:
    """The same, simulated from the first records and the times of the purchases."""
    purchases = demo("""
        select contact_id, ordered_at from main_contacts.orders
        where is_purchase and contact_id is not null
        order by ordered_at
    """)
    days: dict[str, list[date]] = {}
    for contact_id, ordered_at in purchases.itertuples(index=False):
        days.setdefault(contact_id, []).append(ordered_at.date())
    return {
        contact_id: simulated_history(first_seen_at.date(), days.get(contact_id, []))
        for contact_id, first_seen_at in first_seen.items()
    }


def stages_met(all_intervals: Iterable[Sequence[Interval]]) -> set[str]:
    """Every stage that occurs in the histories."""
    return {interval.lifecycle_stage for intervals in all_intervals for interval in intervals}


def test_the_history_of_the_demo_is_the_simulated_one(
    demo_histories: dict[str, list[Interval]], simulated_histories: dict[str, list[Interval]]
) -> None:
    assert demo_histories == simulated_histories
    assert stages_met(demo_histories.values()) == {
        "prospect",
        "new",
        "active",
        "loyal",
        "reactivated",
        "lapsed",
        "churned",
    }


def test_the_history_of_the_demo_has_no_gap_or_overlap(
    demo_histories: dict[str, list[Interval]], first_seen: dict[str, pd.Timestamp]
) -> None:
    assert set(demo_histories) == set(first_seen)
    for contact_id, first_seen_at in first_seen.items():
        assert_no_gap_or_overlap(demo_histories[contact_id], str(first_seen_at.date()))


def test_the_stage_of_every_contact_of_the_demo_is_the_simulated_one(
    demo: Callable[[str], pd.DataFrame], simulated_histories: dict[str, list[Interval]]
) -> None:
    stages = demo("from main_contacts.contact_lifecycle_stages")
    found = {
        row.contact_id: (
            row.lifecycle_stage,
            str(row.stage_entered_on.date()),
            row.days_in_stage,
            text_or_none(row.previous_stage),
        )
        for row in stages.itertuples()
    }
    assert len(found) == len(stages)
    assert found == {
        contact_id: (
            intervals[-1].lifecycle_stage,
            intervals[-1].valid_from,
            (AS_OF - date.fromisoformat(intervals[-1].valid_from)).days,
            intervals[-1].previous_stage,
        )
        for contact_id, intervals in simulated_histories.items()
    }
