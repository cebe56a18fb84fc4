"""Columns that the expectations compare with: worked out anew, from other tables where it can be.

Great Expectations on pandas sees one table at a time. So what a table must agree on with another
one (a count, a key, a stage) is put beside it as a column first. Nothing here is taken from the
models' SQL: a mistake there must show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

Tables = Mapping[str, pd.DataFrame]
Column = Callable[[Tables], pd.Series]

SCORED = {"recency_days": "recency", "frequency": "frequency", "monetary": "monetary"}
KEPT_AFTER_ERASURE = [
    "contact_id", "first_seen_at", "signed_up_at", "updated_at", "source_record_count", "is_erased",
    "is_held_back",
]  # fmt: skip
CHURN = ["lapsed", "churned"]
SCORES = ["recency_score", "frequency_score", "monetary_score"]
BUYING_STAGES = ["new", "active", "loyal", "reactivated", "lapsed", "churned"]


def _stands_in(table: str, other: str, key: list[str]) -> Column:
    """Whether the key of each row stands in another table too; null where the row has no key."""

    def column(tables: Tables) -> pd.Series:
        rows, others = tables[table][key], tables[other][key].dropna()
        found = pd.MultiIndex.from_frame(rows).isin(pd.MultiIndex.from_frame(others))
        return pd.Series(found, index=rows.index, dtype=object).where(rows.notna().all(axis=1))

    return column


def _known(table: str, key: str = "contact_id", owner: str = "contacts") -> Column:
    """Whether the key of each row stands in the owner's table; null where there is no key."""

    def column(tables: Tables) -> pd.Series:
        keys = tables[table][key]
        return keys.isin(tables[owner][key]).astype(object).where(keys.notna())

    return column


def _from(table: str, other: str, value: str, key: str = "contact_id") -> Column:
    """A value of another table, looked up by key; null where the other table has no such key."""

    def column(tables: Tables) -> pd.Series:
        rows = tables[other].drop_duplicates(key).set_index(key)
        return tables[table][key].map(rows[value])

    return column


def _counted(table: str, other: str, key: str, only: str | None = None) -> Column:
    """How many rows of another table have the key of each row, 0 where none has.

    ``only`` names a boolean column of the other table: rows where it is false do not count.
    """

    def column(tables: Tables) -> pd.Series:
        rows = tables[other][tables[other][only].eq(True)] if only else tables[other]
        return tables[table][key].map(rows[key].value_counts()).fillna(0).astype(int)

    return column


def _in_order(measure: str, few_are_best: bool = False) -> Column:
    """Whether no better value has a lower score, and equal values have equal scores."""

    def column(tables: Tables) -> pd.Series:
        rows = tables["contact_rfm_scores"].sort_values(measure, ascending=not few_are_best)
        scores = rows[f"{SCORED[measure]}_score"]
        is_rising = scores >= scores.cummax()
        return is_rising & (scores.groupby(rows[measure]).transform("nunique") == 1)

    return column


def _history(tables: Tables) -> pd.DataFrame:
    """The lifecycle history in the order of time, under its own row numbers."""
    return tables["contact_lifecycle_history"].sort_values(["contact_id", "valid_from"])


def _open_interval(value: str) -> Column:
    """A value of the interval that holds on the as-of date, for each row of the stages."""

    def column(tables: Tables) -> pd.Series:
        history = tables["contact_lifecycle_history"]
        is_open = {"open": history[history["valid_to"].isna()]}
        return _from("stages", "open", value)(
            {"stages": tables["contact_lifecycle_stages"], **is_open}
        )

    return column


def _purchases(tables: Tables) -> pd.DataFrame:
    """The purchases of known contacts in the order of time, under their own row numbers."""
    orders = tables["orders"]
    is_known_purchase = orders["is_purchase"].eq(True) & orders["contact_id"].notna()
    return orders[is_known_purchase].sort_values(["contact_id", "ordered_at", "purchase_number"])


def _email_is_granted(table: str) -> Column:
    """Whether the contact of each row granted e-mail."""

    def column(tables: Tables) -> pd.Series:
        consents = tables["contact_consents"]
        granted = consents[(consents["channel"] == "email") & consents["is_granted"].eq(True)]
        return tables[table]["contact_id"].isin(granted["contact_id"])

    return column


