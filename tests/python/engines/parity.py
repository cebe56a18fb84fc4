"""Compares tables of two engines cell by cell."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """A relation that two engines have, and the columns that tell its rows apart."""

    schema: str
    name: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """What one engine holds in a table."""

    columns: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]


def public_tables(manifest: Mapping[str, Any]) -> list[Table]:
    """Every public model and its key, by its test are_sound or the exposure of its audience."""
    nodes = manifest["nodes"].values()
    keys = {
        node["attached_node"]: tuple(node["test_metadata"]["kwargs"]["key"])
        for node in nodes
        if (node.get("test_metadata") or {}).get("name") == "are_sound"
    }
    for exposure in manifest.get("exposures", {}).values():
        meta = exposure["config"]["meta"]
        for kind in ("contacts", "changes") if "destination" in meta else ():
            model = f"model.crm_segmentation.audience_{meta['destination']}__{kind}"
            keys[model] = (meta["key"],)
    # Its rows are judged once for each channel and identifier, by a test over all audiences.
    members = "model.crm_segmentation.audience_members"
    keys.setdefault(members, ("destination", "segment_name", "contact_id"))
    return sorted(
        (
            Table(node["schema"], node["name"], keys[node["unique_id"]])
            for node in nodes
            if node["resource_type"] == "model" and node["access"] == "public"
            # The table that tells of the run names the engine.
            if not node["config"]["meta"].get("differs_by_run")
        ),
        key=lambda table: table.name,
    )


def seeds(manifest: Mapping[str, Any]) -> list[Table]:
    """Every seed; a seed may hold a row twice, so all its columns together are the key."""
    nodes = manifest["nodes"].values()
    found = [node for node in nodes if node["resource_type"] == "seed"]
    return [Table(node["schema"], node["name"], ()) for node in found]


def same(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Equal and of one type; floats within 1e-9 of each other."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


def differences(table: Table, one: Rows, other: Rows) -> list[str]:
    """A line for every cell and row that differs, with table, key, column and both values."""
    if one.columns != other.columns:
        return [f"{table.name}: columns {one.columns} and {other.columns}"]
    key = [one.columns.index(column) for column in table.key or one.columns]
    ones, others = _by_key(one.values, key), _by_key(other.values, key)
    found = []
    for row_key in sorted(ones.keys() | others.keys(), key=repr):
        first, second = ones.get(row_key, []), others.get(row_key, [])
        where = f"{table.name} {row_key}"
        if len(first) != len(second):
            of = repr((first or second)[0])[:300]
            found.append(f"{where}: {len(first)} and {len(second)} rows, one of them {of}")
            continue
        for first_row, second_row in zip(first, second, strict=True):
            found += [
                f"{where} {column}: {value!r} and {other_value!r}"
                for column, value, other_value in zip(
                    one.columns, first_row, second_row, strict=True
                )
                if not same(value, other_value)
            ]
    return found


def exported(rows: Rows) -> bytes:
    """The table as the CSV file that leaves: a header, rows sorted as text, null as nothing.

    Floats have the nine digits on which engines agree.
    """
    lines = sorted([_text(cell) for cell in row] for row in rows.values)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows(lines)
    return file.getvalue().encode()


@dataclass
class Report:
    """What was compared, as a table for people.

    Attributes:
        cells: Cells compared by table, then by engine and day.
        found: Differences by table, then by engine and day.
        notes: Lines to say under the table.
    """

    cells: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    found: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    notes: list[str] = field(default_factory=list)

    def add(self, table: str, run: str, cells: int, found: int) -> None:
        """Note the comparison of one table in one run, e.g. ``spark, full``."""
        self.cells[table][run] = cells
        self.found[table][run] = found

    def text(self) -> str:
        """The report in Markdown: a row per table, a column per run with its differences."""
        runs = sorted({run for table in self.found.values() for run in table})
        lines = [
            "Differences from DuckDB, cell by cell",
            "",
            "| public table | cells | " + " | ".join(runs) + " |",
            "|---|---:|" + "---:|" * len(runs),
        ]
        for table in sorted(self.found):
            counts = [str(self.found[table].get(run, "-")) for run in runs]
            most = max(self.cells[table].values())
            lines.append(f"| {table} | {most} | " + " | ".join(counts) + " |")
        totals = [str(sum(table.get(run, 0) for table in self.found.values())) for run in runs]
        most = sum(max(table.values()) for table in self.cells.values())
        lines += [f"| all {len(self.found)} | {most} | " + " | ".join(totals) + " |", ""]
        return "\n".join(lines + self.notes) + "\n"


def _by_key(
    rows: Iterable[tuple[Any, ...]], key: Sequence[int]
) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[tuple(row[position] for position in key)].append(row)
    return {row_key: sorted(group, key=repr) for row_key, group in grouped.items()}


def _text(cell: Any) -> str:  # noqa: ANN401
    if cell is None:
        return ""
    return format(cell, ".9g") if isinstance(cell, float) else str(cell)


def digest(rows: Rows) -> str:
    """SHA-256 of the exported file."""
    return hashlib.sha256(exported(rows)).hexdigest()
