"""Lineage between the drafts of a framework: propose it, confirm it, declare another.

| from \\ verb | confirm | declare something else |
|---|---|---|
| proposed | decided | decided; what it takes provisions from is proposed anew |
| decided | – | the same |

What stayed the same beyond doubt needs nobody. Each verb locks the later draft, writes its rows
and appends a record. Drafts never change, so a proposal is made once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.alignment import Kind, Link, Piece, align
from consult.document.descent import composed
from consult.document.models import (
    Draft,
    Lineage,
    LineageQuerySet,
    LineageRecord,
    Provision,
    Section,
)
from consult.document.similarity import comparable, likenesses

KEPT_SECONDS = 24 * 60 * 60
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


class LineageRefused(Exception):
    """What was declared doesn't fit the drafts; the message says what to do."""


@dataclass(frozen=True)
class StoredLink:
    """A link as it stands in the database, under its number."""

    number: int
    link: Link
    decided_at: datetime | None
    decided_by_id: int | None

    @property
    def is_waiting(self) -> bool:
        """Whether a drafter has to look at it."""
        return self.decided_at is None and not (self.link.kind == "kept" and self.link.is_certain)


def earlier_draft_of(later: Draft, *, at: datetime | None = None) -> Draft | None:
    """The draft that this one follows: as stored, or else the last one shown, or the last one."""
    stored = Lineage.objects.filter(later_draft=later).select_related("earlier_draft").first()
    if stored:
        return stored.earlier_draft
    before = Draft.objects.filter(framework=later.framework_id, number__lt=later.number)
    shown = before.listed(at=at or timezone.now())
    return shown.order_by("-number").first() or before.order_by("-number").first()


@transaction.atomic
def propose_lineage(later: Draft, *, at: datetime | None = None) -> Draft | None:
    """Store the links by which the draft follows an earlier one, and give that one.

    None where there is none. What was proposed once stays as it is.
    """
    later = Draft.objects.select_for_update(no_key=True).get(pk=later.pk)
    earlier = earlier_draft_of(later, at=at)
    if earlier is None or Lineage.objects.between(earlier, later).exists():
        return earlier
    links = align(pieces_of_draft(earlier), pieces_of_draft(later))
    _store(earlier, later, enumerate(links))
    LineageRecord.objects.create(
        earlier_draft=earlier,
        later_draft=later,
        act=LineageRecord.Act.PROPOSE,
        recorded_at=at or timezone.now(),
        links=dict(Counter(link.kind for link in links)),
    )
    return earlier


@transaction.atomic
def confirm_links(
    later: Draft, *, numbers: Iterable[int], actor: User, at: datetime | None = None
) -> int:
    """Decide that these links are as proposed; how many that were not decided before."""
    later, earlier = _locked(later)
    rows = Lineage.objects.between(earlier, later).filter(number__in=list(numbers), decided_at=None)
    confirmed = [stored.link for stored in _grouped(rows)]
    if confirmed:
        now = at or timezone.now()
        rows.order_by().update(decided_by=actor, decided_at=now)
        _record(earlier, later, LineageRecord.Act.CONFIRM, confirmed, actor, now)
    return len(confirmed)


@transaction.atomic
def declare_link(
    later: Draft,
    *,
    old: Sequence[str],
    new: Sequence[str],
    actor: User,
    at: datetime | None = None,
) -> int:
    """Decide that these provisions of the earlier draft became those of the later one.

    Without `new` they were deleted, without `old` these are new: each by itself. Whatever they
    stood in a link with is proposed anew without them. Gives the number of the (last) link.
    Raises LineageRefused for references that the drafts don't have.
    """
    later, earlier = _locked(later)
    if not old and not new:
        raise LineageRefused(_("Choose a provision."))
    declared = _declared(_named(earlier, old), _named(later, new))
    stored = list(stored_links(earlier, later))
    taken = [
        each for each in stored if set(each.link.old) & set(old) or set(each.link.new) & set(new)
    ]
    Lineage.objects.between(earlier, later).filter(
        number__in=[each.number for each in taken]
    ).delete()
    number = max((each.number for each in stored), default=-1) + 1
    left = [link for each in taken for link in _without(each.link, old, new)]
    _store(earlier, later, enumerate(left, start=number))
    number += len(left)
    now = at or timezone.now()
    _store(earlier, later, enumerate(declared, start=number), actor=actor, at=now)
    _record(earlier, later, LineageRecord.Act.DECLARE, declared, actor, now)
    return number + len(declared) - 1


