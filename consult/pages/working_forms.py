"""What drafters send of the next draft while they write it."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.document.models import WorkingPiece
from consult.document.working import Words

ACTS = (
    "save",
    "split",
    "merge",
    "up",
    "down",
    "move",
    "delete",
    "restore",
    "add",
    "adopt",
)
_CUT = re.compile(r"^[ \t]*---[ \t]*$", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\n[ \t\u3000]*\n")


class PieceForm(forms.Form):
    """One act on one piece, with the version that its sender has seen."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    text = forms.CharField(required=False, label=_("Text"))
    number = forms.CharField(required=False, max_length=40, label=_("Number"))
    title = forms.CharField(required=False, max_length=300, label=_("Title"))
    depth = forms.IntegerField(required=False, min_value=0, max_value=8)
    kind = forms.ChoiceField(required=False, choices=WorkingPiece.Kind.choices)
    following = forms.IntegerField(required=False)
    following_version = forms.IntegerField(required=False)
    behind = forms.CharField(required=False, max_length=100, label=_("Behind"))
    comment = forms.CharField(required=False, max_length=12)

    @property
    def words(self) -> Words:
        """What was typed."""
        sent = self.cleaned_data
        return Words(sent["text"], sent["number"], sent["title"], sent["depth"])

    @property
    def parts(self) -> list[str]:
        """The text, split at lines of --- or, where there is none, at empty lines."""
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        return (_CUT if _CUT.search(text) else _EMPTY_LINE).split(text)
