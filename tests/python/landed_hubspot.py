"""Writes the people, e-mails and decisions of the demo's shop as a loader lands them from HubSpot.

A portal has one contact for each address. Its events name an address and no contact; a decision is
an event, and the opt-out a flag of the contact without a date.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import duckdb
import pandas as pd
from landed_tables import Rows, by_airbyte, by_fivetran, flat, iso, number, text, write

# Staged events in HubSpot's words. It keeps no replies as events of an e-mail.
TYPES = {
    "message_sent": "SENT",
    "message_delivered": "DELIVERED",
    "message_opened": "OPEN",
    "message_clicked": "CLICK",
    "message_bounced": "BOUNCE",
    "message_complained": "SPAMREPORT",
    "message_unsubscribed": "STATUSCHANGE",
}
PROPERTIES = {
    "email": "email",
    "phone": "phone_e164",
    "firstname": "first_name",
    "lastname": "last_name",
    "date_of_birth": "birth_date",
    "gender": "gender",
    "company": "company",
    "jobtitle": "job_title",
    "address": "address_line",
    "zip": "postal_code",
    "city": "city",
    "state": "region",
    "country": "country_code",
    "hs_language": "language_code",
}


def event_key(key: str) -> str:
    """The key that HubSpot would give an event."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def contacts(people: pd.DataFrame, decisions: pd.DataFrame, events: pd.DataFrame) -> Rows:
    """One contact for each person; who has left last takes no e-mail."""
    left = events[events["event_name"] == "message_unsubscribed"].assign(consent_status="withdrawn")
    of_email = pd.concat([decisions[decisions["channel"] == "email"], left])
    last = of_email.sort_values(["occurred_at", "consent_status"], kind="stable")
    state = last.groupby("source_contact_id")["consent_status"].last().to_dict()
    return [
        {
            "id": number(person["source_contact_id"]),
            "properties": {
                **{name: text(person[column]) for name, column in PROPERTIES.items()},
                "createdate": iso(person["created_at"], "Z"),
                "lastmodifieddate": iso(person["updated_at"], "Z"),
                # Nobody who has not opted out has the property.
                "hs_email_optout": "true"
                if state.get(person["source_contact_id"]) == "withdrawn"
                else None,
                "hs_merged_object_ids": None,
                "num_notes": "0",
            },
            "archived": False,
        }
        for person in people.to_dict("records")
    ]


def email_events(people: pd.DataFrame, decisions: pd.DataFrame, events: pd.DataFrame) -> Rows:
    """One event for each staged one and for each decision, and some that are nobody's answer."""
    address = people.set_index("source_contact_id")["email"].to_dict()
    rows: Rows = []

    def add(key: str, contact: str, moment: pd.Timestamp, kind: str, **more: object) -> None:
        row = {"id": event_key(key), "type": kind, "created": moment, "recipient": address[contact]}
        rows.append({**row, "appId": 113, "filteredEvent": False, **more})

    for event in events.to_dict("records"):
        kind, key = TYPES[event["event_name"]], event["event_id"]
        more: dict[str, Any] = {"emailCampaignId": number(event["campaign_id"])}
        if kind == "BOUNCE":
            more |= {"category": "UNKNOWN_USER", "status": "5.1.1"}
        elif kind == "STATUSCHANGE":
            more |= {"portalSubscriptionStatus": "UNSUBSCRIBED", "source": "SOURCE_RECIPIENT"}
        who = (event["source_contact_id"], event["occurred_at"])
        add(key, *who, kind, **more)
        if kind == "SENT":
            add(f"{key} processed", *who, "PROCESSED", **more)
        if kind == "OPEN" and len(rows) % 5 == 0:
            add(f"{key} by machine", *who, "OPEN", **more | {"filteredEvent": True})
            obsolete = {"obsoletedBy": {"id": event_key(key), "created": 1}}
            add(f"{key} before", *who, "OPEN", **more | obsolete)
        if kind == "DELIVERED" and len(rows) % 7 == 0:
            full = {"category": "MAILBOX_FULL", "status": "4.2.2"}
            add(f"{key} full", *who, "BOUNCE", **more | full)
    for place, decision in enumerate(decisions[decisions["channel"] == "email"].to_dict("records")):
        state = "SUBSCRIBED" if decision["consent_status"] == "granted" else "UNSUBSCRIBED"
        who = (decision["source_contact_id"], decision["occurred_at"])
        more = {"portalSubscriptionStatus": state, "source": "SOURCE_CRM", "emailCampaignId": None}
        add(f"decision {place}", *who, "STATUSCHANGE", **more)
    return rows


def campaigns(staged: pd.DataFrame) -> Rows:
    """One campaign for each staged one."""
    return [
        {"id": number(row["campaign_id"]), "name": row["campaign_name"], "subject": row["offer"]}
        for row in staged[staged["channel"] == "email"].to_dict("records")
    ]


def land_with_fivetran(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """Properties are columns, and what one kind of event has alone stands in a table of its own."""
    people = []
    for person in landed["contacts"]:
        named = flat({"property": person["properties"]})
        optout = {"true": True}.get(named["property_hs_email_optout"])
        moments = {
            f"property_{name}": pd.Timestamp(person["properties"][name]).tz_localize(None)
            for name in ("createdate", "lastmodifieddate")
            if person["properties"][name]
        }
        people.append({"id": person["id"], **named, **moments, "property_hs_email_optout": optout})
    shared = ("id", "type", "created", "recipient", "appId", "filteredEvent", "emailCampaignId")
    words = {"appId": "app_id", "filteredEvent": "filtered_event"}
    words |= {"emailCampaignId": "email_campaign_id"}
    events, changes, bounces = [], [], []
    for event in landed["email_events"]:
        row = {words.get(name, name): event[name] for name in shared}
        events.append({**row, "obsoleted_by_id": event.get("obsoletedBy", {}).get("id")})
        if event["type"] == "STATUSCHANGE":
            status = event["portalSubscriptionStatus"]
            changes.append({"id": event["id"], "portal_subscription_status": status})
        if event["type"] == "BOUNCE":
            bounces.append({name: event[name] for name in ("id", "category", "status")})
    tables = {"contact": people, "email_event": events, "email_campaign": landed["campaigns"]}
    tables |= {"email_event_status_change": changes, "email_event_bounce": bounces}
    for name, rows in tables.items():
        write(connection, schema, name, by_fivetran(rows))


def land_with_airbyte(
    connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]
) -> None:
    """Keys are texts, properties JSON, and moments of events milliseconds."""
    people = [
        {
            **person,
            "id": str(person["id"]),
            "createdAt": person["properties"]["createdate"],
            "updatedAt": person["properties"]["lastmodifieddate"],
        }
        for person in landed["contacts"]
    ]
    events = [
        {**event, "created": int(event["created"].timestamp() * 1000)}
        | {"obsoletedBy": json.dumps(event.get("obsoletedBy"))}
        for event in landed["email_events"]
    ]
    tables = {"contacts": people, "email_events": events, "campaigns": landed["campaigns"]}
    for name, rows in tables.items():
        write(connection, schema, name, by_airbyte(rows))
