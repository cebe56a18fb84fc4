"""Lifetime values: published figures, scipy's functions, customers whose future is known."""

from __future__ import annotations

import csv
import runpy
import shutil
from collections.abc import Callable, Collection
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from project import RELATION, ROOT, failures, run_dbt, run_model
from scipy import integrate, special, stats

SEED = ROOT / "seeds/reference/clv_parameters.csv"
MODELS = [f"int_lifetime_value__{model}" for model in ("parameters", "expectations", "survivals")]
CDNOW = {"rate_shape": 0.2426, "rate_scale": 4.4135, "dropout_a": 0.7929, "dropout_b": 2.4258}
CDNOW |= {"amount_p": 6.25, "amount_q": 3.74, "amount_v": 15.44}

Compiled = Callable[[str], str]
Histories = Collection[tuple[int, int]]


def values_of(
    compiled: Compiled,
    customers: list[tuple[int, int, int, float | None]],
    parameters: dict[str, float],
    days_per_time_unit: int = 7,
    horizon_days: int = 365,
) -> pd.DataFrame:
    """contact_lifetime_values of customers (x, t_x and T in days, mean amount), in their order."""
    columns = ["repeat_purchase_days", "recency_days", "tenure_days", "mean_repeat_amount"]
    summaries = pd.DataFrame(customers, columns=columns)
    summaries["contact_id"] = [f"{number:06}" for number in range(len(customers))]
    sets = pd.DataFrame(
        [{"parameter_set": "demo", "days_per_time_unit": days_per_time_unit, **parameters}]
    )
    with duckdb.connect() as connection:
        connection.register("summaries", summaries)
        connection.register("sets", sets)
        connection.sql("create table contact_purchase_summaries as from summaries")
        connection.sql("create table clv_parameters as from sets")
        for model in [*MODELS, "contact_lifetime_values"]:
            sql = RELATION.sub(r'"\1"', compiled(model)).replace("365", str(horizon_days))
            connection.sql(f"create table {model} as {sql}")
        return connection.sql("from contact_lifetime_values order by contact_id").df()


@pytest.mark.parametrize(
    ("parameter_set", "no_purchase"), [("cdnow", 0.57430), ("cdnow_printed", 0.57379)]
)
def test_the_published_figures_hold_to_the_last_digit(
    compiled: Compiled, parameter_set: str, no_purchase: float
) -> None:
    rows = csv.DictReader(SEED.open(encoding="utf-8"))
    (kept,) = (kept for kept in rows if kept["parameter_set"] == parameter_set)
    assert kept["days_per_time_unit"] == "7"
    parameters = {name: float(kept[name]) for name in CDNOW}
    # In days, as the project counts: 30.43 and 38.86 weeks are 213 and 272 days, 39 weeks 273.
    customers = [(0, 0, 0, None), (2, 213, 272, 30.0)]
    found = values_of(compiled, customers, parameters, horizon_days=273)

    assert round(1 - float(found["purchase_probability"][0]), 5) == no_purchase
    assert round(float(found["expected_purchases"][1]), 3) == 1.226


@pytest.mark.parametrize(
    ("x", "recency", "tenure", "amount"),
    [(1, 0, 700, 10.0), (2, 213, 272, 30.0), (26, 200, 272, 1.23), (300, 305, 1000, 999.99)],
)
def test_alive_and_amount_are_the_published_formulas(
    compiled: Compiled, x: int, recency: int, tenure: int, amount: float
) -> None:
    row = values_of(compiled, [(x, recency, tenure, amount)], CDNOW).iloc[0]
    r, alpha, a, b, p, q, v = CDNOW.values()
    odds = a / (b + x - 1) * ((alpha + tenure / 7) / (alpha + recency / 7)) ** (r + x)

    assert row["probability_alive"] == pytest.approx(1 / (1 + odds), abs=6e-7)
    expected = p * (v + x * amount) / (p * x + q - 1)
    assert row["expected_purchase_amount"] == pytest.approx(expected, abs=6e-5)


