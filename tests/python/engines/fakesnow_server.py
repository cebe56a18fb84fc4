"""Answers as Snowflake does, by fakesnow on DuckDB, until whoever started it goes away.

Run with a port of loopback. What fakesnow lacks is mended here, each gap with its reason; what an
emulator cannot show at all stands in docs/engines.md.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from typing import Any

import fakesnow
import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from fakesnow import arrow, cursor, info_schema, macros, server, transforms
from snowflake.connector.errors import Error, ProgrammingError
from sqlglot import exp

Cursor = cursor.FakeSnowflakeCursor
SEED = re.compile(
    r"(?P<head>\s*insert (?:overwrite )?into \S+ \([^)]+\)) values\s*(?P<rows>\(.*)", re.DOTALL
)
COMMENTS = re.compile(r"\s*alter\s+(table|view) \S+ alter\s+\S+ comment ", re.IGNORECASE)
LITERAL = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)


def told(call: Callable[..., Any]) -> Callable[..., Any]:
    """Make an error of SQL of any other: after HTTP 500 the connector asks again without end."""

    def answer(self: Cursor, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        try:
            return call(self, *arguments, **named)
        except Error:
            raise
        except Exception as error:
            print(*arguments[:1], traceback.format_exc(), sep="\n", file=sys.stderr, flush=True)
            message = f"fakesnow: {type(error).__name__}: {error}"
            raise ProgrammingError(msg=message, errno=261000, sqlstate="XX000") from error

    return answer


def parsed(command: str) -> exp.Expression:
    """The tree of a statement, without the rows of a seed, which take minutes to parse."""
    if COMMENTS.match(command):
        # Sqlglot knows the comment of one column, and nothing here reads them.
        return parse_one("select 'Statement executed successfully.' as status")
    if not (seed := SEED.match(command)):
        return parse_one(command)
    tree = parse_one(seed["head"] + " values (0)")
    # A backslash escapes in Snowflake's literals, in DuckDB's after an e.
    tree.set("expression", exp.Var(this="values " + LITERAL.sub(r"e\g<0>", seed["rows"])))
    return tree


def mended(tree: exp.Expression) -> exp.Expression:
    """A statement in words that fakesnow knows."""
    # DuckDB keeps temporary tables in a catalogue of their own, but dbt names one by its schema.
    for temporary in list(tree.find_all(exp.TemporaryProperty)):
        temporary.pop()
    # From the inside out, because what is replaced may stand within what is replaced.
    for node in reversed(list(tree.walk())):
        if (known := mended_call(node)) is not node:
            node.replace(known)
    return tree


def mended_call(node: exp.Expression) -> exp.Expression:
    """A call or type that fakesnow lacks, or takes for another, as DuckDB has it."""
    name = node.name.upper() if isinstance(node, exp.Anonymous) else ""
    if name == "HASH":
        # DuckDB's numbers have no sign, which fakesnow cannot describe.
        largest = exp.Literal.number(2**63 - 1)
        return exp.cast(exp.Mod(this=node.copy(), expression=largest), "bigint")
    if name == "TRY_TO_TIMESTAMP_TZ":
        return exp.TryCast(this=node.expressions[0], to=exp.DataType.build("timestamptz"))
    if isinstance(node, exp.ToNumber) and node.args.get("format"):
        # The only format that is asked for: hex digits.
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=node.this), "bigint")
    if isinstance(node, exp.DataType) and node.sql() == "DECIMAL(38, 0)":
        # Fakesnow takes it for a bigint.
        return exp.DataType.build("int128")
    if isinstance(node, exp.Reduce):
        # Fakesnow's arrays are JSON, which has no lambdas. The sum of sorted numbers is all we ask.
        numbers = exp.func("list", node.find(exp.ArrayAgg).this.copy())
        return exp.func("list_sum", exp.func("list_sort", numbers))
    if isinstance(node, exp.Filter | exp.ArrayFilter) and is_list(node.this):
        # The same. What is asked for is the entries of one key.
        key = node.expression.find(exp.EQ).expression.copy()
        items = node.this.expressions[0].copy()
        return exp.Anonymous(this="_entries_of", expressions=[items, key])
    if isinstance(node, exp.ArrayToString) and isinstance(node.this, exp.SortArray):
        # The same: DuckDB does not sort JSON. What is sorted are the parts of a text.
        parts = node.this.find(exp.Split)
        return exp.Anonymous(this="_sorted_parts", expressions=[parts.this, parts.expression])
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.ParseJSON) and is_text(node.to):
        # Snowflake takes the quotes off a text.
        return exp.Anonymous(this="_said_by", expressions=[node.this.this])
    if isinstance(node, exp.Div) and is_whole(node.this.unnest()):
        # Snowflake divides decimals; this slash would go through binary numbers.
        return exp.IntDiv(this=node.this, expression=node.expression)
    return node


def is_list(value: exp.Expression) -> bool:
    """Whether a value is JSON that as_array takes for a list."""
    return isinstance(value, exp.Anonymous) and value.name.upper() == "AS_ARRAY"


def is_text(kind: exp.DataType) -> bool:
    """Whether a type is one of text."""
    return kind.this in exp.DataType.TEXT_TYPES


def is_whole(numerator: exp.Expression) -> bool:
    """Whether a numerator is one of whole_part: a number less the remainder of its division."""
    return isinstance(numerator, exp.Sub) and isinstance(numerator.expression, exp.Mod)


def replaced(tree: exp.Expression) -> exp.Expression:
    """Replace every match. Fakesnow would take backslashes away that sqlglot has taken before."""
    if isinstance(tree, exp.RegexpReplace):
        tree.set("modifiers", exp.Literal.string("g"))
    return tree


def merged(tree: exp.Expression) -> list[exp.Expression]:
    """Leave a merge to DuckDB: fakesnow's own takes no values that do not name their table."""
    counts = sqlglot.parse_one('select 0 as "number of rows"')
    return [tree, counts] if isinstance(tree, exp.Merge) else [tree]


