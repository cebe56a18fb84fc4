"""Lands the demo in the shapes of exports and of dlt, and says what has to come back.

As landed_round_trip does for the loaders of its systems: what goes in is what staging made of the
demo, and staged again it has to be the same, but for what docs/connectors.md lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import duckdb
import landed_braze as braze
import landed_clevertap as clevertap
import landed_dlt as dlt
import landed_dmp as dmp
import landed_eloqua as eloqua
import landed_ga4 as ga4
import landed_hubspot as hubspot
import landed_klaviyo as klaviyo
import landed_mailchimp as mailchimp
import landed_responsys as responsys
import landed_round_trip as trip
import landed_salesforce as salesforce
import landed_shopify as shopify
import landed_stripe as stripe
import landed_woocommerce as woocommerce
import pandas as pd
from landed_round_trip import HELD, OF_HELD, PLANTED, SALES, STAGING, last_decisions, told, words
from landed_tables import Rows, number

INSTANCES: list[dict[str, Any]] = [
    {"system": "clevertap", "loader": "export", "schema": "trip_clevertap"}
    | {"time_zone": clevertap.ZONE}
    | {"feeds": ["contacts", "contact_identifiers", "events", "consents", "orders", "order_items"]},
    {"system": "eloqua", "loader": "stitch", "schema": "trip_eloqua_st"},
    {"system": "eloqua", "loader": "export", "schema": "trip_eloqua_ex", "time_zone": eloqua.ZONE},
    {"system": "responsys", "loader": "export", "schema": "trip_responsys"}
    | {"time_zone": responsys.ZONE},
    {"system": "dmp", "loader": "export", "schema": "trip_dmp_house"},
    {"system": "dmp", "loader": "export", "schema": "trip_dmp_partner", "party": "second"}
    | {"contacts_of": "shop"},
    {"system": "braze", "loader": "currents", "schema": "trip_braze_files"},
    {"system": "ga4", "loader": "ga4", "schema": "trip_ga4_bq", "feeds": ["events", "orders"]},
    {"system": "ga4", "loader": "ga4", "schema": "trip_ga4_days", "feeds": ["events", "orders"]},
    {"system": "shopify", "loader": "dlt", "schema": "trip_shopify_dlt"},
    {"system": "woocommerce", "loader": "dlt", "schema": "trip_woo_dlt"},
    {"system": "hubspot", "loader": "dlt", "schema": "trip_hubspot_dlt"},
    {"system": "klaviyo", "loader": "dlt", "schema": "trip_klaviyo_dlt"},
    {"system": "mailchimp", "loader": "dlt", "schema": "trip_mailchimp_dlt"},
    {"system": "salesforce", "loader": "dlt", "schema": "trip_salesforce_dlt"}
    | {"feeds": ["contacts", "contact_identifiers", "consents", "orders", "order_items"]},
    {"system": "stripe", "loader": "dlt", "schema": "trip_stripe_dlt"}
    | {"feeds": ["contacts", "events", "orders"]},
]
for entry in INSTANCES:
    entry["source_system"] = entry["schema"]
STAGED = (*("people__contacts", "people__consents", "people__contact_attributes"),)
STAGED += ("commerce__orders", "commerce__order_items", "activity__events")


def is_order(key: str) -> bool:
    """Whether a key of the demo's shop is that of an order."""
    return key.startswith(("SO", "SX"))


KEY: dict[str, Callable[[str], str]] = {
    **trip.KEY,
    "shopify": lambda key: str(number(key)),
    "woocommerce": lambda key: str(number(key)),
    "eloqua": lambda key: str(number(key)),
    "responsys": lambda key: str(number(key)),
    "mailchimp": mailchimp.key,
    "salesforce": lambda key: salesforce.key("006" if is_order(key) else "003", key),
    "stripe": lambda key: f"ch_{key}" if is_order(key) else f"cus_{key}",
}
# The days that the export by day has: a table for each.
LATE = "occurred_at >= timestamp '2026-06-10'"


