"""Join an organisation: by an invitation to one's address, or by asking with one on its domain.

An invitation:

| from \\ act | accept | decline | cancel | invite |
|---|---|---|---|---|
| open | accepted | cancelled | cancelled | cancelled |
| expired | – | – | cancelled | cancelled |
| accepted | – | – | – | – |
| cancelled | – | – | – | – |

To invite an address again puts a new invitation in the place of the one before. Whoever accepted
one and follows its link again finds that they are a member. A request:

| from \\ act | take back | accept | refuse |
|---|---|---|---|
| asked | taken back | accepted | refused |
| accepted | – | – | – |
| refused | – | – | – |
| taken back | – | – | – |

Each act locks the organisation, checks after the lock, writes, and leaves a line in the audit log.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rates, tasks
from accounts.access import Visitor, is_signed_in
from accounts.auditing import Act, record
from accounts.letters import digest_of
from accounts.limits import spend
from accounts.models import Invitation, JoinRequest, Membership, Organisation, User
from accounts.representing import (
    MembershipRefused,
    locked,
    require_representative,
    require_verified,
    tell_after_commit,
)

GOOD_FOR = timedelta(days=14)
# After a refusal one may ask again, but not at once.
ASK_AGAIN_AFTER = timedelta(days=30)
MOST_OPEN_INVITATIONS = 200


class InvitationAct(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    INVITE = "invite"


class RequestAct(StrEnum):
    TAKE_BACK = "take back"
    ACCEPT = "accept"
    REFUSE = "refuse"


ALLOWED_WITH_INVITATION: dict[Invitation.State, frozenset[InvitationAct]] = {
    Invitation.State.OPEN: frozenset(InvitationAct),
    Invitation.State.EXPIRED: frozenset({InvitationAct.CANCEL, InvitationAct.INVITE}),
    Invitation.State.ACCEPTED: frozenset(),
    Invitation.State.CANCELLED: frozenset(),
}
ALLOWED_WITH_REQUEST: dict[JoinRequest.State, dict[RequestAct, JoinRequest.State]] = {
    JoinRequest.State.ASKED: {
        RequestAct.TAKE_BACK: JoinRequest.State.TAKEN_BACK,
        RequestAct.ACCEPT: JoinRequest.State.ACCEPTED,
        RequestAct.REFUSE: JoinRequest.State.REFUSED,
    },
    JoinRequest.State.ACCEPTED: {},
    JoinRequest.State.REFUSED: {},
    JoinRequest.State.TAKEN_BACK: {},
}


class InvitationClosed(MembershipRefused):
    """The link no longer works: it was used, cancelled or replaced, or it has expired."""


class AnotherAddress(MembershipRefused):
    """The invitation is for an address that this account hasn't verified."""


# --- invitations ------------------------------------------------------------------------------


def invite(
    organisation: Organisation, *, actor: User, email: str, at: datetime | None = None
) -> Invitation:
    """A new invitation to this address, in the place of an earlier one.

    The link is made when the message goes out; nobody here ever sees it. Raises MembershipRefused,
    and LimitReached.
    """
    now = at or timezone.now()
    email = email.strip().lower()
    require_representative(actor, organisation, on=timezone.localdate(now))
    spend(rates.INVITATION, whom=actor, at=now)
    spend(rates.INVITATION_BY_ONE, whom=str(organisation.public_id), at=now)
    spend(rates.INVITATION_TO_ONE, whom=email, at=now)
    return _invite(organisation, actor=actor, email=email, now=now)


@transaction.atomic
def _invite(organisation: Organisation, *, actor: User, email: str, now: datetime) -> Invitation:
    organisation = locked(organisation.pk)
    require_representative(actor, organisation, on=timezone.localdate(now))
    members = EmailAddress.objects.filter(
        email__iexact=email,
        verified=True,
        user__in=organisation.memberships.current().values("user"),
    )
    if members.exists():
        raise MembershipRefused(_("Whoever has this address is a member already."))
    organisation.invitations.unanswered().filter(email=email).update(cancelled_at=now)
    if organisation.invitations.usable(at=now).count() >= MOST_OPEN_INVITATIONS:
        raise MembershipRefused(
            _("%(count)s invitations are waiting to be answered. Cancel some of them first.")
            % {"count": MOST_OPEN_INVITATIONS}
        )
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        token_sha256=digest_of(secrets.token_urlsafe()),
        invited_by=actor,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    _record(Act.MEMBER_INVITED, invitation, actor=actor)
    tell_after_commit(tasks.send_invitation.delay, invitation.pk)
    return invitation


