"""make: what its list says can be set on the command line reaches the command that runs."""

from __future__ import annotations

import re
import subprocess

import pytest
from project import ROOT

TARGET = re.compile(r"^(?P<name>[a-z-]+):[^#\n]*## (?P<help>.*)$", re.MULTILINE)
# A word of the list that is set: NAME=value, or NAME alone as in "TARGET and DATABASE".
SET = re.compile(r"\b[A-Z]{2,}(?=[= ,]|$)")
NOT_SET = {"CI", "REST", "SQL", "CSV", "YAML"}


def promised() -> list[tuple[str, str]]:
    """Every target with every variable that its line of the list names."""
    found = TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    return [
        (name, variable)
        for name, help_line in found
        for variable in dict.fromkeys(SET.findall(help_line))
        if variable not in NOT_SET
    ]


def test_the_list_names_what_can_be_set() -> None:
    assert {("build", "VARS"), ("build", "TARGET"), ("ask", "ONLY")} <= set(promised())


@pytest.mark.parametrize(("target", "variable"), promised())
def test_what_the_list_names_reaches_the_command(target: str, variable: str) -> None:
    command = ["make", "--dry-run", "--no-print-directory", target]
    # SEND=1 and MARKDOWN=1 become flags, so commands are compared with and without.
    said = [
        subprocess.run([*command, *words], cwd=ROOT, capture_output=True, text=True, check=True)
        for words in ([], [f"{variable}=smoke"])
    ]
    assert said[0].stdout != said[1].stdout
