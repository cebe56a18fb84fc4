"""Checks what arrives and what leaves with Great Expectations, and writes the result as HTML.

    python tests/expectations/validate.py --database crm.duckdb --output target/data_docs --demo

Run it after `dbt build`. It exits with 1 when a critical expectation fails.
"""

from __future__ import annotations

import argparse
import datetime
import html
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.expectations.expectation import Expectation
    from recounted import Column

# Read when Great Expectations is imported, which takes seconds: so it is imported where it is used.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

# Folders of leaving tables with personal data: of their columns pages show counts and no values.
PERSONAL_FOLDERS = {"personal", "audiences"}
NOT_TRIED = "The expectation could not be tried. Run it on the table to see why."


@dataclass(frozen=True)
class Failure:
    """One expectation that did not hold.

    Attributes:
        suite: ``arriving`` or ``leaving``.
        table: Name of the table.
        expectation: Name of the expectation, e.g. ``expect_column_values_to_be_unique``.
        column: The column, or the columns with a comma between; empty for the table as a whole.
        unexpected_count: Rows that break it; None where it is not about single rows.
        examples: Up to 20 values that break it, what was seen instead, or the error that stopped
            it. These may be personal data.
        severity: ``critical``, ``warning`` or ``info``.
    """

    suite: str
    table: str
    expectation: str
    column: str
    unexpected_count: int | None
    examples: tuple[Any, ...]
    severity: str


@dataclass(frozen=True)
class Outcome:
    """What became of the expectations on one table.

    Attributes:
        suite: ``arriving`` or ``leaving``.
        table: Name of the table.
        held: Number of expectations that held.
        failures: Those that did not.
        is_absent: True for a raw table that this database does not have.
    """

    suite: str
    table: str
    held: int = 0
    failures: tuple[Failure, ...] = ()
    is_absent: bool = False


def read_arriving(database: Path, raw_schema: str = "main_raw") -> dict[str, pd.DataFrame]:
    """Read the raw tables, every value as text, an empty text as null.

    Args:
        database: DuckDB file.
        raw_schema: Schema of the raw tables.

    Returns:
        The tables by name; one that the schema does not have is left out.

    Raises:
        duckdb.IOException: The file is missing or in use.
    """
    from arriving import EXPECTATIONS

    with duckdb.connect(str(database), read_only=True) as connection:
        present = connection.execute(
            "select table_name from information_schema.tables"
            " where table_schema = ? and table_catalog = current_database()",
            [raw_schema],
        ).fetchall()
        return {
            table: connection.sql(
                "select nullif(trim(cast(columns(*) as varchar)), '')"
                f' from "{raw_schema}"."{table}"'
            ).df()
            for table in EXPECTATIONS
            if (table,) in present
        }


def read_leaving(database: Path, schema: str = "main") -> dict[str, pd.DataFrame]:
    """Read the public tables, and the ones that they are compared with.

    Args:
        database: DuckDB file.
        schema: Schema of the dbt target; the tables stand in ``<schema>_contacts`` and so on.

    Returns:
        The tables by name. Each is held in memory whole.

    Raises:
        duckdb.CatalogException: A table is missing: `dbt build` has not run here.
        duckdb.IOException: The file is missing or in use.
    """
    from leaving import FOLDERS

    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            table: connection.sql(f'from "{schema}_{folder}"."{table}"').df()
            for table, folder in FOLDERS.items()
        }


