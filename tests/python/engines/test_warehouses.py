"""Models for engines that this test does not run: their SQL parses in each dialect.

dbt renders every model with the macros that it would choose there. The adapters themselves are not
installed: where they replace a macro of dbt's own, dbt's default stands in for it, but for quotes
in BigQuery's texts. That the SQL parses does not say that it runs; what does not stands in
docs/engines.md.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from dbt.adapters.duckdb.impl import DuckDBAdapter
from dbt.clients.jinja import MacroGenerator
from dbt.context.providers import BaseDatabaseWrapper
from project import failures, query, read_project, run_dbt
from sqlglot.errors import ParseError

# Which macros an adapter takes, its own first.
PREFIXES = {
    "snowflake": ["snowflake", "default"],
    "bigquery": ["bigquery", "default"],
    "databricks": ["databricks", "spark", "default"],
    "redshift": ["redshift", "postgres", "default"],
    "trino": ["trino", "default"],
}
# What compiles there and means something else, beside what it is written as instead.
MEANS_ANOTHER_THING = {
    "snowflake": {
        r"\b(least|greatest)\(": "least_of, greatest_of: nulls",
        r", 'g'\)": "regexp_replace_all: a fourth argument is a place there",
        r"\btry_cast\((?!cast\(|substr\(cast\()": "try_cast: it takes texts alone",
        r"::timestamp|\btimezone\(": "local_time, utc_from_local",
    },
    "bigquery": {
        r"\b(least|greatest)\((?!coalesce|-?[0-9])": "least_of, greatest_of: nulls",
        r"(?<!to_hex\()\b(md5|sha256)\(": "md5_hex, sha256_hex: bytes there",
        r"\b(percentile_cont|median)\(": "median: a window function there",
        r"\b(split_part|position|regexp_(like|matches)|try_cast)\(": "the macro: there is none",
        r"[\w)] % [\w(](?![^\n]*' as )": "remainder: mod is a function there",
        r", 'g'\)": "regexp_replace_all: no flags there",
        r"\btimestamp_trunc\(|\bdate_trunc\('": "dbt.date_trunc: a week begins on a Sunday there",
        r"\bfilter \(|::|\boffset 0\b": "something else: it is no SQL there",
        r"\bunion\s+select\b": "union distinct",
    },
    "trino": {
        r"\b(least|greatest)\((?!coalesce|-?[0-9])": "least_of, greatest_of: nulls",
        r"(?<!to_hex\()\bmd5\(": "md5_hex: it takes and gives bytes there",
        r"\bsplit_part\(((?!\|\| ')[^\n])*, '[^']*', [2-9]\)": "text_part: a missing part is null",
        r"\bpercentile_cont\(": "median: there is none",
        r", 'g'\)": "regexp_replace_all: no flags there",
        r"\bcoalesce\([^(),]*\)": "the value itself: one value alone is an error there",
        r"\|\| (length|position)\(": "a cast to text: a number is no text there",
        r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d' as date\)": "a day: a moment is none there",
    },
}
# Functions that a warehouse has and the parser does not know. Of others nobody says that they are
# there. Dbt-bigquery, which is not installed, would write no DATEADD.
KNOWN_THERE = {
    "bigquery": {"DATEADD", "FARM_FINGERPRINT"},
    "snowflake": {"HASH", "TRY_TO_TIMESTAMP_TZ"},
}
# Words that no column, table or alias may be without quotes, by the documentation of each.
RESERVED = {
    "snowflake": """
        account all alter and any as between by case cast check column connect connection
        constraint create cross current current_date current_time current_timestamp current_user
        database delete distinct drop else exists false following for from full grant group
        gscluster having ilike in increment inner insert intersect into is issue join lateral
        left like localtime localtimestamp minus natural not null of on or order organization
        qualify regexp revoke right rlike row rows sample schema select set some start table
        tablesample then to trigger true try_cast union unique update using values view when
        whenever where with
    """.split(),  # noqa: SIM905
    "bigquery": """
        all and any array as asc assert_rows_modified at between by case cast collate contains
        create cross cube current default define desc distinct else end enum escape except exclude
        exists extract false fetch following for from full group grouping groups hash having if
        ignore in inner intersect interval into is join lateral left like limit lookup merge
        natural new no not null nulls of on or order outer over partition preceding proto qualify
        range recursive respect right rollup rows select set some struct tablesample then to treat
        true unbounded union unnest using when where window with within
    """.split(),  # noqa: SIM905
}
BACKTICKS = {"bigquery", "databricks"}

dispatch = BaseDatabaseWrapper.dispatch


class BigQueryQuotes:
    """Stands for a macro of dbt-bigquery: it escapes a quote within a text by a backslash."""

    def __init__(self, replaced: MacroGenerator) -> None:
        self.macro = replaced.macro

    def __call__(self, text: str) -> str:
        return text.replace("'", "\\'")


def dispatch_of_locks(
    adapter: BaseDatabaseWrapper, macro_name: str, *names: str, **named: str
) -> MacroGenerator:
    """The macro that dbt chooses; for the lock of a run that of an engine without its own."""
    if "run_lock" not in macro_name:
        return dispatch(adapter, macro_name, *names, **named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "_get_adapter_macro_prefixes", lambda _: ["default"])
        return dispatch(adapter, macro_name, *names, **named)


def dispatch_for_bigquery(
    adapter: BaseDatabaseWrapper, macro_name: str, *names: str, **named: str
) -> MacroGenerator | BigQueryQuotes:
    """The macro that dbt chooses, or what stands for one of dbt-bigquery."""
    found = dispatch(adapter, macro_name, *names, **named)
    return BigQueryQuotes(found) if macro_name == "escape_single_quotes" else found


@pytest.fixture(scope="module")
def models(folder: Path) -> set[str]:
    """Every model; the project is read before macros are chosen otherwise."""
    nodes = read_project(folder / "crm.duckdb", "duckdb", {}).nodes
    return {name for name in nodes if name.startswith("model.")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for dbt's artifacts."""
    return tmp_path_factory.mktemp("warehouses")


