"""What is asked for: a report, or the comments behind one of its numbers."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from comments.models import Comment
from consult.reports.selecting import Selection


class ReportForm(forms.Form):
    """Asks for a report of what was said up to a moment; empty is now."""

    cutoff = forms.DateTimeField(
        label=_("Count what was said up to"),
        help_text=_("Leave it empty to count up to now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


class SelectionForm(forms.Form):
    """Reads a selection from an address; what is not known there selects nothing."""

    section = forms.CharField(required=False)
    group = forms.ChoiceField(choices=StakeholderGroup.choices, required=False)
    stance = forms.ChoiceField(choices=Comment.Stance.choices, required=False)
    day = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        # The last day of all has no day after it to end at.
        validators=[MaxValueValidator(date.max - timedelta(days=1))],
    )
    on_whole = forms.BooleanField(required=False)
    for_organisations = forms.BooleanField(required=False)
    by_drafters = forms.BooleanField(required=False)

    def selection(self) -> Selection:
        """What a valid form selects."""
        chosen: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return Selection(**chosen)
