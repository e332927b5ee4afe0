"""Take back the last publishing act on a draft, so that nobody need be asked "are you sure?".

One act writes a record for every section that it changes, all of one moment. Taking it back gives
each of them the dates it had before, as long as nothing was done to any of them since. It is
itself an act with records, and can't be taken back in turn.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.models import Draft, Section, Window, WindowRecord
from consult.document.publishing import PublishingRefused, record_act


@dataclass(frozen=True)
class Change:
    """One publishing act: what was done, by whom and when, and to which sections."""

    act: WindowRecord.Act
    actor: User | None
    recorded_at: datetime
    sections: tuple[Section, ...]

    @property
    def can_be_taken_back(self) -> bool:
        return self.act != WindowRecord.Act.TAKE_BACK

    @property
    def others(self) -> int:
        """How many sections were changed beside the first."""
        return len(self.sections) - 1


def last_change(draft: Draft) -> Change | None:
    """The newest act on the draft; None where there was none."""
    records = WindowRecord.objects.filter(section__draft=draft)
    newest = records.order_by("-recorded_at", "-pk").select_related("actor").first()
    if newest is None:
        return None
    together = (
        records.filter(recorded_at=newest.recorded_at, act=newest.act)
        .select_related("section")
        .order_by("section__position")
    )
    return Change(
        act=WindowRecord.Act(newest.act),
        actor=newest.actor,
        recorded_at=newest.recorded_at,
        sections=tuple(record.section for record in together),
    )


@transaction.atomic
def take_back_change(
    draft: Draft, *, recorded_at: datetime, actor: User | None, at: datetime | None = None
) -> list[Section]:
    """Give every section changed at that moment the dates it had before.

    Returns the sections changed, in reading order. Raises PublishingRefused where that was not
    the draft's last act, or where that act took another back.
    """
    at = at or timezone.now()
    # All sections take turns with the acts of publishing, which lock them too.
    list(draft.sections.select_for_update().order_by("position"))
    change = last_change(draft)
    if change is None or change.recorded_at != recorded_at:
        raise PublishingRefused(_("Something else was changed since: this can't be taken back."))
    if not change.can_be_taken_back:
        raise PublishingRefused(_("This was taken back already."))
    for section in change.sections:
        _restore(section, before=recorded_at, actor=actor, at=at)
    return list(change.sections)


def _restore(section: Section, *, before: datetime, actor: User | None, at: datetime) -> None:
    window = Window.objects.get(section=section)
    earlier = (
        section.window_records.filter(recorded_at__lt=before).order_by("-recorded_at", "-pk")
    ).first()
    if earlier and earlier.announced_at:
        window.announced_at = earlier.announced_at
        window.opens_at = earlier.opens_at
        window.closes_at = earlier.closes_at
        window.withdrawn_at = earlier.withdrawn_at
    else:
        window.withdrawn_at = at
    # Live pages are told of what is open or closed now, as if it were new.
    window.opening_announced_at = None
    window.closing_announced_at = None
    window.withdrawal_announced_at = None
    window.save()
    record_act(WindowRecord.Act.TAKE_BACK, window, actor=actor, at=at)
