"""Writes people and orders of the demo's shop as customers and charges of Stripe."""

from __future__ import annotations

from typing import Any

import pandas as pd
from landed_tables import Rows, number, seconds, text

ADDRESS = {"line1": "address_line", "postal_code": "postal_code", "city": "city"}
ADDRESS |= {"state": "region", "country": "country_code"}


def customers(people: pd.DataFrame) -> Rows:
    """One customer for each person, one who was deleted, and one of the test mode."""
    rows: Rows = [
        {
            "id": f"cus_{person['source_contact_id']}",
            "email": text(person["email"]),
            "phone": text(person["phone_e164"]),
            "name": f"{person['first_name']} {person['last_name']}",
            "address": {name: text(person[column]) for name, column in ADDRESS.items()},
            "created": seconds(person["created_at"]),
            "livemode": True,
            "deleted": None,
        }
        for person in people.to_dict("records")
    ]
    tried = {**rows[0], "id": "cus_test", "livemode": False}
    return [*rows, {**rows[0], "id": "cus_gone", "deleted": True}, tried]


def charges(orders: pd.DataFrame) -> dict[str, Rows]:
    """A charge for each order, its refunds in two parts, and charges that took no money."""
    paid: Rows = []
    back: Rows = []
    for place, order in enumerate(orders.to_dict("records")):
        contact, cents = text(order["source_contact_id"]), round(float(order["order_total"]) * 100)
        row: dict[str, Any] = {
            "id": f"ch_{order['source_order_id']}",
            "customer": f"cus_{contact}" if contact else None,
            "billing_details": {"email": None if contact else f"{number(str(place))}@example.com"},
            "status": "succeeded",
            "captured": True,
            "amount": cents,
            "amount_captured": cents,
            "currency": order["currency"].lower(),
            "created": seconds(order["ordered_at"]),
            "livemode": True,
        }
        paid.append(row)
        if place % 8 == 0:
            paid.append({**row, "id": f"{row['id']}_failed", "status": "failed"})
        refund = round(float(order["refund_total"]) * 100)
        for part in [part for part in (refund // 3, refund - refund // 3) if part]:
            money = {"id": f"re_{len(back)}", "charge": row["id"], "amount": part}
            back += [{**money, "status": "succeeded"}]
            back += [{**money, "id": f"re_{len(back)}", "status": "failed"}]
    return {"charge": paid, "refund": back}
