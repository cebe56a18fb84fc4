"""Write docs/variables.md: every variable with its default, what it may be and what it means.

The meaning is the comment above the variable in dbt_project.yml, what it may be the rule by which
check_variables judges it (macros/project/variable_rules.sql). With --check nothing is written, and
the exit code is 1 where the page is not as it would be written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import jinja2
import yaml
from writing import ROOT, write_or_check

PAGE = ROOT / "docs" / "variables.md"
INTRODUCTION = """# Variables

Every variable with its default, what it may be, and what it means. Set one under
`vars: crm_segmentation:` in `dbt_project.yml` (of your own project, where this one is installed as
a package), or for one run with `--vars '{as_of_date: "2026-03-31"}'`. A value that is not allowed
stops the run before the first model, with all that is wrong in one message.

This page is written by `python docs/variables.py` from `dbt_project.yml` and
`macros/project/variable_rules.sql`."""


@dataclass
class Variable:
    """A variable of dbt_project.yml with the comment above it and the heading it stands under."""

    name: str
    heading: str
    meaning: str


class Returned(Exception):  # noqa: N818
    """What dbt's return() of a macro hands back."""


def returned(value: object) -> None:
    """Hand a value out of a macro, as dbt's return() does.

    Raises:
        Returned: Always; it holds the value.
    """
    raise Returned(value)


def documented_variables(project: str) -> list[Variable]:
    """The variables in the order in which dbt_project.yml has them, each with its comment."""
    block = project[project.index("\nvars:\n") : project.index("\nmodels:\n")]
    found, heading, comment = [], "", []
    for line in block.splitlines():
        if section := re.fullmatch(r" {4}# -- (.*?) -+", line):
            heading, comment = section[1], []
        elif remark := re.fullmatch(r" {4}# (.*)", line):
            comment.append(remark[1])
        elif name := re.match(r" {4}([a-z_]+):", line):
            found.append(Variable(name[1], heading, " ".join(comment)))
            comment = []
    return found


class Macros:
    """Macros of this project that ask the database nothing, called as dbt calls them.

    Each is an attribute: ``Macros(defaults).variable_rules()`` gives what the macro returns.
    """

    def __init__(self, variables: Mapping[str, object]) -> None:
        """Read the macros.

        Args:
            variables: What var() gives, by name.
        """
        environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        environment.globals |= {
            "crm_segmentation": self,
            "modules": SimpleNamespace(re=re),
            "return": returned,
            "var": lambda name, default=None: variables.get(name, default),
        }
        files = ("variable_rules", "checks", "check_segments", "connectors", "features")
        texts = [(ROOT / f"macros/project/{file}.sql").read_text("utf-8") for file in files]
        self._module = environment.from_string("\n".join(texts)).module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The macro of that name."""

        def call(*arguments: object) -> object:
            try:
                return str(getattr(self._module, name)(*arguments))
            except Returned as value:
                return value.args[0]

        return call


def page() -> str:
    """The page as text."""
    project = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    defaults = yaml.safe_load(project)["vars"]["crm_segmentation"]
    macros = Macros(defaults)
    rules = macros.variable_rules()
    lines, heading = [INTRODUCTION], ""
    for variable in documented_variables(project):
        if variable.heading != heading:
            heading = variable.heading
            lines += ["", f"## {heading}", "", "| variable | default | may be | meaning |"]
            lines += ["|---|---|---|---|"]
        rule = rules[variable.name]
        allowed = macros.allowed_value(rule) + (", or empty" if rule.get("may_be_empty") else "")
        default = yaml.safe_dump(defaults[variable.name], default_flow_style=True, width=10_000)
        shown = default.removesuffix("\n...\n").strip()
        cells = [f"`{variable.name}`", f"`{shown}`", allowed, variable.meaning]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page())


if __name__ == "__main__":
    sys.exit(main())
