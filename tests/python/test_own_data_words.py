"""Words that well-known systems use are read as what they mean, or named as not read."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
import yaml
from project import ROOT, run_model

WORDS = pd.read_csv(ROOT / "examples/own_data/words.csv", dtype="string", keep_default_na=False)
CONTRACT = yaml.safe_load((ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8"))
TABLES = {table["name"]: table["columns"] for table in CONTRACT["sources"][0]["tables"]}
Demo = Callable[[str], pd.DataFrame]
Compiled = Callable[[str], str]


def words_of(raw_column: str) -> pd.DataFrame:
    """The listed words of one column, each with a key of its own."""
    words = WORDS[WORDS["raw_column"] == raw_column].reset_index(drop=True)
    assert len(words) > 15
    return words.assign(number="n" + words.index.astype("string"))


def landed(table: str, words: pd.DataFrame, **values: str) -> pd.DataFrame:
    """A row of a raw table for each word, as text; every other column is empty."""
    columns = [column["name"] for column in TABLES[table]]
    frame = pd.DataFrame(None, index=words.index, columns=columns, dtype="string")
    return frame.assign(source_system=words["source_system"], **values)


def wrong(words: pd.DataFrame, read: pd.Series, unread: str | None = None) -> list[str]:
    """Words that are not read as the list says."""
    found = words["number"].map(read).astype("string")
    found = found.where(found != unread, None).fillna("") if unread else found.fillna("")
    lines = words["source_system"] + " " + words["word"] + ": " + found
    return lines[found != words["meaning"]].to_list()


def test_a_word_is_read_or_says_why_not() -> None:
    assert not WORDS.duplicated(["source_system", "raw_column", "word"]).any()
    is_read, has_reason = WORDS["meaning"] != "", WORDS["why_not"] != ""
    assert WORDS[is_read == has_reason].empty
    named = {"shopify", "woocommerce", "stripe", "ga4", "mailchimp", "klaviyo", "hubspot"}
    named |= {"iterable", "braze", "onesignal", "eloqua", "responsys", "segment", "snowplow"}
    assert set(WORDS["source_system"]) >= named


def test_order_statuses_of_shops_are_known(demo: Demo, compiled: Compiled) -> None:
    words = words_of("order_status")
    kept = demo("from main_staging.base_commerce__orders where row_status = 'kept' limit 1")
    texts = kept.select_dtypes(include=["object", "string"]).columns
    orders = pd.concat([kept.astype(dict.fromkeys(texts, "string"))] * len(words))
    orders = orders.reset_index(drop=True)
    orders = orders.assign(order_status=words["word"], source_order_id=words["number"])
    seeds = {"order_statuses": demo("from main_reference.order_statuses")}

    sql = compiled("stg_commerce__orders")
    lines = demo("from main_staging.base_commerce__order_items limit 0")
    made_up = {"base_commerce__orders": orders, "base_commerce__order_items": lines}
    found = run_model(sql, made_up | seeds)
    read = found.set_index("source_order_id")["order_status"]

    assert wrong(words, read, unread="unmapped") == []


def test_event_names_of_systems_are_known(demo: Demo, compiled: Compiled) -> None:
    words = words_of("event_name")
    events = landed("raw_events", words, occurred_at="2026-03-01")
    events = events.assign(event_id=words["number"], event_name=words["word"])
    seeds = {
        name: demo(f"from main_reference.{name}") for name in ("event_names", "event_vocabulary")
    }
    seeds |= {"base_people__spellings": demo("from main_staging.base_people__spellings")}
    names = ("base_activity__event_rows", "base_activity__events")
    views = {name: compiled(name) for name in names}

    found = run_model(
        compiled("stg_activity__events"), {"raw_events": events, **seeds}, views
    ).set_index("event_id")
    read = found["event_name"].where(found["is_known_event_name"], None)

    assert wrong(words, read) == []


def test_statuses_of_consents_are_known_and_no_unknown_one_is_a_yes(
    demo: Demo, compiled: Compiled
) -> None:
    words = words_of("consent_status")
    consents = landed("raw_consents", words, occurred_at="2026-03-01", channel="email")
    consents = consents.assign(source_contact_id=words["number"], consent_status=words["word"])
    known = {
        name: demo(f"from main_staging.{name}")
        for name in ("base_people__spellings", "base_activity__data_horizon")
    }

    sql = compiled("base_people__consents")
    found = run_model(sql, {"raw_consents": consents, **known}).set_index("source_contact_id")

    assert wrong(words, found["known_status"]) == []
    assert set(found.loc[found["known_status"].isna(), "decision"]) == {"withdrawn"}


@pytest.mark.parametrize("raw_column", ["order_status", "event_name", "consent_status"])
def test_the_list_has_the_words_that_everybody_asks_for(raw_column: str) -> None:
    asked = {
        "order_status": {"paid", "partially_paid", "voided", "partially_refunded"},
        "event_name": {"session_start", "view_item", "add_to_cart", "purchase"},
        "consent_status": {"opt_in", "cleaned"},
    }[raw_column]
    words = WORDS.loc[WORDS["raw_column"] == raw_column, "word"].str.lower()
    assert asked <= set(words)


def objections(compiled: Compiled, given: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What stg_activity__objections makes of raw events, without tags."""
    tables = dict(given)
    for name in ("base_activity__objection_names", "base_activity__objections"):
        tables[name] = run_model(compiled(name), tables)
    tables["base_people__tag_objections"] = tables["base_activity__objections"].head(0)
    return run_model(compiled("stg_activity__objections"), tables)