def invitation_named(token: str) -> Invitation | None:
    """The invitation that this link's secret belongs to, whatever has become of it.

    Looked up by the secret's digest, so that how long it takes tells nothing of the secret.
    """
    found = Invitation.objects.filter(token_sha256=digest_of(token))
    return found.select_related("organisation", "invited_by").first()


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, user: User, at: datetime | None = None
) -> Membership:
    """The membership of the invited person. Raises MembershipRefused.

    Only an account that has verified the very address may accept.
    """
    organisation = locked(invitation.organisation_id)
    invitation = _reloaded(invitation)
    now = at or timezone.now()
    if invitation.accepted_by_id == user.pk:
        here = organisation.memberships.current().filter(user=user).first()
        if here is not None:
            return here
    _check_open(invitation, InvitationAct.ACCEPT, at=now)
    if not has_verified(user, invitation.email):
        raise AnotherAddress(
            _("This invitation is for %(address)s. Sign in with the account of that address.")
            % {"address": masked(invitation.email)}
        )
    require_verified(organisation, on=timezone.localdate(now))
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    # Whoever had asked as well is answered by this.
    organisation.join_requests.asked().filter(user=user).update(
        state=JoinRequest.State.ACCEPTED, decided_at=now, decided_by=invitation.invited_by
    )
    return add_member(organisation, user=user, actor=user, how="invitation", at=now)


@transaction.atomic
def decline_invitation(
    invitation: Invitation, *, user: Visitor, at: datetime | None = None
) -> Invitation:
    """The invitation, cancelled by whom it was sent to. Raises MembershipRefused.

    The link is enough: nobody needs an account to say no. Another account may not.
    """
    locked(invitation.organisation_id)
    invitation = _reloaded(invitation)
    now = at or timezone.now()
    _check_open(invitation, InvitationAct.DECLINE, at=now)
    if is_signed_in(user) and not has_verified(user, invitation.email):
        raise AnotherAddress(
            _("This invitation is for %(address)s. Sign in with the account of that address.")
            % {"address": masked(invitation.email)}
        )
    _cancel(invitation, actor=user if is_signed_in(user) else None, how="declined", at=now)
    tell_after_commit(tasks.tell_of_decline.delay, invitation.pk)
    return invitation


@transaction.atomic
def cancel_invitation(
    invitation: Invitation, *, actor: User, at: datetime | None = None
) -> Invitation:
    """The invitation, whose link no longer works. Raises MembershipRefused."""
    organisation = locked(invitation.organisation_id)
    invitation = _reloaded(invitation)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    _check_open(invitation, InvitationAct.CANCEL, at=now)
    _cancel(invitation, actor=actor, how="cancelled", at=now)
    return invitation


def has_verified(user: User, email: str) -> bool:
    """Whether this account has proved that the address is its own."""
    own = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True)
    return bool(own.exists())


