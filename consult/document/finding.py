"""Find what a reader asks for in the text of drafts that anyone may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from consult.document.excerpts import Excerpt, excerpt
from consult.document.models import Draft, Framework, Provision, Section
from consult.document.queries import Query, hits, read_query
from consult.document.segmenting import Vocabulary
from consult.document.terms import framework_label, vocabulary_of
from consult.document.vectors import all_of, any_of

PAGE_SIZE = 20
# Of very many, these are ranked.
MOST_RANKED = 200
# A rank is a fraction; in millionths it can stand in an address.
RANK_UNIT = 1_000_000
# By its length a long text doesn't come before a short one: divided by its logarithm.
BY_LENGTH = 1
# More than any rank and any key have.
LONGEST_DIGITS = 16


class Words(SearchQuery):
    """A query in PostgreSQL's own text form, as it is: no word is taken apart again."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, query: str) -> None:
        super().__init__(query, search_type="raw")


@dataclass(frozen=True)
class Asked:
    """What was typed, read with each framework's terms: what is one word here may be two there."""

    queries: Mapping[int, Query]
    vocabularies: Mapping[int, Vocabulary]

    @property
    def is_empty(self) -> bool:
        """Whether there is no word that can be looked for."""
        return not any(query.phrases for query in self.queries.values())

    @property
    def has_phrases(self) -> bool:
        return any(query.has_phrases for query in self.queries.values())

    @property
    def needed(self) -> str:
        """The words alone: an index answers it."""
        return self._over_frameworks({key: query.needed for key, query in self.queries.items()})

    @property
    def exact(self) -> str:
        """The words at their distances."""
        return self._over_frameworks({key: query.exact for key, query in self.queries.items()})

    def _over_frameworks(self, by_framework: Mapping[int, str]) -> str:
        frameworks: dict[str, list[str]] = {}
        for key, query in by_framework.items():
            if query:
                frameworks.setdefault(query, []).append(framework_label(key))
        if len(frameworks) == 1 and all(by_framework.values()):
            return next(iter(frameworks))
        return any_of(
            [
                f"({any_of([all_of([label]) for label in labels])}) & {query}"
                for query, labels in frameworks.items()
            ]
        )

    def excerpt(self, text: str, *, framework_id: int) -> Excerpt:
        """The part of a text that shows why it was found, with what was asked for marked."""
        query, vocabulary = self.queries[framework_id], self.vocabularies[framework_id]
        return excerpt(text, hits(text, query, vocabulary))

    def is_in(self, text: str, *, framework_id: int) -> bool:
        """Whether anything that was asked for stands in this text."""
        return bool(hits(text, self.queries[framework_id], self.vocabularies[framework_id]))


def ask(typed: str, *, frameworks: Iterable[Framework]) -> Asked:
    """Read what was typed for these frameworks."""
    vocabularies = {framework.pk: vocabulary_of(framework) for framework in frameworks}
    queries = {key: read_query(typed, vocabulary) for key, vocabulary in vocabularies.items()}
    return Asked(queries, vocabularies)


@dataclass(frozen=True)
class Cursor:
    """Behind which result a page begins: its rank, if it has one, and its key."""

    value: int
    key: int

    def __str__(self) -> str:
        return f"{self.value}-{self.key}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """What an address says; None where that is no cursor."""
        value, dash, key = text.partition("-")
        numbers = value.isdecimal() and key.isdecimal() and value.isascii() and key.isascii()
        if not (dash and numbers and max(len(value), len(key)) <= LONGEST_DIGITS):
            return None
        return cls(int(value), int(key))


@dataclass(frozen=True)
class FoundProvision:
    """A provision with its section and draft, and the words found in it."""

    provision: Provision
    excerpt: Excerpt


@dataclass(frozen=True)
class FoundProvisions:
    """A page of provisions, best first; how many there are, or that there are more than that."""

    provisions: Sequence[FoundProvision] = ()
    total: int = 0
    is_more: bool = False
    next_after: str = ""


def find_provisions(
    asked: Asked,
    *,
    at: datetime,
    draft: Draft | None = None,
    section: Section | None = None,
    after: Cursor | None = None,
    page_size: int = PAGE_SIZE,
) -> FoundProvisions:
    """The provisions of readable sections that have what was asked for."""
    if asked.is_empty:
        return FoundProvisions()
    sections = Section.objects.readable(at=at)
    if section is not None:
        sections = sections.within(section)
    elif draft is not None:
        sections = sections.filter(draft=draft)
    words = Words(asked.exact)
    rank = SearchRank(F("search"), words, normalization=BY_LENGTH, cover_density=True)
    rows = (
        Provision.objects.filter(section__in=sections, search=words)
        .annotate(rank=rank)
        .order_by("-rank", "pk")
        .values_list("pk", "rank")[: MOST_RANKED + 1]
    )
    ranked = [Cursor(round(rank * RANK_UNIT), key) for key, rank in rows]
    ranked.sort(key=lambda found: (-found.value, found.key))
    page, next_after = _page(ranked[:MOST_RANKED], after, page_size)
    return FoundProvisions(
        provisions=_with_excerpts(asked, page),
        total=min(len(ranked), MOST_RANKED),
        is_more=len(ranked) > MOST_RANKED,
        next_after=next_after,
    )


def _page(ranked: Sequence[Cursor], after: Cursor | None, page_size: int) -> tuple[list[int], str]:
    behind = [
        found
        for found in ranked
        if after is None or (-found.value, found.key) > (-after.value, after.key)
    ]
    page = behind[:page_size]
    return [found.key for found in page], str(page[-1]) if len(behind) > page_size else ""


def _with_excerpts(asked: Asked, keys: Sequence[int]) -> list[FoundProvision]:
    provisions = Provision.objects.select_related("section", "draft__framework").defer("search")
    by_key = provisions.in_bulk(keys)
    return [
        FoundProvision(
            provision := by_key[key],
            asked.excerpt(provision.text, framework_id=provision.draft.framework_id),
        )
        for key in keys
    ]
