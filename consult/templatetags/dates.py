"""Dates as officials read them in templates, with the machine's date in a <time> element."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.document.dates import day_in_words, in_taipei, moment_in_words

register = template.Library()

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@register.filter
def machine(value: datetime | date | str | None) -> str:
    """ISO 8601, to the minute: 2025-11-23T14:05+08:00 or 2025-11-23."""
    if not value:
        return ""
    local = in_taipei(value)
    return local.isoformat("T", "minutes") if isinstance(local, datetime) else local.isoformat()


@register.filter
def official_date(value: datetime | date | str | None) -> str:
    """The day of it; nothing where there is none."""
    if not value:
        return ""
    local = in_taipei(value)
    day = local.date() if isinstance(local, datetime) else local
    return _element(day, day_in_words(day))


@register.filter
def plain_date(value: datetime | date | str) -> str:
    """The day as text alone, for places where no element may stand: within an SVG."""
    return day_in_words(in_taipei(value))


@register.filter
def official_moment(value: datetime | None) -> str:
    """The day and the time; nothing where there is none."""
    return _element(value, moment_in_words(value)) if value else ""


@register.filter
def remaining(value: datetime | None, at: datetime | None = None) -> str:
    """How long until then, rounded down: 還有 9 天, 3 hours left."""
    if not value:
        return ""
    return _element(value, _time_left(value - (at or timezone.now())))


def _time_left(left: timedelta) -> str:
    if left <= timedelta(0):
        return _("Time is up")
    if left < HOUR:
        return _("Less than an hour left")
    if left < DAY:
        hours = left // HOUR
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return ngettext("%(count)d day left", "%(count)d days left", left.days) % {"count": left.days}


def _element(value: datetime | date, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine(value), words)
