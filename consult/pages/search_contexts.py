"""What the search page shows: what was found in the text and in the comments, and where next."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.http import QueryDict
from django.urls import reverse

from accounts.access import Visitor
from comments.finding import FoundComment, FoundComments, find_comments
from comments.models import Comment
from comments.showing import SIGNS
from consult.document.excerpts import Excerpt
from consult.document.finding import (
    PAGE_SIZE,
    Asked,
    FoundProvision,
    FoundProvisions,
    ask,
    find_provisions,
)
from consult.document.models import Draft, Framework, Section
from consult.pages.search_forms import SearchForm

# Of the text, beside the comments; a link leads to the rest.
PROVISIONS_SHOWN = 3
OF_A_PAGE = ("after",)
OF_COMMENTS = ("group", "stance", "organisation", "wording", "unanswered", "mine")


@dataclass(frozen=True)
class Hit:
    """One thing found: where it leads, what it is, and the words in it."""

    address: str
    excerpt: Excerpt
    draft: Draft
    section: Section | None
    ref: str
    comment: Comment | None = None
    is_of_wording: bool = False

    @property
    def sign(self) -> str:
        return SIGNS[Comment.Stance(self.comment.stance)] if self.comment else ""


@dataclass(frozen=True)
class SearchPage:
    """The form with its answer."""

    form: SearchForm
    asked: Asked
    in_text: FoundProvisions
    in_comments: FoundComments
    provisions: tuple[Hit, ...]
    comments: tuple[Hit, ...]

    @property
    def is_asked(self) -> bool:
        return bool(self.form.typed)

    @property
    def has_words(self) -> bool:
        """Whether there is a word among them that can be looked for."""
        return not self.asked.is_empty

    @property
    def is_empty(self) -> bool:
        return not (self.provisions or self.comments)

    @property
    def shows_text(self) -> bool:
        return bool(self.provisions)

    @property
    def more_in_text(self) -> int:
        """How many places in the text don't stand on this page."""
        return 0 if self.form.place else self.in_text.total - len(self.provisions)

    @property
    def everywhere(self) -> str:
        """The same question without what narrows it."""
        return self._address({name: "" for name in (*self.form.fields, "in") if name != "q"})

    @property
    def without_filters(self) -> str:
        return self._address(dict.fromkeys(self.form.narrowing, ""))

    @property
    def in_both(self) -> str:
        return self._address({"in": ""})

    @property
    def only_text(self) -> str:
        return self._address({"in": "text"} | dict.fromkeys(OF_COMMENTS, ""))

    @property
    def only_comments(self) -> str:
        return self._address({"in": "comments"})

    @property
    def best_first(self) -> str:
        return self._address({"order": ""})

    @property
    def newest_first(self) -> str:
        return self._address({"order": "newest"})

    @property
    def next_page(self) -> str:
        """More of what this page is a page of; empty where that is all."""
        found = self.in_text if self.form.place == "text" else self.in_comments
        if not found.next_after:
            return ""
        place = self.form.place or "comments"
        return self._address({"in": place, "after": found.next_after})

    def _address(self, changes: dict[str, str]) -> str:
        """This page's own address with these fields changed; each begins with the first page."""
        query: QueryDict = self.form.address.copy()
        for name, value in (dict.fromkeys(OF_A_PAGE, "") | changes).items():
            if value:
                query[name] = value
            else:
                query.pop(name, None)
        address = reverse("search")
        return f"{address}?{query.urlencode()}" if query else address


def search_page(query: QueryDict, *, reader: Visitor, at: datetime) -> SearchPage:
    """Everything that the search page shows. Raises Http404 for a draft that is not listed."""
    drafts = list(Draft.objects.listed(at=at).select_related("framework").newest_first())
    form = SearchForm(query, reader=reader, drafts=drafts, at=at)
    chosen = [form.chosen_draft] if form.chosen_draft else drafts
    asked = ask(form.typed, frameworks=_frameworks(chosen))
    filters = form.filters
    in_text, in_comments = FoundProvisions(), FoundComments()
    if form.place != "comments" and not filters.are_of_comments:
        in_text = find_provisions(
            asked,
            at=at,
            draft=filters.draft,
            section=filters.section,
            after=form.after if form.place else None,
            page_size=PAGE_SIZE if form.place else PROVISIONS_SHOWN,
        )
    if form.place != "text":
        in_comments = find_comments(
            asked, at=at, filters=filters, newest_first=form.newest_first, after=form.after
        )
    return SearchPage(
        form=form,
        asked=asked,
        in_text=in_text,
        in_comments=in_comments,
        provisions=tuple(map(_of_text, in_text.provisions)),
        comments=tuple(map(_of_comment, in_comments.comments)),
    )


def _frameworks(drafts: list[Draft]) -> list[Framework]:
    return list({draft.framework_id: draft.framework for draft in drafts}.values())


def _of_text(found: FoundProvision) -> Hit:
    provision = found.provision
    draft, section = provision.draft, provision.section
    address = reverse("section", args=[draft.framework.code, draft.number, section.ref])
    return Hit(
        address=f"{address}#{quote(provision.ref)}",
        excerpt=found.excerpt,
        draft=draft,
        section=section,
        ref=provision.ref,
    )


def _of_comment(found: FoundComment) -> Hit:
    thread = found.comment.thread
    return Hit(
        address=reverse("comment", args=[found.comment.reference]),
        excerpt=found.excerpt,
        draft=thread.draft,
        section=thread.section,
        ref=thread.ref,
        comment=found.comment,
        is_of_wording=found.is_of_wording,
    )
