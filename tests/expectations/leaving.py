"""What is expected of the tables that people and other systems read.

Here nothing is tolerated: every expectation holds for every row, unless it is a ``warning``.
A column that no table has is worked out in recounted.py, from other tables where it can be.
Parameters known at run time: ``as_of_date`` (the day everything is measured at), ``day_after`` (the
first moment that does not count) and ``contact_count``.
"""

from __future__ import annotations

import great_expectations.expectations as gxe

KEY = r"^[0-9a-f]{32}\Z"
EMAIL = (
    r"^(?!.*\.\.)[^@\sA-Z]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\Z"
)
E164 = r"^\+[1-9]\d{6,14}\Z"
COUNTRY = r"^[A-Z]{2}\Z"
LANGUAGE = r"^[a-z]{2,3}\Z"
TIME_ZONE = r"^(?:[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+|UTC)\Z"
CURRENCY = r"^[A-Z]{3}\Z"
NAME = r"^[a-z][a-z0-9_]*\Z"
LIST = r"^\|(?:[^|]+\|)+\Z"
SEMICOLON_LIST = r"^(?:[a-z0-9_]+(?:;[a-z0-9_]+)*)?\Z"

GENDERS = ["female", "male", "nonbinary"]
STAGES = ["prospect", "new", "active", "loyal", "reactivated", "lapsed", "churned"]
FUNNEL_STAGES = ["awareness", "interest", "desire", "action"]
ORDER_STATUSES = [
    "cancelled", "failed", "fulfilled", "paid", "partially_refunded", "pending", "refunded",
    "test", "unmapped", "unspecified",
]  # fmt: skip
NOT_A_PURCHASE = [
    "status", "negative_total", "wholly_refunded", "no_exchange_rate", "amount_too_large",
]  # fmt: skip
RAW_TABLES = [
    "raw_campaigns", "raw_consents", "raw_contact_attributes", "raw_contact_identifiers",
    "raw_contact_tags", "raw_contacts", "raw_events", "raw_exchange_rates",
    "raw_experiment_assignments", "raw_order_items", "raw_orders", "raw_products",
]  # fmt: skip
SEGMENT_MODELS = [
    "demographic", "geographic", "technographic", "psychographic", "behavioural",
    "transactional", "lifecycle", "value",
]  # fmt: skip
HUBSPOT_STAGES = [
    "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity",
    "customer", "evangelist", "other",
]  # fmt: skip
HUBSPOT_COLUMNS = [
    "contact_id", "email", "firstname", "lastname", "phone", "country", "lifecyclestage",
    "crm_lifecycle_stage", "crm_rfm_group", "crm_segments",
]  # fmt: skip
CLEVERTAP_GROUPS = [
    "champions", "loyal_customers", "potential_loyalists", "new_customers", "promising",
    "need_attention", "about_to_sleep", "at_risk", "cant_lose_them", "hibernating",
]  # fmt: skip

AS_OF_DATE = {"$PARAMETER": "as_of_date"}
DAY_AFTER = {"$PARAMETER": "day_after"}
CONTACT_COUNT = {"$PARAMETER": "contact_count"}
EITHER_MISSING = "either_value_is_missing"

# Folder of each table under models/, which is the end of its schema's name. The last two are read
# for comparison only.
FOLDERS = {
    "contacts": "personal",
    "orders": "contacts",
    "contact_rfm_scores": "contacts",
    "contact_lifecycle_history": "contacts",
    "contact_lifecycle_stages": "contacts",
    "contact_traits": "contacts",
    "segment_definitions": "segments",
    "segment_memberships": "segments",
    "contact_primary_segments": "segments",
    "row_accounting": "quality",
    "audience_hubspot__contacts": "audiences",
    "contact_consents": "contacts",
    "rejected_rows": "personal",
}

