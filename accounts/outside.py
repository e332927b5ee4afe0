"""Signing up with the sign-in service of others: what is still to be asked."""

from typing import Any

from allauth.socialaccount.forms import SignupForm


class ServiceSignupForm(SignupForm):  # type: ignore[misc]
    """A name, and an address unless the service has verified one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A verified address is taken as it is; any other is verified by a code of ours.
        if any(address.verified for address in self.sociallogin.email_addresses):
            self.fields["email"].disabled = True
