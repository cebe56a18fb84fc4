"""A project that fails for what stands in its rows, with values that are easy to find again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from project import ROOT

PRIVACY = ROOT / "examples" / "privacy"
SECRET = "planted-secret-7f3a"
# Recognisable, with quotes, spaces and line breaks in them, as rows have.
PLANTED = [
    "planted.o'hara@example.com",
    'Plantedname "O\'Hara" Plantedlast',
    "+49 30 7654321",
    "Planted Street 12\nPlantedtown",
]
# What a log must not hold: a part of any of them.
TRACES = ["planted.o", "plantedname", "o'hara", "plantedlast", "7654321", "plantedtown", SECRET]

MODELS = {
    "person": "select * from {{ source('raw', 'people') }}",
    "bad_cast": "select cast(value as integer) as number from {{ ref('person') }}",
    "bad_date": "select cast(value as date) as day from {{ ref('person') }}",
    "bad_time": "select cast(value as timestamp) as moment from {{ ref('person') }}",
    "bad_uuid": "select cast(value as uuid) as id from {{ ref('person') }}",
    "bad_json": "select cast(value as json) as fields from {{ ref('person') }}",
    "bad_number": "select cast(phone_number * 2000000000000 as integer) from {{ ref('person') }}",
    "bad_column": "select no_such_column from {{ ref('person') }}",
    "twice": """
        {{ config(post_hook='create unique index twice_key on {{ this }} (value)') }}
        select * from {{ ref('person') }} union all select * from {{ ref('person') }}
    """,
    "no_null": "select value, cast(null as integer) as filled from {{ ref('person') }}",
    "too_long": "select value, length(value) as size from {{ ref('person') }}",
    "listed": "select * from {{ ref('person') }}",
}
PROJECT = """
name: planted
profile: crm_segmentation
flags: {send_anonymous_usage_stats: false}
models: {+materialized: table}
"""
PROPERTIES = """
models:
  - name: no_null
    config: {contract: {enforced: true}}
    columns:
      - {name: value, data_type: text}
      - {name: filled, data_type: integer, constraints: [{type: not_null}]}
  - name: too_long
    config: {contract: {enforced: true}}
    columns:
      - {name: value, data_type: text}
      - {name: size, data_type: integer, constraints: [{type: check, expression: "size < 0"}]}
  - name: listed
    data_tests: [{is_empty: {}}]
sources:
  - {name: raw, schema: raw, tables: [{name: people}]}
"""
IS_EMPTY = "{% test is_empty(model) %} select * from {{ model }} {% endtest %}"


def write_project(folder: Path) -> None:
    """Write a small project in which every model but two fails for what stands in the rows."""
    files = {
        "dbt_project.yml": PROJECT,
        "macros/is_empty.sql": IS_EMPTY,
        "models/models.yml": PROPERTIES,
        **{f"models/{name}.sql": sql for name, sql in MODELS.items()},
        "models/bad_macro.sql": "select {{ no_such_macro() }}",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "models/person.sql").write_text(
        "{{ config(materialized='view') }} " + MODELS["person"], encoding="utf-8"
    )


def people_sql() -> str:
    """SQL that makes the raw table of the people."""
    values = ", ".join("('" + text.replace("'", "''") + "', 4930765432101)" for text in PLANTED)
    return f"""
        create schema raw;
        create table raw.people as
        select cast(value as text) as value, cast(phone_number as bigint) as phone_number
        from (values {values}) as told (value, phone_number)
    """


def run_all(project: Path, target: str) -> tuple[int, str]:
    """Failed nodes, and everything that was printed or written by dbt, in lower case."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(PRIVACY),
        "DBT_PROFILES_DIR": str(ROOT),
        "CRM_DUCKDB_PATH": str(project / "crm.duckdb"),
    }
    environment.setdefault("DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD", SECRET)
    said = []
    for left_out in ([], ["--exclude", "bad_macro"]):
        if left_out:
            (project / "models/bad_macro.sql").unlink()
        done = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--debug", "build", "--target", target],
            cwd=project,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        said += [done.stdout, done.stderr]
    files = [f for folder in ("target", "logs") for f in (project / folder).rglob("*")]
    said += [f.read_text(encoding="utf-8", errors="replace") for f in files if f.is_file()]
    return done.stdout.count("ERROR creating"), "\n".join(said).lower()
