"""By what a person can sign in: one glance for their account's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp

from accounts.models import User


@dataclass(frozen=True)
class WaysToSignIn:
    """What an account has; a code by e-mail is always there."""

    address: str
    has_password: bool
    passkeys: Sequence[str]
    has_app: bool
    recovery_codes: int
    services: Sequence[str]

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or bool(self.passkeys)

    @classmethod
    def of(cls, user: User) -> "WaysToSignIn":
        """Two queries."""
        factors = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
        codes = [each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES]
        return cls(
            address=user.email,
            has_password=user.has_usable_password(),
            passkeys=[
                each.wrap().name for each in factors if each.type == Authenticator.Type.WEBAUTHN
            ],
            has_app=any(each.type == Authenticator.Type.TOTP for each in factors),
            recovery_codes=sum(len(each.wrap().get_unused_codes()) for each in codes),
            services=[name_of_service(each) for each in SocialAccount.objects.filter(user=user)],
        )


def name_of_service(account: SocialAccount) -> str:
    """The service's name; its key once the site no longer offers it."""
    try:
        return str(account.get_provider().app.name)
    except SocialApp.DoesNotExist:
        return str(account.provider)
