"""The engines that the demo is built on: how to start, reach and query each."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunnerResult
from engines.parity import Rows
from engines.postgres_server import free_port, postgres_server
from engines.spark_cluster import SparkCluster, spark_cluster
from engines.trino_server import trino_server
from postgres_connection import connect_to_postgres
from project import failures, run_dbt

Query = Callable[[str], Rows]


@dataclass(frozen=True)
class Engine:
    """A running engine.

    Attributes:
        name: What it is called in a report.
        query: Runs a query there; a statement without rows gives none.
        folder: Where dbt's artifacts for it lie.
        cluster: The Spark cluster; None on other engines.
        guarded: Held while dbt runs: ends a run that takes too long.
        target: The target in profiles.yml.
        settings: Variables of the environment that lead this engine's target to it alone.
    """

    name: str
    query: Query
    folder: Path
    cluster: SparkCluster | None = field(default=None)
    guarded: Callable[[], AbstractContextManager[None]] = nullcontext
    target: str = field(default="")
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the name for the target where none is given."""
        object.__setattr__(self, "target", self.target or self.name)

    def dbt(
        self,
        *command: str,
        variables: Mapping[str, object] | None = None,
        callbacks: tuple[Callable[[Any], None], ...] = (),
    ) -> dbtRunnerResult:
        """Run a dbt command on this engine; an unsuccessful one is an error with dbt's own words.

        Args:
            command: The command and its flags.
            variables: Values for ``--vars``.
            callbacks: Called with every event of the run.
        """
        result = self.tried(*command, variables=variables, callbacks=callbacks)
        assert result.success, f"dbt {command[0]} on {self.name}:\n{failures(result)}"
        return result

    def tried(
        self,
        *command: str,
        variables: Mapping[str, object] | None = None,
        callbacks: tuple[Callable[[Any], None], ...] = (),
    ) -> dbtRunnerResult:
        """Run a dbt command that may fail."""
        os.environ.update(self.settings)
        with self.guarded():
            return run_dbt(
                *command,
                *("--target", self.target),
                database=self.folder / "crm.duckdb",
                target=self.folder,
                variables=variables,
                callbacks=callbacks,
                is_described=command[0] == "build",
            )


@contextmanager
def running(name: str, say: Callable[[str], None]) -> Iterator[Engine]:
    """Start an engine, lead dbt to it, and stop it whatever happens."""
    starters = {
        "bigquery": _bigquery,
        "duckdb": _duckdb,
        "ducklake": _ducklake,
        "ducklake_postgres": _ducklake_postgres,
        "postgres": _postgres,
        "snowflake": _snowflake,
        "spark": _spark,
        "trino": _trino,
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(prefix=f"crm_{name}_dbt_") as folder,
        starters[name](patch, Path(folder), say) as engine,
    ):
        yield engine


