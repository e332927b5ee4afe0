"""What is filled in about an organisation: an application, a new name, an administrator's word."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.applications import LONGEST_NAME, Application, flaws_of, tidied
from accounts.groups import ORGANISED, SchoolLevel
from accounts.limits import LimitReached
from accounts.models import User
from accounts.places import County, Sector
from accounts.scrutiny import LONGEST_EVIDENCE, LONGEST_REASON, VerifyingRefused
from accounts.uploads import GuardedFile
from consult.pages.membership_forms import DayInput, SeveralFilesField, guarded

CHOOSE = ("", _("Choose"))
# For how long a verification is proposed to hold: till the next review of the framework.
VERIFIED_FOR = timedelta(days=730)
PAPERS_HINT = _(
    "Up to 3 files, each a PDF or a picture (PNG, JPEG) of 10 MB at most. Only administrators can "
    "open them."
)

Files = MultiValueDict[str, UploadedFile]


class RefusableForm(forms.Form):
    """A form whose verb may say no: the sentence stands with the field that it speaks of."""

    def refuse(self, refusal: VerifyingRefused | LimitReached) -> None:
        field = refusal.field if isinstance(refusal, VerifyingRefused) else ""
        self.add_error(field if field in self.fields else None, str(refusal))


class EvidenceForm(RefusableForm):
    """A form with files, which count for whoever hands them in and are looked through."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Files | None,
        *,
        uploader: User,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self.uploader = uploader

    def clean_papers(self) -> list[GuardedFile]:
        return [guarded(file, uploader=self.uploader) for file in self.cleaned_data["papers"]]


class ApplicationForm(EvidenceForm):
    """An organisation as its applicant describes it, with the evidence."""

    group = forms.ChoiceField(
        label=_("What kind of organisation it is"),
        required=False,
        choices=ORGANISED,
        widget=forms.RadioSelect,
    )
    school_level = forms.ChoiceField(
        label=_("School level"),
        help_text=_("For schools only."),
        required=False,
        choices=[CHOOSE, *SchoolLevel.choices],
    )
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("As it is registered. It stands with what is said in its name."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    county = forms.ChoiceField(
        label=_("County or city of its seat"), required=False, choices=[CHOOSE, *County.choices]
    )
    sector = forms.ChoiceField(
        label=_("Sector (optional)"),
        help_text=_("The trade that it is of, or speaks for."),
        required=False,
        choices=[("", _("None of these")), *Sector.choices],
    )
    business_number = forms.CharField(
        label=_("Unified business number"),
        help_text=_("Eight digits. Enterprises need it; others may leave it empty."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email_domain = forms.CharField(
        label=_("The organisation's own e-mail domain (optional)"),
        help_text=_(
            "What stands after the @ of its addresses, as in example.org.tw. Whoever has such an "
            "address can ask to join."
        ),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    evidence = forms.CharField(
        label=_("What shows that you may speak for it"),
        help_text=_("Who decided it, and when: a board's meeting, a letter with its number."),
        required=False,
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    papers = SeveralFilesField(
        label=_("Letter or certificate"), help_text=PAPERS_HINT, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field, flaw in flaws_of(tidied(self.application)).items():
            if field not in self.errors:
                self.add_error(field, flaw)
        if not cleaned.get("evidence") and "evidence" not in self.errors:
            self.add_error("evidence", _("Say who decided it, and when."))
        if self.papers_are_wanting and "papers" not in self.errors:
            self.add_error("papers", _("Add a letter or a certificate."))
        return cleaned

    @property
    def papers_are_wanting(self) -> bool:
        return not self.cleaned_data.get("papers")

    @property
    def application(self) -> Application:
        """The organisation as it is described."""
        names = [field.name for field in fields(Application)]
        return Application(**{name: self.cleaned_data.get(name) or "" for name in names})

    @property
    def handed_in(self) -> dict[str, Any]:
        """What is handed in, as the verb takes it."""
        return {
            "application": self.application,
            "evidence": self.cleaned_data["evidence"],
            "files": self.cleaned_data["papers"],
        }


class CompletionForm(ApplicationForm):
    """The application with what was asked for; the files handed in before are there."""

    answer = forms.CharField(
        label=_("To the administrator (optional)"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Files | None,
        *,
        uploader: User,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, files, uploader=uploader, initial=initial)
        self.fields["papers"].label = _("More files (optional)")

    @property
    def papers_are_wanting(self) -> bool:
        return False

    @property
    def handed_in(self) -> dict[str, Any]:
        return super().handed_in | {"answer": self.cleaned_data["answer"]}


class NameForm(EvidenceForm):
    """Another name, to be reviewed."""

    name = forms.CharField(
        label=_("New name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("What it rests on"),
        help_text=_("Who decided it, and when: a general meeting, a registration."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    papers = SeveralFilesField(
        label=_("Letter or certificate (optional)"), help_text=PAPERS_HINT, required=False
    )

    @property
    def handed_in(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "reason": self.cleaned_data["reason"],
            "files": self.cleaned_data["papers"],
        }


class VerdictForm(RefusableForm):
    """What an administrator decides on an organisation."""

    act = forms.CharField()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Verified until"),
        help_text=_("The last day. Leave it empty for no end."),
        required=False,
        widget=DayInput(),
    )
    reason = forms.CharField(
        label=_("What is missing, or the reason"),
        help_text=_("The representatives read it. Needed for everything but a yes."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, seen: int | None, today: date) -> None:
        super().__init__(data, initial={"seen": seen, "until": today + VERIFIED_FOR})
