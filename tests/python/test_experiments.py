"""Experiments: statistics against scipy and statsmodels, published figures by the raw contract."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from project import RELATION, failures, query, run_dbt, run_model
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_power
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)
from variables import Macros

# -- Distribution functions ----------------------------------------------------------------

FUNCTIONS = """
    with quantiled as (
        {{ with_student_quantile('samples', double_literal(0.05), 'degrees') }}
    ),
    judged as (
        {{ with_student_p('quantiled', 't', 'degrees', 't_p') }}
    )
    select
        judged.*,
        {{ normal_probability('z') }} as probability,
        {{ normal_two_sided_p('z') }} as z_p,
        {{ normal_quantile('p') }} as quantile,
        {{ chi_square_p('chi', 'chi_degrees') }} as chi_p,
        {{ wilson_bound('successes', 'trials', '-') }} as wilson_low,
        {{ wilson_bound('successes', 'trials', '+') }} as wilson_high,
        {{ hash_bucket(['z', 't'], 1000) }} as bucket
    from judged
"""


@pytest.fixture(scope="module")
def functions(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SQL of every statistical macro over a table ``samples``."""
    target = tmp_path_factory.mktemp("functions")
    result = run_dbt("compile", "--inline", FUNCTIONS, database=demo_database, target=target)
    assert result.success, failures(result)
    return result.result.results[0].node.compiled_code


