"""The boards of charts/ name what exists, and show nothing about too few people.

What a browser makes of them is tested by make test-dashboard. Here neither dbt-charts nor a browser
is needed: every query of a board runs on the tables that make dashboard would give it.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import ROOT, failures, run_dbt
from scipy.optimize import Bounds, LinearConstraint, milp

sys.path.insert(0, str(ROOT / "examples" / "dashboard"))
import dashboard
from suppression import Column, Table, UnsafeTable, safe, table_of

BOARDS = sorted(path for path in (ROOT / "charts").glob("*.yml") if path.name != "meta.yml")
CHANNELS = ("x", "y", "y_start", "color", "value", "theta", "size")
Rows = list[list[Any]]


@pytest.fixture(scope="module")
def queried(
    demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Table, list[str], Rows]]:
    """Every table for boards as its query gives it on the demo."""
    result = run_dbt(
        "compile",
        "--select",
        "path:analyses/dashboard",
        database=demo_database,
        target=tmp_path_factory.mktemp("boards"),
    )
    assert result.success, failures(result)
    tables = []
    with duckdb.connect(str(demo_database), read_only=True) as connection:
        for one in result.result.results:
            node = one.node.to_dict()
            found = connection.execute(node["compiled_code"])
            names = [column[0] for column in found.description]
            rows = [[dashboard.plain(value) for value in row] for row in found.fetchall()]
            tables.append((table_of(node["name"], node), names, rows))
    return tables


@pytest.fixture(scope="module")
def shown(
    queried: list[tuple[Table, list[str], Rows]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file that boards read."""
    path = tmp_path_factory.mktemp("shown") / "boards.duckdb"
    dashboard.write_shown(path, queried)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def board(path: Path) -> dict[str, Any]:
    """A board as it is written."""
    return yaml.safe_load(dashboard.without_filters(path.read_text(encoding="utf-8")))


def named_columns(chart: dict[str, Any]) -> set[str]:
    """The columns that a chart names."""
    names = {chart[channel] for channel in CHANNELS if channel in chart}
    names |= {layer["y"] for layer in chart.get("layers", [])}
    names |= {chart["sort"]["by"]} if "sort" in chart else set()
    names |= set(chart.get("style", {}).get("columns", {}))
    names |= set(chart.get("conditional_formatting", {}))
    for spanner in chart.get("spanners", []):
        names |= set(spanner["columns"])
    return names


