"""Systems as teams export them and as dlt lands them give what the raw contract gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import landed_further_trips as trip
import landed_samples as samples
import pandas as pd
import pytest
from landed_round_trip import expected_and_found
from landed_tables import keep, landing
from project import failures, query, run_dbt

pytestmark = pytest.mark.connectors

CONNECTED = {"demo_data": False, "raw_tables": [], "as_of_date": "2026-06-30"}
CONNECTED |= {"connectors": [*trip.INSTANCES, *samples.INSTANCES]}
TRIPS = trip.trips()


@pytest.fixture(scope="module")
def landed(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in the shapes of all instances, and staging built from there."""
    folder = tmp_path_factory.mktemp("round_trips")
    database = folder / "crm.duckdb"
    with landing(demo_database, folder / "landing.duckdb") as connection:
        trip.land(connection, "company")
        for name, rows in samples.TABLES.items():
            connection.sql(f"create schema if not exists company.{name.split('.')[0]}")
            connection.sql(f"create table company.{name} as {rows}")
    (folder / "landing.duckdb").rename(database)
    selected = ["connectors", *(f"+stg_{name}" for name in trip.STAGED)]
    result = run_dbt(
        *("run", "-s", *selected), database=database, target=folder, variables=CONNECTED
    )
    assert result.success, failures(result)
    keep(database, trip.STAGED)
    return database


@pytest.mark.parametrize(("entry", "part"), TRIPS, ids=[f"{e['schema']}-{p}" for e, p in TRIPS])
def test_what_a_system_holds_comes_back(
    demo_database: Path, landed: Path, entry: dict[str, Any], part: str
) -> None:
    """Staged rows are those of the raw contract, but for what docs/connectors.md lists."""
    system, schema = entry["system"], entry["schema"]
    expected, found = expected_and_found(
        (demo_database, landed),
        entry,
        part,
        trip.EXPECTED.get((schema, part)) or trip.EXPECTED[system, part],
        trip.KEY.get(system),
        trip.FOUND.get((system, part), trip.FOUND.get(part, "true")),
    )

    assert len(expected) > 3
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("claim", samples.EXPECTED)
def test_samples_come_out_as_a_person_would_expect(landed: Path, claim: str) -> None:
    (table, columns, system), expected = samples.EXPECTED[claim]
    chosen = f" where source_system = '{system}'" if system else ""
    with duckdb.connect(str(landed), read_only=True) as connection:
        found = connection.sql(
            f"select cast(columns(*) as varchar) from (select {columns} from"
            f" main_connectors.connected__{table}{chosen}) order by all"
        ).fetchall()

    assert found == expected


def test_purchases_by_a_connector_give_the_same_scores_and_segments(
    demo_database: Path, tmp_path: Path
) -> None:
    """Purchases of the shop come from its site, all else from raw tables: the marts are equal.

    But for who bought with a code, which a site does not know.
    """
    database = tmp_path / "crm.duckdb"
    with landing(demo_database, tmp_path / "landing.duckdb") as connection:
        assert trip.land_purchases(connection, "company") > 1000
    (tmp_path / "landing.duckdb").rename(database)
    site = {"system": "ga4", "loader": "ga4", "schema": "trip_site", "contacts_of": "shop"}
    by_site = {"demo_data": False, "as_of_date": "2026-06-30"}
    by_site |= {"connectors": [{**site, "feeds": ["orders"]}]}
    equal = {
        "main_personal.contacts": "true",
        "main_contacts.contact_consents": "true",
        "main_contacts.contact_rfm_measures": "true",
        "main_contacts.contact_rfm_scores": "true",
        "main_segments.segment_memberships": "segment_name != 'promotion_buyers'",
    }
    result = run_dbt(
        *("run", "-s", *(f"+{table.partition('.')[2]}" for table in equal)),
        database=database,
        target=tmp_path,
        variables=by_site,
    )
    assert result.success, failures(result)
    for table, chosen in equal.items():
        sql = f"from {table} where {chosen} order by all"
        expected, found = (query(file, sql) for file in (demo_database, database))
        assert len(expected) > 200
        pd.testing.assert_frame_equal(found, expected)
