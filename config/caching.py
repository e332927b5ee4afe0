"""A cache that is gone without while Redis is away: nothing that people do may depend on it."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis as a cache; where it doesn't answer, an empty cache that forgets what it is told.

    Adding then succeeds, since nobody else can hold what is added: signing in takes such a lock.
    """

    def add(self, *args: Any, **options: Any) -> bool:
        try:
            return super().add(*args, **options)
        except (RedisError, OSError) as error:
            _say_so(error)
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:  # noqa: ANN401 - whatever was kept
        try:
            return super().get(key, default, version)
        except (RedisError, OSError) as error:
            _say_so(error)
            return default

    def set(self, *args: Any, **options: Any) -> None:
        try:
            super().set(*args, **options)
        except (RedisError, OSError) as error:
            _say_so(error)

    def delete(self, *args: Any, **options: Any) -> bool:
        try:
            return super().delete(*args, **options)
        except (RedisError, OSError) as error:
            _say_so(error)
            return False


def _say_so(error: Exception) -> None:
    logger.warning("The cache is gone without: %s", error)
