"""Raw tables whose every value may be anything: plausible, odd as files bring it, or missing."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml
from project import ROOT

LAST_DAY = datetime(2026, 6, 30)
TABLES = yaml.safe_load((ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8"))[
    "sources"
][0]["tables"]
# Rows per contact; a table that is not named has half a row.
ROWS = {"raw_contacts": 1, "raw_consents": 1, "raw_orders": 2, "raw_order_items": 2}
ROWS["raw_events"] = 4

NOTHING = ["", " ", "\u00a0", "\t\n", "null", "None", "N/A", "-", "\\N"]
TEXTS = [
    "'",
    '"',
    "''; drop table x;--",
    "{{ x }}",
    "%s",
    "\\",
    "a" * 10_000,
    "\x01",
    "a\x1fb",
    'q"\x1d\\',
]
TEXTS += ["🙂", "مرحبا", "\u202eabc", "\uff26ull", "İstanbul", "e\u0301", "\u200b", "\ufeffx"]
TEXTS += ["x||y|"]
JSON = ["true", "[]", "{}", '{"a":', '{"a": NaN}', '{"price": 1e400}', '{"k": "v\\u0000"}']
NUMBERS = ["0", "-1", "-0.0", "0.005", "1e5", "1e400", "NaN", "inf", "-Infinity", "1,234.56"]
NUMBERS += ["0x10", "0b1", "€5", "1_000", ".5", "5.", "١٢٣", "9" * 23, "12345678901234567890.1234"]
NUMBERS += ["+00", "007"]
TIMES = ["2026-02-30", "0001-01-01", "9999-12-31", "99999-01-01", "1969-12-31", "01/02/2026"]
TIMES += ["2026-06-30T23:59:59.999999Z", "2026-06-30 24:00:00", "2026-06-30T12:00:00+14:00"]
TIMES += ["20260630", "1767225600", "1767225600000", "infinity", "-infinity", "0044-03-15 (BC)"]
HOSTILE = NOTHING + TEXTS + JSON + NUMBERS + TIMES

# What a column of a type arrives as when a driver, not a text file, wrote it.
NATIVE_TYPES = {
    "timestamp": ["timestamp", "timestamptz", "date", "timestamp_s", "timestamp_ns"],
    "date": ["date", "timestamp", "timestamptz"],
    "decimal": ["double", "float", "decimal(38, 10)", "integer", "hugeint"],
    "rate": ["double", "decimal(10, 2)"],
    "integer": ["bigint", "double", "utinyint", "decimal(12, 3)"],
}


def seed_column(name: str) -> list[str]:
    """First column of a reference seed."""
    with (ROOT / f"seeds/reference/{name}.csv").open(encoding="utf-8") as file:
        return [row[0] for row in csv.reader(file)][1:]


class HostileTables:
    """Every table of the input contract, about a twentieth of its values hostile or missing.

    Args:
        seed: The same seed makes the same tables.
        contacts: Rows of raw_contacts, some of them versions of one contact.
    """

    def __init__(self, seed: int, contacts: int) -> None:
        """Settle what each column usually holds."""
        self.random = random.Random(seed)
        self.contacts = contacts
        keys = [str(number) for number in range(contacts // 4)]
        emails = [f"person{number}@example.com" for number in range(contacts // 6)]
        emails += ["PERSON1@EXAMPLE.COM", "noreply@x.com", "a@b", "@", "ü@ö.de", '"q q"@x.de']
        phones = [f"+4930{1_000_000 + number}" for number in range(contacts // 6)]
        phones += ["030 1234567", "(212) 555-0100", "0000000000", "123", "+999123", "٠٣٠١٢٣٤٥٦٧"]
        self.usual: dict[str, Sequence[str | None]] = {
            "source_system": ["crm", "shop", "web", "CRM", "crm "],
            "event_id": [str(number) for number in range(contacts)],
            "email": emails,
            "phone": phones,
            "event_name": [*seed_column("event_vocabulary"), "Weird Name"],
            "order_status": [*seed_column("order_statuses"), "mystery"],
            "identifier_type": [*seed_column("identifier_types"), "weird"],
            "identifier_value": [*keys, *emails[:5]],
            "channel": ["email", "sms", "push", "web", "app", "direct_mail", "ads"],
            "consent_status": ["granted", "withdrawn", "GRANTED", "maybe"],
            "currency": ["EUR", "USD", "GBP", "eur", "XXX"],
            "country": ["DE", "Germany", "US", "gb", "ZZ"],
            "timezone": ["Europe/Berlin", "UTC", "CET", "Mars/Base"],
            "gender": ["m", "f", "Female", "x"],
            "party": ["second", "third", "fourth"],
            "properties": ['{"a": 1}', "[1,2", '{"a":{"b":[1,{"d":null}]}}'],
            "experiment_name": ["exp1", "exp2"],
            "variant": ["control", "treatment", "B"],
            "deleted_at": [*[None] * 30, "2026-05-01"],
        }
        for key in ("contact", "order", "product"):
            self.usual[f"source_{key}_id"] = keys
        self.usual |= {"campaign_id": keys, "anonymous_id": keys}

    def value(self, column: dict[str, Any]) -> str | None:
        """One value of a column."""
        chance = self.random.random()
        if chance < 0.05:
            return self.random.choice([*HOSTILE, None])
        if column["name"] in self.usual:
            usual = self.random.choice(self.usual[column["name"]])
        elif column["data_type"] in ("timestamp", "date"):
            age = timedelta(seconds=self.random.randrange(-3 * 86_400, 760 * 86_400))
            usual = str(LAST_DAY - age)
        elif column["data_type"] in ("decimal", "rate"):
            usual = str(round(self.random.uniform(-5, 500), self.random.choice([0, 2, 4])))
        elif column["data_type"] == "integer":
            usual = str(self.random.randrange(1, 6))
        else:
            usual = self.random.choice(["alpha", "Beta", "gamma delta", "O'Neil", "x|y"])
        return f" {usual} " if usual and chance > 0.98 else usual

    def write(self, database: Path, *, native: bool = False, backwards: bool = False) -> None:
        """Write the tables into the schema raw.

        Args:
            database: A new DuckDB file.
            native: Give columns the types that a driver would, and what cannot be of them null.
            backwards: Write the rows in the opposite order.
        """
        with duckdb.connect(str(database)) as connection:
            connection.sql("create schema raw")
            for table in TABLES:
                columns = table["columns"]
                count = int(self.contacts * ROWS.get(table["name"], 0.5))
                rows = [[self.value(column) for column in columns] for _ in range(count)]
                # Exact repeats.
                rows += [self.random.choice(rows) for _ in range(count // 10)]
                if backwards:
                    rows.reverse()
                names = [column["name"] for column in columns]
                values = pd.DataFrame(rows, columns=names, dtype="object")
                connection.register("rows", values)
                casts = ", ".join(
                    f'try_cast("{column["name"]}" as {self.data_type(column, native)})'
                    f' as "{column["name"]}"'
                    for column in columns
                )
                connection.sql(f"create table raw.{table['name']} as select {casts} from rows")

    def data_type(self, column: dict[str, Any], native: bool) -> str:
        """Type of a column in DuckDB: one that a driver may give it, or text."""
        types = NATIVE_TYPES.get(column["data_type"]) if native else None
        return self.random.choice(types) if types else "text"
