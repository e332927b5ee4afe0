"""What the pages around a report show: the list of reports, progress, and listed comments."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.document.models import Draft
from consult.reports.figures import query_of
from consult.reports.forms import ReportForm
from consult.reports.headings import section_heading, whole_heading
from consult.reports.listing import Listing
from consult.reports.models import Report, ReportPart
from consult.reports.selecting import Selection
from consult.reports.set_words import words_of_set
from consult.reports.titles import chapter_title

MOST_REPORTS_LISTED = 100


@dataclass(frozen=True)
class ReportsContext:
    """A draft's reports and the form that asks for another."""

    draft: Draft
    form: ReportForm

    @property
    def reports(self) -> QuerySet[Report]:
        """Without their results, which may be large; `comments` is how many each counted."""
        return (
            self.draft.reports.newest_first()
            .select_related("requested_by")
            .annotate(comments=KT("result__total__comments"))
            .defer("result", "decisions")[:MOST_REPORTS_LISTED]
        )


@dataclass(frozen=True)
class ProgressContext:
    """How far a report is, what it is doing, and how long that may take yet."""

    report: Report
    parts: tuple[ReportPart, ...]
    at: datetime

    @classmethod
    def of(cls, report: Report, *, at: datetime) -> "ProgressContext":
        parts = report.parts.select_related("section").defer("result", "stretches")
        return cls(report=report, parts=tuple(parts.order_by("pk")), at=at)

    @property
    def state(self) -> str:
        return self.report.state

    @property
    def is_planned(self) -> bool:
        return self.report.planned_at is not None

    @property
    def done(self) -> int:
        return sum(part.done_at is not None for part in self.parts)

    @property
    def total(self) -> int:
        return len(self.parts)

    @property
    def is_at_chapters(self) -> bool:
        """Whether all comments are read and counted."""
        return any(part.kind == ReportPart.Kind.CHAPTER for part in self.parts)

    @property
    def is_merging(self) -> bool:
        return self.is_planned and self.done == self.total

    @property
    def next_part(self) -> ReportPart | None:
        """The part that is made now: the longest go first."""
        waiting = [part for part in self.parts if part.done_at is None]
        return min(waiting, key=lambda part: (-part.comments, part.pk), default=None)

    @property
    def next_chapter(self) -> str:
        part = self.next_part
        return chapter_title(part.chapter) if part and part.chapter else ""

    @property
    def seconds_left(self) -> int | None:
        """By the pace so far; None while nothing is done yet, or all is."""
        begun = self.report.planned_at
        waiting = sum(part.comments for part in self.parts if part.done_at is None)
        ready = sum(part.comments for part in self.parts if part.done_at is not None)
        if begun is None or not ready or not waiting:
            return None
        return max(1, round((self.at - begun).total_seconds() * waiting / ready))


@dataclass(frozen=True)
class ListedComment:
    """A comment with the words that say who, how and where."""

    comment: Comment
    sign: str
    ref: str
    heading: str

    @classmethod
    def of(cls, comment: Comment) -> "ListedComment":
        section = comment.thread.section
        return cls(
            comment=comment,
            sign=SIGNS[Comment.Stance(comment.stance)],
            ref=comment.thread.ref,
            heading=section.title or section.number if section else whole_heading(),
        )


@dataclass(frozen=True)
class ListingContext:
    """The comments behind one number, said in words what they are."""

    report: Report
    selection: Selection
    listing: Listing

    @property
    def counts(self) -> dict[str, Any]:
        return self.listing.counts

    @property
    def comments(self) -> list[ListedComment]:
        return [ListedComment.of(comment) for comment in self.listing.comments]

    @cached_property
    def number(self) -> str:
        """Which number of the report this is the list of; empty where the selection tells."""
        within = self.selection.within
        return words_of_set(self.report, within) if within else ""

    @property
    def group(self) -> str:
        return str(StakeholderGroup(self.selection.group).label) if self.selection.group else ""

    @property
    def stance(self) -> str:
        return str(Comment.Stance(self.selection.stance).label) if self.selection.stance else ""

    @property
    def section(self) -> str:
        """The section's number and title, as the report has them."""
        if self.selection.on_whole:
            return whole_heading()
        sections = (self.report.result or {}).get("sections", [])
        found = next((each for each in sections if each["ref"] == self.selection.section), None)
        return section_heading(found) if found else self.selection.section or ""

    @property
    def next_page(self) -> str:
        """Where the list goes on; empty at its end."""
        if not self.listing.after:
            return ""
        page = reverse("report_comments", args=[self.report.public_id])
        return f"{page}?{urlencode({**query_of(self.selection), 'after': self.listing.after})}"
