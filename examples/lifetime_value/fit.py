"""Fit the lifetime value models to the customers at hand and write the set into the seed.

Maximum likelihood of BG/NBD (Fader, Hardie, Lee 2005) and Gamma-Gamma (Fader, Hardie 2013) over
contact_purchase_summaries, read through dbt and so from any engine. Needs scipy.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from dbt.cli.main import dbtRunner
from scipy.optimize import minimize
from scipy.special import gammaln

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from own_variables import own_variables

SEED = Path(__file__).resolve().parents[2] / "seeds/reference/clv_parameters.csv"

# Up to so many customers, chosen by the hash of their ids: more hardly move the estimates.
SAMPLE = 50_000

# A repeat purchase with an amount, for the second model.
FEWEST_REPEATERS = 50

# No shape of a distribution that people show lies beyond these.
SMALLEST, LARGEST = 1e-3, 1e4

CUSTOMERS = """
    select
        repeat_purchase_days,
        recency_days,
        tenure_days,
        mean_repeat_amount,
        '{{{{ var("reporting_currency") }}}}' as currency,
        '{{{{ crm_segmentation.as_of_day() }}}}' as as_of_day
    from {{{{ ref('contact_purchase_summaries') }}}}
    order by md5(contact_id) asc
    limit {sample}
"""


@dataclass(frozen=True)
class Customers:
    """Histories: repeat purchase days x, t_x and T in units of time, mean amount of a repeat."""

    repeats: np.ndarray
    recency: np.ndarray
    tenure: np.ndarray
    amount: np.ndarray


def maximise(likelihood: object, starts: list[list[float]], lowest: list[float]) -> np.ndarray:
    """The positive parameters with the highest log likelihood, from several starts.

    Raises:
        ValueError: The likelihood rises up to a bound, so the data do not tell the parameters.
    """
    bounds = [(np.log(low), np.log(LARGEST)) for low in lowest]
    tries = [
        minimize(
            lambda logs: -likelihood(*np.exp(logs)), np.log(start), method="L-BFGS-B", bounds=bounds
        )
        for start in starts
    ]
    best = min(tries, key=lambda found: found.fun)
    for value, (low, high) in zip(best.x, bounds, strict=True):
        if not low + 1e-3 < value < high - 1e-3:
            raise ValueError(
                f"the best fit lies at a bound ({np.exp(best.x).round(4).tolist()}): the data do"
                " not tell the parameters. Fit on more customers or a longer history, or choose"
                " a published set."
            )
    return np.exp(best.x)


def fit_purchases(customers: Customers) -> np.ndarray:
    """r, alpha (units of time), a and b of the BG/NBD model.

    Raises:
        ValueError: The histories do not tell them.
    """
    histories = np.column_stack([customers.repeats, customers.recency, customers.tenure])
    histories, counts = np.unique(histories, axis=0, return_counts=True)
    x, recency, tenure = histories.T

    def likelihood(r: float, alpha: float, a: float, b: float) -> float:
        purchases = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        survival = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        active = -(r + x) * np.log(alpha + tenure)
        gone = np.where(
            x > 0,
            np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)) - (r + x) * np.log(alpha + recency),
            -np.inf,
        )
        return float(counts @ (purchases + survival + np.logaddexp(active, gone)))

    unit = max(float(np.mean(tenure)) / 10, 0.1)
    starts = [[0.5, unit, 0.8, 2.0], [1.0, unit * 3, 0.3, 3.0], [2.0, unit, 1.5, 5.0]]
    return maximise(likelihood, starts, [SMALLEST] * 4)


def fit_amounts(customers: Customers) -> np.ndarray:
    """p, q and v (reporting currency) of the Gamma-Gamma model, from repeat purchases.

    Raises:
        ValueError: Too few customers repeat, or their amounts do not tell the parameters.
    """
    repeating = (customers.repeats > 0) & (customers.amount > 0)
    if repeating.sum() < FEWEST_REPEATERS:
        raise ValueError(
            f"{repeating.sum()} customers have a repeat purchase with an amount, {FEWEST_REPEATERS}"
            " are needed. Choose a published set."
        )
    x, amount = customers.repeats[repeating], customers.amount[repeating]

    def likelihood(p: float, q: float, v: float) -> float:
        shapes = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        amounts = (p * x - 1) * np.log(amount) + p * x * np.log(x)
        return float(np.sum(shapes + amounts - (p * x + q) * np.log(x * amount + v)))

    mean = float(np.mean(amount))
    starts = [[3.0, 3.0, mean], [1.0, 2.0, mean], [8.0, 6.0, mean / 2]]
    # The mean of all customers exists for q above 1 only.
    return maximise(likelihood, starts, [SMALLEST, 1.001, SMALLEST])


def read_customers(sample: int, flags: list[str]) -> list[dict[str, object]]:
    """Rows of contact_purchase_summaries with the currency and the as-of day.

    Raises:
        RuntimeError: dbt failed; it has said why.
    """
    sql = CUSTOMERS.format(sample=sample)
    # dbt prints what it shows.
    with contextlib.redirect_stdout(io.StringIO()):
        shown = dbtRunner().invoke(["show", "--inline", sql, "--limit", "-1", "--quiet", *flags])
    if not shown.success:
        raise RuntimeError(shown.exception or "build contact_purchase_summaries first")
    table = shown.result.results[0].agate_table
    return [dict(zip(table.column_names, row, strict=True)) for row in table.rows]


def write_set(path: Path, row: dict[str, object]) -> None:
    """Put a set into the seed, in the place of one with its name, else at the end."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    names = [existing["parameter_set"] for existing in rows]
    place = names.index(row["parameter_set"]) if row["parameter_set"] in names else len(rows)
    rows[place : place + 1] = [row]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fitted_row(name: str, days_per_time_unit: int, rows: list[dict[str, object]]) -> dict:
    """A row of the seed, fitted to customers as read_customers gives them.

    Raises:
        ValueError: The customers do not tell the parameters.
    """
    if not rows:
        raise ValueError("there are no customers. Build contact_purchase_summaries first.")
    days = np.array(
        [[row["repeat_purchase_days"], row["recency_days"], row["tenure_days"]] for row in rows],
        dtype=float,
    )
    amounts = [float(row["mean_repeat_amount"] or 0) for row in rows]
    x, recency, tenure = days.T
    customers = Customers(
        x, recency / days_per_time_unit, tenure / days_per_time_unit, np.array(amounts)
    )
    columns = ["rate_shape", "rate_scale", "dropout_a", "dropout_b"]
    columns += ["amount_p", "amount_q", "amount_v"]
    values = [*fit_purchases(customers), *fit_amounts(customers)]
    return {
        "parameter_set": name,
        "days_per_time_unit": days_per_time_unit,
        **{column: f"{value:.4f}" for column, value in zip(columns, values, strict=True)},
        "currency": rows[0]["currency"],
        "customer_count": len(rows),
        "fitted_on": rows[0]["as_of_day"],
        "comment": "By examples/lifetime_value/fit.py",
    }


