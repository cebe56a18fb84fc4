"""Say on one screen where the project stands: what ran last, and what the tables hold since.

The variables beside the database are used where own_variables finds any. What follows on the
command line goes to dbt, for example --target postgres.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from build import BAD, BUILT
from dbt.cli.main import dbtRunner
from own_variables import with_own_variables

COUNTED = BUILT | {"unit_test"}
RESULTS = Path(__file__).resolve().parents[2] / "target" / "run_results.json"


def last_command(path: Path) -> str:
    """What dbt wrote about its last command in this folder: which, where, when, how it ended.

    Args:
        path: dbt's run_results.json.
    """
    if not path.exists():
        return "no run is on record in target/"
    run = json.loads(path.read_text(encoding="utf-8"))
    # Hooks and exposures have results too; a build counts neither.
    results = [r for r in run["results"] if r["unique_id"].partition(".")[0] in COUNTED]
    bad = [r["unique_id"] for r in run["results"] if r["status"] in BAD]
    places = {str(r["relation_name"]).split(".")[0] for r in results if r.get("relation_name")}
    held = f" in {min(places)}".replace('"', "") if len(places) == 1 else ""
    ended = f"dbt {run['args']['which']}{held}, ended {run['metadata']['generated_at'][:19]} UTC: "
    if not bad:
        count = len(results)
        return f"{ended}{'its one node' if count == 1 else f'all {count} nodes'} went well"
    names = ", ".join(name.split(".")[2] for name in bad[:3]) + (", ..." if len(bad) > 3 else "")
    count = max(len(results), len(bad))
    return f"{ended}{len(bad)} of {count} nodes failed ({names}); see logs/dbt.log"


def main() -> int:
    """Print the screen; 0 when the tables could be read."""
    print(f"{'Last command':<13}{last_command(RESULTS)}")
    command = with_own_variables(["run-operation", "tell_status", *sys.argv[1:]])
    result = dbtRunner().invoke([*command, "--quiet", "--no-write-json"])
    if result.exception:
        print(result.exception)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