@pytest.fixture(scope="module")
def evaluated(functions: str) -> pd.DataFrame:
    """The macros at points from the middle of each distribution to where a double ends."""
    rng = np.random.default_rng(1)
    size = 6000
    trials = rng.integers(1, 5000, size)
    samples = pd.DataFrame(
        {
            "z": np.concatenate([np.linspace(-36.9, 36.9, size - 1), [0.0]]),
            "p": np.concatenate(
                [np.geomspace(1e-300, 0.5, size // 2), 1 - np.geomspace(1e-12, 0.49, size // 2)]
            ),
            "t": rng.normal(0, 1, size) * np.exp(rng.uniform(-4, 8, size)),
            "degrees": np.concatenate([np.geomspace(1, 1e6, size - 3), [1.0, 2.0, 3.0]]),
            "chi": np.concatenate([np.geomspace(1e-6, 1300, size - 1), [0.0]]),
            "chi_degrees": rng.integers(1, 32, size).astype("int32"),
            "successes": rng.binomial(trials, rng.choice([0.0, 0.003, 0.2, 0.5, 1.0], size)),
            "trials": trials,
        }
    )
    return run_model(functions, {"samples": samples})


def assert_close(found: pd.Series, expected: np.ndarray, smallest: float = 1e-290) -> None:
    """Within 1e-6 of each other, relatively, wherever the expected value is no underflow."""
    sound = np.abs(expected) > smallest
    assert sound.sum() > 1000
    np.testing.assert_allclose(found.to_numpy()[sound], expected[sound], rtol=1e-6)
    assert (np.abs(found.to_numpy()[~sound]) < 1e-280).all()


def test_normal_probabilities_and_quantiles_are_those_of_scipy(evaluated: pd.DataFrame) -> None:
    assert_close(evaluated["probability"], stats.norm.cdf(evaluated["z"]))
    assert_close(evaluated["z_p"], 2 * stats.norm.sf(np.abs(evaluated["z"])))
    np.testing.assert_allclose(
        evaluated["quantile"], stats.norm.ppf(evaluated["p"]), rtol=1e-9, atol=1e-9
    )


def test_students_t_is_that_of_scipy_for_every_number_of_degrees(evaluated: pd.DataFrame) -> None:
    assert_close(evaluated["t_p"], 2 * stats.t.sf(np.abs(evaluated["t"]), evaluated["degrees"]))
    np.testing.assert_allclose(
        evaluated["student_quantile"], stats.t.isf(0.025, evaluated["degrees"]), rtol=1e-6
    )


def test_chi_square_is_that_of_scipy(evaluated: pd.DataFrame) -> None:
    assert_close(evaluated["chi_p"], stats.chi2.sf(evaluated["chi"], evaluated["chi_degrees"]))


def test_wilson_intervals_are_those_of_statsmodels(evaluated: pd.DataFrame) -> None:
    low, high = proportion_confint(
        evaluated["successes"].to_numpy(), evaluated["trials"].to_numpy(), 0.05, "wilson"
    )
    np.testing.assert_allclose(evaluated["wilson_low"], low, atol=1e-9)
    np.testing.assert_allclose(evaluated["wilson_high"], high, atol=1e-9)


def test_nothing_comes_of_nothing(functions: str) -> None:
    columns = ["z", "p", "t", "degrees", "chi", "chi_degrees"]
    nothing = pd.DataFrame({c: [None] for c in columns}, dtype="Float64")
    nothing["chi_degrees"] = nothing["chi_degrees"].astype("Int32")
    nothing["successes"] = nothing["trials"] = 0
    row = run_model(functions, {"samples": nothing}).iloc[0]
    for column in ("probability", "z_p", "quantile", "t_p", "student_quantile", "chi_p"):
        assert pd.isna(row[column]), column
    assert pd.isna(row["wilson_low"])
    assert pd.isna(row["wilson_high"])


# -- experiment_results --------------------------------------------------------------------


def read_out(
    compiled: Callable[[str], str], totals: pd.DataFrame, experiments: pd.DataFrame
) -> pd.DataFrame:
    """The results, by experiment, variant and metric."""
    tests = RELATION.sub(r'"\1"', compiled("int_experiments__tests"))
    results = RELATION.sub(r'"\1"', compiled("experiment_results"))
    with duckdb.connect() as connection:
        connection.register("totals", totals)
        connection.register("listed", experiments)
        connection.sql("create table experiments as select * from listed")
        connection.sql("create table int_experiments__totals as select * from totals")
        connection.sql(f"create table int_experiments__tests as {tests}")
        rows = connection.sql(results).df()
    return rows.set_index(["experiment_name", "variant", "metric"]).sort_index()


def totals_of(name: str, groups: dict[str, dict[str, np.ndarray]]) -> list[dict[str, Any]]:
    """Sums over the values of every contact, by variant and metric."""
    rows = []
    for variant, metrics in groups.items():
        for metric, values in metrics.items():
            kind = "mean" if metric == "revenue" else "share"
            rows.append(
                {
                    "experiment_name": name,
                    "variant": variant,
                    "is_control": variant == "control",
                    "metric": metric,
                    "metric_kind": kind,
                    "lower_is_better": metric == "unsubscribed",
                    "contact_count": len(values),
                    "metric_total": round(float(values.sum()), 2),
                    "metric_square_total": float((values**2).sum()) if kind == "mean" else None,
                }
            )
    return rows


def experiment_row(name: str, **changed: object) -> dict[str, Any]:
    """An experiment that is over, with a sound split."""
    return {
        "experiment_name": name,
        "control_variant": "control",
        "is_complete": True,
        "minimum_contact_count": 2,
        "relevant_lift": 0.1,
        "sample_ratio_p_value": 0.5,
        **changed,
    }


def random_groups(rng: np.random.Generator) -> dict[str, dict[str, np.ndarray]]:
    """Two to four variants of random size with shares and skewed amounts."""
    groups = {}
    rate, spread = rng.uniform(0.01, 0.9), rng.uniform(0.3, 1.5)
    for variant in ["control", "b", "c", "d"][: rng.integers(2, 5)]:
        size = int(rng.integers(5, 3000))
        amounts = rng.lognormal(3, spread, size) * (rng.random(size) < rng.uniform(0.2, 1))
        groups[variant] = {
            "purchased": (rng.random(size) < rate * rng.uniform(0.8, 1.1)).astype(float),
            "unsubscribed": (rng.random(size) < 0.5).astype(float),
            "revenue": amounts.round(2),
        }
    return groups


def test_every_statistic_is_that_of_scipy_and_statsmodels(compiled: Callable[[str], str]) -> None:
    rng = np.random.default_rng(7)
    experiments = {f"e{number:02}": random_groups(rng) for number in range(15)}
    totals = [row for name, groups in experiments.items() for row in totals_of(name, groups)]
    found = read_out(
        compiled, pd.DataFrame(totals), pd.DataFrame([experiment_row(n) for n in experiments])
    )
    assert len(found) == len(totals)
    compared = 0
    for name, groups in experiments.items():
        p_values = []
        for variant, metrics in groups.items():
            for metric, values in metrics.items():
                row, control = found.loc[(name, variant, metric)], groups["control"][metric]
                assert row["metric_value"] == pytest.approx(values.mean(), rel=1e-9)
                if variant == "control":
                    assert pd.isna(row["difference"])
                    assert pd.isna(row["verdict"])
                    continue
                difference = values.mean() - control.mean()
                assert row["difference"] == pytest.approx(difference, rel=1e-9, abs=1e-12)
                assert row["relative_lift"] == pytest.approx(difference / control.mean(), abs=1e-9)
                assert row["incremental_total"] == pytest.approx(difference * len(values), abs=1e-6)
                if metric == "revenue":
                    expected = stats.ttest_ind(values, control, equal_var=False)
                    low, high = expected.confidence_interval(0.95)
                    assert row["degrees_of_freedom"] == pytest.approx(expected.df, rel=1e-6)
                    statistic, p_value = expected.statistic, expected.pvalue
                else:
                    counts = [int(values.sum()), int(control.sum())]
                    sizes = [len(values), len(control)]
                    statistic, p_value = proportions_ztest(counts, sizes)
                    low, high = confint_proportions_2indep(
                        counts[0], sizes[0], counts[1], sizes[1], method="wald"
                    )
                if np.isnan(p_value):
                    assert pd.isna(row["p_value"])
                    continue
                found_numbers = row[["statistic", "p_value", "interval_low", "interval_high"]]
                np.testing.assert_allclose(
                    found_numbers.astype(float), [statistic, p_value, low, high], rtol=1e-6
                )
                error = (high - low) / 2 / stats.norm.isf(0.025)
                if metric == "revenue":
                    error = (high - low) / 2 / stats.t.isf(0.025, row["degrees_of_freedom"])
                lift = 0.1 * control.mean() / error
                assert row["power"] == pytest.approx(normal_power(lift, 1, 0.05), rel=1e-6)
                detectable = row["minimum_detectable_effect"] / error
                assert normal_power(detectable, 1, 0.05) == pytest.approx(0.8, abs=1e-4)
                p_values.append((row["p_value"], row["adjusted_p_value"]))
                compared += 1
        raw, adjusted = np.array(p_values).T
        np.testing.assert_allclose(adjusted, multipletests(raw, method="holm")[1], rtol=1e-9)
    assert compared > 60


SURE = {"control": {"purchased": np.repeat([1.0, 0.0], [100, 900])}}
SURE["b"] = {"purchased": np.repeat([1.0, 0.0], [300, 700])}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "better"),
        ({"sample_ratio_p_value": 0.009}, "broken: sample ratio"),
        ({"sample_ratio_p_value": 0.009, "is_complete": False}, "broken: sample ratio"),
        ({"is_complete": False}, "too early"),
        ({"minimum_contact_count": 1001}, "too early"),
        ({"minimum_contact_count": 1000}, "better"),
        ({"sample_ratio_p_value": None}, "better"),
    ],
)
def test_the_verdict_is_plain(
    compiled: Callable[[str], str], changed: dict[str, object], verdict: str
) -> None:
    experiments = pd.DataFrame([experiment_row("sure", **changed)])
    found = read_out(compiled, pd.DataFrame(totals_of("sure", SURE)), experiments)
    assert found.loc[("sure", "b", "purchased")]["verdict"] == verdict


