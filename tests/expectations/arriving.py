"""What is expected of the raw tables before anything is cleaned.

Raw data is hostile, and staging sorts out single bad rows. So a column may hold some bad values
(``mostly``), but not so many that the column must be the wrong one. ``critical`` (the default)
means that whatever is built on the table would be wrong; a ``warning`` wants a look at the source.

Every value is read as text, an empty one as null. A null breaks nothing but an expectation that
values be there. A column that no table has is worked out in recounted.py.
"""

from __future__ import annotations

from pathlib import Path

import great_expectations.expectations as gxe
import yaml

# The columns that must be there stand in the contract of the raw tables, and only there.
CONTRACT = Path(__file__).parents[2] / "models" / "staging" / "_raw__sources.yml"
REQUIRED = {
    table["name"]: [
        column["name"]
        for column in table["columns"]
        if column.get("config", {}).get("meta", {}).get("required")
    ]
    for source in yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["sources"]
    for table in source["tables"]
}

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+\Z"
PHONE = r"^[+(]?[\d\s()./-]{6,}\Z"
MOMENT = (
    r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?\Z"
)
DAY = r"^\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?\Z"
AMOUNT = r"^[+-]?\d+(?:\.\d+)?\Z"
QUANTITY = r"^\d+(?:\.\d+)?\Z"
CURRENCY = r"^[A-Za-z]{3}\Z"
CONSENT = r"(?i)^(?:granted|withdrawn)\Z"

EXPECTATIONS: dict[str, list[gxe.Expectation]] = {
    "raw_contacts": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="source_system", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="source_contact_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="created_at", mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="created_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="updated_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="deleted_at", regex=MOMENT),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL, mostly=0.9),
        gxe.ExpectColumnValuesToMatchRegex(
            column="phone", regex=PHONE, mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="signed_up_at", regex=MOMENT, mostly=0.95, severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="birth_date", regex=DAY, mostly=0.95, severity="warning"
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="country", min_value=2, max_value=60, severity="warning"
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="first_name", max_value=100, severity="warning"
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="last_name", max_value=100, severity="warning"
        ),
        gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column="email", min_value=0.5),
    ],
    "raw_contact_identifiers": [
        gxe.ExpectColumnValuesToNotBeNull(column="source_contact_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="identifier_type", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="identifier_value", mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="seen_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9, severity="warning"
        ),
    ],
    "raw_orders": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="source_system", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="source_order_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="ordered_at", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="order_total", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(
            column="source_contact_id", mostly=0.5, severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(column="ordered_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="updated_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="order_total", regex=AMOUNT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="refund_total", regex=AMOUNT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="discount_total", regex=AMOUNT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="currency", regex=CURRENCY, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(
            column="email", regex=EMAIL, mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="phone", regex=PHONE, mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9
        ),
    ],
    "raw_order_items": [
        gxe.ExpectColumnValuesToNotBeNull(column="source_order_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="source_product_id", mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="quantity", regex=QUANTITY, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="unit_price", regex=AMOUNT, mostly=0.95),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_order", value_set=[True], mostly=0.9),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_product", value_set=[True], mostly=0.9, severity="warning"
        ),
    ],
    "raw_products": [
        gxe.ExpectColumnValuesToNotBeNull(column="source_product_id", mostly=0.95),
        gxe.ExpectColumnValuesToNotBeNull(column="product_name", mostly=0.95),
        gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(
            column="source_product_id", min_value=0.9
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="price", regex=AMOUNT, mostly=0.95, severity="warning"
        ),
    ],
    "raw_events": [
        # A company without events has this table too, empty.
        gxe.ExpectTableRowCountToBeBetween(min_value=1, severity="warning"),
        gxe.ExpectColumnValuesToNotBeNull(column="event_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="event_name", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="occurred_at", mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="occurred_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="received_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(
            column="event_value", regex=AMOUNT, mostly=0.95, severity="warning"
        ),
        gxe.ExpectColumnValuesToBeJsonParseable(
            column="properties", mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_somebody", value_set=[True], mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnUniqueValueCountToBeBetween(
            column="event_name", max_value=500, severity="warning"
        ),
    ],
    "raw_campaigns": [
        gxe.ExpectColumnValuesToNotBeNull(column="campaign_id", mostly=0.9),
        gxe.ExpectColumnValuesToMatchRegex(column="started_at", regex=MOMENT, mostly=0.9),
        gxe.ExpectColumnValuesToMatchRegex(column="ended_at", regex=MOMENT, mostly=0.9),
        gxe.ExpectColumnValuesToMatchRegex(
            column="cost", regex=AMOUNT, mostly=0.9, severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="currency", regex=CURRENCY, mostly=0.9, severity="warning"
        ),
    ],
    "raw_consents": [
        gxe.ExpectColumnValuesToNotBeNull(column="source_contact_id", mostly=0.99),
        gxe.ExpectColumnValuesToNotBeNull(column="channel", mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="consent_status", regex=CONSENT, mostly=0.99),
        gxe.ExpectColumnValuesToMatchRegex(column="occurred_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9
        ),
    ],
    "raw_contact_tags": [
        gxe.ExpectColumnValuesToNotBeNull(column="tag", mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="tagged_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="removed_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9, severity="warning"
        ),
    ],
    "raw_contact_attributes": [
        gxe.ExpectColumnValuesToBeInSet(column="party", value_set=["second", "third"], mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL, mostly=0.9),
        gxe.ExpectColumnValuesToMatchRegex(column="observed_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToNotBeNull(column="attribute_value", mostly=0.95),
    ],
    "raw_experiment_assignments": [
        gxe.ExpectColumnValuesToNotBeNull(column="variant", mostly=0.99),
        gxe.ExpectColumnDistinctValuesToContainSet(
            column="variant", value_set=["control"], severity="warning"
        ),
        gxe.ExpectColumnValuesToMatchRegex(column="assigned_at", regex=MOMENT, mostly=0.95),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_of_a_known_contact", value_set=[True], mostly=0.9
        ),
    ],
    "raw_exchange_rates": [
        gxe.ExpectColumnValuesToMatchRegex(column="currency", regex=CURRENCY, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(column="rate_date", regex=DAY, mostly=0.95),
        gxe.ExpectColumnValuesToMatchRegex(
            column="rate_to_reporting_currency", regex=QUANTITY, mostly=0.9
        ),
    ],
}

