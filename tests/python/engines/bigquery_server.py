"""Answers as BigQuery does, by bqemulator on DuckDB, until whoever started it goes away.

Run with a port of loopback. What bqemulator lacks is mended here, each gap with its reason; what an
emulator cannot show at all stands in docs/engines.md.
"""

from __future__ import annotations

import asyncio
import sys
import threading

import duckdb
import sqlglot
from bqemulator.catalog import memory_repository
from bqemulator.catalog.models import TableMeta
from bqemulator.config import LogLevel, Settings
from bqemulator.domain.errors import ResourceRef, resource_not_found
from bqemulator.server import EmulatorServer
from bqemulator.sql.rewriter import division_by_zero
from bqemulator.sql.translator import SQLTranslator
from duckdb_extensions import import_extension
from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import SqlglotError

Catalog = memory_repository.MemoryCatalogRepository


def tables_of(self: Catalog, project: str, dataset: str) -> tuple[TableMeta, ...]:
    """Refuse to list what is not there: dbt takes an empty list for a dataset that it may use."""
    if self.get_dataset(project, dataset) is None:
        raise resource_not_found(ResourceRef("dataset", project, dataset))
    return list_tables(self, project, dataset)


def mended(command: str) -> str:
    """A statement in words that bqemulator reads as BigQuery does."""
    try:
        tree = sqlglot.parse_one(command, read="bigquery")
    except SqlglotError:
        return command
    changed = False
    # From the inside out, because what is replaced may stand within what is replaced.
    for node in reversed(list(tree.walk())):
        if (known := mended_call(node)) is not node:
            node.replace(known)
            changed = True
    return tree.sql(dialect="bigquery") if changed else command


def mended_call(node: exp.Expression) -> exp.Expression:
    """A call that bqemulator takes for another, in DuckDB's words, which it lets pass."""
    if isinstance(node, exp.Timestamp) and node.args.get("zone"):
        # It leaves a zone that is a column where DuckDB has no place for it.
        return exp.func("timezone", node.args["zone"], node.this)
    if isinstance(node, exp.Datetime) and node.expression:
        # It takes a zone that is a column for a time of the day.
        return exp.func("timezone", node.expression, node.this)
    if isinstance(node, exp.DatetimeTrunc) and node.text("unit").upper() == "ISOWEEK":
        # DuckDB's week begins on a Monday, and has no other name.
        return exp.Anonymous(this="datetrunc", expressions=[exp.Literal.string("week"), node.this])
    if isinstance(node, exp.IntDiv) and not isinstance(node.this, exp.Paren):
        # It makes a // b of div(a, b) without brackets, so that a sum would be parted; and of two
        # decimals DuckDB's // gives a binary number, whose decimals a cast would round.
        whole = exp.IntDiv(this=exp.paren(node.this), expression=exp.paren(node.expression))
        return exp.cast(exp.func("trunc", whole, dialect="bigquery"), "bigint")
    if isinstance(node, exp.JSONValueArray):
        # It reads the text of a list once more, so that a backslash in an item is lost.
        return exp.func("from_json", node.this, exp.Literal.string('["VARCHAR"]'))
    return node


def needs_no_guard(divisor: exp.Expression) -> bool:
    """Whether to let a division pass: bqemulator writes each divisor twice, and within it twice."""
    return is_nonzero_literal(divisor) or divisor.find(exp.Div) is not None


def translated(self: SQLTranslator, command: str, **named: object) -> object:
    """Translate a statement after mending it."""
    return translate(self, mended(command), **named)


translate = SQLTranslator.translate
SQLTranslator.translate = translated
is_nonzero_literal = division_by_zero._is_nonzero_literal
division_by_zero._is_nonzero_literal = needs_no_guard
list_tables = Catalog.list_tables
Catalog.list_tables = tables_of
# It forgets how many digits a decimal has where sqlglot writes a cast anew.
BigQuery.Generator.TRANSFORMS.pop(exp.Cast)
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
