"""Write the presets of RFM groups into docs/rfm.md, between its two markers, from the seeds.

With --check nothing is written, and the exit code is 1 where the page is not as it would be
written.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby

from writing import ROOT, write_or_check

PAGE = ROOT / "docs" / "rfm.md"
START, END = "<!-- Written by python docs/rfm.py: -->\n", "<!-- End of what it writes. -->"
SCORES = ("recency", "frequency", "monetary", "rfm")
Rule = Mapping[str, str]


def seed(name: str) -> list[dict[str, str]]:
    """Rows of a seed."""
    with (ROOT / f"seeds/reference/{name}.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def group_of(rules: Iterable[Rule], recency: int, frequency: int, monetary: int) -> str:
    """The group of the first rule that fits, other where none does."""
    scores = (recency, frequency, monetary, recency + frequency + monetary)
    for rule in rules:
        limits = [(rule[f"lowest_{s}_score"], rule[f"highest_{s}_score"]) for s in SCORES]
        if all(
            not low or int(low) <= score <= int(high)
            for score, (low, high) in zip(scores, limits, strict=True)
        ):
            return rule["rfm_group"]
    return "other"


def tile(rules: list[Rule], recency: int, frequency: int, scores: range) -> str:
    """The groups of a recency and a frequency score, by the monetary score where it matters."""
    groups = [(m, group_of(rules, recency, frequency, m)) for m in scores]
    runs = [(name, [m for m, _ in run]) for name, run in groupby(groups, lambda one: one[1])]
    if len(runs) == 1:
        return runs[0][0]
    spans = [(f"{m[0]}-{m[-1]}" if len(m) > 1 else str(m[0]), name) for name, m in runs]
    return "<br>".join(f"M {span}: {name}" for span, name in spans)


def grid(preset: Mapping[str, str], rules: list[Rule]) -> list[str]:
    """Lines of a table with a column per recency score and a row per frequency score."""
    if all(rule["lowest_rfm_score"] for rule in rules):
        lines = ["| group | R + F + M |", "|---|---|"]
        for rule in rules:
            span = f"{rule['lowest_rfm_score']} to {rule['highest_rfm_score']}"
            lines.append(f"| {rule['rfm_group']} | {span} |")
        return lines
    scores = range(int(preset["lowest_score"]), int(preset["highest_score"]) + 1)
    lines = ["| | " + " | ".join(f"R {score}" for score in scores) + " |"]
    lines.append("|---" * (len(scores) + 1) + "|")
    for frequency in reversed(scores):
        tiles = [tile(rules, recency, frequency, scores) for recency in scores]
        lines.append(f"| **F {frequency}** | " + " | ".join(tiles) + " |")
    return lines


def presets() -> str:
    """The sections of all presets."""
    lines: list[str] = []
    every = seed("rfm_groups")
    for preset in seed("rfm_presets"):
        rules = [rule for rule in every if rule["preset"] == preset["preset"]]
        lines += ["", f"### {preset['preset']}", ""]
        lowest, highest = preset["lowest_score"], preset["highest_score"]
        told = f"{preset['source']}. Scores from {lowest} to {highest}."
        if preset["cells_without_rule"] != "0":
            cells = preset["cells_without_rule"]
            told += f" {cells} of its cells {'has' if cells == '1' else 'have'} no rule: `other`."
        if preset["rules_never_first"] != "0":
            told += f" {preset['rules_never_first']} of its rules never come first."
        lines += [told, "", *grid(preset, rules)]
    return "\n".join(lines).strip() + "\n"


def page() -> str:
    """The page as text."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    return f"{before}{START}\n{presets()}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page())


if __name__ == "__main__":
    sys.exit(main())
