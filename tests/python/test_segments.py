"""Segments are hard to get wrong: every mistake is an error that says what to change."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from project import ROOT, failures, query, run_dbt
from sqlglot import exp

SEGMENTS_FILE = Path("models/marts/segments/segments.yml")

GOOD = {"model": "value", "goal": "Keep them", "channels": ["email"]}
MISTAKES = [
    {
        **GOOD,
        "name": "too_long",
        "criteria": ["purchase_count > 0", "age > 1", "age < 9", "may_email"],
    },
    {**GOOD, "name": "hidden_and", "criteria": ["purchase_count > 0 and age > 30"]},
    {**GOOD, "name": "hidden_or", "criteria": ["age < 30 OR age > 60"]},
    {**GOOD, "name": "misspelt_trait", "criteria": ["purchase_counts > 0"]},
    {**GOOD, "name": "unlike_any_trait", "criteria": ["zzz > 0"]},
    {**GOOD, "name": "no_trait", "criteria": ["1 = 1"]},
    {
        **GOOD,
        "name": "three_traits",
        "criteria": ["recency_score + frequency_score > monetary_score"],
    },
    {**GOOD, "name": "comment", "criteria": ["age > 30 -- and more"]},
    {**GOOD, "name": "open_quote", "criteria": ["city = 'Berlin"]},
    {**GOOD, "name": "double_quotes", "criteria": ['city = "Berlin"']},
    {**GOOD, "name": "no_quotes", "criteria": ["city = berlin"]},
    {**GOOD, "name": "double_equals", "criteria": ["age == 30"]},
    {**GOOD, "name": "arrow", "criteria": ["age => 30"]},
    {**GOOD, "name": "equals_null", "criteria": ["age = null"]},
    {**GOOD, "name": "function", "criteria": ["upper(city) = 'BERLIN'"]},
    {**GOOD, "name": "chain", "criteria": ["10 < age < 30"]},
    {**GOOD, "name": "half", "criteria": ["country_code >"]},
    {**GOOD, "name": "all", "criteria": ["age > 30"]},
    {**GOOD, "name": "everyone", "criteria": ["age > 30"]},
    {**GOOD, "name": "no_comparison", "criteria": ["purchase_count"]},
    {**GOOD, "name": "text_as_number", "criteria": ["city = 10115"]},
    {**GOOD, "name": "number_as_text", "criteria": ["age > '30'"]},
    {**GOOD, "name": "no_such_value", "criteria": ["lifecycle_stage = 'lost'"]},
    {**GOOD, "name": "no_criteria", "criteria": []},
    {**GOOD, "name": "no_goal", "goal": "", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_channel", "channels": ["pigeon"], "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_model", "model": "astrological", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_group", "exclusive_group": "moons", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_priority", "priority": "high", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_department", "department": "legal", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_review", "reviewed_on": "May 2026", "criteria": ["age > 30"]},
    {**GOOD, "name": "odd_key", "channel": ["sms"], "criteria": ["age > 30"]},
    {**GOOD, "name": "Bad Name", "criteria": ["age > 30"]},
    {**GOOD, "name": "twice", "criteria": ["age > 30"]},
    {**GOOD, "name": "twice", "criteria": ["age > 40"]},
    # Quoted text is not read: neither the word in it nor what looks like a trait.
    {**GOOD, "name": "harmless_text", "channels": "email", "criteria": "age > 30"},
    {**GOOD, "name": "harmless_quote", "criteria": ["city = 'Bill and Ben or zzz'"]},
    {
        **GOOD,
        "name": "harmless_comparison",
        "criteria": ["promotion_purchase_count = purchase_count"],
    },
    {
        **GOOD,
        "name": "harmless_range",
        "criteria": ["age between 30 and 39", "not may_email", "city is not null"],
    },
]

MESSAGES = {
    "too_long": "has 4 criteria; at most three keep a segment explainable. Drop one",
    "hidden_and": "hides an `and` in the criterion `purchase_count > 0 and age > 30`. Make it two",
    "hidden_or": "hides an `or` in the criterion `age < 30 OR age > 60`. Write `trait in (...)`",
    "misspelt_trait": "which is no trait. Did you mean purchase_count",
    "unlike_any_trait": "uses `zzz` in the criterion `zzz > 0`, which is no trait. Traits are the",
    "no_trait": "has the criterion `1 = 1`, which is on 0 traits. Write a condition on one trait",
    "three_traits": "which is on 3 traits. Write a condition on one trait, or compare two.",
    "comment": "holds a comment or a semicolon. Write the condition alone.",
    "open_quote": "in which a quote or a bracket is not closed. Close it.",
    "double_quotes": "which puts a text in double quotes. Write it in single ones.",
    "no_quotes": "uses `berlin` in the criterion `city = berlin`, which is no trait.",
    "double_equals": "which compares with `==`. Write `=`.",
    "arrow": "which compares with `=>`. Write `>=`.",
    "equals_null": "compares with null and so never holds. Write `is null` or `is not null`.",
    "function": "calls upper() in the criterion `upper(city) = 'BERLIN'`. Add a trait that holds",
    "half": "has the criterion `country_code >`, which is not complete. Write a trait, a",
    "all": "has a name that stands for all contacts. Rename it.",
    "everyone": "has a name that stands for all contacts. Rename it.",
    "chain": "which compares 2 times. Make a criterion of each comparison.",
    "no_comparison": "says nothing that is true or false. Compare purchase_count with a value.",
    "text_as_number": "compares the text city with a number. Write the value in single quotes.",
    "number_as_text": "compares age (integer) with a text. Write the value without quotes.",
    "no_such_value": "but lifecycle_stage is never 'lost'. Write one of: prospect, new, active",
    "no_criteria": "has no criteria. Add one to three conditions on traits.",
    "no_goal": "has no goal. Add one line that says what it is for",
    "odd_channel": "names the unknown channel 'pigeon'. Write one of: email, sms, push",
    "odd_model": "has the model 'astrological'. Write one of: demographic, geographic",
    "odd_group": "is in the exclusive group 'moons', which exclusive_groups does not list.",
    "odd_priority": "has the priority 'high'. Write a whole number; the lowest wins.",
    "odd_department": "has the department 'legal'. Write one of: marketing, sales, service",
    "odd_review": "has the review date 'May 2026'. Write reviewed_on as a day in quotes",
    "odd_key": "has the key 'channel', which nothing reads. Did you mean channels",
    "Bad Name": "has a name that is not lower-case words joined by underscores. Rename it",
    "twice": "stands 2 times in the variable segments. Give each its own name.",
}


@pytest.fixture(scope="module")
def complaint(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What dbt says, in one go, about all the mistakes."""
    result = run_dbt(
        *("run", "-s", "segment_definitions"),
        database=demo_database,
        target=tmp_path_factory.mktemp("mistakes"),
        variables={"segments": MISTAKES},
    )
    assert not result.success
    return failures(result)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_mistake_gives_an_error_that_says_what_to_change(complaint: str, name: str) -> None:
    lines = [line for line in complaint.splitlines() if f"Segment '{name}' " in line]

    assert any(MESSAGES[name] in line for line in lines), lines or complaint


