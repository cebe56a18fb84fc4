"""Lands the demo in the shapes of systems that are no shops, and says what has to come back.

What goes in is what staging made of the demo, so what staging makes of what landed has to be the
same, but for what a system has no room for. docs/connectors.md lists that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import landed_braze as braze
import landed_ga4 as ga4
import landed_hubspot as hubspot
import landed_klaviyo as klaviyo
import pandas as pd
from landed_tables import number

INSTANCES: list[dict[str, Any]] = [
    {"system": "hubspot", "loader": "fivetran", "schema": "trip_hubspot_ft"},
    {"system": "hubspot", "loader": "airbyte", "schema": "trip_hubspot_ab"},
    {"system": "klaviyo", "loader": "fivetran", "schema": "trip_klaviyo_ft"},
    {"system": "klaviyo", "loader": "airbyte", "schema": "trip_klaviyo_ab"},
    {"system": "braze", "loader": "fivetran", "schema": "trip_braze_ft"},
    {"system": "braze", "loader": "data_sharing", "schema": "trip_braze_ds"},
    {"system": "ga4", "loader": "fivetran", "schema": "trip_ga4", "feeds": ["events", "orders"]},
]
for entry in INSTANCES:
    entry["source_system"] = entry["schema"]
# Orders that the demo plants to be odd, which no shop would have written.
PLANTED = "order_status in ('unmapped', 'unspecified') or refund_total is null or currency is null"

STAGING = "crm.main_staging"
# People of the shop as a system holds them that knows an address once, and nobody who is erased.
HELD = (
    f"(select * from {STAGING}.stg_people__contacts where source_system = 'shop' and not is_erased"
    " qualify email is null or row_number() over (partition by email order by source_contact_id)"
    " = 1)"
)
KEY: dict[str, Callable[[str], str]] = {
    "hubspot": lambda key: str(number(key)),
    "klaviyo": klaviyo.key,
    "braze": braze.key,
}


def events_of(where: str) -> str:
    """Staged events of the demo, in the order of their keys."""
    return f"from {STAGING}.stg_activity__events where {where} order by event_id"


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
    held = rows(f"from {HELD} order by source_contact_id")
    of_held = f"source_system = 'shop' and {OF_HELD}"
    decisions = rows(
        f"from {STAGING}.stg_people__consents where {of_held} order by source_contact_id, channel,"
        " occurred_at, consent_status"
    )
    events = rows(events_of(of_held))
    campaigns = rows(f"from {STAGING}.stg_activity__campaigns order by campaign_id")

    mails = events[(events["channel"] == "email") & events["event_name"].isin(hubspot.TYPES)]
    has_address = held[held["email"].notna()]["source_contact_id"]
    mails = mails[mails["source_contact_id"].isin(has_address)]
    told = decisions[decisions["source_contact_id"].isin(has_address)]
    portal = {
        "contacts": hubspot.contacts(held, told, mails),
        "email_events": hubspot.email_events(held, told, mails),
        "campaigns": hubspot.campaigns(campaigns),
    }
    hubspot.land_with_fivetran(connection, f"{company}.trip_hubspot_ft", portal)
    hubspot.land_with_airbyte(connection, f"{company}.trip_hubspot_ab", portal)

    account = {
        "profiles": klaviyo.profiles(held, with_departures(decisions, events)),
        "events": klaviyo.events(events, decisions),
        "campaigns": klaviyo.campaigns(campaigns),
    }
    klaviyo.land_with_fivetran(connection, f"{company}.trip_klaviyo_ft", account)
    klaviyo.land_with_airbyte(connection, f"{company}.trip_klaviyo_ab", account)

    both = "source_system in ('shop', 'app')"
    people = rows(f"from {STAGING}.stg_people__contacts where {both} order by record_id")
    decided = rows(
        f"from {STAGING}.stg_people__consents where {both} order by record_id, channel,"
        " occurred_at, consent_status"
    )
    acts = rows(events_of(f"{both} and source_contact_id is not null"))
    workspace = {
        "users": braze.users(people, with_departures(decided, acts)),
        "events": braze.events(acts),
        "changes": braze.changes(decided),
        "campaigns": braze.campaigns(campaigns),
    }
    braze.land_with_fivetran(connection, f"{company}.trip_braze_ft", workspace)
    forgotten = people[people["is_erased"]]
    braze.land_as_shared(connection, f"{company}.trip_braze_ds", workspace, forgotten)

    visits = rows(events_of("source_system = 'shop' and channel = 'web'"))
    sales = rows(f"from {SALES} order by source_order_id")
    property_rows = ga4.events(visits) + ga4.purchases(sales)
    ga4.land(connection, f"{company}.trip_ga4", property_rows)


def with_departures(decisions: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Decisions, and those that somebody took by leaving or complaining about a message."""
    left = events[events["event_name"].isin(["message_unsubscribed", "message_complained"])]
    return pd.concat([decisions, left.assign(consent_status="withdrawn")])


