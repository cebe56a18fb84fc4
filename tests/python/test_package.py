"""Another project installs this one and makes it its own from its dbt_project.yml alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from manifests import frozen, thawed
from project import BUILD, ROOT, failures, query


def run_shop(
    project: Path, database: Path, *command: str, manifest: bytes | None = None
) -> dbtRunnerResult:
    """Run dbt in the shop's project, as read before if it was, and have it succeed."""
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    dbt = dbtRunner(manifest=manifest and thawed(manifest))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DUCKDB_PATH", str(database))
        result = dbt.invoke([*command, *folders, "--quiet"])
    DuckDBConnectionManager.close_all_connections()
    assert result.success, failures(result)
    return result


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of examples/package, built as its README says."""
    folder = tmp_path_factory.mktemp("shop")
    project, database = folder / "package", folder / "shop.duckdb"
    shutil.copytree(
        ROOT / "examples/package", project, ignore=shutil.ignore_patterns("target", "dbt_packages")
    )
    packages = (project / "packages.yml").read_text(encoding="utf-8")
    (project / "packages.yml").write_text(packages.replace("../..", str(ROOT)), encoding="utf-8")
    run_shop(project, database, "deps")
    manifest = frozen(run_shop(project, database, "parse").result)
    (folder / "manifest.pickle").write_bytes(manifest)
    run_shop(project, database, *BUILD, manifest=manifest)
    return database


def members(shop: Path, segment: str) -> list[str]:
    """Lower-case names of the members of a segment."""
    sql = f"""
        select lower(first_name) as first_name
        from main_segments.segment_memberships
        inner join main_personal.contacts using (contact_id)
        where segment_name = '{segment}' order by 1
    """
    return list(query(shop, sql)["first_name"])


def test_segments_are_replaced_added_and_left_out(shop: Path) -> None:
    definitions = "select segment_name, criteria from main_segments.segment_definitions"
    criteria = dict(query(shop, definitions).to_numpy())

    assert criteria["high_value_customers"] == "net_spend_total >= 200"
    assert members(shop, "high_value_customers") == ["ana"]
    assert members(shop, "locals") == ["ana", "bea"]
    assert "gardeners" not in criteria
    assert "loyal_customers" in criteria


def test_a_threshold_and_a_preset_are_the_shops_own(shop: Path) -> None:
    stages = """
        select lower(first_name) as first_name, lifecycle_stage
        from main_contacts.contact_lifecycle_stages
        inner join main_personal.contacts using (contact_id) order by 1
    """
    # Bea bought 75 days ago: active by default, lapsed after the shop's 60 days.
    assert dict(query(shop, stages).to_numpy()) == {
        "ana": "reactivated",
        "bea": "lapsed",
        "carlos": "active",
        "diego": "lapsed",
        "eva": "prospect",
    }
    groups = "select distinct rfm_group from main_contacts.contact_rfm_scores"
    assert set(query(shop, groups)["rfm_group"]) <= {"high", "medium", "low"}
    assert "ana" in members(shop, "best_by_sum")


def test_models_of_one_name_stay_apart(shop: Path) -> None:
    ours = query(
        shop, "select count(*) as orders, sum(net_amount) as net from main_contacts.orders"
    )
    own = query(shop, "select count(*) as orders from main_shop.orders")
    assert ours["orders"][0] == own["orders"][0] > 0
    assert len(query(shop, "from main_shop.contacts")) == 5


# Models name the package in each ref. A data test gets its model from dbt: the host's comes first.
def test_without_the_flag_the_run_stops_and_names_it(shop: Path, tmp_path: Path) -> None:
    project = shutil.copytree(shop.parent / "package", tmp_path / "package", symlinks=True)
    settings = project / "dbt_project.yml"
    flag = "require_ref_searches_node_package_before_root: true"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(flag, flag.replace("true", "false")), encoding="utf-8")
    # It reads the package: taken for ours as well, it would close a circle, and dbt stop by itself.
    (project / "models/contacts.sql").unlink()
    described = project / "models/_shop__models.yml"
    text = described.read_text(encoding="utf-8")
    described.write_text(text[: text.index("  - name: contacts\n")], encoding="utf-8")

    folders = ["--project-dir", str(project), "--profiles-dir", str(project), "--quiet"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_DUCKDB_PATH", str(shop))
        result = dbtRunner().invoke(["run", "-s", "row_accounting", *folders])
    DuckDBConnectionManager.close_all_connections()

    assert not result.success
    assert flag in failures(result)
    assert "orders_are_sound reads orders of shop" in failures(result)


def test_the_demo_stays_out(shop: Path) -> None:
    schemas = query(shop, "select distinct schema_name from duckdb_tables()")["schema_name"]

    assert "main_raw" not in set(schemas)
    assert len(query(shop, "from main_personal.contacts")) == 5


@pytest.fixture(scope="module")
def next_day(shop: Path) -> Path:
    """The shop a day later: Eva, a prospect until then, has bought."""
    database = shop.parent / "next_day" / shop.name
    database.parent.mkdir()
    shutil.copy(shop, database)
    with duckdb.connect(str(database)) as connection:
        connection.sql("""
            insert into main_landing.shop_orders by name
            select
                'web' as source_system, 'o8' as source_order_id, 'eva' as source_contact_id,
                timestamp '2026-07-01 18:00:00' as ordered_at, 30.00 as order_total
        """)
    run_shop(
        *(shop.parent / "package", database, "run"),
        *("-s", "+segment_movements", "+segment_memberships"),
        *("--vars", "{as_of_date: 2026-07-01}"),
        manifest=(shop.parent / "manifest.pickle").read_bytes(),
    )
    return database


def test_a_prospect_who_buys_is_a_customer_on_the_same_day(next_day: Path) -> None:
    moved = query(
        next_day,
        """
        select movement, segment_name, movement_cause
        from main_segments.segment_movements
        inner join main_personal.contacts using (contact_id)
        where as_of_date = '2026-07-01' and first_name = 'Eva' order by 1, 2
        """,
    )
    by_movement = moved.groupby("movement")["segment_name"].agg(set)

    assert "never_purchased" in by_movement["exited"]
    assert {
        "locals",
        "new_customers",
        "one_time_buyers",
        "purchased_in_last_three_months",
    } <= by_movement["entered"]
    assert set(moved["movement_cause"]) == {"contact"}
    assert "eva" not in members(next_day, "never_purchased")
    in_both = """
        select contact_id from main_segments.segment_memberships
        where segment_name in ('never_purchased', 'purchased_in_last_three_months')
        group by 1 having count(*) > 1
    """
    assert len(query(next_day, in_both)) == 0
