"""Which comments a number of a report counts: the one rule for counting and for listing them.

A report counts every comment on the draft's sections, and on the draft as a whole, that was posted
up to its cutoff, also on sections that were withdrawn since: it is for drafters, who work on those
as well. What drafters said as such is no stakeholder's statement: it is counted apart and in no
other number.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, QuerySet, TextField
from django.utils import timezone

from comments.models import Comment, Endorsement, Thread
from consult.reports.models import Report, ReportSet


def counted_in(report: Report) -> QuerySet[Comment]:
    """Every comment that stands in the report's inputs, drafters' too."""
    said = Comment.objects.shown().posted_by(report.cutoff)
    if report.group:
        said = said.filter(group=report.group)
    threads = Thread.objects.filter(draft=report.draft_id)
    if report.sections:
        threads = threads.filter(section__ref__in=report.sections)
    return said.filter(thread__in=threads)


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

    `section` is a section's reference, `day` one of Taipei, `county` that of the organisation in
    whose name it was said, `within` the key of one of the report's sets; with `since`, only what
    was posted after that moment. With `on_whole`, only what was said on the draft as a whole; with
    `for_organisations`, only what was said for an organisation; with `with_wording`, only what
    proposes a wording; with `endorsed`, only what somebody endorsed; with `by_drafters`, what
    drafters said as such, and nothing else.
    """

    section: str | None = None
    group: str | None = None
    stance: str | None = None
    day: dt.date | None = None
    county: str | None = None
    within: str | None = None
    since: dt.datetime | None = None
    on_whole: bool = False
    for_organisations: bool = False
    with_wording: bool = False
    endorsed: bool = False
    by_drafters: bool = False

    def comments(self, report: Report) -> QuerySet[Comment]:
        """The comments themselves, as of the report's cutoff."""
        filters: dict[str, Any] = {
            "thread__section__ref": self.section,
            "group": self.group,
            "stance": self.stance,
            "organisation__county": self.county,
            "created_at__gt": self.since,
        }
        found = counted_in(report).filter(
            as_drafter=self.by_drafters,
            **{name: value for name, value in filters.items() if value is not None},
        )
        if self.within is not None:
            found = found.filter(reference__in=_references_in(report, self.within))
        if self.on_whole:
            found = found.filter(thread__section=None)
        if self.for_organisations:
            found = found.filter(organisation__isnull=False)
        if self.with_wording:
            found = found.exclude(proposed_text="")
        if self.endorsed:
            endorsements = Endorsement.objects.filter(
                comment=OuterRef("pk"), created_at__lte=report.cutoff
            )
            found = found.filter(Exists(endorsements))
        if self.day is not None:
            midnight = timezone.make_aware(
                dt.datetime.combine(self.day, dt.time.min), timezone.get_default_timezone()
            )
            found = found.filter(
                created_at__gte=midnight, created_at__lt=midnight + dt.timedelta(days=1)
            )
        return found


def _references_in(report: Report, key: str) -> QuerySet[ReportSet, Any]:
    references = Func(F("references"), function="unnest", output_field=TextField())
    return ReportSet.objects.filter(report=report, key=key).values_list(references)
