"""A few rows of systems as their loaders land them, each with what somebody once got wrong."""

from __future__ import annotations

from typing import Any

DAY = "timestamptz '2026-01-05 10:00:00+00'"
LATER = "timestamptz '2026-03-01 10:00:00+00'"
INSTANCES: list[dict[str, Any]] = [
    {"system": "shopify", "loader": "airbyte", "schema": "sample_shopify"},
    {"system": "shopify", "loader": "dlt", "schema": "sample_history"},
    {"system": "hubspot", "loader": "airbyte", "schema": "sample_hubspot"},
    {"system": "clevertap", "loader": "export", "schema": "sample_clevertap"}
    | {"feeds": ["contacts", "contact_identifiers", "events", "consents", "orders"]},
    {"system": "mixpanel", "loader": "mixpanel", "schema": "sample_mixpanel"},
]
for entry in INSTANCES:
    entry["source_system"] = entry["schema"]
TABLES = {
    "sample_shopify.customers": (
        f"select 1 as id, 'a@example.com' as email, {DAY} as created_at,"
        f" {LATER} as _airbyte_extracted_at"
    ),
    # A deletion is a row of its own, with nothing but the key and the moment.
    "sample_shopify.orders": (
        "select unnest([10, 11, 11]) as id, unnest(['a@example.com', 'a@example.com', null]) as"
        f" email, unnest([{DAY}, {DAY}, null]) as created_at, unnest([30.0, 40.0, null]) as"
        " total_price, unnest(['paid', 'paid', null]) as financial_status, 'EUR' as currency,"
        f" unnest([null, null, {LATER}]) as deleted_at, unnest([{DAY}, {DAY}, {LATER}]) as"
        " _airbyte_extracted_at"
    ),
    "sample_shopify.products": (
        "select unnest([5, 6]) as id, unnest(['Tea', null]) as title, unnest([null,"
        f" '2026-03-01T10:00:00Z']) as deleted_at, {LATER} as _airbyte_extracted_at"
    ),
    # dlt keeps former versions, and ends that of a row which is no longer there.
    "sample_history.customers": (
        f"select 1 as id, 'a@example.com' as email, {DAY} as created_at, '1.5' as _dlt_load_id,"
        " 'd' as _dlt_id"
    ),
    "sample_history.orders": (
        f"select unnest([10, 10, 11]) as id, unnest(['50', '45', '9']) as total_price, {DAY} as"
        f" created_at, 'paid' as financial_status, 'EUR' as currency, unnest([{LATER}, null,"
        f" {LATER}]) as _dlt_valid_to, unnest(['1.5', '2.5', '1.5']) as _dlt_load_id,"
        " unnest(['a', 'b', 'c']) as _dlt_id"
    ),
    "sample_history.orders__line_items": (
        "select unnest([1, 2]) as id, 5 as product_id, 1 as quantity, 45.0 as price, unnest(['b',"
        " 'c']) as _dlt_parent_id, 0 as _dlt_list_idx, unnest(['e', 'f']) as _dlt_id"
    ),
    "sample_hubspot.contacts": (
        "select unnest(['1', '2']) as id, unnest([false, true]) as archived, '{\"email\":"
        ' "a@example.com", "createdate": "2026-01-05T10:00:00.123Z"}\' as properties,'
        " '2026-01-05T10:00:00.123Z' as \"createdAt\""
    ),
    # What is nested became columns whose names have dots, all of them texts.
    "sample_clevertap.events": (
        "select '20260105100000' as ts, 'Charged' as \"eventName\", 'c7' as \"profile.identity\","
        " 'd7' as \"profile.objectId\", 'O9' as \"eventProps.Charged ID\", '1200.50' as"
        ' "eventProps.Amount", \'INR\' as "eventProps.Currency"'
    ),
    "sample_clevertap.profiles": (
        "select unnest(['c7', 'c8']) as identity, 'a@example.com' as email, 'f' as \"MSG-email\""
    ),
    # Somebody with a profile whose events are those of a browser.
    "sample_mixpanel.mp_master_event": (
        f"select 'Buy' as event_name, {DAY} as time, '$device:d1' as distinct_id, 'd1' as"
        " device_id, 'i1' as insert_id, '{\"amount\": 12.5}' as properties"
    ),
    "sample_mixpanel.mp_people_data_view": (
        'select \'u1\' as distinct_id, \'{"$email": "a@example.com", "$created":'
        ' "2025-01-01T00:00:00"}\' as properties'
    ),
    "sample_mixpanel.mp_identity_mappings_data_view": (
        "select '$device:d1' as distinct_id, 'u1' as resolved_distinct_id"
    ),
}
# What has to come out: a table, columns, and the rows of an instance.
EXPECTED = {
    "a deleted order is gone": (
        ("orders", "source_order_id, order_total", "sample_shopify"),
        [("10", "30.0000")],
    ),
    "a deleted product is gone": (
        ("products", "source_product_id, product_name", ""),
        [("5", "Tea")],
    ),
    "a version that ended is none": (
        ("orders", "source_order_id, order_total", "sample_history"),
        [("10", "45.0000")],
    ),
    "lines of a version that ended are none": (
        ("order_items", "source_order_id, quantity", "sample_history"),
        [("10", "1.0000")],
    ),
    "an archived contact is gone": (
        ("contacts", "source_contact_id, created_at", "sample_hubspot"),
        [("1", "2026-01-05 10:00:00.123")],
    ),
    "names with dots are read": (
        ("orders", "source_order_id, source_contact_id, order_total, currency", "sample_clevertap"),
        [("O9", "c7", "1200.5000", "INR")],
    ),
    "a profile without a date is of the day": (
        ("contacts", "source_contact_id, created_at", "sample_clevertap"),
        [("c7", "2026-01-05 10:00:00"), ("c8", "2026-06-30 00:00:00")],
    ),
    "a profile says whose a browser is": (
        ("contact_identifiers", "source_contact_id, identifier_value", "sample_mixpanel"),
        [("u1", "d1")],
    ),
}
