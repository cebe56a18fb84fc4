"""Lets dbt's error messages, logs and run results say what failed without the values of the row.

DuckDB quotes the value that could not be cast or stands twice, PostgreSQL the whole row. dbt loads
every module on its path whose name begins with ``dbt_``: with this folder in PYTHONPATH, which the
Makefile sees to, messages about data come masked, those about the SQL whole.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt_common.exceptions import DbtRuntimeError

sys.path.insert(0, str(Path(__file__).parent))
from masking import masked

# Errors of DuckDB that speak of the statement or the file and quote no row.
ABOUT_SQL = {
    *("BinderException", "CatalogException", "ParserException", "SyntaxException"),
    *("PermissionException", "IOException", "OutOfMemoryException"),
    *("ConnectionException", "DependencyException"),
}
# Likewise the classes of SQLSTATE on PostgreSQL; 22 and 23 are data and constraints.
ABOUT_SQL_STATES = ("08", "0A", "25", "28", "2B", "3D", "3F", "40", "42", "53", "55", "57", "58")


def duckdb_message(error: Exception, sql: str) -> str:
    """What DuckDB said, masked when it may quote a row."""
    text = str(error)
    return text if type(error).__name__ in ABOUT_SQL else masked(text, sql)


def postgres_message(error: Any, sql: str) -> str:  # noqa: ANN401
    """What PostgreSQL said; of an error about data the first line, masked, and no DETAIL."""
    state = getattr(error, "pgcode", None)
    if not state or state.startswith(ABOUT_SQL_STATES):
        return str(error)
    return f"{masked(error.diag.message_primary or '', sql)} (SQLSTATE {state})"


ADAPTERS: dict[str, tuple[str, Callable[[Any, str], str]]] = {
    "dbt.adapters.duckdb.connections": ("DuckDBConnectionManager", duckdb_message),
    "dbt.adapters.postgres.connections": ("PostgresConnectionManager", postgres_message),
}


def mask_errors_of(manager: Any, message_of: Callable[[Any, str], str]) -> None:  # noqa: ANN401
    """Mask what a connection manager raises before it is logged or raised any further."""
    original = manager.exception_handler

    @contextmanager
    def exception_handler(self: Any, sql: str, *rest: Any) -> Iterator[None]:  # noqa: ANN401
        with original(self, sql, *rest):
            try:
                yield
            except DbtRuntimeError:
                raise
            except Exception as error:
                raise type(error)(message_of(error, sql)) from None

    manager.exception_handler = exception_handler


for module_name, (class_name, message_of) in ADAPTERS.items():
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        continue
    mask_errors_of(getattr(module, class_name), message_of)
