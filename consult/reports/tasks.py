"""The report's tasks: each calls one verb and may run any number of times."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from consult.reports import aggregating, expecting, flagging, reminding, scheduling
from consult.reports.files import making


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


@shared_task(ignore_result=True)
def make_file(file_id: int) -> None:
    making.make_file(file_id)


@shared_task(ignore_result=True)
def take_up_files() -> None:
    making.take_up_files(at=timezone.now())


@shared_task(ignore_result=True)
def remove_old_files() -> None:
    making.remove_old_files(at=timezone.now())


@shared_task(
    ignore_result=True,
    autoretry_for=(reminding.LetterNotSent,),
    retry_backoff=60,
    max_retries=5,
)
def send_reminder(reminder_id: int) -> None:
    reminding.send_reminder(reminder_id)


@shared_task(ignore_result=True)
def send_waiting_reminders() -> None:
    reminding.send_waiting_reminders()


@shared_task(ignore_result=True)
def forget_addresses() -> None:
    expecting.forget_addresses(at=timezone.now())


@shared_task(ignore_result=True)
def ask_for_due_reports() -> None:
    scheduling.ask_for_due_reports(at=timezone.now())


@shared_task(ignore_result=True)
def flag_reports(back_hours: float = 1) -> None:
    flagging.flag_reports(at=timezone.now(), back=timedelta(hours=back_hours))
