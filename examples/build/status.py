"""Say on one screen where the project stands: what ran last, and what the tables hold since.

The variables beside the database are used where own_variables finds any. What follows on the
command line goes to dbt, for example --target postgres.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from build import BAD
from dbt.cli.main import dbtRunner
from own_variables import with_own_variables

RESULTS = Path(__file__).resolve().parents[2] / "target" / "run_results.json"


def last_command(path: Path) -> str:
    """What dbt wrote about its last command in this folder: which it was, when, and how it ended.

    Args:
        path: dbt's run_results.json.
    """
    if not path.exists():
        return "no run is on record in target/"
    run = json.loads(path.read_text(encoding="utf-8"))
    bad = [r["unique_id"] for r in run["results"] if r["status"] in BAD]
    ended = f"dbt {run['args']['which']}, ended {run['metadata']['generated_at'][:19]} UTC: "
    if not bad:
        count = len(run["results"])
        return f"{ended}{'its one node' if count == 1 else f'all {count} nodes'} went well"
    names = ", ".join(name.split(".")[2] for name in bad[:3]) + (", ..." if len(bad) > 3 else "")
    return f"{ended}{len(bad)} of {len(run['results'])} nodes failed ({names}); see logs/dbt.log"


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
