"""Reports that are made by themselves."""

from datetime import datetime, timedelta

import pytest

from accounts.models import AuditRecord
from consult.document.models import Draft
from consult.reports.columns import TAIPEI
from consult.reports.models import Report, ReportSchedule
from consult.reports.scheduling import ask_for_due_reports, change_schedule, schedule_of
from tests.consult.reports.comments import a_comment, a_draft, a_person
from tests.consult.reports.making import make

FIVE = datetime(2026, 11, 24, 5, tzinfo=TAIPEI)
DAY = timedelta(days=1)


@pytest.fixture
def draft(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    a_comment(draft, "壹-1", author=a_person("ann"))
    return draft


def close(draft: Draft, ref: str, *, at: datetime) -> None:
    window = draft.sections.get(ref=ref).window
    window.closes_at = at
    window.save()


def test_a_report_is_made_each_day_on_which_something_new_was_said(draft: Draft) -> None:
    assert ask_for_due_reports(at=FIVE + timedelta(minutes=1)) == 1
    report = Report.objects.get()
    assert (report.origin, report.cutoff, report.requested_by) == ("daily", FIVE, None)
    assert ask_for_due_reports(at=FIVE + timedelta(minutes=2)) == 0
    make(report)
    # Nothing new was said.
    assert ask_for_due_reports(at=FIVE + DAY) == 0
    a_comment(draft, "壹-1", author=a_person("bob"), at=FIVE + timedelta(hours=3))
    assert ask_for_due_reports(at=FIVE + DAY) == 1


def test_before_five_it_is_still_yesterday(draft: Draft) -> None:
    ask_for_due_reports(at=FIVE - timedelta(minutes=1))
    assert Report.objects.get(draft=draft).cutoff == FIVE - DAY


def test_sections_that_close_together_have_one_report(draft: Draft) -> None:
    ReportSchedule.objects.create(draft=draft, is_daily=False)
    closing = FIVE + timedelta(hours=13)
    for ref in ("壹", "貳"):
        close(draft, ref, at=closing)
    assert ask_for_due_reports(at=closing - timedelta(seconds=1)) == 0
    assert ask_for_due_reports(at=closing + timedelta(seconds=30)) == 1
    report = Report.objects.get()
    assert (report.origin, report.cutoff, report.sections) == ("closing", closing, ["壹", "貳"])
    make(report)
    assert ask_for_due_reports(at=closing + timedelta(minutes=5)) == 0


def test_a_closing_that_beat_missed_is_made_up_for_a_day(draft: Draft) -> None:
    ReportSchedule.objects.create(draft=draft, is_daily=False)
    close(draft, "貳", at=FIVE)
    assert ask_for_due_reports(at=FIVE + timedelta(days=2)) == 0
    assert ask_for_due_reports(at=FIVE + timedelta(hours=20)) == 1


def test_what_is_switched_off_is_not_made(draft: Draft) -> None:
    ReportSchedule.objects.create(draft=draft, is_daily=False, is_at_closing=False)
    close(draft, "貳", at=FIVE)
    assert ask_for_due_reports(at=FIVE + timedelta(minutes=1)) == 0


def chosen(draft: Draft) -> tuple[bool, bool]:
    schedule = schedule_of(draft)
    return schedule.is_daily, schedule.is_at_closing


def test_without_a_choice_both_are_made(draft: Draft) -> None:
    assert chosen(draft) == (True, True)


def test_a_choice_is_kept_and_logged_once(draft: Draft) -> None:
    ann = a_person("ann")
    assert change_schedule(draft, is_daily=False, is_at_closing=True, actor=ann)
    assert chosen(draft) == (False, True)
    # The same again changes nothing.
    assert not change_schedule(draft, is_daily=False, is_at_closing=True, actor=ann)
    line = AuditRecord.objects.get(act=AuditRecord.Act.SCHEDULE_CHANGED)
    assert (line.actor, line.object_kind, line.object_key) == (ann, "draft", str(draft.pk))
    assert line.details == {"daily": False, "at_closing": True}
    assert ask_for_due_reports(at=FIVE + timedelta(minutes=1)) == 0
    assert change_schedule(draft, is_daily=True, is_at_closing=True, actor=ann)
    assert ask_for_due_reports(at=FIVE + timedelta(minutes=1)) == 1


def test_choosing_what_is_so_already_writes_nothing(draft: Draft) -> None:
    assert not change_schedule(draft, is_daily=True, is_at_closing=True, actor=a_person("ann"))
    assert not ReportSchedule.objects.exists()
    assert not AuditRecord.objects.exists()
