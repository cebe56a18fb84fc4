"""RFM at month ends against a recount, and adding month ends against building all of them."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from project import failures, query, run_dbt
from test_rfm import Customer, Scores, expected_scores

PURCHASES = """
    select contact_id, ordered_on, cast(net_amount * 100 as bigint) as cents
    from main_contacts.orders
    where is_purchase and contact_id is not null
"""
SCORED = """
    select contact_id, month_end::text as month_end, recency_days, frequency,
        cast(monetary * 100 as bigint) as cents, recency_score, frequency_score, monetary_score
    from main_contacts.contact_rfm_history
"""
HISTORY = "from main_contacts.contact_rfm_history order by all"


def recounted(purchases: list[tuple[str, date, int]], day: date) -> dict[str, Customer]:
    """Every customer of a day, by the words of the contract and a window of 365 days."""
    by_contact: dict[str, list[tuple[int, int]]] = {}
    for contact_id, ordered_on, cents in purchases:
        if ordered_on <= day:
            by_contact.setdefault(contact_id, []).append(((day - ordered_on).days, cents))
    return {
        contact_id: Customer(
            min(days for days, _ in bought),
            sum(days <= 365 for days, _ in bought),
            sum(cents for days, cents in bought if days <= 365),
        )
        for contact_id, bought in by_contact.items()
    }


def month_ends(last: date, count: int) -> list[date]:
    """The last month ends up to a day that is one."""
    days = [last]
    while len(days) < count:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days


def test_every_month_end_is_what_a_recount_of_the_purchases_gives(demo_database: Path) -> None:
    purchases = [
        (contact_id, ordered_on.date(), int(cents))
        for contact_id, ordered_on, cents in query(demo_database, PURCHASES).itertuples(index=False)
    ]
    expected = set()
    for day in month_ends(date(2026, 6, 30), 13):
        customers = recounted(purchases, day)
        scores = expected_scores(list(customers.values()), 1, 5)
        expected |= {
            (contact_id, str(day), *customer, *score)
            for (contact_id, customer), score in zip(customers.items(), scores, strict=True)
        }
    found = {
        (row[0], row[1], *Customer(*map(int, row[2:5])), *Scores(*map(int, row[5:])))
        for row in query(demo_database, SCORED).itertuples(index=False)
    }

    assert len(expected) > 2000
    assert found == expected


@pytest.fixture
def changed(demo_database: Path, tmp_path: Path) -> Path:
    """A copy of the demo in which an order of March came in late and two contacts became one."""
    database = shutil.copy(demo_database, tmp_path / "crm.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.sql("""
            insert into main_contacts.orders by name
            select
                * replace (
                    'late' as order_id, cast('2026-03-15' as date) as ordered_on, 9999 as net_amount
                )
            from main_contacts.orders
            where is_purchase and contact_id is not null order by order_id limit 1
        """)
        connection.sql("""
            update main_contacts.orders set contact_id = lowest.contact_id
            from (
                select min(contact_id) as contact_id, max(contact_id) as absorbed_id
                from main_contacts.orders where ordered_on between '2026-01-01' and '2026-01-31'
            ) as lowest
            where orders.contact_id = lowest.absorbed_id and ordered_on >= '2026-01-01'
        """)
    return database


def test_only_month_ends_that_changed_are_scored_and_all_are_right(
    changed: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    full = shutil.copy(changed, tmp_path / "full" / "crm.duckdb")
    command = ["run", "-s", "int_rfm__month_ends+", "--exclude", "path:models/marts/segments+"]
    for database, flags in ((changed, []), (full, ["--full-refresh"])):
        result = run_dbt(*command, *flags, database=database, target=tmp_path / "target")
        assert result.success, failures(result)

    due = (
        "select month_end::text from main_intermediate.int_rfm__month_ends where is_due order by 1"
    )
    assert list(query(changed, due).iloc[:, 0]) == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]
    assert len(query(full, due)) == 13
    assert query(changed, HISTORY).equals(query(full, HISTORY))


def test_the_next_month_adds_one_and_drops_one(demo_database: Path, tmp_path: Path) -> None:
    database = shutil.copy(demo_database, tmp_path / "crm.duckdb")
    result = run_dbt(
        *("run", "-s", "int_rfm__month_ends+", "--exclude", "path:models/marts/segments+"),
        database=database,
        target=tmp_path / "target",
        variables={"as_of_date": "2026-08-01"},
    )
    assert result.success, failures(result)

    due = "select month_end::text from main_intermediate.int_rfm__month_ends where is_due"
    assert list(query(database, due).iloc[:, 0]) == ["2026-07-31"]
    kept = (
        "select distinct month_end::text as day from main_contacts.contact_rfm_history order by 1"
    )
    assert list(query(database, kept)["day"]) == [
        str(day) for day in reversed(month_ends(date(2026, 7, 31), 13))
    ]
