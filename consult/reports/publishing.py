"""Show a report to everyone, whole or without some chapters, and write notes beside it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import Act, record
from accounts.models import User
from consult.document.access import READABLE
from consult.document.models import Section
from consult.reports.models import Report, ReportNote, ReportQuerySet
from consult.reports.titles import TITLES

LONGEST_NOTE = 5000
MOST_LISTED = 10


class PublishingRefused(Exception):
    """The report was not published, or the note not written; the message says what to do."""


@transaction.atomic
def publish_report(
    report: Report, *, actor: User, withheld: Collection[str] = (), at: datetime | None = None
) -> Report:
    """Show the report to everyone without the chapters withheld; again, to change which.

    PublishingRefused where it isn't finished, or is about text that isn't readable.
    """
    at = at or timezone.now()
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != Report.State.DONE:
        raise PublishingRefused(_("Only a finished report can be published."))
    unread = unread_sections(report, at=at)
    if unread:
        raise PublishingRefused(
            _(
                "Some of its sections are not published: %(refs)s. Make a report on the others"
                " alone, or publish these first."
            )
            % {"refs": _(", ").join(unread[:10])}
        )
    report.published_at, report.published_by = report.published_at or at, actor
    report.withheld = [name for name in TITLES if name in withheld]
    report.save(update_fields=["published_at", "published_by", "withheld"])
    record(Act.REPORT_PUBLISHED, actor=actor, about=report, details={"withheld": report.withheld})
    return report


@transaction.atomic
def take_back_report(report: Report, *, actor: User) -> bool:
    """Show the report to drafters alone again; False where it was not published."""
    published = Report.objects.published().filter(pk=report.pk)
    if published.update(published_at=None, published_by=None, withheld=[]) != 1:
        return False
    record(Act.REPORT_TAKEN_BACK, actor=actor, about=report)
    return True


@transaction.atomic
def write_note(report: Report, *, chapter: str, text: str, author: User) -> None:
    """What stands beside a chapter ("": the report as a whole) from now on; empty is nothing."""
    text = text.strip()
    if chapter and chapter not in TITLES:
        raise PublishingRefused(_("The report has no such chapter."))
    if len(text) > LONGEST_NOTE:
        raise PublishingRefused(
            _("A note has at most %(limit)s characters; this one has %(length)s.")
            % {"limit": f"{LONGEST_NOTE:,}", "length": f"{len(text):,}"}
        )
    if not text:
        ReportNote.objects.filter(report=report, chapter=chapter).delete()
        return
    ReportNote.objects.update_or_create(
        report=report,
        chapter=chapter,
        defaults={"text": text, "author": author, "written_at": timezone.now()},
    )


def published_among(reports: ReportQuerySet, *, at: datetime) -> list[Report]:
    """Those of the reports that anyone may read, published last first, without their results.

    As everywhere, none of which a section is taken back.
    """
    published = reports.published().with_sections().select_related("draft__framework")
    newest = list(published.order_by("-published_at", "-pk")[:MOST_LISTED])
    drafts = {report.draft_id for report in newest}
    readable = _readable(drafts, at=at) if drafts else {}
    return [
        report
        for report in newest
        if readable[report.draft_id].issuperset(_shown(report.counted_sections))
    ]


def unread_sections(report: Report, *, at: datetime) -> list[str]:
    """References of the report's sections that readers can't read now, though the report shows
    them: those that could be read by its cutoff, or were spoken on."""
    readable = _readable({report.draft_id}, at=at)[report.draft_id]
    return [ref for ref in _shown((report.result or {}).get("sections", [])) if ref not in readable]


def _shown(sections: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        section["ref"]
        for section in sections
        if section["ref"]
        and (section["state"] in READABLE or section["total"]["comments"] or section["by_drafters"])
    ]


def _readable(drafts: Collection[int], *, at: datetime) -> Mapping[int, set[str]]:
    """References of the sections of each draft that readers can read."""
    found: dict[int, set[str]] = {draft: set() for draft in drafts}
    readable = Section.objects.readable(at=at).filter(draft__in=drafts)
    for draft, ref in readable.values_list("draft_id", "ref"):
        found[draft].add(ref)
    return found
