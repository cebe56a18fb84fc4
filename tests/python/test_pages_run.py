"""What README and docs/ tell to run does run, and gives what they show."""

from __future__ import annotations

import importlib
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import outputs
import pytest
from project import ROOT, failures, query, run_dbt

PAGES = [*outputs.PAGES, *(ROOT / "examples").glob("*/README.md")]
PAGES += [ROOT / "CONTRIBUTING.md", ROOT / "DECISIONS.md"]
QUERIES = [one for page in outputs.PAGES for one in outputs.queries(page)]
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A command in a block or in a line: make and what it is given, dbt and the node that it selects.
MAKE = re.compile(r"(?:^|`)make ([a-z][a-z0-9-]*)((?: [A-Z]+=)?)", re.MULTILINE)
SELECTED = re.compile(
    r"(?:dbt (?:build|run|show|compile|test|seed)[^`\n]*? -s \+?|make ask Q=)(\w+)"
)
SCRIPT = re.compile(r"\bpython ((?:docs|examples|tests|benchmarks|seeds)/[\w/]+\.py)")


def place(page: Path) -> str:
    """A page as tests name it."""
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """What a link to a heading of a page may end in."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize(
    "asked", QUERIES, ids=[f"{q.page.stem}-{number}" for number, q in enumerate(QUERIES)]
)
def test_a_query_on_a_page_gives_what_the_page_shows(asked: Any, demo_database: Path) -> None:  # noqa: ANN401
    given = outputs.answer(demo_database, asked.sql)

    assert given.count("\n") > 1, "no row"
    assert asked.output is None or asked.output == given, "run python docs/outputs.py"


def test_the_pages_have_the_queries_that_they_should_have() -> None:
    found = {place(one.page) for one in QUERIES if one.output is not None}
    assert found >= {"README.md", "docs/bi.md", "docs/rfm.md", "docs/experiments.md"}
    assert found >= {"docs/segments.md", "docs/identity.md"}


def test_analyses_on_pages_have_rows_and_give_what_is_pasted_into_a_tool(
    demo_database: Path, tmp_path: Path
) -> None:
    page = (ROOT / "docs/bi.md").read_text(encoding="utf-8")
    names = re.findall(r"^\[`analyses/(\w+)\.sql`\]", page, re.MULTILINE)
    told = set(
        re.findall(
            r"(?:dbt show -s |make ask Q=)(\w+)", "".join(p.read_text("utf-8") for p in PAGES)
        )
    )
    others = {name for name in told if (ROOT / f"analyses/{name}.sql").exists()} - set(names)
    command = ("show", "-s", *names, *sorted(others), "--limit", "-1")
    shown = run_dbt(*command, database=demo_database, target=tmp_path)
    assert shown.success, failures(shown)
    rows = {result.node.name: result.agate_table for result in shown.result.results}
    assert {name for name in others if not rows[name].rows} == set()
    assert others >= {"who_is_held_back_and_why", "did_the_experiment_work"}
    questions = page.partition("## Six questions")[2]
    pasted = [one for one in QUERIES if one.page.name == "bi.md" and one.sql in questions]
    assert len(names) == len(pasted) == 6

    for name, one in zip(names, pasted, strict=True):
        given = query(demo_database, one.sql)
        analysed = [dict(zip(rows[name].column_names, row, strict=True)) for row in rows[name].rows]
        for expected, row in zip(given.to_dict("records"), analysed[: len(given)], strict=True):
            for column, value in expected.items():
                told = row[column]
                if isinstance(value, float):
                    assert float(told) == pytest.approx(value, abs=1e-3), (name, column)
                else:
                    assert str(told)[:10] == str(value)[:10], (name, column)


def test_the_readme_shows_what_make_status_says(
    demo_database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run_dbt("run-operation", "tell_status", database=demo_database, target=tmp_path)
    assert result.success, failures(result)
    said = capsys.readouterr().out.splitlines()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.partition("$ make status\n")[2].partition("```")[0].splitlines()
    lines = [line for line in block if line != "..."]

    assert len(lines) >= 4
    assert [line for line in lines if line not in said] == []
    assert all(said.index(two) == said.index(one) + 1 for one, two in pairwise(lines))


def test_the_readme_shows_how_many_may_be_contacted(demo_database: Path) -> None:
    """As make build tells at its end; it names more columns than the page has room for."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    head, *lines = readme.partition("and why the others are held back\n")[2].splitlines()[:3]
    outcomes = query(
        demo_database,
        "select destination, coalesce(held_back_reason, 'eligible') as outcome, contact_id"
        " from main_audiences.audience_members",
    )
    eligible = outcomes[outcomes["outcome"] == "eligible"]
    counts = eligible.groupby("destination")["contact_id"].nunique()

    assert head.split()[:2] == ["destination", "eligible"]
    shown = {line.split()[0]: int(line.split()[1]) for line in lines}
    assert set(shown) == {"google_customer_match", "hubspot"}
    assert shown == {name: counts[name] for name in shown}


