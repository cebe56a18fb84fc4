"""Build the project as dbt build does, and say it as a person wants to read it.

A line for each layer, with a bar on a terminal; warnings and errors whole; then what came in, what
is not right with it, who may be contacted where, and how long it took. What follows on the command
line goes to dbt build, with the variables beside the database where own_variables finds any. dbt's
whole log stands in logs/dbt.log.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import kept_demo
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from own_variables import with_own_variables
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

# Unit tests guard the code and not the data: make test runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
# Where a node stands, from its path; the first that fits. In the order in which rows travel.
LAYERS = {
    "seeds": "seeds/",
    "connectors": "models/connectors/",
    "staging": "models/staging/",
    "intermediate": "models/intermediate/",
    "marts": "models/marts/",
    "audiences": "models/audiences/",
    "other models": "models/",
}
SELECTING = {"-s", "--select", "--selector", "-m", "--models", "--exclude", "--resource-type"}
SHAPING = {"--vars", "--target", "-t"}
BUILT = {"model", "seed", "snapshot", "test"}
GOOD, BAD = {"success", "pass", "no-op"}, {"error", "fail", "runtime error"}


def layer_of(resource_type: str, path: str) -> str:
    """The layer that a node counts for: data tests are one of their own."""
    if resource_type == "test":
        return "data tests"
    return next((name for name, folder in LAYERS.items() if path.startswith(folder)), "other")


class Layers:
    """Follows dbt's events, node by node.

    Attributes:
        seconds: Seconds that the nodes of a layer took, added up: two run at once.
        done: Nodes of a layer that are finished.
        warnings: What dbt warned of besides its nodes, whole, each once.
        report: What the project itself has to tell at the end of the run.
    """

    def __init__(self) -> None:
        """Start with nothing done."""
        self.seconds: dict[str, float] = {}
        self.done: dict[str, int] = {}
        self.warnings: dict[str, None] = {}
        self.report = ""
        self.progress: Progress | None = None
        self.tasks: dict[str, Any] = {}

    def show(self, progress: Progress, nodes: Iterable[Any], *, is_whole: bool) -> None:
        """Add a bar for each layer; how long it gets is known where the whole project is built."""
        counts: dict[str, int] = {}
        for node in nodes:
            if str(node.resource_type) in BUILT:
                layer = layer_of(str(node.resource_type), node.original_file_path)
                counts[layer] = counts.get(layer, 0) + 1
        self.progress = progress
        for layer in [*LAYERS, "other", "data tests"]:
            if layer in counts:
                total = counts[layer] if is_whole else None
                self.tasks[layer] = progress.add_task(
                    layer, total=total, seconds="", visible=is_whole
                )

    def __call__(self, event: Any) -> None:  # noqa: ANN401
        """Take an event of dbt's log."""
        name = event.info.name
        if event.info.level == "warn" and "RunResult" not in name and not name.startswith("Log"):
            self.warnings[event.info.msg] = None
        if name == "JinjaLogInfo":
            self.report += event.info.msg + "\n"
        if name != "NodeFinished" or event.data.node_info.resource_type not in BUILT:
            return
        info, result = event.data.node_info, event.data.run_result
        if result.status == "skipped":
            return
        layer = layer_of(info.resource_type, f"{_folder(info)}{info.node_path}")
        self.seconds[layer] = self.seconds.get(layer, 0) + result.execution_time
        self.done[layer] = self.done.get(layer, 0) + 1
        if self.progress and layer in self.tasks:
            seconds = f"{self.seconds[layer]:.1f} s"
            self.progress.update(self.tasks[layer], advance=1, seconds=seconds, visible=True)


def _folder(info: Any) -> str:  # noqa: ANN401
    """The top folder that dbt leaves out of the path of a node."""
    return {"model": "models/", "seed": "seeds/"}.get(info.resource_type, "")


def show_findings(console: Console, layers: Layers, results: Iterable[Any]) -> None:
    """Print every warning and every error whole, warnings first."""
    # What the report says again with its advice is said there alone.
    untold = [text for text in layers.warnings if text.split("] ")[-1].strip() not in layers.report]
    findings = [("Warning", message) for message in untold]
    for result in sorted(results, key=lambda result: str(result.status) in BAD):
        if str(result.status) not in GOOD | {"skipped"}:
            kind = "Error" if str(result.status) in BAD else "Warning"
            message = untold_part(str(result.message), layers.report)
            findings.append((kind, described(result.node, message, result.failures)))
    for kind, message in findings:
        style = "red" if kind == "Error" else "yellow"
        console.print(f"\n[{style}]{kind}:[/] {escape(str(message).strip())}", soft_wrap=True)


