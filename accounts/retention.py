"""What is kept for a time only: purged by beat, row by row, safe to run twice and at once."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet, RestrictedError
from django.utils import timezone

from accounts.models import Invitation, User

UNVERIFIED_KEPT = timedelta(days=14)
# After an invitation expired, or was declined or cancelled.
INVITATION_KEPT = timedelta(days=30)
# A session may be noted just before it is stored.
JUST_BEGUN = timedelta(hours=1)


def purge(*, at: datetime | None = None) -> dict[str, int]:
    """How many of each were purged."""
    now = at or timezone.now()
    return {
        "accounts": purge_unverified_accounts(at=now),
        "invitations": purge_invitations(at=now),
        "sessions": purge_sessions(at=now),
    }


def purge_sessions(*, at: datetime) -> int:
    """Sessions that have run out, and what is noted of sessions that are no longer."""
    ended, _rows = Session.objects.filter(expire_date__lt=at).delete()
    stored = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(stored), created_at__lt=at - JUST_BEGUN).delete()
    return ended


def purge_unverified_accounts(*, at: datetime) -> int:
    """Accounts whose address was not confirmed in time and that nothing hangs on."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    due = User.objects.filter(
        ~Exists(verified),
        date_joined__lt=at - UNVERIFIED_KEPT,
        closed_at__isnull=True,
        last_login__isnull=True,
        is_staff=False,
        is_moderator=False,
        is_demonstration=False,
    )
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_purge_account(key, due=due) for key in keys)


def _purge_account(key: int, *, due: QuerySet[User]) -> bool:
    """Whether this call deleted it: not where it was confirmed or used meanwhile."""
    with transaction.atomic():
        # Whoever confirms the address at this moment does so before, or finds nothing to confirm.
        list(User.objects.select_for_update().filter(pk=key))
        list(EmailAddress.objects.select_for_update().filter(user_id=key))
        try:
            with transaction.atomic():
                deleted, _rows = due.filter(pk=key).delete()
        except (ProtectedError, RestrictedError):
            return False
        return deleted > 0


def purge_invitations(*, at: datetime) -> int:
    """Invitations that led to nothing, some time after that was clear."""
    over = at - INVITATION_KEPT
    due = Invitation.objects.filter(
        Q(cancelled_at__lt=over) | Q(cancelled_at__isnull=True, expires_at__lt=over),
        accepted_at__isnull=True,
    )
    return due.delete()[0]