def test_without_a_repeat_a_customer_is_alive_and_like_all_others(compiled: Compiled) -> None:
    found = values_of(compiled, [(0, 0, 3000, None), (0, 0, 0, None)], CDNOW)
    r, alpha, _, _, p, q, v = CDNOW.values()

    assert list(found["probability_alive"]) == [1, 1]
    assert found["expected_purchase_amount"][0] == pytest.approx(p * v / (q - 1), abs=6e-5)
    silence = ((alpha + 3000 / 7) / (alpha + (3000 + 365) / 7)) ** r
    assert found["purchase_probability"][0] == pytest.approx(1 - silence, abs=6e-7)
    assert 0 < found["expected_purchases"][0] < found["expected_purchases"][1]


def test_extreme_histories_stay_within_bounds(compiled: Compiled) -> None:
    customers = [(3000, 1, 9000, 1e7), (3000, 3000, 3000, 0.0), (1, 0, 36500, 0.01), (1, 1, 1, 1.0)]
    for horizon in (1, 3650):
        found = values_of(compiled, customers, CDNOW, 1, horizon).drop(columns=["as_of_date"])
        assert found.notna().all(axis=None)
        assert found["probability_alive"].between(0, 1).all()
        assert (found["purchase_probability"] <= found["probability_alive"]).all()
        assert found["probability_alive"][0] == 0
        # Who buys on every day and has never been silent.
        assert found["probability_alive"][1] > 0.999


def test_the_value_is_the_product_to_the_cent(compiled: Compiled) -> None:
    customers = [(x, 7 * x, 14 * x + 30, 3.37 * x) for x in range(1, 60)]
    for row in values_of(compiled, customers, CDNOW).itertuples():
        product = Decimal(str(row.expected_purchases)) * Decimal(str(row.expected_purchase_amount))
        assert abs(Decimal(str(row.expected_value)) - product) <= Decimal("0.005001")


# -- Expected purchases --------------------------------------------------------------------


def while_active(
    compiled: Compiled, r: float, alpha: float, a: float, b: float, horizon: float, rows: Histories
) -> pd.Series:
    """Expected purchases of active customers with histories (x, T), in their order."""
    parameters = {"rate_shape": r, "rate_scale": alpha, "dropout_a": a, "dropout_b": b}
    parameters |= {"days_per_time_unit": 1.0, "horizon": horizon}
    summaries = pd.DataFrame(rows, columns=["repeat_purchase_days", "tenure_days"])
    found = run_model(
        compiled("int_lifetime_value__expectations"),
        {
            "contact_purchase_summaries": summaries,
            "int_lifetime_value__parameters": pd.DataFrame([parameters]),
        },
    ).set_index(["repeat_purchase_days", "tenure_days"])
    assert (found["purchase_probability"] <= found["expected_purchases"] * (1 + 1e-9)).all()
    return found["expected_purchases"].loc[list(rows)]


