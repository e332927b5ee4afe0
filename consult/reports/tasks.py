"""The report's tasks: each calls one verb and may run any number of times."""

from celery import shared_task

from consult.reports import aggregating


@shared_task
def count_section(part_id: int) -> None:
    aggregating.count_part(part_id)


# Results of the chord's sections, if any, carry nothing: the parts are in the database.
@shared_task
def merge_report(report_id: int) -> None:
    aggregating.merge_report(report_id)


@shared_task(ignore_result=True)
def take_up_reports() -> None:
    aggregating.take_up_reports()
