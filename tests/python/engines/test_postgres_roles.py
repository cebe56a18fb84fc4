"""What the role of a BI tool may read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engines.conftest import Built

pytestmark = pytest.mark.postgres

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
    built: Callable[[str], Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = built("postgres")
    demo.on("incremental")
    demo.engine.query("create role bi; select 1 as made")
    monkeypatch.setenv("CRM_BI_ROLE", "bi")
    demo.engine.dbt("run", "-s", *(name.split(".")[1] for name in MAY_READ))

    found = {}
    for name in MAY_READ:
        schema = name.split(".")[0]
        found[name] = demo.engine.query(
            f"select has_schema_privilege('bi', '{schema}', 'usage')"
            f" and has_table_privilege('bi', '{name}', 'select') as may_read"
        ).values[0][0]
    assert found == MAY_READ
