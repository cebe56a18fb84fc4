"""What make docs writes: every link leads somewhere, and no page asks a host."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import website
from project import ROOT
from website import BrokenSiteError

TRACKED = '<!doctype html><html><head data-a="1"><script src="//d.example/sp.js"></script></head>'
TRACKED += f'<script>const path = "{ROOT}/target"</script>'


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, with a page of another tool beside them."""
    folder = tmp_path_factory.mktemp("website")
    (folder / "other.html").write_text(TRACKED, encoding="utf-8")
    website.take_in(folder / "other.html", folder / "site" / website.TABLES.path)
    website.write_pages(folder / "site", [website.TABLES])
    return folder / "site"


@pytest.fixture
def site(written: Path, tmp_path: Path) -> Path:
    """A copy of them, for a test to change."""
    return shutil.copytree(written, tmp_path / "site")


def changed(page: Path, old: str, new: str) -> None:
    """Replace what stands on a page once."""
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_start_page_leads_to_every_page_and_part(site: Path) -> None:
    website.check(site)
    start = (site / "index.html").read_text("utf-8")

    told = {path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md")}
    assert {Path("docs/metrics.md"), Path("docs/tables.md")} <= told
    assert [page for page in told if f'"{page.with_suffix(".html")}"' not in start] == []
    assert 'href="dbt/index.html"' in start
    assert "lineage/index.html" not in start


def test_links_lead_to_pages_headings_pictures_and_files(site: Path) -> None:
    page = (site / "docs" / "metrics.html").read_text("utf-8")
    assert 'href="tables.html#orders"' in page
    assert '<h3 id="orders"' in (site / "docs" / "tables.html").read_text("utf-8")
    assert (site / "docs" / "dashboard_segments.png").exists()
    rules = (site / "models/marts/segments/segments.yml.html").read_text("utf-8")
    assert "criteria:" in rules
    diagrams = (site / "docs" / "architecture.html").read_text("utf-8")
    assert '<pre><code class="language-mermaid">flowchart TD' in diagrams


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tables.html#orders", "tables.html#order", "not there"),
        ("tables.html#orders", "table.html", "not there"),
        ("<h1", '<script async src="https://d.example/m.js"></script><h1', "would load"),
        ("<h1", '<link rel="stylesheet" href="//d.example/f.css"><h1', "would load"),
        ("<style>", '<style>@import "https://d.example/f.css";', "would load"),
        ("<h1", '<img alt="" src="https://d.example/p.png"><h1', "would load"),
        ("default-src", "script-src", "may ask any host"),
        ("<h1", f"{ROOT}<h1", "names the folder"),
    ],
)
def test_a_page_that_is_wrong_stops_it(site: Path, old: str, new: str, said: str) -> None:
    changed(site / "docs" / "metrics.html", old, new)
    with pytest.raises(BrokenSiteError, match=f"docs/metrics.html .*{said}"):
        website.check(site)


def test_a_page_of_another_tool_may_ask_no_host(site: Path) -> None:
    page = site / website.TABLES.path
    assert page.read_text("utf-8").index(website.POLICY) < page.read_text("utf-8").index("sp.js")

    changed(page, website.POLICY, "")
    with pytest.raises(BrokenSiteError, match=r"dbt/index\.html may ask any host"):
        website.check(site)


def test_a_link_to_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(website, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n[there](gone.md)\n", encoding="utf-8")
    with pytest.raises(BrokenSiteError, match=r"page\.md links gone\.md"):
        website.rendered(page)
