"""The privacy notice (個資法 §8): which version is in force, and who has agreed to it."""

from datetime import datetime

from django.utils import timezone

from accounts.access import Visitor, is_signed_in
from accounts.models import User

# Changed with every change of meaning in the notice; then everyone is asked once more.
CURRENT_NOTICE = "2026-11"


def agree_to_notice(user: User, *, at: datetime | None = None) -> None:
    """This person has read the notice in force and agrees."""
    user.privacy_version = CURRENT_NOTICE
    user.privacy_agreed_at = at or timezone.now()
    user.save(update_fields=["privacy_version", "privacy_agreed_at"])


def has_to_agree(user: Visitor) -> bool:
    """Whether this person is to be asked before they next write; reading needs no agreement."""
    return is_signed_in(user) and user.privacy_version != CURRENT_NOTICE
