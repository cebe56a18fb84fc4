"""Writes people, messages, visits and purchases of the demo's shop as files of CleverTap's export.

Moments are digits of the project's clock, an event has no key and may be exported again, and every
flag is true until somebody refuses.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pandas as pd
from landed_tables import Rows, text, write

ZONE = "Asia/Kolkata"
# Staged events in CleverTap's words. It has none for bounces, complaints and replies.
MESSAGES = {
    "message_sent": "Notification Sent",
    "message_clicked": "Notification Clicked",
    "message_unsubscribed": "Channel Unsubscribed",
}
OF_EMAIL = {**MESSAGES, "message_opened": "Notification Viewed"}
OTHERS = {**MESSAGES, "message_delivered": "Notification Viewed"}
CHANNELS = {"email": "Email", "sms": "SMS"}
TRAITS = {"email": "email", "phone": "phone_e164", "DOB": "birth_date", "gender": "gender"}
TRAITS |= {"city": "city", "country": "country_code", "timezone": "time_zone"}


def digits(value: object) -> int | None:
    """A moment in UTC as the 14 digits that the clock of the project shows."""
    if value is None or pd.isna(value):
        return None
    shown = pd.Timestamp(value).tz_localize("UTC").tz_convert(ZONE)
    return int(shown.strftime("%Y%m%d%H%M%S"))


def profiles(people: pd.DataFrame, decisions: pd.DataFrame, last: dict[str, object]) -> Rows:
    """One profile for each person; last is when each did something."""
    order = decisions.sort_values(["occurred_at", "consent_status"], na_position="first")
    decided = order.groupby(["source_contact_id", "channel"])["consent_status"].last().to_dict()
    rows: Rows = []
    for person in people.to_dict("records"):
        key = person["source_contact_id"]
        seen = max(person["updated_at"], last.get(key, person["updated_at"]))
        refused = {c: decided.get((key, c)) == "withdrawn" for c in ("email", "sms", "push")}
        rows.append(
            {
                "identity": key,
                "objectId": f"device of {key}",
                "name": f"{person['first_name']} {person['last_name']}",
                **{name: text(person[column]) for name, column in TRAITS.items()},
                **{f"MSG-{channel}": not no for channel, no in refused.items()},
                "first_seen": digits(person["created_at"]),
                "last_seen": digits(seen),
            }
        )
    return rows


def event(
    moment: object, name: str, whose: dict[str, Any], properties: dict[str, Any]
) -> dict[str, Any]:
    """An event as a file has it."""
    profile = {"objectId": whose["device"], "platform": "Web"}
    if whose["contact"]:
        profile |= {"identity": whose["contact"], "email": whose.get("email")}
    return {
        "ts": digits(moment),
        "eventName": name,
        "profile": json.dumps(profile),
        "deviceInfo": json.dumps({"make": "x", "appVersion": None}),
        "eventProps": json.dumps(properties),
    }


def events(staged: pd.DataFrame, orders: pd.DataFrame, lines: dict[str, Rows]) -> Rows:
    """One event for each staged one that CleverTap has a word for, and for each order."""
    rows: Rows = []
    for act in staged.to_dict("records"):
        contact, channel = text(act["source_contact_id"]), act["channel"]
        visitor = text(act["anonymous_id"])
        whose = {"contact": contact, "device": visitor or f"device of {contact}"}
        if channel == "web":
            name = {"page_viewed": "Page Browsed"}.get(act["event_name"], act["event_name"])
            more = {"Product ID": text(act["source_product_id"]), "no": act["event_id"]}
            rows.append(event(act["occurred_at"], name, whose, more))
        else:
            words = OF_EMAIL if channel == "email" else OTHERS
            name = words.get(act["event_name"], "")
            kind = "Channel" if name == "Channel Unsubscribed" else "Campaign type"
            more = {"Campaign id": text(act["campaign_id"]), kind: CHANNELS[channel]}
            rows += [event(act["occurred_at"], name, whose, more)] if name else []
    for order in orders.to_dict("records"):
        contact = text(order["source_contact_id"])
        whose = {"contact": contact, "device": f"device of {contact or order['source_order_id']}"}
        items = [
            {"Product ID": line["source_product_id"], "Quantity": float(line["quantity"])}
            | {"Price": float(line["unit_price"])}
            for line in lines.get(order["source_order_id"], [])
        ]
        more = {"Charged ID": order["source_order_id"], "Amount": float(order["order_total"])}
        more |= {"Currency": order["currency"], "Items": items}
        rows.append(event(order["ordered_at"], "Charged", whose, more))
    # What is exported again may come with its properties in another order.
    again = [
        {**row, "eventProps": json.dumps(dict(reversed(json.loads(row["eventProps"]).items())))}
        for row in rows[::6]
    ]
    session = event(staged["occurred_at"].max(), "Session Concluded", whose, {})
    return [*rows, *again, session]


def land(connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]) -> None:
    """The files of a team, loaded as two tables."""
    for name, rows in landed.items():
        write(connection, schema, name, rows)