def test_a_system_written_in_capitals_maps_its_objections_too(
    demo: Demo, compiled: Compiled
) -> None:
    words = pd.DataFrame({"source_system": ["Mailer "], "word": ["Bye"]}, dtype="string")
    events = landed("raw_events", words, occurred_at="2026-03-01", source_contact_id="k1")
    events = events.assign(event_id="e1", event_name=words["word"])
    row = {"source_system": ["MAILER"], "source_event_name": ["bye"]}
    given = {"event_names": pd.DataFrame({**row, "event_name": ["message_unsubscribed"]})}
    for name in ("base_people__spellings", "base_activity__data_horizon"):
        given[name] = demo(f"from main_staging.{name}")

    given["raw_events"] = events
    found = objections(compiled, given)

    assert found[["visitor_id", "event_name"]].values.tolist() == [["k1", "message_unsubscribed"]]


def test_a_no_in_words_that_no_seed_knows_counts(demo: Demo, compiled: Compiled) -> None:
    words = [
        "Marketing Opt-Out",
        "De\u0301sinscription",
        "Отписка",
        "Unsubscribe Page Viewed",
        "Dropout",
        "SMTP hard bounce",
    ]
    words += ["Unsubscribe Page Viewed"]
    systems = ["shop"] * 6 + ["crm"]
    names = pd.DataFrame({"source_system": systems, "word": words}, dtype="string")
    events = landed("raw_events", names, occurred_at="2026-03-01")
    keys = [f"k{number}" for number in range(len(words))]
    events = events.assign(event_id=keys, source_contact_id=keys, event_name=names["word"])
    # Of one system it is known to be no objection.
    row = {"source_system": ["shop"], "source_event_name": ["unsubscribe_page_viewed"]}
    given = {"event_names": pd.DataFrame({**row, "event_name": ["page_viewed"]})}
    for name in ("base_people__spellings", "base_activity__data_horizon"):
        given[name] = demo(f"from main_staging.{name}")

    given["raw_events"] = events
    found = objections(compiled, given)

    read = dict(zip(found["visitor_id"], found["event_name"], strict=True))
    assert {key for key, name in read.items() if name == "message_unsubscribed"} == {
        *("k0", "k1", "k2", "k6")
    }
    assert {key for key, name in read.items() if name != "message_unsubscribed"} == {"k5"}
    assert read["k5"] == "message_bounced"