@contextmanager
def _duckdb(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    def query(sql: str) -> Rows:
        with duckdb.connect(str(folder / "crm.duckdb")) as connection:
            connection.execute("set TimeZone = 'UTC'")
            result = connection.execute(sql)
            columns = tuple(column[0] for column in result.description or [])
            return Rows(columns, result.fetchall())

    yield Engine("duckdb", query, folder)


@contextmanager
def _ducklake(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    yield _lake(patch, folder, "ducklake", str(folder / "crm.ducklake"))


@contextmanager
def _ducklake_postgres(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    with postgres_server() as server:
        patch.setenv("PGPASSWORD", server["DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD"])
        words = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "DATABASE"}
        connection = " ".join(f"{key}={server[f'CRM_POSTGRES_{n}']}" for key, n in words.items())
        yield _lake(patch, folder, "ducklake_postgres", f"postgres:{connection}")


def _lake(patch: pytest.MonkeyPatch, folder: Path, name: str, catalogue: str) -> Engine:
    """A new DuckLake with a catalogue at that place; its files lie beside dbt's artifacts."""
    import_extensions(patch, folder)
    settings = {"CRM_DUCKLAKE_CATALOGUE": catalogue, "CRM_DUCKLAKE_DATA": str(folder / "files")}

    def query(sql: str) -> Rows:
        with lake_connection(settings) as connection:
            result = connection.execute(sql)
            columns = tuple(column[0] for column in result.description or [])
            return Rows(columns, result.fetchall())

    return Engine(name, query, folder, target="ducklake", settings=settings)


def import_extensions(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put the wheels' extensions where DuckDB looks, under a home of this run."""
    from duckdb_extensions import import_extension

    patch.setenv("HOME", str(folder))
    with duckdb.connect() as connection:
        for extension in ("ducklake", "postgres_scanner"):
            import_extension(extension, con=connection)


@contextmanager
def lake_connection(
    settings: Mapping[str, str], *, read_only: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckLake as another process sees it, by the variables that its target reads."""
    place, files = settings["CRM_DUCKLAKE_CATALOGUE"], settings["CRM_DUCKLAKE_DATA"]
    with duckdb.connect() as connection:
        connection.load_extension("ducklake")
        connection.execute("set TimeZone = 'UTC'")
        options = f"data_path '{files}', read_only {read_only}"
        connection.execute(f"attach 'ducklake:{place}' as lake ({options})")
        connection.execute("use lake")
        yield connection


@contextmanager
def _postgres(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    with postgres_server() as environment:
        for name, value in environment.items():
            patch.setenv(name, value)
        connection = connect_to_postgres()
        connection.autocommit = True

        def query(sql: str) -> Rows:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                columns = tuple(column.name for column in cursor.description or [])
                return Rows(columns, cursor.fetchall() if columns else [])

        yield Engine("postgres", query, folder)
        connection.close()


@contextmanager
def _spark(patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]) -> Iterator[Engine]:
    from pyhive import hive

    with spark_cluster(say) as cluster:
        for name, value in cluster.environment.items():
            patch.setenv(name, value)
        connection = hive.connect(
            host=cluster.environment["CRM_SPARK_HOST"],
            port=int(cluster.environment["CRM_SPARK_PORT"]),
            username=cluster.environment["CRM_SPARK_USER"],
            configuration={"set:hiveconf:spark.sql.session.timeZone": "UTC"},
        )

        def query(sql: str) -> Rows:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                if cursor.description is None:
                    return Rows((), [])
                columns = tuple(column[0].split(".")[-1] for column in cursor.description)
                # PyHive leaves a date as text.
                days = [column[1] == "DATE_TYPE" for column in cursor.description]
                return Rows(
                    columns,
                    [
                        tuple(
                            date.fromisoformat(cell) if is_day and cell else cell
                            for cell, is_day in zip(row, days, strict=True)
                        )
                        for row in cursor.fetchall()
                    ],
                )

        yield Engine("spark", query, folder, cluster)
        connection.close()


@contextmanager
def _trino(patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]) -> Iterator[Engine]:
    import trino

    with trino_server(say) as server:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        connection = trino.dbapi.connect(
            host=server.environment["CRM_TRINO_HOST"],
            port=int(server.environment["CRM_TRINO_PORT"]),
            user=server.environment["CRM_TRINO_USER"],
            catalog=server.environment["CRM_TRINO_CATALOG"],
            timezone="UTC",
        )

        def query(sql: str) -> Rows:
            cursor = connection.cursor()
            cursor.execute(sql)
            rows = [tuple(row) for row in cursor.fetchall()]
            return Rows(tuple(column.name for column in cursor.description or []), rows)

        yield Engine("trino", query, folder)
        connection.close()


@contextmanager
def _snowflake(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    import snowflake.connector

    port = free_port()
    settings = {
        "ACCOUNT": "fakesnow",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PROTOCOL": "http",
        # Fakesnow's sessions share what only one of them should have.
        "THREADS": "1",
    }
    for name, value in settings.items():
        patch.setenv(f"CRM_SNOWFLAKE_{name}", value)
    patch.setenv("DBT_ENV_SECRET_CRM_SNOWFLAKE_PASSWORD", secrets.token_hex(16))
    with emulator("fakesnow", port, folder):
        connection = snowflake.connector.connect(
            account="fakesnow",
            user="crm",
            password="none",
            host="127.0.0.1",
            port=port,
            protocol="http",
            database="CRM",
            schema="MAIN",
            network_timeout=60,
        )

        def query(sql: str) -> Rows:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                columns = tuple(column.name.lower() for column in cursor.description)
                return Rows(columns, cursor.fetchall())

        yield Engine("snowflake", query, folder, guarded=lambda: at_most(3600, say))
        connection.close()


@contextmanager
def _bigquery(
    patch: pytest.MonkeyPatch, folder: Path, say: Callable[[str], None]
) -> Iterator[Engine]:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import bigquery

    port = free_port()
    settings = {
        "METHOD": "oauth-secrets",
        "ENDPOINT": f"http://127.0.0.1:{port}",
        "PROJECT": "crm",
        # All of bqemulator's queries share one connection.
        "THREADS": "1",
    }
    for name, value in settings.items():
        patch.setenv(f"CRM_BIGQUERY_{name}", value)
    patch.setenv("DBT_ENV_SECRET_CRM_BIGQUERY_TOKEN", secrets.token_hex(16))
    with emulator("bigquery", port, folder):
        client = bigquery.Client(
            project=settings["PROJECT"],
            credentials=AnonymousCredentials(),
            client_options={"api_endpoint": settings["ENDPOINT"]},
        )

        def query(sql: str) -> Rows:
            found = client.query(sql).result()
            columns = tuple(field.name for field in found.schema)
            return Rows(columns, [row.values() for row in found])

        yield Engine("bigquery", query, folder, guarded=lambda: at_most(3600, say))
        client.close()


@contextmanager
def emulator(name: str, port: int, folder: Path) -> Iterator[None]:
    """Hold NAME_server.py open in a process of its own, which ends with the pipe to it."""
    program = Path(__file__).with_name(f"{name}_server.py")
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as errors:
        server = subprocess.Popen(
            [sys.executable, program, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert server.stdout
            assert "ready\n" in server.stdout, log.read_text("utf-8")
            yield
        finally:
            server.communicate()


@contextmanager
def at_most(seconds: int, say: Callable[[str], None]) -> Iterator[None]:
    """End the whole test run when this takes longer: the connector may ask without end."""

    def give_up() -> None:
        say(f"dbt was still at work after {seconds} s, which is the limit.")
        os._exit(1)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
