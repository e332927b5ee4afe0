"""What drafters send about a report's themes."""

from django import forms
from django.utils.translation import gettext_lazy as _

ACTS = ("rename", "merge", "split", "undo")


class ThemeForm(forms.Form):
    """One act on a theme, or on a decision that was made."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    theme = forms.CharField(required=False, max_length=100, label=_("Theme"))
    name = forms.CharField(required=False, max_length=200, label=_("Name"))
    into = forms.CharField(required=False, max_length=100, label=_("Put together with"))
    decision = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class MoveForm(forms.Form):
    """Where comments are to go; nowhere is no theme."""

    into = forms.CharField(required=False, max_length=100, label=_("Move to"))
