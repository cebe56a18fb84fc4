"""Names that every engine takes."""

from __future__ import annotations

from typing import Any

# PostgreSQL cuts longer names off; dbt refuses them there.
LONGEST_NAME = 63


def test_no_name_is_too_long(manifest: dict[str, Any]) -> None:
    """A unit test becomes a relation of its name, as a model does."""
    kinds = ("model", "seed")
    names = [node["name"] for node in manifest["nodes"].values() if node["resource_type"] in kinds]
    names += [test["name"] for test in manifest["unit_tests"].values()]

    assert [name for name in names if len(name) > LONGEST_NAME] == []
