"""Writes people, decisions and sales of the demo's shop as objects of Salesforce."""

from __future__ import annotations

from typing import Any

import pandas as pd
from landed_tables import Rows, iso, number, text

FIELDS = {"Email": "email", "MobilePhone": "phone_e164", "FirstName": "first_name"}
FIELDS |= {"LastName": "last_name", "Title": "job_title", "MailingStreet": "address_line"}
FIELDS |= {"MailingPostalCode": "postal_code", "MailingCity": "city", "MailingState": "region"}
FIELDS |= {"MailingCountryCode": "country_code", "GenderIdentity": "gender"}
FIELDS |= {"Birthdate": "birth_date"}


def key(prefix: str, of_demo: str) -> str:
    """The key of 18 signs that Salesforce would give."""
    return f"{prefix}{number(of_demo):015d}"


def contacts(people: pd.DataFrame, decisions: pd.DataFrame) -> dict[str, Rows]:
    """A contact, a person of data protection and an account for each, and who was merged away."""
    of_email = decisions[decisions["channel"] == "email"].sort_values(
        ["occurred_at", "consent_status"], na_position="first"
    )
    last = of_email.groupby("source_contact_id")["consent_status"].last().to_dict()
    companies = sorted({name for name in people["company"].map(text) if isinstance(name, str)})
    account = {name: f"001{place:015d}" for place, name in enumerate(companies)}
    rows: Rows = []
    for person in people.to_dict("records"):
        contact, company = person["source_contact_id"], text(person["company"])
        rows.append(
            {
                "Id": key("003", contact),
                "IndividualId": key("0PK", contact),
                "AccountId": account.get(company or ""),
                **{name: text(person[column]) for name, column in FIELDS.items()},
                "HasOptedOutOfEmail": last.get(contact) == "withdrawn",
                "DoNotCall": False,
                "IsDeleted": False,
                "MasterRecordId": None,
                "CreatedDate": iso(person["created_at"]),
                "LastModifiedDate": iso(person["updated_at"]),
            }
        )
    gone = {**rows[0], "Id": key("003", "GONE1"), "IsDeleted": True, "Email": "gone@example.com"}
    return {
        "Contact": [*rows, gone],
        "Individual": [
            {"Id": row["IndividualId"], "HasOptedOutSolicit": False, "ShouldForget": False}
            for row in rows
        ],
        "Account": [{"Id": key, "Name": name} for name, key in account.items()],
        "ContactPointTypeConsent": [
            {
                "Id": f"0ZY{place:015d}",
                "PartyId": key("0PK", decision["source_contact_id"]),
                "ContactPointType": "Email",
                "PrivacyConsentStatus": {"granted": "OptIn"}.get(
                    decision["consent_status"], "OptOut"
                ),
                "CaptureDate": iso(decision["occurred_at"]),
            }
            for place, decision in enumerate(of_email.to_dict("records"))
        ],
    }


def deals(orders: pd.DataFrame, lines: dict[str, Rows]) -> dict[str, Rows]:
    """A won opportunity for each order, with its lines, its buyer and somebody else."""
    sold: dict[str, Rows] = {"Opportunity": [], "OpportunityContactRole": []}
    sold |= {"OpportunityLineItem": []}

    def role(order: str, contact: str, place: int) -> dict[str, Any]:
        row = {"OpportunityId": key("006", order), "ContactId": key("003", contact)}
        return {"Id": f"{key('00K', order)}{place}", **row, "IsPrimary": place == 0}

    for place, order in enumerate(orders.to_dict("records")):
        name, contact = order["source_order_id"], text(order["source_contact_id"])
        sold["Opportunity"].append(
            {
                "Id": key("006", name),
                "Amount": float(order["order_total"]),
                "CurrencyIsoCode": order["currency"],
                "IsWon": True,
                "IsClosed": True,
                "CloseDate": str(order["ordered_on"].date()),
                "IsDeleted": False,
            }
        )
        if place % 9 == 0:
            lost = {"Id": key("006", f"L{name}"), "IsWon": False}
            sold["Opportunity"].append({**sold["Opportunity"][-1], **lost})
        if contact:
            sold["OpportunityContactRole"] += [role(name, contact, 0), role(name, "S1001", 1)]
        for line in lines.get(name, []):
            sold["OpportunityLineItem"].append(
                {
                    "Id": f"{key('00k', name)}{line['line_number']}",
                    "OpportunityId": key("006", name),
                    "Product2Id": line["source_product_id"],
                    "Quantity": float(line["quantity"]),
                    "UnitPrice": float(line["unit_price"]),
                    "TotalPrice": round(float(line["unit_price"]) * float(line["quantity"]), 2),
                    "SortOrder": int(line["line_number"]),
                }
            )
    return sold
