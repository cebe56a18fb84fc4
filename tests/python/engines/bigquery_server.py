"""Answers as BigQuery does, by bqemulator on DuckDB, until whoever started it goes away.

Run with a port of loopback. What bqemulator lacks is mended here, each gap with its reason; what an
emulator cannot show at all stands in docs/engines.md.
"""

from __future__ import annotations

import asyncio
import sys
import threading

import duckdb
from bqemulator.catalog import memory_repository
from bqemulator.catalog.models import TableMeta
from bqemulator.config import LogLevel, Settings
from bqemulator.domain.errors import ResourceRef, resource_not_found
from bqemulator.server import EmulatorServer
from duckdb_extensions import import_extension

Catalog = memory_repository.MemoryCatalogRepository


def tables_of(self: Catalog, project: str, dataset: str) -> tuple[TableMeta, ...]:
    """Refuse to list what is not there: dbt takes an empty list for a dataset that it may use."""
    if self.get_dataset(project, dataset) is None:
        raise resource_not_found(ResourceRef("dataset", project, dataset))
    return list_tables(self, project, dataset)


list_tables = Catalog.list_tables
Catalog.list_tables = tables_of
# It leaves names of tables as they are in a query that is too deep for Python's parser.
sys.setrecursionlimit(100_000)
threading.stack_size(512 * 1024 * 1024)


async def serve(port: int) -> None:
    """Say "ready" when the server takes requests, and end with the standard input."""
    # The log of its requests would fill the pipe that says when it is ready.
    heard, sys.stdout = sys.stdout, sys.stderr
    with duckdb.connect() as connection:
        import_extension("spatial", con=connection)
    settings = Settings(
        rest_port=port, grpc_port=0, log_level=LogLevel.WARNING, enable_format_extensions=False
    )
    server = EmulatorServer(settings)
    await server.start()
    print("ready", file=heard, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