HARMLESS = [
    "harmless_text",
    "harmless_quote",
    "harmless_comparison",
    "harmless_range",
    "never_purchased",
]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_good_segment_is_not_complained_about(complaint: str, name: str) -> None:
    assert name not in complaint


@pytest.mark.parametrize(
    ("criteria", "is_possible"),
    [
        (["purchase_count > 5", "purchase_count < 3"], False),
        (["purchase_count > 5", "purchase_count = 5"], False),
        (["purchase_count >= 5", "purchase_count <= 5"], True),
        (["age > -1.5", "age < 0"], True),
    ],
)
def test_bounds_that_leave_nothing_between_them_are_a_warning(
    demo_database: Path, tmp_path: Path, criteria: list[str], is_possible: bool
) -> None:
    result = run_dbt(
        *("--warn-error", "run-operation", "check_segments"),
        database=demo_database,
        target=tmp_path,
        variables={"segments": [{**GOOD, "name": "bounded", "criteria": criteria}]},
    )

    assert result.success == is_possible, failures(result)


PLAIN = {**GOOD, "criteria": ["age > 30"]}
WHOLE = {
    "hypothesis": "They buy more.",
    "variants": [{"name": "control"}, {"name": "offer"}],
    "starts_on": "2026-01-01",
    "ends_on": "2026-02-01",
}
ALONE = {"reason": "They asked.", "segments": ["*"], "criteria": ["age > 30"]}
# Each list has entries of the wrong shape, and what is said of them.
SHAPES: dict[str, tuple[list[Any], list[str]]] = {
    "segments": (
        [
            {**PLAIN, "name": 5},
            dict(PLAIN),
            {**PLAIN, "name": "a_map", "criteria": {"age": 30}},
            {**PLAIN, "name": "a_number", "criteria": [30]},
            {**PLAIN, "name": "channels_map", "channels": {"email": True}},
            {**PLAIN, "name": "repeated", "channels": ["email", "email"]},
            {**PLAIN, "name": "two_goals", "goal": ["one", "two"]},
        ],
        [
            "Segment number 1 of the variable segments has the name 5, which is no text",
            "Segment number 2 of the variable segments has no name: write one in lower-case",
            "Segment 'a_map' has criteria '{'age': 30}', which is no list. Write one",
            "Segment 'a_number' has '30' under criteria, which is no text.",
            "Segment 'channels_map' has channels '{'email': True}', which is no list.",
            "Segment 'repeated' has 'email' 2 times under channels. Write it once.",
            "Segment 'two_goals' has the goal '['one', 'two']', which is no text.",
        ],
    ),
    "suppressions": (
        [
            {**ALONE, "name": 8},
            {**ALONE, "name": "repeated", "segments": ["new_customers", "new_customers"]},
        ],
        [
            "Suppression number 1 of the variable suppressions has the name 8, which is no text",
            "Suppression 'repeated' has 'new_customers' 2 times under segments. Write it once.",
        ],
    ),
    "experiments": (
        [{**WHOLE, "name": 7}, {**WHOLE, "name": "repeated", "metrics": ["revenue", "revenue"]}],
        [
            "Experiment number 1 of the variable experiments has the name 7, which is no text",
            "Experiment 'repeated' has 'revenue' 2 times under metrics. Write it once.",
        ],
    ),
}
VARIANTS = [
    {**WHOLE, "name": "texts", "variants": ["control", "offer"]},
    {**WHOLE, "name": "a_key", "variants": [{"name": "control"}, {"name": "b", "weigth": 3}]},
]