def _segments_in_group(tables: Tables) -> pd.Series:
    """Segments of the row's exclusive group that its contact is in; null without a group."""
    rows = tables["segment_memberships"]
    groups = _from("segment_memberships", "segment_definitions", "exclusive_group", "segment_name")
    return rows["segment_name"].groupby([rows["contact_id"], groups(tables)]).transform("size")


def _purchase_recency_segments(tables: Tables) -> pd.Series:
    """Segments of the complete group ``purchase_recency`` per contact; null for the erased."""
    rows, definitions = tables["segment_memberships"], tables["segment_definitions"]
    group = definitions[definitions["exclusive_group"] == "purchase_recency"]["segment_name"]
    in_group = {"rows": rows[rows["segment_name"].isin(group)], "traits": tables["contact_traits"]}
    counts = _counted("traits", "rows", "contact_id")(in_group)
    return counts.where(tables["contact_traits"]["is_erased"].eq(False))


def _lowest_priority(tables: Tables) -> pd.Series:
    """The lowest priority among all memberships of the contact."""
    priorities = _from("segment_memberships", "segment_definitions", "priority", "segment_name")
    lowest = priorities(tables).groupby(tables["segment_memberships"]["contact_id"]).min()
    return tables["contact_primary_segments"]["contact_id"].map(lowest)


def _is_a_membership(tables: Tables) -> pd.Series:
    """Whether the primary segment is one of the contact's segments."""
    key = ["segment_name", "contact_id"]
    rows = tables["contact_primary_segments"][key]
    members = pd.MultiIndex.from_frame(tables["segment_memberships"][key])
    return pd.Series(pd.MultiIndex.from_frame(rows).isin(members), index=rows.index)


_CONTACT = ["source_system", "source_contact_id"]
_TABLES_WITH_CONTACTS = [
    "raw_contact_identifiers",
    "raw_orders",
    "raw_consents",
    "raw_contact_tags",
    "raw_experiment_assignments",
]

ARRIVING: dict[str, dict[str, Column]] = {
    **{
        table: {"is_of_a_known_contact": _stands_in(table, "raw_contacts", _CONTACT)}
        for table in _TABLES_WITH_CONTACTS
    },
    "raw_order_items": {
        "is_of_a_known_order": _stands_in(
            "raw_order_items", "raw_orders", ["source_system", "source_order_id"]
        ),
        "is_of_a_known_product": _stands_in(
            "raw_order_items", "raw_products", ["source_product_id"]
        ),
    },
    "raw_events": {
        "is_of_a_known_contact": _stands_in("raw_events", "raw_contacts", _CONTACT),
        "is_of_somebody": lambda tables: (
            tables["raw_events"][["source_contact_id", "anonymous_id"]].notna().any(axis=1)
        ),
    },
}

