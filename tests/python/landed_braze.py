"""Writes people, messages, acts and decisions of the demo as they land from Braze.

Its Currents come as Fivetran merges them, and as the tables that Braze shares: one for each kind
of event, moments as seconds.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, Rows, by_fivetran, number, seconds, text, write

# Staged events of messages in Braze's words: what was opened of a push message was clicked.
ACTIONS = {
    "email": {
        "message_sent": "Send",
        "message_delivered": "Delivery",
        "message_opened": "Open",
        "message_clicked": "Click",
        "message_bounced": "Bounce",
        "message_complained": "MarkAsSpam",
        "message_unsubscribed": "Unsubscribe",
    },
    "push": {"message_sent": "Send", "message_opened": "Open", "message_bounced": "Bounce"},
    "sms": {
        "message_sent": "Send",
        "message_delivered": "Delivery",
        "message_clicked": "ShortLinkClick",
    },
}
TABLES = {"email": "email", "push": "pushnotification", "sms": "sms"}
ATTRIBUTES = {"email": "email", "phone": "phone_e164", "first_name": "first_name"}
ATTRIBUTES |= {"last_name": "last_name", "dob": "birth_date", "home_city": "city"}
ATTRIBUTES |= {"country": "country_code", "language": "language_code", "time_zone": "time_zone"}
GENDERS = {"male": "M", "female": "F", "nonbinary": "O"}


def key(of_demo: str) -> str:
    """The key that Braze would give."""
    return f"{number(of_demo):024x}"


def users(people: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One profile for each person who has not asked to be forgotten."""
    last = decisions.sort_values(["occurred_at", "consent_status"], na_position="first")
    decided = last.groupby(["source_contact_id", "channel"]).last().to_dict("index")
    rows: Rows = []
    for person in people[~people["is_erased"]].to_dict("records"):
        row: dict[str, Any] = {
            "user_id": key(person["source_contact_id"]),
            "external_id": person["source_contact_id"],
            "created_at": person["created_at"],
            "updated_at": person["updated_at"],
            **{name: text(person[column]) for name, column in ATTRIBUTES.items()},
            "gender": GENDERS.get(text(person["gender"]) or ""),
        }
        for channel in ("email", "push"):
            decision = decided.get((person["source_contact_id"], channel))
            granted = bool(decision) and decision["consent_status"] == "granted"
            state = ("opted_in" if granted else "unsubscribed") if decision else "subscribed"
            when = decision["occurred_at"] if decision else pd.NaT
            row |= {
                f"{channel}_subscribe": state,
                f"{channel}_opted_in_at": when if granted else pd.NaT,
                f"{channel}_unsubscribed_at": when if decision and not granted else pd.NaT,
            }
        rows.append(row)
    return rows


def events(staged: pd.DataFrame) -> Rows:
    """One event for each staged one that Braze has a word for; some of messages are machines'."""
    rows: Rows = []
    for event in staged.to_dict("records"):
        channel, name = event["channel"], event["event_name"]
        row: dict[str, Any] = {
            "id": event["event_id"],
            "user_id": key(event["source_contact_id"]),
            "external_user_id": event["source_contact_id"],
            "time": event["occurred_at"],
        }
        if channel in ACTIONS:
            action = ACTIONS[channel].get(name)
            if action:
                campaign = text(event["campaign_id"])
                row |= {"channel": channel, "action": action}
                row |= {"campaign_id": campaign and key(campaign), "machine_open": None}
                rows.append(row)
            if action == "Open" and channel == "email" and len(rows) % 5 == 0:
                rows.append({**row, "id": f"{row['id']}m", "machine_open": "true"})
            if action == "Delivery" and channel == "email" and len(rows) % 7 == 0:
                rows.append({**row, "id": f"{row['id']}s", "action": "SoftBounce"})
        elif channel in ("web", "app"):
            platform = text(event["operating_system"]) if channel == "app" else "web"
            more = {"name": name, "properties": text(event["properties"])}
            rows.append({**row, "channel": "custom", "platform": platform or "ios", **more})
    return rows


