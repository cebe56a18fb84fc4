"""Precision and recall of identity resolution on people whose truth is known, exact path and fuzzy path.

    python benchmarks/identity.py                                  the demo and its true people
    python benchmarks/identity.py --data people.parquet            truth in a column cluster (or person_id)
    python benchmarks/identity.py --data people.parquet --labels pairs.parquet

The people go through the whole project as raw_contacts: staging, identifiers, edges, clusters. A data file (Parquet or CSV)
may have any of the columns of raw_contacts under their own or another usual name (NAMES); what it lacks stays empty.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"
# Names that a column of raw_contacts goes by elsewhere, the likeliest first.
NAMES = {
    "source_contact_id": ("unique_id", "record_id", "rec_id", "id"),
    "first_name": ("forename", "given_name", "firstname", "fname"),
    "last_name": ("surname", "family_name", "lastname", "lname"),
    "birth_date": ("dob", "date_of_birth", "birthdate", "birthday"),
    "email": ("email_address", "e_mail", "mail"),
    "phone": ("phone_number", "telephone", "mobile"),
    "address_line": ("address", "street", "street_address", "address_1"),
    "postal_code": ("postcode", "post_code", "zip", "zip_code", "postcode_fake"),
    "city": ("town", "suburb", "birth_place"),
    "country": ("country_code",),
}
TRUTH = ("cluster", "person_id", "cluster_id", "entity_id", "person")
LABEL_COLUMNS = {
    "id_l": ("unique_id_l", "record_id_l", "id_l"),
    "id_r": ("unique_id_r", "record_id_r", "id_r"),
    "is_match": ("clerical_match_score", "is_match", "match", "label"),
}
# Splink's own tutorial model on its 3,176 labels of fake_1000, as published.
SPLINK_TUTORIAL = (0.992, 0.840, 0.910)
MODELS = ("contact_records",)


def main() -> int:
    """Print the figures; 2 when the data cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="people; left out: the demo")
    parser.add_argument("--labels", type=Path, help="pairs of records, each labelled")
    parser.add_argument("--country", default="", help="country (ISO) of national phone numbers")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            measure(arguments, Path(folder))
        except (ValueError, duckdb.Error) as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    return 0


def measure(arguments: argparse.Namespace, folder: Path) -> None:
    """Build both paths and print a line for each."""
    print(f"{'':24}{'precision':>10}{'recall':>10}{'F1':>10}{'contacts':>10}{'seconds':>10}")
    for path in ("exact", "fuzzy"):
        database = folder / f"{path}.duckdb"
        variables: dict[str, object] = {"fuzzy_matching": path == "fuzzy"}
        if arguments.data:
            variables |= load(arguments.data, database) | {"default_country": arguments.country}
        seconds = build(database, variables, folder / "target")
        with duckdb.connect(str(database)) as connection:
            attach_truth(connection, arguments)
            contacts = connection.sql("select count(distinct contact_id) from found").fetchone()[0]
            if arguments.labels:
                figures = labelled_figures(connection, arguments.labels)
                print(line(f"{path}, labelled pairs", figures, contacts, seconds))
            if has_truth(connection):
                print(line(f"{path}, all pairs", all_figures(connection), contacts, seconds))
    if arguments.labels:
        print(line("Splink tutorial, labels", SPLINK_TUTORIAL) + "  (published, fake_1000)")


def line(name: str, figures: tuple[float, ...], *others: float) -> str:
    """One row of the table."""
    cells = [f"{figure:>10.4f}" for figure in figures]
    cells += [f"{other:>10,.0f}" for other in others]
    return f"{name:24}" + "".join(cells)


def column_of(connection: duckdb.DuckDBPyConnection, table: str, names: tuple[str, ...]) -> str:
    """The first of the names that the table has; empty when it has none."""
    present = {name.lower(): name for name in connection.table(table).columns}
    return next((present[name] for name in names if name in present), "")


def read(connection: duckdb.DuckDBPyConnection, file: Path, table: str) -> None:
    """A file as a table of text and numbers."""
    if not file.exists():
        raise ValueError(f"{file}: no such file. Name a Parquet or CSV file.")
    reader = "read_csv" if file.suffix.lower() in {".csv", ".tsv"} else "read_parquet"
    options = ", all_varchar = true" if reader == "read_csv" else ""
    connection.execute(
        f"create or replace temp table {table} as from {reader}(?{options})", [str(file)]
    )