def test_a_drop_is_worse_unless_less_is_better(compiled: Callable[[str], str]) -> None:
    drop = {
        "control": {metric: SURE["b"]["purchased"] for metric in ("purchased", "unsubscribed")},
        "b": {metric: SURE["control"]["purchased"] for metric in ("purchased", "unsubscribed")},
        "same": {metric: SURE["b"]["purchased"] for metric in ("purchased", "unsubscribed")},
    }
    experiments = pd.DataFrame([experiment_row("drop")])
    found = read_out(compiled, pd.DataFrame(totals_of("drop", drop)), experiments)["verdict"]
    assert found.loc[("drop", "b", "purchased")] == "worse"
    assert found.loc[("drop", "b", "unsubscribed")] == "better"
    assert found.loc[("drop", "same", "purchased")] == "no difference shown"


# -- Cookie Cats through the raw contract --------------------------------------------------

AS_OF = {"demo_data": False, "as_of_date": "2026-06-30"}
AS_OF["raw_tables"] = ["raw_contacts", "raw_orders", "raw_events", "raw_experiment_assignments"]

# Day 1 is told as an event, day 7 as a purchase: contacts 1 to 44,700 are the control.
LANDED = """
    create schema raw;
    create table raw.raw_contacts as
        select 'game' as source_system, 'P' || player as source_contact_id,
            '2026-01-01 00:00:00' as created_at
        from range(1, 90190) as players (player);
    create table raw.raw_experiment_assignments as
        select 'cookie_cats' as experiment_name, 'game' as source_system,
            'P' || player as source_contact_id,
            case when player <= 44700 then 'Control' else 'gate_40' end as variant,
            '2026-02-01 00:00:00' as assigned_at
        from range(1, 90190) as players (player);
    create table raw.raw_events as
        select 'game' as source_system, 'E' || player as event_id,
            'P' || player as source_contact_id, 'login' as event_name,
            '2026-02-02 00:00:00' as occurred_at
        from range(1, 90190) as players (player)
        where player <= 20034 or player between 44701 and 44700 + 20119;
    create table raw.raw_orders as
        select 'game' as source_system, 'O' || player as source_order_id,
            'P' || player as source_contact_id, '2026-02-08 00:00:00' as ordered_at,
            '1.00' as order_total
        from range(1, 90190) as players (player)
        where player <= 8502 or player between 44701 and 44700 + 8279;
"""


