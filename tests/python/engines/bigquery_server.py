"""Answers as BigQuery does, by bqemulator on DuckDB, until whoever started it goes away.

Run with a port of loopback. What bqemulator lacks is mended here, each gap with its reason; what an
emulator cannot show at all stands in docs/engines.md.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import duckdb
from bqemulator.config import LogLevel, Settings
from bqemulator.server import EmulatorServer
from duckdb_extensions import import_extension


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