def load(file: Path, database: Path) -> dict[str, object]:
    """Write the people as the project's raw tables; the variables that the build needs."""
    with duckdb.connect(str(database)) as connection:
        read(connection, file, "people")
        columns = []
        for column, others in NAMES.items():
            found = column_of(connection, "people", (column, *others))
            if found:
                columns.append(f'cast("{found}" as varchar) as {column}')
            elif column == "source_contact_id":
                columns.append("cast(row_number() over () as varchar) as source_contact_id")
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.raw_contacts as select 'people' as source_system,"
            f" '2020-01-01' as created_at, {', '.join(columns)} from people"
        )
        for table, required in {
            "raw_orders": "source_system, source_order_id, ordered_at, order_total",
            "raw_events": "source_system, event_id, event_name, occurred_at",
        }.items():
            nulls = ", ".join(f"'' as {name}" for name in required.split(", "))
            connection.execute(f"create table raw.{table} as select {nulls} where false")
    return {
        "demo_data": False,
        "raw_tables": ["raw_contacts", "raw_orders", "raw_events"],
        "as_of_date": "2026-06-30",
    }


def build(database: Path, variables: dict[str, object], target: Path) -> float:
    """Seconds that dbt takes from raw tables to contact ids."""
    selected = [f"+{model}" for model in MODELS]
    command = [str(DBT), "build", "--quiet", "--resource-type", "model", "--resource-type", "seed"]
    command += ["-s", *selected, "--vars", json.dumps(variables)]
    command += [
        "--project-dir",
        str(ROOT),
        "--profiles-dir",
        str(ROOT),
        "--target-path",
        str(target),
    ]
    command += ["--log-path", str(target)]
    started = time.perf_counter()
    run = subprocess.run(
        command,
        env={**os.environ, "CRM_DUCKDB_PATH": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise ValueError(f"dbt build failed:\n{run.stdout[-3000:]}")
    return time.perf_counter() - started


def attach_truth(connection: duckdb.DuckDBPyConnection, arguments: argparse.Namespace) -> None:
    """Table found: each record, the contact it was given, and the person it is."""
    if arguments.data:
        read(connection, arguments.data, "people")
        key = column_of(connection, "people", ("source_contact_id", *NAMES["source_contact_id"]))
        truth = column_of(connection, "people", TRUTH)
        person = f'cast("{truth}" as varchar)' if truth else "cast(null as varchar)"
        number = f'cast("{key}" as varchar)' if key else "cast(row_number() over () as varchar)"
        people = f"select 'people' as source_system, {number} as source_contact_id, {person} as person from people"
    else:
        file = ROOT / "tests/fixtures/true_people.csv"
        people = f"select source_system, source_contact_id, person_id as person from '{file}'"
    connection.execute(
        f"create temp table found as with people as ({people})"
        " select people.*, records.contact_id from main_contacts.contact_records as records"
        " join people using (source_system, source_contact_id)"
    )


def has_truth(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the data say who is who."""
    return bool(connection.sql("select count(person) > 0 from found").fetchone()[0])


def all_figures(connection: duckdb.DuckDBPyConnection) -> tuple[float, float, float]:
    """Precision, recall and F1 over all pairs of records, counted by group."""
    pairs = "select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from found group by {})"
    both, found, true = (
        connection.sql(pairs.format(by)).fetchone()[0]
        for by in ("contact_id, person", "contact_id", "person")
    )
    return scores(both, found, true)


def labelled_figures(
    connection: duckdb.DuckDBPyConnection, labels: Path
) -> tuple[float, float, float]:
    """Precision, recall and F1 over the labelled pairs only."""
    read(connection, labels, "labels")
    names = {
        name: column_of(connection, "labels", others) for name, others in LABEL_COLUMNS.items()
    }
    missing = [
        f"{name} ({' or '.join(LABEL_COLUMNS[name])})" for name, found in names.items() if not found
    ]
    if missing:
        raise ValueError(f"{labels}: no column for {', '.join(missing)}.")
    row = connection.sql(
        f"""
        with judged as (
            select one.contact_id = other.contact_id as is_found, cast(labels."{names["is_match"]}" as double) >= 0.5 as is_true
            from labels
            join found as one on one.source_contact_id = cast(labels."{names["id_l"]}" as varchar)
            join found as other on other.source_contact_id = cast(labels."{names["id_r"]}" as varchar)
        )
        select count(*) filter (is_found and is_true), count(*) filter (is_found), count(*) filter (is_true) from judged
        """
    ).fetchone()
    return scores(*row)


def scores(both: int, found: int, true: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of counts of pairs; 0 where there is nothing to divide by."""
    precision = both / found if found else 0.0
    recall = both / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1


if __name__ == "__main__":
    sys.exit(main())
