"""What the role of a BI tool may read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engines.parity import Rows
from project import failures, run_dbt

pytestmark = pytest.mark.postgres

Query = Callable[[str], Rows]

MAY_READ = {
    "main_contacts.contact_traits": True,
    "main_contacts.masked_contacts": True,
    "main_segments.segment_memberships": True,
    "main_personal.contacts": False,
    "main_personal.rejected_rows": False,
    "main_audiences.audience_members": False,
    "main_audiences.audience_hubspot__contacts": False,
    "main_audiences.audience_meta__changes": False,
    "main_staging.stg_people__contacts": False,
    "main_intermediate.int_audiences__recipients": False,
}


def test_a_bi_role_reads_the_marts_and_no_personal_data(
    postgres_demo: Query, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_demo("create role bi; select 1 as made")
    monkeypatch.setenv("CRM_BI_ROLE", "bi")
    built = [name.split(".")[1] for name in MAY_READ]
    result = run_dbt(
        *("run", "--target", "postgres", "-s", *built),
        database=tmp_path / "unused.duckdb",
        target=tmp_path,
    )
    assert result.success, failures(result)

    found = {}
    for name in MAY_READ:
        schema = name.split(".")[0]
        found[name] = postgres_demo(
            f"select has_schema_privilege('bi', '{schema}', 'usage')"
            f" and has_table_privilege('bi', '{name}', 'select') as may_read"
        ).values[0][0]
    assert found == MAY_READ