def main() -> int:
    """Read the command line, fit and write; 0 when the seed has the set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True, help="name of the set, for clv_parameter_set")
    parser.add_argument("--days-per-time-unit", type=int, default=7, help="7: rates per week")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="most customers to fit on")
    parser.add_argument("--seed", type=Path, default=SEED, help="file to write")
    parser.add_argument("--target", help="target of profiles.yml; its default if left out")
    parser.add_argument("--vars", help="dbt's variables, as JSON or YAML")
    given = parser.parse_args()
    if given.days_per_time_unit < 1 or given.sample < 1:
        parser.error("--days-per-time-unit and --sample have to be 1 or more.")
    flags = ["--target", given.target] if given.target else []
    variables = own_variables(given.target) | (yaml.safe_load(given.vars or "") or {})
    flags += ["--vars", json.dumps(variables)] if variables else []
    try:
        rows = read_customers(given.sample, flags)
        row = fitted_row(given.name, given.days_per_time_unit, rows)
    except (RuntimeError, ValueError) as problem:
        print(f"Nothing was fitted: {problem}", file=sys.stderr)
        return 1
    write_set(given.seed, row)
    print(json.dumps(row, indent=2, default=str))
    print("Now: dbt seed -s clv_parameters, with clv_parameter_set: " + given.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