@pytest.mark.parametrize("kind", SHAPES)
def test_a_value_of_another_kind_is_told_with_its_place(
    demo_database: Path, tmp_path: Path, kind: str
) -> None:
    entries, messages = SHAPES[kind]
    result = run_dbt(
        *("run", "-s", "segment_definitions"),
        database=demo_database,
        target=tmp_path,
        variables={kind: entries},
    )
    said = failures(result)
    assert not result.success
    assert [message for message in messages if message not in said] == [], said


def test_a_variant_is_a_name_with_keys_that_are_read(demo_database: Path, tmp_path: Path) -> None:
    result = run_dbt(
        *("run", "-s", "segment_definitions"),
        database=demo_database,
        target=tmp_path,
        variables={"experiments": VARIANTS},
    )
    said = failures(result)
    assert "Experiment 'texts' has the variant 'control'. Write variants as a list of names" in said
    assert "'a_key' has the variant 'b' with the key 'weigth', which nothing reads." in said


def test_a_segment_without_channels_is_a_warning(demo_database: Path, tmp_path: Path) -> None:
    silent = {key: value for key, value in PLAIN.items() if key != "channels"}
    for channels, is_told in [({}, True), ({"channels": []}, False)]:
        result = run_dbt(
            *("--warn-error", "run-operation", "check_segments"),
            database=demo_database,
            target=tmp_path,
            variables={"segments": [{**silent, **channels, "name": "counted"}]},
        )
        assert result.success != is_told


