"""The UCI Online Retail file, end to end through the loader: figures that others published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from project import BUILD, ROOT, failures, query, run_dbt

# The file is not part of the repository; beside a checkout, or where the variable points.
FILE = Path(
    os.environ.get("ONLINE_RETAIL", ROOT.parent / "shared" / "data" / "online_retail.parquet")
)
LOADER = [sys.executable, str(ROOT / "examples/own_data/load.py")]
MAPPING = str(ROOT / "examples/own_data/online_retail.yml")

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason=f"{FILE} is missing; name the file with ONLINE_RETAIL=PATH"
)


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What dbt said while it built."""
    return []


@pytest.fixture(scope="module")
def retail(
    tmp_path_factory: pytest.TempPathFactory, told: list[str]
) -> Callable[[str], pd.DataFrame]:
    """Query on Online Retail, loaded and built with all data tests as of 2011-12-10."""
    folder = tmp_path_factory.mktemp("online_retail")
    database = folder / "crm.duckdb"
    named = ["--file", f"online_retail={FILE}", "--database", str(database)]
    subprocess.run([*LOADER, MAPPING, *named], check=True)
    printed = subprocess.run(
        [*LOADER, MAPPING, "--print-vars"], check=True, capture_output=True, text=True
    )
    result = run_dbt(
        *BUILD,
        database=database,
        target=folder,
        variables=json.loads(printed.stdout),
        callbacks=(lambda event: told.append(event.info.msg),),
    )
    assert result.success, failures(result)
    return lambda sql: query(database, sql)


def test_customers_purchases_and_revenue_are_the_published_ones(
    retail: Callable[[str], pd.DataFrame],
) -> None:
    figures = retail(
        """
        select
            count(*) as customers,
            sum(purchase_count) as purchases,
            sum(net_spend_total) as revenue,
            count(*) filter (where purchase_count = 1) as one_order_customers,
            max(purchase_count) as most_purchases,
            median(net_spend_total) as median_spend
        from main_contacts.contact_traits
        where purchase_count > 0
        """
    ).iloc[0]

    assert figures["customers"] == 4338
    assert figures["purchases"] == 18532
    assert f"{figures['revenue']:.2f}" == "8887208.89"
    assert figures["one_order_customers"] == 1493
    assert figures["most_purchases"] == 209
    assert f"{figures['median_spend']:.3f}" in {"668.570", "668.575"}


def test_the_report_says_why_nobody_may_be_contacted(
    retail: Callable[[str], pd.DataFrame], told: list[str]
) -> None:
    """The data hold no consents."""
    assert retail("select count(*) as n from main_contacts.contact_consents")["n"].item() == 0
    advice = [text for text in "\n".join(told).splitlines() if "Nobody may be contacted" in text]

    assert len(advice) == 1
    assert "google_customer_match, hubspot, klaviyo, mailchimp, meta" in advice[0]
    assert "Load what they allowed into raw_consents" in advice[0]


def test_every_line_is_accounted_for(retail: Callable[[str], pd.DataFrame]) -> None:
    accounts = retail("from main_quality.row_accounting").set_index("raw_table")
    lines = accounts.loc["raw_order_items"]

    assert lines["rows_in"] == 541_909
    assert lines["rows_kept"] + lines["rows_superseded"] + lines["rows_rejected"] == 541_909
    # 10,624 lines have no positive quantity and 2 a negative price; 37 of them are repeats too.
    assert lines["rows_rejected"] == 10_626
    assert lines["rows_superseded"] == 5_268 - 37
    assert accounts.loc["raw_orders", "rows_kept"] == 25_900
    assert accounts.loc["raw_contacts", "rows_kept"] == 4_372


def test_every_customer_is_in_one_rfm_group(retail: Callable[[str], pd.DataFrame]) -> None:
    groups = retail(
        "select rfm_group, count(*) as n from main_contacts.contact_rfm_scores group by 1"
    )

    assert groups["n"].sum() == 4338
    assert len(groups) == 10
