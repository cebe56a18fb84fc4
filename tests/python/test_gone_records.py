"""What was done through a record that a source has deleted stays its person's."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

import pandas as pd
import pytest
from identity import AS_OF_DATE, Identity, Record
from project import RELATION

# From the records to whom each fact belongs, in the order in which they are built.
LOOK_UPS = ["int_contacts__known_records", "int_behaviour__visitors", "int_orders__attributed"]
FACTS = {
    "orders": "order_id, contact_id, purchase_number",
    "int_lifecycle__milestones": "contact_id, event_name, first_occurred_at, last_occurred_at",
    "int_traits__relations": "contact_id, last_message_at, has_open_complaint",
    "contact_activity_daily": "contact_id, occurred_on, event_name, event_count",
}
FIRST_SEEN = "select contact_id, min(first_seen_at) from int_contacts__known_records group by all"


def record_id(source_contact_id: str) -> str:
    """The key of a record, as staging makes it."""
    return hashlib.md5(f"shop\x1f{source_contact_id}".encode()).hexdigest()


def people(chance: random.Random, count: int) -> list[list[Record]]:
    """Persons of one to four records that share an address."""
    return [
        [
            {
                "record_id": record_id(f"{person}-{number}"),
                "source_contact_id": f"{person}-{number}",
                "email": f"person{person}@example.com",
                "created_at": f"2025-01-{chance.randint(1, 28):02}",
            }
            for number in range(chance.randint(1, 4))
        ]
        for person in range(count)
    ]


def facts_of(keys: list[str], chance: random.Random) -> dict[str, pd.DataFrame]:
    """An order, an event and a tag of every record."""
    ids = [record_id(key) for key in keys]
    days = [f"2026-0{chance.randint(1, 5)}-{chance.randint(10, 28)}" for _ in keys]
    moments = pd.to_datetime(pd.Series(days))
    shop = {"source_system": "shop", "source_contact_id": keys, "record_id": ids}
    daily = {
        "source_system": "shop",
        "visitor_type": "contact",
        "visitor_id": keys,
        "occurred_on": moments.dt.date,
        "channel": "web",
        "is_known_event_name": True,
        "event_count": 1,
        "event_value_total": 1,
        "first_occurred_at": moments,
        "last_occurred_at": moments,
    }
    orders = dict.fromkeys(
        ["not_a_purchase_reason", "email_key", "phone_key", "discount_total", "refund_total"]
    )
    orders |= dict.fromkeys(["order_status", "currency", "promotion_code", "sales_channel"], "x")
    browsers = {"anonymous_id": [f"browser-{key.split('-')[0]}" for key in keys]}
    by_browser = {"visitor_type": "anonymous", "visitor_id": browsers["anonymous_id"]}
    return {
        "int_commerce__orders_in_reporting_currency": pd.DataFrame(
            {
                **{
                    name: pd.Series([value] * len(keys), dtype="string")
                    for name, value in orders.items()
                },
                **shop,
                "order_id": [f"order of {key}" for key in keys],
                "source_order_id": keys,
                "ordered_at": moments,
                "ordered_on": moments.dt.date,
                "order_total": 10,
                "lines_fingerprint": 0,
                "net_amount": 10,
            }
        ),
        "int_activity__daily": pd.concat(
            [
                pd.DataFrame({**daily, "event_name": "login"}),
                pd.DataFrame(
                    {**daily, **by_browser, "event_name": "page_viewed"}
                ).drop_duplicates(),
            ]
        ),
        "int_activity__identifications": pd.DataFrame(
            {**shop, **browsers, "occurred_on": moments.dt.date}
        ),
        "stg_people__contact_tags": pd.DataFrame(
            {**shop, "tag": "support_case", "removed_at": pd.Series([pd.NaT] * len(keys))}
        ),
        "int_contacts__undated_noes": pd.DataFrame(
            {"voice_id": pd.Series([], dtype="string"), "channel": "", "known_on": pd.NaT}
        ),
        "base_people__channels": pd.DataFrame({"channel": ["email", "sms"]}),
        "int_consents__message_histories": pd.DataFrame(
            {"contact_id": pd.Series([], dtype="string"), "last_sent_at": pd.to_datetime([])}
        ),
        "int_contacts__identifier_owners": pd.DataFrame(
            {
                name: pd.Series([], dtype="string")
                for name in ("identifier_type", "identifier_key", "contact_id")
            }
        ).assign(owned_since=pd.to_datetime([])),
    }


@pytest.mark.parametrize("seed", range(3))
def test_deleting_absorbed_records_moves_nothing_of_the_survivors(
    compiled: Callable[[str], str], seed: int
) -> None:
    chance = random.Random(seed)
    persons = people(chance, 20)
    records = {record["record_id"]: record for person in persons for record in person}
    identity = Identity(compiled, last_model="contact_merges")
    for name, rows in facts_of(
        [str(r["source_contact_id"]) for r in records.values()], chance
    ).items():
        identity.connection.register("fact_rows", rows)
        identity.connection.sql(f'create or replace table "{name}" as from fact_rows')

    def whose(day: int) -> dict[str, list[tuple[object, ...]]]:
        as_of = f"2026-06-{day:02}"
        identity.build(records.values(), as_of=as_of)
        for name in [*LOOK_UPS, *FACTS]:
            sql = AS_OF_DATE.sub(f"cast('{as_of}' as date)", RELATION.sub(r'"\1"', compiled(name)))
            identity.connection.sql(f'create or replace table "{name}" as {sql}')
        found = {n: identity.rows(f"select {c} from {n} order by all") for n, c in FACTS.items()}
        return found | {"first seen": sorted(identity.rows(FIRST_SEEN))}

    before = whose(1)
    assert len(before["orders"]) == len(records)
    for day in range(2, 5):
        contacts = dict(identity.rows("select record_id, contact_id from contact_records"))
        absorbed = [key for key, contact in contacts.items() if key != contact]
        for key in chance.sample(absorbed, min(len(absorbed), chance.randint(1, 15))):
            del records[key]

        assert whose(day) == before
    assert len(records) < sum(len(person) for person in persons)
