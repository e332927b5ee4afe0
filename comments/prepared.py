"""Statements that PostgreSQL plans once on a connection: for what is done with every comment.

To plan one takes as long as to carry it out. `prepare_threshold` of the settings says after how
many times a connection keeps the plan.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg import Cursor


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """As `connection.cursor()`, which sends a statement with its values, to be planned anew.

    Here the values go beside it: as one list for `ANY`, not for `IN`, and cast where PostgreSQL
    can't tell their type.
    """
    connection.ensure_connection()
    wrapper = CursorDebugWrapper if connection.queries_logged else CursorWrapper
    with wrapper(Cursor(connection.connection), connection) as cursor:
        yield cursor
