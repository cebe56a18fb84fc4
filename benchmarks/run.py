"""Runs the project and the floor in turn on made-up data, and says what each took.

Times are CPU seconds of the whole process (user and system): they hold on a machine that others use
too. Elapsed seconds stand beside them. Nothing is asserted about time; that both give the same
answers is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import duckdb

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LAST_DAY = date(2026, 6, 29)
TABLES = ["contacts", "orders", "order_items", "products", "consents", "events"]
# Contacts of each size; over three years each has ten orders and fifty events.
SIZES = {"smoke": 500, "small": 20_000, "medium": 100_000, "full": 1_000_000}

# What both have to agree on: the project's query and the floor's, as columns of one form.
ANSWERS = {
    "contacts": (
        "contact_id, email, phone_e164, first_name, last_name, birth_date, city, country_code,"
        " first_seen_at, source_record_count from main_personal.contacts",
        "* from floor.contacts",
    ),
    "orders": (
        "order_id, contact_id, ordered_at, ordered_on, is_purchase, net_amount, promotion_code,"
        " sales_channel, purchase_number from main_contacts.orders",
        "* from floor.orders",
    ),
    "events": (
        "source_system, source_event_id, contact_id, event_name, occurred_at, page_path"
        " from main_contacts.events",
        "source_system, event_id, contact_id, event_name, occurred_at, page_path"
        " from floor.events left join floor.visitors"
        " using (source_system, visitor_type, visitor_id)",
    ),
    "sessions": (
        "contact_id, session_number, started_at, ended_at, event_count, page_view_count,"
        " product_view_count, cart_addition_count, channel, device_type, purchase_count"
        " from main_contacts.sessions",
        "contact_id, session_number, started_at, ended_at, event_count, page_view_count,"
        " product_view_count, cart_addition_count, channel, device_type, purchase_count"
        " from floor.sessions",
    ),
    "contact_activity_daily": (
        "contact_id, occurred_on, event_name, event_count, first_occurred_at, last_occurred_at"
        " from main_contacts.contact_activity_daily",
        "contact_id, occurred_on, event_name, sum(event_count), min(first_occurred_at),"
        " max(last_occurred_at) from floor.daily inner join floor.visitors"
        " using (source_system, visitor_type, visitor_id) group by all",
    ),
    "contact_rfm_scores": (
        "contact_id, recency_days, frequency, monetary, recency_score, frequency_score,"
        " monetary_score from main_contacts.contact_rfm_scores",
        "* from floor.rfm",
    ),
    "contact_lifecycle_stages": (
        "contact_id, lifecycle_stage from main_contacts.contact_lifecycle_stages",
        "* from floor.lifecycle",
    ),
    "segment_memberships": (
        "segment_name, contact_id from main_segments.segment_memberships"
        " where segment_name in (select segment_name from floor.memberships)",
        "* from floor.memberships",
    ),
}


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU seconds, elapsed seconds, and the most memory it held, in GB."""

    cpu_seconds: float
    elapsed_seconds: float
    peak_gigabytes: float

    def __str__(self) -> str:
        """The three figures as cells of a table."""
        return f"{self.cpu_seconds:.1f} | {self.elapsed_seconds:.1f} | {self.peak_gigabytes:.2f}"


def measured(command: Sequence[str], environment: dict[str, str] | None = None) -> Cost:
    """Run a process and measure it.

    Raises:
        SystemExit: The process failed; what it printed is shown.
    """
    with tempfile.TemporaryFile() as output:
        began = perf_counter()
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(output.read().decode()[-4000:])
    return Cost(usage.ru_utime + usage.ru_stime, elapsed, usage.ru_maxrss / 1024**2)


def script(database: Path, sql: str, **variables: object) -> list[str]:
    """Command that runs an SQL script on a DuckDB file in a process of its own."""
    settings = [f"set variable {name} = {value};" for name, value in variables.items()]
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1],"
        " config={'autoinstall_known_extensions': 'false', 'threads': 2});"
        " c.execute(\"set TimeZone = 'UTC'\"); c.execute(sys.argv[2]);"
        " c.execute(open(sys.argv[3]).read())"
    )
    return [sys.executable, "-c", code, str(database), " ".join(settings) or "select 1", sql]


