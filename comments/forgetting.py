"""What goes when a person closes their account: what they wanted to be told of, and was told."""

from django.db import transaction

from accounts.models import User
from comments.models import Follow, Notification, NotificationChoice


@transaction.atomic
def forget_wishes(user: User) -> None:
    """Nothing is followed any more, and nobody is told. What was said in public stays."""
    for model in (Notification, Follow, NotificationChoice):
        model._default_manager.filter(user=user).delete()  # noqa: SLF001 - Django documents it