def shipped(manifest: dict[str, Any]) -> dict[str, Any]:
    """What segments.yml holds: segments, exclusive_groups and vocabularies."""
    return manifest["nodes"]["model.crm_segmentation.segment_definitions"]["config"]["meta"]


def test_every_criterion_is_one_condition_on_one_or_two_traits(manifest: dict[str, Any]) -> None:
    columns = manifest["nodes"]["model.crm_segmentation.contact_traits"]["columns"]
    wrong = []
    for segment in shipped(manifest)["segments"]:
        for criterion in segment["criteria"]:
            parsed = sqlglot.parse_one(criterion, dialect="duckdb")
            condition = parsed.this if isinstance(parsed, exp.Not) else parsed
            traits = {column.name for column in parsed.find_all(exp.Column)}
            if isinstance(condition, exp.Column):
                is_one = columns[condition.name]["data_type"] == "boolean"
            else:
                is_one = isinstance(condition, exp.Predicate) and not parsed.find(
                    exp.Connector, exp.Func, exp.Subquery, exp.Select
                )
            if not is_one or len(traits) not in (1, 2) or not traits <= columns.keys():
                wrong.append(f"{segment['name']}: {criterion}")

    assert wrong == []


def test_every_segment_says_what_to_do_and_who_answers_for_it(manifest: dict[str, Any]) -> None:
    told = ("goal", "channels", "priority", "department", "owner", "reviewed_on")
    segments = shipped(manifest)["segments"]

    assert len(segments) >= 40
    assert [s["name"] for s in segments if not all(s.get(key) for key in told)] == []
    assert [s["name"] for s in segments if bool(s.get("offer")) != bool(s.get("framing"))] == []


def boundary_values(criteria: list[str]) -> dict[str, list[str]]:
    """For each trait of the criteria, SQL of the values at, next to and beyond its constants."""
    values: dict[str, set[str]] = {}
    for criterion in criteria:
        parsed = sqlglot.parse_one(criterion, dialect="duckdb")
        literals = list(parsed.find_all(exp.Literal))
        for column in parsed.find_all(exp.Column):
            known = values.setdefault(column.name, {"null"})
            for literal in literals:
                if literal.is_string:
                    known |= {literal.sql(), "'(another)'"}
                else:
                    number = int(literal.this)
                    known |= {str(number + offset) for offset in (-1, 0, 1, 1000)}
    return {trait: sorted(known) for trait, known in values.items()}


# What traits can be together, whoever the contact is.
POSSIBLE = {
    "purchase_count": "purchase_count >= 0",
    "days_since_last_purchase": "days_since_last_purchase is null or days_since_last_purchase >= 0",
    "purchase_count, days_since_last_purchase": (
        "(purchase_count = 0) = (days_since_last_purchase is null)"
    ),
}


def test_exclusive_groups_hold_for_every_contact_there_could_be(manifest: dict[str, Any]) -> None:
    """By the rules themselves: at, next to and beyond every constant in them."""
    meta = shipped(manifest)
    for group in meta["exclusive_groups"]:
        members = [s for s in meta["segments"] if s.get("exclusive_group") == group["name"]]
        values = boundary_values([c for segment in members for c in segment["criteria"]])
        rows = " cross join ".join(
            f"(select unnest([{', '.join(known)}]) as {trait})" for trait, known in values.items()
        )
        possible = " and ".join(
            f"({rule})"
            for traits, rule in POSSIBLE.items()
            if set(traits.split(", ")) <= set(values)
        )
        columns = ", ".join(
            f"coalesce({' and '.join(f'({c})' for c in s['criteria'])}, false)::int as {s['name']}"
            for s in members
        )
        memberships = duckdb.sql(f"select {columns} from {rows} where {possible or 'true'}").df()

        assert (memberships.sum(axis=1) <= 1).all(), group
        assert not group["complete"] or (memberships.sum(axis=1) == 1).all(), group
        unreachable = [name for name in memberships if memberships[name].sum() == 0]
        assert unreachable == [], group


