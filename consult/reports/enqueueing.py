"""Send a report's parts to Celery, by the names of the tasks."""

from functools import partial

from celery import chord, current_app, signature
from django.db import transaction

from consult.reports.models import ReportPart

COUNT_SECTION = "consult.reports.tasks.count_section"
MERGE_REPORT = "consult.reports.tasks.merge_report"


def enqueue_on_commit(report_id: int) -> None:
    """Once this transaction stands, have all parts counted that are not yet, then merge them.

    Where Redis can't be reached the report waits for beat, which asks for the same again.
    """
    transaction.on_commit(partial(_enqueue, report_id), robust=True)


def _enqueue(report_id: int) -> None:
    waiting = ReportPart.objects.filter(report_id=report_id).not_done().in_reading_order()
    parts = list(waiting.values_list("pk", flat=True))
    merge = signature(MERGE_REPORT, (report_id,), immutable=True, app=current_app)
    if not parts:
        merge.delay()
        return
    chord([signature(COUNT_SECTION, (part,), app=current_app) for part in parts])(merge)