@pytest.fixture(scope="module")
def cookie_cats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the game's 90,189 players as they would land there, and the readout."""
    folder = tmp_path_factory.mktemp("cookie_cats")
    database = folder / "crm.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(LANDED)
    result = run_dbt(
        "build",
        "-s",
        "+experiment_results",
        "--exclude-resource-type",
        "test",
        "unit_test",
        database=database,
        target=folder / "target",
        variables=AS_OF,
    )
    assert result.success, failures(result)
    return database


def test_no_look_alike_contact_is_lost(cookie_cats: Path) -> None:
    counted = query(
        cookie_cats,
        "select variant, count(*) as contacts, count(exclusion_reason) as excluded"
        " from main_campaigns.experiment_assignments group by variant order by variant",
    )
    assert counted.to_numpy().tolist() == [["control", 44700, 0], ["gate_40", 45489, 0]]


def test_cookie_cats_comes_out_as_published(cookie_cats: Path) -> None:
    found = query(cookie_cats, "from main_campaigns.experiment_results where variant = 'gate_40'")
    found = found.set_index("metric")
    day_1, day_7 = found.loc["active"], found.loc["purchased"]
    assert (day_1["contact_count"], day_1["metric_total"]) == (45489, 20119)
    assert (day_7["contact_count"], day_7["metric_total"]) == (45489, 8279)
    assert (round(day_1["statistic"], 5), round(day_1["p_value"], 5)) == (-1.78409, 0.07441)
    assert (round(day_7["statistic"], 5), round(day_7["p_value"], 5)) == (-3.16436, 0.00155)
    interval = (round(day_7["interval_low"], 5), round(day_7["interval_high"], 5))
    assert interval == (-0.01328, -0.00312)
    experiment = query(cookie_cats, "from main_campaigns.experiments").iloc[0]
    assert round(experiment["sample_ratio_chi_square"], 4) == 6.9024
    assert round(experiment["sample_ratio_p_value"], 5) == 0.00861
    assert set(found["verdict"]) == {"broken: sample ratio"}


# -- Assignment by hash --------------------------------------------------------------------


def test_a_hash_assigns_the_same_everywhere(demo: Callable[[str], pd.DataFrame]) -> None:
    assigned = demo(
        "select contact_id, experiment_name, variant from main_campaigns.experiment_assignments"
        " where experiment_name = 'win_back_offer_and_framing'"
    )
    variants = ["shipping_deadline", "shipping_invitation", "discount_deadline"]
    variants += ["discount_invitation"]
    assert len(assigned) > 50
    for contact_id, name, variant in assigned.itertuples(index=False):
        digest = hashlib.md5(f"{contact_id}\x1f{name}".encode()).hexdigest()
        assert variant == variants[int(digest[:13], 16) % 4]


