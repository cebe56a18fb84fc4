"""Write docs/features.md: each part of the project that can be left out, and what it builds.

What a feature answers, and what is missing without it, stands in macros/project/features.sql; which
models belong to it, they say themselves. With --check nothing is written, and the exit code is 1
where the page is not as it would be written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml
from variables import Macros
from writing import ROOT, write_or_check

PAGE = ROOT / "docs" / "features.md"
BELONGS = re.compile(r"config\([^)]*enabled=has_feature\('(\w+)'\)")
INTRODUCTION = """# Features

The parts of the project that can be left out. The variable `features` names those that are built;
a run warns of tables that an earlier one left, and drops none. Default: `{default}`.

This page is written by `python docs/features.py` from `macros/project/features.sql` and the models.

| feature | answers | without it |
|---|---|---|"""


def grain(model: Path) -> str:
    """The first sentence about a model, from the YAML beside it."""
    told = yaml.safe_load(model.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    description = next(one["description"] for one in told if one["name"] == model.stem)
    return re.split(r"[.:](?: |$)", " ".join(description.split()))[0]


def tables(feature: str) -> dict[str, str]:
    """The public tables of a feature with their grain: its models whose names have no prefix."""
    found = {}
    for path in sorted((ROOT / "models").rglob("*.sql"), key=lambda path: path.stem):
        if not path.stem.startswith("int_"):
            belongs = BELONGS.search(path.read_text(encoding="utf-8"))
            if belongs and belongs[1] == feature:
                found[path.stem] = grain(path)
    return found


def page() -> str:
    """The page as text."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    defaults = project["vars"]["crm_segmentation"]
    features = Macros(defaults).feature_tables()
    lines = [INTRODUCTION.format(default=", ".join(defaults["features"]))]
    for name, feature in features.items():
        lines.append(f"| `{name}` | {feature['answers']} | {feature['without']} |")
    for name in features:
        lines += ["", f"## {name}", ""]
        for table, told in tables(name).items():
            lines.append(f"- [{table}](tables.md#{table}): {told}.")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page())


if __name__ == "__main__":
    sys.exit(main())
