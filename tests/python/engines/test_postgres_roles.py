"""What the role of a BI tool can read, tried by the role itself."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from engines.conftest import Built
from project import ROOT, failures, run_dbt

sys.path.insert(0, str(ROOT / "examples" / "publish"))
from for_bi import relations_for_bi

pytestmark = pytest.mark.postgres

PASSWORD = "only-for-this-test"

# What an earlier version, a default of the schema or a careless hand may have granted.
GRANTED_BEFORE = """
    grant usage on schema main_intermediate, main_personal, main_staging, main_raw to bi;
    grant select on all tables in schema main_intermediate to bi;
    grant insert, delete on main_contacts.contact_traits to bi;
    grant select (email) on main_personal.contacts to bi;
    grant select on main_personal.identity_blocked_identifiers to public;
    alter default privileges in schema main_personal, main_audiences grant select on tables to bi;
    alter default privileges grant select on tables to bi;
    create table main_contacts.left_over as select email from main_personal.contacts;
    create view main_contacts.left_over_view as select phone_e164 from main_personal.contacts;
    create materialized view main_segments.left_over_summary as
    select last_name from main_personal.contacts;
    create sequence main_contacts.left_over_sequence;
    grant all on sequence main_contacts.left_over_sequence to bi;
"""
# A run of a few, of the one kind and of the other, none of which a view stands on.
RUN = ["masked_contacts", "contact_lead_scores", "identity_blocked_identifiers"]
# Everything that can be read, wherever it stands but in the catalogue of the server.
RELATIONS = """
    select namespaces.nspname, relations.relname
    from pg_class as relations
    inner join pg_namespace as namespaces on relations.relnamespace = namespaces.oid
    where relations.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        and namespaces.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    order by 1, 2
"""
RUN_AS_OWNER = """
    select routines.proname
    from pg_proc as routines
    inner join pg_namespace as namespaces on routines.pronamespace = namespaces.oid
    where namespaces.nspname like 'main%'
"""


@pytest.fixture(scope="module")
def demo(built: Callable[[str], Built]) -> Built:
    """The demo after a run with CRM_BI_ROLE, over what was granted before."""
    demo = built("postgres")
    demo.on("incremental")
    demo.engine.query(f"create role bi login password '{PASSWORD}'; {GRANTED_BEFORE}; select 1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_BI_ROLE", "bi")
        demo.engine.dbt("run", "-s", *RUN)
    return demo


def as_bi(sql: str) -> list[tuple[Any, ...]] | None:
    """The rows that the role gets; None where the server refuses them."""
    import psycopg2

    connection = psycopg2.connect(
        host=os.environ["CRM_POSTGRES_HOST"],
        port=os.environ["CRM_POSTGRES_PORT"],
        user="bi",
        password=PASSWORD,
        dbname=os.environ["CRM_POSTGRES_DATABASE"],
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    except psycopg2.errors.InsufficientPrivilege:
        return None
    finally:
        connection.close()


def relations(demo: Built) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in demo.engine.query(RELATIONS).values]


def personal_values(demo: Built) -> set[str]:
    """What the people of the demo told of themselves, as they told it, tidied, and hashed."""
    told = demo.engine.query("""
        select email, phone, address_line, first_name, last_name from main_raw.raw_contacts
        union all select email, phone, null, null, null from main_raw.raw_orders
        union all select email, null, null, null, null from main_raw.raw_contact_attributes
        union all
        select email, phone_e164, address_line, first_name, last_name from main_personal.contacts
    """).values
    values: set[str] = set()
    for email, phone, address, first_name, last_name in told:
        plain = {text.strip().lower() for text in (email, address) if text}
        digits = re.sub(r"\D", "", phone or "")
        if len(digits) > 6:
            plain |= {phone.strip(), digits, f"+{digits}"}
        if first_name and last_name:
            plain.add(f"{first_name} {last_name}".strip().lower())
        plain = {text for text in plain if len(text) > 6}
        values |= plain
        for text in plain:
            for algorithm in ("md5", "sha1", "sha256"):
                values.add(hashlib.new(algorithm, text.encode()).hexdigest())
    return values


def words_of(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """Every cell in lower case, as it is and cut where a value within a longer text would end."""
    found: set[str] = set()
    for row in rows:
        for cell in row:
            text = str(cell).strip().lower()
            found.add(text)
            found.update(re.split(r"[\s|,;:\"'<>(){}\[\]=&?/]+", text))
    return found


def test_a_bi_role_can_read_the_public_models_without_personal_data_and_nothing_else(
    demo: Built,
) -> None:
    found = relations(demo)
    readable = [
        (schema, name)
        for schema, name in found
        if as_bi(f'select * from "{schema}"."{name}" limit 1') is not None
    ]

    assert readable == relations_for_bi(demo.manifest)
    assert len(readable) > 50
    assert len(found) > 250
    assert {("main_contacts", "contact_traits"), ("main_segments", "segment_memberships")} <= {
        *readable
    }


def test_nothing_that_a_bi_role_can_read_holds_what_a_person_told(demo: Built) -> None:
    values = personal_values(demo)
    held = {}
    for schema, name in relations(demo):
        rows = as_bi(f'select * from "{schema}"."{name}"')
        shown = words_of(rows or []) & values
        if shown:
            held[f"{schema}.{name}"] = sorted(shown)[:3]

    assert len(values) > 5000
    assert held == {}


def test_a_bi_role_writes_nothing_and_runs_nothing(demo: Built) -> None:
    assert as_bi("delete from main_contacts.contact_traits returning 1") is None
    assert as_bi("create table main_contacts.mine as select 1 as one") is None
    assert as_bi("select nextval('main_contacts.left_over_sequence')") is None
    assert demo.engine.query(RUN_AS_OWNER).values == []


def test_a_table_that_is_made_later_is_closed_until_it_is_on_the_list(demo: Built) -> None:
    """A default for all schemas of the server is not ours to change: the next run closes it."""
    demo.engine.query("alter default privileges revoke select on tables from bi; select 1")
    for schema in ("main_personal", "main_contacts", "main_intermediate"):
        demo.engine.query(f"create table {schema}.made_later as select 1 as one; select 1")
        assert as_bi(f"select * from {schema}.made_later") is None


def test_a_role_that_reads_more_by_another_way_fails_the_run(
    demo: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_BI_ROLE", "bi")
    demo.engine.query("grant pg_read_all_data to bi; select 1")
    try:
        result = run_dbt(
            *("run", "-s", "contact_merges", "--target", "postgres"),
            database=demo.engine.folder / "crm.duckdb",
            target=demo.engine.folder,
        )
    finally:
        demo.engine.query("revoke pg_read_all_data from bi; select 1")

    assert not result.success
    assert "can read" in failures(result)
    assert "look for a role that it is a member of" in failures(result)