def stored_links(
    earlier: Draft, later: Draft, *, numbers: Iterable[int] | None = None
) -> Iterator[StoredLink]:
    """What is stored of the lineage between two drafts that follow each other; by number.

    All of it, or the links of these numbers.
    """
    rows = Lineage.objects.between(earlier, later)
    return _grouped(rows if numbers is None else rows.filter(number__in=list(numbers)))


def waiting_links(later: Draft) -> int | None:
    """How many links wait for a drafter; None where the draft follows no other."""
    rows = Lineage.objects.filter(later_draft=later)
    waiting = Count("number", distinct=True, filter=Q(pk__in=rows.waiting()))
    found = rows.aggregate(waiting=waiting, all=Count("pk"))
    return found["waiting"] if found["all"] else None


def links_between(old: Draft, new: Draft) -> list[Link]:
    """What became of which provision between any two drafts of a framework, the earlier first.

    As proposed and declared, also over the drafts in between; else as aligned just now. A link
    that a drafter decided is certain.
    """
    steps: list[list[Link]] = []
    later = new
    while later.pk != old.pk and later.number > old.number:
        first = Lineage.objects.filter(later_draft=later).select_related("earlier_draft").first()
        if first is None:
            break
        steps.insert(0, [stored.link for stored in stored_links(first.earlier_draft, later)])
        later = first.earlier_draft
    if later.pk != old.pk or not steps:
        return _aligned(old, new)
    links, *rest = steps
    for step in rest:
        links = composed(links, step)
    return links


def pieces_of_draft(draft: Draft) -> list[Piece]:
    """Every provision of a stored draft in document order, as aligning sees it."""
    paths: dict[int | None, str] = {None: ""}
    headings: dict[int, str] = {}
    places: dict[int, int] = {}
    for section in Section.objects.filter(draft=draft).in_reading_order():
        path = comparable(f"{paths[section.parent_id]}/{section.number}{section.title}")
        paths[section.pk] = path
        headings[section.pk] = path if section.title else ""
        places[section.pk] = section.position
    provisions = Provision.objects.filter(draft=draft).order_by("section__position", "position")
    return [
        Piece(ref, text, headings[section])
        for ref, text, section in provisions.values_list("ref", "text", "section_id")
    ]


def _aligned(old: Draft, new: Draft) -> list[Link]:
    key = f"links:{old.pk}:{new.pk}"
    found: list[Link] | None = cache.get(key)
    if found is None:
        found = align(pieces_of_draft(old), pieces_of_draft(new))
        cache.set(key, found, KEPT_SECONDS)
    return found


def _locked(later: Draft) -> tuple[Draft, Draft]:
    """The draft, locked, and the one whose lineage to it is stored."""
    later = Draft.objects.select_for_update(no_key=True).get(pk=later.pk)
    earlier = earlier_draft_of(later)
    if earlier is None:
        raise LineageRefused(_("This draft follows no other."))
    return later, earlier


def _grouped(rows: LineageQuerySet) -> Iterator[StoredLink]:
    by_number: dict[int, list[Lineage]] = defaultdict(list)
    for row in rows.select_related("earlier", "later").defer("earlier__search", "later__search"):
        by_number[row.number].append(row)
    for number, same in by_number.items():
        first = same[0]
        yield StoredLink(
            number,
            Link(
                tuple(dict.fromkeys(row.earlier.ref for row in same if row.earlier)),
                tuple(dict.fromkeys(row.later.ref for row in same if row.later)),
                KINDS[first.kind],
                first.score,
                is_certain=first.is_certain or first.decided_at is not None,
            ),
            first.decided_at,
            first.decided_by_id,
        )


