"""Count what people do, and refuse what is too much: in Redis, or in the database without it.

`rates.py` is the table of limits. Spend before a transaction begins: what rolls back within one
may not be counted.
"""

import ipaddress
import logging
import math
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from accounts.models import User
from accounts.models.limits import CachedInDatabase, RateCount
from accounts.rates import DAY, HOUR, MINUTE, Limit, Per

logger = logging.getLogger(__name__)

# A subscriber of IPv6 has at least so much to choose addresses from.
ONE_SUBSCRIBER = 64


class LimitReached(Exception):
    """It was done too often; the message says how long to wait, `seconds` too."""

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


def spend(limit: Limit, *, whom: User | str | None, at: datetime | None = None) -> None:
    """Count one more try of this account, or of this network address. Raises LimitReached.

    Where neither Redis nor the database counts, what is costly is refused and the rest goes on.
    """
    now = at or timezone.now()
    try:
        count, ends_at = _count(_key(limit, whom), seconds=limit.seconds, at=now)
    except DatabaseError as error:
        logger.error("Nothing counts %s: %s", limit.name, type(error).__name__)  # noqa: TRY400 - its words may name the key
        if limit.costly:
            raise LimitReached(
                _("This isn't possible just now. Please try again in a few minutes."),
                seconds=MINUTE,
            ) from error
        return
    if count > limit.times:
        seconds = max(1, math.ceil((ends_at - now).total_seconds()))
        raise LimitReached(
            _("You have done this very often. Please try again in %(time)s.")
            % {"time": _in_words(seconds)},
            seconds=seconds,
        )


def purge_counts(*, at: datetime) -> int:
    """Remove what the database counted while Redis was away and is over; how many rows."""
    counts, _by_model = RateCount.objects.over(at=at).delete()
    cached, _by_model = CachedInDatabase.objects.filter(expires__lte=at).delete()
    return counts + cached


def _key(limit: Limit, whom: User | str | None) -> str:
    """Tells neither account nor address: the database's copy may outlive the minute."""
    if (limit.per == Per.ACCOUNT) != isinstance(whom, User):
        raise TypeError(f"{limit.name} is counted by {limit.per.value}.")
    who = str(whom.pk) if isinstance(whom, User) else _subscriber(whom)
    return salted_hmac(f"accounts.limits.{limit.name}", who, algorithm="sha256").hexdigest()


def _subscriber(address: str | None) -> str:
    """The part of the address that its user can't change; one for all who come without one."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, ONE_SUBSCRIBER), strict=False))
    return str(found)


def _count(key: str, *, seconds: int, at: datetime) -> tuple[int, datetime]:
    """The count with this try, and when it begins anew. Raises DatabaseError."""
    try:
        return _count_in_redis(f"limit:{key}", seconds=seconds, at=at)
    except (RedisError, OSError, ValueError) as error:
        logger.warning("The database counts instead of Redis: %s", type(error).__name__)
    with transaction.atomic():
        return RateCount.objects.add_one(key, seconds=seconds, at=at)


def _count_in_redis(key: str, *, seconds: int, at: datetime) -> tuple[int, datetime]:
    """Raises RedisError or OSError, or ValueError where the time ended between two steps."""
    # Asked first and plainly: the cache's other verbs hide that Redis is away.
    cache.has_key(key)
    cache.add(key, at.timestamp(), seconds)
    since = cache.get(key)
    if since is None or since + seconds <= at.timestamp():
        since = at.timestamp()
        cache.set(key, since, seconds)
    counted = f"{key}:{since}"
    cache.add(counted, 0, seconds)
    ends_at = datetime.fromtimestamp(since, tz=at.tzinfo) + timedelta(seconds=seconds)
    return cache.incr(counted), ends_at


def _in_words(seconds: int) -> str:
    if seconds <= MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds <= HOUR:
        minutes = math.ceil(seconds / MINUTE)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    hours = math.ceil(min(seconds, DAY) / HOUR)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
