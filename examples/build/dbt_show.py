"""What dbt show gives, as rows."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

from dbt.cli.main import dbtRunner


def shown(*words: str, invoke: Callable[[list[str]], Any] | None = None) -> list[Any]:
    """The results of dbt show, each with its node and all rows as agate_table.

    Args:
        words: What to show, and further flags.
        invoke: Runs dbt; a dbtRunner of its own where it is left out.

    Raises:
        RuntimeError: dbt could not run a query; the message is dbt's.
    """
    # dbt prints what it shows.
    with contextlib.redirect_stdout(io.StringIO()) as said:
        run = invoke or dbtRunner().invoke
        result = run(["show", *words, "--limit", "-1", "--quiet", "--no-write-json"])
    if not result.success:
        raise RuntimeError(result.exception or said.getvalue())
    return list(result.result.results)