def test_the_readout_finds_the_lift_that_was_planted(demo: Callable[[str], pd.DataFrame]) -> None:
    rows = demo("from main_campaigns.experiment_results where verdict is not null")
    verdicts = rows.set_index(["experiment_name", "metric"])["verdict"]
    assert verdicts["free_shipping_banner", "purchased"] == "better"
    assert verdicts["free_shipping_banner", "revenue"] == "better"
    assert set(verdicts["subject_line_emoji"]) == {"no difference shown"}


# -- Mistakes ------------------------------------------------------------------------------

GOOD = {
    "hypothesis": "Free shipping sells",
    "segment": "loyal_customers",
    "variants": [{"name": "control"}, {"name": "b"}],
    "starts_on": "2026-01-01",
    "ends_on": "2026-02-01",
}
CELLS = [{"name": n, "factors": {"offer": n[0], "tone": n[1]}} for n in ("ax", "ay", "bx", "by")]
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no_hypothesis": ({"hypothesis": ""}, "has no hypothesis. Write what you expect and why"),
    "odd_segment": ({"segment": "loyal_customer"}, "Did you mean loyal_customers"),
    "odd_metric": ({"metrics": ["clicks"]}, "measures 'clicks', which is no metric. Write one of:"),
    "one_variant": ({"variants": [{"name": "control"}]}, "List two or more"),
    "no_control": ({"control": "c"}, "compared with the variant 'c', which it does not have"),
    "odd_weight": (
        {"variants": [{"name": "control", "weight": 0.5}, {"name": "b"}]},
        "Write a whole number of 1 or more",
    ),
    "odd_day": ({"starts_on": "01.02.2026"}, "has starts_on '01.02.2026'. Write a day"),
    "backwards": ({"ends_on": "2025-01-01"}, "before it starts on 2026-01-01. Swap the days"),
    "odd_assigner": ({"assigned_by": "dice"}, "Write hash (this project assigns) or source"),
    "tiny": ({"minimum_contacts": 1}, "Write a whole number of 2 or more, per variant"),
    "no_lift": ({"relevant_lift": 0}, "the smallest lift worth having as a share above 0"),
    "loud": ({"variants": [{"name": "control"}, {"name": "B"}]}, "Write it in lower case"),
    "missing_cell": (
        {"variants": CELLS[:3], "control": "ax"},
        "list each of the 4 combinations once",
    ),
    "odd_key": ({"metric": ["revenue"]}, "has the key 'metric', which nothing reads. Did you mean"),
    "Bad Name": ({}, "has a name that is not lower-case words"),
}


def test_experiments_of_the_demo_stop_no_company() -> None:
    """Without the demo's data none of them is in force, and there is no key to hold others to."""
    macros, written = Macros({}), [{"name": "of_the_demo", "demo_only": True}]

    assert macros.unknown_key_problems("Experiment", written, [], ["demo_only"]) == []
    assert macros.unknown_key_problems("Experiment", written, [{"name": ""}], []) != []


