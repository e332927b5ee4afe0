"""What a representative or a member fills in about members and mandates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.inspecting.kinds import FileKind
from accounts.limits import LimitReached, spend
from accounts.mandating import LONGEST_EVIDENCE, MOST_FILES
from accounts.models import Membership, User
from accounts.rates import UPLOAD
from accounts.uploads import GuardedFile, UploadRefused, guard

KINDS_OF_EVIDENCE = (FileKind.PDF, FileKind.PNG, FileKind.JPEG)


class InviteForm(forms.Form):
    """The address that an invitation goes to."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "One person's own address. We send a link that works once, for this address, for 14 "
            "days."
        ),
        # It is another person's: the browser's own would be the wrong one.
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ActForm(forms.Form):
    """Which of the buttons beside a member or a request was pressed."""

    act = forms.ChoiceField()

    def __init__(self, data: Mapping[str, Any], *, acts: Sequence[str]) -> None:
        super().__init__(data)
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)  # noqa: S101 - as declared above
        act.choices = [(name, name) for name in acts]


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Some files, as they come."""

    widget = FilesInput

    def clean(
        self,
        data: Sequence[UploadedFile] | None,
        initial: object = None,  # noqa: ARG002 - Django's signature
    ) -> list[UploadedFile]:
        files = [file for file in data or () if file]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("Up to %(count)s files are possible."), params={"count": MOST_FILES}
            )
        return files


def guarded(file: UploadedFile, *, uploader: User) -> GuardedFile:
    """The file, looked through. Raises ValidationError."""
    try:
        spend(UPLOAD, whom=uploader)
        return guard(file, kinds=KINDS_OF_EVIDENCE)
    except (UploadRefused, LimitReached) as refusal:
        raise forms.ValidationError(f"{file.name}: {refusal}") from refusal


class DayInput(forms.DateInput):
    """The browser's own picker of a date."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MandateForm(forms.Form):
    """A mandate to propose: for whom, on what evidence, on which frameworks, from when to when."""

    ALL, SOME = "all", "some"

    member = forms.TypedChoiceField(label=_("Who is to speak"), coerce=int)
    evidence = forms.CharField(
        label=_("What the mandate rests on"),
        help_text=_("Who decided it, and when: a board's meeting, a letter with its number."),
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    papers = SeveralFilesField(
        label=_("Letter or minutes"),
        help_text=_(
            "Up to 3 files, each a PDF or a picture (PNG, JPEG) of 10 MB at most. Only "
            "administrators can open them."
        ),
        required=False,
    )
    scope = forms.ChoiceField(
        label=_("On which frameworks"),
        choices=[(ALL, _("All, also those to come")), (SOME, _("Only those ticked below"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    frameworks = forms.MultipleChoiceField(
        label=_("Frameworks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty for no end."),
        required=False,
        widget=DayInput(),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: MultiValueDict[str, UploadedFile] | None,
        *,
        uploader: User,
        members: Sequence[Membership],
        titles: Mapping[str, str],
        today: date,
        chosen: str = "",
    ) -> None:
        super().__init__(data, files, initial={"starts_on": today, "member": chosen})
        member, frameworks = self.fields["member"], self.fields["frameworks"]
        assert isinstance(member, forms.ChoiceField)  # noqa: S101 - as declared above
        assert isinstance(frameworks, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        member.choices = [(found.pk, found.user.shown_name) for found in members]
        frameworks.choices = list(titles.items())
        self.members = {found.pk: found for found in members}
        self.uploader = uploader

    def clean_papers(self) -> list[GuardedFile]:
        return [guarded(file, uploader=self.uploader) for file in self.cleaned_data["papers"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        some = cleaned.get("scope") == self.SOME
        if some and "frameworks" not in self.errors and not cleaned.get("frameworks"):
            self.add_error("frameworks", _("Tick at least one framework, or choose all."))
        if not some:
            cleaned["frameworks"] = []
        return cleaned

    @property
    def membership(self) -> Membership:
        """For whom it is proposed."""
        return self.members[self.cleaned_data["member"]]

    @property
    def proposal(self) -> dict[str, Any]:
        """What is proposed, as the verb takes it."""
        cleaned = self.cleaned_data
        return {
            "evidence": cleaned["evidence"],
            "files": cleaned["papers"],
            "framework_codes": cleaned["frameworks"],
            "starts_on": cleaned["starts_on"],
            "ends_on": cleaned["ends_on"],
        }


class DecisionForm(forms.Form):
    """What an administrator decides on a mandate; a reason where it isn't accepted."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("accept", "refuse", "withdraw")])
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person reads it. Needed to refuse or to withdraw."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
