"""A cache that is gone without while Redis is away: nothing that people do may depend on it.

But for what allauth counts in it: without those counts, passwords could be guessed as often as one
likes. The database keeps them meanwhile.
"""

import functools
import logging
from typing import Any

from django.core.cache import BaseCache, caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

COUNTED = "allauth:rl:"


class ForgivingRedisCache(RedisCache):
    """Redis as a cache; where it doesn't answer, an empty cache that forgets what it is told.

    Adding then succeeds, since nobody else can hold what is added: signing in takes such a lock.
    """

    @cached_property
    def _cache(self) -> RedisCacheClient:
        """One for all threads: Django makes a backend for each request of an ASGI server, which
        would connect anew each time."""
        options = tuple(self._options.items())  # type: ignore[attr-defined]
        servers = tuple(self._servers)  # type: ignore[attr-defined]
        return _client(servers, options)

    def add(self, key: Any, *args: Any, **options: Any) -> bool:  # noqa: ANN401 - Django's own
        try:
            return super().add(key, *args, **options)
        except (RedisError, OSError) as error:
            instead = _instead(key, error)
            return instead.add(key, *args, **options) if instead else True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:  # noqa: ANN401 - whatever was kept
        try:
            return super().get(key, default, version)
        except (RedisError, OSError) as error:
            instead = _instead(key, error)
            return instead.get(key, default, version) if instead else default

    def set(self, key: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        try:
            super().set(key, *args, **options)
        except (RedisError, OSError) as error:
            if instead := _instead(key, error):
                instead.set(key, *args, **options)

    def delete(self, key: Any, *args: Any, **options: Any) -> bool:  # noqa: ANN401 - Django's own
        try:
            return super().delete(key, *args, **options)
        except (RedisError, OSError) as error:
            instead = _instead(key, error)
            return instead.delete(key, *args, **options) if instead else False


@functools.cache
def _client(servers: tuple[str, ...], options: tuple[tuple[str, Any], ...]) -> RedisCacheClient:
    return RedisCacheClient(list(servers), **dict(options))


def _instead(key: object, error: Exception) -> BaseCache | None:
    """What keeps this key while Redis is away; None for what is gone without."""
    logger.warning("The cache is gone without: %s", error)
    return caches["database"] if str(key).startswith(COUNTED) else None
