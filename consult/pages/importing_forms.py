"""The file that is to be the next draft, read as it is handed in, and what its draft is called."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.limits import LimitReached, spend
from accounts.models import User
from accounts.rates import IMPORT
from accounts.uploads import GuardedFile, UploadRefused, guard
from consult.document.fitting import too_long_in
from consult.document.models import Draft
from consult.document.reading import UnreadableText
from consult.document.sources.documents import SourceRead
from consult.document.sources.files import KINDS, DraftUnreadable, read_draft
from consult.pages.reading_words import said

ENDINGS = ",".join(sorted(f".{kind.value}" for kind in KINDS))


class ImportForm(forms.Form):
    """A file, which counts for whoever hands it in, is looked through and read."""

    file = forms.FileField(
        label=_("The text of the next draft"),
        help_text=_(
            "A DOCX, an ODT, a PDF with a text layer, a plain text (TXT) or Markdown (MD), "
            "of 10 MB at most."
        ),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )

    def __init__(
        self,
        data: dict[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        uploader: User,
    ) -> None:
        super().__init__(data, files)
        self.uploader = uploader
        self.found: SourceRead | None = None

    def clean_file(self) -> GuardedFile:
        """The file; what stands in it is `found`."""
        try:
            spend(IMPORT, whom=self.uploader)
            file = guard(self.cleaned_data["file"], kinds=KINDS)
            self.found = read_draft(file.content, file.kind)
        except UnreadableText as unreadable:
            raise forms.ValidationError(said(str(unreadable))) from unreadable
        except (UploadRefused, LimitReached, DraftUnreadable) as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        too_long = too_long_in(self.found.outline)
        if too_long:
            raise forms.ValidationError(too_long)
        return file


class ConfirmForm(forms.Form):
    """How the draft is called; readers see it."""

    label = forms.CharField(
        label=_("What the draft is called"),
        help_text=_("Readers see it, as in “114 年第 6 版”."),
        max_length=Draft._meta.get_field("label").max_length,  # noqa: SLF001 - Django documents it
    )
