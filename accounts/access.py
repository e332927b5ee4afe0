"""What an account may do on the site as a whole."""

from typing import TypeGuard

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

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