@pytest.fixture(scope="module")
def complaint(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the project says when all MISTAKES are made at once, beside sound experiments."""
    wrong = [{**GOOD, "name": name, **changed} for name, (changed, _) in MISTAKES.items()]
    sound = [
        {**GOOD, "name": "plain"},
        {**GOOD, "name": "factorial", "variants": CELLS, "control": "ay", "segment": "all"},
    ]
    variables = {"experiments": [*wrong, *sound, {**GOOD, "name": "twice"}] * 1}
    variables["experiments"].append({**GOOD, "name": "twice"})
    target = tmp_path_factory.mktemp("mistakes")
    result = run_dbt(
        "run", "-s", "int_experiments__variants",
        database=demo_database, target=target, variables=variables,
    )  # fmt: skip
    assert not result.success
    return failures(result)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gives_an_error_that_says_what_to_change(complaint: str, name: str) -> None:
    lines = [line for line in complaint.splitlines() if f"Experiment '{name}'" in line]
    assert any(MISTAKES[name][1] in line for line in lines), lines


def test_sound_experiments_are_not_complained_about(complaint: str) -> None:
    assert "'plain'" not in complaint
    assert "'factorial'" not in complaint
    assert "Experiment 'twice' stands 2 times in the variable experiments" in complaint


# -- Factorial experiments -----------------------------------------------------------------


FRAMINGS = ("deadline", "invitation")


def test_main_effects_average_over_the_other_factor(compiled: Callable[[str], str]) -> None:
    rng = np.random.default_rng(3)
    cells = {
        "shipping_deadline": rng.normal(10, 3, 400),
        "shipping_invitation": rng.normal(11, 3, 300),
        "discount_deadline": rng.normal(12, 3, 500),
        "discount_invitation": rng.normal(14, 3, 200),
    }
    tests = pd.DataFrame(
        {
            "experiment_name": "win_back_offer_and_framing",
            "variant": list(cells),
            "is_control": [name == "shipping_deadline" for name in cells],
            "metric": "revenue",
            "contact_count": [len(values) for values in cells.values()],
            "contacts": [float(len(values)) for values in cells.values()],
            "metric_value": [values.mean() for values in cells.values()],
            "variance": [values.var(ddof=1) for values in cells.values()],
        }
    )
    rows = run_model(compiled("experiment_main_effects"), {"int_experiments__tests": tests})
    rows = rows.set_index(["factor", "factor_level"])
    means = tests.set_index("variant")["metric_value"]
    squares = (tests["variance"] / tests["contacts"]).sum()
    for level, sign in {
        ("offer", "discount"): (-1, -1, 1, 1),
        ("framing", "invitation"): (-1, 1, -1, 1),
    }.items():
        effect = float(np.dot(sign, means) / 2)
        row = rows.loc[level]
        assert row["difference"] == pytest.approx(effect)
        assert row["statistic"] == pytest.approx(effect / np.sqrt(squares / 4))
        assert row["p_value"] == pytest.approx(2 * stats.norm.sf(abs(row["statistic"])), rel=1e-6)
        assert not row["is_baseline"]
    assert rows["is_baseline"].sum() == 2


@pytest.mark.parametrize("contact_count", [0, 1])
def test_a_level_with_an_almost_empty_cell_has_no_effect(
    compiled: Callable[[str], str], contact_count: int
) -> None:
    counts = [100, 100, 100, contact_count]
    tests = pd.DataFrame(
        {
            "experiment_name": "win_back_offer_and_framing",
            "variant": [f"{a}_{b}" for a in ("shipping", "discount") for b in FRAMINGS],
            "is_control": [True, False, False, False],
            "metric": "revenue",
            "contact_count": counts,
            "contacts": [float(count) for count in counts],
            "metric_value": [20.0, 20.0, 40.0, 0.0 if contact_count else None],
            "variance": [9.0, 9.0, 9.0, 0.0 if contact_count else None],
        }
    )
    rows = run_model(compiled("experiment_main_effects"), {"int_experiments__tests": tests})
    effects = rows[~rows["is_baseline"]]
    assert len(effects) == 2
    assert effects["p_value"].isna().all()
    assert effects["interval_low"].isna().all()
    assert effects["difference"].isna().all() == (contact_count == 0)


# -- A/A -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_thousand_experiments_without_a_difference_rarely_show_one(
    compiled: Callable[[str], str],
) -> None:
    rng = np.random.default_rng(11)
    totals, experiments = [], []
    for number in range(1000):
        groups = {
            variant: {
                "purchased": (rng.random(800) < 0.2).astype(float),
                "unsubscribed": (rng.random(800) < 0.1).astype(float),
                "revenue": (rng.lognormal(3, 1, 800) * (rng.random(800) < 0.3)).round(2),
            }
            for variant in ("control", "b", "c")
        }
        totals += totals_of(f"e{number}", groups)
        experiments.append(experiment_row(f"e{number}"))
    found = read_out(compiled, pd.DataFrame(totals), pd.DataFrame(experiments)).dropna(
        subset=["p_value"]
    )
    by_metric = (found["p_value"] < 0.05).groupby(["metric", "variant"]).mean()
    # Binomial standard error of 5 % over 1,000 is 0.7 points.
    assert by_metric.between(0.05 - 0.021, 0.05 + 0.021).all(), by_metric
    shown = found["verdict"].isin(["better", "worse"]).groupby("experiment_name").any().mean()
    assert shown <= 0.05 + 0.021
