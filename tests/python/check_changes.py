"""Check a small change in under a minute: what make check and the pre-commit hook run.

Linters look at the changed files; dbt parses the project, builds the changed models without rows
in a copy of the demo, and runs the unit tests of those models and of their children. Changed is
what differs from the last commit, or, where nothing does, what the last commit changed; --since
names another commit. make test is the whole proof.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from lint_sql import lint, sql_files
from project import ROOT, failures

BIN = Path(sys.executable).parent


def git(*arguments: str) -> list[str]:
    """Lines that git prints."""
    run = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return run.stdout.splitlines()


def changed_files(since: str | None) -> list[str]:
    """Files that differ from a commit and those that git does not know; deleted ones left out."""
    new = git("ls-files", "--others", "--exclude-standard")
    files = git("diff", "--name-only", "--diff-filter=d", since or "HEAD") + new
    return sorted(files or git("diff", "--name-only", "--diff-filter=d", "HEAD~1"))


def lint_commands(files: Iterable[str]) -> list[list[str]]:
    """The linters' command lines for these files; one with nothing to look at is left out."""
    files = list(files)
    python = [file for file in files if file.endswith(".py")]
    yaml = [file for file in files if file.endswith((".yml", ".yaml"))]
    commands = {
        ("ruff", "check"): python,
        ("ruff", "format", "--check"): python,
        ("yamllint", "--strict"): yaml,
    }
    commands["python", "tests/python/spelling.py"] = files
    return [[str(BIN / tool), *words, *of] for (tool, *words), of in commands.items() if of]


def changed_models(manifest: Any, files: Iterable[str]) -> list[str]:  # noqa: ANN401
    """Models whose SQL, YAML, macros or seeds are among the files.

    Args:
        manifest: dbt's manifest of the tree as it is.
        files: Paths from the root of the project.

    Returns:
        Names of SQL models in alphabetical order.
    """
    paths = set(files)
    touched = {key for key, m in manifest.macros.items() if m.original_file_path in paths}
    reached: set[str] = set()
    while touched - reached:
        reached |= touched
        touched = {
            key for key, m in manifest.macros.items() if reached & {*m.depends_on.macros}
        } | reached
    seeds = {
        key
        for key, node in manifest.nodes.items()
        if str(node.resource_type) == "seed" and node.original_file_path in paths
    }
    names = []
    for node in manifest.nodes.values():
        if str(node.resource_type) != "model" or node.language != "sql":
            continue
        described_in = (node.patch_path or "").partition("://")[2]
        is_changed = {node.original_file_path, described_in} & paths
        if is_changed or reached & {*node.depends_on.macros} or seeds & {*node.depends_on.nodes}:
            names.append(node.name)
    return sorted(names)


def unit_tests_pass(manifest: Any, models: list[str]) -> bool:  # noqa: ANN401
    """Build the models without rows in a copy of the demo, then run the unit tests."""
    demo = Path(os.environ.get("CRM_DUCKDB_PATH", ROOT / "crm.duckdb"))
    with tempfile.TemporaryDirectory() as folder:
        # Views name the database they stand in, so the copy has its name.
        os.environ["CRM_DUCKDB_PATH"] = str(shutil.copy(demo, Path(folder) / demo.name))
        commands = [
            ["run", "--empty", "-s", *models],
            ["test", "-s", *(f"{model}+1,test_type:unit" for model in models)],
        ]
        try:
            for command in commands:
                result = dbtRunner(manifest=manifest).invoke([*command, "--quiet"])
                if not result.success:
                    print(failures(result))
                    return False
            tests = getattr(result.result, "results", None) or []
            print(f"{len(tests)} unit tests of {len(models)} models and their children passed")
        finally:
            DuckDBConnectionManager.close_all_connections()
    return True


def main() -> int:
    """Run the checks in order of their cost; 0 when all pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--since", help="commit to compare with; the last one if left out")
    started = time.monotonic()
    files = changed_files(parser.parse_args().since)
    print(f"{len(files)} files changed")
    for command in lint_commands(files):
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print(f"Failed: {Path(command[0]).name} {' '.join(command[1:3])}", file=sys.stderr)
            return 1
    os.chdir(ROOT)
    parsed = dbtRunner().invoke(["parse", "--quiet"])
    if not parsed.success:
        return 1
    sql = [file for file in sql_files() if file in files]
    found = lint(sql, parsed.result) if sql else []
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    models = changed_models(parsed.result, files)
    if models and not unit_tests_pass(parsed.result, models):
        return 1
    print(f"make check took {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
