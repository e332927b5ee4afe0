"""How fast one account may post. A courtesy, not a lock: where nothing counts, everyone may."""

from accounts.limits import LimitReached, spend
from accounts.models import User
from accounts.rates import POST

POSTS_A_MINUTE = POST.times


def is_too_fast(user: User) -> bool:
    """Count one more post of this account; whether it is one too many in this minute."""
    try:
        spend(POST, whom=user)
    except LimitReached:
        return True
    return False