def test_every_command_on_a_page_names_what_is_there(manifest: dict[str, Any]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", makefile, re.MULTILINE))
    nodes = {node["name"] for node in manifest["nodes"].values()}
    of_an_example = {"segment_name", "my_model"}
    wrong, seen = [], set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target, variable in MAKE.findall(text):
            name = variable.strip().rstrip("=")
            seen.add(target)
            if target not in targets or (name and f"$({name})" not in makefile):
                wrong.append(f"{place(page)}: make {target} {variable}")
        for name in SELECTED.findall(text):
            seen.add(name)
            if name not in nodes | of_an_example and not name.startswith("int_traits__"):
                wrong.append(f"{place(page)}: dbt -s {name}")
        wrong += [
            f"{place(page)}: {path}" for path in SCRIPT.findall(text) if not (ROOT / path).exists()
        ]

    assert wrong == []
    assert {"build", "status", "own", "segment-preview"} <= seen
    assert {"segment_memberships", "who_is_held_back_and_why"} <= seen


def test_every_link_on_a_page_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            target = page.parent / path if path else page
            if not target.exists() or (
                anchor and target.suffix == ".md" and anchor not in anchors(target)
            ):
                broken.append(f"{place(page)}: {link}")
    assert broken == []


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert "bi.md" in pages
    assert [page for page in sorted(pages) if f"]({page})" not in index] == []


def test_every_decision_stands_in_the_index_with_all_its_parts() -> None:
    text = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
    index, _, decisions = text.partition("\n## ")
    entries = re.split(r"^### ", decisions, flags=re.MULTILINE)[1:]
    parts = ("**Why**", "**Rejected**", "**Look again**")
    incomplete = []
    for entry in entries:
        title, _, lines = entry.partition("\n")
        told = " ".join(lines.split())
        is_dated = re.search(r"\(\d{4}-\d\d-\d\d(, \d{4}-\d\d-\d\d)*\)", told)
        if f"[{title}](#" not in index or not is_dated or any(p not in told for p in parts):
            incomplete.append(title)
    assert len(entries) > 50
    assert incomplete == []


@pytest.mark.parametrize("name", ["features", "rfm"])
def test_a_page_that_a_script_writes_is_as_it_would_be_written(name: str) -> None:
    page = importlib.import_module(name)
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), f"run python docs/{name}.py"


def test_the_grids_of_the_page_are_those_of_the_tables(demo_database: Path) -> None:
    rfm = importlib.import_module("rfm")
    rules = rfm.seed("rfm_groups")
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        cells = connection.sql(
            "select preset, recency_score, frequency_score, monetary_score, rfm_group"
            " from main_contacts.rfm_cells"
        ).fetchall()
    assert len(cells) > 400
    wrong = [
        cell
        for cell in cells
        if rfm.group_of([rule for rule in rules if rule["preset"] == cell[0]], *cell[1:4])
        != cell[4]
    ]
    assert wrong == []
