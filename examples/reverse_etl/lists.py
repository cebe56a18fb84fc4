"""The lists of a member, as a column of an audience names them."""

from __future__ import annotations

import json


def names_of(value: str | None) -> set[str]:
    """The lists that a row names, whether separated by commas or in a JSON array."""
    text = value or ""
    names = json.loads(text) if text.startswith("[") else text.split(",")
    return {name.strip() for name in names if name.strip()}
