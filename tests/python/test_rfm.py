"""RFM scores against an exact reference; the groups of the presets against what was published."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import floor
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import RELATION, ROOT, failures, run_dbt, run_model

MEASURES = ("recency", "frequency", "monetary")
SCORE_MODELS = ["rfm_cut_points", "rfm_score_bands", "contact_rfm_scores"]
PRESETS = {
    row["preset"]: (int(row["lowest_score"]), int(row["highest_score"]))
    for row in csv.DictReader((ROOT / "seeds/reference/rfm_presets.csv").open(encoding="utf-8"))
}
DETERMINISTIC = settings(derandomize=True, deadline=None, max_examples=25)


class Customer(NamedTuple):
    """What RFM measures of a customer; the amount in hundredths, so that it is exact."""

    recency_days: int
    frequency: int
    cents: int


class Scores(NamedTuple):
    """The three scores of a customer."""

    recency: int
    frequency: int
    monetary: int


# Up to the widest amount of numeric(18, 2), where a double can no longer tell hundredths apart.
CENTS = (
    st.sampled_from([0, 1, 1000, 1001])
    | st.integers(0, 100_000)
    | st.integers(10**12, 10**13)
    | st.integers(10**17, 10**18 - 1)
)


def customers_with_amounts(amounts: list[int]) -> st.SearchStrategy[list[Customer]]:
    """Customers who share a few amounts, so that many are equal."""
    customer = st.builds(
        Customer,
        st.integers(0, 4) | st.integers(0, 800),
        st.integers(0, 3) | st.integers(0, 60),
        st.sampled_from(amounts),
    )
    return st.lists(customer, min_size=1, max_size=25)


CUSTOMERS = st.lists(CENTS, min_size=1, max_size=8).flatmap(customers_with_amounts)


def chained(compiled: Callable[[str], str], models: Sequence[str], preset: str) -> str:
    """One query that runs models one after another on the made-up customers.

    Args:
        compiled: Gives the compiled SQL of a model.
        models: The models, each after those that it reads; the last one gives the rows.
        preset: The preset to use in place of the one that the SQL was compiled with.

    Returns:
        SQL over the tables ``customers``, ``rfm_presets`` and ``rfm_cells``.
    """
    steps = {
        "contact_rfm_measures": """
            select
                contact_id,
                cast(recency_days as integer) as recency_days,
                cast(frequency as integer) as frequency,
                cast(monetary as numeric(18, 2)) as monetary
            from customers
        """
    }
    for model in models:
        one_preset = compiled(model).replace("preset = 'clevertap'", f"preset = '{preset}'")
        steps[model] = RELATION.sub(r'"\1"', one_preset)
    ctes = ", ".join(f'"{name}" as ({sql})' for name, sql in steps.items())
    return f'with {ctes} select * from "{models[-1]}"'


def customer_rows(customers: Sequence[Customer]) -> pd.DataFrame:
    """The customers as a table whose ids are their places in the list; amounts as text."""
    return pd.DataFrame(
        {
            "contact_id": [f"{place:03}" for place in range(len(customers))],
            "recency_days": [customer.recency_days for customer in customers],
            "frequency": [customer.frequency for customer in customers],
            "monetary": [str(Decimal(customer.cents).scaleb(-2)) for customer in customers],
        }
    )


def scores_of_the_model(rows: pd.DataFrame) -> list[Scores]:
    """The scores in the order of the customers that went in; one row per customer."""
    by_customer = rows.sort_values("contact_id")
    assert list(by_customer["contact_id"]) == [f"{place:03}" for place in range(len(rows))]
    columns = [f"{measure}_score" for measure in MEASURES]
    return [Scores(*map(int, scores)) for scores in by_customer[columns].to_numpy()]


def values_of(customers: Sequence[Customer], measure: str) -> list[Fraction]:
    """One measure of every customer, exactly."""
    if measure == "monetary":
        return [Fraction(customer.cents, 100) for customer in customers]
    return [
        Fraction(customer.recency_days if measure == "recency" else customer.frequency)
        for customer in customers
    ]


def type_7_quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """Hyndman and Fan's seventh quantile, the default of R, NumPy and pandas, without rounding."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def quantile_cut_points(values: Sequence[Fraction], score_count: int) -> list[Fraction]:
    """The quantiles that divide the values into as many parts as there are scores."""
    return [type_7_quantile(values, Fraction(cut, score_count)) for cut in range(1, score_count)]