def land(connection: duckdb.DuckDBPyConnection, company: str) -> None:
    """Write every schema of INSTANCES.

    Args:
        connection: DuckDB with the demo attached as crm and in use, in UTC.
        company: Name of the attached database that the schemas are made in.
    """

    def rows(sql: str) -> pd.DataFrame:
        return connection.sql(sql).df()

    for instance in INSTANCES:
        connection.sql(f"create schema {company}.{instance['schema']}")
    of_shop = f"source_system = 'shop' and {OF_HELD}"
    held = rows(f"from {HELD} order by source_contact_id")
    decisions = rows(
        f"from {STAGING}.stg_people__consents where {of_shop} order by source_contact_id, channel,"
        " occurred_at, consent_status"
    )
    events = rows(trip.events_of(of_shop))
    left = trip.with_departures(decisions, events)
    campaigns = rows(f"from {STAGING}.stg_activity__campaigns order by campaign_id")
    sales = rows(f"from {SALES} order by source_order_id")
    items = rows(
        f"from {STAGING}.stg_commerce__order_items where source_system = 'shop'"
        " order by source_order_id, line_number"
    )
    lines: dict[str, Rows] = {
        str(order): group.to_dict("records") for order, group in items.groupby("source_order_id")
    }

    visits = rows(trip.events_of("source_system = 'shop' and channel = 'web'"))
    acts = pd.concat([visits, events[events["channel"] != "web"]])
    last = acts.groupby("source_contact_id")["occurred_at"].max()
    bought = sales.groupby("source_contact_id")["ordered_at"].max()
    project = {
        "profiles": clevertap.profiles(
            held, left, pd.concat([last, bought]).groupby(level=0).max()
        ),
        "events": clevertap.events(acts, sales, lines),
    }
    clevertap.land(connection, f"{company}.trip_clevertap", project)

    addressed = set(held[held["email"].notna()]["source_contact_id"])
    of_address = [rows["source_contact_id"].isin(addressed) for rows in (left, decisions)]
    account = {
        "contacts": eloqua.contacts(held, left[of_address[0]]),
        "activities": eloqua.activities(held, events, decisions[of_address[1]]),
        "campaigns": eloqua.campaigns(campaigns),
    }
    eloqua.land_with_stitch(connection, f"{company}.trip_eloqua_st", account)
    eloqua.land_as_exported(connection, f"{company}.trip_eloqua_ex", account)

    messages = events[events["channel"].isin(["email", "sms"])]
    named = {str(number(row.campaign_id)): row.campaign_name for row in campaigns.itertuples()}
    files = {"profile_list": responsys.recipients(held, left)}
    files |= responsys.events(messages, decisions, named)
    responsys.land(connection, f"{company}.trip_responsys", files)

    attributes = rows(f"from {STAGING}.stg_people__contact_attributes order by all")
    house = attributes[attributes["provider"] == "acme_data"]
    partner = attributes[attributes["source_system"] == "shop"]
    dmp.land(connection, f"{company}.trip_dmp_house", {"attributes": dmp.wide(house)})
    dmp.land(connection, f"{company}.trip_dmp_partner", {"traits": dmp.lines(partner)})

    both = "source_system in ('shop', 'app')"
    people = rows(f"from {STAGING}.stg_people__contacts where {both} order by record_id")
    decided = rows(f"from {STAGING}.stg_people__consents where {both} order by all")
    workspace = {
        "users": braze.users(people, decided),
        "events": braze.events(rows(trip.events_of(f"{both} and source_contact_id is not null"))),
        "changes": braze.changes(decided),
    }
    forgotten = people[people["is_erased"]]
    braze.land_as_files(connection, f"{company}.trip_braze_files", workspace, forgotten)

    happened = ga4.events(visits) + ga4.purchases(sales)
    ga4.land_as_exported(connection, f"{company}.trip_ga4_bq", happened, by_day=False)
    late = rows(trip.events_of(f"source_system = 'shop' and channel = 'web' and {LATE}"))
    of_late = rows(f"from {SALES} where {LATE.replace('occurred', 'ordered')}")
    days = ga4.events(late) + ga4.purchases(of_late)
    ga4.land_as_exported(connection, f"{company}.trip_ga4_days", days, by_day=True)

    customers = shopify.customers(
        rows(f"from {STAGING}.stg_people__contacts where source_system = 'shop'"),
        rows(f"from {STAGING}.stg_people__consents where source_system = 'shop'"),
    )
    orders = rows(f"from {STAGING}.stg_commerce__orders where source_system = 'shop' and {NORMAL}")
    guests = rows(
        "select source_order_id, max(email) as email from crm.main_raw.raw_orders where"
        " source_system = 'shop' and email != '' group by source_order_id"
    )
    sold = shopify.orders(orders, items, dict(guests.itertuples(index=False)))
    shop = {
        "customers": customers,
        "orders": [
            {**sale, "customer": {"id": sale["customer_id"]}, "customer_id": None} for sale in sold
        ],
    }
    dlt.land(connection, f"{company}.trip_shopify_dlt", shop)
    other_shop = {
        "customers": woocommerce.customers(customers),
        "orders": woocommerce.orders(sold, orders),
    }
    dlt.land(connection, f"{company}.trip_woo_dlt", other_shop)

    has_address = held[held["source_contact_id"].isin(addressed)]
    mails = events[(events["channel"] == "email") & events["event_name"].isin(hubspot.TYPES)]
    portal = [
        {"id": str(row["id"]), **row["properties"], "is_deleted": False}
        for row in hubspot.contacts(held, decisions, mails)
    ]
    archived = {**portal[0], "id": "9", "email": "gone@example.com", "is_deleted": True}
    dlt.land(connection, f"{company}.trip_hubspot_dlt", {"contacts": [*portal, archived]})

    mailing = {
        "profiles": klaviyo.profiles(held, left),
        "events": klaviyo.events(events, decisions),
        "campaigns": klaviyo.campaigns(campaigns),
    }
    dlt.land(connection, f"{company}.trip_klaviyo_dlt", klaviyo.as_api(mailing))

    in_list = events["source_contact_id"].isin(has_address["source_contact_id"])
    answered = events[in_list & (events["channel"] == "email")]
    audience = {
        "members": mailchimp.members(has_address, left),
        "email_activity": mailchimp.answers(answered),
        "unsubscribed": mailchimp.departures(answered),
        "campaigns": mailchimp.campaigns(campaigns),
    }
    dlt.land(connection, f"{company}.trip_mailchimp_dlt", audience)

    objects = salesforce.contacts(held, decisions) | salesforce.deals(sales, lines)
    dlt.land(connection, f"{company}.trip_salesforce_dlt", objects)
    payments = {"customer": stripe.customers(held)} | stripe.charges(sales)
    dlt.land(connection, f"{company}.trip_stripe_dlt", payments)