@pytest.mark.parametrize("warehouse", PREFIXES)
def test_every_model_parses(
    folder: Path, models: set[str], monkeypatch: pytest.MonkeyPatch, warehouse: str
) -> None:
    """Parsed strictly: nothing is passed over as a command that the parser does not know."""
    monkeypatch.setattr(
        BaseDatabaseWrapper, "_get_adapter_macro_prefixes", lambda _: PREFIXES[warehouse]
    )
    if warehouse == "bigquery":
        monkeypatch.setattr(BaseDatabaseWrapper, "dispatch", dispatch_for_bigquery)
    # Nothing has been built there, so every incremental model compiles as on its first day.
    monkeypatch.setattr(DuckDBAdapter, "list_relations_without_caching", lambda *_: [])
    monkeypatch.setattr(logging.getLogger("sqlglot"), "disabled", True)
    command = ("compile", "-s", "resource_type:model", "--no-populate-cache", "--no-introspect")
    result = run_dbt(*command, database=folder / "crm.duckdb", target=folder)
    assert result.success, failures(result)

    problems = []
    for compiled in result.result.results:
        # The relations are DuckDB's, in its quotes.
        sql = compiled.node.compiled_code.replace('"', "`" if warehouse in BACKTICKS else '"')
        try:
            trees = sqlglot.parse(sql, dialect=warehouse)
        except ParseError as error:
            problems.append(f"{compiled.node.name}: {str(error).splitlines()[0]}")
            continue
        if any(not isinstance(tree, sqlglot.exp.Query) for tree in trees):
            problems.append(f"{compiled.node.name}: not a query")
        problems += unknown_there(compiled.node.name, trees, warehouse)
        problems += grouped_by_texts(compiled.node.name, trees)
        if warehouse == "bigquery":
            problems += filtered_from_nothing(compiled.node.name, trees)
        if warehouse == "snowflake":
            problems += matched_as_a_whole(compiled.node.name, trees)
        if warehouse == "trino":
            problems += grouped_by_aliases(compiled.node.name, trees)
        for pattern, instead in MEANS_ANOTHER_THING.get(warehouse, {}).items():
            if found := re.search(pattern, sql):
                problems.append(f"{compiled.node.name}: {found.group()}: write {instead}")

    assert problems == [], "\n".join(problems)
    # Tests over all models at once are compiled with them.
    assert models <= {compiled.node.unique_id for compiled in result.result.results}


