"""What the pages of members, invitations and mandates show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.belonging import RESTORED_WITHIN
from accounts.joining import addresses_on_domain
from accounts.mandating import members_to_propose
from accounts.models import Invitation, JoinRequest, Mandate, Membership, Organisation, User
from accounts.representing import (
    LastRepresentative,
    may_manage,
    require_another_representative,
)
from consult.document.models import Framework

Phase = Mandate.Phase


@dataclass(frozen=True)
class MandateLine:
    """One mandate as it stands today."""

    mandate: Mandate
    phase: Phase
    # Titles of the frameworks it takes in; none means every one.
    scope: tuple[str, ...]
    may_withdraw: bool


@dataclass(frozen=True)
class MemberLine:
    """One member, with the mandates that the reader may know of."""

    membership: Membership
    is_me: bool
    mandates: tuple[MandateLine, ...]
    may_propose: bool

    @property
    def represents(self) -> bool:
        return self.membership.role == Membership.Role.REPRESENTATIVE

    @property
    def speaks(self) -> bool:
        return any(line.phase == Phase.RUNNING for line in self.mandates)

    @property
    def waits(self) -> bool:
        return any(line.phase == Phase.PROPOSED for line in self.mandates)


@dataclass(frozen=True)
class RequestLine:
    """Someone who asks to join, and the address that lets them."""

    request: JoinRequest
    address: str


@dataclass(frozen=True)
class MembersPage:
    """An organisation's members as one of them sees it."""

    organisation: Organisation
    is_verified: bool
    may_manage: bool
    me: Membership
    lines: tuple[MemberLine, ...]
    removed: tuple[Membership, ...]
    invitations: tuple[Invitation, ...]
    requests: tuple[RequestLine, ...]
    # Why the reader can't leave; empty where they can.
    why_stay: str


def members_page(organisation: Organisation, *, reader: User, at: datetime) -> MembersPage:
    """The page for this reader, a member."""
    today = timezone.localdate(at)
    manages = may_manage(reader, organisation, on=today)
    memberships = list(
        organisation.memberships.current()
        .select_related("user")
        .prefetch_related(Prefetch("mandates", Mandate.objects.order_by("-proposed_at", "-pk")))
        # Representatives first: the names of roles happen to run so.
        .order_by("-role", "joined_at", "pk")
    )
    me = next(found for found in memberships if found.user_id == reader.pk)
    proposable = {found.pk for found in members_to_propose(reader, organisation, on=today)}
    titles = titles_of_frameworks(reader, at=at)
    lines = [
        _member_line(
            found,
            reader=reader,
            manages=manages,
            may_propose=found.pk in proposable,
            titles=titles,
            on=today,
        )
        for found in memberships
    ]
    return MembersPage(
        organisation=organisation,
        is_verified=organisation.is_verified(on=today),
        may_manage=manages,
        me=me,
        lines=tuple(lines),
        removed=_removed_lately(organisation, at=at) if manages else (),
        invitations=_open_invitations(organisation, at=at) if manages else (),
        requests=_requests(organisation) if manages else (),
        why_stay=_why_stay(me, on=today),
    )


def titles_of_frameworks(reader: User, *, at: datetime) -> dict[str, str]:
    """The titles that the reader may know, by code."""
    visible = Framework.objects.visible_to(reader, at=at).order_by("title", "code")
    return dict(visible.values_list("code", "title"))


def mandate_line(
    mandate: Mandate, *, titles: Mapping[str, str], on: date, may_withdraw: bool
) -> MandateLine:
    """How the mandate stands; a framework that isn't shown goes by its code."""
    phase = mandate.phase(on=on)
    ends = (Phase.PROPOSED, Phase.TO_COME, Phase.RUNNING)
    return MandateLine(
        mandate=mandate,
        phase=phase,
        scope=tuple(titles.get(code, code) for code in mandate.framework_codes),
        may_withdraw=may_withdraw and phase in ends,
    )


def _member_line(
    membership: Membership,
    *,
    reader: User,
    manages: bool,
    may_propose: bool,
    titles: Mapping[str, str],
    on: date,
) -> MemberLine:
    is_me = membership.user_id == reader.pk
    concerns_reader = is_me or manages
    mandates = [
        mandate_line(mandate, titles=titles, on=on, may_withdraw=concerns_reader)
        for mandate in membership.mandates.all()
    ]
    waiting = any(line.phase == Phase.PROPOSED for line in mandates)
    # Who may speak for the organisation concerns every member; what is under review does not.
    shown = [line for line in mandates if concerns_reader or line.phase == Phase.RUNNING]
    return MemberLine(membership, is_me, tuple(shown), may_propose and not waiting)


def _removed_lately(organisation: Organisation, *, at: datetime) -> tuple[Membership, ...]:
    """Who was removed and can still be restored."""
    removed = organisation.memberships.filter(
        removed_by__isnull=False, left_at__gt=at - RESTORED_WITHIN
    ).exclude(user__in=organisation.memberships.current().values("user"))
    return tuple(removed.select_related("user").order_by("-left_at"))


def _open_invitations(organisation: Organisation, *, at: datetime) -> tuple[Invitation, ...]:
    usable = organisation.invitations.usable(at=at).select_related("invited_by")
    return tuple(usable.order_by("-created_at", "-pk"))


def _requests(organisation: Organisation) -> tuple[RequestLine, ...]:
    asked = list(
        organisation.join_requests.asked().select_related("user").order_by("asked_at", "pk")
    )
    addresses = addresses_on_domain(organisation, people=_people(asked))
    return tuple(
        RequestLine(found, addresses.get(found.user_id, _("no address on the domain any more")))
        for found in asked
    )


def _people(requests: Iterable[JoinRequest]) -> list[User]:
    return [found.user for found in requests]


def _why_stay(me: Membership, *, on: date) -> str:
    try:
        require_another_representative(me, on=on)
    except LastRepresentative as why:
        return str(why)
    return ""
