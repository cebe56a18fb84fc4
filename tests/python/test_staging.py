"""Every raw row is accounted for, and rejected for the reason that holds, if for any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import yaml
from project import ROOT, run_model

CONTRACT = yaml.safe_load((ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8"))
TABLES = {table["name"]: table for table in CONTRACT["sources"][0]["tables"]}

# A good row of every table; each case below changes one value of it. As of 2026-06-30.
GOOD = {
    "raw_contacts": {"created_at": "2026-01-01"},
    "raw_contact_identifiers": {"identifier_type": "crm_id", "identifier_value": "x"},
    "raw_orders": {"ordered_at": "2026-01-01", "order_total": "10.00"},
    "raw_order_items": {"line_number": "1", "quantity": "1", "unit_price": "1.00"},
    "raw_products": {},
    "raw_events": {"occurred_at": "2026-01-01"},
    "raw_campaigns": {"started_at": "2026-01-01"},
    "raw_consents": {"consent_status": "granted", "occurred_at": "2026-01-01"},
    "raw_contact_tags": {"tagged_at": "2026-01-01"},
    "raw_contact_attributes": {"party": "third", "observed_at": "2026-01-01", "email": "a@b.de"},
    "raw_experiment_assignments": {"assigned_at": "2026-01-01"},
    "raw_exchange_rates": {
        "currency": "USD",
        "rate_date": "2026-01-01",
        "rate_to_reporting_currency": "0.9",
    },
}
BASES = {
    "raw_contacts": "base_people__contacts",
    "raw_contact_identifiers": "base_people__contact_identifiers",
    "raw_orders": "base_commerce__orders",
    "raw_order_items": "base_commerce__order_items",
    "raw_products": "base_commerce__products",
    "raw_events": "base_activity__events",
    "raw_campaigns": "base_activity__campaigns",
    "raw_consents": "base_people__consents",
    "raw_contact_tags": "base_people__contact_tags",
    "raw_contact_attributes": "base_people__contact_attributes",
    "raw_experiment_assignments": "base_activity__experiment_assignments",
    "raw_exchange_rates": "base_commerce__exchange_rates",
}

# What stands between a raw table and its base model, and what else that reads.
VIEWS = {
    "raw_events": ["base_activity__event_rows"],
    "raw_orders": ["base_commerce__order_rows"],
}
NO_ORDERS = pd.DataFrame(
    {
        name: pd.Series([], dtype="string")
        for name in ("source_system", "source_order_id", "row_status")
    }
).assign(version_at=pd.to_datetime([]))
NO_PHONES = pd.DataFrame(
    columns=["phone", "country_code", "phone_e164", "phone_line", "rejection_reason"],
    dtype="string",
)
SPELLINGS = pd.DataFrame(
    [("consent_status", "granted", "granted"), ("consent_status", "withdrawn", "withdrawn")],
    columns=["kind", "spelling", "stored_value"],
    dtype="string",
)
# The data end with the as-of date.
NO_LATER_DAY = pd.DataFrame({"passed_until": pd.to_datetime([None]).date})


def judged(
    compiled: Callable[[str], str], table: str, rows: list[dict[str, str | None]]
) -> list[tuple[str, str | None]]:
    """Status and reason of raw rows, in their order; each row is a good one with some changes."""
    columns = [column["name"] for column in TABLES[table]["columns"]]
    good = {
        column["name"]: "x"
        for column in TABLES[table]["columns"]
        if column.get("config", {}).get("meta", {}).get("required")
    } | GOOD[table]
    frame = pd.DataFrame(
        [{c: {**good, **row}.get(c) for c in columns} for row in rows], dtype="object"
    ).astype("string")
    views = {name: compiled(name) for name in VIEWS.get(table, [])}
    inputs = {table: frame, "base_people__phone_numbers": NO_PHONES}
    inputs |= {"base_people__spellings": SPELLINGS, "base_activity__data_horizon": NO_LATER_DAY}
    if table == "raw_order_items":
        inputs["base_commerce__orders"] = NO_ORDERS
    result = run_model(compiled(BASES[table]), inputs, views)
    keyed = result.assign(reason=result["rejection_reason"].astype("object"))
    return [
        (s, None if pd.isna(r) else r)
        for s, r in zip(keyed["row_status"], keyed["reason"], strict=True)
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_good_row_is_kept_and_its_exact_repeat_superseded(
    compiled: Callable[[str], str], table: str
) -> None:
    assert sorted(judged(compiled, table, [{}, {}])) == [("kept", None), ("superseded", None)]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_without_a_required_value_is_rejected_for_it(
    compiled: Callable[[str], str], table: str
) -> None:
    required = [
        column["name"]
        for column in TABLES[table]["columns"]
        if column.get("config", {}).get("meta", {}).get("required")
    ]
    blanks = (None, "", " \t\n", "NULL")
    found = judged(compiled, table, [{column: blank} for column in required for blank in blanks])

    expected = [("rejected", f"{column}_missing") for column in required for _ in blanks]
    assert sorted(found) == sorted(expected)


CASES = [
    ("raw_contacts", {"created_at": "31/01/2026"}, "created_at_unreadable"),
    ("raw_contacts", {"created_at": "2026-02-30"}, "created_at_unreadable"),
    ("raw_contacts", {"created_at": "yesterday"}, "created_at_unreadable"),
    ("raw_contacts", {"created_at": "infinity"}, "created_at_unreadable"),
    ("raw_contacts", {"created_at": "2026-01-01 25:00:00"}, "created_at_unreadable"),
    ("raw_contacts", {"created_at": "1969-12-31 23:59:59"}, "created_at_before_1970"),
    ("raw_contacts", {"created_at": "2026-07-02"}, "created_at_in_the_future"),
    ("raw_contacts", {"created_at": "1767225600"}, "created_at_in_epoch_seconds"),
    ("raw_contacts", {"created_at": "1767225600000"}, "created_at_in_epoch_milliseconds"),
    ("raw_contacts", {"created_at": "0025-06-01"}, "created_at_year_out_of_range"),
    ("raw_consents", {"occurred_at": "3000-01-01T00:00:00Z"}, "occurred_at_year_out_of_range"),
    ("raw_orders", {"order_total": "1,234.50"}, "order_total_unreadable"),
    ("raw_orders", {"order_total": "NaN"}, "order_total_unreadable"),
    ("raw_orders", {"order_total": "9" * 15}, "order_total_unreadable"),
    ("raw_orders", {"ordered_at": "2026-07-02 00:00:00"}, "ordered_at_in_the_future"),
    ("raw_order_items", {"quantity": "0"}, "quantity_not_positive"),
    ("raw_order_items", {"quantity": "-1"}, "quantity_not_positive"),
    ("raw_order_items", {"quantity": "4006381333931"}, "quantity_too_large"),  # a bar code
    ("raw_order_items", {"unit_price": "-0.01"}, "unit_price_negative"),
    ("raw_order_items", {"line_number": "first"}, "line_number_unreadable"),
    ("raw_consents", {"occurred_at": "yesterday"}, "occurred_at_unreadable"),
    ("raw_consents", {"occurred_at": "2031-01-01"}, "occurred_at_in_the_future"),
    ("raw_contact_attributes", {"party": "first"}, "party_unknown"),
    ("raw_contact_attributes", {"email": None}, "contact_missing"),
    ("raw_contact_attributes", {"email": None, "email_sha256": "5d4140"}, "contact_missing"),
    ("raw_exchange_rates", {"currency": "dollars"}, "currency_unreadable"),
    ("raw_exchange_rates", {"rate_to_reporting_currency": "0"}, "rate_not_positive"),
    ("raw_events", {"event_id": "undefined"}, "event_id_is_a_placeholder"),
]


@pytest.mark.parametrize(("table", "change", "reason"), CASES)
def test_an_impossible_row_is_rejected_with_its_reason(
    compiled: Callable[[str], str], table: str, change: dict[str, str | None], reason: str
) -> None:
    assert judged(compiled, table, [change]) == [("rejected", reason)]


PLACEHOLDERS = ["0", "undefined", "NULL ", "null", "None", "nan", "-1", "Anonymous", "n/a"]


@pytest.mark.parametrize("table", TABLES)
def test_a_placeholder_is_no_key_in_any_table(compiled: Callable[[str], str], table: str) -> None:
    keys = [
        column["name"]
        for column in TABLES[table]["columns"]
        if column["name"].endswith("_id")
        and column.get("config", {}).get("meta", {}).get("required")
    ]
    for key in keys:
        found = judged(compiled, table, [{key: placeholder} for placeholder in PLACEHOLDERS])
        assert {status for status, _ in found} == {"rejected"}, key
        assert {reason for _, reason in found} <= {f"{key}_is_a_placeholder", f"{key}_missing"}


@pytest.mark.parametrize("table", TABLES)
def test_no_optional_value_rejects_its_row(compiled: Callable[[str], str], table: str) -> None:
    columns = TABLES[table]["columns"]
    required = [c["name"] for c in columns if c.get("config", {}).get("meta", {}).get("required")]
    key = next((name for name in required if name.endswith("_id")), "provider")
    optional = [
        c["name"] for c in columns if c["data_type"] != "text" and c["name"] not in required
    ]
    moments = ["1969-12-31 23:59:59", "2031-01-01", "yesterday", "1767225600", "0", ""]
    rows: list[dict[str, str | None]] = [
        {key: f"{column} {moment}", column: moment} for column in optional for moment in moments
    ]

    if rows:
        # Exchange rates have no key that tells these rows apart, so one of them stands for all.
        verdicts = {("kept", None), *([("superseded", None)] * (table == "raw_exchange_rates"))}
        assert set(judged(compiled, table, rows)) == verdicts


@pytest.mark.parametrize(
    "change",
    [
        {"consent_status": "maybe"},
        *[
            {"consent_status": "withdrawn", "occurred_at": day}
            for day in (None, "soon", "2031-01-01")
        ],
        {"consent_status": "withdrawn", "channel": None},
    ],
)
def test_a_no_is_rejected_for_nothing_but_its_key(
    compiled: Callable[[str], str], change: dict[str, str | None]
) -> None:
    assert judged(compiled, "raw_consents", [change]) == [("kept", None)]
    nobody = {**change, "source_contact_id": None}
    assert judged(compiled, "raw_consents", [nobody]) == [("rejected", "source_contact_id_missing")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-01", "2026-03-01 00:00:00"),
        ("2026-03-01T10:11", "2026-03-01 10:11:00"),
        (" 2026-03-01T10:11:12Z ", "2026-03-01 10:11:12"),
        ("2026-03-01 00:30:00+02:00", "2026-02-28 22:30:00"),
        ("2026-02-28 23:30:00-05", "2026-03-01 04:30:00"),
        ("2024-02-29 12:00:00.250", "2024-02-29 12:00:00.250000"),
        ("2026-03-01 10:11:12 UTC", "2026-03-01 10:11:12"),
        ("2026-03-01 10:11:12.5+0000", "2026-03-01 10:11:12.5"),
        ("2026-02-28 23:30:00-0500", "2026-03-01 04:30:00"),
        ("2026-03-01 00:30 +0200", "2026-02-28 22:30:00"),
        ("2026-03-01t10:11:12z", "2026-03-01 10:11:12"),
        ("2026-03-01t10:11", "2026-03-01 10:11:00"),
    ],
)
def test_a_moment_is_read_as_utc(compiled: Callable[[str], str], written: str, meant: str) -> None:
    columns = [column["name"] for column in TABLES["raw_events"]["columns"]]
    row = {"source_system": "x", "event_id": "x", "event_name": "x", "occurred_at": written}
    frame = pd.DataFrame([{c: row.get(c) for c in columns}], dtype="object").astype("string")

    result = run_model(compiled("base_activity__event_rows"), {"raw_events": frame})

    assert pd.Timestamp(result["occurred_at"][0]) == pd.Timestamp(meant)


@pytest.mark.parametrize(
    ("written", "kept", "given_up"),
    [
        ('{"a": [1, "}", null]}', '{"a": [1, "}", null]}', None),
        ("7", "7", None),
        ('{"a":', None, '{"a":'),
        ("a=1", None, "a=1"),
        ("{'a': 1}", None, "{'a': 1}"),
        ('{"a": 1}}', None, '{"a": 1}}'),
        ("NULL", None, None),
    ],
)
def test_properties_that_are_no_json_are_given_up_and_told(
    compiled: Callable[[str], str], written: str, kept: str | None, given_up: str | None
) -> None:
    columns = [column["name"] for column in TABLES["raw_events"]["columns"]]
    row = {"source_system": "x", "event_id": "x", "event_name": "x", "properties": written}
    row["event_value"] = "1767225600000"  # A moment in the wrong column.
    rows = [{**row, "occurred_at": "2026-03-01"}, {**row, "event_id": "y", "occurred_at": "soon"}]
    frame = pd.DataFrame([{c: r.get(c) for c in columns} for r in rows], dtype="object")
    raw_events = {"raw_events": frame.astype("string")}
    names = ["base_activity__event_rows", "base_activity__events"]
    views = {name: compiled(name) for name in names}
    seeds = {
        "event_names": pd.DataFrame(
            {"source_system": ["*"], "source_event_name": ["-"], "event_name": ["-"]}
        ),
        "event_vocabulary": pd.DataFrame({"event_name": ["-"], "is_visit": [True]}),
        "base_people__spellings": SPELLINGS,
    }

    found = run_model(compiled("stg_activity__events"), {**raw_events, **seeds}, views)
    judged_rows = run_model(views.pop("base_activity__events"), raw_events, views)
    rejected = judged_rows[judged_rows["row_status"] == "rejected"]

    def texts(values: pd.Series) -> list[str | None]:
        return [None if pd.isna(value) else str(value) for value in values]

    assert texts(found["properties"]) == [kept]
    assert texts(found["raw_properties"]) == [given_up]
    assert texts(found["event_value"]) == [None]
    assert texts(found["raw_event_value"]) == ["1767225600000"]
    # A rejected row tells everything as it came.
    assert texts(rejected["properties"]) == [None if written == "NULL" else written]


def test_the_order_of_arrival_decides_nothing(compiled: Callable[[str], str]) -> None:
    rows: list[dict[str, str | None]] = [
        {"city": "a"},
        {"city": "b"},
        {"city": "c", "updated_at": "2026-02-01"},
        {"city": "d", "updated_at": "2026-02-01"},
    ]
    columns = [column["name"] for column in TABLES["raw_contacts"]["columns"]]
    good = {"source_system": "x", "source_contact_id": "x", "created_at": "2026-01-01"}

    def kept(order: list[dict[str, str | None]]) -> str:
        values = [{c: {**good, **row}.get(c) for c in columns} for row in order]
        frame = pd.DataFrame(values, dtype="object").astype("string")
        result = run_model(compiled("base_people__contacts"), {"raw_contacts": frame})
        return result.loc[result["row_status"] == "kept", "city"].item()

    assert kept(rows) == kept(rows[::-1])
    assert kept(rows) in {"c", "d"}


def test_hostile_text_survives_in_the_rejected_rows(demo: Callable[[str], pd.DataFrame]) -> None:
    rows = demo("select raw_table, raw_values from main_personal.rejected_rows")

    for raw_table, raw_values in rows.itertuples(index=False):
        values: dict[str, Any] = yaml.safe_load(raw_values)
        names = [column["name"] for column in TABLES[raw_table]["columns"]]
        # When the row arrived is no value of it.
        assert list(values) == [name for name in names if name != "loaded_at"]


def test_what_the_demo_rejects_is_what_its_generator_planted(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    accounts = demo("from main_quality.row_accounting").set_index("raw_table")

    assert (
        accounts["rows_in"]
        == accounts["rows_kept"] + accounts["rows_superseded"] + accounts["rows_rejected"]
    ).all()
    assert accounts.loc["raw_contacts", "rows_rejected"] == 8
    assert accounts.loc["raw_orders", "rows_rejected"] == 10
    assert accounts.loc["raw_events", "rows_rejected"] == 9
    assert accounts.loc["raw_events", "rows_early"] == 2
    assert accounts.loc["raw_exchange_rates", "rows_rejected"] == 3