SALES = (
    f"(select * from {STAGING}.stg_commerce__orders where source_system = 'shop' and sales_channel"
    f" = 'web' and has_purchase_status and not ({PLANTED}))"
)
PERSON = "email, phone_e164, first_name, last_name"
PLACE = "address_line, postal_code, city, region, country_code, company, job_title"
VISIT = "anonymous_id, event_name, occurred_at, device_type, operating_system, page_path"


def last_decisions(decisions: str, key: str) -> str:
    """SQL of the last decision of each contact about each channel."""
    return (
        f"select {key} as source_contact_id, channel, consent_status, occurred_at from"
        f" ({decisions}) qualify row_number() over (partition by source_contact_id, channel order"
        " by occurred_at desc nulls last, consent_status desc) = 1"
    )


def told(names: str, systems: str, channels: str) -> str:
    """SQL of decisions of the demo, with departures in messages of some names."""
    of_systems = f"source_system in ({systems}) and channel in ({channels})"
    columns = "source_system, source_contact_id, channel"
    return (
        f"select {columns}, consent_status, occurred_at from {STAGING}.stg_people__consents where"
        f" {of_systems} union all select {columns}, 'withdrawn', occurred_at from"
        f" {STAGING}.stg_activity__events where event_name in ({names}) and {of_systems}"
    )


def words(mapping: Iterable[str]) -> str:
    """SQL list of texts."""
    return ", ".join(f"'{word}'" for word in sorted(mapping))


OF_HELD = f"source_contact_id in (select source_contact_id from {HELD})"
HAS_ADDRESS = f"source_contact_id in (select source_contact_id from {HELD} where email is not null)"
LEAVING, COMPLAINING = "'message_unsubscribed'", "'message_unsubscribed', 'message_complained'"
MESSAGE = "event_name, channel, occurred_at"
PAIRS = ", ".join(f"('{channel}', '{name}')" for channel, name in klaviyo.METRICS)
ACTED = ", ".join(
    f"('{channel}', '{name}')" for channel, names in braze.ACTIONS.items() for name in names
)
OF_KLAVIYO = (
    f"from {STAGING}.stg_activity__events where source_system = 'shop' and {OF_HELD} and"
    f" (channel, event_name) in ({PAIRS})"
)
# What has to come back: of each system and part the staged table, the columns, and SQL of the rows
# with key(...). What depends on the loader is filled in by filled.
EXPECTED: dict[tuple[str, str], tuple[str, str, str]] = {
    ("hubspot", "people"): (
        "people__contacts",
        f"source_contact_id, {PERSON}, {PLACE}, birth_date, gender, language_code, created_at,"
        " updated_at",
        f"select * replace (key(source_contact_id) as source_contact_id) from {HELD}",
    ),
    ("hubspot", "decisions"): (
        "people__consents",
        "*",
        last_decisions(
            f"from ({told(LEAVING, words(['shop']), words(['email']))}) where {HAS_ADDRESS}",
            "key(source_contact_id)",
        ),
    ),
    ("hubspot", "events"): (
        "activity__events",
        f"source_contact_id, campaign_id, {MESSAGE}",
        "select * replace (key(source_contact_id) as source_contact_id, key(campaign_id) as"
        f" campaign_id) from {STAGING}.stg_activity__events where source_system = 'shop' and"
        f" channel = 'email' and event_name in ({words(hubspot.TYPES)}) and {HAS_ADDRESS}",
    ),
    ("klaviyo", "people"): (
        "people__contacts",
        f"source_contact_id, {PERSON}, {PLACE}, time_zone, created_at, updated_at",
        f"select * replace (key(source_contact_id) as source_contact_id) from {HELD}",
    ),
    ("klaviyo", "decisions"): (
        "people__consents",
        "*",
        last_decisions(
            f"from ({told(COMPLAINING, words(['shop']), words(['email', 'sms']))}) where {OF_HELD}",
            "key(source_contact_id)",
        ),
    ),
    # A message that was received was sent, at a moment that Klaviyo does not tell; who leaves on
    # a page is told as who leaves by a message.
    ("klaviyo", "events"): (
        "activity__events",
        f"source_contact_id, campaign_id, {MESSAGE}, event_value, source_product_id",
        "select * replace (key(source_contact_id) as source_contact_id, case when $has_campaigns"
        f" then key(campaign_id) end as campaign_id) from (select * {OF_KLAVIYO} union all select *"
        f" replace ('message_sent' as event_name) {OF_KLAVIYO} and event_name ="
        " 'message_delivered' union all by name select source_contact_id, channel, occurred_at,"
        f" 'message_unsubscribed' as event_name from {STAGING}.stg_people__consents where"
        f" source_system = 'shop' and {OF_HELD} and channel in ('email', 'sms') and consent_status"
        " = 'withdrawn' and occurred_at is not null)",
    ),
    ("braze", "people"): (
        "people__contacts",
        f"source_contact_id, {PERSON}, birth_date, gender, city, country_code, language_code,"
        " time_zone, $moment",
        "select * replace (key(source_contact_id) as source_contact_id, nullif(gender,"
        f" 'nonbinary') as gender) from {STAGING}.stg_people__contacts where source_system in"
        " ('shop', 'app') and not is_erased",
    ),
    ("braze", "erased people"): (
        "people__contacts",
        "source_contact_id",
        f"select key(source_contact_id) as source_contact_id from {STAGING}.stg_people__contacts"
        " where source_system in ('shop', 'app') and is_erased",
    ),
    ("braze", "decisions"): (
        "people__consents",
        "*",
        last_decisions(
            "from ("
            + told(COMPLAINING, words(["shop", "app"]), words(["email", "push", "sms"]))
            + ") where occurred_at is not null",
            "key(source_contact_id)",
        ),
    ),
    ("braze", "messages"): (
        "activity__events",
        f"source_contact_id, campaign_id, {MESSAGE}",
        "select * replace (key(source_contact_id) as source_contact_id, key(campaign_id) as"
        f" campaign_id) from {STAGING}.stg_activity__events where (channel, event_name) in"
        f" ({ACTED})",
    ),
    ("braze", "acts"): (
        "activity__events",
        f"source_contact_id, {MESSAGE}, properties",
        "select * replace (key(source_contact_id) as source_contact_id) from"
        f" {STAGING}.stg_activity__events where channel in ('web', 'app') and source_contact_id is"
        " not null",
    ),
    ("ga4", "events"): (
        "activity__events",
        f"source_contact_id, {VISIT}, campaign_id, event_value",
        "select * replace (case event_name when 'scroll' then 'visited' else event_name end as"
        f" event_name) from {STAGING}.stg_activity__events where source_system = 'shop' and channel"
        " = 'web'",
    ),
    ("ga4", "orders"): (
        "commerce__orders",
        "source_order_id, source_contact_id, ordered_at, currency, order_total, refund_total",
        f"from {SALES}",
    ),
}
# Which of the rows that came back belong to the part, where not all of a table do.
FOUND = {
    "messages": "channel in ('email', 'push', 'sms')",
    "acts": "channel in ('web', 'app')",
    "erased people": "is_erased",
    "people": "not is_erased",
}
FOUND_OF = {
    ("ga4", "events"): "event_name not in ('purchase', 'refund')",
    # Without requests to delete who was forgotten is known by decisions alone, without a profile.
    ("trip_braze_ft", "people"): (
        'source_contact_id in (select braze_id from crm.trip_braze_ft."user")'
    ),
    # Whose message alone is known has no profile either.
    ("trip_braze_ds", "people"): (
        "not is_erased and source_contact_id in"
        " (select user_id from crm.trip_braze_ds.user_default_attributes_view_shared)"
    ),
}
# Of each system the channels of its campaigns, and whether it tells when one began.
CAMPAIGNS = {
    "hubspot": (("email",), False),
    "klaviyo": (("email", "sms"), True),
    "braze": (("email", "push", "sms"), False),
}


