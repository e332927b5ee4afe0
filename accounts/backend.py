"""How a signed-in person is found again with each request."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef

from accounts.models import User


class SessionBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which also knows whether the person may speak: every page asks, none by itself."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, with `is_confirmed` from the same query; None if they left."""
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        user = User.objects.annotate(is_confirmed=Exists(verified)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
