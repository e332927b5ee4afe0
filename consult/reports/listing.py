"""The comments behind one number of a report, a page at a time."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from comments.models import Comment
from consult.reports.models import Report, ReportFlag
from consult.reports.selecting import Selection, in_order_of_inputs
from consult.reports.tallying import Json

PAGE = 50


@dataclass(frozen=True)
class Listing:
    """One page of the selected comments, how many there are in all, and where to go on."""

    counts: Json
    comments: tuple[Comment, ...]
    after: str


def list_comments(report: Report, selection: Selection, *, after: str = "") -> Listing:
    """The selected comments in the order of the inputs, from behind that reference on."""
    selected = selection.comments(report)
    counts = selected.aggregate(
        comments=Count("pk"),
        authors=Count("author", distinct=True),
        organisations=Count("organisation", distinct=True),
    )
    page = in_order_of_inputs(_behind(selected, after))
    found = list(
        page.select_related("author", "organisation", "thread__section", "thread__provision")[
            : PAGE + 1
        ]
    )
    more = found[PAGE - 1].reference if len(found) > PAGE else ""
    return Listing(counts=counts, comments=tuple(found[:PAGE]), after=more)


def _behind(selected: QuerySet[Comment], reference: str) -> QuerySet[Comment]:
    """What stands behind that comment in the order of the inputs; all, where it isn't there."""
    if not reference.isalnum():
        return selected
    last = (
        selected.filter(reference=reference)
        .select_related("thread__section", "thread__provision")
        .first()
    )
    if last is None:
        return selected
    section, provision = last.thread.section, last.thread.provision
    later_in_thread = Q(thread=last.thread_id, sequence__gt=last.sequence)
    if section is None:
        return selected.filter(later_in_thread)
    later_provisions = (
        Q(thread__provision__position__gt=provision.position)
        if provision
        else Q(thread__provision__isnull=False)
    )
    return selected.filter(
        Q(thread__section__position__gt=section.position)
        | Q(thread__section=None)
        | Q(thread__section=section) & later_provisions
        | later_in_thread
    )


@dataclass(frozen=True)
class Flagged:
    """What became of some of a report's comments since, and from where on the list goes on."""

    flags: tuple[ReportFlag, ...]
    after: str


def list_flags(report: Report, *, after: str = "") -> Flagged:
    """What became of the comments that the report counts, by their references, behind that one."""
    flags = report.flags.select_related("comment__thread__section", "comment__thread__provision")
    references = (
        report.flags.filter(comment__reference__gt=after)
        .order_by("comment__reference")
        .values_list("comment__reference", flat=True)
        .distinct()
    )
    # Whole comments, each of which may bear several flags.
    page = list(references[: PAGE + 1])
    found = flags.filter(comment__reference__in=page[:PAGE])
    return Flagged(
        flags=tuple(found.order_by("comment__reference", "noticed_at", "pk")),
        after=page[PAGE - 1] if len(page) > PAGE else "",
    )
