"""Writes people, messages and decisions of the demo's shop as files of Responsys, loaded as tables.

The profile list and a file for each kind of event; moments name their month, on the clock of the
account, and an event has no key.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import Rows, number, text, write

# A place whose clocks are never put back, so that every moment can be told.
ZONE = "America/Phoenix"
KINDS = {"message_sent": "sent", "message_opened": "open", "message_clicked": "click"}
KINDS |= {"message_bounced": "bounce", "message_complained": "complaint"}
KINDS |= {"message_unsubscribed": "opt_out"}
FIELDS = {"EMAIL_ADDRESS_": "email", "MOBILE_NUMBER_": "phone_e164", "FIRST_NAME": "first_name"}
FIELDS |= {"LAST_NAME": "last_name", "POSTAL_STREET_1_": "address_line", "CITY_": "city"}
FIELDS |= {"POSTAL_CODE_": "postal_code", "STATE_": "region", "COUNTRY_": "country_code"}


def shown(value: object) -> str | None:
    """A moment in UTC as a file of the account writes it."""
    if value is None or pd.isna(value):
        return None
    local = pd.Timestamp(value).tz_localize("UTC").tz_convert(ZONE)
    return local.strftime("%d-%b-%Y %H:%M:%S")


def recipients(people: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One recipient for each person; I is what whoever loaded the list has set."""
    order = decisions.sort_values(["occurred_at", "consent_status"], na_position="first")
    decided = order.groupby(["source_contact_id", "channel"])["consent_status"].last().to_dict()

    def status(key: str, channel: str) -> str:
        return "O" if decided.get((key, channel)) == "withdrawn" else "I"

    return [
        {
            "RIID_": str(number(person["source_contact_id"])),
            "CUSTOMER_ID_": person["source_contact_id"],
            **{name: text(person[column]) for name, column in FIELDS.items()},
            "EMAIL_PERMISSION_STATUS_": status(person["source_contact_id"], "email"),
            "MOBILE_PERMISSION_STATUS_": status(person["source_contact_id"], "sms"),
            "CREATED_DATE_": shown(person["created_at"]),
            "MODIFIED_DATE_": shown(person["updated_at"]),
        }
        for person in people.to_dict("records")
    ]


def events(staged: pd.DataFrame, decisions: pd.DataFrame, named: dict[str, str]) -> dict[str, Rows]:
    """Files of each kind of event: of messages, and of decisions."""
    files: dict[str, Rows] = {}

    def add(kind: str, event: dict[str, Any], **more: object) -> None:
        campaign = text(event.get("campaign_id"))
        row = {
            "RIID": str(number(event["source_contact_id"])),
            "CUSTOMER_ID": event["source_contact_id"],
            "EVENT_CAPTURED_DT": shown(event["occurred_at"]),
            "CAMPAIGN_ID": str(number(campaign)) if campaign else None,
            "LAUNCH_ID": f"L{number(campaign)}" if campaign else None,
        }
        prefix = {"email": "", "sms": "sms_"}[event["channel"]]
        files.setdefault(prefix + kind, []).append(row | more)

    for event in staged.to_dict("records"):
        kind = KINDS.get(event["event_name"])
        if kind:
            add(kind, event, **({"BOUNCE_TYPE": "H"} if kind == "bounce" else {}))
        if kind == "sent" and event["channel"] == "email" and int(event["event_id"][1:]) % 9 == 0:
            add("bounce", event, BOUNCE_TYPE="S")
    for decision in decisions.dropna(subset=["occurred_at"]).to_dict("records"):
        add("opt_in" if decision["consent_status"] == "granted" else "opt_out", decision)
    launches = {row["LAUNCH_ID"]: row["CAMPAIGN_ID"] for rows in files.values() for row in rows}
    files["launch_state"] = [
        {"LAUNCH_ID": launch, "CAMPAIGN_ID": campaign, "CAMPAIGN_NAME": named[campaign]}
        for launch, campaign in launches.items()
        if launch
    ]
    # A job that was run again has written the same once more.
    return {name: rows + rows[:5] for name, rows in files.items()}


def land(connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]) -> None:
    """The files, loaded as tables."""
    for name, rows in landed.items():
        write(connection, schema, name, rows)
