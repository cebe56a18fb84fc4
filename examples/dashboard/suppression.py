"""Hide every number of people that is too small to be forwarded, and what would give it away.

The one place that does so: ``dashboard.py`` passes every table through ``safe`` before a board can
read it. What each column holds stands in ``analyses/dashboard/_dashboard.yml``:

- ``label``: names the row (a segment, a month, a reason).
- ``people``: a number of people. From 1 to one below the smallest number that is shown it becomes
  "< 5". With ``out_of`` it is hidden as well where so few of that column are left over.
- ``basis``: a number of people that figures are worked out from and that no board shows.
- ``figure``: worked out from people (a rate, an amount per head); hidden with the columns ``of``.
- ``fact``: says nothing about single people (rows of a table, days, a verdict).

Where rows add up to a number that readers know, ``adds_up_within`` names the columns that such rows
share. Larger numbers are then hidden as well, until each "< 5" could still be any number from 1 to
4, whatever a reader adds and subtracts. Linear programming finds the cheapest that do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scipy.optimize import linprog

HIDDEN = "hidden"
# What no table for a board may hold, whatever its columns are declared to be.
PERSONAL = {
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "a hash": re.compile(r"\b[0-9a-fA-F]{32,}\b"),
    "a phone number": re.compile(r"(?<![\w.])\+\d{7,15}\b"),
}


class UnsafeTable(Exception):  # noqa: N818
    """A table that boards must not read as it is."""


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        name: Its name.
        holds: label, people, basis, figure or fact.
        of: The columns of people that a figure is worked out from.
        out_of: The columns of people that these are a part of.
    """

    name: str
    holds: str
    of: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table for boards.

    Attributes:
        name: Its name.
        columns: What it has, in order.
        adds_up_within: For each way in which its rows add up to a number that readers know, the
            columns that such rows share; none of them where all rows add up to one number.
    """

    name: str
    columns: tuple[Column, ...]
    adds_up_within: tuple[tuple[str, ...], ...] = ()


@dataclass
class Cells:
    """The numbers of people in one column, and which of them are hidden.

    Attributes:
        counts: The numbers; None where there is none.
        smallest: The smallest number that is shown.
        lines: Places of cells whose sum readers know.
        few: Places hidden as "fewer than".
        others: Places hidden so that those cannot be worked out.
        dropped: Places whose rows are left out altogether.
    """

    counts: Sequence[int | None]
    smallest: int
    lines: list[list[int]]
    few: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)

    def protect(self) -> None:
        """Hide more cells until every small one could be any number from 1 to one below smallest.

        A small number can rise or fall when others fall or rise so that no sum changes. The
        cheapest such change says which others have to be hidden with it.
        """
        for place in sorted(self.few):
            count = self.counts[place] or 0
            changes = [
                self._change(place, 1 - count),
                self._change(place, self.smallest - 1 - count),
            ]
            if None not in changes:
                moved = {cell for change in changes for cell in change or {}}
                self.others |= moved - self.few
                continue
            # It is tied down by the sums: nothing of its lines is shown, not even "fewer than".
            line = {cell for line in self.lines if place in line for cell in line}
            line = {cell for cell in line if self.counts[cell]}
            self.few -= line
            self.others |= line
            falls = count > 1 and self._change(place, -1) is not None
            if not falls and self._change(place, 1) is None:
                self.dropped |= line

    def _change(self, place: int, by: int) -> dict[int, float] | None:
        """The cheapest change of cells that changes one by so much and keeps all sums.

        Args:
            place: The cell that changes.
            by: By how much.

        Returns:
            The change of each cell that changes; None where there is no such change.
        """
        if by == 0 or not any(place in line for line in self.lines):
            return {}
        cells = [cell for cell, count in enumerate(self.counts) if count and cell != place]
        # A cell that is hidden already costs nothing, any other the people it is about.
        cost = [0 if c in self.few | self.others else self.counts[c] or 0 for c in cells]
        most = [self.smallest - 1 - (self.counts[c] or 0) if c in self.few else None for c in cells]
        # Who knows these rules knows that a cell hidden for the sake of others is not small.
        least = [self._fall(cell) for cell in cells]
        lines = [line for line in self.lines if place in line or set(line) & set(cells)]
        sums = [
            [int(c in line) for c in cells] + [-int(c in line) for c in cells] for line in lines
        ]
        found = linprog(
            cost + cost,
            A_eq=sums,
            b_eq=[-by if place in line else 0 for line in lines],
            bounds=[(0, m) for m in most] + [(0, fall) for fall in least],
        )
        if found.status != 0:
            return None
        changes = {cell: found.x[n] - found.x[n + len(cells)] for n, cell in enumerate(cells)}
        return {cell: change for cell, change in changes.items() if abs(change) > 1e-6}

    def _fall(self, cell: int) -> int:
        """By how much a cell can fall before it would have been hidden otherwise."""
        count = self.counts[cell] or 0
        return count - (self.smallest if count >= self.smallest else 1)


def table_of(name: str, node: Mapping[str, Any]) -> Table:
    """What dbt's manifest says of an analysis.

    Raises:
        UnsafeTable: A column is not declared.
    """
    columns = []
    for column in node["columns"].values():
        meta = column["config"].get("meta") or column.get("meta") or {}
        if meta.get("holds") not in {"label", "people", "basis", "figure", "fact"}:
            raise UnsafeTable(f"{name}.{column['name']}: say what it holds in _dashboard.yml")
        of, out_of = tuple(meta.get("of", ())), tuple(meta.get("out_of", ()))
        if meta["holds"] == "figure" and not of:
            raise UnsafeTable(f"{name}.{column['name']}: say of which people it is a figure")
        columns.append(Column(column["name"], meta["holds"], of, out_of))
    adds_up = node["config"].get("meta", {}).get("adds_up_within", [])
    return Table(name, tuple(columns), tuple(tuple(words) for words in adds_up))


def safe(
    table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]], smallest: int
) -> tuple[list[str], list[list[Any]]]:
    """The table as boards may read it: names and rows.

    Each column of people stands there twice: as a number, null where it is hidden, for bars and
    lines, and with ``_shown`` behind its name as a text for tables.

    Args:
        table: What its columns hold.
        names: The columns as the query gave them.
        rows: The rows as the query gave them.
        smallest: The smallest number of people that is shown.

    Raises:
        UnsafeTable: The query gave other columns than are declared, or personal data.
    """
    declared = [column.name for column in table.columns]
    if sorted(names) != sorted(declared):
        raise UnsafeTable(f"{table.name} has columns {list(names)}, and not {declared}")
    _refuse_ids(table)
    records = [dict(zip(names, row, strict=True)) for row in rows]
    _refuse_personal(table, records)

    people = [column for column in table.columns if column.holds in {"people", "basis"}]
    cells = {column.name: _cells(table, column, records, smallest) for column in people}
    dropped = {place for column in cells.values() for place in column.dropped}

    shown_names: list[str] = []
    for column in table.columns:
        shown_names += [column.name] if column.holds != "basis" else []
        shown_names += [f"{column.name}_shown"] if column.holds == "people" else []
    shown_rows = []
    for place, record in enumerate(records):
        if place in dropped:
            continue
        row: list[Any] = []
        for column in table.columns:
            value = record[column.name]
            if column.holds == "basis":
                continue
            if column.holds == "people":
                row += _shown(value, cells[column.name], place, smallest)
            elif column.holds == "figure" and any(_is_hidden(cells[n], place) for n in column.of):
                row.append(None)
            else:
                row.append(value)
        shown_rows.append(row)
    return shown_names, shown_rows


def _cells(table: Table, column: Column, records: list[dict[str, Any]], smallest: int) -> Cells:
    """The numbers of a column of people with all hidden that has to be."""
    counts = [None if r[column.name] is None else int(r[column.name]) for r in records]
    lines: list[list[int]] = []
    for shared in table.adds_up_within:
        groups: dict[tuple[Any, ...], list[int]] = {}
        for place, record in enumerate(records):
            # Rows that share nothing add up to nothing.
            if None not in (key := tuple(record[name] for name in shared)):
                groups.setdefault(key, []).append(place)
        # A sum below the smallest number is itself shown nowhere.
        lines += [g for g in groups.values() if sum(counts[p] or 0 for p in g) >= smallest]
    cells = Cells(counts, smallest, lines)
    for place, count in enumerate(counts):
        left = [int(records[place][name] or 0) - (count or 0) for name in column.out_of]
        if count is not None and 0 < count < smallest:
            cells.few.add(place)
        elif count is not None and any(0 < number < smallest for number in left):
            cells.others.add(place)
    if column.holds == "people":
        cells.protect()
    return cells


def _is_hidden(cells: Cells, place: int) -> bool:
    """Whether a number is not shown."""
    return place in cells.few or place in cells.others


def _shown(value: Any, cells: Cells, place: int, smallest: int) -> list[Any]:  # noqa: ANN401
    """A number of people, as a number and as a text."""
    if value is None:
        return [None, None]
    if place in cells.few:
        return [None, f"< {smallest}"]
    if place in cells.others:
        return [None, HIDDEN]
    return [int(value), f"{int(value):,}"]


def _refuse_ids(table: Table) -> None:
    """Stop at a column that is named as what tells people apart.

    Raises:
        UnsafeTable: There is one.
    """
    for column in table.columns:
        if re.search(r"(^|_)(id|hash|email|phone|e164)$", column.name):
            raise UnsafeTable(f"{table.name}.{column.name} is named as what tells people apart")


def _refuse_personal(table: Table, records: Iterable[Mapping[str, Any]]) -> None:
    """Stop at a text that looks like personal data, and say where, but not what it is.

    Raises:
        UnsafeTable: There is one.
    """
    for record in records:
        for name, value in record.items():
            for kind, pattern in PERSONAL.items():
                if isinstance(value, str) and pattern.search(value):
                    raise UnsafeTable(f"{table.name}.{name} holds {kind}")
