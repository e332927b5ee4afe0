"""Send a report's parts to Celery, by the names of the tasks."""

from functools import partial

from celery import chord, current_app, signature
from django.db import transaction

from consult.reports.models import Report, ReportPart

PLAN_REPORT = "consult.reports.tasks.plan_report"
MAKE_PART = "consult.reports.tasks.make_part"
GO_ON = "consult.reports.tasks.go_on"


def enqueue_on_commit(report_id: int) -> None:
    """Once this transaction stands, have all parts made that are not yet, then go on.

    Where Redis can't be reached the report waits for beat, which asks for the same again.
    """
    transaction.on_commit(partial(_enqueue, report_id), robust=True)


def _enqueue(report_id: int) -> None:
    if Report.objects.filter(pk=report_id, planned_at=None).exists():
        signature(PLAN_REPORT, (report_id,), app=current_app).delay()
        return
    waiting = ReportPart.objects.filter(report_id=report_id).not_done().longest_first()
    parts = list(waiting.values_list("pk", flat=True))
    go_on = signature(GO_ON, (report_id,), immutable=True, app=current_app)
    if not parts:
        go_on.delay()
        return
    chord([signature(MAKE_PART, (part,), app=current_app) for part in parts])(go_on)
