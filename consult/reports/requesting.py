"""Ask for a report, and take the request back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.live import publish, report_topic
from consult.document.models import Draft
from consult.reports.deciding import decisions_on
from consult.reports.enqueueing import enqueue_on_commit
from consult.reports.models import Report, ReportTally

State = Report.State
# Nothing was said before; from year 0 on, the database stores moments that Python can't read.
EARLIEST_CUTOFF = datetime(1970, 1, 1, tzinfo=UTC)


class ReportRefused(Exception):
    """The report can't be made as asked for; the message says what to do."""


@transaction.atomic
def request_report(
    draft: Draft,
    *,
    requested_by: User | None,
    cutoff: datetime | None = None,
    sections: Sequence[str] = (),
    group: str = "",
    origin: str = Report.Origin.HAND,
    at: datetime | None = None,
) -> Report:
    """A report of the comments up to `cutoff` (now), to be made by the workers.

    `sections` are references; each stands for all beneath it, none for the draft and what is said
    on it as a whole. While a report on the same is being made, asking again gives that one;
    ReportRefused where that has another cutoff, for a cutoff that lies ahead or centuries back,
    and for a section that the draft hasn't.
    """
    at = at or timezone.now()
    if cutoff and cutoff > at:
        raise ReportRefused(_("The cutoff lies in the future. Choose a moment that has passed."))
    if cutoff and cutoff < EARLIEST_CUTOFF:
        raise ReportRefused(_("Enter a valid date/time."))
    # Two requests for one draft take turns.
    draft = Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    scope: dict[str, Any] = {"sections": _with_what_is_beneath(draft, sections), "group": group}
    running = Report.objects.running().filter(draft=draft, **scope).first()
    if running and cutoff and cutoff != running.cutoff:
        raise ReportRefused(
            _("A report with another cutoff is being made just now. Ask again when it is done.")
        )
    if running:
        return running
    report = Report.objects.create(
        draft=draft,
        cutoff=cutoff or at,
        requested_by=requested_by,
        requested_at=at,
        progressed_at=at,
        origin=origin,
        decisions=decisions_on(draft, sections=scope["sections"]),
        **scope,
    )
    enqueue_on_commit(report.pk)
    return report


def cancel_report(report: Report, *, at: datetime | None = None) -> bool:
    """Make no more of it; False where it is over already. A part in hand is thrown away."""
    at = at or timezone.now()
    with transaction.atomic():
        running = Report.objects.running().filter(pk=report.pk)
        if running.update(state=State.CANCELLED, finished_at=at, progressed_at=at) != 1:
            return False
        ReportTally.objects.filter(part__report=report).delete()
    publish(report_topic(report.public_id), {"report": str(report.public_id)})
    return True


def _with_what_is_beneath(draft: Draft, refs: Sequence[str]) -> list[str]:
    """The references of these sections and all beneath them, in reading order."""
    sections = list(draft.sections.in_reading_order())
    chosen = [section for section in sections if section.ref in set(refs)]
    if len(chosen) != len(set(refs)):
        raise ReportRefused(_("The draft has no such section. Choose from the list."))
    found = [
        section.ref
        for section in sections
        if any(each.position <= section.position <= each.last_position for each in chosen)
    ]
    return [] if len(found) == len(sections) else found