def validate_frames(
    arriving: Mapping[str, pd.DataFrame],
    leaving: Mapping[str, pd.DataFrame],
    output: Path,
    *,
    as_of_date: datetime.date | None = None,
    demo: bool = False,
) -> list[Outcome]:
    """Check data frames against both suites.

    Args:
        arriving: Raw tables by name, all text. Any may be absent.
        leaving: Public tables by name; all that ``leaving.FOLDERS`` names.
        output: Folder for Data Docs; pages of an earlier run there are replaced. The pages take
            their style sheets from the network. They count what breaks an expectation, and show
            values only of tables that a BI tool may read, escaped.
        as_of_date: Day that everything is measured at (UTC). None: the day in segment_memberships.
        demo: Whether to expect what only the demo promises too, such as its number of rows.

    Returns:
        One outcome per table, arriving first, in the order of the suites.

    Raises:
        KeyError: A public table or a column of one is missing.
        ValueError: No as-of date is given, and segment_memberships has no row to take it from.
    """
    import arriving as arriving_suite
    import leaving as leaving_suite
    import recounted

    if as_of_date is None:
        as_of_date = leaving["segment_memberships"]["as_of_date"].max()
        if pd.isna(as_of_date):
            raise ValueError("segment_memberships is empty: pass as_of_date")
    last_day = pd.Timestamp(as_of_date).to_pydatetime()
    parameters = {
        "as_of_date": last_day,
        "day_after": last_day + datetime.timedelta(days=1),
        "contact_count": len(leaving["contacts"]),
    }
    tables = {name: rows.reset_index(drop=True) for name, rows in {**arriving, **leaving}.items()}
    context = _context(output)
    outcomes = []
    for suite, module, columns in (
        ("arriving", arriving_suite, recounted.ARRIVING),
        ("leaving", leaving_suite, recounted.LEAVING),
    ):
        for table, expectations in module.EXPECTATIONS.items():
            if suite == "arriving" and table not in arriving:
                outcomes.append(Outcome(suite, table, is_absent=True))
                continue
            rows = _with_columns(tables, table, columns.get(table, {}), strict=suite == "leaving")
            if demo:
                expectations = expectations + module.DEMO_EXPECTATIONS.get(table, [])
            if suite == "arriving":
                # An optional column need not arrive; that a required one is there is expected too.
                expectations = [e for e in expectations if {*_columns(e)} <= {*rows.columns}]
            outcomes.append(_outcome(context, suite, table, rows, expectations, parameters))
    _strip(context)
    context.build_data_docs()
    return outcomes


def validate(
    database: Path,
    output: Path,
    *,
    raw_schema: str = "main_raw",
    schema: str = "main",
    as_of_date: datetime.date | None = None,
    demo: bool = False,
) -> list[Failure]:
    """Check a built DuckDB file against both suites.

    Args:
        database: DuckDB file, after `dbt build`.
        output: Folder for Data Docs; see ``validate_frames``.
        raw_schema: Schema of the raw tables: the demo's own, or the variable ``raw_schema``.
        schema: Schema of the dbt target.
        as_of_date: Day that everything is measured at (UTC). None: the day in segment_memberships.
        demo: Whether to expect what only the demo promises too.

    Returns:
        The expectations that did not hold, of any severity. Raw tables that are absent are skipped.

    Raises:
        duckdb.Error: The file or a public table is missing, or the file is in use.
        ValueError: There is no as-of date.
    """
    outcomes = validate_frames(
        read_arriving(database, raw_schema),
        read_leaving(database, schema),
        output,
        as_of_date=as_of_date,
        demo=demo,
    )
    return [failure for outcome in outcomes for failure in outcome.failures]


def _context(output: Path) -> EphemeralDataContext:
    """A context that keeps nothing but the pages that it writes to ``output``."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    if (output / "static" / "styles" / "data_docs_default_styles.css").exists():
        # Data Docs adds to what is there; a table that is gone would keep its pages.
        for folder in ("expectations", "validations", "static"):
            shutil.rmtree(output / folder, ignore_errors=True)
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        ),
    )
    context.add_data_docs_site(
        "data_docs",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(output.resolve()),
            },
        },
    )
    for suite in ("arriving", "leaving"):
        context.data_sources.add_pandas(suite)
    return context


def _strip(context: EphemeralDataContext) -> None:
    """Leave of every result what its page may show: Data Docs escapes nothing that it is given."""
    from leaving import FOLDERS

    store = context.validation_results_store
    for key in store.list_keys():
        outcome = store.get(key)
        suite, _, table = outcome.suite_name.partition("_")
        is_shown = suite == "leaving" and FOLDERS[table] not in PERSONAL_FOLDERS
        for each in outcome.results:
            found = {name: _shown(value, is_shown) for name, value in (each.result or {}).items()}
            if "unexpected_percent" not in found:
                # Without a share Great Expectations fails to draw the table of such values.
                found = {name: found[name] for name in found if "unexpected" not in name}
            each.result = found
            each.exception_info = _without_values(each.exception_info)
        store.set(key, outcome)


def _shown(value: object, is_shown: bool) -> object:
    """Numbers and lists of numbers; texts as well, escaped, where values may be shown."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        texts = {str(name): _shown(each, is_shown) for name, each in value.items()}
        return {name: each for name, each in texts.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_shown(each, is_shown) for each in value] if is_shown else []
    return html.escape(str(value)) if is_shown else None


def _without_values(exception_info: Mapping[str, Any] | None) -> dict[str, Any]:
    """That an expectation could not be tried, without the message, which quotes values."""
    if not (exception_info or {}).get("raised_exception", bool(_errors(exception_info))):
        return {"raised_exception": False, "exception_message": None, "exception_traceback": None}
    return {"raised_exception": True, "exception_message": NOT_TRIED, "exception_traceback": ""}


