"""Writes attributes of the demo's people as providers deliver them.

A data house delivers wide rows, found by an address or its hash; a partner lines of traits, found
by a key of the shop.
"""

from __future__ import annotations

import duckdb
import pandas as pd
from landed_tables import Rows, text, write


def wide(staged: pd.DataFrame) -> Rows:
    """One row for each key and day, with a column for each attribute; no value is nothing."""
    rows: dict[tuple[str | None, ...], dict[str, str | None]] = {}
    for row in staged.to_dict("records"):
        who = tuple(text(row[key]) for key in ("email", "email_sha256", "observed_at"))
        kept = rows.setdefault(who, {"EMAIL": who[0], "HEM": who[1], "file_date": who[2]})
        kept[row["attribute_name"]] = row["attribute_value"]
    # The hash of some is written in capitals, as houses do.
    for place, row in enumerate(rows.values()):
        if place % 2:
            row["HEM"] = row["HEM"] and row["HEM"].upper()
    return list(rows.values())


def lines(staged: pd.DataFrame) -> Rows:
    """One line for each key and moment, its traits behind it."""
    of_key = staged.groupby(["source_contact_id", "observed_at"])
    return [
        {
            "column0": key,
            "column1": ",".join(
                f'"{row["attribute_name"]}"="{row["attribute_value"]}"'
                for row in rows.to_dict("records")
            ),
            "delivered_at": str(observed_at),
        }
        for (key, observed_at), rows in of_key
    ]


def land(connection: duckdb.DuckDBPyConnection, schema: str, landed: dict[str, Rows]) -> None:
    """The files, loaded as tables of texts."""
    for name, rows in landed.items():
        write(connection, schema, name, rows)