def described(node: Any, message: str, failures: int | None) -> str:  # noqa: ANN401
    """What came of a node; of a data test that found rows, what it claims and how to see them."""
    if not failures:
        return f"{node.name} ({node.original_file_path})\n{message}"
    rows = "one row breaks" if failures == 1 else f"{failures} rows break"
    claim = node.description.strip() or claimed(node)
    return f"{node.name}: {rows} this rule; look with: make ask Q={node.name}\n{claim}"


def claimed(node: Any) -> str:  # noqa: ANN401
    """What a data test without a description claims, as its arguments in YAML say it."""
    test = getattr(node, "test_metadata", None)
    if test is None or not node.attached_node:
        return f"A test of {node.original_file_path}."
    model, given = node.attached_node.rpartition(".")[2], test.kwargs
    column = f"{given.get('column_name')} of {model}"
    if test.name == "are_sound":
        claims = "".join(f"; {claim}" for claim in given.get("claims", []))
        keys = ", ".join(given["key"])
        said = f"In {model} the key ({keys}) stands once and is never null{claims}."
    elif test.name == "accepted_values":
        said = f"Every {column} is one of {', '.join(map(str, given['values']))}."
    elif test.name == "relationships":
        said = f"Every {column} stands in the column {given['field']} of {given['to']}."
    elif test.name == "not_null":
        said = f"No {column} is null."
    else:
        said = f"{test.name} holds for {column}."
    return f"{said} It is claimed in {node.original_file_path}."


def untold_part(message: str, report: str) -> str:
    """A message without the points that the report makes again, and without how dbt came to it."""
    lines = message.splitlines()
    told = [line for line in lines if line.strip().startswith("- ") and line.strip()[2:] in report]
    if not told:
        return message
    traced = ("Compilation Error in", "> in macro", "> called by")
    errors = "the error" if len(told) == 1 else f"the {len(told)} errors"
    lines.insert(lines.index(told[0]), f"    {errors} under What to look at, below.")
    rest = [line for line in lines if line not in told and not line.strip().startswith(traced)]
    return "\n".join(rest).strip()


def shaping(arguments: list[str]) -> list[str]:
    """Of the arguments of a build those that change how dbt reads the project."""
    flags: list[str] = []
    for word, value in pairwise([*arguments, ""]):
        name, separator, _ = word.partition("=")
        if name in SHAPING:
            flags += [word] if separator else [word, value]
    return flags


def build(arguments: list[str]) -> int:
    """Read the project, build it, show what came of it; 0 when every model and test passed."""
    console = Console(highlight=False)
    started = time.monotonic()
    # What is built onto an older demo, elsewhere or in part is no demo for the tests to read.
    arguments = with_own_variables(arguments)
    is_demo = not (arguments or kept_demo.DATABASE.exists() or "CRM_DUCKDB_PATH" in os.environ)
    built_from = kept_demo.sources() if is_demo else ""
    layers = Layers()
    with console.status("Reading the project"):
        # Variables and the target decide which nodes there are and what they read.
        parsed = dbtRunner(callbacks=[layers]).invoke(["parse", "--quiet", *shaping(arguments)])
    if not parsed.success:
        return 1
    # The project stays in memory, so Python need not look through it for what is gone.
    gc.freeze()
    gc.set_threshold(100_000)
    read = time.monotonic()
    console.print(f"Read the project in {read - started:.1f} s")

    columns = [TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn()]
    columns += [TextColumn("{task.fields[seconds]}")]
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        is_whole = not SELECTING.intersection(arguments)
        layers.show(progress, parsed.result.nodes.values(), is_whole=is_whole)
        dbt = dbtRunner(manifest=parsed.result, callbacks=[layers])
        # What dbt would print stands in its log, and below once more.
        log_levels = ["--log-level", "none", "--log-level-file", "debug"]
        result = dbt.invoke([*BUILD, *arguments, *log_levels])
    built = time.monotonic()
    if not console.is_terminal:
        for layer in layers.tasks:
            if done := layers.done.get(layer):
                console.print(f"{layer:<14} {done:>4} in {layers.seconds[layer]:5.1f} s")
    results = getattr(result.result, "results", None) or []
    show_findings(console, layers, results)
    if result.exception:
        console.print(escape(str(result.exception)), soft_wrap=True)
    console.print(f"\n{escape(layers.report)}", soft_wrap=True)
    if not result.success:
        console.print("\nThe build failed. dbt's whole log: logs/dbt.log", soft_wrap=True)
        return 1

    DuckDBConnectionManager.close_all_connections()
    if is_demo:
        kept_demo.keep(built_from)
    console.print(
        f"{sum(layers.done.values())} nodes built in {built - started:.1f} s:"
        f" {read - started:.1f} s reading the project, {built - read:.1f} s building and testing."
        " dbt's whole log: logs/dbt.log",
        soft_wrap=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(build(sys.argv[1:]))
