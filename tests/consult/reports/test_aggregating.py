"""Asking for a report, counting, merging; the numbers against the comments themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft, WindowRecord
from consult.reports import aggregating, listing
from consult.reports.aggregating import ReportRefused, request_report
from consult.reports.downloading import inputs_of
from consult.reports.models import Report
from consult.reports.selecting import Selection
from tests.consult.reports.comments import CUTOFF, a_comment, a_draft
from tests.consult.reports.recounting import recount

State = Report.State


def count_all(report: Report) -> Report:
    """What the workers do."""
    for part in report.parts.order_by("-pk"):
        aggregating.count_part(part.pk)
    aggregating.merge_report(report.pk)
    report.refresh_from_db()
    return report


def report_at(draft: Draft, asker: User) -> Report:
    return count_all(request_report(draft, requested_by=asker, cutoff=CUTOFF))


def test_a_report_counts_what_was_said(commented: Draft, asker: User) -> None:
    result = report_at(commented, asker).result
    assert result is not None
    assert result["total"] == {"comments": 6, "authors": 3, "organisations": 2}
    assert result["by_drafters"] == 1
    assert result["groups"] == {
        "association": {"comments": 1, "authors": 1, "organisations": 1},
        "public": {"comments": 4, "authors": 2, "organisations": 0},
        "school": {"comments": 1, "authors": 1, "organisations": 1},
    }
    assert result["cells"]["public"]["oppose"] == {
        "comments": 1,
        "authors": 1,
        "organisations": 0,
    }
    first, second, third, whole = result["sections"]
    assert first["total"] == {"comments": 3, "authors": 1, "organisations": 1}
    assert second["stances"]["support"] == {"comments": 2, "authors": 1, "organisations": 0}
    assert third["total"] == {"comments": 0, "authors": 0, "organisations": 0}
    assert whole["total"] == {"comments": 0, "authors": 0, "organisations": 0}
    assert [section["state"] for section in result["sections"]] == [
        "open",
        "open",
        "unpublished",
        "open",
    ]


def test_the_draft_as_a_whole_is_a_part_of_its_own(commented: Draft, asker: User) -> None:
    a_comment(commented, "", author=asker, stance="question", body="整體的意見")
    report = report_at(commented, asker)
    result = report.result
    assert result is not None
    whole = result["sections"][-1]
    assert (whole["ref"], whole["total"]["comments"]) == ("", 1)
    assert result["total"]["comments"] == 7
    lines = list(inputs_of(report))
    assert "整體的意見" in lines[-1].decode()
    assert recount(b"".join(lines)).sha256 == report.inputs_sha256
    assert recount(b"".join(lines)).result == result
    assert [comment.body for comment in Selection(on_whole=True).comments(report)] == ["整體的意見"]


def test_comments_on_the_whole_come_last_in_a_list_page_by_page(
    commented: Draft, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        a_comment(commented, "", author=asker)
    report = report_at(commented, asker)
    monkeypatch.setattr(listing, "PAGE", 2)
    found, after = list[Comment](), ""
    while True:
        page = listing.list_comments(report, Selection(), after=after)
        found += page.comments
        after = page.after
        if not after:
            break
    assert len(found) == len(set(found)) == 9
    assert [comment.thread.section for comment in found[-3:]] == [None] * 3
    assert all(comment.thread.section for comment in found[:-3])


def test_days_are_those_of_taipei(commented: Draft, asker: User) -> None:
    result = report_at(commented, asker).result
    assert result is not None
    assert result["days"] == [
        {"day": "2026-11-01", "comments": 3},
        {"day": "2026-11-04", "comments": 1},
        {"day": "2026-11-05", "comments": 1},
        {"day": "2026-11-23", "comments": 1},
    ]


def test_anyone_can_recount_from_the_download(commented: Draft, asker: User) -> None:
    report = report_at(commented, asker)
    recounted = recount(b"".join(inputs_of(report)))
    assert recounted.sha256 == report.inputs_sha256
    assert recounted.result == report.result


def test_the_same_cutoff_gives_the_same_bytes(commented: Draft, asker: User) -> None:
    first = report_at(commented, asker)
    a_comment(commented, "壹-1", author=asker, at=CUTOFF + timedelta(seconds=1))
    WindowRecord.objects.create(
        section=commented.sections.get(ref="壹"),
        act=WindowRecord.Act.WITHDRAW,
        recorded_at=CUTOFF + timedelta(hours=1),
    )
    again = report_at(commented, asker)
    assert again.pk != first.pk
    assert (again.inputs_sha256, again.result) == (first.inputs_sha256, first.result)


def test_another_cutoff_gives_another_hash(commented: Draft, asker: User) -> None:
    first = report_at(commented, asker)
    later = count_all(
        request_report(commented, requested_by=asker, cutoff=CUTOFF + timedelta(microseconds=1))
    )
    assert later.inputs_sha256 != first.inputs_sha256
    assert later.result is not None
    assert later.result["total"]["comments"] == 7


def test_a_cutoff_ahead_is_refused(commented: Draft, asker: User) -> None:
    with pytest.raises(ReportRefused):
        request_report(commented, requested_by=asker, cutoff=timezone.now() + timedelta(minutes=1))


def test_a_second_request_gets_the_report_that_is_being_made(commented: Draft, asker: User) -> None:
    running = request_report(commented, requested_by=asker)
    assert request_report(commented, requested_by=asker) == running
    assert request_report(commented, requested_by=asker, cutoff=running.cutoff) == running
    with pytest.raises(ReportRefused):
        request_report(commented, requested_by=asker, cutoff=CUTOFF)


def test_every_verb_may_run_again(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    part = report.parts.in_reading_order()[0]
    assert aggregating.merge_report(report.pk) is False
    assert aggregating.count_part(part.pk) is True
    assert aggregating.count_part(part.pk) is False
    assert count_all(report).state == State.DONE
    finished = report.finished_at
    assert aggregating.merge_report(report.pk) is False
    assert aggregating.take_up_reports(at=timezone.now() + timedelta(days=1)) == 0
    report.refresh_from_db()
    assert report.finished_at == finished


def test_a_report_that_keeps_failing_says_so(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    report.parts.update(attempts=aggregating.MOST_ATTEMPTS)
    part = report.parts.in_reading_order()[0]
    assert aggregating.count_part(part.pk) is False
    later = timezone.now() + timedelta(minutes=1)
    assert aggregating.take_up_reports(at=later) == 1
    report.refresh_from_db()
    assert (report.state, report.failure) == (State.FAILED, Report.Failure.COUNTING)
    assert report.get_failure_display()
    # The way is free for another.
    assert request_report(commented, requested_by=asker, cutoff=CUTOFF) != report


def test_what_goes_forward_is_left_alone(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker)
    assert aggregating.take_up_reports(at=report.requested_at + timedelta(seconds=5)) == 0
    assert aggregating.take_up_reports(at=report.requested_at + timedelta(seconds=25)) == 1
    # Claimed: a second beat does nothing.
    assert aggregating.take_up_reports(at=report.requested_at + timedelta(seconds=26)) == 0


def test_a_draft_without_comments_has_a_report(db: None, asker: User) -> None:  # noqa: ARG001
    result = report_at(a_draft(), asker).result
    assert result is not None
    assert result["total"]["comments"] == 0
    assert len(result["sections"]) == 3 + 1
    assert not Comment.objects.exists()
