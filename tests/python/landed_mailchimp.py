"""Writes people, answers and decisions of the demo's shop as an audience of Mailchimp."""

from __future__ import annotations

import hashlib

import pandas as pd
from landed_tables import Rows, iso, text

AUDIENCE = "list"
ACTIONS = {"message_opened": "open", "message_clicked": "click", "message_bounced": "bounce"}
ADDRESS = {"addr1": "address_line", "city": "city", "state": "region", "zip": "postal_code"}
ADDRESS |= {"country": "country_code"}


def key(of_demo: str) -> str:
    """The key that Mailchimp would give: a hash, though not of the address."""
    return hashlib.md5(of_demo.encode()).hexdigest()


def members(people: pd.DataFrame, decisions: pd.DataFrame) -> Rows:
    """One member for each person; who never decided anything waits for a confirmation."""
    of_email = decisions[decisions["channel"] == "email"].sort_values(
        ["occurred_at", "consent_status"], na_position="first"
    )
    last = of_email.groupby("source_contact_id")["consent_status"].last().to_dict()
    granted = of_email[of_email["consent_status"] == "granted"]
    opted_in = granted.groupby("source_contact_id")["occurred_at"].last().to_dict()
    rows: Rows = []
    for person in people.to_dict("records"):
        contact = person["source_contact_id"]
        state = {"granted": "subscribed", "withdrawn": "unsubscribed"}
        fields = {"FNAME": text(person["first_name"]), "LNAME": text(person["last_name"])}
        where = {name: text(person[column]) or "" for name, column in ADDRESS.items()}
        rows.append(
            {
                "id": key(contact),
                "list_id": AUDIENCE,
                "email_address": person["email"],
                "status": state.get(last.get(contact, ""), "pending"),
                "merge_fields": {
                    **fields,
                    "PHONE": text(person["phone_e164"]) or "",
                    "ADDRESS": where if any(where.values()) else "",
                },
                "location": {"country_code": "", "timezone": text(person["time_zone"]) or ""},
                "language": text(person["language_code"]) or "",
                "timestamp_signup": iso(person["created_at"]),
                "timestamp_opt": iso(opted_in.get(contact)),
                "last_changed": iso(person["updated_at"]),
            }
        )
    return rows


def answers(staged: pd.DataFrame) -> Rows:
    """One activity for each opening, click and bounce, and soft bounces that are none."""
    rows: Rows = []
    for place, event in enumerate(staged.to_dict("records")):
        action = ACTIONS.get(event["event_name"])
        row = {
            "campaign_id": text(event["campaign_id"]),
            "list_id": AUDIENCE,
            "email_id": key(event["source_contact_id"]),
            "action": action,
            "timestamp": iso(event["occurred_at"]),
            "url": f"https://shop.example/{event['event_id']}" if action == "click" else None,
            "type": "hard" if action == "bounce" else None,
        }
        if action:
            rows.append(row)
        if action == "open" and place % 4 == 0:
            rows.append({**row, "action": "bounce", "type": "soft"})
    return rows


def departures(staged: pd.DataFrame) -> Rows:
    """Who left by a campaign, and when."""
    left = staged[staged["event_name"] == "message_unsubscribed"]
    return [
        {
            "campaign_id": text(event["campaign_id"]),
            "list_id": AUDIENCE,
            "email_id": key(event["source_contact_id"]),
            "timestamp": iso(event["occurred_at"]),
        }
        for event in left.to_dict("records")
    ]


def campaigns(staged: pd.DataFrame) -> Rows:
    """One campaign for each staged one that went out by e-mail, and one that did not."""
    rows: Rows = [
        {
            "id": row["campaign_id"],
            "status": "sent",
            "settings": {"title": row["campaign_name"], "subject_line": text(row["offer"])},
            "send_time": iso(row["started_at"]),
        }
        for row in staged[staged["channel"] == "email"].to_dict("records")
    ]
    return [*rows, {"id": "draft", "status": "save", "settings": {"title": "Draft"}}]
