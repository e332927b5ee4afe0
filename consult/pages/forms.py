"""What a drafter fills in to announce, open, close or withdraw a section."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consult.document.models import Section, WindowRecord
from consult.document.publishing import fits
from consult.document.windows import WindowState

Act = WindowRecord.Act

ACT_LABELS = {
    Act.ANNOUNCE: _("Announce: show the title, and when it opens"),
    Act.OPEN: _("Open: show the text and take comments"),
    Act.CLOSE: _("Close: take no more comments; all stays readable"),
    Act.WITHDRAW: _("Withdraw: show nothing of it; nothing is deleted"),
}
OPEN_ALREADY = _("Stay open, with another closing time")
OPEN_AGAIN = _("Open again: take comments once more")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:  # noqa: ANN401 - lazy text
    """A moment in Taipei time that may be left empty."""
    return forms.DateTimeField(
        label=label, help_text=help_text, required=False, widget=MomentInput()
    )


class WindowForm(forms.Form):
    """One act on one section. Which acts are offered depends on the section's state."""

    act = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    when = moment_field(_("From when"), _("Taipei time. Leave it empty for now."))
    opens_at = moment_field(_("Opens"), _("The date that readers are told. It may come later."))
    closes_at = moment_field(_("Closes"), _("Leave it empty for no end."))
    with_subsections = forms.BooleanField(
        label=_("With all that stands beneath it"), required=False, initial=True
    )

    def __init__(self, data: QueryDict | None, *, section: Section, at: datetime) -> None:
        super().__init__(data)
        dates = section.window_dates
        state = section.state(at=at)
        labels = dict(ACT_LABELS)
        if state == WindowState.OPEN:
            labels[Act.OPEN] = OPEN_ALREADY
        if state == WindowState.CLOSED:
            labels[Act.OPEN] = OPEN_AGAIN
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)  # noqa: S101 - as declared above
        act.choices = [(a, label) for a, label in labels.items() if fits(a, section, at=at)]
        if state == WindowState.ANNOUNCED:
            self.initial["opens_at"] = dates.opens_at
        if state in (WindowState.ANNOUNCED, WindowState.OPEN):
            self.initial["closes_at"] = dates.closes_at
        if Act.ANNOUNCE not in dict(act.choices):
            del self.fields["opens_at"]
        if section.last_position == section.position:
            del self.fields["with_subsections"]


class TakeBackForm(forms.Form):
    """Which act to take back, by its moment: another may have come since."""

    recorded_at = forms.DateTimeField()
