"""Break twenty rules, one at a time, and see that the tests nearest to each notice.

Each rule is broken in a copy of the project by replacing text. What should notice is run on a copy
of the demo: dbt's unit and data tests of a model, or tests of this folder. A rule that can be
broken without a test that fails is reported as missed, and the run ends with 1. make build comes
before it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import kept_demo
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from project import ROOT, failures

UNCOPIED = shutil.ignore_patterns("target", "logs", "dbt_packages", "__pycache__")
COPIED = (*kept_demo.BUILT_FROM, "docs", "examples", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Mutation:
    """A rule, broken.

    Attributes:
        rule: What no longer holds.
        file: Where the rule stands.
        old: Its text, wherever it occurs in the file.
        new: What stands there instead.
        unit: Models whose unit tests should notice.
        built: What is built first, with its data tests, as dbt selects it.
        pytest: Tests that should notice, by file or by file and name.
    """

    rule: str
    file: str
    old: str
    new: str
    unit: tuple[str, ...] = ()
    built: tuple[str, ...] = ()
    pytest: tuple[str, ...] = ()


MUTATIONS = (
    Mutation(
        "A customer churns on the day after churned_days",
        "models/intermediate/lifecycle/int_lifecycle__stage_starts.sql",
        "var('churned_days') | int + 1",
        "var('churned_days') | int",
        unit=("int_lifecycle__stage_starts",),
    ),
    Mutation(
        "A customer is new on the last of the new_days",
        "models/intermediate/lifecycle/int_lifecycle__stage_starts.sql",
        "var('new_days') | int + 1",
        "var('new_days') | int",
        unit=("int_lifecycle__stage_starts",),
    ),
    Mutation(
        "The RFM window includes its first day",
        "macros/rules/rfm.sql",
        "<= {{ var('rfm_window_days') }}",
        "< {{ var('rfm_window_days') }}",
        unit=("contact_rfm_measures",),
    ),
    Mutation(
        "A value on a quantile scores below it",
        "macros/rules/rfm.sql",
        "or {{ measure }} > {{ band }}.lower_bound",
        "or {{ measure }} >= {{ band }}.lower_bound",
        unit=("contact_rfm_scores",),
    ),
    Mutation(
        "Cut points are type-7 quantiles",
        "macros/rules/rfm.sql",
        "(customer_counts.customer_count - 1) * cut_numbers.number",
        "customer_counts.customer_count * cut_numbers.number",
        unit=("rfm_cut_points",),
    ),
    Mutation(
        "The RFM groups cover every cell of their preset",
        "seeds/reference/rfm_groups.csv",
        "clevertap,1,champions,5,5,4,5,,,,\n",
        "",
        built=("rfm_groups", "rfm_cells", "rfm_presets_cover_what_they_say"),
    ),
    Mutation(
        "An identifier at its limit of records still links",
        "models/intermediate/identity/int_identity__identifiers.sql",
        "counted.record_count > counted.max_records",
        "counted.record_count >= counted.max_records",
        unit=("int_identity__identifiers",),
    ),
    Mutation(
        "Dots do not tell two Gmail addresses apart",
        "macros/rules/identity.sql",
        """replace({{ mailbox }}, '.', '') || '@gmail.com'""",
        """{{ mailbox }} || '@gmail.com'""",
        unit=("int_identity__records",),
    ),
    Mutation(
        "An order that is refunded to its total is no purchase",
        "models/intermediate/commerce/int_commerce__orders_in_reporting_currency.sql",
        "refund_total >= order_total",
        "refund_total > order_total",
        unit=("int_commerce__orders_in_reporting_currency",),
    ),
    Mutation(
        "The newest rate by the day holds",
        "models/intermediate/commerce/int_commerce__day_rates.sql",
        "order by rates.rate_date desc",
        "order by rates.rate_date asc",
        unit=("int_commerce__day_rates",),
    ),
    Mutation(
        "Purchases are numbered in time",
        "models/marts/orders/orders.sql",
        "partition by contact_id, is_purchase order by ordered_at asc",
        "partition by contact_id, is_purchase order by ordered_at desc",
        unit=("orders",),
    ),
    Mutation(
        "The newest decision about a channel wins",
        "models/marts/consents/contact_consents.sql",
        "counts_from desc,",
        "counts_from asc,",
        unit=("contact_consents",),
    ),
    Mutation(
        "The segment with the lowest priority number wins",
        "models/marts/segments/contact_primary_segments.sql",
        "definitions.priority asc",
        "definitions.priority desc",
        unit=("contact_primary_segments",),
    ),
    Mutation(
        "A contact is in at most one segment of an exclusive group",
        "models/marts/segments/segments.yml",
        "criteria: [days_since_last_purchase > 90]",
        "criteria: [days_since_last_purchase > 60]",
        built=("segment_definitions", "segment_memberships", "exclusive_groups_hold"),
    ),
    Mutation(
        "Whoever is at the frequency cap is held back",
        "models/intermediate/audiences/int_audiences__reachability.sql",
        "('is_at_cap', 'frequency_cap'),",
        "",
        unit=("int_audiences__reachability",),
    ),
    Mutation(
        "Points halve with each half-life",
        "macros/rules/decay.sql",
        "power(0.5e0,",
        "power(0.6e0,",
        unit=("contact_lead_score_parts",),
    ),
    Mutation(
        "A customer category begins at its lowest spend",
        "models/intermediate/traits/int_traits__customer_categories.sql",
        "purchases.net_spend_365_days >= category_bands.lowest_net_spend",
        "purchases.net_spend_365_days > category_bands.lowest_net_spend",
        unit=("int_traits__customer_categories",),
    ),
    Mutation(
        "Meta's hash of a city leaves digits out",
        "macros/rules/hashing.sql",
        "'0123456789. -()[]{}', ''",
        "'. -()[]{}', ''",
        pytest=("test_audiences.py::test_hashes_are_those_the_platforms_publish",),
    ),
    Mutation(
        "Personal data stands only where it is tagged",
        "models/marts/contacts/contacts.yml",
        "      tags: [contains_pii]\n",
        "      tags: []\n",
        pytest=("test_layers.py::test_personal_data_stands_only_in_the_schemas_made_for_it",),
    ),
    Mutation(
        "Staging reads no mart",
        "models/staging/people/stg_people__contact_tags.sql",
        "select * from",
        "-- depends_on: {{ ref('contact_tags') }}\n    select * from",
        pytest=("test_layers.py::test_a_model_reads_its_own_domain_and_those_before_it",),
    ),
)


class Copy:
    """A copy of the project with the demo built on it, to be broken and mended.

    Attributes:
        said: What went wrong last.
    """

    said = ""

    def __init__(self, folder: Path) -> None:
        """Copy what the tests read, the demo and how dbt read it."""
        self.folder = folder
        for name in COPIED:
            for source in ROOT.glob(name):
                target = folder / source.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.is_dir():
                    shutil.copytree(source, target, dirs_exist_ok=True, ignore=UNCOPIED)
                else:
                    shutil.copy(source, target)
        (folder / "target").mkdir()
        shutil.copy(ROOT / "target/partial_parse.msgpack", folder / "target")
        shutil.copytree(kept_demo.KEPT, folder / "target/demo")
        self.renew_demo()

    def renew_demo(self) -> None:
        """Take back whatever a test did to the demo."""
        shutil.copy2(kept_demo.DATABASE, self.folder)

    def dbt_fails(self, *command: str) -> bool:
        """Whether a dbt command fails in this folder."""
        try:
            result = dbtRunner().invoke([*command, "--quiet", "--log-level", "none"])
            self.said = failures(result)
            return not result.success
        finally:
            DuckDBConnectionManager.close_all_connections()

    def pytest_fails(self, tests: Sequence[str]) -> bool:
        """Whether tests fail on this folder's demo, with dbt's manifest of the project as it is."""
        if self.dbt_fails("parse"):
            return True
        keep = "import kept_demo; kept_demo.keep(kept_demo.sources())"
        subprocess.run([sys.executable, "-c", keep], cwd=self.folder / "examples/build", check=True)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        paths = [f"tests/python/{test}" for test in tests]
        done = subprocess.run([*command, *paths], cwd=self.folder, capture_output=True, check=False)
        # 1 says that a test failed; 2 to 5 that none could be run.
        self.said = done.stdout.decode()
        assert done.returncode in (0, 1), self.said
        return done.returncode == 1

    def notices(self, mutation: Mutation) -> bool:
        """Whether one of the tests of a rule fails."""
        if mutation.built and self.dbt_fails("build", "-s", *mutation.built):
            return True
        tests = [f"{model},test_type:unit" for model in mutation.unit]
        if tests and self.dbt_fails("test", "-s", *tests):
            return True
        return bool(mutation.pytest) and self.pytest_fails(mutation.pytest)

    def break_rule(self, mutation: Mutation) -> bool:
        """Break a rule, see whether it is noticed, and mend it."""
        path = self.folder / mutation.file
        text = path.read_text(encoding="utf-8")
        assert mutation.old in text, f"{mutation.file} no longer has {mutation.old!r}"
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            return self.notices(mutation)
        finally:
            path.write_text(text, encoding="utf-8")
            self.renew_demo()


def main() -> int:
    """Break the rules whose numbers are given, or all; 0 when each is noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, help="rules to break, from 1; default: all")
    wanted = parser.parse_args().numbers or range(1, len(MUTATIONS) + 1)
    if not kept_demo.is_kept():
        print("No demo of these sources: remove crm.duckdb, then make build.")
        return 1
    chosen = {number: MUTATIONS[number - 1] for number in wanted}
    with tempfile.TemporaryDirectory(prefix="crm_mutations_") as folder:
        copy = Copy(Path(folder))
        os.chdir(folder)
        os.environ["DBT_PROFILES_DIR"] = folder
        os.environ.pop("CRM_DUCKDB_PATH", None)
        whole = Mutation(
            "Nothing is broken", "", "", "",
            *(tuple(dict.fromkeys(t for m in chosen.values() for t in getattr(m, kind)))
              for kind in ("unit", "built", "pytest")),
        )  # fmt: skip
        if copy.notices(whole):
            print(f"Tests fail although nothing is broken:\n{copy.said}")
            return 1
        copy.renew_demo()
        missed = 0
        for number, mutation in chosen.items():
            started = time.monotonic()
            is_caught = copy.break_rule(mutation)
            missed += not is_caught
            verdict, seconds = "caught" if is_caught else "MISSED", time.monotonic() - started
            print(f"{number:>2} {verdict} in {seconds:5.1f} s: {mutation.rule}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
