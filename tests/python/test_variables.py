"""Every variable has a rule that its default keeps; what breaks it is named before a model runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import variables
import yaml
from hypothesis import given
from hypothesis import strategies as st
from project import ROOT

DEFAULTS = yaml.safe_load((ROOT / "dbt_project.yml").read_text("utf-8"))["vars"]["crm_segmentation"]

MACROS = variables.Macros(DEFAULTS)
RULES = MACROS.variable_rules()
# Kinds whose entries are looked up in dbt's graph: the dbt runs of other tests look at those.
SINGLE = {name for name, rule in RULES.items() if rule["kind"] not in {"list", "map"}}
LISTS = sorted(name for name, rule in RULES.items() if rule["kind"] == "list")
MAPS = sorted(name for name, rule in RULES.items() if rule["kind"] == "map")


def problems(name: str, value: object) -> list[str]:
    """What the check says about a value of a variable."""
    return MACROS.value_problems(name, value, RULES[name])


def test_every_variable_has_one_rule_and_a_description() -> None:
    project = (ROOT / "dbt_project.yml").read_text("utf-8")
    documented = variables.documented_variables(project)

    assert [variable.name for variable in documented] == list(DEFAULTS)
    assert sorted(RULES) == sorted(DEFAULTS)
    assert [variable.name for variable in documented if not variable.meaning] == []


def test_the_page_of_variables_is_as_it_would_be_written() -> None:
    assert variables.PAGE.read_text("utf-8") == variables.page(), "run python docs/variables.py"


@pytest.mark.parametrize("name", sorted(SINGLE | set(MAPS)))
def test_the_default_keeps_its_rule(name: str) -> None:
    assert problems(name, DEFAULTS[name]) == []


def right(rule: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a rule allows."""
    lowest, highest = rule.get("lowest", rule.get("above")), rule.get("highest")
    return {
        "boolean": st.booleans(),
        "day": st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)).map(str),
        "currency": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
        "country": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
        "text": st.text("abc_", min_size=1),
        "word": st.sampled_from(rule.get("words", [None])),
        "whole": st.integers(lowest, highest),
        "number": st.floats(lowest, highest, exclude_min="above" in rule)
        if rule["kind"] == "number"
        else st.none(),
    }[rule["kind"]]


def is_wrong(rule: dict[str, Any], value: object) -> bool:
    """Whether an odd value breaks a rule, worked out apart from the check."""
    if value in ("", None) and rule.get("may_be_empty"):
        return False
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    in_range = (
        is_number
        and value <= rule.get("highest", 0)
        and (value > rule["above"] if "above" in rule else value >= rule.get("lowest", 0))
    )
    return not {
        "boolean": isinstance(value, bool),
        "day": False,
        "currency": False,
        "country": False,
        "text": isinstance(value, str) and value.strip() != "",
        "word": any(value == word and type(value) is type(word) for word in rule.get("words", [])),
        "whole": in_range and isinstance(value, int),
        "number": in_range,
    }[rule["kind"]]


ODD = [None, "", " ", "many", "31.01.2026", "2026-02-30", "2026-13-01", "euro", "Deutschland", -1]
ODD += [0.5, 10**12, -0.1, [], {}, ["one"], {"one": 1}]


@given(st.data(), st.sampled_from(sorted(SINGLE)))
def test_an_allowed_value_passes(data: st.DataObject, name: str) -> None:
    assert problems(name, data.draw(right(RULES[name]))) == []


@pytest.mark.parametrize("name", sorted(SINGLE))
def test_a_wrong_value_is_named_with_what_to_write(name: str) -> None:
    for value in ODD:
        said = problems(name, value)
        if is_wrong(RULES[name], value):
            assert len(said) == 1, (value, said)
            assert said[0].startswith(f"{name} is ")
            assert ": write " in said[0]
        else:
            assert said == []


@pytest.mark.parametrize("day", ["2026-02-30", "2025-02-29", "1900-02-29", "2026-04-31"])
def test_a_day_that_the_calendar_lacks_is_no_day(day: str) -> None:
    assert problems("as_of_date", day) == [
        f"as_of_date is '{day}': write a day as yyyy-mm-dd, or leave it empty."
    ]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_given_as_text_is_one_message(name: str) -> None:
    said = problems(name, "high_value_customers")
    assert len(said) == 1
    assert said[0].startswith(f"{name} is 'high_value_customers': write a list")


@pytest.mark.parametrize("name", MAPS)
def test_a_map_given_as_a_list_is_one_message(name: str) -> None:
    assert len(problems(name, ["email"])) == 1


def test_a_key_that_a_map_does_not_know_is_named_with_the_nearest() -> None:
    said = problems("rfm_gates", {**DEFAULTS["rfm_gates"], "history_day": 3})
    assert said == [
        "rfm_gates has the key 'history_day', which it does not know. Did you mean history_days?"
    ]
    assert problems("rfm_thresholds", {"recency": [1], "frequency": [2]}) == [
        "rfm_thresholds lacks the key 'monetary': write"
        " the cut points as a list of numbers in ascending order."
    ]


@pytest.mark.parametrize(
    "criterion",
    ["country_code >", "> 3", "age between 3 and", "age in ()", "age is not", "city like", "a b"],
)
def test_half_a_condition_is_none(criterion: str) -> None:
    assert MACROS.is_whole_condition(criterion) is False


WHOLE = ["age > 3", "not may_email", "a + b >= c * 2", "(age > 3)", "city not like ''", "-age < 0"]
WHOLE += ["age not in (1, 2)", "age between 1 and 2", "city is not null", "has_cart is true"]


@pytest.mark.parametrize("criterion", WHOLE)
def test_a_whole_condition_is_one(criterion: str) -> None:
    assert MACROS.is_whole_condition(criterion) is True


def test_what_stands_above_the_segments_is_looked_at_too() -> None:
    meta = {
        "exclusive_groups": [
            {"name": "stage", "complet": True},
            {"name": "stage", "complete": "yes"},
            {"name": "rest", "complete": False},
        ],
        "trait_values": {"lifecycle_stages": ["new"], "gender": ["female"]},
    }
    traits = {"lifecycle_stage": "string", "gender": "string"}
    assert MACROS.vocabulary_problems(meta, ["stage", "stage", "rest"], traits) == [
        "The exclusive group 'stage' has the key 'complet', which nothing reads."
        " Did you mean complete? Keys are: name, complete.",
        "The exclusive group 'stage' has complete 'yes'. Write true or false.",
        "The exclusive group 'stage' stands 2 times in exclusive_groups. Keep one.",
        "trait_values names 'lifecycle_stages', which is no trait. Did you mean lifecycle_stage?",
    ]
