"""Statements that PostgreSQL plans once on a connection: for what is done with every comment.

To plan one takes as long as to carry it out. `prepare_threshold` of the settings says after how
many times a connection keeps the plan. Values go beside the statement, not in it as by
`connection.cursor()`: as one list for `ANY`, not for `IN`, and cast where PostgreSQL can't tell
their type.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg import Cursor

Values = Sequence[Any] | Mapping[str, Any]

# One for each thread's connection: to make one takes as long as some statements.
_cursors: WeakKeyDictionary[BaseDatabaseWrapper, Cursor] = WeakKeyDictionary()


def rows(statement: str, values: Values) -> list[tuple[Any, ...]]:
    """What a statement finds, whole."""
    cursor = _cursor()
    cursor.execute(statement, values)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(statement: str, values: Values) -> None:
    """Carry out a statement that finds nothing."""
    _cursor().execute(statement, values)


def run_each(statement: str, of_each: Sequence[Sequence[Any]]) -> None:
    """Carry out one for each of these."""
    _cursor().executemany(statement, of_each)


def _cursor() -> CursorWrapper:
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    cursor = _cursors.get(connection)
    if cursor is None or cursor.connection is not connection.connection:
        cursor = _cursors[connection] = Cursor(connection.connection)
    wrapper = CursorDebugWrapper if connection.queries_logged else CursorWrapper
    return wrapper(cursor, connection)
