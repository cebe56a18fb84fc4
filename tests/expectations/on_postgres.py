"""Great Expectations on PostgreSQL by SQL: what leaves is checked where it lies."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from leaving import EXPECTATIONS, FOLDERS
from validate import Outcome, _columns, _context, _failure


def validate_by_sql(
    connection_string: str, output: Path, as_of_date: datetime.date, schema: str = "main"
) -> list[Outcome]:
    """Check the public tables against the suite ``leaving``.

    Expectations about a column that recounted.py works out from other tables are left to pandas.

    Args:
        connection_string: SQLAlchemy's, e.g. ``postgresql+psycopg2://user:password@host/database``.
        output: Folder for Data Docs.
        as_of_date: Day that everything is measured at (UTC).
        schema: Schema of the dbt target.

    Returns:
        One outcome per table.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The server or a table is not there.
    """
    import great_expectations as gx
    import sqlalchemy

    engine = sqlalchemy.create_engine(connection_string)
    with engine.connect() as connection:
        count = sqlalchemy.text(f"select count(*) from {schema}_personal.contacts")
        contact_count = connection.execute(count).scalar_one()
        inspector = sqlalchemy.inspect(connection)
        columns = {
            table: {c["name"] for c in inspector.get_columns(table, schema=f"{schema}_{folder}")}
            for table, folder in FOLDERS.items()
        }
    engine.dispose()
    last_day = datetime.datetime.combine(as_of_date, datetime.time())
    parameters = {
        "as_of_date": last_day,
        "day_after": last_day + datetime.timedelta(days=1),
        "contact_count": contact_count,
    }
    context = _context(output)
    source = context.data_sources.add_postgres("postgres", connection_string=connection_string)
    outcomes = []
    for table, expectations in EXPECTATIONS.items():
        asset = source.add_table_asset(
            table, table_name=table, schema_name=f"{schema}_{FOLDERS[table]}"
        )
        own = _on_own_columns(expectations, columns[table])
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=table,
                data=asset.add_batch_definition_whole_table("all_rows"),
                suite=context.suites.add(gx.ExpectationSuite(name=table, expectations=own)),
            )
        )
        result = definition.run(expectation_parameters=parameters, result_format="SUMMARY")
        failures = [_failure("leaving", table, each) for each in result.results if not each.success]
        held = len(result.results) - len(failures)
        outcomes.append(Outcome("leaving", table, held, tuple(failures)))
    return outcomes


def _on_own_columns(expectations: Sequence, columns: set[str]) -> list:
    return [e.copy(deep=True) for e in expectations if {*_columns(e)} <= columns]