def positive(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Numbers of every size between two, small ones as often as large ones."""
    logs = st.floats(float(np.log(lowest)), float(np.log(highest)))
    return logs.map(lambda log: float(np.exp(log)))


@settings(derandomize=True, deadline=None, max_examples=30)
@given(
    r=positive(0.05, 10),
    alpha=positive(1, 300),
    a=positive(0.03, 20),
    b=positive(0.1, 30),
    horizon=positive(1, 1000),
    rows=st.sets(st.tuples(st.integers(0, 40), st.integers(0, 2000)), min_size=1, max_size=8),
)
def test_expected_purchases_are_the_closed_form_with_scipys_hypergeometric_function(
    compiled: Compiled, r: float, alpha: float, a: float, b: float, horizon: float, rows: Histories
) -> None:
    # The closed form itself has no digits left near a = 1.
    assume(abs(a - 1) > 0.02)
    found = while_active(compiled, r, alpha, a, b, horizon, rows)
    for (x, tenure), expected_purchases in found.items():
        c, z = a + b + x - 1, horizon / (alpha + tenure + horizon)
        series = special.hyp2f1(r + x, b + x, c, z)
        none_yet = ((alpha + tenure) / (alpha + tenure + horizon)) ** (r + x) * series
        closed_form = c / (a - 1) * (1 - none_yet)
        # What the subtraction leaves of a double.
        lost = abs(c / (a - 1)) * 1e-13
        assert expected_purchases == pytest.approx(closed_form, rel=1e-6, abs=lost)


@pytest.mark.parametrize("a", [1.0, 1 + 1e-9, 0.9999, 5.0, 40.0])
@pytest.mark.parametrize(("x", "horizon"), [(0, 365.0), (3, 3650.0), (900, 365.0), (900, 1.0)])
def test_expected_purchases_hold_where_the_closed_form_breaks_down(
    compiled: Compiled, a: float, x: int, horizon: float
) -> None:
    r, alpha, b, tenure = 0.6, 5.0, 2.5, 900
    (found,) = while_active(compiled, r, alpha, a, b, horizon, [(x, tenure)])
    share = horizon / (alpha + tenure)
    dropout = stats.beta(a, b + x)

    def purchases(p: float) -> float:
        return dropout.pdf(p) * -np.expm1(-(r + x) * np.log1p(p * share)) / p

    edges = [0, *dropout.ppf([1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-9]), 1]
    parts = [integrate.quad(purchases, *ends)[0] for ends in pairwise(edges)]
    assert found == pytest.approx(sum(parts), rel=1e-6)


# -- Customers whose future is known ---------------------------------------------------------

TRUE = {"rate_shape": 1.1, "rate_scale": 8.0, "dropout_a": 0.8, "dropout_b": 3.0}
TRUE |= {"amount_p": 4.0, "amount_q": 4.5, "amount_v": 60.0}


def lives(size: int, weeks_ahead: float) -> pd.DataFrame:
    """Customers as the models imagine them, with what they buy later, in whole days."""
    rng = np.random.default_rng(11)
    rates = rng.gamma(TRUE["rate_shape"], 1 / TRUE["rate_scale"], size)
    dropouts = rng.beta(TRUE["dropout_a"], TRUE["dropout_b"], size)
    scales = rng.gamma(TRUE["amount_q"], 1 / TRUE["amount_v"], size)
    rows = []
    for rate, dropout, scale in zip(rates, dropouts, scales, strict=True):
        tenure = float(rng.integers(20 * 7, 80 * 7)) / 7
        moment, before, after, last = 0.0, 0, 0, 0.0
        while True:
            moment += rng.exponential(1 / rate)
            if moment > tenure + weeks_ahead:
                break
            if moment <= tenure:
                before, last = before + 1, moment
            else:
                after += 1
            if rng.random() < dropout:
                break
        amount = rng.gamma(TRUE["amount_p"] * before, 1 / scale) / before if before else None
        rows.append((before, round(last * 7), round(tenure * 7), amount, after))
    names = ["repeat_purchase_days", "recency_days", "tenure_days", "mean_repeat_amount", "after"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def known_lives() -> pd.DataFrame:
    """8,000 customers and the year after."""
    return lives(8000, 365 / 7)


def test_what_is_expected_of_many_comes_true(compiled: Compiled, known_lives: pd.DataFrame) -> None:
    rows = known_lives.drop(columns="after").astype(object).where(known_lives.notna(), None)
    found = values_of(compiled, list(rows.itertuples(index=False, name=None)), TRUE)
    expected = found["expected_purchases"].astype(float)

    for tenth in range(10):
        chosen = pd.qcut(expected.rank(method="first"), 10, labels=False) == tenth
        error = known_lives["after"][chosen].std() / chosen.sum() ** 0.5
        difference = known_lives["after"][chosen].mean() - expected[chosen].mean()
        assert abs(difference) < 3.5 * error + 0.01
    bought = (known_lives["after"] > 0).mean()
    assert found["purchase_probability"].astype(float).mean() == pytest.approx(bought, abs=0.015)


# -- Fitting -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fit() -> dict[str, Any]:
    """The fitting script's functions."""
    return runpy.run_path(str(ROOT / "examples/lifetime_value/fit.py"))


def as_read(customers: pd.DataFrame) -> list[dict[str, object]]:
    """Customers as the script reads them."""
    rows = customers.assign(currency="EUR", as_of_day="2026-06-30").astype(object)
    return rows.where(rows.notna(), None).to_dict("records")


def test_the_fit_finds_the_parameters_that_made_the_customers(
    fit: dict[str, Any], known_lives: pd.DataFrame
) -> None:
    row = fit["fitted_row"]("found", 7, as_read(known_lives))

    for name, value in TRUE.items():
        assert float(row[name]) == pytest.approx(value, rel=0.2), name
    # What the parameters mean is found closer than each of them.
    mean = float(row["amount_p"]) * float(row["amount_v"]) / (float(row["amount_q"]) - 1)
    assert mean == pytest.approx(TRUE["amount_p"] * TRUE["amount_v"] / 3.5, rel=0.03)


def test_the_demos_set_is_the_one_fitted_to_the_demo(
    fit: dict[str, Any], demo: Callable[[str], pd.DataFrame]
) -> None:
    customers = demo("from main_contacts.contact_purchase_summaries")
    row = fit["fitted_row"]("demo", 7, as_read(customers))
    rows = csv.DictReader(SEED.open(encoding="utf-8"))
    (kept,) = (kept for kept in rows if kept["parameter_set"] == "demo")

    for name in TRUE:
        assert float(row[name]) == pytest.approx(float(kept[name]), rel=0.01), name
    assert int(kept["customer_count"]) == len(customers)


@pytest.mark.parametrize(
    ("customers", "words"),
    [([], "there are no customers"), ([(1, 5, 9, 2.0)] * 30, "at a bound|50 are needed")],
)
def test_what_cannot_be_fitted_is_said(fit: dict[str, Any], customers: list, words: str) -> None:
    columns = ["repeat_purchase_days", "recency_days", "tenure_days", "mean_repeat_amount"]
    with pytest.raises(ValueError, match=words):
        fit["fitted_row"]("none", 7, as_read(pd.DataFrame(customers, columns=columns)))


def test_a_fitted_set_replaces_the_one_of_its_name(fit: dict[str, Any], tmp_path: Path) -> None:
    seed = tmp_path / "clv_parameters.csv"
    shutil.copy(SEED, seed)
    before = list(csv.DictReader(SEED.open(encoding="utf-8")))
    fit["write_set"](seed, before[-1] | {"rate_shape": "9"})
    fit["write_set"](seed, before[-1] | {"parameter_set": "ours"})

    after = list(csv.DictReader(seed.open(encoding="utf-8")))
    assert after[:-2] == before[:-1]
    assert after[-2] == before[-1] | {"rate_shape": "9"}
    assert after[-1]["parameter_set"] == "ours"


# -- Parameters that are missing or another's --------------------------------------------------


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for dbt's artifacts, so that the project is parsed once."""
    return tmp_path_factory.mktemp("parameters")


@pytest.mark.parametrize(
    ("change", "succeeds", "words"),
    [
        ("parameter_set = parameter_set || '_2'", False, "Write one of: cdnow_2, "),
        ("amount_q = 1", False, "amount_q is 1"),
        ("dropout_a = null", False, "dropout_a is None"),
        ("currency = 'USD'", True, "was fitted in USD, reporting_currency is EUR"),
    ],
)
def test_what_is_wrong_with_the_parameters_is_said(
    demo_database: Path, tmp_path: Path, target: Path, change: str, succeeds: bool, words: str
) -> None:
    database = tmp_path / "crm.duckdb"
    shutil.copy(demo_database, database)
    with duckdb.connect(str(database)) as connection:
        connection.sql(f"update main_reference.clv_parameters set {change}")
    said: list[str] = []
    result = run_dbt(
        *("run", "-s", "int_lifetime_value__parameters"),
        database=database,
        target=target,
        callbacks=(lambda event: said.append(event.info.msg),),
    )

    assert result.success == succeeds
    assert words in failures(result) + " ".join(said)
