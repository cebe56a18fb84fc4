"""Draw the RFM groups of a built database: a tile per recency and frequency score.

A bar shows how many customers a tile has, its colour what they have spent.
Usage: python docs/rfm_grid.py --database online_retail.duckdb --output docs/rfm_grid.svg
"""

from __future__ import annotations

import argparse
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

TILE = 120
LEFT, TOP, BOTTOM = 64, 44, 56
# By what a customer of the tile has spent, from the least; dark text is readable on all.
COLOURS = ["#f2f5f8", "#e3ecf3", "#d2e2ee", "#bfd7e8"]
COLOURS += ["#aacbe2", "#93bddb", "#7aaed2", "#629fc9"]

CELLS = """
    select
        recency_score,
        frequency_score,
        count(*) as customers,
        mode(rfm_group order by rfm_group) as rfm_group,
        avg(monetary) as mean_monetary,
        ntile(8) over (order by avg(monetary), recency_score, frequency_score) as shade
    from main_contacts.contact_rfm_scores
    where recency_score is not null and frequency_score is not null
    group by recency_score, frequency_score
    order by recency_score, frequency_score
"""


def drawing(cells: list[tuple[int, int, int, str, float, int]], title: str) -> str:
    """The grid as SVG.

    Args:
        cells: Per tile recency score, frequency score (both from 1), customers, the group that
            most of them have, mean amount and shade (1 to 8).
        title: Line above the grid.

    Returns:
        The text of the SVG file.
    """
    columns = max(cell[0] for cell in cells)
    rows = max(cell[1] for cell in cells)
    most = max(cell[2] for cell in cells)
    width, height = LEFT + columns * TILE + 8, TOP + rows * TILE + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for recency, frequency, customers, group, mean, shade in cells:
        x, y = LEFT + (recency - 1) * TILE, TOP + (rows - frequency) * TILE
        bar = (TILE - 20) * customers / most
        parts += [
            box(x + 2, y + 2, TILE - 4, TILE - 4, COLOURS[shade - 1]),
            box(x + 10, y + TILE - 20, bar, 8, "#1f4e79"),
            *label(x + TILE / 2, y + TILE / 2 - 8, group, customers, mean),
        ]
    for score in range(1, columns + 1):
        parts.append(text(LEFT + (score - 0.5) * TILE, height - 34, str(score)))
    for score in range(1, rows + 1):
        parts.append(text(LEFT - 14, TOP + (rows - score + 0.5) * TILE + 4, str(score)))
    middle = TOP + rows * TILE / 2
    parts += [
        text(LEFT + columns * TILE / 2, height - 12, f"recency score: {columns} bought last"),
        f'<g transform="rotate(-90 18 {middle})">',
        text(18, middle, f"frequency score: {rows} bought most often"),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A filled rectangle; x and y are its upper left corner, in pixels."""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x}" y="{y}" {size} rx="4" fill="{colour}"/>'


def text(x: float, y: float, words: str, size: int = 13, weight: str = "normal") -> str:
    """Words centred on x; y is their base line, in pixels."""
    style = f'font-size="{size}" font-weight="{weight}" text-anchor="middle"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'


def label(x: float, y: float, group: str, customers: int, mean: float) -> list[str]:
    """Three lines of text in the middle of a tile: group, customers, what each has spent."""
    return [
        text(x, y - 18, group.replace("_", " "), 11, "bold"),
        text(x, y + 2, f"{customers:,}", 15),
        text(x, y + 20, f"{mean:,.0f} each", 11),
    ]


def main() -> None:
    """Read the database that the arguments name, and write the picture."""
    parser = argparse.ArgumentParser(description="Draw the RFM groups of a built database as SVG.")
    parser.add_argument("--database", required=True, help="DuckDB file that dbt build made")
    parser.add_argument("--output", required=True, type=Path, help="SVG file to write")
    parser.add_argument("--title", default="Customers by recency and frequency", help="its title")
    arguments = parser.parse_args()
    with duckdb.connect(arguments.database, read_only=True) as connection:
        cells = connection.sql(CELLS).fetchall()
    if not cells:
        parser.exit(2, "error: contact_rfm_scores is empty: build data with customers first\n")
    arguments.output.write_text(drawing(cells, arguments.title), encoding="utf-8")


if __name__ == "__main__":
    main()
