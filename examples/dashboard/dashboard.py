"""Write the boards of charts/ as pages that may be forwarded, or serve them on this machine.

Boards never see the project's database. The queries of analyses/dashboard give aggregates of the
public tables; ``suppression.py`` hides what is about too few people; what is left goes into a small
DuckDB file, and that is all that boards read. Pages are written twice, for wide and for narrow
screens, into one file each, with an index beside them. Nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml
from suppression import Table, UnsafeTable, safe, table_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "build"))
BOARDS = ROOT / "charts"
# What each table for boards holds.
DECLARED = ROOT / "analyses/dashboard/_dashboard.yml"
# What dct reads: boards for both widths and the file with what they may show.
WORK = Path("target/dashboard/work")
SHOWN = "boards.duckdb"
# The demo with a history, and how far it goes back.
DEMO = ROOT / "target/dashboard/demo/crm.duckdb"
HISTORY_DAYS = 150
RUN_INFO = """
    select schema_name || '.run_info' from duckdb_tables() where table_name = 'run_info'
    union all select schema_name || '.run_info' from duckdb_views() where view_name = 'run_info'
"""
# Pixels of a phone, and below how many a window gets the page made for it.
PHONE_WIDTH, PHONE_BELOW = 390, 700
# Of a table, a phone shows so many columns.
PHONE_COLUMNS = 3
PHONE_LABEL_WIDTH = 190
# Longer labels of bars are broken into lines of at most so many letters.
PHONE_LABEL_LETTERS = 28
DCT = Path(sys.executable).with_name("dct")
# What a query of a board says where a reader of the served board may choose.
FILTER = re.compile(r"\{\{ filter\('(\w+)', \w+\) \}\}")
# A table for boards, the names of its columns, and its rows.
Shown = tuple[Table, list[str], list[list[Any]]]
QUIET = {"DO_NOT_TRACK": "1", "DCT_NO_WORKSPACE_GUARD": "1"}


def query_tables(target: str | None) -> list[Shown]:
    """Every table for boards as its query gives it, with what its columns hold.

    Args:
        target: The target of profiles.yml; its default for None.

    Raises:
        RuntimeError: dbt could not run a query.
    """
    from dbt_show import shown
    from own_variables import with_own_variables

    flags = ["--target", target] if target else []
    words = with_own_variables(["--select", "path:analyses/dashboard", *flags])
    tables = []
    for one in shown(*words):
        node = one.node.to_dict()
        rows = [[plain(value) for value in row] for row in one.agate_table.rows]
        tables.append((table_of(node["name"], node), list(one.agate_table.column_names), rows))
    return sorted([*tables, *left_out(tables)], key=lambda table: table[0].name)


def left_out(tables: Iterable[Shown]) -> list[Shown]:
    """The tables of features that are off: empty, so that boards say that nothing is there.

    Args:
        tables: Those that dbt gave, which leaves the others out.
    """
    given = {table.name for table, _, _ in tables}
    declared = yaml.safe_load(DECLARED.read_text("utf-8"))["analyses"]
    missing = []
    for one in declared:
        if one["name"] not in given:
            columns = {column["name"]: column for column in one["columns"]}
            node = {"config": one.get("config", {}), "columns": columns}
            missing.append((table_of(one["name"], node), list(columns), []))
    return missing


def plain(value: Any) -> Any:  # noqa: ANN401
    """A value as DuckDB takes it: whole numbers as such, other numbers as they are."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def smallest_shown_count(tables: Iterable[Shown]) -> int:
    """The variable of that name, which one of the tables has."""
    for table, names, rows in tables:
        if table.name == "shown_facts":
            return int(rows[0][names.index("smallest_shown_count")])
    raise UnsafeTable("shown_facts is missing, so nobody knows what may be shown")


