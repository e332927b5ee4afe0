"""Close an account: what names the person goes, what they said in public stays.

| from \\ act | close |
|---|---|
| open | closed |
| closed | – |

The last administrator and an organisation's last representative give that to someone else first.

The account's row stays, and with it `public_id`: reports count and hash who spoke by it, so that
the same cutoff gives the same bytes before and after. It stands beside a name nowhere but on
administrators' pages and in the person's own download; that comments of one author belong together
can be seen from it, whose they were can't.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.auditing import Act, record
from accounts.belonging import leave
from accounts.models import Invitation, JoinRequest, Membership, User
from accounts.roles import Role, require_another_administrator

# A top-level domain that never is (RFC 2606): nothing is ever sent there.
NOWHERE = "closed.invalid"


@transaction.atomic
def close_account(user: User, *, at: datetime | None = None) -> User:
    """The account, closed; as it is where it was closed before.

    Raises LastAdministrator or LastRepresentative.
    """
    now = at or timezone.now()
    held = _held(user)
    if held.closed_at:
        return held
    _give_up_roles(held)
    for membership in Membership.objects.current().filter(user=held).order_by("organisation_id"):
        leave(membership, at=now)
    _forget_invitations(held, at=now)
    _forget_ways_to_sign_in(held)
    _forget_person(held, at=now)
    record(Act.ACCOUNT_CLOSED, actor=held, about=held)
    return held


def _held(user: User) -> User:
    """The account as it is now, locked with the administrators, as where roles are taken away."""
    locked = User.objects.filter(Q(pk=user.pk) | Q(is_staff=True)).order_by("pk")
    return next(found for found in locked.select_for_update(no_key=True) if found.pk == user.pk)


def _give_up_roles(user: User) -> None:
    if user.is_staff:
        require_another_administrator(user)
    held = {Role.ADMINISTRATOR: user.is_staff, Role.MODERATOR: user.is_moderator}
    for role in (role for role, has in held.items() if has):
        record(Act.ROLE_TAKEN, actor=user, about=user, details={"role": role.value})
    user.is_staff = user.is_superuser = user.is_moderator = False


def _forget_invitations(user: User, *, at: datetime) -> None:
    sent_here = Q(accepted_by=user) | Q(email__iexact=user.email)
    for address in EmailAddress.objects.filter(user=user):
        sent_here |= Q(email__iexact=address.email)
    Invitation.objects.filter(sent_here, accepted_at__isnull=True).delete()
    Invitation.objects.filter(sent_here).update(email="")
    JoinRequest.objects.filter(user=user, state=JoinRequest.State.ASKED).update(
        state=JoinRequest.State.TAKEN_BACK, decided_at=at
    )


def _forget_ways_to_sign_in(user: User) -> None:
    noted = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(noted)).delete()
    for model in (UserSession, EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()


def _forget_person(user: User, *, at: datetime) -> None:
    user.email = f"{user.public_id}@{NOWHERE}"
    user.display_name = ""
    user.public_role = ""
    # Also ends every session, wherever it is kept.
    user.set_unusable_password()
    user.last_login = None
    user.is_active = False
    user.closed_at = at
    user.save()
