"""Follow a section with all beneath it, a provision, or the thread on a draft as a whole."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from comments.models import Follow
from comments.numbering import locked_thread_on
from comments.targets import Target, draft_of, section_of
from consult.document.models import Draft, Provision


def follow(target: Target, *, user: User) -> None:
    """Tell this person of what is said there; nothing changes where they follow it already."""
    with transaction.atomic():
        thread = locked_thread_on(target) if isinstance(target, Draft) else None
        Follow.objects.bulk_create(
            [Follow(user=user, thread=thread, **_what(target))], ignore_conflicts=True
        )


def unfollow(target: Target, *, user: User) -> None:
    """Tell them no more."""
    _follows(target, user=user).delete()


def is_followed(target: Target, *, user: User) -> bool:
    """Whether this person follows exactly this."""
    return _follows(target, user=user).exists()


def _what(target: Target) -> dict[str, object]:
    if isinstance(target, Draft):
        return {}
    return {"provision": target} if isinstance(target, Provision) else {"section": target}


def _follows(target: Target, *, user: User) -> QuerySet[Follow]:
    follows = Follow.objects.filter(user=user)
    if section_of(target) is None:
        return follows.filter(thread__draft=draft_of(target), thread__section=None)
    return follows.filter(**_what(target))