def missing_columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What boards name and their queries do not give."""
    missing = []
    for path in BOARDS:
        one = board(path)
        given_by = {
            name: {column[0] for column in connection.execute(sql).description}
            for name, sql in one["queries"].items()
        }
        for name, chart in one["charts"].items():
            if "query" in chart:
                lost = named_columns(chart) - given_by[chart["query"]]
                missing += [f"{path.stem}.{name}: {column}" for column in sorted(lost)]
    return missing


def test_every_chart_names_columns_that_its_query_gives(shown: duckdb.DuckDBPyConnection) -> None:
    assert len(BOARDS) == 5
    assert missing_columns(shown) == []


def test_every_table_says_what_each_of_its_columns_holds(
    queried: list[tuple[Table, list[str], Rows]],
) -> None:
    assert {"shown_facts", "shown_segments", "shown_held_back"} <= {t.name for t, _, _ in queried}
    assert [t.name for t, n, _ in queried if {c.name for c in t.columns} != set(n)] == []


def test_every_chart_stands_on_its_board(shown: duckdb.DuckDBPyConnection) -> None:
    for path in BOARDS:
        one = board(path)
        placed = set(re.findall(r"\w+", str(one["rows"])))
        assert set(one["charts"]) <= placed, path.stem
        used = {chart.get("query") for chart in one["charts"].values()}
        assert set(one["queries"]) - used <= set(re.findall(r"'query': '(\w+)'", str(one["rows"])))


def test_a_page_about_one_choice_holds_what_follows_the_filter(
    shown: duckdb.DuckDBPyConnection,
) -> None:
    text = (ROOT / "charts/segments.yml").read_text(encoding="utf-8")
    everything = yaml.safe_load(text)
    filtered = {name for name, sql in everything["queries"].items() if "{{ filter(" in sql}
    kinds = dashboard.choices(text)
    assert {kind for (kind,) in shown.execute("select model from shown_segments").fetchall()} <= {
        *kinds
    }
    for kind in kinds:
        one = dashboard.about_one(text, kind)
        drawn = {c["query"] for c in one["charts"].values() if c["type"] != "kpi"}

        assert drawn == filtered
        assert one["title"].endswith(f": {kind}")
        assert "filter(" not in str(one)
        for name in drawn:
            column = "segments" if name == "reviews" else "segment"
            rows = shown.execute(f"select {column} from ({one['queries'][name]})").fetchall()
            found = {segment for (segments,) in rows for segment in segments.split("; ")}
            other = f"select segment from shown_segments where model = '{kind}'"
            assert found <= {segment for (segment,) in shown.execute(other).fetchall()}, (
                kind,
                name,
            )
    for path in BOARDS:
        other = path.read_text(encoding="utf-8")
        assert dashboard.choices(other) == ([] if path.stem != "segments" else kinds)


def test_exposures_name_the_tables_that_boards_read(manifest: dict[str, Any]) -> None:
    analyses = {
        n["name"]: n for n in manifest["nodes"].values() if n["resource_type"] == "analysis"
    }
    exposures = {
        exposure["config"]["meta"]["board"]: set(exposure["depends_on"]["nodes"])
        for exposure in manifest["exposures"].values()
        if exposure["type"] == "dashboard"
    }
    read = {}
    for path in BOARDS:
        tables = set(
            re.findall(r"\b(?:from|join) (shown_\w+)", "\n".join(board(path)["queries"].values()))
        )
        parents = (analyses[name]["depends_on"]["nodes"] for name in tables)
        read[path.stem] = {
            name
            for name in itertools.chain.from_iterable(parents)
            # Which destinations there are is a variable: an exposure names what is always there.
            if not re.search(r"\.audience_\w+__changes$", name)
        }

    assert exposures == read


def test_boards_read_public_tables_alone(manifest: dict[str, Any]) -> None:
    nodes = manifest["nodes"]
    read = {
        parent
        for node in nodes.values()
        if node["resource_type"] == "analysis" and node["name"].startswith("shown_")
        for parent in node["depends_on"]["nodes"]
    }

    assert len(read) > 15
    assert [name for name in read if nodes[name]["access"] != "public"] == []


def test_no_table_for_boards_has_a_small_number(shown: duckdb.DuckDBPyConnection) -> None:
    """On the demo, of every column of people; and some are hidden, so that the test sees any."""
    tables = [row[0] for row in shown.execute("show tables").fetchall()]
    hidden = 0
    for table in tables:
        columns = [column[0] for column in shown.execute(f"from {table}").description]
        for column in columns:
            if f"{column}_shown" in columns:
                small = f"select count(*) from {table} where {column} between 1 and 4"
                assert shown.execute(small).fetchone() == (0,), (table, column)
                few = f"select count(*) from {table} where {column}_shown = '< 5'"
                hidden += shown.execute(few).fetchone()[0]

    assert hidden > 20


def test_an_address_or_an_id_stops_the_boards() -> None:
    mail = Table("shown_words", (Column("word", "label"),))
    key = Table("shown_keys", (Column("contact_id", "label"),))

    with pytest.raises(UnsafeTable, match="holds an e-mail address"):
        safe(mail, ["word"], [["ann@example.com"]], 5)
    with pytest.raises(UnsafeTable, match="holds a hash"):
        safe(mail, ["word"], [["0123456789abcdef0123456789abcdef"]], 5)
    with pytest.raises(UnsafeTable, match="tells people apart"):
        safe(key, ["contact_id"], [["c1"]], 5)


def test_a_feature_that_is_off_leaves_its_charts_empty(
    queried: list[tuple[Table, list[str], Rows]], tmp_path: Path
) -> None:
    off = {"shown_campaigns", "shown_experiments", "shown_targets"}
    on = [table for table in queried if table[0].name not in off]
    dashboard.write_shown(tmp_path / "boards.duckdb", [*on, *dashboard.left_out(on)])

    assert {table.name for table, _, _ in dashboard.left_out(on)} == off
    with duckdb.connect(str(tmp_path / "boards.duckdb")) as connection:
        assert missing_columns(connection) == []
        for part in ("campaigns", "experiments", "targets"):
            asked = board(ROOT / "charts/results.yml")["queries"][f"has_{part}"]
            assert connection.execute(asked).fetchone() == (0, 1), part


def test_a_renamed_column_stops_the_boards() -> None:
    table = Table("shown_sizes", (Column("segment", "label"), Column("contact_count", "people")))

    with pytest.raises(UnsafeTable, match="member_count"):
        safe(table, ["segment", "member_count"], [["loyal", 12]], 5)


@given(st.text(st.sampled_from("aB9 '\\\n\r\t\u2028\"`<&{}%é\u05d1")))
def test_a_label_of_any_letters_can_be_drawn(label: str) -> None:
    """dct writes labels into expressions as they are; what ends or breaks one is not among them."""
    drawn = dashboard.drawable(label)

    assert not set(drawn) & set("'\\\n\r\u2028")
    kept = [one for one in label if one not in "'\\" and not one.isspace()]
    assert [one for one in drawn if one not in "\u2019/ "] == kept


def test_boards_read_labels_that_can_be_drawn(
    queried: list[tuple[Table, list[str], Rows]], shown: duckdb.DuckDBPyConnection
) -> None:
    labels = {value for _, _, rows in queried for row in rows for value in row}
    assert "Mother's Day" in labels
    seasons = {one for row in shown.execute("from shown_seasons").fetchall() for one in row}

    assert "Mother\u2019s Day" in seasons
    assert not any("'" in str(one) for one in seasons)


ONE_SUM = Table("shown_sums", (Column("name", "label"), Column("people", "people")), ((),))


def texts(counts: list[int], table: Table = ONE_SUM) -> list[str]:
    """What a table with these numbers shows."""
    rows = [[f"row {n}", count] for n, count in enumerate(counts)]
    return [row[-1] for row in safe(table, ["name", "people"], rows, 5)[1]]


def test_a_small_number_takes_another_with_it() -> None:
    """Or the sum would give it away; and zero is nobody."""
    assert texts([3, 40, 60, 0]) == ["< 5", "hidden", "60", "0"]


def test_a_rate_goes_with_its_number() -> None:
    columns = (Column("opened", "people", out_of=("sent",)), Column("sent", "people"))
    table = Table("shown_rates", (*columns, Column("rate", "figure", of=("opened", "sent"))))
    rows = safe(
        table, ["opened", "sent", "rate"], [[3, 50, 0.06], [48, 50, 0.96], [9, 50, 0.18]], 5
    )

    assert [row[-1] for row in rows[1]] == [None, None, 0.18]
    assert [row[1] for row in rows[1]] == ["< 5", "hidden", "9"]


def could_be(
    counts: list[int], said: list[str], lines: list[list[int]]
) -> list[tuple[float, float]]:
    """The least and the most of each number for one who knows all sums and all that is shown.

    Args:
        counts: The numbers.
        said: What is shown of each.
        lines: Places of numbers whose sum is known.
    """
    # Who knows the rules knows that "hidden" is a large number, unless nothing says "< 5".
    least = 5 if "< 5" in said else 1
    bounds = {"< 5": (1, 4), "hidden": (least, np.inf)}
    low, high = np.array(
        [bounds.get(text, (count, count)) for count, text in zip(counts, said, strict=True)]
    ).T
    sums = np.array([[place in line for place in range(len(counts))] for line in lines], float)
    known = sums @ np.array(counts)
    ranges = []
    for place in range(len(counts)):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(counts))
            aim[place] = sign
            found = milp(
                aim,
                integrality=np.ones(len(counts)),
                bounds=Bounds(low, high),
                constraints=LinearConstraint(sums, known, known),
            )
            assert found.status in {0, 3}, "what is shown contradicts the sums"
            ends.append(sign * round(found.fun) if found.status == 0 else np.inf)
        ranges.append((ends[0], ends[1]))
    return ranges


def gives_nothing_away(counts: list[int], said: list[str], lines: list[list[int]]) -> None:
    """Fail where a reader could narrow a hidden number down."""
    for (low, high), text in zip(could_be(counts, said, lines), said, strict=True):
        if text == "< 5":
            assert (low, high) == (1, 4), (counts, said)
        elif text == "hidden":
            assert high > low, (counts, said)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=6))
def test_a_hidden_number_could_be_any_small_one(counts: list[int]) -> None:
    """By integer programming, where the boards use another problem to find what to hide."""
    said = texts(counts)
    # Rows may be left out; and a sum below five is not shown itself.
    if len(said) == len(counts) and sum(counts) >= 5:
        gives_nothing_away(counts, said, [list(range(len(counts)))])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=9, max_size=9))
def test_rows_and_columns_that_add_up_give_nothing_away(counts: list[int]) -> None:
    columns = (Column("row", "label"), Column("column", "label"), Column("people", "people"))
    table = Table("shown_grid", columns, (("row",), ("column",), ()))
    places = list(itertools.product("abc", "xyz"))
    rows = [[*place, count] for place, count in zip(places, counts, strict=True)]
    said = [row[-1] for row in safe(table, ["row", "column", "people"], rows, 5)[1]]
    lines = [[3 * a + b for b in range(3)] for a in range(3)]
    lines += [[3 * a + b for a in range(3)] for b in range(3)] + [list(range(9))]
    if len(said) == len(counts):
        gives_nothing_away(counts, said, [x for x in lines if sum(counts[n] for n in x) >= 5])


def test_the_tables_of_the_demo_give_nothing_away(
    queried: list[tuple[Table, list[str], Rows]],
) -> None:
    judged = 0
    for table, names, rows in queried:
        for column in (column for column in table.columns if column.holds == "people"):
            shown_names, shown_rows = safe(table, names, rows, 5)
            for shared in table.adds_up_within:
                groups: dict[tuple[Any, ...], list[int]] = {}
                for place, row in enumerate(rows):
                    key = tuple(row[names.index(name)] for name in shared)
                    groups.setdefault(key, []).append(place)
                for key, places in groups.items():
                    counts = [int(rows[place][names.index(column.name)]) for place in places]
                    texts = shown_names.index(f"{column.name}_shown")
                    said = [shown_rows[place][texts] for place in places]
                    if None not in key and "< 5" in said and sum(counts) >= 5:
                        gives_nothing_away(counts, said, [list(range(len(counts)))])
                        judged += 1

    assert judged > 5


def test_the_cheap_test_sees_a_renamed_column(
    shown: duckdb.DuckDBPyConnection, tmp_path: Path, copy_of: Callable[[Path], Path]
) -> None:
    """As after a rename in a mart that the query of a table follows and a board does not."""
    with duckdb.connect(str(copy_of(tmp_path / "boards.duckdb"))) as connection:
        connection.execute("alter table shown_reviews rename column owned_by to owner")
        with pytest.raises(duckdb.BinderException, match="owned_by"):
            missing_columns(connection)


@pytest.fixture
def copy_of(shown: duckdb.DuckDBPyConnection) -> Callable[[Path], Path]:
    """Copies the file that boards read."""

    def copy(path: Path) -> Path:
        with duckdb.connect(str(path)) as connection:
            for (name,) in shown.execute("show tables").fetchall():
                rows = shown.execute(f"from {name}").to_arrow_table()
                connection.register("rows", rows)
                connection.execute(f"create table {name} as from rows")
                connection.unregister("rows")
        return path

    return copy
