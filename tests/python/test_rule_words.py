"""A misspelt word in a seed of rules is told, with what to write: the rule would do nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import RELATION

SEEDS_AND_COLUMNS = [
    ("event_names", "event_name"),
    ("event_vocabulary", "funnel_stage"),
    ("campaign_goals", "event_name"),
    ("survivorship_rules", "attribute"),
    ("survivorship_rules", "rule"),
    ("erasure_decisions", "decision"),
    ("identifier_type_aliases", "identifier_type"),
    ("placeholder_identifiers", "identifier_type"),
    ("placeholder_identifiers", "matched_part"),
    ("hubspot_lifecycle_stages", "lifecycle_stage"),
    ("hubspot_lifecycle_stages", "funnel_stage"),
    ("destinations", "channel"),
    ("destinations", "identifier"),
    ("destinations", "on_exit"),
    ("lead_score_rules", "signal_type"),
    ("trigger_rules", "trigger_name"),
    ("trait_families", "trait"),
    ("trait_families", "trait_family"),
    ("rfm_groups", "preset"),
]
Told = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def told(demo_database: Path, manifest: dict[str, Any]) -> Told:
    """What is told of seeds of which each has a word that nothing knows in every such column."""
    test = manifest["nodes"]["test.crm_segmentation.rule_words_are_known"]
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.sql(f"attach '{demo_database}' as demo (read_only)")
        for node in test["depends_on"]["nodes"]:
            name = node.split(".")[-1]
            if node.startswith("seed."):
                connection.sql(f'create table "{name}" as from demo.main_reference."{name}"')
        sql = RELATION.sub(r'"\1"', test["compiled_code"])
        assert connection.sql(sql).fetchall() == []
        for seed, column in SEEDS_AND_COLUMNS:
            connection.sql(f"insert into {seed} ({column}) values ('mispelt {column}')")
        return connection.sql(sql).fetchall()


@pytest.mark.parametrize(("seed", "column"), SEEDS_AND_COLUMNS)
def test_a_word_that_nothing_knows_is_told(told: Told, seed: str, column: str) -> None:
    [advice] = [row[3] for row in told if row[:3] == (seed, column, f"mispelt {column}")]
    assert advice


def test_every_word_that_is_looked_at_is_broken_here(told: Told) -> None:
    assert {row[:2] for row in told} == set(SEEDS_AND_COLUMNS)
