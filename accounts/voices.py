"""In whose name a person may speak: their own, or an organisation's that mandated them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
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
    def snapshot(self) -> dict[str, str]:
        """What a comment keeps of who spoke, whatever becomes of them later."""
        return {
            "group": self.group,
            "organisation_name": self.organisation.name if self.organisation else "",
            "school_level": self.organisation.school_level if self.organisation else "",
            "public_role": "" if self.organisation else self.user.public_role,
        }

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.user.display_name


def voices_of(user: User, *, framework_code: str, at: datetime | None = None) -> list[Voice]:
    """Every voice this person has on a framework: their own first, then organisations by name."""
    on = timezone.localdate(at)
    mandates = (
        Mandate.objects.in_force(on=on)
        .for_framework(framework_code)
        .filter(membership__user=user)
        .select_related("membership__organisation")
        .order_by("membership__organisation__name", "pk")
    )
    organisations = {m.membership.organisation_id: m.membership.organisation for m in mandates}
    return [
        Voice(user, None),
        *(Voice(user, organisation) for organisation in organisations.values()),
    ]


def may_speak_for(
    user: User, organisation: Organisation, *, framework_code: str, at: datetime | None = None
) -> bool:
    """Whether a mandate of this person for the organisation takes in the framework today."""
    return mandates_to_speak(user, organisation, framework_code=framework_code, at=at).exists()


def mandates_to_speak(
    user: User,
    organisation: Organisation | None,
    *,
    framework_code: str,
    at: datetime | None = None,
) -> QuerySet[Mandate]:
    """The mandates by which this person may speak for the organisation on the framework today."""
    return (
        Mandate.objects.in_force(on=timezone.localdate(at))
        .for_framework(framework_code)
        .filter(membership__user=user, membership__organisation=organisation)
    )
