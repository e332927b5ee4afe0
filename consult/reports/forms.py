"""What is asked for: a report, or the comments behind one of its numbers."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from accounts.places import County
from comments.models import Comment
from consult.document.models import Draft
from consult.reports.requesting import EARLIEST_CUTOFF
from consult.reports.selecting import Selection


class ReportForm(forms.Form):
    """Asks for a report of what was said up to a moment (now), on all or some of a draft."""

    cutoff = forms.DateTimeField(
        label=_("Count what was said up to"),
        help_text=_("Leave it empty to count up to now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    sections = forms.MultipleChoiceField(
        label=_("Only these sections"),
        help_text=_("With all that stands beneath them. None is the whole draft."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    group = forms.ChoiceField(
        label=_("Only this group"),
        required=False,
        choices=[("", _("Every group")), *StakeholderGroup.choices],
    )

    def __init__(self, data: QueryDict | None = None, *, draft: Draft) -> None:
        super().__init__(data)
        chosen = cast("forms.MultipleChoiceField", self.fields["sections"])
        chosen.choices = [
            (section.ref, f"{section.ref}　{section.title}".strip())
            for section in draft.sections.in_reading_order()
        ]


class ScheduleForm(forms.Form):
    """Chooses which reports on a draft are made by themselves."""

    is_daily = forms.BooleanField(
        label=_("Every morning while sections are open"),
        help_text=_("At 5 o'clock, if something new was said."),
        required=False,
    )
    is_at_closing = forms.BooleanField(
        label=_("When a section closes"),
        help_text=_("On the sections that close at that moment."),
        required=False,
    )


class IsoMoment(forms.Field):
    """A moment as addresses have it: ISO 8601 with its offset from UTC."""

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or moment.year < EARLIEST_CUTOFF.year:
            raise forms.ValidationError(_("Enter a valid date/time."))
        return moment


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
    county = forms.ChoiceField(choices=County.choices, required=False)
    within = forms.CharField(required=False)
    since = IsoMoment(required=False)
    on_whole = forms.BooleanField(required=False)
    for_organisations = forms.BooleanField(required=False)
    with_wording = forms.BooleanField(required=False)
    endorsed = forms.BooleanField(required=False)
    by_drafters = forms.BooleanField(required=False)

    def selection(self) -> Selection:
        """What a valid form selects."""
        chosen: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return Selection(**chosen)
