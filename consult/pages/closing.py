"""Everything that closing an account takes, on every floor, at once."""

from django.db import transaction

from accounts.closing import close_account
from accounts.models import User
from comments.forgetting import forget_wishes
from consult.document.drafting import give_up_drafting


@transaction.atomic
def close(user: User) -> None:
    """Close the account. Raises LastAdministrator or LastRepresentative, and changes nothing."""
    give_up_drafting(user)
    forget_wishes(user)
    close_account(user)
