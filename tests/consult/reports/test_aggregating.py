"""Asking for a report, counting, merging; the numbers against the comments themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.places import County
from comments.models import Comment
from consult.document.models import Draft, WindowRecord
from consult.reports import aggregating, listing
from consult.reports.downloading import inputs_of
from consult.reports.models import Report, ReportTally
from consult.reports.recounting import recount
from consult.reports.requesting import ReportRefused, cancel_report, request_report
from consult.reports.selecting import Selection
from tests.consult.reports.comments import CUTOFF, a_comment, a_draft, endorse
from tests.consult.reports.making import make, report_at

State = Report.State


def figures(comments: int, authors: int, organisations: int, **more: int) -> dict[str, int]:
    """One count of a result, with nothing endorsed and no wording but what is given."""
    nothing = {"endorsements": 0, "wordings": 0}
    found = {"comments": comments, "authors": authors, "organisations": organisations}
    return {**found, **nothing, **more}


def test_a_report_counts_what_was_said(commented: Draft, asker: User) -> None:
    result = report_at(commented, asker).result
    assert result is not None
    assert result["total"] == figures(6, 3, 2)
    assert result["by_drafters"] == 1
    assert result["groups"] == {
        "association": figures(1, 1, 1),
        "public": figures(4, 2, 0),
        "school": figures(1, 1, 1),
    }
    assert result["cells"]["public"]["oppose"] == figures(1, 1, 0)
    first, second, third, whole = result["sections"]
    assert first["total"] == figures(3, 1, 1)
    assert second["stances"]["support"] == figures(2, 1, 0)
    assert third["total"] == figures(0, 0, 0)
    assert whole["total"] == figures(0, 0, 0)
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
    assert recount(lines).inputs_sha256 == report.inputs_sha256
    assert recount(lines).result == result
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
    recounted = recount(inputs_of(report))
    assert recounted.inputs_sha256 == report.inputs_sha256
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
    later = report_at(commented, asker, cutoff=CUTOFF + timedelta(microseconds=1))
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
    assert aggregating.plan_report(report.pk) is True
    assert aggregating.plan_report(report.pk) is False
    part = report.parts.reading()[0]
    assert aggregating.go_on(report.pk) is False
    assert aggregating.make_part(part.pk) is True
    assert aggregating.make_part(part.pk) is False
    assert make(report).state == State.DONE
    finished = report.finished_at
    assert aggregating.go_on(report.pk) is False
    assert aggregating.take_up_reports(at=timezone.now() + timedelta(days=1)) == 0
    report.refresh_from_db()
    assert report.finished_at == finished


def test_a_report_that_keeps_failing_says_so(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    aggregating.make_part(report.parts.reading()[1].pk)
    assert ReportTally.objects.exists()
    report.parts.update(attempts=aggregating.MOST_ATTEMPTS)
    part = report.parts.reading()[0]
    assert aggregating.make_part(part.pk) is False
    later = timezone.now() + timedelta(minutes=1)
    assert aggregating.take_up_reports(at=later) == 1
    report.refresh_from_db()
    assert (report.state, report.failure) == (State.FAILED, Report.Failure.COUNTING)
    assert report.get_failure_display()
    assert not ReportTally.objects.exists()
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


def test_a_cancelled_report_is_made_no_more(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    first, second = report.parts.reading()
    aggregating.make_part(first.pk)
    assert cancel_report(report) is True
    assert aggregating.make_part(second.pk) is False
    assert aggregating.go_on(report.pk) is False
    assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1)) == 0
    assert cancel_report(report) is False
    report.refresh_from_db()
    assert (report.state, report.result) == (State.CANCELLED, None)
    assert make(request_report(commented, requested_by=asker, cutoff=CUTOFF)).state == State.DONE


def test_a_finished_report_is_not_cancelled(commented: Draft, asker: User) -> None:
    report = report_at(commented, asker)
    assert cancel_report(report) is False
    report.refresh_from_db()
    assert report.state == State.DONE


def test_a_report_may_be_about_some_sections_or_one_group(commented: Draft, asker: User) -> None:
    some = report_at(commented, asker, sections=["貳"]).result
    assert some is not None
    assert [section["ref"] for section in some["sections"]] == ["貳"]
    assert some["total"] == figures(3, 2, 1)
    school = report_at(commented, asker, group="school")
    assert school.result is not None
    assert school.result["total"] == figures(1, 1, 1)
    assert recount(inputs_of(school)).result == school.result
    listed = listing.list_comments(school, Selection())
    assert [comment.group for comment in listed.comments] == ["school"]


def test_every_section_is_the_whole_draft(commented: Draft, asker: User) -> None:
    report = request_report(commented, requested_by=asker, sections=["壹", "貳", "參"])
    assert report.sections == []
    assert request_report(commented, requested_by=asker, sections=["貳"]).sections == ["貳"]


def test_a_section_that_is_not_there_is_refused(commented: Draft, asker: User) -> None:
    with pytest.raises(ReportRefused):
        request_report(commented, requested_by=asker, sections=["玖"])


def test_endorsements_and_wordings_up_to_the_cutoff_are_counted(
    commented: Draft, asker: User
) -> None:
    suggested = a_comment(
        commented, "貳-1", author=asker, stance="suggest", proposed_text="技職教育。"
    )
    endorse(suggested, "ann")
    endorse(suggested, "bob", at=CUTOFF + timedelta(seconds=1))
    report = report_at(commented, asker)
    assert report.result is not None
    assert report.result["total"] == figures(7, 4, 2, endorsements=1, wordings=1)
    assert recount(inputs_of(report)).result == report.result
    assert list(Selection(endorsed=True).comments(report)) == [suggested]
    assert list(Selection(with_wording=True).comments(report)) == [suggested]


def test_counties_are_those_of_organisations(commented: Draft, asker: User) -> None:
    Organisation.objects.filter(name="大安高工").update(county=County.TAIPEI)
    report = report_at(commented, asker)
    assert report.result is not None
    assert report.result["counties"] == {County.TAIPEI: figures(1, 1, 1)}
    assert recount(inputs_of(report)).result == report.result
    assert Selection(county=County.TAIPEI).comments(report).count() == 1


def test_a_report_is_counted_while_queries_are_looked_at(
    commented: Draft,
    asker: User,
    settings: Any,  # noqa: ANN401 - pytest-django's
) -> None:
    settings.DEBUG = True
    assert report_at(commented, asker).state == State.DONE
