"""The pages of make dashboard in a browser that reaches no host: make test-dashboard."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

pytestmark = pytest.mark.dashboard

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / os.environ.get("CRM_DASHBOARD", "target/dashboard")
# Unless a database is named, boards read the demo with the history that make dashboard gives it.
DATABASE = ROOT / os.environ.get("CRM_DUCKDB_PATH", "target/dashboard/demo/crm.duckdb")
BOARDS = sorted(path.stem for path in (ROOT / "charts").glob("*.yml") if path.name != "meta.yml")
# Of the pages about one kind of segment, the one with the most on it.
WRITTEN = [*BOARDS, "segments_lifecycle", "index"]
WIDE, PHONE = 1200, 390
# The pictures of the README and docs, by width: the board, how much of it, and how large.
PICTURES = {
    WIDE: {"dashboard_segments": ("segments", 1500, 1), "dashboard_results": ("results", 1010, 1)},
    PHONE: {"dashboard_phone": ("reach", 900, 0.9)},
}
# Pixels below which nobody reads a letter.
SMALLEST_LETTER = 8
# What selenium sends for the key that leads to the next link.
TAB = "\ue004"
PERSONAL = """
    select email from main_personal.contacts union select phone_e164 from main_personal.contacts
    union select first_name || ' ' || last_name from main_personal.contacts
    union select address_line from main_personal.contacts
    union select contact_id from main_contacts.contact_traits
    union select record_id from main_contacts.contact_records
    union select source_contact_id from main_contacts.contact_records
    where length(source_contact_id) > 5
"""
# The text of every drawing that can be seen, and how large its letters are.
LETTERS = """
    return [...document.querySelectorAll('svg text')].filter(text => text.getClientRects().length)
        .map(text => [text.textContent, parseFloat(getComputedStyle(text).fontSize)
            * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b)])
"""
# The colour of every letter that is not white on a bar.
COLOURS = """
    return [...document.querySelectorAll('svg text')].filter(text => text.getClientRects().length)
        .map(text => [text.textContent, getComputedStyle(text).fill])
"""
CHARTS = """
    return [...document.querySelectorAll('[data-chart-id]')]
        .filter(chart => chart.getClientRects().length)
        .map(chart => [chart.dataset.chartId, chart.dataset.chartType,
            chart.querySelectorAll('path[d], rect, circle, line').length,
            [...chart.querySelectorAll('text')].map(text => text.textContent)])
"""


def start_browser(width: int) -> Any:  # noqa: ANN401
    """A browser with a window of this width, for which every host is unknown."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.fail("chromium and chromium-driver are missing: apt-get install them.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    options.add_argument("--disable-dev-shm-usage")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    window = {"width": width, "height": 900, "pixelRatio": 1}
    options.add_experimental_option("mobileEmulation", {"deviceMetrics": window})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


