"""The report's tasks: each calls one verb and may run any number of times."""

from celery import shared_task

from consult.reports import aggregating


@shared_task(ignore_result=True)
def plan_report(report_id: int) -> None:
    aggregating.plan_report(report_id)


# Results of the chord's parts, if any, carry nothing: the parts are in the database.
@shared_task
def make_part(part_id: int) -> None:
    aggregating.make_part(part_id)


@shared_task
def go_on(report_id: int) -> None:
    aggregating.go_on(report_id)


@shared_task(ignore_result=True)
def take_up_reports() -> None:
    aggregating.take_up_reports()
