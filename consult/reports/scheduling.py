"""Ask for the reports that are made by themselves: daily, and when sections close."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.auditing import Act, record
from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft, Section
from consult.reports.columns import TAIPEI
from consult.reports.models import Report, ReportSchedule
from consult.reports.requesting import ReportRefused, request_report

Origin = Report.Origin
# Before anybody is at work.
DAILY_AT = time(5)
# For so long a closing whose report is missing is made up.
MADE_UP = timedelta(days=1)


def schedule_of(draft: Draft) -> ReportSchedule:
    """When reports on the draft are made by themselves, whether anybody chose it or not."""
    chosen = ReportSchedule.objects.filter(draft=draft).first()
    return chosen or ReportSchedule(draft=draft)


@transaction.atomic
def change_schedule(draft: Draft, *, is_daily: bool, is_at_closing: bool, actor: User) -> bool:
    """From now on make reports daily and at closings, or not; False where that was so already."""
    # The draft, for the schedule may have no row yet that could be locked.
    Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    schedule = schedule_of(draft)
    if (schedule.is_daily, schedule.is_at_closing) == (is_daily, is_at_closing):
        return False
    schedule.is_daily, schedule.is_at_closing = is_daily, is_at_closing
    schedule.save()
    details = {"daily": is_daily, "at_closing": is_at_closing}
    record(Act.SCHEDULE_CHANGED, actor=actor, about=draft, details=details)
    return True


def ask_for_due_reports(*, at: datetime) -> int:
    """Ask for each report that is due and not asked for yet; how many."""
    return sum(_asked(*each, at=at) for each in [*_daily(at), *_at_closings(at)])


def _asked(
    draft: Draft, cutoff: datetime, sections: list[str], origin: Origin, *, at: datetime
) -> bool:
    asked = Report.objects.filter(draft=draft, cutoff=cutoff, origin=origin)
    # What was cancelled or failed is for people to ask for again.
    if asked.filter(sections=sections).exists() or (origin == Origin.DAILY and asked.exists()):
        return False
    try:
        with transaction.atomic():
            report = request_report(
                draft, requested_by=None, cutoff=cutoff, sections=sections, origin=origin, at=at
            )
    except (IntegrityError, ReportRefused):
        # Another beat was faster, or one of the same scope is being made: asked for again then.
        return False
    return report.origin == origin


def _daily(at: datetime) -> Iterator[tuple[Draft, datetime, list[str], Origin]]:
    """Drafts with an open section on which something was said since their last daily report."""
    local = at.astimezone(TAIPEI)
    day = local.date() if local.time() >= DAILY_AT else local.date() - timedelta(days=1)
    cutoff = datetime.combine(day, DAILY_AT, tzinfo=TAIPEI)
    drafts = Draft.objects.filter(
        Q(report_schedule=None) | Q(report_schedule__is_daily=True),
        sections__in=Section.objects.open(at=cutoff),
    ).distinct()
    for draft in drafts:
        daily = Report.objects.filter(draft=draft, origin=Origin.DAILY)
        last = daily.exclude(state=Report.State.FAILED).order_by("-cutoff").first()
        said = Comment.objects.filter(thread__draft=draft).posted_by(cutoff)
        if last:
            said = said.filter(created_at__gt=last.cutoff)
        if said.exists():
            yield draft, cutoff, [], Origin.DAILY


def _at_closings(at: datetime) -> Iterator[tuple[Draft, datetime, list[str], Origin]]:
    """Sections that closed at one moment, together."""
    closed = (
        Section.objects.filter(
            Q(draft__report_schedule=None) | Q(draft__report_schedule__is_at_closing=True),
            window__closes_at__gt=at - MADE_UP,
            window__closes_at__lte=at,
            window__withdrawn_at=None,
        )
        .select_related("draft", "window")
        .order_by("draft_id", "position")
    )
    together: dict[tuple[int, datetime], list[Section]] = {}
    for section in closed:
        closes_at = section.window_dates.closes_at
        if closes_at:
            together.setdefault((section.draft_id, closes_at), []).append(section)
    for (_, closes_at), sections in together.items():
        draft = sections[0].draft
        refs = [section.ref for section in sections]
        if len(refs) == draft.sections.count():
            refs = []
        yield draft, closes_at, refs, Origin.CLOSING
