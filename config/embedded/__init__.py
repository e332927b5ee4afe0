"""The project's own PostgreSQL and Redis, for machines that have neither.

Started by `python -m config.up` and by the test run wherever DATABASE_URL and REDIS_URL are unset.
"""

from config.embedded.folders import (
    EmbeddedError,
    default_database_url,
    default_redis_url,
    development_secret_key,
    local_folder,
)

__all__ = [
    "EmbeddedError",
    "default_database_url",
    "default_redis_url",
    "development_secret_key",
    "local_folder",
]