def _named(draft: Draft, refs: Sequence[str]) -> list[Provision]:
    """The draft's provisions of these references, in document order."""
    found = (
        Provision.objects.filter(draft=draft, ref__in=refs)
        .select_related("section")
        .order_by("section__position", "position")
    )
    missing = set(refs) - {provision.ref for provision in found}
    if missing:
        raise LineageRefused(
            _("Draft %(number)s has no provision %(refs)s.")
            % {"number": draft.number, "refs": "、".join(sorted(missing))}
        )
    return list(found)


def _declared(olds: Sequence[Provision], news: Sequence[Provision]) -> list[Link]:
    """One link of them all; each by itself where the other side is empty."""
    old, new = tuple(each.ref for each in olds), tuple(each.ref for each in news)
    if not news:
        return [Link((ref,), (), "deleted", 0.0, is_certain=True) for ref in old]
    if not olds:
        return [Link((), (ref,), "new", 0.0, is_certain=True) for ref in new]
    texts = [comparable("".join(each.text for each in side)) for side in (olds, news)]
    score = max((like.cosine for like in likenesses(texts[:1], texts[1:])), default=0.0)
    return [Link(old, new, _kind_of(olds, news), min(score, 1.0), is_certain=True)]


def _kind_of(olds: Sequence[Provision], news: Sequence[Provision]) -> Kind:
    if len(olds) > 1:
        return "merged"
    if len(news) > 1:
        return "split"
    (old,), (new,) = olds, news
    if comparable(old.text) != comparable(new.text):
        return "edited"
    places = [(each.section.number, each.section.title) for each in (old, new)]
    return "kept" if places[0] == places[1] else "moved"


def _without(link: Link, old: Sequence[str], new: Sequence[str]) -> Iterator[Link]:
    """What is left of a link that these provisions were taken out of: to be looked at again."""
    olds = tuple(ref for ref in link.old if ref not in old)
    news = tuple(ref for ref in link.new if ref not in new)
    if olds and news:
        kind: Kind = "merged" if len(olds) > 1 else "split" if len(news) > 1 else "edited"
        yield Link(olds, news, kind, link.score, is_certain=False)
        return
    yield from (Link((ref,), (), "deleted", 0.0, is_certain=False) for ref in olds)
    yield from (Link((), (ref,), "new", 0.0, is_certain=False) for ref in news)


def _store(
    earlier: Draft,
    later: Draft,
    numbered: Iterable[tuple[int, Link]],
    *,
    actor: User | None = None,
    at: datetime | None = None,
) -> None:
    keys = [
        dict(Provision.objects.filter(draft=draft).values_list("ref", "pk"))
        for draft in (earlier, later)
    ]
    Lineage.objects.bulk_create(
        Lineage(
            earlier_draft=earlier,
            later_draft=later,
            number=number,
            earlier_id=keys[0].get(old),
            later_id=keys[1].get(new),
            kind=link.kind,
            score=link.score,
            is_certain=link.is_certain,
            decided_by=actor,
            decided_at=at if actor else None,
        )
        for number, link in numbered
        for old in link.old or ("",)
        for new in link.new or ("",)
    )


def _record(
    earlier: Draft,
    later: Draft,
    act: LineageRecord.Act,
    links: Iterable[Link],
    actor: User,
    at: datetime,
) -> None:
    LineageRecord.objects.create(
        earlier_draft=earlier,
        later_draft=later,
        act=act,
        actor=actor,
        recorded_at=at,
        links=[{"from": link.old, "to": link.new, "kind": link.kind} for link in links],
    )