LEAVING: dict[str, dict[str, Column]] = {
    "contacts": {
        "attributes_left_after_erasure": lambda tables: (
            tables["contacts"]
            .drop(columns=KEPT_AFTER_ERASURE)
            .notna()
            .sum(axis=1)
            .where(tables["contacts"]["is_erased"].eq(True))
        ),
        "is_blank_without_erasure": lambda tables: (
            tables["contacts"][["email", "phone_e164", "first_name", "last_name"]]
            .isna()
            .all(axis=1)
            .where(tables["contacts"]["is_erased"].eq(False))
        ),
    },
    "orders": {
        "is_of_a_known_contact": _known("orders"),
        "day_of_ordered_at": lambda tables: tables["orders"]["ordered_at"].dt.normalize(),
        "has_no_reason": lambda tables: tables["orders"]["not_a_purchase_reason"].isna(),
        "net_amount_of_purchase": lambda tables: tables["orders"]["net_amount"].where(
            tables["orders"]["is_purchase"]
        ),
        "purchase_lacks_net_amount": lambda tables: (
            tables["orders"]["is_purchase"].eq(True) & tables["orders"]["net_amount"].isna()
        ),
        "paid_in_euro": lambda tables: (
            (tables["orders"]["order_total"] - tables["orders"]["refund_total"].fillna(0))
            .round(2)
            .where(tables["orders"]["currency"] == "EUR")
        ),
        "net_amount_in_euro": lambda tables: tables["orders"]["net_amount"].where(
            tables["orders"]["currency"] == "EUR"
        ),
        "purchase_number_recounted": lambda tables: (
            _purchases(tables).groupby("contact_id").cumcount() + 1
        ),
        "days_recounted": lambda tables: (
            _purchases(tables).groupby("contact_id")["ordered_on"].diff().dt.days
        ),
    },
    "contact_rfm_scores": {
        "is_of_a_customer": lambda tables: tables["contact_rfm_scores"]["contact_id"].isin(
            _purchases(tables)["contact_id"]
        ),
        "days_since_last_purchase": _from(
            "contact_rfm_scores", "contact_traits", "days_since_last_purchase"
        ),
        "purchases_365_days": _from("contact_rfm_scores", "contact_traits", "purchases_365_days"),
        "net_spend_365_days": _from("contact_rfm_scores", "contact_traits", "net_spend_365_days"),
        "recency_score_is_in_order": _in_order("recency_days", few_are_best=True),
        "frequency_score_is_in_order": _in_order("frequency"),
        "monetary_score_is_in_order": _in_order("monetary"),
        "sum_of_scores": lambda tables: tables["contact_rfm_scores"][SCORES].sum(axis=1),
        "digits_of_scores": lambda tables: (
            tables["contact_rfm_scores"][SCORES].astype(str).sum(axis=1)
        ),
    },
    "contact_lifecycle_history": {
        "is_of_a_known_contact": _known("contact_lifecycle_history"),
        "next_valid_from": lambda tables: (
            _history(tables).groupby("contact_id")["valid_from"].shift(-1)
        ),
        "open_intervals_of_contact": lambda tables: (
            tables["contact_lifecycle_history"]["valid_to"]
            .isna()
            .groupby(tables["contact_lifecycle_history"]["contact_id"])
            .transform("sum")
        ),
        "first_day": lambda tables: (
            _history(tables).groupby("contact_id")["valid_from"].transform("min")
        ),
        "first_seen_on": lambda tables: _from(
            "contact_lifecycle_history", "contacts", "first_seen_at"
        )(tables).dt.normalize(),
        "stage_before": lambda tables: (
            _history(tables).groupby("contact_id")["lifecycle_stage"].shift()
        ),
        "is_another_stage": lambda tables: (
            tables["contact_lifecycle_history"]["previous_stage"]
            != tables["contact_lifecycle_history"]["lifecycle_stage"]
        ),
        "stage_before_churned": lambda tables: tables["contact_lifecycle_history"][
            "previous_stage"
        ].where(tables["contact_lifecycle_history"]["lifecycle_stage"] == "churned"),
        "stage_after_silence": lambda tables: tables["contact_lifecycle_history"][
            "lifecycle_stage"
        ].where(tables["contact_lifecycle_history"]["previous_stage"].isin(CHURN)),
        "stage_after_buying": lambda tables: tables["contact_lifecycle_history"][
            "lifecycle_stage"
        ].where(tables["contact_lifecycle_history"]["previous_stage"].isin(BUYING_STAGES)),
    },
    "contact_lifecycle_stages": {
        "is_of_a_known_contact": _known("contact_lifecycle_stages"),
        "stage_in_history": _open_interval("lifecycle_stage"),
        "open_since": _open_interval("valid_from"),
        "previous_in_history": _open_interval("previous_stage"),
        "last_day_counted": lambda tables: (
            tables["contact_lifecycle_stages"]["stage_entered_on"]
            + pd.to_timedelta(tables["contact_lifecycle_stages"]["days_in_stage"], unit="D")
        ),
        "funnel_stage_of_customer": lambda tables: tables["contact_lifecycle_stages"][
            "funnel_stage"
        ].where(tables["contact_lifecycle_stages"]["lifecycle_stage"] != "prospect"),
    },
    "contact_traits": {
        "is_of_a_known_contact": _known("contact_traits"),
        "contact_has_email": lambda tables: _from("contact_traits", "contacts", "email")(
            tables
        ).notna(),
        "contact_has_phone": lambda tables: _from("contact_traits", "contacts", "phone_e164")(
            tables
        ).notna(),
        "email_is_granted": _email_is_granted("contact_traits"),
        "decade_of_age": lambda tables: tables["contact_traits"]["age"] // 10 * 10,
        "orders_recounted": _counted("contact_traits", "orders", "contact_id"),
        "purchases_recounted": _counted("contact_traits", "orders", "contact_id", "is_purchase"),
        "net_spend_recounted": lambda tables: (
            tables["contact_traits"]["contact_id"]
            .map(_purchases(tables).groupby("contact_id")["net_amount"].sum().round(2))
            .fillna(0)
        ),
        "average_is_wrong_by": lambda tables: (
            tables["contact_traits"]["average_purchase_amount"]
            - tables["contact_traits"]["net_spend_total"]
            / tables["contact_traits"]["purchase_count"].where(lambda count: count > 0)
        ).abs(),
        "day_measured_at": lambda tables: (
            tables["contact_traits"]["contact_id"].map(
                _purchases(tables).groupby("contact_id")["ordered_on"].max()
            )
            + pd.to_timedelta(tables["contact_traits"]["days_since_last_purchase"], unit="D")
        ),
        "top_category_was_bought": lambda tables: pd.Series(
            [
                f"|{top}|" in bought if isinstance(top, str) else None
                for top, bought in zip(
                    tables["contact_traits"]["top_category"],
                    tables["contact_traits"]["purchased_categories"].fillna(""),
                    strict=True,
                )
            ],
            dtype=object,
        ),
        "score_in_rfm": _from("contact_traits", "contact_rfm_scores", "rfm_score"),
        "group_in_rfm": _from("contact_traits", "contact_rfm_scores", "rfm_group"),
        "stage_in_stages": _from("contact_traits", "contact_lifecycle_stages", "lifecycle_stage"),
        "is_prospect": lambda tables: tables["contact_traits"]["lifecycle_stage"] == "prospect",
        "has_no_purchase": lambda tables: tables["contact_traits"]["purchase_count"] == 0,
        "purchase_recency_segments": _purchase_recency_segments,
    },
    "segment_definitions": {
        "members_recounted": _counted("segment_definitions", "segment_memberships", "segment_name"),
    },
    "segment_memberships": {
        "is_of_a_known_segment": _known(
            "segment_memberships", "segment_name", "segment_definitions"
        ),
        "is_of_a_known_contact": _known("segment_memberships"),
        "is_of_an_erased_contact": _from("segment_memberships", "contacts", "is_erased"),
        "segments_in_exclusive_group": _segments_in_group,
        "as_of_day": lambda tables: tables["segment_memberships"]["as_of_date"].dt.strftime(
            "%Y-%m-%d"
        ),
    },
    "contact_primary_segments": {
        "is_a_membership": _is_a_membership,
        "lowest_priority": _lowest_priority,
        "priority_of_segment": _from(
            "contact_primary_segments", "segment_definitions", "priority", "segment_name"
        ),
    },
    "row_accounting": {
        "rows_arrived": lambda tables: tables["row_accounting"]["raw_table"].map(
            lambda name: len(tables.get(name, ()))
        ),
        "rows_kept_superseded_and_rejected": lambda tables: tables["row_accounting"][
            ["rows_kept", "rows_superseded", "rows_rejected"]
        ].sum(axis=1),
        "rows_in_rejected_rows": _counted("row_accounting", "rejected_rows", "raw_table"),
        "share_rejected": lambda tables: (
            tables["row_accounting"]["rows_rejected"] / tables["row_accounting"]["rows_in"]
        ),
    },
    "audience_hubspot__contacts": {
        "email_of_contact": _from("audience_hubspot__contacts", "contacts", "email"),
        "has_consent": _email_is_granted("audience_hubspot__contacts"),
        "is_of_an_erased_contact": _from("audience_hubspot__contacts", "contacts", "is_erased"),
    },
}