def write_shown(path: Path, tables: Sequence[Shown]) -> None:
    """Write what boards may read, and nothing else, into a new DuckDB file."""
    smallest = smallest_shown_count(tables)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as database:
        for table, names, rows in tables:
            shown_names, shown_rows = safe(table, names, rows, smallest)
            types = [_type(table, name, shown_rows, n) for n, name in enumerate(shown_names)]
            columns = ", ".join(f'"{n}" {t}' for n, t in zip(shown_names, types, strict=True))
            database.execute(f'create table "{table.name}" ({columns})')
            texts = [
                [
                    drawable(str(value)) if kind == "varchar" and value is not None else value
                    for value, kind in zip(row, types, strict=True)
                ]
                for row in shown_rows
            ]
            for start in range(0, len(texts), 100):
                some = texts[start : start + 100]
                marks = ", ".join(f"({', '.join('?' for _ in types)})" for _ in some)
                values = [value for row in some for value in row]
                database.execute(f'insert into "{table.name}" values {marks}', values)


def drawable(text: str) -> str:
    """A label that charts can draw: dct writes labels into expressions without escaping them.

    A straight apostrophe or a backslash would end or change such an expression, and a line break is
    not allowed in one, so that the whole page would not be drawn.

    Args:
        text: A label, such as ``Mother's Day``.

    Returns:
        The same on one line, with a typographic apostrophe, and a slash for a backslash.
    """
    return " ".join(text.replace("'", "\u2019").replace("\\", "/").split())


def _type(table: Table, name: str, rows: list[list[Any]], place: int) -> str:
    """DuckDB's type of a column of what is shown."""
    holds = {column.name: column.holds for column in table.columns}
    if name not in holds:
        return "varchar"
    values = [row[place] for row in rows if row[place] is not None]
    if holds[name] == "people":
        return "bigint"
    if holds[name] == "figure":
        return "double"
    if values and all(isinstance(value, bool) for value in values):
        return "boolean"
    if values and all(isinstance(value, int) for value in values):
        return "bigint"
    if values and all(isinstance(value, int | float) for value in values):
        return "double"
    if values and all(re.fullmatch(r"\d{4}-\d\d-\d\d( 00:00:00)?", str(v)) for v in values):
        return "date"
    return "varchar"


def boards() -> list[Path]:
    """The boards, in the order in which the index names them."""
    found = [path for path in BOARDS.glob("*.yml") if path.name != "meta.yml"]
    return sorted(found, key=lambda path: yaml.safe_load(path.read_text("utf-8"))["tags"])


def without_filters(text: str) -> str:
    """A board as it is for a page about everything: what a reader could choose from is left out.

    Args:
        text: The board, as it is written.
    """
    text = FILTER.sub("true", text)
    return re.sub(r"^(#.*\n)?variables:\n(?: .*\n)+\n", "", text, flags=re.MULTILINE)


def choices(text: str) -> list[str]:
    """What a reader of a served board may choose from; nothing where it has no filter."""
    variables = yaml.safe_load(text).get("variables", {})
    return [value for one in variables.values() for value in one["options"]["static"]]


def about_one(text: str, choice: str) -> dict[str, Any]:
    """A board about one of its choices: charts that follow the filter, and single figures.

    Args:
        text: The board, as it is written, with one filter.
        choice: One of the values that its filter offers.
    """
    board = yaml.safe_load(text)
    (variable,) = board.pop("variables").values()
    following = {name for name, sql in board["queries"].items() if FILTER.search(sql)}
    board["title"] += f" \N{EN DASH} {variable['label'].lower()}: {choice}"
    board["queries"] = {
        name: FILTER.sub(lambda found: f"{found[1]} = '{choice}'", sql)
        for name, sql in board["queries"].items()
    }

    def kept(item: Any) -> Any:  # noqa: ANN401
        if isinstance(item, str):
            chart = board["charts"][item]
            return item if chart["type"] == "kpi" or chart["query"] in following else None
        for place in {"rows", "cols"} & set(item):
            item = {**item, place: [one for one in map(kept, item[place]) if one]}
            if not item[place]:
                return None
        return item

    board["rows"] = [row for row in map(kept, board["rows"]) if row]
    placed = set(re.findall(r"\w+", str(board["rows"])))
    board["charts"] = {name: one for name, one in board["charts"].items() if name in placed}
    used = {one["query"] for one in board["charts"].values()}
    used |= set(re.findall(r"'query': '(\w+)'", str(board["rows"])))
    board["queries"] = {name: sql for name, sql in board["queries"].items() if name in used}
    return board


