"""Adding, using and renaming a passkey: what is asked, in words that need no knowledge of it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
NOT_CONFIRMED = _("The device did not confirm. Try again, or choose another way.")


def name_field(*, required: bool) -> forms.CharField:
    """What a person calls a passkey of theirs."""
    return forms.CharField(
        label=_("Name"),
        required=required,
        max_length=LONGEST_NAME,
        help_text=_("By which you know it again, such as the device that it is on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey, and whether it is to replace the password or to come on top of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field(required=False)
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with it alone, without a password"),
            required=False,
            initial=True,
            help_text=_("The device then asks for your finger, your face or its PIN."),
        )
        self.order_fields(["name", "passwordless", "credential"])

    def clean(self) -> dict[str, Any]:
        """What no browser sends is refused like any other mistake: allauth lets it crash."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (KeyError, AttributeError) as error:
            raise ValidationError(NOT_CONFIRMED) from error
        return cleaned


class ConfirmedCredential(forms.Form):
    """Mixed into allauth's forms that use a passkey."""

    def clean_credential(self) -> Authenticator:
        """As in `AddPasskeyForm.clean`."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, AttributeError) as error:
            raise ValidationError(NOT_CONFIRMED) from error


class PasskeySignInForm(ConfirmedCredential, LoginWebAuthnForm):  # type: ignore[misc]
    """Signs in, without a password."""


class PasskeySecondStepForm(ConfirmedCredential, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Comes on top of the password."""


class PasskeyConfirmationForm(ConfirmedCredential, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirms that it is still the same person."""


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = name_field(required=True)
