"""Writes the people, messages, visits and decisions of the demo's shop as a loader lands Klaviyo's.

A profile holds the state of each channel, a metric names the kind of an event. Klaviyo tells that
a message was received, not that it was sent.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import Rows, by_airbyte, by_fivetran, iso, number, text, write

# Staged events in Klaviyo's words, by channel where the word depends on it.
METRICS = {
    ("email", "message_delivered"): "Received Email",
    ("email", "message_opened"): "Opened Email",
    ("email", "message_clicked"): "Clicked Email",
    ("email", "message_bounced"): "Bounced Email",
    ("email", "message_complained"): "Marked Email as Spam",
    ("email", "message_unsubscribed"): "Unsubscribed from Email Marketing",
    ("sms", "message_delivered"): "Received SMS",
    ("sms", "message_clicked"): "Clicked SMS",
    ("web", "page_viewed"): "Active on Site",
    ("web", "product_viewed"): "Viewed Product",
    ("web", "cart_added"): "Added to Cart",
    ("web", "checkout_started"): "Checkout Started",
    # Events that a company sends have names of its own.
    ("web", "sign_up"): "Sign Up",
    ("web", "article_read"): "Article Read",
}
LOCATION = {"address1": "address_line", "zip": "postal_code", "city": "city"}
LOCATION |= {"region": "region", "country": "country_code", "timezone": "time_zone"}
NAMES = {"email": "email", "phone_number": "phone_e164", "first_name": "first_name"}
NAMES |= {"last_name": "last_name", "organization": "company", "title": "job_title"}
WORDS = {"email": "Email", "sms": "SMS"}


def key(of_demo: str) -> str:
    """The key that Klaviyo would give."""
    return f"01{number(of_demo):024d}"


def profiles(people: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One profile for each person, with the state of both channels."""
    last = decisions.sort_values(["occurred_at", "consent_status"], na_position="first")
    decided = last.groupby(["source_contact_id", "channel"]).last().to_dict("index")
    rows: Rows = []
    for person in people.to_dict("records"):
        subscriptions: dict[str, Any] = {}
        for channel in ("email", "sms"):
            decision = decided.get((person["source_contact_id"], channel))
            state, when = "NEVER_SUBSCRIBED", None
            if decision:
                granted = decision["consent_status"] == "granted"
                state = "SUBSCRIBED" if granted else "UNSUBSCRIBED"
                when = iso(decision["occurred_at"])
            can = f"can_receive_{channel}_marketing"
            marketing = {"consent": state, "consent_timestamp": when, can: state != "UNSUBSCRIBED"}
            subscriptions[channel] = {"marketing": {**marketing, "suppression": []}}
        rows.append(
            {
                "type": "profile",
                "id": key(person["source_contact_id"]),
                "attributes": {
                    **{name: text(person[column]) for name, column in NAMES.items()},
                    "created": iso(person["created_at"]),
                    "updated": iso(person["updated_at"]),
                    "location": {n: text(person[column]) for n, column in LOCATION.items()},
                    "properties": {"accepts_marketing": True},
                    "subscriptions": subscriptions,
                },
            }
        )
    return rows


