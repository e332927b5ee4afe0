"""What a reader fills in to search, and a drafter to say what the search keeps whole."""

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Visitor, is_signed_in
from accounts.groups import StakeholderGroup
from accounts.models import Organisation
from comments.finding import Filters
from comments.models import Comment
from consult.document.finding import Cursor
from consult.document.models import Draft, Section
from consult.document.queries import LONGEST_QUERY

MOST_ORGANISATIONS = 20
ANY = ("", _("All"))

Choices = Sequence[tuple[str, str | Promise]]


class SearchForm(forms.Form):
    """Comes with an address, so it takes what it can read; a filter that there is not is none.

    A draft that may not be read is not found: Http404.
    """

    q = forms.CharField(
        label=_("What are you looking for?"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    draft = forms.ChoiceField(label=_("Draft"), required=False)
    section = forms.ChoiceField(label=_("Section, with all beneath it"), required=False)
    stance = forms.ChoiceField(
        label=_("Stance"), required=False, choices=[ANY, *Comment.Stance.choices]
    )
    group = forms.ChoiceField(
        label=_("Stakeholder group"), required=False, choices=[ANY, *StakeholderGroup.choices]
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("A part of its name is enough."),
        required=False,
        max_length=120,
    )
    wording = forms.BooleanField(label=_("With proposed wording"), required=False)
    unanswered = forms.BooleanField(label=_("Unanswered"), required=False)
    mine = forms.BooleanField(label=_("Mine"), required=False)

    def __init__(
        self, data: QueryDict, *, reader: Visitor, drafts: Sequence[Draft], at: datetime
    ) -> None:
        super().__init__(data, auto_id="search-%s")
        self.reader = reader
        self.address = data
        self.chosen_draft = _chosen_draft(data.get("draft", ""), drafts)
        self.sections: list[Section] = []
        self._offer(drafts, at=at)
        self.full_clean()

    def _offer(self, drafts: Sequence[Draft], *, at: datetime) -> None:
        """What can be chosen here: drafts, a draft's sections, and one's own where there is one."""
        self._choose_from("draft", [("", _("All drafts")), *map(_draft_choice, drafts)])
        if self.chosen_draft:
            readable = Section.objects.readable(at=at).filter(draft=self.chosen_draft)
            self.sections = list(readable.in_reading_order())
            self._choose_from("section", [ANY, *map(_section_choice, self.sections)])
        else:
            del self.fields["section"]
        if not is_signed_in(self.reader):
            del self.fields["mine"]

    def _choose_from(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = choices

    @property
    def typed(self) -> str:
        """The words, also where they are too many: the rest isn't looked for."""
        return self.address.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()

    @property
    def newest_first(self) -> bool:
        return self.address.get("order") == "newest"

    @property
    def place(self) -> str:
        """Where to look: in the text, in the comments, or in both."""
        place = self.address.get("in", "")
        return place if place in ("text", "comments") else ""

    @property
    def after(self) -> Cursor | None:
        return Cursor.read(self.address.get("after", ""))

    @property
    def filters(self) -> Filters:
        """The filters that could be read."""
        chosen = self.cleaned_data.get
        ref = chosen("section", "")
        name = chosen("organisation", "")
        return Filters(
            draft=self.chosen_draft,
            section=next((found for found in self.sections if found.ref == ref), None),
            group=chosen("group", ""),
            stance=chosen("stance", ""),
            organisations=_organisations_named(name) if name else None,
            author_id=self.reader.pk if chosen("mine") else None,
            with_wording=bool(chosen("wording")),
            unanswered=bool(chosen("unanswered")),
        )

    @property
    def narrowing(self) -> list[str]:
        """The names of the filters that are set, besides the draft."""
        names = [name for name in self.fields if name not in ("q", "draft")]
        return [name for name in names if self.cleaned_data.get(name)]


def _chosen_draft(value: str, drafts: Sequence[Draft]) -> Draft | None:
    if not value:
        return None
    found = next((draft for draft in drafts if draft_value(draft) == value), None)
    if found is None:
        raise Http404
    return found


def draft_value(draft: Draft) -> str:
    """How an address names a draft: tve/1."""
    return f"{draft.framework.code}/{draft.number}"


def _draft_choice(draft: Draft) -> tuple[str, str]:
    label = f" · {draft.label}" if draft.label else ""
    return draft_value(draft), f"{draft.framework.title}{label}"


def _section_choice(section: Section) -> tuple[str, str]:
    indent = "\u3000" * section.depth
    return section.ref, f"{indent}{section.number} {section.title or section.ref}".rstrip()


def _organisations_named(name: str) -> list[int]:
    """Public organisations with this in their name."""
    named = Organisation.objects.public().filter(name__icontains=name.replace("\x00", ""))
    return list(named.order_by("name").values_list("pk", flat=True)[:MOST_ORGANISATIONS])


class TermsForm(forms.Form):
    """The list as it is edited, a term a line, and what of the discovered is added to it."""

    terms = forms.CharField(
        label=_("Terms, one a line"),
        help_text=_("Chinese words of 2 to 12 characters. Others part by themselves."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    add = forms.MultipleChoiceField(
        label=_("Found in the newest draft: tick what is a term"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: QueryDict | None, *, terms: Sequence[str], discovered: Choices
    ) -> None:
        super().__init__(data, initial={"terms": "\n".join(terms)})
        add = self.fields["add"]
        assert isinstance(add, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        add.choices = discovered
        if not discovered:
            del self.fields["add"]

    @property
    def wanted(self) -> list[str]:
        """Every term that there is to be."""
        return [*self.cleaned_data["terms"].splitlines(), *self.cleaned_data.get("add", [])]
