"""The joins between public tables hold, and whatever draws them reads the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tables
from project import failures, run_dbt

# Every fact as the macro for engines has it, one a line.
LISTED = """
{% for fact in foreign_keys() %}
{{ [fact.child.name, fact.column, fact.parent.name, fact.key, fact.is_certain] | tojson }}
{% endfor %}
"""


@pytest.fixture(scope="module")
def found(manifest: dict[str, Any]) -> list[tables.ForeignKey]:
    """The joins as the page of tables has them."""
    return tables.foreign_keys(manifest)


def test_the_joins_that_people_draw_are_there(found: list[tables.ForeignKey]) -> None:
    drawn = {(fact.table, fact.column, fact.parent) for fact in found}

    assert {
        ("contact_traits", "contact_id", "contacts"),
        ("orders", "contact_id", "contact_traits"),
        ("order_items", "source_product_id", "products"),
        ("segment_memberships", "segment_name", "segment_definitions"),
        ("segment_overlaps", "other_segment_name", "segment_definitions"),
        ("match_review", "record_id_b", "contact_records"),
        ("campaign_sends", "campaign_id", "campaigns"),
    } <= drawn
    # The golden record leads nowhere: contact_traits, which a BI tool may read, leads to it.
    assert [fact for fact in drawn if fact[0] == "contacts"] == []


def test_tables_named_in_exceptions_are_among_those_that_lead_there(
    manifest: dict[str, Any], found: list[tables.ForeignKey]
) -> None:
    for parent, node in tables.public_tables(manifest).items():
        rule = node["config"]["meta"].get("referenced_by", {})
        leading = {fact.table for fact in found if fact.parent == parent}
        assert set(rule.get("maybe_from", [])) <= leading, parent
        assert not rule or rule["key"] in node["columns"], parent


def test_every_join_holds_on_the_demo(
    demo_database: Path, manifest: dict[str, Any], found: list[tables.ForeignKey]
) -> None:
    relations = {
        name: f"{node['schema']}.{node['alias']}"
        for name, node in tables.public_tables(manifest).items()
    }
    # One query for all: what leads nowhere, and keys that stand twice.
    selects = [
        f"select '{fact.table}.{fact.column}' as what, count(*) as wrong, {fact.is_certain}"
        f" from {relations[fact.table]} as child where {fact.column} is not null and not exists"
        f" (select 1 from {relations[fact.parent]} as parent"
        f" where parent.{fact.key} = child.{fact.column})"
        for fact in found
    ] + [
        f"select '{parent}', count(*) - count(distinct {key}), true from {relations[parent]}"
        for parent, key in {(fact.parent, fact.key) for fact in found}
    ]
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        counted = connection.execute(" union all ".join(selects)).fetchall()

    assert [(what, wrong) for what, wrong, is_certain in counted if wrong and is_certain] == []
    # The demo sells a product that its catalogue no longer has, so that the exception is needed.
    assert ("order_items.source_product_id", False) in {
        (what, is_certain) for what, wrong, is_certain in counted if wrong
    }


def test_the_macro_for_engines_has_the_same_joins(
    demo_database: Path, tmp_path: Path, found: list[tables.ForeignKey]
) -> None:
    result = run_dbt("compile", "--inline", LISTED, database=demo_database, target=tmp_path)
    assert result.success, failures(result)
    lines = result.result.results[0].node.compiled_code.split("\n")
    listed = {tuple(json.loads(line)) for line in lines if line.strip()}

    assert listed == {
        (fact.table, fact.column, fact.parent, fact.key, fact.is_certain) for fact in found
    }


def test_tools_that_draw_diagrams_are_told_of_every_join(
    manifest: dict[str, Any], found: list[tables.ForeignKey]
) -> None:
    text = tables.dbml(manifest)

    assert "Table orders {\n" in text
    assert '  net_amount "numeric(18, 2)"\n' in text
    assert text.count("Ref: ") == len(found)
    assert "Ref: orders.contact_id > contact_traits.contact_id\n" in text