EXPECTATIONS: dict[str, list[gxe.Expectation]] = {
    "contacts": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToMatchRegex(column="contact_id", regex=KEY),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL),
        # Two people may share a mailbox; more than a few who do are one person seen twice.
        gxe.ExpectColumnValuesToBeUnique(column="email", mostly=0.99, severity="warning"),
        gxe.ExpectColumnValuesToMatchRegex(column="phone_e164", regex=E164),
        gxe.ExpectColumnValuesToBeBetween(column="birth_date", max_value=AS_OF_DATE),
        gxe.ExpectColumnValuesToBeInSet(column="gender", value_set=GENDERS),
        gxe.ExpectColumnValuesToMatchRegex(column="language_code", regex=LANGUAGE),
        gxe.ExpectColumnValuesToMatchRegex(column="country_code", regex=COUNTRY),
        gxe.ExpectColumnValuesToMatchRegex(column="time_zone", regex=TIME_ZONE),
        gxe.ExpectColumnValuesToNotBeNull(column="first_seen_at"),
        gxe.ExpectColumnValuesToBeBetween(
            column="first_seen_at", max_value=DAY_AFTER, strict_max=True
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="signed_up_at", max_value=DAY_AFTER, strict_max=True
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="updated_at", max_value=DAY_AFTER, strict_max=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="updated_at", column_B="first_seen_at", or_equal=True
        ),
        gxe.ExpectColumnValuesToBeBetween(column="source_record_count", min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="is_erased"),
        gxe.ExpectColumnValuesToBeInSet(column="attributes_left_after_erasure", value_set=[0]),
    ],
    "orders": [
        gxe.ExpectColumnValuesToNotBeNull(column="order_id"),
        gxe.ExpectColumnValuesToBeUnique(column="order_id"),
        gxe.ExpectColumnValuesToMatchRegex(column="order_id", regex=KEY),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["source_system", "source_order_id"]),
        gxe.ExpectColumnValuesToNotBeNull(column="source_system"),
        gxe.ExpectColumnValuesToNotBeNull(column="source_order_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_contact", value_set=[True]),
        gxe.ExpectColumnValuesToNotBeNull(column="ordered_at"),
        gxe.ExpectColumnValuesToBeBetween(
            column="ordered_at", max_value=DAY_AFTER, strict_max=True
        ),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="ordered_on", column_B="day_of_ordered_at"),
        gxe.ExpectColumnValuesToNotBeNull(column="order_status"),
        # A project may add statuses to its seed.
        gxe.ExpectColumnValuesToBeInSet(
            column="order_status", value_set=ORDER_STATUSES, severity="warning"
        ),
        gxe.ExpectColumnValuesToBeInSet(column="not_a_purchase_reason", value_set=NOT_A_PURCHASE),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="is_purchase", column_B="has_no_reason"),
        gxe.ExpectColumnValuesToMatchRegex(column="currency", regex=CURRENCY),
        gxe.ExpectColumnValuesToNotBeNull(column="order_total"),
        gxe.ExpectColumnValuesToBeBetween(column="discount_total", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="refund_total", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="net_amount_of_purchase", min_value=0),
        gxe.ExpectColumnValuesToBeInSet(column="purchase_lacks_net_amount", value_set=[False]),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="purchase_number", column_B="purchase_number_recounted"
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="days_since_previous_purchase", column_B="days_recounted"
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(column="promotion_code", regex=r"[A-Z]"),
        gxe.ExpectColumnValuesToNotMatchRegex(column="sales_channel", regex=r"[A-Z]"),
    ],
    "contact_rfm_scores": [
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_customer", value_set=[True]),
        gxe.ExpectColumnValuesToNotBeNull(column="recency_days"),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="recency_days", column_B="days_since_last_purchase"
        ),
        gxe.ExpectColumnValuesToBeBetween(column="recency_days", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="frequency", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="monetary", min_value=0),
        gxe.ExpectColumnValuesToNotBeNull(column="recency_score"),
        gxe.ExpectColumnValuesToNotBeNull(column="frequency_score"),
        gxe.ExpectColumnValuesToNotBeNull(column="monetary_score"),
        # 0 is the lowest score of any preset, 5 the highest.
        gxe.ExpectColumnValuesToBeBetween(column="recency_score", min_value=0, max_value=5),
        gxe.ExpectColumnValuesToBeBetween(column="frequency_score", min_value=0, max_value=5),
        gxe.ExpectColumnValuesToBeBetween(column="monetary_score", min_value=0, max_value=5),
        gxe.ExpectColumnValuesToBeInSet(column="recency_score_is_in_order", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="frequency_score_is_in_order", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="monetary_score_is_in_order", value_set=[True]),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="rfm_score", column_B="sum_of_scores"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="rfm_cell", column_B="digits_of_scores"),
        gxe.ExpectColumnValuesToNotBeNull(column="rfm_group"),
        gxe.ExpectColumnValuesToMatchRegex(column="rfm_group", regex=NAME),
    ],
    "contact_lifecycle_history": [
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_contact", value_set=[True]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["contact_id", "valid_from"]),
        gxe.ExpectColumnValuesToNotBeNull(column="valid_from"),
        gxe.ExpectColumnValuesToBeBetween(column="valid_from", max_value=AS_OF_DATE),
        gxe.ExpectColumnValuesToBeBetween(column="valid_to", max_value=AS_OF_DATE),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="valid_to", column_B="valid_from", ignore_row_if=EITHER_MISSING
        ),
        # No gap, no overlap, one open end, and the first day is the day the contact was first seen.
        gxe.ExpectColumnPairValuesToBeEqual(column_A="valid_to", column_B="next_valid_from"),
        gxe.ExpectColumnValuesToBeInSet(column="open_intervals_of_contact", value_set=[1]),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="first_day", column_B="first_seen_on"),
        gxe.ExpectColumnValuesToNotBeNull(column="lifecycle_stage"),
        gxe.ExpectColumnValuesToBeInSet(column="lifecycle_stage", value_set=STAGES),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="previous_stage", column_B="stage_before"),
        gxe.ExpectColumnValuesToBeInSet(column="is_another_stage", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="stage_before_churned", value_set=["lapsed"]),
        # Somebody who comes back after a lapse is reactivated.
        gxe.ExpectColumnValuesToBeInSet(
            column="stage_after_silence", value_set=["churned", "reactivated"], severity="warning"
        ),
        gxe.ExpectColumnValuesToBeInSet(column="stage_after_buying", value_set=STAGES[1:]),
    ],
    "contact_lifecycle_stages": [
        gxe.ExpectTableRowCountToEqual(value=CONTACT_COUNT),
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_contact", value_set=[True]),
        gxe.ExpectColumnValuesToNotBeNull(column="lifecycle_stage"),
        gxe.ExpectColumnValuesToBeInSet(column="lifecycle_stage", value_set=STAGES),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="lifecycle_stage", column_B="stage_in_history"
        ),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="stage_entered_on", column_B="open_since"),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="previous_stage", column_B="previous_in_history"
        ),
        gxe.ExpectColumnValuesToBeBetween(column="stage_entered_on", max_value=AS_OF_DATE),
        gxe.ExpectColumnValuesToNotBeNull(column="days_in_stage"),
        gxe.ExpectColumnValuesToBeBetween(column="days_in_stage", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(
            column="last_day_counted", min_value=AS_OF_DATE, max_value=AS_OF_DATE
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="funnel_stage"),
        gxe.ExpectColumnValuesToBeInSet(column="funnel_stage", value_set=FUNNEL_STAGES),
        gxe.ExpectColumnValuesToBeInSet(column="funnel_stage_of_customer", value_set=["action"]),
    ],
    "contact_traits": [
        gxe.ExpectTableRowCountToEqual(value=CONTACT_COUNT),
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_contact", value_set=[True]),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="has_email", column_B="contact_has_email"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="has_phone", column_B="contact_has_phone"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="may_email", column_B="email_is_granted"),
        gxe.ExpectColumnValuesToBeBetween(column="days_since_first_seen", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="days_since_sign_up", min_value=0),
        gxe.ExpectColumnValuesToMatchRegex(column="country_code", regex=COUNTRY),
        gxe.ExpectColumnValuesToMatchRegex(column="language_code", regex=LANGUAGE),
        gxe.ExpectColumnValuesToBeInSet(column="gender", value_set=GENDERS),
        gxe.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=120),
        gxe.ExpectColumnValuesToBeBetween(column="birth_month", min_value=1, max_value=12),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="age_decade", column_B="decade_of_age"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="order_count", column_B="orders_recounted"),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="purchase_count", column_B="purchases_recounted"
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="net_spend_total", column_B="net_spend_recounted"
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="order_count", column_B="purchase_count", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="purchase_count", column_B="purchases_365_days", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="purchases_365_days", column_B="purchases_90_days", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="net_spend_total", column_B="net_spend_365_days", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="days_since_first_purchase", column_B="days_since_last_purchase", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="purchase_count", column_B="promotion_purchase_count", or_equal=True
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="order_count", column_B="refunded_order_count", or_equal=True
        ),
        gxe.ExpectColumnValuesToBeBetween(column="purchases_90_days", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="net_spend_365_days", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="refunded_order_count", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="promotion_purchase_count", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="days_since_last_purchase", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(
            column="day_measured_at", min_value=AS_OF_DATE, max_value=AS_OF_DATE
        ),
        gxe.ExpectColumnValuesToBeBetween(column="average_is_wrong_by", max_value=0.00501),
        gxe.ExpectColumnValuesToBeInSet(column="top_category_was_bought", value_set=[True]),
        gxe.ExpectColumnValuesToMatchRegex(column="interests", regex=LIST),
        gxe.ExpectColumnValuesToMatchRegex(column="purchased_categories", regex=LIST),
        gxe.ExpectColumnValuesToMatchRegex(column="recent_categories", regex=LIST),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="rfm_score", column_B="score_in_rfm"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="rfm_group", column_B="group_in_rfm"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="lifecycle_stage", column_B="stage_in_stages"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="is_prospect", column_B="has_no_purchase"),
        gxe.ExpectColumnValuesToNotBeNull(column="lifecycle_stage"),
        gxe.ExpectColumnValuesToNotBeNull(column="funnel_stage"),
        gxe.ExpectColumnValuesToBeInSet(column="funnel_stage", value_set=FUNNEL_STAGES),
    ],
    "segment_definitions": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="segment_name"),
        gxe.ExpectColumnValuesToBeUnique(column="segment_name"),
        gxe.ExpectColumnValuesToMatchRegex(column="segment_name", regex=NAME),
        gxe.ExpectColumnValuesToNotBeNull(column="label"),
        gxe.ExpectColumnValuesToBeInSet(column="model", value_set=SEGMENT_MODELS),
        gxe.ExpectColumnValuesToNotBeNull(column="goal"),
        gxe.ExpectColumnValuesToNotBeNull(column="channels"),
        gxe.ExpectColumnValuesToMatchRegex(column="channels", regex=LIST),
        gxe.ExpectColumnValuesToNotBeNull(column="priority"),
        gxe.ExpectColumnValuesToBeUnique(column="priority", severity="warning"),
        gxe.ExpectColumnValuesToMatchRegex(column="exclusive_group", regex=NAME),
        gxe.ExpectColumnValuesToBeBetween(column="criteria_count", min_value=1, max_value=3),
        gxe.ExpectColumnValuesToNotBeNull(column="criteria"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="contact_count", column_B="members_recounted"),
        gxe.ExpectColumnValuesToBeBetween(
            column="contact_count", max_value=CONTACT_COUNT, severity="warning"
        ),
        # A segment without members, or with everybody, says nothing.
        gxe.ExpectColumnValuesToBeBetween(
            column="contact_count", min_value=1, mostly=0.9, severity="warning"
        ),
    ],
    "segment_memberships": [
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["segment_name", "contact_id"]),
        gxe.ExpectColumnValuesToNotBeNull(column="segment_name"),
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_segment", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_a_known_contact", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_an_erased_contact", value_set=[False]),
        gxe.ExpectColumnValuesToNotBeNull(column="as_of_date"),
        gxe.ExpectColumnValuesToBeBetween(
            column="as_of_date", min_value=AS_OF_DATE, max_value=AS_OF_DATE
        ),
        gxe.ExpectColumnValuesToBeInSet(column="segments_in_exclusive_group", value_set=[1]),
    ],
    "contact_primary_segments": [
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToNotBeNull(column="segment_name"),
        gxe.ExpectColumnValuesToBeInSet(column="is_a_membership", value_set=[True]),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="priority", column_B="lowest_priority"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="priority", column_B="priority_of_segment"),
    ],
    "row_accounting": [
        gxe.ExpectColumnDistinctValuesToEqualSet(column="raw_table", value_set=RAW_TABLES),
        gxe.ExpectColumnValuesToBeUnique(column="raw_table"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="rows_in", column_B="rows_arrived"),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="rows_in", column_B="rows_kept_superseded_and_rejected"
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="rows_rejected", column_B="rows_in_rejected_rows"
        ),
        gxe.ExpectColumnValuesToBeBetween(column="rows_kept", min_value=0),
        gxe.ExpectColumnValuesToBeBetween(column="rows_superseded", min_value=0),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="rows_kept", column_B="rows_early", or_equal=True
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="share_rejected", max_value=0.1, severity="warning"
        ),
    ],
    "audience_hubspot__contacts": [
        gxe.ExpectTableColumnsToMatchSet(column_set=HUBSPOT_COLUMNS, exact_match=False),
        gxe.ExpectColumnValuesToNotBeNull(column="contact_id"),
        gxe.ExpectColumnValuesToBeUnique(column="contact_id"),
        gxe.ExpectColumnValuesToNotBeNull(column="email"),
        gxe.ExpectColumnValuesToMatchRegex(column="email", regex=EMAIL),
        # HubSpot takes two rows with one address for one contact.
        gxe.ExpectColumnValuesToBeUnique(column="email"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="email", column_B="email_of_contact"),
        gxe.ExpectColumnValuesToBeInSet(column="has_consent", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="is_of_an_erased_contact", value_set=[False]),
        gxe.ExpectColumnValuesToMatchRegex(column="phone", regex=rf"(?:^\Z)|(?:{E164})"),
        gxe.ExpectColumnValuesToMatchRegex(column="country", regex=rf"(?:^\Z)|(?:{COUNTRY})"),
        gxe.ExpectColumnValuesToNotBeNull(column="lifecyclestage"),
        gxe.ExpectColumnValuesToBeInSet(column="lifecyclestage", value_set=HUBSPOT_STAGES),
        gxe.ExpectColumnValuesToNotBeNull(column="crm_lifecycle_stage"),
        gxe.ExpectColumnValuesToBeInSet(column="crm_lifecycle_stage", value_set=STAGES),
        gxe.ExpectColumnValuesToMatchRegex(column="crm_rfm_group", regex=rf"(?:^\Z)|(?:{NAME})"),
        gxe.ExpectColumnValuesToNotBeNull(column="crm_segments"),
        gxe.ExpectColumnValuesToMatchRegex(column="crm_segments", regex=SEMICOLON_LIST),
        # A null leaves the old value in HubSpot; an empty text clears it.
        gxe.ExpectColumnValuesToNotBeNull(column="firstname", severity="warning"),
        gxe.ExpectColumnValuesToNotBeNull(column="lastname", severity="warning"),
        gxe.ExpectColumnValuesToNotBeNull(column="phone", severity="warning"),
        gxe.ExpectColumnValuesToNotBeNull(column="country", severity="warning"),
        gxe.ExpectColumnValuesToNotBeNull(column="crm_rfm_group", severity="warning"),
    ],
}

