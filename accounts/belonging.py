"""Leave an organisation, be removed from it, or get another role in it.

| from \\ act | leave | remove | restore | make representative | make member |
|---|---|---|---|---|---|
| member | left | removed | – | representative | – |
| representative | left | removed | – | – | member |
| left | – | – | – | – | – |
| removed | – | – | as before, for a day | – | – |

The last representative stays until there is another. What someone said for the organisation stays
as it was said. Each act locks the organisation, checks after the lock, writes, and leaves a line in
the audit log.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.auditing import Act, record
from accounts.models import Membership, Organisation, User
from accounts.representing import (
    MembershipRefused,
    locked,
    require_another_representative,
    require_representative,
    tell_after_commit,
)

RESTORED_WITHIN = timedelta(days=1)


@transaction.atomic
def leave(membership: Membership, *, at: datetime | None = None) -> Membership:
    """The membership, ended by the member. Raises MembershipRefused."""
    _organisation, membership = _locked(membership)
    now = at or timezone.now()
    if membership.left_at:
        return membership
    require_another_representative(membership, on=timezone.localdate(now))
    membership.left_at = now
    membership.save(update_fields=["left_at"])
    _record(Act.MEMBER_LEFT, membership, actor=membership.user)
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, actor: User, at: datetime | None = None) -> Membership:
    """The membership, ended by a representative; the person is told. Raises MembershipRefused."""
    organisation, membership = _locked(membership)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    _require_current(membership)
    require_another_representative(membership, on=timezone.localdate(now))
    membership.left_at, membership.removed_by = now, actor
    membership.save(update_fields=["left_at", "removed_by"])
    _record(Act.MEMBER_REMOVED, membership, actor=actor)
    tell_after_commit(tasks.tell_of_removal.delay, membership.pk)
    return membership


@transaction.atomic
def restore_member(
    membership: Membership, *, actor: User, at: datetime | None = None
) -> Membership:
    """The membership as it was before the person was removed. Raises MembershipRefused."""
    organisation, membership = _locked(membership)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    may_still = (
        membership.removed_by_id is not None
        and membership.left_at is not None
        and membership.left_at > now - RESTORED_WITHIN
        and not organisation.memberships.current().filter(user=membership.user).exists()
    )
    if not may_still:
        raise MembershipRefused(_("This can no longer be undone. Invite the person instead."))
    membership.left_at, membership.removed_by = None, None
    membership.save(update_fields=["left_at", "removed_by"])
    _record(Act.MEMBER_JOINED, membership, actor=actor, how="restored")
    return membership


@transaction.atomic
def change_role(
    membership: Membership, *, actor: User, role: Membership.Role, at: datetime | None = None
) -> Membership:
    """The membership in this role; as it is where it has it already. Raises MembershipRefused."""
    organisation, membership = _locked(membership)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    _require_current(membership)
    if membership.role == role:
        return membership
    if role == Membership.Role.MEMBER:
        require_another_representative(membership, on=timezone.localdate(now))
    give_role(membership, role, actor=actor)
    return membership


def give_role(membership: Membership, role: Membership.Role, *, actor: User) -> None:
    """Write the role down. Wants the organisation locked."""
    membership.role = role
    membership.save(update_fields=["role"])
    _record(Act.MEMBER_ROLE_CHANGED, membership, actor=actor, role=role.value)


def _locked(membership: Membership) -> tuple[Organisation, Membership]:
    organisation = locked(membership.organisation_id)
    return organisation, Membership.objects.select_related("user", "organisation").get(
        pk=membership.pk
    )


def _require_current(membership: Membership) -> None:
    if membership.left_at:
        raise MembershipRefused(
            _("%(person)s is no longer a member.") % {"person": membership.user.shown_name}
        )


def _record(act: Act, membership: Membership, *, actor: User, **details: str) -> None:
    details_in_full = {"membership": membership.pk, **details}
    record(act, actor=actor, about=membership.organisation, details=details_in_full)
