"""In whose name a person may speak: their own, or an organisation's that mandated them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.groups import StakeholderGroup
from accounts.models import Mandate, Organisation, User


@dataclass(frozen=True)
class Voice:
    """One name that a person may speak in; `organisation` is None for their own."""

    user: User
    organisation: Organisation | None

    @property
    def key(self) -> str:
        """What a form sends back to choose this voice."""
        return str(self.organisation.pk) if self.organisation else "self"

    @property
    def group(self) -> str:
        """The stakeholder group that speaks."""
        return self.organisation.group if self.organisation else StakeholderGroup.PUBLIC

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.user.display_name


def voices_of(user: User, *, at: datetime | None = None) -> list[Voice]:
    """Every voice this person has now: their own first, then organisations by name."""
    on = timezone.localdate(at)
    mandates = (
        Mandate.objects.in_force(on=on)
        .filter(membership__user=user)
        .select_related("membership__organisation")
        .order_by("membership__organisation__name", "pk")
    )
    organisations = {m.membership.organisation_id: m.membership.organisation for m in mandates}
    return [
        Voice(user, None),
        *(Voice(user, organisation) for organisation in organisations.values()),
    ]