def is_filled(board: Mapping[str, Any], shown: duckdb.DuckDBPyConnection) -> bool:
    """Whether a chart of a board, single figures aside, has anything to draw."""
    drawn = {chart["query"] for chart in board["charts"].values() if chart["type"] != "kpi"}
    return any(shown.execute(board["queries"][name]).fetchone() is not None for name in drawn)


def pages() -> dict[str, dict[str, Any]]:
    """What is written, by file name: every board, and it about each of its choices that has any."""
    found = {}
    with duckdb.connect(str(WORK / SHOWN), read_only=True) as shown:
        for path in boards():
            text = path.read_text("utf-8")
            found[path.stem] = yaml.safe_load(without_filters(text))
            for choice in choices(text):
                board = about_one(text, choice)
                if is_filled(board, shown):
                    found[f"{path.stem}_{choice}"] = board
    return found


def for_phones(board: Mapping[str, Any]) -> dict[str, Any]:
    """A board for a narrow screen: what stands side by side stands below each other."""

    def stacked(item: Any) -> Any:  # noqa: ANN401
        if not isinstance(item, dict):
            return item
        item = {name: value for name, value in item.items() if name not in {"width", "height"}}
        if "cols" in item:
            item["rows"] = item.pop("cols")
        if "rows" in item:
            item["rows"] = [stacked(one) for one in item["rows"]]
        return item

    narrow = stacked(board)
    style = dict(narrow.get("style", {}))
    style["frame"] = {**style.get("frame", {}), "width": PHONE_WIDTH}
    narrow["style"] = style
    narrow["charts"] = {name: _narrow(chart) for name, chart in board["charts"].items()}
    return narrow


def _narrow(chart: Mapping[str, Any]) -> dict[str, Any]:
    """A chart for a narrow screen: of a table the first columns, short labels beside bars."""
    chart = json.loads(json.dumps(chart))
    if "max_width" in chart.get("style", {}).get("axis_x", {}).get("labels", {}):
        labels = chart["style"]["axis_x"]["labels"]
        labels["max_width"] = PHONE_LABEL_WIDTH
        lines = f"regexp('(.{{1,{PHONE_LABEL_LETTERS}}})( |$)', 'g')"
        labels["expr"] = f"split(trim(replace(datum.label, {lines}, '$1\\n')), '\\n')"
    if "color" in chart:
        chart["style"].setdefault("legend", {})["compact_columns"] = 1
    if chart["type"] == "table":
        for place, column in enumerate(chart["style"]["columns"].values()):
            column.pop("width", None)
            # What stands below a common head is narrow, like a score.
            if place >= PHONE_COLUMNS and "spanners" not in chart:
                column["visible"] = False
    return chart


def demo_with_history(target: str | None) -> None:
    """Give the demo half a year of measured days, in a copy that the boards then read.

    A company has a history of its own from the days on which it ran. The copy is made anew when the
    demo has been built since.

    Args:
        target: The target that was asked for; only the demo of ``make build`` is meant here.

    Raises:
        RuntimeError: A day could not be measured; dbt has said why.
    """
    database = ROOT / "crm.duckdb"
    if target or "CRM_DUCKDB_PATH" in os.environ or not database.exists():
        return
    if not (DEMO.exists() and DEMO.stat().st_mtime > database.stat().st_mtime):
        with duckdb.connect(str(database), read_only=True) as connection:
            place = connection.execute(RUN_INFO).fetchone()
            run = place and connection.execute(f"select is_demo, as_of_date from {place[0]}")
            is_demo, as_of_date = run.fetchone() if run else (False, None)
        if not is_demo:
            return
        print(
            "Measuring the demo at the last month ends, so that boards show what grew", flush=True
        )
        shutil.rmtree(DEMO.parent, ignore_errors=True)
        DEMO.parent.mkdir(parents=True)
        # Until the last day has been measured the copy is not there.
        building = DEMO.parent / "building" / DEMO.name
        building.parent.mkdir()
        shutil.copy(database, building)
        first_day = as_of_date - timedelta(days=HISTORY_DAYS)
        days = ["--from", str(first_day), "--to", str(as_of_date)]
        script = ROOT / "examples/backfill/backfill.py"
        environment = {**os.environ, "CRM_DUCKDB_PATH": str(building)}
        command = [sys.executable, str(script), *days, "--step", "month"]
        if subprocess.run(command, env=environment, check=False).returncode:
            raise RuntimeError("the demo's past months could not be measured, see above")
        building.rename(DEMO)
    os.environ["CRM_DUCKDB_PATH"] = str(DEMO)


