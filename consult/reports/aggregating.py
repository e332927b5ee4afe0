"""Make a report: divide it, read its parts, make its chapters, put them together.

| from \\ verb | cancel | put the last part in | fail too often |
|---|---|---|---|
| running | cancelled | done | failed |
| done, failed, cancelled | – | – | – |

Any verb may run twice, at once, in any order, and be killed: a part is made under a lock on its
row that dies with its worker's connection, and whatever was stored first stands.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from comments.live import publish, report_topic
from consult.document.models import Section
from consult.reports.analysing.registry import CHAPTERS
from consult.reports.enqueueing import enqueue_on_commit
from consult.reports.heading import head_of
from consult.reports.merging import merge_parts
from consult.reports.models import Report, ReportPart, ReportTally
from consult.reports.planning import parts_of
from consult.reports.reading import thread_sizes
from consult.reports.working_parts import fill_part

State = Report.State
Failure = Report.Failure
Kind = ReportPart.Kind

# How often a part, the division or the merging is begun before the report is given up.
MOST_ATTEMPTS = 5
# A report of which no part went forward for so long is sent to the workers again.
PATIENCE = timedelta(seconds=20)


def plan_report(report_id: int, *, at: datetime | None = None) -> bool:
    """Divide the comments into parts and send them to the workers; False where that is done."""
    if not _begin(report_id, planned_at=None):
        return False
    with transaction.atomic():
        report = _claimed_report(report_id, planned_at=None)
        if report is None:
            return False
        _let_earlier_posts_finish(report)
        parts = [
            ReportPart(
                report=report,
                kind=Kind.READING,
                section_id=part.section,
                number=part.number,
                stretches=part.stretches,
                comments=part.comments,
            )
            for part in parts_of(thread_sizes(report))
        ]
        counting = ReportPart(
            report=report, kind=Kind.COUNTING, comments=sum(part.comments for part in parts)
        )
        ReportPart.objects.bulk_create([*parts, counting])
        report.planned_at = report.progressed_at = at or timezone.now()
        # The merging has attempts of its own.
        report.attempts = 0
        report.save(update_fields=["planned_at", "progressed_at", "attempts"])
        enqueue_on_commit(report.pk)
    _tell_progress(report)
    return True


def make_part(part_id: int, *, at: datetime | None = None) -> bool:
    """Make one part and store it; False where that is done, or being done elsewhere."""
    part = _begin_part(part_id)
    if part is None:
        return False
    with transaction.atomic():
        if _claimed_part(part_id) is None:
            return False
        fill_part(part)
        part.done_at = at or timezone.now()
        part.save(update_fields=["result", "inputs_sha256", "done_at"])
    # Apart, so that parts made at once don't wait for each other.
    Report.objects.running().filter(pk=part.report_id).update(progressed_at=part.done_at)
    _tell_progress(part.report)
    return True


def go_on(report_id: int, *, at: datetime | None = None) -> bool:
    """Do what comes next once all parts that there are stand; False where some are missing.

    First the chapters are sent to the workers; when these stand, all is put together.
    """
    parts = ReportPart.objects.filter(report_id=report_id)
    if parts.not_done().exists():
        return False
    if CHAPTERS and not parts.chapters().exists():
        return _begin_chapters(report_id)
    return _merge(report_id, at=at)


def take_up_reports(*, at: datetime | None = None) -> int:
    """Send every report that stands still to the workers again, or give it up; how many."""
    at = at or timezone.now()
    still = Report.objects.standing_still(since=at - PATIENCE)
    return sum(_take_up(report, at=at) for report in still.order_by("pk"))


@transaction.atomic
def _begin_chapters(report_id: int) -> bool:
    report = _claimed_report(report_id, planned_at__isnull=False)
    if report is None or report.parts.chapters().exists():
        return False
    sizes: dict[int | None, int] = {}
    for section, comments in report.parts.reading().values_list("section_id", "comments"):
        sizes[section] = sizes.get(section, 0) + comments
    chapters = [
        ReportPart(
            report=report,
            kind=Kind.CHAPTER,
            chapter=chapter.NAME,
            section_id=section,
            comments=comments,
        )
        for chapter in CHAPTERS
        for section, comments in (
            (None, sum(sizes.values())),
            *((each for each in sizes.items() if each[0]) if chapter.BY_SECTION else ()),
        )
    ]
    ReportPart.objects.bulk_create(chapters)
    enqueue_on_commit(report.pk)
    return True


def _merge(report_id: int, *, at: datetime | None) -> bool:
    # Counted outside the transaction that may be killed.
    if not _begin(report_id, planned_at__isnull=False):
        return False
    with transaction.atomic():
        report = _claimed_report(report_id, planned_at__isnull=False)
        if report is None:
            return False
        merge_parts(report, head_of(report))
        report.state = State.DONE
        report.finished_at = report.progressed_at = at or timezone.now()
        report.save()
    _tell_progress(report)
    return True


def _begin(report_id: int, **state: object) -> bool:
    """Note that planning or merging begins; False where it is over or was begun too often."""
    begun = Report.objects.running().filter(pk=report_id, attempts__lt=MOST_ATTEMPTS, **state)
    return begun.update(attempts=F("attempts") + 1) == 1


@transaction.atomic
def _take_up(report: Report, *, at: datetime) -> bool:
    failure = _exhausted(report)
    claim = Report.objects.running().filter(pk=report.pk, progressed_at=report.progressed_at)
    if failure:
        given_up = claim.update(
            state=State.FAILED, failure=failure, finished_at=at, progressed_at=at
        )
        # Some chapters keep words in them until the report is done.
        ReportTally.objects.filter(part__report=report, part__report__state=State.FAILED).delete()
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
        return Failure.MERGING if report.planned_at else Failure.PLANNING
    return None


def _begin_part(part_id: int) -> ReportPart | None:
    """Note that work begins, so that a part that kills its workers is given up in the end."""
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


def _claimed_report(report_id: int, **state: object) -> Report | None:
    return (
        Report.objects.running()
        .filter(pk=report_id, **state)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("draft__framework")
        .first()
    )


def _let_earlier_posts_finish(report: Report) -> None:
    """Wait until no comment can still arrive with a moment up to the cutoff.

    Posting takes its moment while it shares the section's row, and on the draft as a whole the
    rows of all its sections. So once they were ours for an instant, what was posted before
    stands, and what comes later bears a later moment.
    """
    with transaction.atomic():
        rows = Section.objects.filter(draft=report.draft_id).order_by("position")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def _tell_progress(report: Report) -> None:
    """Open pages fetch the rest; one that misses this asks by itself."""
    publish(report_topic(report.public_id), {"report": str(report.public_id)})
