"""What an account may do on the site as a whole."""

from datetime import datetime
from typing import TypeGuard
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import EvidenceFile, Mandate, Membership, Organisation, User

Visitor = User | AnonymousUser

# What is in a person's hand. Recovery codes only stand in for it.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorNeeded(PermissionDenied):
    """This is open to the person once they have a second factor; its page leads to it."""


class SignedInRequest(HttpRequest):
    """What `login_required` lets through."""

    user: User


def is_signed_in(user: Visitor) -> TypeGuard[User]:
    """Whether this is a person with a live account, not an anonymous reader."""
    return user.is_authenticated and user.is_active


def may_speak(user: Visitor) -> TypeGuard[User]:
    """Whether this person may comment at all: signed in, with a verified e-mail address.

    Administrators may not: who decides whom to believe takes no side.
    """
    return has_verified_address(user) and not user.is_staff


def has_verified_address(user: Visitor) -> TypeGuard[User]:
    """Whether this is a person who can be written to.

    Of who asks for a page it is known from finding them; see `accounts.backend`.
    """
    if not is_signed_in(user):
        return False
    known: bool | None = getattr(user, "is_confirmed", None)
    return verified_addresses(user).exists() if known is None else known


def verified_addresses(user: User) -> "QuerySet[EmailAddress]":
    """The addresses that are known to be this person's."""
    found: QuerySet[EmailAddress] = EmailAddress.objects.filter(user=user, verified=True)
    return found


def has_second_factor(user: User) -> bool:
    """Whether a stolen password alone opens nothing: the account has an app's codes or a passkey.

    Accounts of the demonstration count as if they had: their password is public anyway.
    """
    return (
        user.is_demonstration
        or Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()
    )


def require_second_factor(user: User) -> User:
    """The person, who holds an office; SecondFactorNeeded while a password is all they have."""
    if not has_second_factor(user):
        raise SecondFactorNeeded
    return user


def require_administrator(user: Visitor) -> User:
    """The administrator who asks; Http404 for everyone else, who need not know of the office.

    Raises SecondFactorNeeded for an administrator without one.
    """
    if not is_signed_in(user) or not user.is_staff:
        raise Http404
    return require_second_factor(user)


def require_moderator(user: Visitor) -> User:
    """The moderator who asks; Http404 for everyone else.

    Raises SecondFactorNeeded for a moderator without one.
    """
    if not is_signed_in(user) or not user.is_moderator:
        raise Http404
    return require_second_factor(user)


def organisation_of_member(user: Visitor, *, public_id: UUID) -> Organisation:
    """An organisation that this person belongs to now; Http404 for any other."""
    if not is_signed_in(user):
        raise Http404
    current = Membership.objects.current().filter(user=user)
    return _organisation(public_id, memberships=current)


def organisation_to_manage(
    user: Visitor, *, public_id: UUID, at: datetime | None = None
) -> Organisation:
    """An organisation whose members this person manages now; Http404 for any other."""
    if not may_speak(user):
        raise Http404
    managing = Membership.objects.managing(on=timezone.localdate(at)).filter(user=user)
    return _organisation(public_id, memberships=managing)


def organisation_to_join(*, public_id: UUID, at: datetime | None = None) -> Organisation:
    """An organisation whose verification is in force; Http404 for any other."""
    found = Organisation.objects.verified(on=timezone.localdate(at)).filter(public_id=public_id)
    organisation = found.first()
    if organisation is None:
        raise Http404
    return organisation


def mandate_to_withdraw(user: Visitor, *, public_id: UUID, key: int) -> Mandate:
    """A mandate of this person's own, or in an organisation they manage; Http404 for any other."""
    organisation = organisation_of_member(user, public_id=public_id)
    mandates = Mandate.objects.filter(membership__organisation=organisation, pk=key)
    mandate = mandates.select_related("membership").first()
    if mandate is None:
        raise Http404
    if mandate.membership.user_id != user.pk:
        organisation_to_manage(user, public_id=public_id)
    return mandate


def organisation_to_read(*, public_id: UUID) -> Organisation:
    """An organisation with a page of its own: verified now, or once; Http404 for any other."""
    organisation = Organisation.objects.public().filter(public_id=public_id).first()
    if organisation is None:
        raise Http404
    return organisation


def organisation_represented(user: Visitor, *, public_id: UUID) -> Organisation:
    """An organisation that this person represents, verified or not; Http404 for any other."""
    if not is_signed_in(user):
        raise Http404
    representing = Membership.objects.current().representatives().filter(user=user)
    return _organisation(public_id, memberships=representing)


def organisation_to_decide(user: Visitor, *, public_id: UUID) -> Organisation:
    """Any organisation, for an administrator; Http404 for everyone else."""
    require_administrator(user)
    found = Organisation.objects.select_related("applied_by").filter(public_id=public_id)
    organisation = found.first()
    if organisation is None:
        raise Http404
    return organisation


def evidence_to_open(user: Visitor, *, public_id: UUID) -> EvidenceFile:
    """A file of evidence, for an administrator; Http404 for everyone else."""
    require_administrator(user)
    found = EvidenceFile.objects.select_related("organisation").filter(public_id=public_id)
    file = found.first()
    if file is None:
        raise Http404
    return file


def _organisation(public_id: UUID, *, memberships: QuerySet[Membership]) -> Organisation:
    found = Organisation.objects.filter(public_id=public_id, memberships__in=memberships)
    organisation = found.first()
    if organisation is None:
        raise Http404
    return organisation
