"""Make a report's files: at once where that is quick, else by a worker, to be kept for a day.

| from \\ verb | make | fail too often | a day goes by |
|---|---|---|---|
| – | running | – | – |
| running | done | failed | gone |
| done, failed | – | – | gone |

A file is made under a lock on its row that dies with its worker's connection, so that it may be
asked for any number of times and be killed at any moment.
"""

import tempfile
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from celery import current_app, signature
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone, translation

from accounts import uploads
from accounts.models import User
from comments.live import publish, report_topic
from consult.reports.access import Reading
from consult.reports.contexts import ReportContext
from consult.reports.files.access import reading_for, withheld_from
from consult.reports.files.formats import FORMATS
from consult.reports.files.sheets import Tell
from consult.reports.models import Report, ReportFile
from consult.reports.selecting import counted_in

State = ReportFile.State
MAKE_FILE = "consult.reports.tasks.make_file"
KEPT = timedelta(days=1)
PATIENCE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
# So many comments are written while the reader waits.
WRITTEN_AT_ONCE = 3000
PROGRESS_KEPT = 600


def is_quick(report: Report) -> bool:
    """Whether its files can be made while the reader waits."""
    result = report.result or {}
    return bool(result["total"]["comments"] + result["by_drafters"] <= WRITTEN_AT_ONCE)


def write_now(reading: Reading, format_: str) -> IO[bytes]:
    """The file in the reader's language, gone once it is closed."""
    return _written(reading, format_, _tell_nobody)


def ask_for_file(
    reading: Reading,
    format_: str,
    *,
    requested_by: User | None,
    at: datetime | None = None,
) -> ReportFile:
    """The file to be made in the reader's language; one that is being made or still holds, if any.

    Readers from whom chapters are withheld get a file without these.
    """
    at = at or timezone.now()
    what = {
        "report": reading.report,
        "format": format_,
        "language": translation.get_language() or "en",
        "withheld": withheld_from(reading),
    }
    with transaction.atomic():
        # Two requests for one file take turns.
        report = Report.objects.select_for_update(no_key=True).only("pk")
        report.get(pk=reading.report.pk)
        same = ReportFile.objects.filter(**what)
        running = same.running().first()
        if running:
            return running
        for done in same.done().order_by("-requested_at"):
            if holds(done, at=at):
                return done
        file = ReportFile.objects.create(**what, requested_by=requested_by, requested_at=at)
        transaction.on_commit(partial(_enqueue, file.pk), robust=True)
        return file


def holds(file: ReportFile, *, at: datetime) -> bool:
    """Whether it may be handed out: not a day old, and all comments in it are still shown."""
    return (
        file.state == State.DONE
        and file.requested_at > at - KEPT
        and file.stood == _standing(file.report)
    )


def make_file(file_id: int, *, at: datetime | None = None) -> bool:
    """Make and store it; False where that is done, or being done elsewhere."""
    if not _begin(file_id):
        return False
    with transaction.atomic():
        file = _claimed(file_id)
        if file is None:
            return False
        file.stood = _standing(file.report)
        tell = partial(_tell_progress, file)
        with (
            translation.override(file.language),
            _written(reading_for(file), file.format, tell) as made,
        ):
            file.size = made.seek(0, 2)
            made.seek(0)
            file.stored_name = uploads.keep_made(made, ending=FORMATS[file.format].ending)
        file.state = State.DONE
        file.finished_at = at or timezone.now()
        file.save(update_fields=["stood", "size", "stored_name", "state", "finished_at"])
        publish(report_topic(file.report.public_id), {"report": str(file.report.public_id)})
    return True


def take_up_files(*, at: datetime) -> int:
    """Send what a lost worker left to the workers again, or give it up; how many."""
    waiting = ReportFile.objects.running().asked_before(at - PATIENCE)
    return sum(_take_up(file_id, at=at) for file_id in waiting.values_list("pk", flat=True))


def remove_old_files(*, at: datetime) -> int:
    """Remove the files of yesterday, and what a killed worker stored for nobody; how many rows."""
    with transaction.atomic():
        # One that is being made even so is left to its worker.
        old = list(ReportFile.objects.asked_before(at - KEPT).select_for_update(skip_locked=True))
        for file in old:
            if file.stored_name:
                uploads.discard(file.stored_name)
            file.delete()
    claimed = set(ReportFile.objects.done().values_list("stored_name", flat=True))
    uploads.remove_unclaimed_made(claimed=claimed, before=at - KEPT)
    return len(old)


def rows_written(file: ReportFile) -> int:
    """How many rows a worker has written so far; 0 where nobody knows."""
    return int(cache.get(_progress_key(file), 0))


def _written(reading: Reading, format_: str, tell: Tell) -> IO[bytes]:
    made = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends or stores it closes it
    try:
        FORMATS[format_].write(ReportContext(reading), made, tell)
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def _standing(report: Report) -> str:
    """Which comments are shown of those that the report is about: tells one set from another."""
    found = counted_in(report).aggregate(number=Count("pk"), keys=Sum("pk"))
    return f"{found['number']} {found['keys'] or 0}"


def _take_up(file_id: int, *, at: datetime) -> bool:
    with transaction.atomic():
        file = _claimed(file_id)
        if file is None:
            return False
        if file.attempts >= MOST_ATTEMPTS:
            file.state, file.finished_at = State.FAILED, at
            file.save(update_fields=["state", "finished_at"])
            return True
    _enqueue(file_id)
    return True


def _begin(file_id: int) -> bool:
    """Note that work begins, so that a file that kills its workers is given up in the end."""
    with transaction.atomic():
        file = _claimed(file_id)
        if file is None or file.attempts >= MOST_ATTEMPTS:
            return False
        file.attempts += 1
        file.save(update_fields=["attempts"])
    return True


def _claimed(file_id: int) -> ReportFile | None:
    """The file, locked until the transaction ends; None where it is done or someone is at it."""
    return (
        ReportFile.objects.running()
        .filter(pk=file_id)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("report__draft__framework")
        .first()
    )


def _enqueue(file_id: int) -> None:
    signature(MAKE_FILE, (file_id,), app=current_app).delay()


def _tell_progress(file: ReportFile, rows: int) -> None:
    cache.set(_progress_key(file), rows, PROGRESS_KEPT)


def _tell_nobody(rows: int) -> None:
    """Who waits for a quick one needs no news."""


def _progress_key(file: ReportFile) -> str:
    return f"report-file:{file.pk}"
