"""What a drafter fills in about who is expected to speak."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.groups import ORGANISED, SchoolLevel, StakeholderGroup
from accounts.models import Organisation
from accounts.places import County, Sector
from consult.document.reading import UnreadableText
from consult.document.reading.encodings import decoded
from consult.reports.expected_import import LONGEST_NAME
from consult.reports.expecting import Entry
from consult.reports.models import ExpectedVoice

Kind = ExpectedVoice.Kind
NOT_SAID = ("", _("Not said"))
LONGEST_LIST = 300_000
LARGEST_FILE = 1024 * 1024


class OrganisationEntryForm(forms.Form):
    """An invited organisation."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=LONGEST_NAME)
    group = forms.ChoiceField(
        label=_("Stakeholder group"), required=False, choices=[NOT_SAID, *ORGANISED]
    )
    school_level = forms.ChoiceField(
        label=_("School level"), required=False, choices=[NOT_SAID, *SchoolLevel.choices]
    )
    sector = forms.ChoiceField(
        label=_("Sector"), required=False, choices=[NOT_SAID, *Sector.choices]
    )
    county = forms.ChoiceField(
        label=_("County or city"), required=False, choices=[NOT_SAID, *County.choices]
    )
    email = forms.EmailField(
        label=_("Contact e-mail"),
        help_text=_(
            "Whom a reminder goes to. Without one it goes to those who represent the organisation "
            "here. Only drafters see it; it stands in no report."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def entry(self, *, organisation: Organisation | None = None) -> Entry:
        """The entry as it was filled in."""
        return Entry(Kind.ORGANISATION, organisation=organisation, **self.cleaned_data)

    @classmethod
    def of(cls, voice: ExpectedVoice) -> "OrganisationEntryForm":
        """The form as the entry stands."""
        return cls(initial={name: getattr(voice, name) for name in cls.base_fields})


class KindEntryForm(forms.Form):
    """A kind of people or organisations that is expected to speak."""

    kind = forms.ChoiceField(
        label=_("Group, school level, sector, county or city"),
        choices=[
            (
                Kind.GROUP.label,
                [(f"{Kind.GROUP}:{value}", label) for value, label in StakeholderGroup.choices],
            ),
            (
                Kind.LEVEL.label,
                [(f"{Kind.LEVEL}:{value}", label) for value, label in SchoolLevel.choices],
            ),
            (
                Kind.SECTOR.label,
                [(f"{Kind.SECTOR}:{value}", label) for value, label in Sector.choices],
            ),
            (
                Kind.COUNTY.label,
                [(f"{Kind.COUNTY}:{value}", label) for value, label in County.choices],
            ),
        ],
    )

    def entry(self) -> Entry:
        kind, _colon, value = self.cleaned_data["kind"].partition(":")
        return Entry(
            kind,
            group=value if kind == Kind.GROUP else "",
            school_level=value if kind == Kind.LEVEL else "",
            sector=value if kind == Kind.SECTOR else "",
            county=value if kind == Kind.COUNTY else "",
        )


class LinkForm(forms.Form):
    """Which organisation of this site an invited one is."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), to_field_name="public_id", label=_("Organisation")
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, among: QuerySet[Organisation]
    ) -> None:
        super().__init__(data)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = among


class ListForm(forms.Form):
    """A list, pasted or as a file; read as text."""

    text = forms.CharField(
        label=_("Paste the list"),
        help_text=_(
            "One organisation a line. Or columns under a head with their names: name, group, "
            "school level, sector, county, e-mail, business number; parted by tabs, as they are "
            "copied from a spreadsheet, or by commas."
        ),
        required=False,
        max_length=LONGEST_LIST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(
        label=_("Or choose a CSV or text file"),
        help_text=_("1 MB at most; UTF-8 or Big5."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
    )

    def clean_file(self) -> str:
        """What stands in the file."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        try:
            return decoded(file.read())
        except UnreadableText as unreadable:
            raise forms.ValidationError(
                _("This is no text. Save the table as CSV and choose that file.")
            ) from unreadable

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        text = found.get("file") or found.get("text") or ""
        if not self.errors and not text.strip():
            raise forms.ValidationError(_("Paste a list or choose a file."))
        return {**found, "text": text}

    @property
    def list_text(self) -> str:
        return str(self.cleaned_data["text"])


def chosen_in(data: QueryDict | MultiValueDict[str, Any]) -> dict[int, str]:
    """Which candidate was chosen for each line of a list, by the line's number."""
    found = {}
    for name, value in data.items():
        line = name.removeprefix("link-")
        if name.startswith("link-") and line.isascii() and line.isdecimal() and len(line) < 7:  # noqa: PLR2004 - a line's number
            found[int(line)] = str(value)
    return found
