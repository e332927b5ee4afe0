"""What a person fills in to do something about a comment that is there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.voices import Voice, voices_of
from comments.editing import edit_comment
from comments.forms import OWN_VOICE, voice_named
from comments.models import MAXIMUM_BODY_LENGTH, CampaignRecord, Comment
from comments.moderating import LONGEST_WORDS
from comments.rules import Rule
from comments.targets import target_of
from comments.warning import ask_whether_meant
from comments.writing import LONGEST_PROPOSAL, checked_body, checked_proposal
from consult.document.models import Provision


def _words(label: Any, *, help_text: Any = "", required: bool = False) -> forms.CharField:  # noqa: ANN401 - lazy text
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _rule(label: Any) -> forms.ChoiceField:  # noqa: ANN401 - lazy text
    return forms.ChoiceField(label=label, choices=Rule.choices, widget=forms.RadioSelect)


class EndorseForm(forms.Form):
    """In whose name; asked only of who has more than one."""

    voice = forms.ChoiceField(label=_("You speak as"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, *, user: User, framework_code: str) -> None:  # noqa: ANN401 - a QueryDict or None
        super().__init__(data, initial={"voice": OWN_VOICE})
        voices = voices_of(user, framework_code=framework_code)
        self.user = user
        field = self.fields["voice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [(voice.key, voice.name) for voice in voices]
        if len(voices) == 1:
            del self.fields["voice"]

    @property
    def chosen(self) -> Voice:
        """The voice chosen. Raises VoiceRefused."""
        return voice_named(self.user, self.cleaned_data.get("voice", "") or OWN_VOICE)


class EditForm(forms.Form):
    """A comment's text again; the proposed wording only where there is a text to reword."""

    stance = forms.ChoiceField(
        label=_("What is your comment?"), choices=Comment.Stance.choices, widget=forms.RadioSelect
    )
    body = forms.CharField(
        label=_("What you want to say"),
        max_length=MAXIMUM_BODY_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    proposal = forms.CharField(
        label=_("Proposed wording"),
        help_text=_("Only with “Suggest a change”: write the text as it should be."),
        required=False,
        max_length=LONGEST_PROPOSAL,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data: Any, *, comment: Comment) -> None:  # noqa: ANN401 - a QueryDict or None
        target: Provision | None = comment.thread.provision
        super().__init__(
            data,
            initial={
                "stance": comment.stance,
                "body": comment.body,
                "proposal": comment.proposed_text or (target.text if target else ""),
            },
        )
        if target is None:
            del self.fields["proposal"]

    def change(self, comment: Comment, *, author: User) -> None:
        """Change the comment. Raises EditingRefused or WritingRefused."""
        stance, body = self.cleaned_data["stance"], self.cleaned_data["body"]
        proposal = self.cleaned_data.get("proposal", "")
        changed = checked_proposal(target_of(comment.thread), stance=stance, proposed_text=proposal)
        ask_whether_meant(checked_body(body), changed, seen=str(self.data.get("seen", "")))
        edit_comment(comment, author=author, body=body, stance=stance, proposed_text=proposal)


class ReportForm(forms.Form):
    """Which rule a comment breaks, and how."""

    rule = _rule(_("Which rule does it break?"))
    words = _words(_("What do you want the moderator to know?"))


class AppealForm(forms.Form):
    """Why one's own hidden comment breaks no rule."""

    words = _words(_("Why your comment breaks no rule"), required=True)


DECISIONS = {
    "keep": _("Leave it as it is"),
    "release": _("Show it"),
    "hide": _("Hide it"),
    "restore": _("Restore it"),
    "uphold": _("Refuse the appeal"),
}


class DecisionForm(forms.Form):
    """What a moderator decides on one comment or on many."""

    act = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(label=_("Rule"), choices=[("", "–"), *Rule.choices], required=False)
    reason = _words(_("Reason"), help_text=_("Its author reads it."))

    def __init__(self, data: Any, *, acts: tuple[str, ...]) -> None:  # noqa: ANN401 - a QueryDict or None
        super().__init__(data)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [(act, DECISIONS[act]) for act in acts]
        if "hide" not in acts:
            del self.fields["rule"]


class CampaignForm(forms.Form):
    """A moderator's decision on a campaign, or on a comment in it."""

    act = forms.ChoiceField(choices=CampaignRecord.Act.choices)
    comment = forms.CharField(required=False)

    def clean(self) -> None:
        act, comment = self.cleaned_data.get("act"), self.cleaned_data.get("comment")
        if (act in CampaignRecord.ON_COMMENTS) != bool(comment):
            raise forms.ValidationError("")