def with_nulls(moments: pa.ChunkedArray) -> pa.Array:
    """Moments for the wire: fakesnow would make 1970 of a null."""
    struct = seconds_and_fractions(pc.fill_null(moments, 0))
    missing = pc.is_null(moments.combine_chunks())
    return pa.StructArray.from_arrays(struct.flatten(), fields=list(struct.type), mask=missing)


def comment_sql(catalog: str, schema: str, table: str, comment: str) -> str:
    """Keep a quote in the description of a table from ending it."""
    return plain_comment_sql(catalog, schema, table, (comment or "").replace("'", "''"))


def creation_sql(catalog: str) -> str:
    """What each database is made with: its macros, and three more for what its JSON lacks."""
    return f"""{macro_sql(catalog)};
    create or replace macro {catalog}._entries_of(items, asked) as to_json(list_filter(
        json_extract(items, '$[*]'), lambda entry: json_extract_string(entry, '$.key') = asked
    ));
    create or replace macro {catalog}._sorted_parts(text, separator) as
        array_to_string(list_sort(string_split(text, separator)), separator);
    create or replace macro {catalog}._said_by(text) as
        json_extract_string(try_cast(text as json), '$')"""


parse_one = cursor.parse_one
cursor.parse_one = server.parse_one = parsed
transform = Cursor._transform
Cursor._transform = lambda self, tree, values: transform(self, mended(tree), values)
Cursor.execute = told(Cursor.execute)
Cursor._describe_last_sql = told(Cursor._describe_last_sql)
transforms.merge = merged
transforms.regex_replace = replaced
# It makes a binary number of every summand, because Snowflake adds up texts; decimals stay there.
transforms.numeric_agg_implicit_cast = lambda tree: tree
# It looks for numbers in what is cast to a timestamp, so that try_cast raises.
to_timestamp = transforms.to_timestamp
transforms.to_timestamp = lambda tree: tree if isinstance(tree, exp.Cast) else to_timestamp(tree)
seconds_and_fractions = arrow.timestamp_to_sf_struct
arrow.timestamp_to_sf_struct = with_nulls
macro_sql = macros.creation_sql
macros.creation_sql = creation_sql
plain_comment_sql = info_schema.insert_table_comment_sql
info_schema.insert_table_comment_sql = comment_sql

if __name__ == "__main__":
    # The log of its requests would fill the pipe that says when it is ready.
    heard, sys.stdout = sys.stdout, sys.stderr
    with fakesnow.server(port=int(sys.argv[1]), host="127.0.0.1"):
        print("ready", file=heard, flush=True)
        sys.stdin.read()