# What only the demo promises: its size, its last day, its RFM preset.
DEMO_EXPECTATIONS: dict[str, list[gxe.Expectation]] = {
    "contacts": [
        gxe.ExpectTableRowCountToBeBetween(min_value=350, max_value=600),
        gxe.ExpectColumnValuesToBeInSet(column="is_blank_without_erasure", value_set=[False]),
    ],
    "orders": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1900, max_value=3000),
        # The demo reports in euro.
        gxe.ExpectColumnPairValuesToBeEqual(column_A="net_amount_in_euro", column_B="paid_in_euro"),
    ],
    "contact_rfm_scores": [
        # The demo's RFM window is the year that the traits count.
        gxe.ExpectColumnPairValuesToBeEqual(column_A="frequency", column_B="purchases_365_days"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="monetary", column_B="net_spend_365_days"),
        gxe.ExpectTableRowCountToBeBetween(min_value=200, max_value=500),
        gxe.ExpectColumnDistinctValuesToEqualSet(column="recency_score", value_set=[1, 2, 3, 4, 5]),
        gxe.ExpectColumnValuesToBeInSet(column="frequency_score", value_set=[1, 2, 3, 4, 5]),
        gxe.ExpectColumnValuesToBeInSet(column="monetary_score", value_set=[1, 2, 3, 4, 5]),
        gxe.ExpectColumnValuesToBeInSet(column="rfm_group", value_set=CLEVERTAP_GROUPS),
    ],
    "contact_lifecycle_stages": [
        gxe.ExpectColumnDistinctValuesToEqualSet(column="lifecycle_stage", value_set=STAGES),
        gxe.ExpectColumnDistinctValuesToEqualSet(column="funnel_stage", value_set=FUNNEL_STAGES),
    ],
    "contact_traits": [
        gxe.ExpectColumnValuesToBeInSet(column="purchase_recency_segments", value_set=[1]),
    ],
    "segment_memberships": [
        gxe.ExpectColumnValuesToBeInSet(column="as_of_day", value_set=["2026-06-30"]),
    ],
    "row_accounting": [
        # Every table of the demo has something to reject.
        gxe.ExpectColumnValuesToBeBetween(column="rows_rejected", min_value=1),
    ],
    "audience_hubspot__contacts": [
        gxe.ExpectTableRowCountToBeBetween(min_value=200, max_value=400),
    ],
}