def changes(decisions: pd.DataFrame) -> Rows:
    """One change of a subscription for each decision; text messages have a group of their own."""
    rows: Rows = []
    for place, decision in enumerate(decisions.to_dict("records")):
        channel, granted = decision["channel"], decision["consent_status"] == "granted"
        if pd.isna(decision["occurred_at"]):
            continue
        joined = "Subscribed" if channel == "sms" else "Opted In"
        rows.append(
            {
                "id": f"decision{place}",
                "user_id": key(decision["source_contact_id"]),
                "time": decision["occurred_at"],
                "channel": channel,
                "subscription_status": joined if granted else "Unsubscribed",
                "subscription_group_id": "group" if channel == "sms" else None,
            }
        )
        if place % 6 == 0:
            # The state that everybody begins with is written, too.
            start = {"id": f"start{place}", "subscription_status": "Subscribed", "channel": "email"}
            before = decision["occurred_at"] - pd.Timedelta(days=3)
            rows.append({**rows[-1], **start, "time": before, "subscription_group_id": None})
    return rows


def campaigns(staged: pd.DataFrame) -> Rows:
    """One campaign for each staged one."""
    return [
        {
            "id": key(row["campaign_id"]),
            "name": row["campaign_name"],
            "updated_at": row["started_at"],
            "first_sent": row["started_at"],
            "draft": False,
            "channel_email": row["channel"] == "email",
            "channel_sms": row["channel"] == "sms",
        }
        for row in staged.to_dict("records")
    ]


def land_with_fivetran(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """A table for each channel; its event_type says what happened."""
    tables: dict[str, Rows] = {
        "user": [
            {"braze_id": row["user_id"]}
            | {n: v for n, v in row.items() if n not in ("user_id", "updated_at")}
            for row in landed["users"]
        ],
        "subscription_event": landed["changes"],
        "campaign": landed["campaigns"],
    }
    names = {"email": "email_event", "push": "push_notification_event", "sms": "sms_event"}
    names |= {"custom": "custom_event"}
    for event in landed["events"]:
        row = {n: v for n, v in event.items() if n not in ("channel", "action")}
        if "action" in event:
            kind = f"users.messages.{TABLES[event['channel']]}.{event['action']}"
            row["event_type"] = kind
        tables.setdefault(names[event["channel"]], []).append(row)
    for name, rows in tables.items():
        write(connection, schema, name, by_fivetran(rows))


def by_kind(landed: dict[str, Rows], forgotten: pd.DataFrame) -> dict[str, Rows]:
    """A table for each kind of event, moments as seconds."""
    tables: dict[str, Rows] = {
        "users_userdeleterequest": [
            {"id": f"gone {contact}", "user_id": key(contact), "time": seconds(ARRIVED)}
            for contact in forgotten["source_contact_id"]
        ],
    }
    for event in landed["events"]:
        kind = "users_behaviors_customevent"
        if "action" in event:
            kind = f"users_messages_{TABLES[event['channel']]}_{event['action'].lower()}"
        row = {n: v for n, v in event.items() if n not in ("channel", "action")}
        tables.setdefault(kind, []).append({**row, "time": seconds(row["time"])})
    for change in landed["changes"]:
        kind = "users_behaviors_subscription_globalstatechange"
        if change["subscription_group_id"]:
            kind = "users_behaviors_subscriptiongroup_statechange"
        tables.setdefault(kind, []).append({**change, "time": seconds(change["time"])})
    return tables


def land_as_shared(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    landed: dict[str, Rows],
    forgotten: pd.DataFrame,
) -> None:
    """A table for each kind of event, all names in capitals, as Braze shares them on Snowflake."""
    tables: dict[str, Rows] = {
        "user_default_attributes_view": [
            {n: v for n, v in row.items() if not n.endswith("_at")}
            | {"time": seconds(row["updated_at"])}
            for row in landed["users"]
        ],
        "changelogs_campaign": [
            {"id": row["id"], "name": row["name"], "time": seconds(row["updated_at"])}
            for row in landed["campaigns"]
        ],
        **by_kind(landed, forgotten),
    }
    for name, rows in tables.items():
        capitals = [{n.upper(): v for n, v in row.items()} for row in rows]
        stamped = [{**row, "SF_CREATED_AT": ARRIVED} for row in capitals]
        write(connection, schema, f"{name}_shared".upper(), stamped)


def land_as_files(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    landed: dict[str, Rows],
    forgotten: pd.DataFrame,
) -> None:
    """The files of Currents, a table for each kind of event; a message names its address."""
    address = {row["user_id"]: row for row in landed["users"]}
    tables = by_kind(landed, forgotten)
    for name, rows in tables.items():
        column, of = (
            ("email_address", "email") if "_email_" in name else ("to_phone_number", "phone")
        )
        told = [
            {**row, column: address.get(row["user_id"], {}).get(of)}
            if name.startswith("users_messages")
            else row
            for row in rows
        ]
        # A file that was loaded a second time.
        write(connection, schema, name, told + told[:3])
