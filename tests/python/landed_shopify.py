"""Writes the people, orders and decisions of the demo's shop as a loader lands them from Shopify.

What goes in is what staging made of the demo; so what the connector gives, staged, has to be the
same again, but for what the shape has no room for (NOT_CARRIED).
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, by_airbyte, number, text, write

# Columns of staged contacts that no Shopify customer has.
NOT_CARRIED = {"birth_date", "gender", "language_code", "time_zone", "signed_up_at", "interests"}
NOT_CARRIED |= {"acquisition_source", "education", "income_band", "lifestyle", "job_title"}
# Columns that only the address has, which Fivetran lands in a table of its own.
OF_ADDRESS = {"address1": "address_line", "zip": "postal_code", "city": "city"}
OF_ADDRESS |= {"province": "region", "country_code": "country_code", "company": "company"}
# Staged statuses in Shopify's words: what was paid, what was delivered.
STATUSES = {
    "paid": ("paid", None),
    "fulfilled": ("paid", "fulfilled"),
    "pending": ("pending", None),
    "cancelled": ("voided", None),
    # A checkout whose payment failed is no order in Shopify; a voided one is the nearest.
    "failed": ("voided", None),
    "test": ("paid", None),
    "refunded": ("refunded", "fulfilled"),
    "partially_refunded": ("partially_refunded", "fulfilled"),
}


def customers(people: pd.DataFrame, consents: pd.DataFrame) -> list[dict[str, Any]]:
    """One customer for each staged contact; an erased one is empty and redacted."""
    last = consents.sort_values(
        ["occurred_at", "consent_status"], na_position="first", kind="stable"
    )
    decided = last.groupby(["source_contact_id", "channel"]).last().to_dict("index")
    rows = []
    for person in people.to_dict("records"):
        key, gone = person["source_contact_id"], person["is_erased"]
        row = {
            "id": number(key),
            "created_at": person["created_at"],
            "updated_at": person["updated_at"],
            **{
                name: None if gone else text(person[column])
                for name, column in (
                    ("email", "email"),
                    ("phone", "phone_e164"),
                    ("first_name", "first_name"),
                    ("last_name", "last_name"),
                )
            },
            "default_address": {
                name: None if gone else text(person[column]) for name, column in OF_ADDRESS.items()
            },
        }
        for channel in ("email", "sms"):
            decision = decided.get((key, channel))
            state = "not_subscribed"
            if decision:
                granted = decision["consent_status"] == "granted"
                state = "subscribed" if granted else "unsubscribed"
            when = decision["occurred_at"] if decision else None
            row[f"{channel}_marketing_consent"] = {
                "state": "redacted" if gone else state,
                "consent_updated_at": None if when is None or pd.isna(when) else str(when),
            }
        rows.append(row)
    return rows


def orders(staged: pd.DataFrame, items: pd.DataFrame, guests: dict[str, str]) -> list[dict]:
    """One order for each staged one, with its lines, its code, and two refunds where it has one."""
    lines = {key: group for key, group in items.groupby("source_order_id")}
    rows = []
    for order in staged.to_dict("records"):
        key = order["source_order_id"]
        paid, delivered = STATUSES[order["order_status"]]
        own_lines = lines[key].to_dict("records") if key in lines else []
        contact = text(order["source_contact_id"])
        rows.append(
            {
                "id": number(key),
                "customer_id": number(contact) if contact else None,
                "email": guests.get(key),
                "created_at": order["ordered_at"],
                "updated_at": order["updated_at"],
                "cancelled_at": order["updated_at"]
                if order["order_status"] == "cancelled"
                else None,
                "test": order["order_status"] == "test",
                "financial_status": paid,
                "fulfillment_status": delivered,
                "currency": text(order["currency"]),
                "total_price": order["order_total"],
                "total_discounts": order["discount_total"],
                "taxes_included": True,
                "source_name": text(order["sales_channel"]),
                "discount_codes": [{"code": c} for c in [text(order["promotion_code"])] if c],
                "line_items": [
                    {
                        "id": number(key) * 100 + line["line_number"],
                        "product_id": number(line["source_product_id"]),
                        "title": line["source_product_id"],
                        "quantity": float(line["quantity"]),
                        "price": str(line["unit_price"]),
                    }
                    for line in own_lines
                ],
                "refunds": refunds(number(key), order["refund_total"], text(order["currency"])),
            }
        )
    return rows


def refunds(order: int, total: float | None, currency: str | None) -> list[dict[str, Any]]:
    """A refund in two parts: money that was sent back, and a line with shipping beside it."""
    if total is None or pd.isna(total) or not total:
        return []
    cents = round(float(total) * 100)
    sent, line = cents // 2, (cents - cents // 2) // 2
    shipping = cents - sent - line
    money = {"kind": "refund", "status": "success", "currency": currency}
    return [
        {
            "id": order * 10 + 1,
            "order_id": order,
            "transactions": [
                {**money, "amount": f"{sent / 100:.2f}"},
                {**money, "amount": "99.00", "status": "failure"},
            ],
            "refund_line_items": [{"subtotal": 5000.0, "total_tax": 1.0}],
            "order_adjustments": [],
        },
        {
            "id": order * 10 + 2,
            "order_id": order,
            "transactions": [],
            # The prices hold the tax, so that it is no amount beside the line.
            "refund_line_items": [{"subtotal": line / 100, "total_tax": round(line / 700, 2)}],
            "order_adjustments": [
                {
                    "amount": f"-{shipping / 100:.2f}",
                    "tax_amount": "0.00",
                    "kind": "shipping_refund",
                }
            ],
        },
    ]


def land_with_fivetran(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    people: list[dict[str, Any]],
    sales: list[dict[str, Any]],
    products: list[dict[str, Any]],
) -> None:
    """Tables of Fivetran's REST shape: nested properties are columns, lists are tables."""
    flat = []
    for person in people:
        consent = person["email_marketing_consent"]
        flat.append(
            {name: value for name, value in person.items() if not isinstance(value, dict)}
            | {
                "email_marketing_consent_state": consent["state"],
                "email_marketing_consent_consent_updated_at": consent["consent_updated_at"],
            }
        )
    nested = ("line_items", "refunds", "discount_codes")
    tables = {
        "customer": flat,
        "order": [{n: v for n, v in sale.items() if n not in nested} for sale in sales],
        "order_line": [
            {"order_id": sale["id"], "index": place, **line}
            for sale in sales
            for place, line in enumerate(sale["line_items"], 1)
        ],
        "order_discount_code": [
            {"order_id": sale["id"], "index": 0, **code}
            for sale in sales
            for code in sale["discount_codes"]
        ],
        "refund": [
            {"id": refund["id"], "order_id": refund["order_id"]}
            for sale in sales
            for refund in sale["refunds"]
        ],
        "order_line_refund": parts(sales, "refund_line_items"),
        "order_adjustment": parts(sales, "order_adjustments"),
        "transaction": parts(sales, "transactions"),
        "product": [{n: v for n, v in p.items() if n != "price"} for p in products],
        "product_variant": [
            {"id": p["id"] * 10 + n, "product_id": p["id"], "price": p["price"] + n}
            for p in products
            for n in (0, 1)
        ],
    }
    for name, rows in tables.items():
        deleted = {} if name == "customer" else {"_fivetran_deleted": False}
        write(
            connection, schema, name, [{**r, **deleted, "_fivetran_synced": ARRIVED} for r in rows]
        )
    connection.sql(
        f'insert into {schema}."order" by name select * replace (id + 5 as id, true as'
        f' _fivetran_deleted) from {schema}."order" limit 3'
    )


