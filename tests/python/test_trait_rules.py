"""What stands behind a trait: told on the trait, part of every version that depends on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlglot
import yaml
from project import ROOT, failures, run_dbt, run_model
from sqlglot import expressions

VARIABLE = re.compile(r"var\(\s*['\"](\w+)['\"]")
SETTINGS = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
VARIABLES = set(SETTINGS["vars"]["crm_segmentation"])

# They say which rows are read, and as of when: another answer is another day's, not another rule's.
WHAT_IS_READ = {"as_of_date", "demo_data", "demo_last_day", "raw_database", "raw_schema"}
WHAT_IS_READ |= {"raw_tables", "raw_models_from", "connectors", "backfill"}

# It empties what erased people did and has to run first; nothing is read from it.
ONLY_FIRST = {
    "model.crm_segmentation.int_identity__erased_visitors",
    # It stops a run and gives no row.
    "model.crm_segmentation.int_quality__input_errors",
    # They say when a table is built again, not what it holds.
    "model.crm_segmentation.base_commerce__changed_orders",
    "model.crm_segmentation.base_raw__builds",
    "model.crm_segmentation.int_orders__changed_contacts",
}

# Read on the way to a trait for the names of the channels alone, or for caps that no trait tells.
WITHOUT_EFFECT = {"consent_defaults", "destinations", "frequency_caps"}
WITHOUT_EFFECT |= {"frequency_caps_in_season", "high_seasons"}
# It says when a corrected event is read again, and not what a trait is.
WITHOUT_EFFECT |= {"heal_changed_events"}
# A hook of every node reads it: whether a second run is kept out.
WITHOUT_EFFECT |= {"run_lock"}
# The variable rfm_activity decides which of two models it reads; a trait tells what is behind both.
ALSO_READ = {"model.crm_segmentation.int_rfm__interactions": ["model.crm_segmentation.sessions"]}
# Seeds that tidy one column of the contacts, and who reads that column.
ONE_COLUMN = {"genders": {"gender"}, "languages": {"language_code"}}
ONE_COLUMN["time_zones"] = {"time_zone", "most_active_weekday", "most_active_hour", "best_channel"}
ONE_COLUMN["time_zones"] |= {"best_email_hour", "best_sms_hour", "best_push_hour"}


class Lineage:
    """Which seeds and variables a model is made from, by what its SQL and its macros name."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        """Read the manifest."""
        self.nodes, self.macros = manifest["nodes"], manifest["macros"]
        self.by_macro: dict[str, set[str]] = {}

    def of_macro(self, name: str) -> set[str]:
        """Variables that a macro or one that it calls reads."""
        if name not in self.macros or name in self.by_macro:
            return self.by_macro.get(name, set())
        macro = self.macros[name]
        self.by_macro[name] = found = set(VARIABLE.findall(macro["macro_sql"]))
        for other in macro["depends_on"]["macros"]:
            found |= self.of_macro(other)
        return found

    def behind(self, model: str) -> set[str]:
        """Variables and seeds, raw ones left out."""
        found, seen, waiting = set(), {*ONLY_FIRST}, [f"model.crm_segmentation.{model}"]
        while waiting:
            name = waiting.pop()
            node = self.nodes.get(name)
            if not node or name in seen:
                continue
            seen.add(name)
            if node["resource_type"] == "seed":
                found |= set() if node["name"].startswith("raw_") else {node["name"]}
                continue
            found |= set(VARIABLE.findall(node["raw_code"]))
            for macro in node["depends_on"]["macros"]:
                if macro.startswith("macro.crm_segmentation."):
                    found |= self.of_macro(macro)
            waiting += node["depends_on"]["nodes"] + ALSO_READ.get(name, [])
        return found - WHAT_IS_READ


@pytest.fixture(scope="module")
def model(manifest: dict[str, Any]) -> dict[str, Any]:
    """The node of contact_traits."""
    return manifest["nodes"]["model.crm_segmentation.contact_traits"]


@pytest.fixture(scope="module")
def told(model: dict[str, Any]) -> dict[str, set[str]]:
    """Variables and seeds that each trait names, with those of all traits."""
    of_all = model["config"]["meta"]["rules_of_all"]
    common = set(of_all["variables"]) | set(of_all["seeds"])
    return {
        name: common
        | set(column["config"]["meta"]["variables"])
        | set(column["config"]["meta"]["seeds"])
        for name, column in model["columns"].items()
    }


def models_behind(sql: str) -> dict[str, set[str]]:
    """For each trait the models that its column is selected from."""
    query = sqlglot.parse_one(sql, dialect="duckdb")
    imports, traits = {}, None
    for cte in query.find_all(expressions.CTE):
        if cte.alias == "traits":
            traits = cte.this
        else:
            imports[cte.alias] = next(cte.this.find_all(expressions.Table)).name
    assert traits is not None
    return {
        column.alias_or_name: {
            imports[part.table] for part in column.find_all(expressions.Column) if part.table
        }
        for column in traits.expressions
    }


def test_every_trait_tells_what_exists(model: dict[str, Any], manifest: dict[str, Any]) -> None:
    seeds = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "seed"}
    metas = [column["config"]["meta"] for column in model["columns"].values()]
    for meta in [*metas, model["config"]["meta"]["rules_of_all"]]:
        assert set(meta) == {"variables", "seeds"}
        assert set(meta["variables"]) <= VARIABLES
        assert set(meta["seeds"]) <= seeds


def test_a_trait_tells_everything_it_is_made_from(
    manifest: dict[str, Any], compiled: Callable[[str], str], told: dict[str, set[str]]
) -> None:
    lineage = Lineage(manifest)
    sources = models_behind(compiled("contact_traits"))
    assert set(sources) == set(told)
    untold, needless = {}, {}
    for trait, models in sources.items():
        behind = set().union(*(lineage.behind(name) for name in models))
        behind |= lineage.behind("contact_records")
        behind -= WITHOUT_EFFECT
        behind -= {seed for seed, traits in ONE_COLUMN.items() if trait not in traits}
        if behind - told[trait]:
            untold[trait] = behind - told[trait]
        if told[trait] - behind:
            needless[trait] = told[trait] - behind
    assert untold == {}
    assert needless == {}


VERSIONS = """
{%- set catalogue = segment_catalogue() -%}
{%- set versions = {} -%}
{%- for segment in catalogue -%}
    {%- do versions.update({segment.name: definition_version(segment)}) -%}
{%- endfor -%}
{%- set rfm_version = rfm_rules_version() -%}
{%- set found = {} -%}
{%- for name in names -%}
    {%- set changed = [] -%}
    {%- for segment in catalogue if definition_version(segment, {name: 'other'}) != versions[segment.name] -%}
        {%- do changed.append(segment.name) -%}
    {%- endfor -%}
    {%- do found.update({name: {'segments': changed, 'rfm': rfm_rules_version({name: 'other'}) != rfm_version}}) -%}
{%- endfor -%}
{{ tojson(found) }}
"""  # noqa: E501


def test_a_changed_rule_is_never_reported_as_people_moving(
    demo_database: Path,
    tmp_path: Path,
    manifest: dict[str, Any],
    compiled: Callable[[str], str],
    told: dict[str, set[str]],
) -> None:
    """Every variable and seed, one after the other, over every segment of the demo."""
    names = sorted(set().union(*told.values()) | VARIABLES)
    query = f"{{%- set names = {names!r} -%}}" + VERSIONS
    result = run_dbt("compile", "--inline", query, database=demo_database, target=tmp_path)
    assert result.success, failures(result)
    found = json.loads(result.result.results[0].node.compiled_code)

    listed = manifest["nodes"]["model.crm_segmentation.segment_definitions"]["config"]["meta"]
    sizes = []
    for segment in listed["segments"]:
        bare = re.sub("'[^']*'", "", " ".join(map(str, segment["criteria"])))
        words = set(re.findall("[a-z_][a-z0-9_]*", bare))
        rules = set().union(*(told[word] for word in words & set(told)))
        for name in names:
            is_changed = segment["name"] in found[name]["segments"]
            assert is_changed == (name in rules), (segment["name"], name)
            who = f"{segment['name']} {name}"
            sizes.append((who, "2026-07-01", "v1"))
            sizes.append((who, "2026-07-02", "v2" if is_changed else "v1"))
    profiles = pd.DataFrame(sizes, columns=["segment_name", "as_of_date", "definition_version"])
    profiles = profiles.assign(trait="everyone", contact_count=1, population_count=1)
    causes = run_model(compiled("int_segments__measurements"), {"segment_profiles": profiles})
    causes = causes[causes["as_of_date"] == "2026-07-02"].set_index("segment_name")
    for who, cause in causes["movement_cause"].items():
        name = str(who).split()[1]
        expected = "definition" if str(who).split()[0] in found[name]["segments"] else "contact"
        assert cause == expected

    # The same rules decide when month ends are scored anew; who is a contact stands in the data.
    of_all = manifest["nodes"]["model.crm_segmentation.contact_traits"]["config"]["meta"]
    common = {name for names in of_all["rules_of_all"].values() for name in names}
    assert {name for name in names if found[name]["rfm"]} == told["rfm_score"] - common