def prepare(target: str | None) -> dict[str, dict[str, Any]]:
    """Write what dct reads, from the database and the boards as they are now.

    Returns:
        What ``pages`` gives.
    """
    write_shown(WORK / SHOWN, query_tables(target))
    (WORK / "dbt_charts.yml").write_text(
        yaml.safe_dump({"sources": {"boards": {"type": "duckdb", "path": SHOWN}}}), "utf-8"
    )
    shutil.rmtree(WORK / "charts", ignore_errors=True)
    (WORK / "charts").mkdir()
    shutil.copy(BOARDS / "meta.yml", WORK / "charts")
    written = pages()
    for name, board in written.items():
        for width, drawn in (("", board), ("_phone", for_phones(board))):
            text = yaml.safe_dump(drawn, sort_keys=False, allow_unicode=True)
            (WORK / "charts" / f"{name}{width}.yml").write_text(text, "utf-8")
    return written


def run_dct(*arguments: str, is_told: bool = True) -> int:
    """Run dct without telemetry.

    Args:
        arguments: Its command and flags.
        is_told: Whether what it prints is shown also when it succeeds.

    Returns:
        Its exit code.
    """
    printed = {} if is_told else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    environment = {**os.environ, **QUIET}
    ended = subprocess.run(
        [str(DCT), *arguments], env=environment, text=True, check=False, **printed
    )
    if ended.returncode and ended.stdout:
        print(ended.stdout, file=sys.stderr)
    return ended.returncode


def render(written: Mapping[str, Mapping[str, Any]], output: Path) -> int:
    """Render every board for both widths and put the two into one page; dct's exit code.

    Args:
        written: The pages that ``prepare`` wrote for dct.
        output: The folder of the pages.
    """
    sources = [WORK / "charts" / f"{n}{width}.yml" for n in written for width in ("", "_phone")]
    rendered = (WORK / "rendered").resolve()
    shutil.rmtree(rendered, ignore_errors=True)
    # dct names two files for every page, which are not those to open.
    print(f"Drawing {len(written)} pages, each for wide and for narrow windows", flush=True)
    code = run_dct(
        "render", *map(str, sources), "--project-dir", str(WORK),
        "--format", "html", "--no-cache", "--no-warnings", "--output", f"{rendered}/{{stem}}.html",
        is_told=False,
    )  # fmt: skip
    if code:
        return code
    output.mkdir(parents=True, exist_ok=True)
    for path in boards():
        for old in output.glob(f"{path.stem}_*.html"):
            old.unlink()
    for name, board in written.items():
        wide = (rendered / f"{name}.html").read_text("utf-8")
        narrow = (rendered / f"{name}_phone.html").read_text("utf-8")
        (output / f"{name}.html").write_text(both_widths(wide, narrow, board["title"]), "utf-8")
    (output / "index.html").write_text(index_page(written), "utf-8")
    for name, board in written.items():
        print(f"{output / name}.html: {board['title']}")
    print(f"Open {output / 'index.html'}")
    return 0


def board_of(page: str) -> str:
    """The drawing of a board from the page that dct wrote."""
    start = page.index("<svg", page.index('class="dbt-charts-svg-container'))
    depth = 0
    for tag in re.compile(r"<svg\b[^>]*?(/?)>|</svg>").finditer(page, start):
        depth += -1 if tag.group().startswith("</") else 0 if tag.group(1) else 1
        if depth == 0:
            return page[start : tag.end()]
    raise ValueError("dct wrote a page without a whole drawing")


