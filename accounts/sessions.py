"""Where a person is signed in, and signing them out there."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


def sessions_of(user: User) -> list[UserSession]:
    """Where this person is signed in now, newest first; two queries, however many they are.

    Sessions that ended, ran out or were shut by a new password are left out.
    """
    noted = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    stored = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in=[each.session_key for each in noted], expire_date__gt=timezone.now()
        )
    }
    valid = user.get_session_auth_hash()
    return [
        each
        for each in noted
        if constant_time_compare(stored.get(each.session_key, {}).get(HASH_SESSION_KEY, ""), valid)
    ]


@transaction.atomic
def end_session(*, user: User, number: int, current: str | None) -> bool:
    """Sign the person out elsewhere; False if they have no such session, or no longer.

    The session with the key `current`, in which they ask, is left: signing out ends that one.
    """
    session = (
        UserSession.objects.select_for_update()
        .filter(user=user, pk=number)
        .exclude(session_key=current)
        .first()
    )
    if session is None:
        return False
    session.end()
    return True
