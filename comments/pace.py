"""How fast one account may post. A courtesy, not a lock: without Redis everyone may."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import User

logger = logging.getLogger(__name__)

POSTS_A_MINUTE = 10
MINUTE = 60


def is_too_fast(user: User) -> bool:
    """Count one more post of this account; whether it is one too many in this minute."""
    key = f"posts:{user.pk}"
    try:
        cache.add(key, 0, MINUTE)
        return cache.incr(key) > POSTS_A_MINUTE
    except ValueError:
        # The minute ended between the two steps.
        return False
    except (RedisError, OSError) as error:
        logger.warning("Posts are not counted: %s", error)
        return False
