"""Every code that public tables of the demo hold has a label, or a reason why it has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import tables

# Columns that hold codes of a kind that is named otherwise.
KINDS = {
    "previous_stage": "lifecycle_stage",
    "previous_lifecycle_stage": "lifecycle_stage",
    "previous_rfm_group": "rfm_group",
    "next_conversion_point": "activation_step",
    "best_channel": "channel",
    "last_sales_channel": "channel",
    "top_season": "season",
    "identifier_type": "link_type",
}
# What is no code of ours: words of the source, names that people gave, columns of another meaning.
NONE = {
    "event_name": "names that event_names does not map stay as the source writes them",
    "funnel_conversion.channel": "the acquisition source, in the source's words",
}
# How a row of a table is called, beside its code.
NAMED = {
    "segment_name": "segment_label",
    "other_segment_name": "other_segment_label",
    "campaign_id": "campaign_name",
    "source_product_id": "product_name",
    "other_product_id": "other_product_name",
}
# Tables that are large, rewritten in place or of people: join them with the table of the name.
JOINED = {
    *("audience_members", "campaign_sends", "contact_lookalike_scores", "contact_primary_segments"),
    *("events", "experiments", "lookalike_trait_weights", "order_items", "sessions"),
    *("segment_health", "segment_holdouts", "segment_membership_history", "segment_memberships"),
    *("segment_movements", "segment_profiles", "segment_suppressions"),
}


@pytest.fixture(scope="module")
def labels(demo_database: Path) -> dict[str, dict[str, str]]:
    """Labels by code, by kind."""
    found: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        rows = connection.execute("select code_kind, code, label from main_quality.code_labels")
        for kind, code, label in rows.fetchall():
            found.setdefault(kind, {})[code] = label
    return found


def test_every_code_of_the_demo_has_a_label(
    demo_database: Path, manifest: dict[str, Any], labels: dict[str, dict[str, str]]
) -> None:
    missing, looked_at = [], set()
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        for name, node in tables.public_tables(manifest).items():
            for column in node["columns"]:
                kind = KINDS.get(column, column)
                if kind not in labels or {column, f"{name}.{column}"} & set(NONE):
                    continue
                looked_at.add(kind)
                codes = connection.execute(
                    f'select distinct "{column}" from {node["schema"]}.{node["alias"]}'
                    f' where "{column}" is not null'
                ).fetchall()
                missing += [(name, column, code) for (code,) in codes if code not in labels[kind]]

    assert {"lifecycle_stage", "rfm_group", "destination", "season", "warning"} <= looked_at
    assert missing == []


def test_labels_are_words(labels: dict[str, dict[str, str]]) -> None:
    written = [label for kind in labels.values() for label in kind.values()]

    assert labels["destination"]["google_customer_match"] == "Google Customer Match"
    assert labels["season"]["valentines_day"] == "Valentine's Day"
    assert labels["country_code"]["DE"] == "Germany"
    assert [label for label in written if "_" in label or not label.strip()] == []


def test_small_tables_have_names_beside_keys(manifest: dict[str, Any]) -> None:
    found = tables.public_tables(manifest)
    # The tables that the names come from.
    own = {"segment_definitions", "campaigns", "products"}
    lacking = {
        name
        for name, node in found.items()
        for key, label in NAMED.items()
        if key in node["columns"] and label not in node["columns"]
    }

    assert lacking - own == JOINED


def test_tables_that_depend_on_the_day_say_which(manifest: dict[str, Any]) -> None:
    found = tables.public_tables(manifest)
    dated = {name for name, node in found.items() if "as_of_date" in node["columns"]}
    # Facts have their own days, and the columns of contact_traits are the words of segments.
    undated = {
        *("campaign_sends", "campaigns", "code_labels", "contact_activity_daily"),
        *("contact_consents", "contact_lead_score_parts", "contact_lifecycle_history"),
        *("contact_merges", "contact_message_weeks", "contact_record_links", "contact_records"),
        *("contact_rfm_history", "contact_tags", "contact_traits", "contact_triggers", "contacts"),
        *("erased_contacts", "erasure_reviews", "events", "experiment_assignments"),
        *("identity_blocked_identifiers", "masked_contacts", "match_review", "order_items"),
        *("orders", "rejected_rows", "rejected_values", "rfm_cells", "rfm_group_transitions"),
        *("segment_holdouts", "segment_membership_history", "sessions", "unmapped_event_names"),
    }

    assert set(found) - dated == undated