def dbt(folder: Path, as_of: date, *command: str) -> Cost:
    """Run dbt on the benchmark's database as of a day."""
    destinations = sorted(f.parent.name for f in ROOT.glob("models/audiences/*/*__changes.sql"))
    variables = (
        f'{{"demo_data": false, "as_of_date": "{as_of}", "destinations": {json.dumps(destinations)},'
        f' "raw_tables": {str([f"raw_{t}" for t in TABLES]).replace(chr(39), chr(34))}}}'
    )
    flags = ["--profiles-dir", str(ROOT), "--target-path", str(folder / "target")]
    flags += ["--log-path", str(folder / "logs"), "--vars", variables, "--quiet"]
    nodes = [str(HERE / "nodes.py"), str(folder / "nodes.json")]
    return measured(
        [sys.executable, *nodes, *command, *flags],
        {"CRM_DUCKDB_PATH": str(folder / "crm.duckdb")},
    )


def seconds_by_node(folder: Path) -> dict[str, float]:
    """CPU seconds of each node of the last dbt command, the costliest first."""
    took = json.loads((folder / "nodes.json").read_text(encoding="utf-8"))
    return dict(sorted(took.items(), key=lambda pair: -pair[1]))


def behind_the_answers(folder: Path) -> set[str]:
    """Nodes that have to be built for what the floor answers too, traits and segments left out.

    contact_traits works out all traits at once, the floor the few that six segments ask for.
    """
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    waiting = [
        f"model.crm_segmentation.{name}" for name in ANSWERS if name != "segment_memberships"
    ]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(manifest["parent_map"].get(node, []))
    return found


