"""A report says which of its comments were hidden, withdrawn or changed since."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from comments.models import Comment, CommentVersion, ModerationRecord
from consult.document.models import Draft
from consult.reports.flagging import flag_reports
from consult.reports.models import ReportFlag
from tests.consult.reports.comments import CUTOFF, a_comment
from tests.consult.reports.making import report_at

HOUR = timedelta(hours=1)


def flags() -> list[tuple[str, str]]:
    rows = ReportFlag.objects.order_by("comment__reference", "reason")
    return list(rows.values_list("comment__reference", "reason"))


def test_what_became_of_comments_is_flagged_once(commented: Draft, asker: User) -> None:
    report_at(commented, asker)
    now = timezone.now()
    comment = Comment.objects.filter(thread__section__ref="壹").first()
    assert comment
    ModerationRecord.objects.create(comment=comment, act="withdraw", recorded_at=now)
    CommentVersion.objects.create(
        comment=comment, number=1, stance="other", body="以前", written_at=now, replaced_at=now
    )
    assert flag_reports(at=now, back=HOUR) == 2
    assert flag_reports(at=now, back=HOUR) == 0
    assert flags() == [(comment.reference, "edited"), (comment.reference, "withdrawn")]


def test_what_the_report_doesnt_count_is_not_flagged(commented: Draft, asker: User) -> None:
    report_at(commented, asker, sections=["貳"])
    late = a_comment(commented, "貳-1", author=asker, at=CUTOFF + HOUR)
    elsewhere = Comment.objects.filter(thread__section__ref="壹").first()
    now = timezone.now()
    for comment in (late, elsewhere):
        assert comment
        ModerationRecord.objects.create(comment=comment, act="withdraw", recorded_at=now)
    assert flag_reports(at=now, back=HOUR) == 0


def test_what_happened_before_the_report_is_in_it_already(commented: Draft, asker: User) -> None:
    comment = Comment.objects.filter(thread__section__ref="壹").first()
    assert comment
    before = timezone.now() - timedelta(minutes=1)
    ModerationRecord.objects.create(comment=comment, act="restore", recorded_at=before)
    report_at(commented, asker)
    assert flag_reports(at=timezone.now(), back=HOUR) == 0
