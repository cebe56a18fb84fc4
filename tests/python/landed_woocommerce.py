"""Writes the people and orders of the demo's shop as a loader lands them from WooCommerce.

It begins with what landed_shopify makes of the staged demo, and says the same in the words of the
other shop: money and moments are texts, moments have no zone, a guest has the number 0.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, by_airbyte, flat, number, text, write

# Shopify's words for what was paid and delivered in those of WooCommerce.
STATUSES = {"paid": "processing", "pending": "pending", "voided": "cancelled"}
STATUSES |= {"refunded": "refunded", "partially_refunded": "completed"}
BILLING = {"address1": "address_1", "zip": "postcode", "city": "city", "province": "state"}
BILLING |= {"country_code": "country", "company": "company"}
CHANNELS = {"web": "checkout", "store": "pos-rest-api"}


def moment(value: object) -> str | None:
    """A moment as WooCommerce writes it: UTC, and no word of it."""
    return None if value is None or pd.isna(value) else pd.Timestamp(value).isoformat()


def customers(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One account for each customer. Whoever asked to be erased has none any more."""
    return [
        {
            "id": person["id"],
            "email": person["email"],
            "first_name": person["first_name"],
            "last_name": person["last_name"],
            "date_created_gmt": moment(person["created_at"]),
            "date_modified_gmt": moment(person["updated_at"]),
            "billing": {
                "phone": person["phone"],
                **{name: person["default_address"][column] for column, name in BILLING.items()},
            },
        }
        for person in people
        if person["email_marketing_consent"]["state"] != "redacted"
    ]


def orders(sales: list[dict[str, Any]], staged: pd.DataFrame) -> list[dict[str, Any]]:
    """One order for each of Shopify's, with its refunds in two parts."""
    totals = dict(zip(map(number, staged["source_order_id"]), staged["refund_total"], strict=True))
    rows = []
    for sale in sales:
        status = STATUSES[sale["financial_status"]]
        if status == "processing" and sale["fulfillment_status"]:
            status = "completed"
        cents = round(float(totals[sale["id"]] or 0) * 100)
        parts = [part for part in (cents // 3, cents - cents // 3) if part]
        rows.append(
            {
                "id": sale["id"],
                "parent_id": 0,
                "customer_id": sale["customer_id"] or 0,
                "status": "trash" if sale["test"] else status,
                "currency": sale["currency"],
                "total": str(sale["total_price"]),
                "discount_total": text(sale["total_discounts"]),
                "date_created_gmt": moment(sale["created_at"]),
                "date_modified_gmt": moment(sale["updated_at"]),
                "created_via": CHANNELS.get(sale["source_name"], sale["source_name"]),
                "billing": {"email": sale["email"]},
                "line_items": [
                    {
                        "id": line["id"],
                        "product_id": line["product_id"],
                        "name": line["title"],
                        "quantity": line["quantity"],
                        "price": float(line["price"]),
                    }
                    for line in sale["line_items"]
                ],
                "coupon_lines": sale["discount_codes"],
                "refunds": [
                    {"id": sale["id"] * 10 + place, "total": f"-{part / 100:.2f}"}
                    for place, part in enumerate(parts)
                ],
            }
        )
    return rows


def land_with_fivetran(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    people: list[dict[str, Any]],
    sales: list[dict[str, Any]],
) -> None:
    """Nested properties are columns, lists are tables, and one refund is an order of its own."""
    refunds = [
        {"id": refund["id"], "order_id": sale["id"], "amount": refund["total"].removeprefix("-")}
        for sale in sales
        for refund in sale["refunds"]
    ]
    sold = [flat(sale) for sale in sales]
    refund = refunds[0]
    of_its_own = {"id": refund["id"], "parent_id": refund["order_id"]}
    of_its_own |= {"total": f"-{refund['amount']}", "status": "completed"}
    sold.append({**sold[0], **of_its_own})
    tables = {
        "customer": [flat(person) for person in people],
        "orders": sold,
        "order_line_item": [
            {"order_id": sale["id"], **line} for sale in sales for line in sale["line_items"]
        ],
        "refund": refunds,
    }
    for name, rows in tables.items():
        landed = [{**row, "_fivetran_synced": ARRIVED, "_fivetran_deleted": False} for row in rows]
        write(connection, schema, name, landed)


def land_with_airbyte(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    people: list[dict[str, Any]],
    sales: list[dict[str, Any]],
) -> None:
    """What is nested is JSON, and a row that was synced again is there twice."""
    for name, rows in {"customers": people, "orders": sales}.items():
        write(connection, schema, name, by_airbyte(rows))