for _table, _expectations in EXPECTATIONS.items():
    _expectations.insert(
        0, gxe.ExpectTableColumnsToMatchSet(column_set=REQUIRED[_table], exact_match=False)
    )

# Only the demo knows how many rows it has.
DEMO_EXPECTATIONS: dict[str, list[gxe.Expectation]] = {
    "raw_contacts": [gxe.ExpectTableRowCountToBeBetween(min_value=500, max_value=1000)],
    "raw_contact_identifiers": [gxe.ExpectTableRowCountToBeBetween(min_value=200, max_value=800)],
    "raw_orders": [gxe.ExpectTableRowCountToBeBetween(min_value=1900, max_value=3000)],
    "raw_order_items": [gxe.ExpectTableRowCountToBeBetween(min_value=3000, max_value=8000)],
    "raw_products": [gxe.ExpectTableRowCountToBeBetween(min_value=30, max_value=80)],
    "raw_events": [gxe.ExpectTableRowCountToBeBetween(min_value=4000, max_value=9000)],
    "raw_campaigns": [gxe.ExpectTableRowCountToBeBetween(min_value=10, max_value=30)],
    "raw_consents": [gxe.ExpectTableRowCountToBeBetween(min_value=700, max_value=2000)],
    "raw_contact_tags": [gxe.ExpectTableRowCountToBeBetween(min_value=80, max_value=300)],
    "raw_contact_attributes": [gxe.ExpectTableRowCountToBeBetween(min_value=80, max_value=300)],
    "raw_experiment_assignments": [
        gxe.ExpectTableRowCountToBeBetween(min_value=300, max_value=1000)
    ],
    "raw_exchange_rates": [gxe.ExpectTableRowCountToBeBetween(min_value=40, max_value=100)],
}
