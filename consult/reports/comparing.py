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
# How often the same is counted again, at most, before it hides what it could be compared with.
MOST_TWINS = 30


@dataclass(frozen=True)
class Earlier:
    """The reports with the same scope that are older, the latest first, without their results.

    `comparable` are those with an earlier cutoff, `twin` the last one with the same.
    """

    comparable: Sequence[Report]
    twin: Report | None

    @classmethod
    def of(cls, report: Report, *, published: bool = False) -> "Earlier":
        """All of them, or the published ones, for those who may read no others: one query."""
        found = Report.objects.with_earlier_cutoff(report) | Report.objects.made_before(report)
        if published:
            found = found.published()
        latest = found.defer("result", "decisions").order_by("-cutoff", "-requested_at")
        reports = list(latest[: MOST_COMPARED + MOST_TWINS])
        return cls(
            comparable=[each for each in reports if each.cutoff < report.cutoff][:MOST_COMPARED],
            twin=next((each for each in reports if each.cutoff == report.cutoff), None),
        )


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
