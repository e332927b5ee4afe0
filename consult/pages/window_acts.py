"""Do what a drafter chose in the form, and tell the live pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from comments.live import publish_gone
from consult.document.access import READABLE
from consult.document.drafting import hold_drafting
from consult.document.models import Draft, Section, WindowRecord
from consult.document.publishing import (
    announce_section,
    close_section,
    open_section,
    withdraw_section,
)
from consult.document.undoing import take_back_change
from consult.pages.tasks import tell_what_is_due

Act = WindowRecord.Act


@transaction.atomic
def act_on_section(section: Section, *, actor: User, chosen: Mapping[str, Any]) -> list[Section]:
    """The sections changed by the act in the form's cleaned data.

    Raises PublishingRefused, and Http404 where the actor drafts the framework no longer.
    """
    hold_drafting(section.draft.framework, user=actor)
    act = Act(chosen["act"])
    common: dict[str, Any] = {
        "actor": actor,
        "when": chosen["when"],
        "with_subsections": chosen.get("with_subsections", True),
    }
    if act == Act.ANNOUNCE:
        changed = announce_section(
            section, opens_at=chosen["opens_at"], closes_at=chosen["closes_at"], **common
        )
    elif act == Act.OPEN:
        changed = open_section(section, closes_at=chosen["closes_at"], **common)
    elif act == Act.CLOSE:
        changed = close_section(section, **common)
    else:
        changed = withdraw_section(section, **common)
    _tell_live_pages(changed)
    return changed


@transaction.atomic
def take_back(draft: Draft, *, recorded_at: datetime, actor: User) -> list[Section]:
    """The sections that have their former dates again.

    Raises PublishingRefused, and Http404 where the actor drafts the framework no longer.
    """
    hold_drafting(draft.framework, user=actor)
    changed = take_back_change(draft, recorded_at=recorded_at, actor=actor)
    _tell_live_pages(changed)
    return changed


def _tell_live_pages(changed: list[Section]) -> None:
    """Tell of what is due now rather than at beat's next turn; end talk on what isn't shown."""
    now = timezone.now()
    tell_what_is_due(at=now)
    keys = [section.pk for section in changed]
    for section in Section.objects.filter(pk__in=keys).select_related("window"):
        if section.state(at=now) not in READABLE:
            publish_gone(section)
