"""Two reports side by side: which can be compared, and what came in between their cutoffs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from comments.models import Comment
from consult.reports.differing import Arrival
from consult.reports.models import Report
from consult.reports.selecting import Selection

MOST_COMPARED = 30


def comparable_with(report: Report) -> QuerySet[Report]:
    """Earlier reports with the same scope, the latest first, without their results."""
    return Report.objects.with_earlier_cutoff(report).defer("result", "decisions")[:MOST_COMPARED]


def is_comparable(newer: Report, older: Report) -> bool:
    """Whether it can be said what came in since the older one."""
    return (
        newer.state == Report.State.DONE
        and Report.objects.with_earlier_cutoff(newer).filter(pk=older.pk).exists()
    )


@dataclass(frozen=True)
class Newcomers:
    """Who spoke between two cutoffs, each once."""

    authors: int
    organisations: int


def came_in(newer: Report, *, since: Report) -> QuerySet[Comment]:
    """What was posted after the older report's cutoff and up to the newer one's."""
    return Selection(since=since.cutoff).comments(newer)


def arrivals(newer: Report, *, since: Report) -> Sequence[Arrival]:
    """Those comments counted by section, group, stance and day of Taipei: one query."""
    day = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
    rows = (
        came_in(newer, since=since)
        .annotate(day=day)
        .values_list("thread__section__ref", "group", "stance", "day")
        .annotate(comments=Count("pk"))
        .order_by("thread__section__ref", "group", "stance", "day")
    )
    return [
        Arrival(section or "", group, stance, posted.isoformat(), comments)
        for section, group, stance, posted, comments in rows
    ]


def newcomers(newer: Report, *, since: Report) -> Newcomers:
    """The people and organisations who spoke in between."""
    return Newcomers(
        **came_in(newer, since=since).aggregate(
            authors=Count("author", distinct=True),
            organisations=Count("organisation", distinct=True),
        )
    )
