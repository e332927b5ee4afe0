"""When a section takes comments: its state is computed from dates, never stored.

The rule stands here twice, as a value and as a query; a property test holds them together.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _


class WindowState(TextChoices):
    """徵詢期間 as a reader sees it."""

    UNPUBLISHED = "unpublished", _("Not published")
    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", _("Open for comment")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True)
class WindowDates:
    """The four moments that decide a window's state; None where none is set.

    From `announced_at` the title is shown; from `opens_at` the text, with comments taken until
    `closes_at`; from `withdrawn_at` nothing is shown any more.
    """

    announced_at: datetime | None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def state(self, *, at: datetime) -> WindowState:
        """What a reader meets at this moment."""
        if self.withdrawn_at and self.withdrawn_at <= at:
            return WindowState.UNPUBLISHED
        if self.closes_at and self.closes_at <= at:
            return WindowState.CLOSED
        if self.opens_at and self.opens_at <= at:
            return WindowState.OPEN
        if self.announced_at and self.announced_at <= at:
            return WindowState.ANNOUNCED
        return WindowState.UNPUBLISHED


def not_withdrawn(*, at: datetime, prefix: str = "") -> Q:
    """Windows that had not been withdrawn at this moment."""
    return Q(**{f"{prefix}withdrawn_at__isnull": True}) | Q(**{f"{prefix}withdrawn_at__gt": at})


def is_listed(*, at: datetime, prefix: str = "") -> Q:
    """Windows whose section is shown by its title at least: announced, open or closed."""
    return not_withdrawn(at=at, prefix=prefix) & Q(**{f"{prefix}announced_at__lte": at})


def is_readable(*, at: datetime, prefix: str = "") -> Q:
    """Windows whose section's text is shown: open or closed."""
    return not_withdrawn(at=at, prefix=prefix) & Q(**{f"{prefix}opens_at__lte": at})


def is_open(*, at: datetime, prefix: str = "") -> Q:
    """Windows that take comments."""
    still_open = Q(**{f"{prefix}closes_at__isnull": True}) | Q(**{f"{prefix}closes_at__gt": at})
    return is_readable(at=at, prefix=prefix) & still_open
