"""Tell live pages, once, that a window has opened, closed or been withdrawn; and clear away.

Nothing depends on it: a section's state follows from its dates, also while no task runs. Comments
on the draft before are carried with the first opening; beat finds what was not.
"""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from comments.carrying import carry_on_commit
from comments.live import publish_gone, publish_in_section
from consult.document.handing_in import remove_forgotten
from consult.document.models import Section, Window

NOTICES = {
    "opening_announced_at": Window.objects.due_for_opening_notice,
    "closing_announced_at": Window.objects.due_for_closing_notice,
    "withdrawal_announced_at": Window.objects.due_for_withdrawal_notice,
}


@shared_task(name="consult.pages.tasks.announce_windows")
def announce_windows() -> int:
    """Announce what is due; how many notices that were."""
    return tell_what_is_due(at=timezone.now())


def tell_what_is_due(*, at: datetime) -> int:
    """Claim each due notice and send it: whoever claims it is the one to tell."""
    told = 0
    for field, due in NOTICES.items():
        for window in list(due(at=at)):
            told += _tell_once(window, field, at=at)
    return told


def _tell_once(window: Window, field: str, *, at: datetime) -> int:
    """1 where this call claimed the notice, 0 where another had."""
    with transaction.atomic():
        still_due = NOTICES[field](at=at).filter(pk=window.pk)
        if still_due.update(**{field: at}) != 1:
            return 0
        section = Section.objects.get(pk=window.section_id)
        publish_in_section(section, {"windows": True})
        if field == "opening_announced_at":
            carry_on_commit(section.draft_id)
        if field == "withdrawal_announced_at":
            publish_gone(section)
    return 1


@shared_task(name="consult.pages.tasks.remove_forgotten_files")
def remove_forgotten_files() -> int:
    """Remove files that were handed in as a draft and never confirmed; how many."""
    return remove_forgotten(at=timezone.now())