def expected_scores(customers: Sequence[Customer], lowest: int, highest: int) -> list[Scores]:
    """The scores by the words of the contract: count the cut points below each value."""
    cut_points = {
        measure: quantile_cut_points(values_of(customers, measure), highest - lowest + 1)
        for measure in MEASURES
    }
    below = {
        measure: [
            sum(cut < value for cut in cut_points[measure])
            for value in values_of(customers, measure)
        ]
        for measure in MEASURES
    }
    return [
        Scores(highest - recency, lowest + frequency, lowest + monetary)
        for recency, frequency, monetary in zip(*(below[m] for m in MEASURES), strict=True)
    ]


@pytest.fixture(scope="module")
def presets(demo: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The presets as the demo has them."""
    return demo("from main_reference.rfm_presets")


@pytest.fixture(scope="module")
def cells(demo: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Every combination of scores of every preset, with its group."""
    return demo("from main_contacts.rfm_cells")


@given(customers=CUSTOMERS)
@DETERMINISTIC
def test_the_reference_quantiles_are_those_of_pandas(customers: list[Customer]) -> None:
    values = values_of(customers, "frequency")
    shares = [Fraction(cut, score_count) for score_count in (3, 4, 5) for cut in (1, 2)]
    from_pandas = pd.Series(map(int, values)).quantile([float(share) for share in shares])
    exact = [float(type_7_quantile(values, share)) for share in shares]
    assert list(from_pandas) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_score_counts_the_quantiles_below_the_value(
    compiled: Callable[[str], str], presets: pd.DataFrame, cells: pd.DataFrame, preset: str
) -> None:
    lowest, highest = PRESETS[preset]
    sql = chained(compiled, SCORE_MODELS, preset)
    groups = groups_of(cells, preset)
    dash = "-" if PRESETS[preset][1] > 9 else ""

    @given(customers=CUSTOMERS)
    @DETERMINISTIC
    def check(customers: list[Customer]) -> None:
        tables = {"customers": customer_rows(customers), "rfm_presets": presets, "rfm_cells": cells}
        rows = run_model(sql, tables)
        expected = expected_scores(customers, lowest, highest)
        assert scores_of_the_model(rows) == expected
        rows = rows.sort_values("contact_id")
        assert list(rows["rfm_score"]) == [sum(scores) for scores in expected]
        assert list(rows["rfm_cell"]) == [dash.join(map(str, scores)) for scores in expected]
        assert list(rows["rfm_group"]) == [groups[scores] for scores in expected]

    check()


@pytest.mark.parametrize("preset", PRESETS)
def test_the_cut_points_are_type_7_quantiles(
    compiled: Callable[[str], str], presets: pd.DataFrame, preset: str
) -> None:
    lowest, highest = PRESETS[preset]
    sql = f"""
        select measure, cut_number, cast(cut_point as varchar) as cut_point
        from ({chained(compiled, ["rfm_cut_points"], preset)})
    """

    @given(customers=CUSTOMERS)
    @settings(DETERMINISTIC, max_examples=10)
    def check(customers: list[Customer]) -> None:
        rows = run_model(sql, {"customers": customer_rows(customers), "rfm_presets": presets})
        found = {
            (measure, number): Fraction(cut)
            for measure, number, cut in rows.itertuples(index=False)
        }
        assert len(found) == len(rows)
        for measure in MEASURES:
            values = values_of(customers, measure)
            cuts = quantile_cut_points(values, highest - lowest + 1)
            for number, cut in enumerate(cuts, start=1):
                # Six decimals are kept; a share of a gap of billions is a double before that.
                tolerance = Fraction(1, 10**6) + (max(values) - min(values)) / 10**15
                assert abs(found.pop((measure, number)) - cut) <= tolerance
        assert not found

    check()


# -- Thresholds ------------------------------------------------------------------------

THRESHOLDS: dict[str, list[float]] = {
    "recency": [30, 90],
    "frequency": [2, 5],
    "monetary": [99.99, 500.5],
}


@pytest.fixture(scope="module")
def compiled_with_thresholds(
    demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The compiled SQL of a model when the project gives the cut points itself."""
    target = tmp_path_factory.mktemp("thresholds_target")
    variables = {
        "rfm_method": "thresholds",
        "rfm_preset": "sum_of_three",
        "rfm_thresholds": THRESHOLDS,
    }
    result = run_dbt(
        "compile", "-s", *SCORE_MODELS, database=demo_database, target=target, variables=variables
    )
    assert result.success, failures(result)
    code = {found.node.name: found.node.compiled_code for found in result.result.results}
    return code.__getitem__


def run_with_thresholds(
    compiled_with_thresholds: Callable[[str], str],
    customers: Sequence[Customer],
    presets: pd.DataFrame,
    cells: pd.DataFrame,
) -> pd.DataFrame:
    """The scored customers, in their order, under THRESHOLDS and the preset sum_of_three."""
    sql = chained(compiled_with_thresholds, SCORE_MODELS, "sum_of_three")
    tables = {"customers": customer_rows(customers), "rfm_presets": presets, "rfm_cells": cells}
    return run_model(sql, tables).sort_values("contact_id")


def test_sam_is_worth_more_than_billy(
    compiled_with_thresholds: Callable[[str], str], presets: pd.DataFrame, cells: pd.DataFrame
) -> None:
    sam = Customer(recency_days=200, frequency=6, cents=900_00)
    billy = Customer(recency_days=45, frequency=1, cents=120_00)
    rows = run_with_thresholds(compiled_with_thresholds, [sam, billy], presets, cells)
    assert scores_of_the_model(rows) == [Scores(1, 3, 3), Scores(2, 1, 2)]
    assert list(rows["rfm_score"]) == [7, 5]
    assert list(rows["rfm_group"]) == ["high", "medium"]


NEAR_THRESHOLDS = st.lists(
    st.builds(
        Customer,
        st.sampled_from([0, 29, 30, 31, 89, 90, 91, 5000]),
        st.sampled_from([0, 1, 2, 3, 4, 5, 6, 1000]),
        st.sampled_from([0, 99_98, 99_99, 100_00, 500_49, 500_50, 500_51, 10**18 - 1]),
    ),
    min_size=1,
    max_size=20,
)


def test_the_score_counts_the_thresholds_at_or_below_the_value(
    compiled_with_thresholds: Callable[[str], str], presets: pd.DataFrame, cells: pd.DataFrame
) -> None:
    cuts = {m: [Fraction(str(cut)) for cut in THRESHOLDS[m]] for m in MEASURES}

    def expected(customer: Customer) -> Scores:
        reached = {m: sum(cut <= values_of([customer], m)[0] for cut in cuts[m]) for m in MEASURES}
        return Scores(3 - reached["recency"], 1 + reached["frequency"], 1 + reached["monetary"])

    @given(customers=NEAR_THRESHOLDS)
    @DETERMINISTIC
    def check(customers: list[Customer]) -> None:
        rows = run_with_thresholds(compiled_with_thresholds, customers, presets, cells)
        assert scores_of_the_model(rows) == [expected(customer) for customer in customers]

    check()


# -- Groups of the presets -------------------------------------------------------------


def groups_of(cells: pd.DataFrame, preset: str) -> dict[Scores, str]:
    """The group of every cell of a preset; a cell that stands there twice is an error."""
    rows = cells[cells["preset"] == preset]
    groups = {
        Scores(int(row.recency_score), int(row.frequency_score), int(row.monetary_score)): str(
            row.rfm_group
        )
        for row in rows.itertuples()
    }
    assert len(groups) == len(rows)
    return groups


def all_scores(preset: str) -> Iterator[Scores]:
    """Every combination of scores on the preset's scale."""
    lowest, highest = PRESETS[preset]
    return (Scores(*scores) for scores in product(range(lowest, highest + 1), repeat=3))


def first_match(rules: str, scores: Scores) -> str:
    """The group of the first published row that holds: lines of ``group R F M``, scores as 2-3."""
    for line in rules.strip().splitlines():
        group, *ranges = line.split()
        bounds = [[int(bound) for bound in scope.split("-")] for scope in ranges]
        if all(b[0] <= score <= b[-1] for b, score in zip(bounds, scores, strict=True)):
            return group
    return "other"


CLEVERTAP_CELLS = {
    (5, 5): "champions",
    (5, 4): "champions",
    (5, 3): "potential_loyalists",
    (5, 2): "potential_loyalists",
    (5, 1): "new_customers",
    (4, 5): "loyal_customers",
    (4, 4): "loyal_customers",
    (4, 3): "potential_loyalists",
    (4, 2): "potential_loyalists",
    (4, 1): "promising",
    (3, 5): "loyal_customers",
    (3, 4): "loyal_customers",
    (3, 3): "need_attention",
    (3, 2): "about_to_sleep",
    (3, 1): "about_to_sleep",
    (2, 5): "cant_lose_them",
    (2, 4): "at_risk",
    (2, 3): "at_risk",
    (2, 2): "hibernating",
    (2, 1): "hibernating",
    (1, 5): "cant_lose_them",
    (1, 4): "at_risk",
    (1, 3): "at_risk",
    (1, 2): "hibernating",
    (1, 1): "hibernating",
}

BRAZE_RULES = """
    champions           3    2-3  2-3
    loyal_users         2-3  2-3  1-3
    potential_loyalists 3    1-3  1-3
    promising           3    0-3  1-3
    new_customer        3    0-3  0-3
    needing_attention   2-3  0-3  0-3
    cannot_lose_them    0-1  2-3  2-3
    at_risk             0-1  1-3  1-3
    about_to_sleep      1    0-3  0-3
    hibernating         0    0-2  0-3
"""

R_RFM_RULES = """
    champions          5    5    5
    potential_loyalist 3-5  3-5  2-5
    loyal_customers    2-4  2-4  2-4
    promising          3-4  1-3  3-5
    new_customers      4-5  1-3  1-5
    cant_lose_them     1-2  3-4  4-5
    at_risk            1-2  2-5  4-5
    need_attention     1-3  3-5  3-5
    about_to_sleep     2-3  1-3  1-4
    lost               1    1-5  1-5
"""


def pymc_marketing_group(scores: Scores) -> str:
    """The five sentences of PyMC-Marketing on quartiles, first match wins."""
    recent, frequent, valuable = (score >= 3 for score in scores)
    if recent and frequent and valuable:
        return "premium"
    if frequent and (recent or valuable):
        return "repeat"
    if valuable and (frequent or recent):
        return "top_spender"
    if [recent, frequent, valuable].count(False) >= 2:
        return "at_risk"
    if scores.count(1) >= 2:
        return "inactive"
    return "other"


def sum_of_three_group(scores: Scores) -> str:
    """High from 7, medium from 5, else low."""
    total = sum(scores)
    return "high" if total >= 7 else "medium" if total >= 5 else "low"


def ten_scores_group(scores: Scores) -> str:
    """High from 22, medium from 13, else low."""
    total = sum(scores)
    return "high" if total >= 22 else "medium" if total >= 13 else "low"


GROUP_RULES: Mapping[str, Callable[[Scores], str]] = {
    "clevertap": lambda scores: CLEVERTAP_CELLS[scores.recency, scores.frequency],
    "braze": lambda scores: first_match(BRAZE_RULES, scores),
    "r_rfm": lambda scores: first_match(R_RFM_RULES, scores),
    "pymc_marketing": pymc_marketing_group,
    "sum_of_three": sum_of_three_group,
    "ten_scores": ten_scores_group,
}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_cell_has_the_published_group(cells: pd.DataFrame, preset: str) -> None:
    expected = {scores: GROUP_RULES[preset](scores) for scores in all_scores(preset)}
    assert groups_of(cells, preset) == expected


@pytest.mark.parametrize("preset", PRESETS)
def test_every_cell_shows_its_digits_and_their_sum(cells: pd.DataFrame, preset: str) -> None:
    rows = cells[cells["preset"] == preset]
    shown = set(zip(rows["rfm_cell"], rows["rfm_score"], strict=True))
    dash = "-" if PRESETS[preset][1] > 9 else ""
    assert shown == {(dash.join(map(str, scores)), sum(scores)) for scores in all_scores(preset)}


def test_clevertap_looks_at_recency_and_frequency_only(cells: pd.DataFrame) -> None:
    groups: dict[tuple[int, int], set[str]] = {}
    for scores, group in groups_of(cells, "clevertap").items():
        groups.setdefault((scores.recency, scores.frequency), set()).add(group)
    assert groups == {cell: {group} for cell, group in CLEVERTAP_CELLS.items()}
    assert len(groups) == 25


def test_clevertap_has_exactly_one_rule_for_every_cell() -> None:
    path = ROOT / "seeds/reference/rfm_groups.csv"
    rules = [
        row for row in csv.DictReader(path.open(encoding="utf-8")) if row["preset"] == "clevertap"
    ]
    covered = Counter(
        (recency, frequency)
        for rule in rules
        for recency in bounds_of(rule, "recency")
        for frequency in bounds_of(rule, "frequency")
    )
    assert covered == Counter(CLEVERTAP_CELLS.keys())


def bounds_of(rule: Mapping[str, str], measure: str) -> range:
    """The scores of a measure that a seed row covers."""
    lowest, highest = (int(rule[f"{end}_{measure}_score"]) for end in ("lowest", "highest"))
    return range(lowest, highest + 1)


def test_braze_fills_its_groups_as_published(cells: pd.DataFrame) -> None:
    groups = groups_of(cells, "braze")
    assert Counter(groups.values()) == {
        "champions": 4,
        "loyal_users": 8,
        "potential_loyalists": 3,
        "promising": 3,
        "new_customer": 4,
        "needing_attention": 10,
        "cannot_lose_them": 8,
        "at_risk": 10,
        "about_to_sleep": 7,
        "hibernating": 6,
        "other": 1,
    }
    assert [scores for scores, group in groups.items() if group == "other"] == [Scores(0, 3, 0)]


def test_r_rfm_leaves_ten_cells_without_a_group(cells: pd.DataFrame) -> None:
    groups = groups_of(cells, "r_rfm")
    assert len(groups) == 125
    assert Counter(groups.values())["other"] == 10


def test_pymc_marketing_never_reaches_inactive(cells: pd.DataFrame) -> None:
    # At the bottom in two measures is in the lower half in two, and at_risk is asked first.
    groups = groups_of(cells, "pymc_marketing")
    assert {groups[scores] for scores in groups if scores.count(1) >= 2} == {"at_risk"}
    assert "inactive" not in groups.values()


@pytest.mark.parametrize("preset", PRESETS)
def test_the_rule_of_a_cell_names_its_group(
    demo: Callable[[str], pd.DataFrame], cells: pd.DataFrame, preset: str
) -> None:
    rules = demo(f"from main_reference.rfm_groups where preset = '{preset}'")
    names = dict(zip(rules["rule_number"], rules["rfm_group"], strict=True))
    for row in cells[cells["preset"] == preset].itertuples():
        assert row.rfm_group == names.get(row.rule_number, "other")


def test_scores_of_the_demo_never_fall_as_the_measure_gets_better(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    rows = demo("from main_contacts.contact_rfm_scores")
    for column, score, ascending in [
        ("recency_days", "recency_score", False),
        ("frequency", "frequency_score", True),
        ("monetary", "monetary_score", True),
    ]:
        ordered = rows.sort_values(column, ascending=ascending)
        pairs = list(pairwise(zip(ordered[column], ordered[score], strict=True)))
        assert all(before[1] <= after[1] for before, after in pairs)
        assert all(before[1] == after[1] for before, after in pairs if before[0] == after[0])