@pytest.fixture(scope="module")
def own_copy(tmp_path_factory: pytest.TempPathFactory, demo_database: Path) -> tuple[Path, Path]:
    """A copy of the project to change, and a copy of the built demo."""
    folder = tmp_path_factory.mktemp("own_copy")
    project = folder / "project"
    kept = [
        "dbt_project.yml",
        "models",
        "macros",
        "seeds",
        "tests/data",
        "tests/generic",
        "analyses",
    ]
    for name in kept:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, project / name)
    shutil.copy(demo_database, folder / "crm.duckdb")
    return project, folder / "crm.duckdb"


def test_adding_a_segment_is_six_lines_of_yaml(own_copy: tuple[Path, Path], tmp_path: Path) -> None:
    project, database = own_copy
    six_lines = """\
          - name: spenders_in_spain
            model: value
            goal: Keep the best customers in Spain
            channels: [email]
            priority: 11
            criteria: [net_spend_total >= 300, country_code = 'ES']
"""
    text = (project / SEGMENTS_FILE).read_text(encoding="utf-8")
    first = text.index("          - name: never_purchased")
    changed = text[:first] + six_lines + text[first:]
    (project / SEGMENTS_FILE).write_text(changed, encoding="utf-8")

    result = run_dbt(
        *("build", "--exclude-resource-type", "unit_test", "-s", "segment_memberships+"),
        database=database,
        target=tmp_path,
        project=project,
    )

    assert result.success, failures(result)
    expected = query(
        database,
        """
        select contact_id from main_contacts.contact_traits
        where net_spend_total >= 300 and country_code = 'ES' and not is_erased order by 1
        """,
    )
    members = "select contact_id from {} where {} order by 1"
    found = query(
        database,
        members.format("main_segments.segment_memberships", "segment_name = 'spenders_in_spain'"),
    )
    assert len(expected) > 0
    assert found.equals(expected)
    described = query(
        database,
        "select contact_count, criteria from main_segments.segment_definitions"
        " where segment_name = 'spenders_in_spain'",
    )
    assert described.to_dict("records") == [
        {
            "contact_count": len(expected),
            "criteria": "net_spend_total >= 300; country_code = 'ES'",
        }
    ]


def test_a_variable_replaces_adds_and_disables_segments(
    own_copy: tuple[Path, Path], tmp_path: Path
) -> None:
    _, database = own_copy
    result = run_dbt(
        *("run", "-s", "segment_memberships+1"),
        database=database,
        target=tmp_path,
        variables={
            "segments": [
                {**GOOD, "name": "loyal_customers", "criteria": ["purchase_count >= 10"]},
                {**GOOD, "name": "teenagers", "criteria": ["age_decade = 10"]},
            ],
            "disabled_segments": ["gardeners"],
        },
    )

    assert result.success, failures(result)
    sql = "select segment_name, criteria from main_segments.segment_definitions"
    criteria = query(database, sql).set_index("segment_name")["criteria"]
    assert criteria["loyal_customers"] == "purchase_count >= 10"
    assert criteria["teenagers"] == "age_decade = 10"
    assert "gardeners" not in criteria


def test_no_segment_at_all_builds(own_copy: tuple[Path, Path], tmp_path: Path) -> None:
    _, database = own_copy
    built = ["segment_memberships", "segment_definitions", "contact_primary_segments"]
    result = run_dbt(
        *("build", "-s", *built, "segment_overlaps", "exclusive_groups_hold"),
        *("--exclude-resource-type", "unit_test"),
        database=database,
        target=tmp_path,
        variables={"shipped_segments": False},
    )

    assert result.success, failures(result)
    assert query(database, "from main_segments.segment_memberships").empty


def test_no_demo_segment_is_empty_but_those_of_a_quiet_week(demo_database: Path) -> None:
    sql = "select segment_name from main_segments.segment_definitions where contact_count = 0"

    # Nobody kept silent in the last days; DECISIONS.md names the groups.
    quiet = {"silent_readers", "rfm_new_customers", "rfm_promising"}
    assert set(query(demo_database, sql)["segment_name"]) <= quiet