def filled(sql: str, instance: dict[str, Any]) -> str:
    """Columns or rows of EXPECTED for one loader.

    Klaviyo's campaigns stand beside events with Fivetran alone; of a profile of Braze, Fivetran
    tells when it was made, and what Braze shares when it was changed.
    """
    by_fivetran = instance["loader"] == "fivetran"
    moment = "created_at" if by_fivetran else "updated_at"
    return sql.replace("$has_campaigns", str(by_fivetran)).replace("$moment", moment)


def trips() -> list[tuple[dict[str, Any], str]]:
    """Every instance with each part that has to come back from it."""
    pairs = [(e, part) for e in INSTANCES for system, part in EXPECTED if system == e["system"]]
    # Fivetran lands no requests to delete.
    return [p for p in pairs if p != (INSTANCES[4], "erased people")]


def expected_and_found(
    databases: tuple[Path, Path],
    entry: dict[str, Any],
    part: str,
    expectation: tuple[str, ...],
    key: Callable[[str], str] | None,
    chosen: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What staging has of an instance where it is right, and what it has.

    Args:
        databases: The demo, and what was built of what landed.
        entry: The instance.
        part: What is compared, such as people or decisions.
        expectation: A staged table, columns to compare, and the demo's rows of them.
        key: The key that the system gives for one of the demo, where it gives its own.
        chosen: Which of the staged rows are compared.
    """
    table, *said_of_it = expectation
    columns, rows = (filled(sql, entry) for sql in said_of_it)
    demo, landed = databases
    with duckdb.connect() as connection:
        for name, database in (("crm", demo), ("landed", landed)):
            connection.sql(f"attach '{database}' as {name} (read_only)")
        if key:
            connection.create_function("key", key, ["VARCHAR"], "VARCHAR")
        expected = connection.sql(f"select {columns} from ({rows}) order by all").df()
        connection.register("held", connection.sql(f"select source_contact_id from {HELD}").df())
        # Views name the database that they were made in.
        connection.sql("detach crm")
        connection.sql("detach landed")
        connection.sql(f"attach '{landed}' as crm (read_only)")
        system_column = "provider" if part == "attributes" else "source_system"
        source = f"from crm.main_staging.kept_{table} where {chosen} and {system_column} ="
        found_rows = f"{source} '{entry['source_system']}'"
        if part == "decisions":
            found_rows = last_decisions(found_rows, "source_contact_id")
        return expected, connection.sql(f"select {columns} from ({found_rows}) order by all").df()
