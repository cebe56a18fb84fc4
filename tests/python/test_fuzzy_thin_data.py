"""Fuzzy matching on records that say little: it never stops a build, and never joins at random."""

from __future__ import annotations

import random
import runpy
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from project import ROOT

MODEL = runpy.run_path(str(ROOT / "models/intermediate/identity/int_identity__scored_pairs.py"))
Row = dict[str, Any]
FIRST_NAMES = ["Ann", "Ben", "Clara", "David", "Eve", "Frank", "Gina", "Hugo", "Iris", "Jonas"]
LAST_NAMES = ["Abel", "Brandt", "Conrad", "Decker", "Ernst", "Fuchs", "Graf", "Hahn", "Iven"]


def people(count: int, copies: int, seed: int = 1) -> list[Row]:
    """People of every column; the first of them have a second record with a typing error."""
    chance = random.Random(seed)
    rows: list[Row] = []
    for number in range(count):
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        person = {
            "first_name": first,
            "last_name": f"{last}{chance.choice(LAST_NAMES).lower()}",
            "birth_date": str(date(1950, 1, 1) + timedelta(days=chance.randrange(18_000))),
            "email": f"{first}.{last}{number}@example.com".lower(),
            "phone": f"+4930{1_000_000 + number}",
            "address_line": f"Road {number}",
            "postal_code": f"{10_000 + chance.randrange(40)}",
            "city": chance.choice(["Berlin", "Bonn", "Kiel"]),
        }
        rows.append({"record_id": f"a{number:04}", **person})
        if number < copies:
            again = {**person, "email": None} if number % 2 else {**person, "birth_date": None}
            rows.append({"record_id": f"b{number:04}", **again})
    return rows


def only(rows: list[Row], *columns: str) -> list[Row]:
    """The rows with nothing but these columns."""
    return [{column: row[column] for column in ("record_id", *columns)} for row in rows]


def constant(rows: list[Row], **columns: object) -> list[Row]:
    """The rows with one value in these columns."""
    return [{**row, **columns} for row in rows]


# Too little to learn from: no record is joined, and one warning says so.
TOO_LITTLE: dict[str, Callable[[], list[Row]]] = {
    "nobody": list,
    "one_record": lambda: people(1, 0),
    "a_few_records": lambda: people(40, 30),
    "names_and_birth_dates_of_500_people": lambda: only(
        people(500, 0), "first_name", "last_name", "birth_date"
    ),
    "no_duplicates": lambda: people(120, 0),
    "nothing_but_ids": lambda: only(people(200, 20)),
    "cities_alone": lambda: only(people(200, 20), "city"),
    "one_name_and_one_birth_date": lambda: constant(
        people(120, 20), first_name="Ann", last_name="Abel", birth_date="1980-01-01"
    ),
    "one_address_for_all": lambda: constant(
        people(120, 20), first_name="Ann", email="a@example.com"
    ),
}
# Little, but enough: it may join or not, and must not fail.
THIN: dict[str, Callable[[], list[Row]]] = {
    "names_and_birth_dates": lambda: [
        *only(people(120, 0), "first_name", "last_name", "birth_date"),
        *({**row, "record_id": f"c{row['record_id']}"} for row in people(20, 0)),
    ],
    "one_first_name": lambda: constant(people(120, 40), first_name="Ann"),
    "one_birth_date": lambda: constant(people(120, 40), birth_date="1980-01-01"),
    "no_birth_dates": lambda: constant(people(120, 60), birth_date=None),
    "emails_and_first_names": lambda: only(people(120, 60), "first_name", "email"),
    "a_third_of_the_values_missing": lambda: [
        {
            column: value
            if column == "record_id" or random.Random(f"{n}{column}").random() < 0.7
            else None
            for column, value in row.items()
        }
        for n, row in enumerate(people(300, 150))
    ],
}


def scored(rows: list[Row]) -> tuple[pd.DataFrame, list[str]]:
    """The pairs, and the warnings."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        frame = pd.DataFrame(rows, columns=None if rows else ["record_id"])
        pairs = MODEL["scored_pairs"](frame, 0.5, 0.8)
    return pairs, [str(w.message) for w in told if w.category is UserWarning]


@pytest.fixture(autouse=True)
def splink() -> None:
    """Skip where Splink is not installed."""
    pytest.importorskip("splink", reason="make test-fuzzy installs it")


@pytest.mark.fuzzy
@pytest.mark.parametrize("name", TOO_LITTLE)
def test_too_little_data_joins_nobody_with_one_clear_warning(name: str) -> None:
    pairs, told = scored(TOO_LITTLE[name]())

    assert pairs.empty
    assert len(told) == 1
    assert told[0].startswith("Fuzzy matching joins nobody: ")
    assert list(pairs.columns) == [*MODEL["pair_columns"](), "held_back_by"]


@pytest.mark.fuzzy
@pytest.mark.parametrize("name", THIN)
def test_thin_data_gives_probabilities_and_joins_no_strangers(name: str) -> None:
    rows = THIN[name]()
    pairs, told = scored(rows)

    assert told == []
    assert pairs["match_probability"].between(0.5, 1).all()
    accepted = pairs[(pairs["match_probability"] >= 0.8) & pairs["held_back_by"].isna()]
    person = {row["record_id"]: row["record_id"].lstrip("abc") for row in rows}
    strangers = [
        (a, b)
        for a, b in zip(accepted["record_id_a"], accepted["record_id_b"], strict=True)
        if person[a] != person[b]
    ]
    assert len(strangers) <= 0.05 * len(accepted)


@pytest.mark.fuzzy
def test_a_nickname_helps_only_a_pair_that_agrees_in_something_else() -> None:
    rows = [{**row, "name_group": None} for row in people(150, 60)]
    bob = {**rows[0], "record_id": "x1", "first_name": "Bob", "name_group": "robert"}
    bob |= {"last_name": "Zeisig", "birth_date": "1971-03-02", "email": None, "phone": None}
    bob |= {"address_line": "Lane 7", "postal_code": "99999", "city": "Ulm"}
    bill = {**bob, "record_id": "x2", "first_name": "Robert"}
    other = {**bill, "record_id": "x3", "birth_date": "1934-12-25", "address_line": "Way 1"}
    other |= {"postal_code": "88888", "city": "Jena"}

    pairs, _ = scored([*rows, bob, bill, other])
    levels = {
        (a, b): level
        for a, b, level in zip(
            pairs["record_id_a"], pairs["record_id_b"], pairs["first_name_level"], strict=True
        )
    }
    joined = pairs[(pairs["match_probability"] >= 0.8) & pairs["held_back_by"].isna()]
    found = set(zip(joined["record_id_a"], joined["record_id_b"], strict=True))

    assert levels["x1", "x2"] == "typing error"
    assert ("x1", "x2") in found
    assert ("x1", "x3") not in found
