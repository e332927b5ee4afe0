"""What an account may do on the site as a whole."""

from typing import TypeGuard

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest

from accounts.models import User

Visitor = User | AnonymousUser


class SignedInRequest(HttpRequest):
    """What `login_required` lets through."""

    user: User


def is_signed_in(user: Visitor) -> TypeGuard[User]:
    """Whether this is a person with a live account, not an anonymous reader."""
    return user.is_authenticated and user.is_active


def may_speak(user: Visitor) -> TypeGuard[User]:
    """Whether this person may comment at all: signed in, with a verified e-mail address."""
    return is_signed_in(user) and EmailAddress.objects.filter(user=user, verified=True).exists()


def require_administrator(user: Visitor) -> User:
    """The administrator who asks; Http404 for everyone else, who need not know of the office."""
    if not is_signed_in(user) or not user.is_staff:
        raise Http404
    return user


def require_moderator(user: Visitor) -> User:
    """The moderator who asks; Http404 for everyone else."""
    if not is_signed_in(user) or not user.is_moderator:
        raise Http404
    return user