NORMAL = f"not ({PLANTED})"
KEYED = "select * replace (key(source_contact_id) as source_contact_id)"
PERSON = "source_contact_id, email, phone_e164"
NAMES = "first_name, last_name"
PLACE = "address_line, postal_code, city, region, country_code"
MOMENTS = "created_at, updated_at"
MESSAGE = "source_contact_id, campaign_id, event_name, channel, occurred_at"
DECISION = "source_contact_id, channel, consent_status, occurred_at"
ORDER = "source_order_id, source_contact_id, ordered_at, currency, order_total"
LINE = "source_order_id, source_product_id, quantity, unit_price"
OF_SHOP = f"from {STAGING}.stg_activity__events where source_system = 'shop'"
IN_LIST = f"{OF_HELD} and {trip.HAS_ADDRESS}"
SOLD = (
    f"select items.* from {STAGING}.stg_commerce__order_items as items semi join {SALES} as sales"
)
SOLD += " using (source_system, source_order_id)"
LEFT = "'message_unsubscribed'"


def decided(names: str, channels: str, key: str = "key(source_contact_id)") -> str:
    """SQL of the last decisions of those whom a system holds about some channels."""
    rows = f"from ({told(names, words(['shop']), words(channels.split()))}) where {OF_HELD}"
    return last_decisions(f"{rows} and occurred_at is not null", key)


