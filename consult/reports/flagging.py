"""Flag reports in which comments stand that were hidden, withdrawn, changed or shown again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from comments.models import Comment, CommentVersion, ModerationRecord
from consult.reports.models import Report, ReportFlag

Act = ModerationRecord.Act
Reason = ReportFlag.Reason
REASONS = {
    Act.HIDE: Reason.HIDDEN,
    Act.WITHDRAW: Reason.WITHDRAWN,
    Act.RESTORE: Reason.RESTORED,
    Act.RELEASE: Reason.RESTORED,
}
AT_ONCE = 1000


def flag_reports(*, at: datetime, back: timedelta) -> int:
    """Flag what became of comments in so long a time; how many flags there are new.

    Each is flagged once a report and reason, however often this runs.
    """
    found = 0
    for comment, reason, moment in _changes(since=at - back):
        found += _flag(comment, reason, moment)
    return found


def _changes(*, since: datetime) -> Iterator[tuple[Comment, str, datetime]]:
    records = ModerationRecord.objects.filter(recorded_at__gt=since, act__in=REASONS)
    for record in records.select_related("comment__thread__section").iterator(AT_ONCE):
        yield record.comment, REASONS[Act(record.act)], record.recorded_at
    versions = CommentVersion.objects.filter(replaced_at__gt=since)
    for version in versions.select_related("comment__thread__section").iterator(AT_ONCE):
        yield version.comment, Reason.EDITED, version.replaced_at


def _flag(comment: Comment, reason: str, moment: datetime) -> int:
    section = comment.thread.section
    scope = Q(sections=[])
    if section:
        scope |= Q(sections__contains=[section.ref])
    reports = (
        Report.objects.done()
        .filter(
            scope,
            Q(group="") | Q(group=comment.group),
            draft=comment.thread.draft_id,
            cutoff__gte=comment.created_at,
            requested_at__lt=moment,
        )
        .exclude(flags__comment=comment, flags__reason=reason)
    )
    flags = [
        ReportFlag(report=report, comment=comment, reason=reason, noticed_at=moment)
        for report in reports.only("pk")
    ]
    return len(ReportFlag.objects.bulk_create(flags, ignore_conflicts=True))
