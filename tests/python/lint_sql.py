"""Lint SQL: the rules and the findings of `sqlfluff lint`, in a fraction of its time.

sqlfluff reads the project anew, renders all files in one process and sends whole parse trees to
its workers and back; four of its layout rules each prepare the same tree. Here dbt reads the
project once, and on the way refuses YAML that it has deprecated or does not know; each worker
renders and lints its own files, and what the layout rules need is prepared once.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import quick_dbt
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.jsonschemas import jsonschemas
from sqlfluff.core import FluffConfig, Linter
from sqlfluff.utils.reflow.sequence import ReflowSequence

ROOT = Path(__file__).resolve().parents[2]
LINTED_SQL = ("models", "tests", "analyses")
# One call of a macro each, which looks at tables that only a company has.
OF_ONE_MACRO = ("models/connectors/union/", "/landed/landed_")


def read_project() -> Manifest | None:
    """The project as dbt reads it, a deprecation or a wrong description of a macro an error.

    None where there is one.

    dbt 1.11 checks its own files only for four cloud warehouses. The engines of this project are
    added here, so that a misspelt key is an error and not silence.
    """
    jsonschemas._JSONSCHEMA_SUPPORTED_ADAPTERS |= {"duckdb", "postgres", "spark"}
    with tempfile.TemporaryDirectory() as target:
        strict = ["--warn-error-options", '{"error": ["Deprecations", "InvalidMacroAnnotation"]}']
        flags = ["--no-partial-parse", "--profiles-dir", ".", "--target-path", target, "--quiet"]
        everything = {"connectors": every_connector(), "destinations": every_destination()}
        flags += ["--vars", json.dumps(everything)]
        return dbtRunner().invoke([*strict, "parse", *flags]).result


def every_connector() -> list[dict[str, Any]]:
    """An instance of each system that feeds all it can, so that its models are there."""
    models = sorted((ROOT / "models/connectors").glob("*/connected_*.sql"))
    feeds: dict[str, list[str]] = {}
    for model in models:
        system, separator, table = model.stem.removeprefix("connected_").partition("__")
        if separator:
            feeds.setdefault(system, []).append(table)
    return [
        {"system": system, "loader": "fivetran", "schema": "s", "feeds": tables}
        for system, tables in feeds.items()
    ]


def every_destination() -> list[str]:
    """The destinations that there are models for."""
    changes = (ROOT / "models/audiences").glob("*/audience_*__changes.sql")
    return sorted(path.parent.name for path in changes)


class SharedSequences:
    """ReflowSequence.from_root that remembers the sequence it made last."""

    def __init__(self) -> None:
        """Keep sqlfluff's own way to make one."""
        self.make = ReflowSequence.from_root
        self.root: Any = None
        self.config: FluffConfig | None = None
        self.sequence: ReflowSequence | None = None

    def __call__(self, root_segment: Any, config: FluffConfig) -> ReflowSequence:  # noqa: ANN401
        """The sequence of a parse tree; a tree that sqlfluff has changed is another object."""
        if self.sequence is None or root_segment is not self.root or config is not self.config:
            self.root, self.config = root_segment, config
            self.sequence = self.make(root_segment, config)
        return self.sequence


class Worker:
    """sqlfluff in a process of its own, with a database of its own that is empty."""

    linter: Linter

    @classmethod
    def prepare(cls, manifest: Manifest) -> None:
        """Give sqlfluff the project as dbt has read it."""
        os.environ["CRM_DUCKDB_PATH"] = ":memory:"
        reset_adapters()
        # The manifest is large and stays: Python need not look through it for what is gone.
        gc.freeze()
        gc.set_threshold(200_000)
        ReflowSequence.from_root = SharedSequences()
        cls.linter = Linter(config=FluffConfig.from_root())
        cls.linter.templater.dbt_manifest = manifest

    @classmethod
    def findings(cls, file: str) -> list[str]:
        """What is wrong with a file, a line each: place, rule, what to do."""
        rendered = cls.linter.render_file(file, cls.linter.config)
        linted = cls.linter.lint_rendered(rendered, cls.linter.get_rulepack(config=rendered.config))
        return [
            f"{file}:{found.line_no}:{found.line_pos}: {found.rule_code()} {found.desc()}"
            for found in linted.get_violations(filter_warning=True)
        ]


def lint(files: Sequence[str], manifest: Manifest) -> list[str]:
    """Lint SQL files of the project.

    Args:
        files: Paths from the root of the project.
        manifest: The project as dbt reads it now.

    Returns:
        What is wrong, one line each, in the order of the files.
    """
    largest_first = sorted(files, key=lambda file: -(ROOT / file).stat().st_size)
    processes = min(os.cpu_count() or 1, len(files))
    with multiprocessing.get_context("fork").Pool(processes, Worker.prepare, (manifest,)) as pool:
        found = pool.map(Worker.findings, largest_first, chunksize=1)
        # Workers that end by themselves take their semaphores along: Python warns of killed ones.
        pool.close()
        pool.join()
    by_file = dict(zip(largest_first, found, strict=True))
    return [line for file in files for line in by_file[file]]


def sql_files() -> list[str]:
    """All SQL files of the project that are linted, those that git does not know yet included."""
    known = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *LINTED_SQL]
    listed = subprocess.run(known, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = (file for file in listed.split() if file.endswith(".sql"))
    return sorted(file for file in files if not any(part in file for part in OF_ONE_MACRO))


def main() -> int:
    """Lint all SQL, or the files that are given; 0 when nothing is found."""
    os.chdir(ROOT)
    quick_dbt.make_quick()
    started = time.monotonic()
    manifest = read_project()
    if manifest is None:
        return 1
    read = time.monotonic()
    files = sys.argv[1:] or sql_files()
    found = lint(files, manifest)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    print(
        f"{len(files)} SQL files, {len(found)} findings:"
        f" {read - started:.0f} s reading the project, {time.monotonic() - read:.0f} s linting"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