def parts(sales: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The items of a list within refunds, with the refund that each belongs to."""
    return [
        {"refund_id": refund["id"], **part}
        for sale in sales
        for refund in sale["refunds"]
        for part in refund[name]
    ]


def land_with_airbyte(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    people: list[dict[str, Any]],
    sales: list[dict[str, Any]],
    products: list[dict[str, Any]],
) -> None:
    """Streams of Airbyte: what is nested is JSON, and a row synced again is there twice."""
    tables = {
        "customers": people,
        "orders": [{n: v for n, v in sale.items() if n != "refunds"} for sale in sales],
        "order_refunds": [refund for sale in sales for refund in sale["refunds"]],
        "products": [{n: v for n, v in p.items() if n != "price"} for p in products],
        "product_variants": [
            {"id": p["id"] * 10, "product_id": p["id"], "price": str(p["price"])} for p in products
        ],
    }
    for name, rows in tables.items():
        write(connection, schema, name, by_airbyte(rows))


def products(staged: pd.DataFrame) -> list[dict[str, Any]]:
    """One product for each staged one."""
    return [
        {
            "id": number(product["source_product_id"]),
            "title": product["product_name"],
            "product_type": product["category"],
            "price": float(product["price"] or 0),
        }
        for product in staged.to_dict("records")
    ]
