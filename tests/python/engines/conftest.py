"""A PostgreSQL server for the run, with the demo built on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from engines.parity import Rows
from engines.postgres_server import postgres_server
from project import failures, run_dbt


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """A fresh server and the environment that leads dbt to it."""
    with pytest.MonkeyPatch.context() as patch, postgres_server() as environment:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield environment


@pytest.fixture(scope="session")
def on_postgres(postgres: dict[str, str]) -> Iterator[Callable[[str], Rows]]:
    """Query on the server."""
    import psycopg2

    connection = psycopg2.connect(
        host=postgres["CRM_POSTGRES_HOST"],
        port=postgres["CRM_POSTGRES_PORT"],
        user=postgres["CRM_POSTGRES_USER"],
        password=postgres["DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD"],
        dbname=postgres["CRM_POSTGRES_DATABASE"],
    )
    connection.autocommit = True

    def query(sql: str) -> Rows:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return Rows(tuple(column.name for column in cursor.description), cursor.fetchall())

    yield query
    connection.close()


@pytest.fixture(scope="session")
def on_duckdb(demo_database: Path) -> Iterator[Callable[[str], Rows]]:
    """Query on the demo built on DuckDB."""
    with duckdb.connect(str(demo_database), read_only=True) as connection:

        def query(sql: str) -> Rows:
            result = connection.execute(sql)
            columns = tuple(column[0] for column in result.description or [])
            return Rows(columns, result.fetchall())

        yield query


@pytest.fixture(scope="session")
def postgres_demo(
    on_postgres: Callable[[str], Rows],
    tmp_path_factory: pytest.TempPathFactory,
    say: Callable[[str], None],
) -> Callable[[str], Rows]:
    """The demo, built on the server with all its dbt tests from nothing."""
    folder = tmp_path_factory.mktemp("postgres")
    started = time.monotonic()
    command = ("build", "--target", "postgres")
    result = run_dbt(*command, database=folder / "unused.duckdb", target=folder)
    assert result.success, failures(result)
    version = on_postgres("show server_version").values[0][0]
    seconds = time.monotonic() - started
    say(f"demo built with all its tests on PostgreSQL {version} in {seconds:.0f} s")
    return on_postgres


@pytest.fixture(scope="session")
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print a line that is seen although pytest captures output."""
    manager = request.config.pluginmanager.getplugin("capturemanager")

    def aloud(line: str) -> None:
        with manager.global_and_fixture_disabled():
            print(f"\n{line}")

    return aloud
