"""What Redis counts, while Redis is away. Both tables are empty otherwise, and may be emptied."""

from datetime import datetime, timedelta
from typing import Self

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def over(self, *, at: datetime) -> Self:
        """Counts whose time is over."""
        return self.filter(ends_at__lte=at)

    def add_one(self, key: str, *, seconds: int, at: datetime) -> tuple[int, datetime]:
        """Count once more under this key; the count, and when it begins anew.

        One statement: of two that count at the same moment, both are counted.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO accounts_ratecount AS kept (key, count, ends_at)
                VALUES (%(key)s, 1, %(ends_at)s)
                ON CONFLICT (key) DO UPDATE SET
                    count = CASE WHEN kept.ends_at <= %(at)s THEN 1 ELSE kept.count + 1 END,
                    ends_at = CASE
                        WHEN kept.ends_at <= %(at)s THEN EXCLUDED.ends_at ELSE kept.ends_at
                    END
                RETURNING count, ends_at
                """,
                {"key": key, "at": at, "ends_at": at + timedelta(seconds=seconds)},
            )
            count, ends_at = cursor.fetchone()
        return count, ends_at


class RateCount(models.Model):
    """How often one account or address has done one thing since it began to be counted."""

    # A keyed hash: neither the account nor the address can be told from it.
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("count"))
    ends_at = models.DateTimeField(_("counted until"))

    objects = RateCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        # RateCountQuerySet.over
        indexes = [models.Index(fields=["ends_at"], name="rate_count_over")]

    def __str__(self) -> str:
        return f"{self.count} · {self.ends_at:%H:%M:%S}"


class CachedInDatabase(models.Model):
    """The table of Django's cache in the database, as it wants it; read by that cache alone."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("cached value")
        verbose_name_plural = _("cached values")

    def __str__(self) -> str:
        return self.cache_key
