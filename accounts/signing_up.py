"""Sign up with an address and a name; a password only for who wants one."""

from typing import Any

from allauth.account.forms import SignupForm
from django.utils.translation import gettext_lazy as _


class SignUpForm(SignupForm):  # type: ignore[misc]
    """allauth's form, saying that a code by e-mail does as well as a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password1"]
        password.label = _("Password (optional)")
        password.help_text = _("Without one, you sign in with a code that we send you each time.")
        # What is agreed to stands before the button.
        self.fields["privacy"] = self.fields.pop("privacy")