def _errors(exception_info: Mapping[str, Any] | None) -> list[str]:
    """Messages of what was raised while an expectation was tried, one per metric."""
    return [
        error["exception_message"]
        for error in (exception_info or {}).values()
        if isinstance(error, Mapping) and error.get("raised_exception")
    ]


def _with_columns(
    tables: Mapping[str, pd.DataFrame],
    table: str,
    columns: Mapping[str, Column],
    *,
    strict: bool,
) -> pd.DataFrame:
    """The table with its recounted columns; not strict: without those that lack their input."""
    added = {}
    for name, column in columns.items():
        try:
            added[name] = column(tables)
        except KeyError:
            if strict:
                raise
    return tables[table].assign(**added)


def _columns(expectation: Expectation) -> list[str]:
    """The columns that an expectation is about; none for the table as a whole."""
    single = [getattr(expectation, name, None) for name in ("column", "column_A", "column_B")]
    return [name for name in single if name] + list(getattr(expectation, "column_list", []))


def _outcome(
    context: EphemeralDataContext,
    suite: str,
    table: str,
    rows: pd.DataFrame,
    expectations: Iterable[Expectation],
    parameters: Mapping[str, object],
) -> Outcome:
    """Run the expectations on one table."""
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    asset = context.data_sources.get(suite).add_dataframe_asset(table)
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name=f"{suite}_{table}",
            data=asset.add_batch_definition_whole_dataframe("all_rows"),
            suite=context.suites.add(
                # Copies, because an expectation belongs to one suite and the lists are used again.
                gx.ExpectationSuite(
                    name=f"{suite}_{table}", expectations=[e.copy(deep=True) for e in expectations]
                )
            ),
        )
    )
    result = definition.run(
        batch_parameters={"dataframe": rows},
        expectation_parameters=dict(parameters),
        # Data Docs shows only runs that have a name.
        run_id=RunIdentifier(run_name=f"as_of_{parameters['as_of_date']:%Y-%m-%d}"),
        result_format="SUMMARY",
    )
    failures = [_failure(suite, table, each) for each in result.results if not each.success]
    return Outcome(suite, table, len(result.results) - len(failures), tuple(failures))


def _failure(suite: str, table: str, result: ExpectationValidationResult) -> Failure:
    """What Great Expectations found, in our own words."""
    expectation = result.expectation_config
    found = result.result
    errors = _errors(result.exception_info)
    examples = found.get("partial_unexpected_list") or [found.get("observed_value")]
    return Failure(
        suite=suite,
        table=table,
        expectation=expectation.type,
        column=", ".join(_columns(expectation.to_domain_obj())),
        unexpected_count=found.get("unexpected_count"),
        examples=tuple(errors or examples),
        severity=expectation.severity.value,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per table and one per failure; examples stay out of logs and pages.

    Args:
        arguments: Those of the command line, without the name of the program.

    Returns:
        1 when a critical expectation failed, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, required=True, help="DuckDB file, after dbt build")
    parser.add_argument("--output", type=Path, required=True, help="folder for Data Docs")
    parser.add_argument("--raw-schema", default="main_raw", help="schema of the raw tables")
    parser.add_argument("--schema", default="main", help="schema of the dbt target")
    parser.add_argument(
        "--as-of-date", type=datetime.date.fromisoformat, help="default: as segment_memberships"
    )
    parser.add_argument("--demo", action="store_true", help="expect the demo's own figures too")
    options = parser.parse_args(arguments)

    outcomes = validate_frames(
        read_arriving(options.database, options.raw_schema),
        read_leaving(options.database, options.schema),
        options.output,
        as_of_date=options.as_of_date,
        demo=options.demo,
    )
    print(f"{'suite':<10}{'table':<32}{'held':>6}{'failed':>8}")
    for outcome in outcomes:
        numbers = f"{outcome.held:>6}{len(outcome.failures):>8}"
        tail = "  absent, skipped" if outcome.is_absent else numbers
        print(f"{outcome.suite:<10}{outcome.table:<32}{tail}")
    failures = [failure for outcome in outcomes for failure in outcome.failures]
    for failure in failures:
        count = "" if failure.unexpected_count is None else f": {failure.unexpected_count} rows"
        place = f"{failure.suite} {failure.table} ({failure.column or 'table'})"
        print(f"{failure.severity}: {place} {failure.expectation}{count}")
    print(f"Data Docs: {options.output / 'index.html'}")
    return int(any(failure.severity == "critical" for failure in failures))


if __name__ == "__main__":
    sys.exit(main())
