"""PostgreSQL may be restarted under the running site."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client


def in_another_connection(act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the act gives
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_no_page_meets_a_connection_that_died() -> None:
    def read() -> int:
        return Client(raise_request_exception=False).get("/").status_code

    assert in_another_connection(read) == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert in_another_connection(read) == 200