@pytest.fixture(scope="module", params=[WIDE, PHONE], ids=["wide", "phone"])
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A browser on a desk, then one in a hand."""
    started = start_browser(request.param)
    started.crm_width = request.param
    yield started
    started.quit()


@pytest.fixture(scope="module")
def marts() -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Rows of a query on the project's own database."""
    with duckdb.connect(str(DATABASE), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def contrast_with_white(colour: str) -> float:
    """The ratio of WCAG 2 for a colour as browsers write it, rgb(r, g, b), on white."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def open_page(browser: Any, name: str) -> None:  # noqa: ANN401
    """Open a page and wait until it is drawn."""
    browser.get((PAGES / f"{name}.html").as_uri())
    browser.execute_async_script("document.fonts.ready.then(arguments[0])")


def texts_of(browser: Any, board: str) -> dict[str, list[str]]:  # noqa: ANN401
    """The texts of every chart of a board that can be seen."""
    open_page(browser, board)
    return {chart: texts for chart, _, _, texts in browser.execute_script(CHARTS)}


@pytest.mark.parametrize("board", BOARDS)
def test_every_chart_of_a_board_is_drawn(browser: Any, board: str) -> None:  # noqa: ANN401
    open_page(browser, board)
    drawn = {name: (kind, n, texts) for name, kind, n, texts in browser.execute_script(CHARTS)}
    written = yaml.safe_load((ROOT / "charts" / f"{board}.yml").read_text("utf-8"))
    conditional = set(re.findall(r"'visible'.*?\[(.*?)\]", str(written["rows"])))
    optional = {name for names in conditional for name in re.findall(r"\w+", names)}

    assert set(written["charts"]) - set(drawn) <= optional
    for name, (kind, marks, texts) in drawn.items():
        assert not any("no data" in text.lower() for text in texts), name
        if kind in {"bar", "line", "area"}:
            assert marks > 5, name
        elif kind == "table":
            assert len(texts) > 6, name
        else:
            assert texts, name


@pytest.mark.parametrize("board", WRITTEN)
def test_nothing_leaves_and_nothing_fails(browser: Any, board: str) -> None:  # noqa: ANN401
    browser.get_log("performance")
    browser.get_log("browser")
    open_page(browser, board)
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]

    assert any(url.startswith("file:") for url in asked)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("board", WRITTEN)
def test_a_page_fits_its_window_and_can_be_read(browser: Any, board: str) -> None:  # noqa: ANN401
    open_page(browser, board)
    width = browser.execute_script("return document.documentElement.scrollWidth")
    letters = browser.execute_script(LETTERS)

    assert width <= browser.crm_width
    assert [text for text, size in letters if text.strip() and size < SMALLEST_LETTER] == []


@pytest.mark.parametrize("board", WRITTEN)
def test_a_page_can_be_heard_and_used_without_a_mouse(browser: Any, board: str) -> None:  # noqa: ANN401
    """By axe-core's rules; it looks at what is HTML, not at letters in drawings."""
    # make test collects this file in an environment without it.
    import axe_core_python

    axe = Path(axe_core_python.__file__).with_name("axe.min.js").read_text("utf-8")
    open_page(browser, board)
    browser.execute_script(axe)
    found = browser.execute_async_script(
        "const done = arguments[0];"
        "axe.run().then(result => done(result.violations.map("
        "rule => [rule.id, rule.nodes[0].html])))"
    )
    browser.switch_to.active_element.send_keys(TAB)
    focused = browser.execute_script("return document.activeElement.tagName")

    assert found == []
    assert focused == "A"


@pytest.mark.parametrize("board", BOARDS)
def test_letters_of_drawings_stand_out_from_white(browser: Any, board: str) -> None:  # noqa: ANN401
    """At the ratio of WCAG AA, but for white letters, which stand on bars, and arrows."""
    open_page(browser, board)
    faint = [
        (text, round(ratio, 1))
        for text, colour in browser.execute_script(COLOURS)
        if len(text.strip()) > 1 and 1 < (ratio := contrast_with_white(colour)) < 4.5
    ]

    assert faint == []


@pytest.mark.parametrize("board", WRITTEN)
def test_no_page_holds_personal_data(marts: Callable[..., Any], board: str) -> None:
    page = (PAGES / f"{board}.html").read_text("utf-8")
    # Fonts and the like are long runs of letters in which anything may stand.
    page = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    values = [value for (value,) in marts(PERSONAL) if value]

    assert len(values) > 1000
    assert [value for value in values if value in page] == []
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", page) == []
    assert re.findall(r"\b[0-9a-f]{32,}\b", page) == []


def test_the_segments_are_those_of_the_marts(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
) -> None:
    texts = texts_of(browser, "segments")
    contacts = "from main_contacts.contact_traits where not is_erased"
    ((people, customers),) = marts(
        f"select count(*), sum(case when purchase_count > 0 then 1 else 0 end) {contacts}"
    )
    largest = marts(
        "select label, contact_count from main_segments.segment_definitions"
        " order by contact_count desc, segment_name limit 3"
    )

    assert f"{people:,}" in texts["contacts"]
    assert f"{int(customers):,}" in texts["customers"]
    bars = [text for text in texts["largest_segments"] if re.fullmatch(r"[\d,]+", text)]
    assert {f"{count:,}" for _, count in largest} <= set(bars)
    table = texts["segment_list"]
    for label, count in largest:
        assert table[table.index(label) + 1] == f"{count:,}"


def test_reach_is_that_of_the_audiences(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
) -> None:
    texts = texts_of(browser, "reach")["reason_table"]
    eligible = marts(
        "select label, count(distinct contact_id) from main_audiences.audience_members"
        " inner join main_quality.code_labels on code_kind = 'destination' and code = destination"
        " where is_eligible group by label"
    )
    places = {destination: texts.index(destination) for destination, _ in eligible}

    assert {"HubSpot", "Google Customer Match"} <= set(places)
    for destination, count in eligible:
        assert texts[places[destination] + 1] in {f"{count:,}", "< 5", "hidden"}
    assert any(texts[places[d] + 1] == f"{count:,}" for d, count in eligible)


def test_results_are_those_of_the_campaigns(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
) -> None:
    texts = texts_of(browser, "results")
    profits = marts(
        "select c.campaign_name, r.profit from main_campaigns.campaign_results as r"
        " inner join main_campaigns.campaigns as c using (campaign_id) where r.sent_count > 0"
    )
    verdicts = marts(
        "select verdict, count(*) from main_campaigns.experiment_results"
        " where verdict is not null group by verdict"
    )

    table = texts["campaign_table"]
    for campaign, profit in profits:
        written = table[table.index(campaign) + 1].replace("\N{MINUS SIGN}", "-").replace(",", "")
        assert abs(float(written) - float(profit)) <= 0.51, campaign
    for verdict, count in verdicts:
        if browser.crm_width == WIDE:
            assert texts["verdict_table"].count(verdict) == count


def test_quality_is_that_of_the_row_accounting(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
) -> None:
    texts = texts_of(browser, "quality")["accounting_table"]
    for raw_table, rows_in, rejected in marts(
        "select raw_table, rows_in, rows_rejected from main_quality.row_accounting"
    ):
        place = texts.index(raw_table)
        assert texts[place + 1 : place + 3] == [f"{rows_in:,}", f"{rejected:,}"]


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of the boards as make serve-dashboard serves them, without building anew."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("dct"), "serve", "--project-dir", ROOT]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--no-cache"],
        env={**os.environ, "DO_NOT_TRACK": "1", "DCT_NO_WORKSPACE_GUARD": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def test_a_filter_changes_what_is_shown(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
    served: str,
) -> None:
    shown = {}
    for kind in ("", "?model=lifecycle"):
        browser.get(f"{served}/segments/{kind}")
        charts = {name: texts for name, _, _, texts in browser.execute_script(CHARTS)}
        shown[kind] = set(charts["segment_list"])
    labels = "select label from main_segments.segment_definitions where contact_count > 0 and model"
    of_stages = {label for (label,) in marts(f"{labels} = 'lifecycle'")}
    others = {label for (label,) in marts(f"{labels} <> 'lifecycle'")} - of_stages

    assert shown[""] & others
    assert shown["?model=lifecycle"] & others == set()
    assert of_stages <= shown["?model=lifecycle"]


def test_a_page_about_one_kind_shows_that_kind(
    browser: Any,  # noqa: ANN401
    marts: Callable[..., Any],
) -> None:
    labels = "select label from main_segments.segment_definitions where model"
    kinds = [path.stem.removeprefix("segments_") for path in PAGES.glob("segments_*.html")]
    assert {"lifecycle", "value", "demographic"} <= set(kinds)
    for kind in kinds:
        own = {label for (label,) in marts(f"{labels} = '{kind}'")}
        others = {label for (label,) in marts(f"{labels} <> '{kind}'")} - own
        shown = {text for texts in texts_of(browser, f"segments_{kind}").values() for text in texts}

        assert shown & own, kind
        assert shown & others == set(), kind


def test_the_demo_says_what_grew(browser: Any, marts: Callable[..., Any]) -> None:  # noqa: ANN401
    """By the month ends that make dashboard measures; a company has days of its own."""
    days = marts("select count(distinct as_of_date) from main_segments.segment_profiles")
    texts = texts_of(browser, "segments")

    assert days[0][0] >= 6
    assert {"sizes_over_time", "came_and_went"} <= set(texts)
    assert {"Loyal customers", "Churned customers"} & set(texts["sizes_over_time"])


def test_the_index_leads_to_every_board(browser: Any) -> None:  # noqa: ANN401
    open_page(browser, "index")
    links = browser.execute_script("return [...document.links].map(link => link.href)")

    assert {Path(link).stem for link in links} == {p.stem for p in PAGES.glob("*.html")} - {"index"}


def test_pictures_for_the_readme(browser: Any) -> None:  # noqa: ANN401
    """Takes them where SCREENSHOTS names a folder, and holds them to what a README can carry."""
    folder = os.environ.get("CRM_SCREENSHOTS")
    if not folder:
        pytest.skip("SCREENSHOTS names no folder")
    wanted = PICTURES[browser.crm_width]
    for name, (board, height, scale) in wanted.items():
        open_page(browser, board)
        area = {"x": 0, "y": 0, "width": browser.crm_width, "height": height}
        picture = browser.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True, "clip": {**area, "scale": scale}},
        )
        content = base64.b64decode(picture["data"])
        (ROOT / folder / f"{name}.png").write_bytes(content)

        assert len(content) < 200_000