def both_widths(wide: str, narrow: str, title: str) -> str:
    """One page that shows one of two drawings, by the width of the window.

    Args:
        wide: The page for wide windows.
        narrow: The page for narrow ones.
        title: What a reader of screens hears first.
    """
    drawing = board_of(narrow)
    # Names inside a drawing must not meet those of the other; fonts stand in the first.
    drawing = re.sub(r"@font-face\s*{[^}]*}", "", drawing)
    for attribute in (r'(?<![\w-])id="', r'href="#', r"url\(#", r'aria-labelledby="', r'for="'):
        drawing = re.sub(f"({attribute})(?=[A-Za-z_])", r"\1phone-", drawing)
    style = (
        "<style>.crm-phone{display:none}.crm-phone>svg{width:100%;height:auto}"
        f"@media(max-width:{PHONE_BELOW}px)"
        "{.dbt-charts-wrapper{display:none}.crm-phone{display:block}}"
        ".crm-home{display:block;padding:10px 16px;font:14px system-ui,sans-serif}"
        ".crm-heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
        "</style>"
    )
    home = '<nav><a class="crm-home" href="index.html">All boards</a></nav>'
    home += f'<main><h1 class="crm-heard">{html.escape(title)}</h1>'
    page = wide.replace("</head>", f"{style}</head>", 1)
    page = re.sub(r"(<body[^>]*>)", lambda body: body.group(1) + home, page, count=1)
    page = re.sub(r"<html(?![^>]*\blang=)", '<html lang="en"', page, count=1)
    return page.replace("</body>", f'<div class="crm-phone">{drawing}</div></main></body>', 1)


def index_page(written: Mapping[str, Mapping[str, Any]]) -> str:
    """The page that names all boards, and below each the pages about one of its choices.

    Args:
        written: The boards by file name without ending.
    """
    entries = []
    for path in boards():
        board = written[path.stem]
        about = [name for name in written if name.startswith(f"{path.stem}_")]
        links = ", ".join(
            f'<a href="{name}.html">{html.escape(name.removeprefix(path.stem + "_"))}</a>'
            for name in about
        )
        entries.append(
            f'<li><a class="board" href="{path.stem}.html">{html.escape(board["title"])}</a>'
            f"<p>{html.escape(board['notes'])}</p>"
            + (f"<p>One page for each kind: {links}.</p>" if links else "")
            + "</li>"
        )
    items = "\n".join(entries)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Customer boards</title>
<style>
body{{font:16px/1.5 system-ui,sans-serif;color:#22262b}}
body{{max-width:44rem;margin:3rem auto;padding:0 1rem}}
h1{{font-size:1.6rem}} ul{{list-style:none;padding:0}}
li{{border:1px solid #d8dce1;border-radius:8px;padding:1rem 1.2rem;margin:1rem 0}}
li a{{color:#1f5fa8}}
li a.board{{font-size:1.15rem;font-weight:600;text-decoration:none}} p{{margin:.3rem 0 0}}
</style></head><body><main>
<h1>Customer boards</h1>
<p>Each page is a file of its own and can be sent on: it holds aggregates alone,
and small numbers of people are hidden.</p>
<ul>
{items}
</ul></main></body></html>
"""


def main() -> int:
    """Read the command line, write or serve; 0 when every chart was drawn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("target/dashboard"), help="folder")
    parser.add_argument("--target", help="target of profiles.yml; its default if left out")
    parser.add_argument("--serve", action="store_true", help="serve the boards on localhost")
    given = parser.parse_args()
    try:
        demo_with_history(given.target)
        written = prepare(given.target)
    except (RuntimeError, UnsafeTable) as problem:
        print(f"No boards were written: {problem}", file=sys.stderr)
        return 1
    if given.serve:
        return run_dct("serve", "--project-dir", str(ROOT), "--host", "localhost", "--no-cache")
    return render(written, given.output)


if __name__ == "__main__":
    sys.exit(main())
