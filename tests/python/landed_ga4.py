"""Writes the visits and purchases of the demo's shop as Fivetran lands Google Analytics 4.

A property has events alone: they name a browser, and the key that the site gives a user.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import duckdb
import pandas as pd
from landed_tables import ARRIVED, Rows, text, write

# Staged events in the words of Google Analytics.
NAMES = {"page_viewed": "page_view", "product_viewed": "view_item", "cart_added": "add_to_cart"}
NAMES |= {"cart_removed": "remove_from_cart", "checkout_started": "begin_checkout"}


def events(staged: pd.DataFrame) -> Rows:
    """One event for each staged one of the web."""
    rows: Rows = []
    for place, event in enumerate(staged.to_dict("records")):
        name, path = event["event_name"], text(event["page_path"])
        value = None if pd.isna(event["event_value"]) else float(event["event_value"])
        row: dict[str, Any] = {
            "name": NAMES.get(name, name),
            "timestamp": event["occurred_at"],
            "user_id": text(event["source_contact_id"]),
            "user_pseudo_id": text(event["anonymous_id"]),
            "device_category": text(event["device_type"]),
            "device_operating_system": text(event["operating_system"]),
            "param_page_location": f"https://shop.example{path}" if path else None,
            "param_campaign": text(event["campaign_id"]),
            "param_value": value,
            "param_currency": "EUR" if value else None,
        }
        rows.append({**row, "batch_event_index": place % 3, "is_intraday": False})
    return rows


def purchases(orders: pd.DataFrame) -> Rows:
    """A purchase for each order, some of them twice, and a refund for what was paid back."""
    rows: Rows = []
    for place, order in enumerate(orders.to_dict("records")):
        contact = text(order["source_contact_id"])
        row: dict[str, Any] = {
            "name": "purchase",
            "timestamp": order["ordered_at"],
            "user_id": contact,
            "user_pseudo_id": f"browser of {contact or order['source_order_id']}",
            "device_category": "desktop",
            "ecommerce_transaction_id": order["source_order_id"],
            "ecommerce_purchase_revenue": float(order["order_total"]),
            "param_currency": order["currency"],
            "is_intraday": False,
        }
        rows.append(row)
        later = order["ordered_at"] + pd.Timedelta(minutes=5)
        if place % 4 == 0:
            # The page of thanks was loaded again.
            rows.append({**row, "timestamp": later})
        if place % 9 == 0:
            rows.append({**row, "ecommerce_transaction_id": "(not set)"})
        if order["refund_total"]:
            money = {"ecommerce_refund_value": float(order["refund_total"])}
            back = {"name": "refund", "timestamp": later, "ecommerce_purchase_revenue": None}
            rows.append({**row, **back, **money})
    return rows


def land(connection: duckdb.DuckDBPyConnection, schema: str, rows: Rows) -> None:
    """Columns of the export, a hash as key, and rows of the running day beside the whole one."""
    running = [{**row, "is_intraday": True} for row in rows[-20:]]
    landed = [
        {
            "_fivetran_id": hashlib.sha256(f"{place}".encode()).hexdigest()[:27],
            "date": row["timestamp"].date(),
            "platform": "WEB",
            "stream_id": 1,
            **row,
            "_fivetran_synced": ARRIVED,
        }
        for place, row in enumerate(rows + running)
    ]
    write(connection, schema, "event", landed)


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the property's own export to BigQuery has it, its lists as JSON."""
    params = []
    for name, value in row.items():
        if name.startswith("param_") and value is not None:
            kind = "double_value" if isinstance(value, float) else "string_value"
            kinds = dict.fromkeys(["string_value", "int_value", "float_value", "double_value"])
            params.append({"key": name.removeprefix("param_"), "value": {**kinds, kind: value}})
    money = {
        name: row.get(f"ecommerce_{name}")
        for name in ("transaction_id", "purchase_revenue", "refund_value")
    }
    device = {"category": row["device_category"]}
    device |= {"operating_system": row.get("device_operating_system")}
    return {
        "event_date": f"{row['timestamp']:%Y%m%d}",
        "event_timestamp": int(row["timestamp"].timestamp() * 1_000_000),
        "event_name": row["name"],
        "event_params": json.dumps(params),
        "user_id": row["user_id"],
        "user_pseudo_id": row["user_pseudo_id"],
        "event_bundle_sequence_id": row.get("batch_event_index"),
        "platform": "WEB",
        "stream_id": "1",
        "device": json.dumps(device),
        "ecommerce": json.dumps(money),
    }


def land_as_exported(
    connection: duckdb.DuckDBPyConnection, schema: str, rows: Rows, by_day: bool
) -> None:
    """One table of all days, or a table for each, the first of which was copied with the second."""
    landed = [nested(row) for row in rows]
    if not by_day:
        write(connection, schema, "events", landed)
        return
    days: dict[str, Rows] = {}
    for row in landed:
        days.setdefault(row["event_date"], []).append(row)
    first, second = sorted(days)[:2]
    days[second] = days[second] + days[first]
    for day, happened in days.items():
        write(connection, schema, f"events_{day}", happened)
    write(connection, schema, f"events_intraday_{int(max(days)) + 1}", landed[-20:])
