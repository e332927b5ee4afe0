"""What the pages around a report show: the list of reports, progress, and listed comments."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.document.models import Draft, Section
from consult.reports.contexts import section_heading, whole_heading
from consult.reports.figures import query_of
from consult.reports.forms import ReportForm
from consult.reports.listing import Listing
from consult.reports.models import Report
from consult.reports.selecting import Selection

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
            .defer("result")[:MOST_REPORTS_LISTED]
        )


@dataclass(frozen=True)
class ProgressContext:
    """How far a report is, and what it is doing."""

    report: Report
    sections: int
    counted: int
    next_section: Section | None

    @property
    def is_at_the_whole(self) -> bool:
        """Whether only what was said on the draft as a whole is still to be counted."""
        return self.next_section is None and self.counted < self.sections

    @classmethod
    def of(cls, report: Report) -> "ProgressContext":
        waiting = report.parts.not_done().in_reading_order().select_related("section").first()
        return cls(
            report=report,
            sections=report.parts.count(),
            counted=report.parts.done().count(),
            next_section=waiting.section if waiting else None,
        )

    @property
    def state(self) -> str:
        return self.report.state


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