def events(staged: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One event for each staged one that Klaviyo has a word for, and for each decision."""
    rows: Rows = []

    def add(event: dict[str, Any], metric: str, **more: object) -> None:
        row = {"id": event["event_id"], "profile": key(event["source_contact_id"])}
        rows.append({**row, "metric": metric, "at": event["occurred_at"], "properties": more})

    for event in staged.to_dict("records"):
        metric = METRICS.get((event["channel"], event["event_name"]))
        if not metric:
            continue
        more: dict[str, Any] = {"campaign": text(event["campaign_id"])}
        more |= {"ProductID": text(event["source_product_id"])}
        if pd.notna(event["event_value"]):
            more |= {"$value": float(event["event_value"])}
        if metric == "Bounced Email":
            more |= {"Bounce Type": "Hard"}
        add(event, metric, **more)
        if metric == "Opened Email" and len(rows) % 5 == 0:
            machine = {**event, "event_id": f"{event['event_id']}m"}
            add(machine, metric, **more | {"machine_open": True})
        if metric == "Clicked Email" and len(rows) % 3 == 0:
            bot = {**event, "event_id": f"{event['event_id']}b"}
            add(bot, metric, **more | {"Bot Click": True})
        if metric == "Received Email" and len(rows) % 7 == 0:
            full = {**event, "event_id": f"{event['event_id']}s"}
            add(full, "Bounced Email", **more | {"Bounce Type": "Soft"})
            add({**event, "event_id": f"{event['event_id']}d"}, "Dropped Email", **more)
            add({**event, "event_id": f"{event['event_id']}o"}, "Placed Order", **{"$value": 9.5})
    for place, decision in enumerate(decisions.to_dict("records")):
        verb = "Subscribed to" if decision["consent_status"] == "granted" else "Unsubscribed from"
        metric = f"{verb} {WORDS[decision['channel']]} Marketing"
        if pd.notna(decision["occurred_at"]):
            add({**decision, "event_id": f"decision{place}"}, metric)
    return rows


def campaigns(staged: pd.DataFrame) -> Rows:
    """One campaign for each staged one that went out by e-mail or text message, and a draft."""
    sent = staged[staged["channel"].isin(["email", "sms"])]
    rows = [
        {
            "id": key(row["campaign_id"]),
            "name": row["campaign_name"],
            "channel": row["channel"],
            "status": "Sent",
            "send_time": row["started_at"],
        }
        for row in sent.to_dict("records")
    ]
    draft = {"id": key("CMP99"), "name": "Draft", "channel": "email", "status": "Draft"}
    return [*rows, {**draft, "send_time": None}]


def land_with_fivetran(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """Attributes, subscriptions and properties of events are columns; lists are JSON."""
    people = []
    for profile in landed["profiles"]:
        attributes, location = profile["attributes"], profile["attributes"]["location"]
        row = {"id": profile["id"], **{name: attributes[name] for name in NAMES}}
        row |= {name: location[name] for name in LOCATION if name != "address1"}
        row |= {"address_1": location["address1"], "custom_accepts_marketing": True}
        for name in ("created", "updated"):
            moment = attributes[name]
            row[name] = pd.Timestamp(moment).tz_localize(None) if moment else None
        for channel in WORDS:
            state = attributes["subscriptions"][channel]["marketing"]
            when = state["consent_timestamp"]
            of_channel = f"subscriptions_{channel}_marketing"
            row[f"{of_channel}_consent"] = state["consent"]
            moment = pd.Timestamp(when).tz_localize(None) if when else pd.NaT
            row[f"{of_channel}_consent_timestamp"] = moment
            row[f"{of_channel}_suppression"] = "[]"
        people.append(row)
    metrics = sorted({event["metric"] for event in landed["events"]})
    happened = []
    for event in landed["events"]:
        more = event["properties"]
        row = {"id": event["id"], "person_id": event["profile"], "datetime": event["at"]}
        row |= {"metric_id": f"M{metrics.index(event['metric'])}", "type": event["metric"]}
        row |= {"campaign_id": key(more["campaign"]) if more.get("campaign") else None}
        row |= {"property_value": text(more.get("$value"))}
        row |= {"property_product_id": more.get("ProductID")}
        row |= {"property_machine_open": more.get("machine_open")}
        row |= {"property_bot_click": more.get("Bot Click")}
        happened.append({**row, "property_bounce_type": more.get("Bounce Type")})
    sent = [
        {n: v for n, v in row.items() if n != "channel"} | {"campaign_type": row["channel"]}
        for row in landed["campaigns"]
    ]
    kinds = [{"id": f"M{place}", "name": name} for place, name in enumerate(metrics)]
    tables = {"person": people, "event": happened, "metric": kinds, "campaign": sent}
    for name, rows in tables.items():
        write(connection, schema, name, by_fivetran(rows))


def as_api(landed: dict[str, Rows]) -> dict[str, Rows]:
    """Rows as JSON:API has them; the name of an event stands with its metric alone."""
    metrics = sorted({event["metric"] for event in landed["events"]})
    happened = [
        {
            "type": "event",
            "id": event["id"],
            "datetime": iso(event["at"]),
            "attributes": {
                "datetime": iso(event["at"]),
                "timestamp": int(event["at"].timestamp()),
                "event_properties": event["properties"],
            },
            "relationships": {
                "profile": {"data": {"type": "profile", "id": event["profile"]}},
                "metric": {"data": {"type": "metric", "id": f"M{metrics.index(event['metric'])}"}},
            },
        }
        for event in landed["events"]
    ]
    sent = [
        {"id": row["id"], "type": "campaign"}
        | {"attributes": {n: v for n, v in row.items() if n not in ("id", "send_time")}}
        for row in landed["campaigns"]
    ]
    for row, campaign in zip(sent, landed["campaigns"], strict=True):
        row["attributes"]["send_time"] = iso(campaign["send_time"])
    kinds = [
        {"id": f"M{place}", "attributes": {"name": name}} for place, name in enumerate(metrics)
    ]
    tables = {"profiles": landed["profiles"], "events": happened, "metrics": kinds}
    return {**tables, "campaigns": sent}


def land_with_airbyte(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """The same, nested properties as JSON."""
    for name, rows in as_api(landed).items():
        write(connection, schema, name, by_airbyte(rows))
