"""Redis may be away: what leans on the cache goes on without."""

import threading
from typing import Any

import pytest
from django.core.cache import BaseCache, cache, caches
from django.test import Client

from config.caching import ForgivingRedisCache
from tests.cast import person

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def _without_redis(settings: Any) -> None:  # noqa: ANN401 - pytest-django's own
    away = settings.CACHES["default"] | {"LOCATION": NOWHERE}
    settings.CACHES = settings.CACHES | {"default": away}


@pytest.mark.usefixtures("_without_redis", "db")
def test_people_sign_in_without_redis() -> None:
    user = person("anyone")
    user.set_password("很長的密語-123")
    user.save()
    typed = {"login": user.email, "password": "很長的密語-123"}
    response = Client().post("/accounts/login/", typed)
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.usefixtures("_without_redis")
def test_an_absent_cache_is_an_empty_one() -> None:
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1)
    assert not cache.delete("a")


def test_a_present_cache_keeps_what_it_is_told() -> None:
    cache.set("kept", 1)
    assert cache.get("kept") == 1
    assert not cache.add("kept", 2)
    assert cache.delete("kept")


def test_no_request_connects_anew() -> None:
    """Every thread, and every request of an ASGI server, has a backend of its own."""
    backends: list[BaseCache] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: backends.append(caches["default"]))
        thread.start()
        thread.join()
    first, second = backends
    assert first is not second
    assert isinstance(first, ForgivingRedisCache)
    assert isinstance(second, ForgivingRedisCache)
    assert first._cache.get_client().connection_pool is second._cache.get_client().connection_pool
