"""The page of metrics says what dbt knows of them, and every metric says what it is."""

from __future__ import annotations

import re
from typing import Any

import metrics as metrics_page
from project import ROOT


def test_the_page_of_metrics_is_as_it_would_be_written(manifest: dict[str, Any]) -> None:
    text = metrics_page.PAGE.read_text("utf-8")
    assert text == metrics_page.page(manifest), "run python docs/metrics.py"


def test_every_metric_reads_a_public_table_and_says_what_it_is(manifest: dict[str, Any]) -> None:
    public = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["access"] == "public"
    }
    assert {"revenue", "buyers", "churned_contacts", "opened_rate", "campaign_profit"} <= {
        metric["name"] for metric in manifest["metrics"].values()
    }
    for unique_id, metric in manifest["metrics"].items():
        assert metrics_page.tables_of(manifest, unique_id) <= public, unique_id
        assert metric["description"], unique_id
        assert metric["label"], unique_id


def test_columns_and_analyses_use_the_names_of_metrics(manifest: dict[str, Any]) -> None:
    names = {metric["name"] for metric in manifest["metrics"].values()}
    results = manifest["nodes"]["model.crm_segmentation.campaign_results"]["columns"]
    of_messages = {
        metric["name"]
        for key, metric in manifest["metrics"].items()
        if metrics_page.tables_of(manifest, key) == {"campaign_sends"}
        if metric["name"].endswith("_rate")
    }
    assert {"opened_rate", "converted_rate"} <= of_messages <= results.keys()

    analysis = (ROOT / "analyses" / "what_did_each_month_bring.sql").read_text("utf-8")
    told = set(re.findall(r"\) as (\w+)", analysis.rpartition("\nselect\n")[2]))
    assert {"buyers", "revenue"} <= told <= names
