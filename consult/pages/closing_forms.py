"""What is asked before an account is closed, since it can't be undone."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    """One tick."""

    understood = forms.BooleanField(
        label=_("I understand that this can't be undone"),
        error_messages={"required": _("Tick the box if you want to close the account.")},
    )
