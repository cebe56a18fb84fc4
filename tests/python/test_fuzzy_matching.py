"""Fuzzy matching: nothing without it, clear words on a wrong setting, no strangers joined."""

from __future__ import annotations

import csv
import runpy
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from project import ROOT, failures, query, run_dbt

FUZZY = {"fuzzy_matching": True}
EDGES = "from main_intermediate.int_identity__fuzzy_edges order by all"
PAIRS = "from main_intermediate.int_identity__scored_pairs order by all"


def test_without_fuzzy_matching_nobody_is_joined_or_reviewed(
    demo: Callable[[str], pd.DataFrame],
) -> None:
    assert demo(EDGES).empty
    assert demo("from main_quality.match_review").empty


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"fuzzy_matching": "yes"}, "write true or false"),
        ({"fuzzy_accept_probability": 0.4}, "the second the larger"),
    ],
)
def test_a_wrong_variable_is_named(
    variables: dict[str, object], words: str, tmp_path: Path
) -> None:
    result = run_dbt(
        *("run", "-s", "int_identity__fuzzy_edges"),
        database=tmp_path / "crm.duckdb",
        target=tmp_path / "target",
        variables=variables,
    )

    assert not result.success
    assert words in failures(result)


@pytest.mark.parametrize(
    ("addresses", "birth_date_level", "reason"),
    [
        (("46 Garden Road", "26 Garden Road"), "typing error", "name alone"),
        (("46 Garden Road", "26 Garden Road"), "same", None),
        (("46 Garden Road", None), "typing error", None),
        (("46 Garden Road", None), "missing", "name alone"),
    ],
)
def test_namesakes_of_one_town_with_two_addresses_are_not_joined(
    addresses: tuple[str | None, str | None], birth_date_level: str, reason: str | None
) -> None:
    model = runpy.run_path(str(ROOT / "models/intermediate/identity/int_identity__scored_pairs.py"))
    pair = {"record_id_a": "a", "record_id_b": "b", "match_probability": 0.99}
    pair |= {"birth_date_level": birth_date_level, "email_level": "missing"}
    pairs = pd.DataFrame([pair | {"household_level": "same city"}])
    with duckdb.connect() as connection:
        connection.execute(
            "create table records as select unnest(['a', 'b']) as record_id,"
            " unnest(?::varchar[]) as address_line, 'ann' as first_name, 'lee' as last_name,"
            " '1980-01-01' as birth_date, null as name_group",
            [list(addresses)],
        )
        reasons = model["guards"](connection, pairs, 0.8)

    assert reasons == [reason]


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DuckDB file with the demo's people, matched."""
    pytest.importorskip("splink", reason="make test-fuzzy installs it")
    folder = tmp_path_factory.mktemp("fuzzy")
    command = ("build", "--resource-type", "model", "--resource-type", "seed", "-s")
    result = run_dbt(
        *(*command, "+contact_records", "+match_review"),
        database=folder / "crm.duckdb",
        target=folder / "target",
        variables=FUZZY,
    )
    assert result.success, failures(result)
    return folder / "crm.duckdb"


@pytest.mark.fuzzy
def test_no_fuzzy_edge_of_the_demo_joins_two_people(matched: Path) -> None:
    path = ROOT / "tests/fixtures/true_people.csv"
    records = query(matched, "from main_staging.stg_people__contacts")
    record_of = {
        (row.source_system, row.source_contact_id): row.record_id for row in records.itertuples()
    }
    person_of = {
        record_of[row["source_system"], row["source_contact_id"]]: row["person_id"]
        for row in csv.DictReader(path.open(encoding="utf-8"))
    }
    edges = query(matched, EDGES)

    assert len(edges) > 200
    assert [
        (a, b)
        for a, b in zip(edges["record_id_a"], edges["record_id_b"], strict=True)
        if person_of[a] != person_of[b]
    ] == []


@pytest.mark.fuzzy
def test_a_pair_is_joined_or_reviewed_never_both(matched: Path) -> None:
    joined = set(query(matched, EDGES)[["record_id_a", "record_id_b"]].itertuples(index=False))
    review = query(matched, "from main_quality.match_review")
    reviewed = set(review[["record_id_a", "record_id_b"]].itertuples(index=False))

    assert joined
    assert reviewed
    assert not joined & reviewed
    below = review[review["held_back_by"] == "probability"]
    assert below["match_probability"].astype(float).between(0.5, 0.8, inclusive="left").all()


@pytest.mark.fuzzy
def test_the_same_records_give_the_same_pairs(matched: Path, tmp_path: Path) -> None:
    before = query(matched, PAIRS)
    result = run_dbt(
        *("run", "-s", "int_identity__scored_pairs"),
        database=matched,
        target=tmp_path / "target",
        variables=FUZZY,
    )

    assert result.success, failures(result)
    pd.testing.assert_frame_equal(before, query(matched, PAIRS), check_exact=True)
