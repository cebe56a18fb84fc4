"""Runs one dbt command and writes down what each of its nodes took.

The nodes run one after another, so that the CPU time of the process between the start and the end of a node is
that node's own.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg


def cpu_seconds() -> float:
    """User and system seconds of this process so far, all threads together."""
    times = os.times()
    return times.user + times.system


def main() -> None:
    """Run dbt with the arguments after the first, which names the file (JSON) to write.

    Raises:
        SystemExit: dbt failed; what it says is shown.
    """
    began: dict[str, float] = {}
    took: dict[str, float] = {}

    def listen(event: EventMsg) -> None:
        if event.info.name == "NodeStart":
            began[event.data.node_info.unique_id] = cpu_seconds()
        elif event.info.name == "NodeFinished":
            node = event.data.node_info.unique_id
            took[node] = cpu_seconds() - began[node]

    result = dbtRunner(callbacks=[listen]).invoke([*sys.argv[2:], "--threads", "1"])
    if not result.success:
        failed = [n for n in getattr(result.result, "results", []) if n.status == "error"]
        sys.exit(str(result.exception or "\n".join(f"{n.node.name}: {n.message}" for n in failed)))
    Path(sys.argv[1]).write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main()
