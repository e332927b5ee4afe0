"""Make a report: ask for it, count its sections, merge them, and take up what stood still.

| from \\ verb | count the last part and merge | fail too often |
|---|---|---|
| running | done | failed |
| done, failed | – | – |

Any verb may run twice, at once, in any order, and be killed: a part is counted under a lock on
its row that dies with its worker's connection, and whatever was stored first stands.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.live import publish, report_topic
from consult.document.models import Draft, Section
from consult.reports.canonical import Scope, inputs_sha256
from consult.reports.counting import count_section
from consult.reports.enqueueing import enqueue_on_commit
from consult.reports.models import Report, ReportPart
from consult.reports.selecting import Place
from consult.reports.tallying import SectionTally, merge_tallies

State = Report.State
Failure = Report.Failure

# Nothing was said before; from year 0 on, the database stores moments that Python can't read.
EARLIEST_CUTOFF = datetime(1970, 1, 1, tzinfo=UTC)
# How often a section's counting, or the merging, is begun before the report is given up.
MOST_ATTEMPTS = 5
# A report of which no part went forward for so long is sent to the workers again.
PATIENCE = timedelta(seconds=20)


class ReportRefused(Exception):
    """The report can't be made as asked for; the message says what to do."""


@transaction.atomic
def request_report(
    draft: Draft, *, requested_by: User, cutoff: datetime | None = None, at: datetime | None = None
) -> Report:
    """A report of the comments up to `cutoff` (now), to be made by the workers.

    While one is being made, asking again gives that one; ReportRefused where that has another
    cutoff, and for a cutoff that lies ahead or centuries back.
    """
    at = at or timezone.now()
    if cutoff and cutoff > at:
        raise ReportRefused(_("The cutoff lies in the future. Choose a moment that has passed."))
    if cutoff and cutoff < EARLIEST_CUTOFF:
        raise ReportRefused(_("Enter a valid date/time."))
    # Two requests for one draft take turns.
    Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
    running = Report.objects.running().filter(draft=draft).first()
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
    )
    places = [*draft.sections.in_reading_order(), None]
    ReportPart.objects.bulk_create(ReportPart(report=report, section=place) for place in places)
    enqueue_on_commit(report.pk)
    return report


def count_part(part_id: int, *, at: datetime | None = None) -> bool:
    """Count one section and store its part; False where that is done, or being done elsewhere."""
    part = _begin_part(part_id)
    if part is None:
        return False
    place = part.section or part.report.draft
    _let_earlier_posts_finish(place)
    with transaction.atomic():
        if _claimed_part(part_id) is None:
            return False
        counted = count_section(place, cutoff=part.report.cutoff)
        part.result = counted.tally.to_json()
        part.inputs_sha256 = counted.sha256
        part.done_at = at or timezone.now()
        part.save(update_fields=["result", "inputs_sha256", "done_at"])
    # Apart, so that sections counted at once don't wait for each other.
    Report.objects.running().filter(pk=part.report_id).update(progressed_at=part.done_at)
    _tell_progress(part.report)
    return True


def merge_report(report_id: int, *, at: datetime | None = None) -> bool:
    """Put the sections' counts together; False where some are missing or it was done before."""
    begun = Report.objects.running().filter(pk=report_id, attempts__lt=MOST_ATTEMPTS)
    if ReportPart.objects.filter(report_id=report_id).not_done().exists():
        return False
    # Counted outside the transaction that may be killed.
    if begun.update(attempts=F("attempts") + 1) != 1:
        return False
    with transaction.atomic():
        report = _claimed_report(report_id)
        if report is None:
            return False
        parts = list(report.parts.in_reading_order().select_related("section"))
        result = merge_tallies(SectionTally.from_json(part.result or {}) for part in parts)
        report.result = result
        report.inputs_sha256 = inputs_sha256(
            scope_of(report).line, [part.inputs_sha256 for part in parts]
        )
        report.state = State.DONE
        report.finished_at = report.progressed_at = at or timezone.now()
        report.save()
    _tell_progress(report)
    return True


def take_up_reports(*, at: datetime | None = None) -> int:
    """Send every report that stands still to the workers again, or give it up; how many."""
    at = at or timezone.now()
    still = Report.objects.standing_still(since=at - PATIENCE)
    return sum(_take_up(report, at=at) for report in still.order_by("pk"))


def scope_of(report: Report) -> Scope:
    """What the head line of the report's inputs says."""
    draft = report.draft
    return Scope(
        framework=draft.framework.code,
        draft=draft.number,
        source_sha256=draft.source_sha256,
        cutoff=report.cutoff,
    )


@transaction.atomic
def _take_up(report: Report, *, at: datetime) -> bool:
    failure = _exhausted(report)
    claim = Report.objects.running().filter(pk=report.pk, progressed_at=report.progressed_at)
    if failure:
        given_up = claim.update(
            state=State.FAILED, failure=failure, finished_at=at, progressed_at=at
        )
        _tell_progress(report)
        return given_up == 1
    if claim.update(progressed_at=at) != 1:
        return False
    enqueue_on_commit(report.pk)
    return True


def _exhausted(report: Report) -> Failure | None:
    """Why the report is to be given up; what a worker is busy with is not."""
    parts = report.parts.not_done().filter(attempts__gte=MOST_ATTEMPTS)
    if parts.select_for_update(skip_locked=True).first():
        return Failure.COUNTING
    if report.attempts >= MOST_ATTEMPTS and _claimed_report(report.pk):
        return Failure.MERGING
    return None


def _begin_part(part_id: int) -> ReportPart | None:
    """Note that counting begins, so that a part that kills its workers is given up in the end."""
    with transaction.atomic():
        part = _claimed_part(part_id)
        if part is None or part.attempts >= MOST_ATTEMPTS:
            return None
        part.attempts += 1
        part.save(update_fields=["attempts"])
        return part


def _claimed_part(part_id: int) -> ReportPart | None:
    """The part, locked until the transaction ends; None where it is done or someone is at it."""
    return (
        ReportPart.objects.not_done()
        .filter(pk=part_id, report__state=State.RUNNING)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("report__draft__framework", "section")
        .first()
    )


def _claimed_report(report_id: int) -> Report | None:
    return (
        Report.objects.running()
        .filter(pk=report_id)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("draft__framework")
        .first()
    )


@transaction.atomic
def _let_earlier_posts_finish(place: Place) -> None:
    """Wait until no comment can still arrive with a moment up to the cutoff.

    Posting takes its moment while it shares the section's row, and on the draft as a whole the
    rows of all its sections. So once one of them was ours for an instant, what was posted before
    stands, and what comes later bears a later moment: the counting itself then holds nobody up.
    """
    rows = Section.objects.select_for_update(no_key=True).order_by("position")
    if isinstance(place, Section):
        rows.get(pk=place.pk)
    else:
        rows.filter(draft=place).first()


def _tell_progress(report: Report) -> None:
    """Open pages fetch the rest; one that misses this asks by itself."""
    publish(report_topic(report.public_id), {"report": str(report.public_id)})
