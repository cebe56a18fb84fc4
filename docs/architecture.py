"""Write what docs/architecture.md says of domains: their table, and the diagram of who reads whom.

The order of the domains stands in DOMAINS below; tests/python/test_layers.py holds every model to
it. What reads what comes from dbt. With --check nothing is written, and the exit code is 1 where
the page is not as it would be written. Run it from the root of the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from writing import ROOT, read_manifest, write_or_check

PAGE = ROOT / "docs" / "architecture.md"
# The areas of staging in their order: an area reads itself and those before it.
AREAS = ("people", "commerce", "activity", "consents")
# The domains in their order, and what each answers.
DOMAINS = {
    "activity": "What did each visitor do on each day, whoever that is?",
    "commerce": "What are orders worth in the reporting currency?",
    "identity": "Which records are one person, and who must be forgotten?",
    "quality": "What came in, what was rejected, and is it fit to go on with?",
    "contacts": "Who is each contact, by which records, under which names and addresses?",
    "orders": "Who bought what, and which products go together?",
    "behaviour": "Whose are the events, and which sessions do they make?",
    "consents": "What has each contact allowed or forbidden, and which addresses are dead?",
    "lifecycle": "In which stage is each contact, since when, and how far down the funnel?",
    "leads": "Which contacts are about to become customers?",
    "rfm": "How recently, how often and for how much has each customer bought?",
    "lifetime_value": "What will each customer probably spend?",
    "seasons": "Which seasons has each contact bought in?",
    "traits": "All that is known of a contact, in one row.",
    "triggers": "Which occasion is there today to write to a contact?",
    "segments": "Who is in which segment, since when, and is it worth having?",
    "lookalikes": "Who is like the members of a segment?",
    "campaigns": "Which message brought which purchase, and at what cost?",
    "experiments": "Did the variant do better than the control group?",
    "segment_effects": "What does a segment bring, beside those held out?",
    "audiences": "Who may be contacted where, and what is each destination told?",
    "planning": "Which season comes next, and whom can it reach?",
    "metrics": "What is each number that people quote, and of which table?",
}
BEGIN, END = "<!-- Written by docs/architecture.py: {} -->", "<!-- End of {} -->"


def place(manifest: Mapping[str, Any], unique_id: str) -> str:
    """Where a node stands: raw, reference, a folder of connectors, an area of staging, a domain."""
    if unique_id.startswith("source."):
        return "raw"
    node = manifest["nodes"][unique_id]
    layer, *folders = node["fqn"][1:-1]
    if node["resource_type"] == "seed":
        return layer
    if layer in {"intermediate", "marts"}:
        return folders[0] if folders else layer
    return "audiences" if layer == "audiences" else "/".join([layer, *folders[:1]])


def models(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every model of this project."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["package_name"] == "crm_segmentation"
    ]


def reads(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """The domains that each domain reads."""
    found: dict[str, set[str]] = {domain: set() for domain in DOMAINS}
    for model in models(manifest):
        reader = place(manifest, model["unique_id"])
        if reader in DOMAINS:
            read = {place(manifest, parent) for parent in model["depends_on"]["nodes"]}
            found[reader] |= read & DOMAINS.keys() - {reader}
    return found


def diagram(read: Mapping[str, set[str]]) -> list[str]:
    """Lines of a flow chart, without the arrows that follow from others."""
    behind: dict[str, set[str]] = {}
    lines = ["```mermaid", "flowchart TD"]
    for domain in DOMAINS:
        behind[domain] = read[domain].union(*(behind[parent] for parent in read[domain]))
        for parent in DOMAINS:
            others = read[domain] - {parent}
            if parent in read[domain] and not any(parent in behind[other] for other in others):
                lines.append(f"    {parent} --> {domain}")
    return [*lines, "```"]


def table(manifest: Mapping[str, Any]) -> list[str]:
    """Lines of the table of domains, with the public tables of each."""
    public: dict[str, list[str]] = {domain: [] for domain in DOMAINS}
    for model in sorted(models(manifest), key=lambda model: model["name"]):
        is_of_one_destination = re.fullmatch(r"audience_\w+__(contacts|changes)", model["name"])
        if model["access"] == "public" and not is_of_one_destination:
            link = f"[{model['name']}](tables.md#{model['name']})"
            public[place(manifest, model["unique_id"])].append(link)
    lines = ["| | domain | answers | public tables |", "|---|---|---|---|"]
    for number, (domain, question) in enumerate(DOMAINS.items(), start=1):
        names = ", ".join(public[domain]) or "none"
        lines.append(f"| {number} | `{domain}` | {question} | {names} |")
    return lines


def page(manifest: Mapping[str, Any], text: str) -> str:
    """The page with the parts that this script writes as they have to be.

    Args:
        manifest: dbt's manifest of this project, as JSON.
        text: The page as it stands.

    Raises:
        ValueError: A mark is missing between which a part stands.
    """
    parts = {"diagram": diagram(reads(manifest)), "table": table(manifest)}
    for name, lines in parts.items():
        before, begin, rest = text.partition(BEGIN.format(name))
        _, end, after = rest.partition(END.format(name))
        if not (begin and end):
            raise ValueError(f"Write {BEGIN.format(name)} and {END.format(name)} into {PAGE.name}.")
        between = "\n".join([BEGIN.format(name), "", *lines, "", END.format(name)])
        text = before + between + after
    return text


def main() -> int:
    """Write the page, or compare it; 0 when it is as it should be."""
    return write_or_check(PAGE, page(read_manifest(), PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
