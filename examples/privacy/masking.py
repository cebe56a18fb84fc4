"""Takes out of a database's error message what the SQL did not say: a value of somebody's row."""

from __future__ import annotations

import re

# A word of a message: whatever stands between white space, quotes, brackets and separators.
WORD = re.compile(r"[^\s\"'`(),:;=<>\[\]{}|]+")
# The words that DuckDB and PostgreSQL put around values.
WORDS = """
    a already an and are array as at attempt bigint binary bit boolean by byte bytes cannot case
    cast casting character characters check column columns constraint conversion convert copy
    could create csv data database date decimal delimiter destination detail different division
    does double duckdb duplicate encoding error exceeded exist exists expected expression failed
    field file float for foreign format found from function greater has header hint hugeint id if
    in index input insert int int16 int32 int64 int8 integer interval into invalid is it json key
    length less limit line long malformed maximum message minimum missing more must not null
    number numeric of on operator or original out overflow parse parsing possible precision
    primary quote range read relation reached returned row rows scale schema select sequence
    single size source specified state statement string struct subquery syntax table text than
    that the this time timestamp to too try type type_name unexpected unique unterminated update
    use used uuid value values varchar varying violates violation was when width with year zero
    no magic bytes start end small parquet end-of-file file. be unquoted quoted strict mode
    encoded latin-1 utf-8 utf-16
"""
KNOWN = frozenset(WORDS.split())
MASK = "..."


def masked(message: str, sql: str = "") -> str:
    """The message with every word masked that is neither the database's own nor in the SQL.

    Args:
        message: What the database said.
        sql: The statement that failed: it names tables and columns, and stands in the log anyway.
    """
    known = KNOWN | {word.lower() for word in WORD.findall(sql)}
    known |= {word.lower() for word in re.findall(r"\w+", sql)}

    def word_or_mask(found: re.Match[str]) -> str:
        word = found.group().strip(".!?").lower()
        is_short_number = word.isdecimal() and len(word) < 4
        return found.group() if word in known or is_short_number or not word else MASK

    text = WORD.sub(word_or_mask, message)
    return re.sub(rf"{re.escape(MASK)}(\W*{re.escape(MASK)})+", MASK, text)
