"""What a person writes: taken as it comes, checked by the verb, never lost."""

import uuid
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.access import may_speak
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.anchors import Anchor, AnchorMismatch, describe
from comments.attaching import InHand, TakenIn, set_aside, take_in
from comments.models import Comment
from comments.posting import ParentRefused, PostingRefused, VoiceRefused, post_comment
from comments.targets import Target
from comments.warning import ask_whether_meant
from comments.writing import WritingRefused, checked_body, checked_proposal, checked_stance
from consult.document.models import Provision

OWN_VOICE = "self"
# As many digits as a key may have: Python refuses to read some thousands.
LONGEST_NUMBER = 18


class CommentForm(forms.Form):
    """Every field may be missing: `post` says what is wrong in the verb's own words."""

    body = forms.CharField(required=False, strip=False)
    stance = forms.CharField(required=False)
    voice = forms.CharField(required=False)
    key = forms.UUIDField(required=False)
    proposal = forms.CharField(required=False, strip=False)
    parent = forms.CharField(required=False)
    start = forms.IntegerField(required=False)
    end = forms.IntegerField(required=False)
    exact = forms.CharField(required=False, strip=False)
    before = forms.CharField(required=False, strip=False)
    behind = forms.CharField(required=False, strip=False)
    # The digest of a text that its writer was asked about.
    seen = forms.CharField(required=False)

    # What is set aside for the form to come, where this one wasn't posted.
    aside: Sequence[InHand] = ()

    def written(self, name: str) -> str:
        """A field as it was typed, also where it isn't valid."""
        return str(self.data.get(name, ""))

    @property
    def anchor(self) -> Anchor | None:
        """The words marked, as they were sent."""
        exact, start, end = (self.cleaned_data.get(name) for name in ("exact", "start", "end"))
        if not exact or start is None or end is None:
            return None
        prefix, suffix = (self.cleaned_data.get(name, "") for name in ("before", "behind"))
        return Anchor(exact, prefix, suffix, max(0, start), max(0, end))

    def post(self, target: Target, *, user: User) -> Comment:
        """Post what is written, with its files. Raises WritingRefused.

        Then the files that are well stand `aside`, to be named by the form that is shown again.
        """
        self.full_clean()
        if self.errors:
            raise PostingRefused(_("The form can't be read. Check your text and send it again."))
        taken = self._files(user)
        try:
            return self._post(target, taken, user=user)
        except WritingRefused:
            self.aside = set_aside(taken.files, uploader=user)
            raise

    def _post(self, target: Target, taken: TakenIn, *, user: User) -> Comment:
        data = self.cleaned_data
        taken.check()
        files = [each.file for each in taken.files]
        stance, body = checked_stance(data["stance"]), checked_body(data["body"])
        proposal = checked_proposal(target, stance=stance, proposed_text=data["proposal"])
        ask_whether_meant(body, proposal, seen=data["seen"])
        # Another text from the same form, as after going back to it, is another comment; so is
        # the same text with another file.
        said = "\0".join([data["body"], *(file.digest for file in files)])
        return post_comment(
            target,
            voice=voice_named(user, data["voice"]),
            body=data["body"],
            stance=data["stance"],
            proposed_text=data["proposal"],
            anchor=self.anchor,
            parent=parent_named(data["parent"]),
            files=files,
            idempotency_key=uuid.uuid5(data["key"] or uuid.uuid4(), said),
        )

    def _files(self, user: User) -> TakenIn:
        """What was chosen, of who may post it at all: posting refuses everyone else."""
        uploaded = self.files.getlist("files") if isinstance(self.files, MultiValueDict) else []
        tickets = self.data.getlist("kept") if isinstance(self.data, QueryDict) else []
        if not (uploaded or tickets) or not may_speak(user):
            return TakenIn()
        return take_in([file for file in uploaded if file], tickets=tickets, uploader=user)


def voice_named(user: User, name: str) -> Voice:
    """The voice of this key; whether the person has it, posting asks. Raises VoiceRefused."""
    if name in ("", OWN_VOICE):
        return Voice(user, None)
    organisation = Organisation.objects.filter(pk=int(name)).first() if _is_number(name) else None
    if organisation is None:
        raise VoiceRefused(_("Choose in whose name you speak."))
    return Voice(user, organisation)


def parent_named(reference: str) -> Comment | None:
    """The comment replied to; None where none is named. Raises ParentRefused."""
    if not reference:
        return None
    found = Comment.objects.select_related("parent").filter(reference=reference)
    parent = found.first() if reference.isalnum() else None
    if parent is None:
        raise ParentRefused(
            _("The comment you reply to is no longer there. You can post yours on its own.")
        )
    return parent


def words_between(target: Target, stretch: str) -> Anchor | None:
    """The words at `start-end` of an address; None where they aren't words of this text."""
    start, dash, end = stretch.partition("-")
    if not (isinstance(target, Provision) and dash and _is_number(start) and _is_number(end)):
        return None
    try:
        return describe(target.text, start=int(start), end=int(end))
    except AnchorMismatch:
        return None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_NUMBER