def differing_rows(folder: Path) -> dict[str, int]:
    """Rows of each answer that only the project or only the floor gives; 0 left out.

    Sums of the hashes of all rows are compared first: to pair tens of millions of rows takes more
    memory than to make them.
    """
    found = {}
    with duckdb.connect(str(folder / "crm.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{folder / 'by_hand.duckdb'}' as floored (read_only)")
        for name, (ours, floors) in ANSWERS.items():
            ours = ours.replace("floor.", "floored.floor.")
            floors = floors.replace("floor.", "floored.floor.")
            both = f"with ours as (select {ours}), theirs as (select {floors})"
            hashes = (
                f"{both}, signed as (select 1 as sign, * from ours union all"
                " select -1 as sign, * from theirs) select sum(sign),"
                " sum(sign * cast(hash(*columns(* exclude sign)) as hugeint)) from signed"
            )
            if connection.execute(hashes).fetchone() == (0, 0):
                continue
            count = connection.execute(
                f"{both} select count(*) from ((from ours except all from theirs)"
                " union all (from theirs except all from ours))"
            ).fetchone()
            if count and count[0]:
                found[name] = count[0]
    return found


def generate(database: Path, contacts: int, days: int) -> Cost:
    """Make up raw tables of a size; what that took."""
    years = days / 1095
    generated = {
        "contact_count": contacts,
        "order_count": int(contacts * 10 * years),
        "event_count": int(contacts * 50 * years),
        "day_count": days,
        "last_day": f"date '{LAST_DAY}'",
    }
    return measured(script(database, str(HERE / "generate.sql"), **generated))


def prepare(folder: Path, contacts: int, days: int) -> dict[str, Cost]:
    """Make up data of a size and work the floor's answers out; what each took."""
    database, floor = folder / "crm.duckdb", folder / "by_hand.duckdb"
    costs = {"generate": generate(database, contacts, days)}
    shutil.copy(database, floor)
    costs["floor"] = measured(script(floor, str(HERE / "floor.sql"), as_of=f"date '{LAST_DAY}'"))
    return costs


def check_answers(folder: Path) -> None:
    """Stop where project and floor disagree.

    Raises:
        SystemExit: They disagree; how many rows of each answer only one gives.
    """
    if differing := differing_rows(folder):
        sys.exit(f"Project and floor disagree; rows that only one gives: {differing}")


def compare(folder: Path, contacts: int, days: int) -> None:
    """Build what the floor answers too, and no more, and see that both agree."""
    prepare(folder, contacts, days)
    models = [f"+{model}" for model in ANSWERS]
    excluded = ["--exclude-resource-type", "test", "unit_test"]
    cost = dbt(folder, LAST_DAY, "build", "-s", *models, *excluded)
    check_answers(folder)
    print(
        f"Project and floor give the same rows in {len(ANSWERS)} tables for {contacts:,} contacts;"
        f" the project took {cost.elapsed_seconds:.0f} s. Ratios are of use from SIZE=small on."
    )


def benchmark(folder: Path, contacts: int, days: int) -> tuple[dict[str, Cost], dict[str, float]]:
    """Costs of the full build, of the floor, and of one more day on data of a size.

    Returns:
        The cost of each step, and CPU seconds of each node of the full build.
    """
    costs = prepare(folder, contacts, days)
    dbt(folder, LAST_DAY, "seed", "-s", "path:seeds/reference")
    costs["full"] = dbt(folder, LAST_DAY, "run")
    took = seconds_by_node(folder)
    (folder / "full.json").write_text(json.dumps(took), encoding="utf-8")
    answering = behind_the_answers(folder)
    same = sum(seconds for node, seconds in took.items() if node in answering)
    check_answers(folder)
    with duckdb.connect(str(folder / "crm.duckdb")) as connection:
        for table in [table for table in TABLES if table != "products"]:
            connection.execute(f"insert into raw.raw_{table} from next.raw_{table}")
    # Another as-of date makes dbt read the whole project again; a daily run, which names none, does not.
    dbt(folder, LAST_DAY + timedelta(days=1), "parse")
    costs["day"] = dbt(folder, LAST_DAY + timedelta(days=1), "run")
    costs["same"] = Cost(same, 0, costs["full"].peak_gigabytes)
    return costs, took


def main() -> None:
    """Measure the sizes asked for and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small", help="how many contacts")
    parser.add_argument(
        "--nodes", type=int, default=0, help="how many of the costliest models to list"
    )
    parser.add_argument("--keep", type=Path, help="folder to leave the databases in")
    arguments = parser.parse_args()
    contacts = SIZES[arguments.size]
    if arguments.size == "smoke":
        with tempfile.TemporaryDirectory() as scratch:
            compare(Path(scratch), contacts, 1095)
        return

    cases = [(contacts // 10, 1095), (contacts, 365), (contacts, 1095)]
    print("| contacts | days | step | CPU s | elapsed s | peak GB | ratio |")
    print("|---|---|---|---|---|---|---|")
    for case_contacts, days in cases:
        with tempfile.TemporaryDirectory() as scratch:
            folder = arguments.keep / f"{case_contacts}_{days}" if arguments.keep else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            costs, took = benchmark(folder, case_contacts, days)
        full, floor, day, same = (costs[step] for step in ("full", "floor", "day", "same"))
        start = f"| {case_contacts:,} | {days:,} |"
        print(f"{start} floor | {floor} | 1 |")
        ratio = same.cpu_seconds / floor.cpu_seconds
        print(
            f"{start} models of the same answers | {same.cpu_seconds:.1f} | | | {ratio:.2f} x floor |"
        )
        print(f"{start} full build | {full} | {full.cpu_seconds / floor.cpu_seconds:.2f} x floor |")
        print(f"{start} one more day | {day} | {day.cpu_seconds / full.cpu_seconds:.1%} of full |")
        for node, seconds in list(took.items())[: arguments.nodes]:
            print(f"{start} {node.split('.')[-1]} | {seconds:.1f} | | | |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