def messages(names: Iterable[str], channels: str) -> str:
    """SQL of messages of the shop that a system has words for."""
    keyed = f"{KEYED[:-1]}, key(campaign_id) as campaign_id)"
    of_channels = f"channel in ({words(channels.split())}) and event_name in ({words(names)})"
    return f"{keyed} {OF_SHOP} and {OF_HELD} and {of_channels}"


SENT_BY_CLEVERTAP = (
    f"(channel = 'email' and event_name in ({words(clevertap.OF_EMAIL)})"
    f" or channel = 'sms' and event_name in ({words(clevertap.OTHERS)}))"
)
# Everybody begins with what nobody has refused, so that a no alone comes back.
REFUSED = (
    f"select source_contact_id, channel, consent_status from"
    f" ({decided(LEFT, 'email sms', 'source_contact_id')}) where consent_status = 'withdrawn' union"
    f" select source_contact_id, channel, 'withdrawn' {OF_SHOP} and {OF_HELD} and event_name ="
    f" 'message_unsubscribed'"
)
# What has to come back: of each system and part the staged table, the columns, and SQL of the rows
# with key(...).
EXPECTED: dict[tuple[str, str], tuple[str, str, str]] = {
    ("clevertap", "people"): (
        "people__contacts",
        f"{PERSON}, birth_date, gender, city, country_code, time_zone",
        f"from {HELD}",
    ),
    ("clevertap", "noes"): (
        "people__consents",
        "distinct source_contact_id, channel, consent_status",
        REFUSED,
    ),
    ("clevertap", "messages"): (
        "activity__events",
        MESSAGE,
        f"{OF_SHOP} and {OF_HELD} and {SENT_BY_CLEVERTAP}",
    ),
    ("clevertap", "acts"): (
        "activity__events",
        "source_contact_id, event_name, occurred_at, source_product_id",
        f"{OF_SHOP} and channel = 'web'",
    ),
    ("clevertap", "orders"): ("commerce__orders", ORDER, f"from {SALES}"),
    ("clevertap", "lines"): ("commerce__order_items", LINE, SOLD),
    ("eloqua", "people"): (
        "people__contacts",
        f"{PERSON}, {NAMES}, {PLACE}, company, job_title, {MOMENTS}",
        f"{KEYED} from {HELD}",
    ),
    # Who decides is named by an address alone.
    ("eloqua", "decisions"): (
        "people__consents",
        "*",
        f"from ({decided(LEFT, 'email')}) where source_contact_id in (select"
        f" key(source_contact_id) from {HELD} where email is not null)",
    ),
    ("eloqua", "events"): (
        "activity__events",
        MESSAGE,
        f"{messages([n for n in eloqua.KINDS if n.startswith('message')], 'email')} union all by"
        " name select key(source_contact_id) as source_contact_id, channel, occurred_at,"
        f" 'message_unsubscribed' as event_name from {STAGING}.stg_people__consents where"
        f" source_system = 'shop' and {trip.HAS_ADDRESS} and channel = 'email' and consent_status"
        f" = 'withdrawn' union all by name {KEYED[:-1]}, null as campaign_id) {OF_SHOP} and"
        f" {OF_HELD} and event_name = 'page_viewed'",
    ),
    ("responsys", "people"): (
        "people__contacts",
        f"{PERSON}, {NAMES}, {PLACE}, {MOMENTS}",
        f"{KEYED} from {HELD}",
    ),
    ("responsys", "decisions"): ("people__consents", "*", decided(LEFT, "email sms")),
    ("responsys", "events"): (
        "activity__events",
        MESSAGE,
        f"{messages(responsys.KINDS, 'email sms')} union all by name select key(source_contact_id)"
        " as source_contact_id, channel, occurred_at, 'message_unsubscribed' as event_name from"
        f" {STAGING}.stg_people__consents where source_system = 'shop' and {OF_HELD} and channel in"
        " ('email', 'sms') and consent_status = 'withdrawn' and occurred_at is not null",
    ),
    ("trip_dmp_house", "attributes"): (
        "people__contact_attributes",
        "email, email_sha256, attribute_name, attribute_value, observed_at, party",
        f"from {STAGING}.stg_people__contact_attributes where provider = 'acme_data'",
    ),
    ("trip_dmp_partner", "attributes"): (
        "people__contact_attributes",
        "distinct source_contact_id, attribute_name, attribute_value, observed_at, party",
        f"from {STAGING}.stg_people__contact_attributes where source_system = 'shop'",
    ),
    ("braze", "addresses"): (
        "people__contacts",
        "source_contact_id, email",
        f"{KEYED} from {STAGING}.stg_people__contacts semi join (from"
        f" {STAGING}.stg_activity__events where channel = 'email' and event_name in"
        f" ({words(braze.ACTIONS['email'])})) using (source_system, source_contact_id) where"
        " not is_erased and email is not null",
    ),
    **{
        ("braze", part): trip.EXPECTED["braze", part]
        for part in ("erased people", "decisions", "messages", "acts")
    },
    ("trip_ga4_bq", "events"): trip.EXPECTED["ga4", "events"],
    ("trip_ga4_bq", "orders"): trip.EXPECTED["ga4", "orders"],
    ("trip_ga4_days", "events"): (
        *trip.EXPECTED["ga4", "events"][:2],
        f"{trip.EXPECTED['ga4', 'events'][2]} and {LATE}",
    ),
    ("shopify", "people"): (
        "people__contacts",
        f"{PERSON}, {NAMES}, {PLACE}, company, {MOMENTS}",
        f"{KEYED} from {STAGING}.stg_people__contacts where source_system = 'shop' and not"
        " is_erased",
    ),
    ("shopify", "erased people"): (
        "people__contacts",
        "source_contact_id",
        f"{KEYED} from {STAGING}.stg_people__contacts where source_system = 'shop' and is_erased",
    ),
    ("shopify", "orders"): (
        "commerce__orders",
        f"{ORDER}, email_key, has_purchase_status, discount_total, refund_total, promotion_code,"
        " sales_channel, updated_at",
        f"{KEYED[:-1]}, key(source_order_id) as source_order_id) from"
        f" {STAGING}.stg_commerce__orders where source_system = 'shop' and {NORMAL}",
    ),
    ("shopify", "lines"): (
        "commerce__order_items",
        LINE,
        "select * replace (key(source_order_id) as source_order_id, key(source_product_id) as"
        f" source_product_id) from {STAGING}.stg_commerce__order_items where source_system = 'shop'"
        f" and source_order_id in (select source_order_id from {STAGING}.stg_commerce__orders where"
        f" {NORMAL})",
    ),
    ("shopify", "decisions"): (
        "people__consents",
        "*",
        last_decisions(
            f"from {STAGING}.stg_people__consents where source_system = 'shop' and channel in"
            " ('email', 'sms') and source_contact_id in (select source_contact_id from"
            f" {STAGING}.stg_people__contacts where not is_erased)",
            "key(source_contact_id)",
        ),
    ),
    ("hubspot", "people"): trip.EXPECTED["hubspot", "people"],
    # The flag alone lands, which is a no without a date.
    ("hubspot", "noes"): (
        "people__consents",
        "source_contact_id, channel, consent_status",
        f"select * from ({decided(LEFT, 'email')}) where consent_status = 'withdrawn'",
    ),
    ("klaviyo", "people"): trip.EXPECTED["klaviyo", "people"],
    ("klaviyo", "decisions"): trip.EXPECTED["klaviyo", "decisions"],
    ("klaviyo", "events"): trip.EXPECTED["klaviyo", "events"],
    ("mailchimp", "people"): (
        "people__contacts",
        f"{PERSON}, {NAMES}, {PLACE}, language_code, time_zone, {MOMENTS}",
        f"{KEYED} from {HELD} where email is not null",
    ),
    # Any edit moves the day of a no that no campaign led to.
    ("mailchimp", "decisions"): (
        "people__consents",
        "source_contact_id, channel, consent_status",
        f"from ({decided(LEFT, 'email')}) where source_contact_id in (select"
        f" key(source_contact_id) from {HELD} where email is not null)",
    ),
    ("mailchimp", "events"): (
        "activity__events",
        f"{MESSAGE.replace('campaign_id', 'raw_campaign_id')}",
        f"{KEYED} {OF_SHOP} and {IN_LIST} and channel = 'email' and event_name in"
        f" ({words([*mailchimp.ACTIONS, 'message_unsubscribed'])})",
    ),
    ("salesforce", "people"): (
        "people__contacts",
        f"{PERSON}, {NAMES}, {PLACE}, company, job_title, birth_date, gender, {MOMENTS}",
        f"{KEYED} from {HELD}",
    ),
    ("salesforce", "decisions"): (
        "people__consents",
        "*",
        last_decisions(
            f"from {STAGING}.stg_people__consents where source_system = 'shop' and {OF_HELD} and"
            " channel = 'email'",
            "key(source_contact_id)",
        ),
    ),
    # A deal is closed on a day, and pays nothing back.
    ("salesforce", "orders"): (
        "commerce__orders",
        ORDER,
        f"{KEYED[:-1]}, key(source_order_id) as source_order_id, date_trunc('day', ordered_at) as"
        f" ordered_at) from {SALES}",
    ),
    ("salesforce", "lines"): (
        "commerce__order_items",
        LINE,
        f"select * replace (key(source_order_id) as source_order_id) from ({SOLD})",
    ),
    ("stripe", "people"): (
        "people__contacts",
        f"{PERSON}, {PLACE}, created_at",
        f"{KEYED} from {HELD}",
    ),
    ("stripe", "orders"): (
        "commerce__orders",
        f"{ORDER}, refund_total, has_purchase_status",
        f"{KEYED[:-1]}, key(source_order_id) as source_order_id) from {SALES}",
    ),
}
EXPECTED |= {
    ("woocommerce", part): EXPECTED["shopify", part] for part in ("people", "orders", "lines")
}
# Which of the rows that came back belong to the part, where not all of a table do.
FOUND = {
    **trip.FOUND,
    ("clevertap", "people"): "source_contact_id in (from held)",
    ("clevertap", "acts"): "channel = 'web' and event_name != 'purchase'",
    ("braze", "addresses"): "email is not null",
    ("ga4", "events"): "event_name not in ('purchase', 'refund')",
    ("stripe", "orders"): "has_purchase_status",
}


def land_purchases(connection: duckdb.DuckDBPyConnection, company: str) -> int:
    """Write the demo's raw tables without the purchases that trip_site has of its contacts.

    Returns:
        How many purchases that are.
    """
    for schema in ("raw", "trip_site"):
        connection.sql(f"create schema {company}.{schema}")
    for (table,) in connection.sql(
        "select table_name from duckdb_tables()"
        " where database_name = 'crm' and schema_name = 'main_raw'"
    ).fetchall():
        connection.sql(f"create table {company}.raw.{table} as from crm.main_raw.{table}")
    # A property does not know the address of a guest.
    known = f"from {SALES} where source_contact_id is not null"
    sales = connection.sql(f"{known} order by source_order_id").df()
    connection.sql(
        f"delete from {company}.raw.raw_orders where source_order_id in (select source_order_id"
        f" {known})"
    )
    purchases = ga4.purchases(sales)
    ga4.land_as_exported(connection, f"{company}.trip_site", purchases, by_day=False)
    return len(sales)


def trips() -> list[tuple[dict[str, Any], str]]:
    """Every instance with each part that has to come back from it."""
    return [
        (entry, part)
        for entry in INSTANCES
        for name, part in EXPECTED
        if name in (entry["system"], entry["schema"])
    ]
