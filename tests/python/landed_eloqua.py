"""Writes people, e-mails, visits and decisions of the demo's shop as they land from Eloqua.

Every value is a text. Stitch lands a table for each kind of activity and moments in UTC, a team's
own export one table and the clock of the account. What decides names an address and no contact.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, Rows, number, text, write

ZONE = "Asia/Singapore"
KINDS = {
    "message_sent": "EmailSend",
    "message_opened": "EmailOpen",
    "message_clicked": "EmailClickthrough",
    "message_bounced": "Bounceback",
    "message_unsubscribed": "Unsubscribe",
    "page_viewed": "PageView",
}
FIELDS = {"EmailAddress": "email", "MobilePhone": "phone_e164", "FirstName": "first_name"}
FIELDS |= {"LastName": "last_name", "Company": "company", "Title": "job_title"}
FIELDS |= {"Address1": "address_line", "Zip_Postal": "postal_code", "City": "city"}
FIELDS |= {"State_Prov": "region", "Country": "country_code"}
TABLES = {"EmailSend": "email_send", "EmailOpen": "email_open", "PageView": "page_view"}
TABLES |= {"EmailClickthrough": "email_clickthrough", "Bounceback": "bounceback"}
TABLES |= {"Unsubscribe": "unsubscribe", "Subscribe": "subscribe"}


def contacts(people: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One contact for each person; who refused last is not subscribed."""
    of_email = decisions[decisions["channel"] == "email"]
    order = of_email.sort_values(["occurred_at", "consent_status"], na_position="first")
    decided = order.groupby("source_contact_id")["consent_status"].last().to_dict()
    return [
        {
            "Id": str(number(person["source_contact_id"])),
            "CreatedAt": person["created_at"],
            "UpdatedAt": person["updated_at"],
            "IsSubscribed": str(decided.get(person["source_contact_id"]) != "withdrawn").lower(),
            **{name: text(person[column]) for name, column in FIELDS.items()},
        }
        for person in people.to_dict("records")
    ]


def activities(people: pd.DataFrame, staged: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One activity for each staged event that Eloqua has a word for, and for each decision."""
    address = people.set_index("source_contact_id")["email"].to_dict()
    rows: Rows = []
    of_kind: list[str] = []

    def add(event: dict[str, Any], kind: str, **more: object) -> None:
        contact = event["source_contact_id"]
        of_kind.append(kind)
        names_it = kind not in ("Bounceback", "Subscribe", "Unsubscribe")
        rows.append(
            {
                # Keys are unique among the activities of their kind alone.
                "ActivityId": str(of_kind.count(kind)),
                "ActivityType": kind,
                "ActivityDate": event["occurred_at"],
                "EmailAddress": text(address[contact]),
                "ContactId": str(number(contact)) if names_it else None,
                "CampaignId": None,
                **more,
            }
        )

    for event in staged.to_dict("records"):
        kind = KINDS.get(event["event_name"]) if event["channel"] in ("email", "web") else None
        if kind == "PageView":
            path, browser = text(event["page_path"]), text(event["anonymous_id"])
            where = {"Url": f"https://shop.example{path}" if path else None, "VisitorId": browser}
            add(event, kind, **where)
        elif kind:
            campaign = text(event["campaign_id"])
            more: dict[str, object] = {"CampaignId": str(number(campaign)) if campaign else None}
            add(event, kind, **more, SmtpStatusCode="5.1.1" if kind == "Bounceback" else None)
            if kind == "EmailOpen" and len(rows) % 5 == 0:
                add(event, "Bounceback", **more, SmtpStatusCode="4.2.2")
    for decision in decisions[decisions["channel"] == "email"].to_dict("records"):
        kind = "Subscribe" if decision["consent_status"] == "granted" else "Unsubscribe"
        add(decision, kind)
    return rows


def campaigns(staged: pd.DataFrame) -> Rows:
    """One campaign for each staged one that went out by e-mail."""
    return [
        {
            "id": str(number(row["campaign_id"])),
            "name": row["campaign_name"],
            "startAt": str(int(row["started_at"].timestamp())),
        }
        for row in staged[staged["channel"] == "email"].to_dict("records")
    ]


def texts(rows: Rows, zone: str, ends_with: str) -> Rows:
    """The rows with every value as a text, moments on the clock of a place."""

    def shown(value: object) -> str | None:
        if isinstance(value, pd.Timestamp) and pd.notna(value):
            local = value.tz_localize("UTC").tz_convert(zone)
            return local.strftime("%Y-%m-%d %H:%M:%S") + ends_with
        return text(value)

    return [{name: shown(value) for name, value in row.items()} for row in rows]


def land_with_stitch(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """A table for each kind, internal names of fields, and the first rows in two batches."""
    people = [
        {f"C_{name}" if name in FIELDS else name: value for name, value in row.items()}
        for row in landed["contacts"]
    ]
    tables: dict[str, Rows] = {"contacts": people, "campaigns": landed["campaigns"]}
    for row in landed["activities"]:
        kept = {name: value for name, value in row.items() if name != "ActivityType"}
        tables.setdefault(f"activity_{TABLES[row['ActivityType']]}", []).append(kept)
    before = ARRIVED - pd.Timedelta(days=1)
    for name, rows in tables.items():
        landed_rows = texts(rows, "UTC", ".0000000")
        now = [{**row, "_sdc_batched_at": ARRIVED, "_sdc_sequence": 2} for row in landed_rows]
        old = [{**row, "_sdc_batched_at": before, "_sdc_sequence": 1} for row in landed_rows[:40]]
        write(connection, schema, name, now + old)


def land_as_exported(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """One table of activities, on the clock of the account."""
    for name, rows in landed.items():
        write(connection, schema, name, texts(rows, ZONE, ".0"))
