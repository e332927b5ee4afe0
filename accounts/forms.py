"""What sign-up asks beyond an e-mail address and a password, and how a person changes it."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.groups import PublicRole
from accounts.models import User


class DisplayNameForm(forms.Form):
    """How others see a person. Mixed into allauth's sign-up forms by ACCOUNT_SIGNUP_FORM_CLASS."""

    display_name = forms.CharField(
        label=_("Display name"),
        max_length=60,
        help_text=_("Shown with what you write. Your e-mail address is never shown."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    public_role = forms.ChoiceField(
        label=_("I am a … (optional)"),
        choices=[("", _("Rather not say")), *PublicRole.choices],
        required=False,
        help_text=_("Helps to see who has spoken. Used when you speak for yourself."),
    )

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 - allauth's signature
        """Called by allauth with the new account."""
        self.keep_for(user)

    def keep_for(self, user: User) -> None:
        """The person is seen under this name from now on; also with what they posted before."""
        user.display_name = self.cleaned_data["display_name"]
        user.public_role = self.cleaned_data["public_role"]
        user.save(update_fields=["display_name", "public_role"])

    @staticmethod
    def known_of(user: User) -> dict[str, str]:
        """What the form begins with for someone who has an account."""
        return {"display_name": user.display_name, "public_role": user.public_role}