def masked(email: str) -> str:
    """An address of which its owner sees which one it is, and nobody else learns it."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"


def _reloaded(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_related("organisation", "invited_by").get(pk=invitation.pk)


def _cancel(invitation: Invitation, *, actor: User | None, how: str, at: datetime) -> None:
    invitation.cancelled_at = at
    invitation.save(update_fields=["cancelled_at"])
    _record(Act.INVITATION_CANCELLED, invitation, actor=actor, how=how)


def _record(act: Act, invitation: Invitation, *, actor: User | None, how: str = "") -> None:
    details = {"invitation": invitation.pk} | ({"how": how} if how else {})
    record(act, actor=actor, about=invitation.organisation, details=details)


def _check_open(invitation: Invitation, act: InvitationAct, *, at: datetime) -> None:
    state = invitation.state(at=at)
    if act in ALLOWED_WITH_INVITATION[state]:
        return
    raise InvitationClosed(
        {
            Invitation.State.ACCEPTED: _("This invitation has been used."),
            Invitation.State.CANCELLED: _("This invitation was cancelled or replaced by a newer."),
            Invitation.State.EXPIRED: _("This invitation has expired."),
        }[state]
    )


# --- requests ---------------------------------------------------------------------------------


def addresses_on_domain(organisation: Organisation, *, people: Iterable[User]) -> dict[int, str]:
    """Each person's verified address on the organisation's domain or a subdomain, by their key.

    `school.edu.tw` takes in `mail.school.edu.tw`, and not `otherschool.edu.tw`.
    """
    domain = organisation.email_domain.lower()
    found: dict[int, str] = {}
    if not domain:
        return found
    # Of several, the one that the person signs in with.
    verified = EmailAddress.objects.filter(user__in=people, verified=True).order_by("primary")
    for address in verified:
        own = address.email.lower().rpartition("@")[2]
        if own == domain or own.endswith(f".{domain}"):
            found[address.user_id] = address.email
    return found


def ask_to_join(
    organisation: Organisation, *, user: User, at: datetime | None = None
) -> JoinRequest:
    """The request, of which the representatives are told.

    Asking again while it waits gives the one that is there. Raises MembershipRefused, and
    LimitReached.
    """
    now = at or timezone.now()
    spend(rates.JOIN_REQUEST, whom=user, at=now)
    return _ask_to_join(organisation, user=user, now=now)


@transaction.atomic
def _ask_to_join(organisation: Organisation, *, user: User, now: datetime) -> JoinRequest:
    organisation = locked(organisation.pk)
    require_verified(organisation, on=timezone.localdate(now))
    waiting = organisation.join_requests.asked().filter(user=user).first()
    if waiting is not None:
        return waiting
    if organisation.memberships.current().filter(user=user).exists():
        raise MembershipRefused(_("You are a member already."))
    _require_address(user, organisation)
    refused_lately = organisation.join_requests.filter(
        user=user, state=JoinRequest.State.REFUSED, decided_at__gt=now - ASK_AGAIN_AFTER
    )
    if refused_lately.exists():
        raise MembershipRefused(
            _("Your request was refused lately. Write to a representative of %(name)s instead.")
            % {"name": organisation.name}
        )
    request = JoinRequest.objects.create(organisation=organisation, user=user, asked_at=now)
    tell_after_commit(tasks.tell_of_request.delay, request.pk)
    return request


@transaction.atomic
def take_back_request(
    request: JoinRequest, *, user: User, at: datetime | None = None
) -> JoinRequest:
    """The request, taken back by whom it is of. Raises MembershipRefused."""
    locked(request.organisation_id)
    if request.user_id != user.pk:
        raise MembershipRefused(_("Only the person who asked can take the request back."))
    return _decide(request, RequestAct.TAKE_BACK, actor=user, at=at or timezone.now())


@transaction.atomic
def accept_request(request: JoinRequest, *, actor: User, at: datetime | None = None) -> Membership:
    """The new membership. Raises MembershipRefused."""
    organisation = locked(request.organisation_id)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    request = _decide(request, RequestAct.ACCEPT, actor=actor, at=now)
    _require_address(request.user, organisation)
    tell_after_commit(tasks.tell_of_answer.delay, request.pk)
    return add_member(organisation, user=request.user, actor=actor, how="request", at=now)


@transaction.atomic
def refuse_request(request: JoinRequest, *, actor: User, at: datetime | None = None) -> JoinRequest:
    """The request, refused. Raises MembershipRefused."""
    organisation = locked(request.organisation_id)
    now = at or timezone.now()
    require_representative(actor, organisation, on=timezone.localdate(now))
    request = _decide(request, RequestAct.REFUSE, actor=actor, at=now)
    tell_after_commit(tasks.tell_of_answer.delay, request.pk)
    return request


def _require_address(user: User, organisation: Organisation) -> None:
    if not addresses_on_domain(organisation, people=[user]):
        raise MembershipRefused(
            _(
                "Only whoever has verified an e-mail address of %(name)s may ask to join. A "
                "representative can invite any other address."
            )
            % {"name": organisation.name}
        )


def _decide(request: JoinRequest, act: RequestAct, *, actor: User, at: datetime) -> JoinRequest:
    request = JoinRequest.objects.select_related("user", "organisation").get(pk=request.pk)
    new_state = ALLOWED_WITH_REQUEST[JoinRequest.State(request.state)].get(act)
    if new_state is None:
        raise MembershipRefused(
            _("This request is no longer open: it is “%(state)s”.")
            % {"state": request.get_state_display()}
        )
    request.state, request.decided_at, request.decided_by = new_state, at, actor
    request.save(update_fields=["state", "decided_at", "decided_by"])
    return request


# --- either way -------------------------------------------------------------------------------


def add_member(
    organisation: Organisation, *, user: User, actor: User, how: str, at: datetime
) -> Membership:
    """The person's membership, the one that is there or a new one. Wants the lock."""
    membership, is_new = Membership.objects.get_or_create(
        organisation=organisation, user=user, left_at=None, defaults={"joined_at": at}
    )
    if is_new:
        details = {"membership": membership.pk, "how": how}
        record(Act.MEMBER_JOINED, actor=actor, about=organisation, details=details)
    return membership
