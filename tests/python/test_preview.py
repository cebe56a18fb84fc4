"""What the preview of a change says is what a build then does, and the preview changes nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from project import ROOT, failures, query, run_dbt

sys.path.insert(0, str(ROOT / "examples" / "preview"))
from preview import FOLLOWING, Preview, changes, report, unreached, warnings, without_trace

# More of them by hand: PREVIEW_SEEDS=20 pytest tests/python/test_preview.py -m 'slow or not slow'
SEEDS = range(1, 1 + int(os.environ.get("PREVIEW_SEEDS", "1")))
CRITERIA = (
    *("purchase_count >= {}", "days_since_last_purchase <= {}0", "net_spend_total >= {}00"),
    *("age_decade = {}0", "session_count >= {}"),
)
MEMBERS = "select segment_name as name, contact_id from main_segments.segment_memberships"
PRIMARY = "select segment_name as name, contact_id from main_segments.contact_primary_segments"
ELIGIBLE = "select distinct destination as name, contact_id from main_audiences.audience_members"
ELIGIBLE += " where is_eligible"
PARTS = {"segments": MEMBERS, "primary": PRIMARY, "audiences": ELIGIBLE}


def change_of_segments(chance: random.Random, shipped: list[str]) -> dict[str, Any]:
    """Segments taken out, one defined anew, one added, and a suppression."""
    gone, changed = chance.sample(shipped, 2)
    criteria = [chance.choice(CRITERIA).format(chance.randint(1, 6)) for _ in range(2)]
    about = {"model": "value", "goal": "Try it", "channels": ["email", "ads"]}
    return {
        "disabled_segments": [gone],
        "segments": [
            about | {"name": changed, "priority": 1, "criteria": criteria[:1]},
            about | {"name": "made_up", "priority": 2, "criteria": criteria},
            about
            | {"name": "out_of_reach", "priority": 3, "channels": ["direct_mail"]}
            | {"criteria": ["purchase_count >= 1"]},
            about
            | {
                "name": "not_sent",
                "priority": 4,
                "channels": [],
                "criteria": ["purchase_count >= 1"],
            },
        ],
        "suppressions": [
            {"name": "made_up", "reason": "r", "segments": ["*"], "criteria": criteria[:1]}
        ],
    }


def members(database: Path) -> dict[str, set[tuple[str, str]]]:
    """Who is in what, by the parts of the preview."""
    return {
        part: set(query(database, sql).itertuples(index=False, name=None))
        for part, sql in PARTS.items()
    }


def counted(
    before: set[tuple[str, str]], after: set[tuple[str, str]]
) -> dict[str, tuple[int, int, int, int]]:
    """Per name: now, then, entering, leaving."""

    def of(name: str, rows: set[tuple[str, str]]) -> int:
        return sum(row[0] == name for row in rows)

    names = {row[0] for row in before | after}
    return {
        name: (
            of(name, before),
            of(name, after),
            of(name, after - before),
            of(name, before - after),
        )
        for name in names
    }


def compared(
    demo: Path, folder: Path, change: dict[str, Any], *selected: str
) -> tuple[dict[str, list[tuple[Any, ...]]], list[str]]:
    """Preview a change, build it, and hold the one against the other; what the preview said."""
    database = Path(shutil.copy(demo, folder / "crm.duckdb"))
    bytes_before = hashlib.sha256(database.read_bytes()).hexdigest()
    (folder / "preview").mkdir()
    preview = Preview(database, folder / "preview", change)
    preview.build()
    found = changes(preview)
    told = warnings(preview, found["segments"])
    assert hashlib.sha256(database.read_bytes()).hexdigest() == bytes_before

    before = members(database)
    result = run_dbt("run", "-s", *selected, database=database, target=folder, variables=change)
    assert result.success, failures(result)
    after = members(database)
    for part, rows in found.items():
        assert {row[0]: row[1:] for row in rows} == counted(before[part], after[part]), part
    assert any(row[3] or row[4] for row in found["segments"])
    return found, told


@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_of_segments_does_what_its_preview_said(
    demo_database: Path, tmp_path: Path, seed: int
) -> None:
    segments = query(
        demo_database,
        "select segment_name from main_segments.segment_definitions"
        " where contact_count > 20 and segment_name not in"
        " ('loyal_customers', 'high_value_customers', 'highly_engaged') order by 1",
    )
    change = change_of_segments(random.Random(seed), list(segments["segment_name"]))
    found, told = compared(demo_database, tmp_path, change, *FOLLOWING)

    assert f"{change['disabled_segments'][0]} would be no segment any more." in told
    unreached = [text for text in told if "could contact any of the" in text]
    assert any("out_of_reach: the variable destinations names none" in text for text in unreached)
    assert not any("not_sent" in text for text in unreached)
    text = report(found, told, markdown=True)
    assert f"| {change['disabled_segments'][0]} | " in text
    assert text.count("### ") == len(PARTS) + 1


def test_a_segment_that_others_outrank_is_not_said_to_lack_consent() -> None:
    said = unreached("many_addresses", 60, [("lower_priority_segment", 41), ("withdrawn", 13)])
    assert said == (
        "No destination could contact any of the 60 members of many_addresses:"
        " lower_priority_segment 41, withdrawn 13 (docs/glossary.md says what each means)."
        " Give it a lower priority number if its message should win."
    )


def test_a_mistake_is_told_without_the_macros_that_found_it() -> None:
    said = without_trace(
        "Compilation Error in operation x (./dbt_project.yml)\n  Segments need a change:\n"
        "    - Segment 'a' has no goal.\n  \n  > in macro check_segments (macros/a.sql)"
    )
    assert said == "Segments need a change:\n    - Segment 'a' has no goal."


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_of_variables_does_what_its_preview_said(
    demo_database: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    change = {
        "churned_days": chance.randint(100, 300),
        "loyal_orders": chance.randint(2, 6),
        "engagement_high_rate": chance.choice([0.3, 0.6, 0.8]),
        "frequency_caps": {"email": chance.randint(1, 4)},
    }
    compared(demo_database, tmp_path, change, "+audience_members", "+contact_primary_segments")