def unknown_there(model: str, trees: list[sqlglot.exp.Expression], warehouse: str) -> Iterator[str]:
    """Names that are reserved words there, and functions that nobody knows to be there."""
    for tree in trees:
        for name in tree.find_all(sqlglot.exp.Identifier):
            if not name.quoted and name.name.lower() in RESERVED.get(warehouse, ()):
                yield f"{model}: {name.name} is a reserved word there"
        for function in tree.find_all(sqlglot.exp.Anonymous):
            known = KNOWN_THERE.get(warehouse)
            if known is not None and function.name.upper() not in known:
                yield f"{model}: is there a function {function.name}?"


def filtered_from_nothing(model: str, trees: list[sqlglot.exp.Expression]) -> Iterator[str]:
    """Conditions of a select that reads nothing, which BigQuery refuses."""
    for select in (found for tree in trees for found in tree.find_all(sqlglot.exp.Select)):
        if select.args.get("where") and not select.args.get("from_"):
            yield f"{model}: {select.sql()[:60]}: no_rows in place of where"


def matched_as_a_whole(model: str, trees: list[sqlglot.exp.Expression]) -> Iterator[str]:
    """Calls of regexp_like that are not the macro's: the whole text has to match on Snowflake."""
    for call in (found for tree in trees for found in tree.find_all(sqlglot.exp.RegexpLike)):
        pattern, flag = call.expression.name, call.args.get("flag")
        if not (
            pattern.startswith(".*(") and pattern.endswith(").*") and flag and flag.name == "s"
        ):
            yield f"{model}: regexp_like of {pattern}: the macro, which looks for a part"


def grouped_by_texts(model: str, trees: list[sqlglot.exp.Expression]) -> Iterator[str]:
    """Groups by a text in quotes, which PostgreSQL and Redshift refuse."""
    for group in (found for tree in trees for found in tree.find_all(sqlglot.exp.Group)):
        if any(key.is_string for key in group.expressions):
            yield f"{model}: {group.sql()[:60]}: having count(*) > 0 in place of group by"


def grouped_by_aliases(model: str, trees: list[sqlglot.exp.Expression]) -> Iterator[str]:
    """Groups by a name that the same select gives, which Trino looks for in what it reads."""
    for select in (found for tree in trees for found in tree.find_all(sqlglot.exp.Select)):
        group = select.args.get("group")
        given = {
            one.alias
            for one in select.expressions
            if isinstance(one, sqlglot.exp.Alias)
            and one.alias not in {column.name for column in one.find_all(sqlglot.exp.Column)}
        }
        for key in group.expressions if group else ():
            if isinstance(key, sqlglot.exp.Column) and not key.table and key.name in given:
                yield f"{model}: group by {key.name}: the expression, or a select before it"


def test_the_lock_of_a_warehouse_lets_one_run_in_until_it_is_too_old(
    folder: Path, models: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried on DuckDB: one table, one update that one run wins, and nothing else."""
    assert models
    monkeypatch.setattr(BaseDatabaseWrapper, "dispatch", dispatch_of_locks)
    database, holder = folder / "crm.duckdb", "main_intermediate.run_lock"

    def run(*command: str) -> str:
        result = run_dbt(*command, database=database, target=folder)
        return "" if result.success else failures(result)

    def hold(since: str) -> None:
        with duckdb.connect(str(database)) as connection:
            connection.sql(
                f"update {holder} set invocation_id = 'other', target_name = 'there',"
                f" taken_at = {since}"
            )

    remember = ("run", "-s", "int_segment_effects__holdout_percents")
    assert run("seed", "-s", "rfm_presets") == ""
    hold("strftime(now() at time zone 'UTC', '%Y-%m-%d %H:%M:%S')")
    assert "run other on target there" in run(*remember)
    assert run("run-operation", "release_run_lock") == ""
    assert run(*remember) == ""
    hold("'2026-01-31 23:59:59'")
    assert run(*remember) == ""
    assert query(database, f"select taken_at from {holder}")["taken_at"].tolist() == [""]
