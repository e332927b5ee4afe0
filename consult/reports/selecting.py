"""Which comments a number of a report counts: the one rule for counting and for listing them.

A report counts every comment on the draft's sections, and on the draft as a whole, that was posted
up to its cutoff, also on sections that were withdrawn since: it is for drafters, who work on those
as well. What drafters said as such is no stakeholder's statement: it is counted apart and in no
other number.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from comments.models import Comment
from consult.document.models import Draft, Section
from consult.reports.models import Report

# What one part of a report is about: a section's own text, or the draft as a whole.
Place = Section | Draft


def said_on(place: Place, *, cutoff: dt.datetime) -> QuerySet[Comment]:
    """Every comment that stands in the inputs of the place's part."""
    said = Comment.objects.shown().posted_by(cutoff)
    if isinstance(place, Section):
        return said.filter(thread__section=place)
    return said.filter(thread__draft=place, thread__section=None)


def in_order_of_inputs(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """By section, then provision (the section as a whole first), then number in the thread.

    What is on the draft as a whole comes last.
    """
    return comments.order_by(
        F("thread__section__position").asc(nulls_last=True),
        F("thread__provision__position").asc(nulls_first=True),
        "sequence",
    )


@dataclass(frozen=True)
class Selection:
    """The comments behind one number of a report; None stands for all.

    `section` is a section's reference, `day` one of Taipei. With `on_whole`, only what was said on
    the draft as a whole; with `for_organisations`, only what was said for an organisation; with
    `by_drafters`, what drafters said as such, and nothing else.
    """

    section: str | None = None
    group: str | None = None
    stance: str | None = None
    day: dt.date | None = None
    on_whole: bool = False
    for_organisations: bool = False
    by_drafters: bool = False

    def comments(self, report: Report) -> QuerySet[Comment]:
        """The comments themselves, as of the report's cutoff."""
        filters: dict[str, Any] = {
            "thread__section__ref": self.section,
            "group": self.group,
            "stance": self.stance,
        }
        found = (
            Comment.objects.shown()
            .posted_by(report.cutoff)
            .filter(
                thread__draft_id=report.draft_id,
                as_drafter=self.by_drafters,
                **{name: value for name, value in filters.items() if value is not None},
            )
        )
        if self.on_whole:
            found = found.filter(thread__section=None)
        if self.for_organisations:
            found = found.filter(organisation__isnull=False)
        if self.day is not None:
            midnight = timezone.make_aware(
                dt.datetime.combine(self.day, dt.time.min), timezone.get_default_timezone()
            )
            found = found.filter(
                created_at__gte=midnight, created_at__lt=midnight + dt.timedelta(days=1)
            )
        return found
