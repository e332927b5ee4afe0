"""What allauth asks this site: in what words, what to record, and whom a service may sign in."""

from io import BytesIO
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathFillImage

from accounts.auditing import Act, record
from accounts.disposable import refuse_disposable
from accounts.models import User

# What the person is told of by e-mail, and the line that it leaves in the audit log.
RECORDED = {
    "account/email/password_changed": Act.PASSWORD_CHANGED,
    "account/email/password_set": Act.PASSWORD_CHANGED,
    "account/email/password_reset": Act.PASSWORD_CHANGED,
    "account/email/email_changed": Act.ADDRESS_CHANGED,
    "mfa/email/totp_activated": Act.FACTOR_ADDED,
    "mfa/email/webauthn_added": Act.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Act.FACTOR_REMOVED,
    "mfa/email/webauthn_removed": Act.FACTOR_REMOVED,
    "socialaccount/email/account_connected": Act.LOGIN_CONNECTED,
    "socialaccount/email/account_disconnected": Act.LOGIN_DISCONNECTED,
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts: each sign-in and each change to how one signs in leaves a line."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Called once all that was asked is proven: password or code, address, second factor."""
        super().login(request, user)
        record(Act.SIGN_IN, actor=user)

    def clean_email(self, email: str) -> str:
        """Called with the address at sign-up. Raises ValidationError."""
        refuse_disposable(email)
        cleaned: str = super().clean_email(email)
        return cleaned

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Called after each change that the person is told of."""
        if act := RECORDED.get(template_prefix):
            record(act, actor=user, about=user)
        super().send_notification_mail(template_prefix, user, context, email)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys, in the words of this site."""

    def build_totp_svg(self, url: str) -> str:
        """Black on white in the dark theme, too: not every camera reads the reverse."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        """The name that a new passkey is proposed to have: its number among the person's own."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in services of others."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account that has an address which the service says it has verified, if any.

        Only a plain `true` is a yes: some services send the word "false", which is not false.
        """
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """The sign-up form begins with the name that the service knows."""
        said = sociallogin.account.extra_data
        person = said.get("userinfo") or said.get("id_token") or said
        name = person.get("name") or person.get("displayName") or ""
        return {
            **super().get_signup_form_initial_data(sociallogin),
            "display_name": str(name)[: User._meta.get_field("display_name").max_length],  # noqa: SLF001 - Django documents it
        }
