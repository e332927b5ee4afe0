"""What a drafter sees of a draft's lineage: each link side by side, the doubtful ones first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from consult.document.difference import Stretch, difference
from consult.document.models import Draft, Lineage, Provision
from consult.document.relating import StoredLink, stored_links

LINKS_A_PAGE = 50
DOUBTFUL, CLEAR, ALL = "doubtful", "clear", "all"


@dataclass(frozen=True)
class LinkView:
    """One link: both sides' references, and their texts with what changed."""

    stored: StoredLink
    before: Sequence[Stretch]
    after: Sequence[Stretch]

    @property
    def number(self) -> int:
        return self.stored.number

    @property
    def kind(self) -> str:
        return str(Lineage.Kind(self.stored.link.kind).label)

    @property
    def old(self) -> Sequence[str]:
        return self.stored.link.old

    @property
    def new(self) -> Sequence[str]:
        return self.stored.link.new

    @property
    def percent(self) -> int:
        return round(100 * self.stored.link.score)


@dataclass(frozen=True)
class LineagePage:
    """A page of links, and how many of which kind there are."""

    earlier: Draft
    later: Draft
    shown: str
    views: Sequence[LinkView]
    # (kind's label, how many), of all links.
    kinds: Sequence[tuple[str, int]]
    doubtful: int
    clear: Sequence[int]
    next_after: int | None

    @property
    def on_this_page(self) -> Sequence[int]:
        """The links shown that wait, to be confirmed together."""
        return [view.number for view in self.views if view.stored.is_waiting]


def lineage_page(earlier: Draft, later: Draft, *, shown: str, after: int) -> LineagePage:
    """The links whose numbers come after one, a page of them, in five queries."""
    rows = Lineage.objects.between(earlier, later)
    kinds = Counter(dict(rows.order_by().distinct("number").values_list("number", "kind")).values())
    waiting = rows.waiting()
    doubtful = _numbers(waiting.filter(is_certain=False))
    clear = _numbers(waiting.filter(is_certain=True))
    if not shown:
        shown = DOUBTFUL if doubtful else CLEAR if clear else ALL
    numbers = {DOUBTFUL: doubtful, CLEAR: clear, ALL: _numbers(rows)}[shown]
    wanted = [number for number in numbers if number > after]
    page = wanted[:LINKS_A_PAGE]
    links = list(stored_links(earlier, later, numbers=page))
    return LineagePage(
        earlier=earlier,
        later=later,
        shown=shown,
        views=_views(links, earlier, later),
        kinds=[(str(kind.label), kinds[kind]) for kind in Lineage.Kind if kinds[kind]],
        doubtful=len(doubtful),
        clear=clear,
        next_after=page[-1] if len(wanted) > len(page) else None,
    )


def _numbers(rows: QuerySet[Lineage]) -> list[int]:
    return list(rows.order_by("number").distinct("number").values_list("number", flat=True))


def _views(links: Iterable[StoredLink], earlier: Draft, later: Draft) -> list[LinkView]:
    links = list(links)
    olds = _texts(earlier, [ref for each in links for ref in each.link.old])
    news = _texts(later, [ref for each in links for ref in each.link.new])
    return [_view(each, olds, news) for each in links]


def _texts(draft: Draft, refs: Sequence[str]) -> dict[str, str]:
    return dict(Provision.objects.filter(draft=draft, ref__in=refs).values_list("ref", "text"))


def _view(stored: StoredLink, olds: Mapping[str, str], news: Mapping[str, str]) -> LinkView:
    before = "\n".join(olds[ref] for ref in stored.link.old)
    after = "\n".join(news[ref] for ref in stored.link.new)
    if not before or not after:
        # There is nothing to compare it with.
        return LinkView(stored, [Stretch("same", before)], [Stretch("same", after)])
    stretches = difference(before, after)
    return LinkView(
        stored,
        [each for each in stretches if each.kind != "inserted"],
        [each for each in stretches if each.kind != "deleted"],
    )
