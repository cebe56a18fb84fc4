"""The page of architecture says how the models stand."""

from __future__ import annotations

import re
from typing import Any

import architecture
import pytest
from project import memories


def test_the_page_of_architecture_is_as_it_would_be_written(manifest: dict[str, Any]) -> None:
    text = architecture.PAGE.read_text("utf-8")

    assert "    traits --> segments\n" in text
    assert text == architecture.page(manifest, text), "run python docs/architecture.py"


def test_a_page_without_a_mark_is_refused(manifest: dict[str, Any]) -> None:
    """Else the part would be written behind the end of the page."""
    with pytest.raises(ValueError, match="End of table"):
        architecture.page(manifest, architecture.PAGE.read_text("utf-8").replace("End of t", ""))


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    read = {domain: set() for domain in architecture.DOMAINS}
    read |= {"identity": {"activity"}, "quality": {"activity", "identity"}}

    arrows = [line.strip() for line in architecture.diagram(read) if "-->" in line]
    assert arrows == ["activity --> identity", "identity --> quality"]


def test_the_page_of_architecture_names_every_memory(manifest: dict[str, Any]) -> None:
    text = architecture.PAGE.read_text("utf-8")
    named = set(
        re.findall(r"`(\w+)`", text.partition("## Five memories")[2].partition("\n\nThese")[0])
    )
    audience = re.compile(r"audience_\w+__changes")

    assert named == {name for name in memories(manifest) if not audience.fullmatch(name)}
