"""What every newcomer is asked, whichever way they sign up: a name, and to agree to the notice."""

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import DisplayNameForm
from accounts.models import User
from accounts.privacy import agree_to_notice


def _notice() -> SafeString:
    return format_html(
        '<a href="{}" target="_blank" rel="noopener">{}</a>',
        reverse("privacy"),
        _("Read the privacy notice (opens in a new tab)"),
    )


class NewcomerForm(DisplayNameForm):
    """Mixed into allauth's sign-up forms by its setting ACCOUNT_SIGNUP_FORM_CLASS."""

    privacy = forms.BooleanField(
        label=gettext_lazy("I have read how my data is handled, and agree"),
        help_text=lazy(_notice, str)(),
        error_messages={
            "required": gettext_lazy("Without your agreement we may not keep an account for you.")
        },
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth with the new account."""
        super().signup(request, user)
        agree_to_notice(user)
