"""What is done with every comment is planned once on a connection."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import prepared

STATEMENT = "SELECT count(*) FROM comments_comment WHERE id = ANY(%s)"


def planned() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_statement_keeps_its_plan() -> None:
    for turn in range(settings.DATABASES["default"]["OPTIONS"]["prepare_threshold"] + 1):
        assert prepared.rows(STATEMENT, [[1, turn]]) == [(0,)]
    assert STATEMENT.replace("%s", "$1") in planned()


@pytest.mark.django_db
def test_what_is_asked_is_counted_as_all_else() -> None:
    with CaptureQueriesContext(connection) as asked:
        prepared.rows(STATEMENT, [[1]])
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_made_anew() -> None:
    prepared.rows(STATEMENT, [[1]])
    connection.close()
    assert prepared.rows(STATEMENT, [[1]]) == [(0,)]
