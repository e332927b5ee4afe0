"""From one draft to the next: their lineage and texts, and where a comment comes to stand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from comments.models import Placement
from comments.placing import Carriage, Placed, Status
from consult.document.alignment import Kind, Link
from consult.document.models import Draft, Provision, Section
from consult.document.relating import links_between

STATUSES: dict[Kind, Status] = {"kept": "exact", "moved": "moved"}


@dataclass(frozen=True)
class Standing:
    """Where a comment stands in the draft that it is carried from; no `ref`: not on a provision."""

    comment: int
    author: int
    section: int | None
    ref: str
    start: int | None
    end: int | None
    is_orphaned: bool


@dataclass(frozen=True)
class _Provision:
    key: int
    section: int
    text: str


class Crossing:
    """All that it takes to carry from one draft to the next, as the lineage is just now."""

    def __init__(self, earlier: Draft, later: Draft) -> None:
        self.earlier, self.later = earlier, later
        self.links = links_between(earlier, later)
        self.by_old = {ref: link for link in self.links for ref in link.old}
        self.old, self.new = _provisions(earlier), _provisions(later)
        self.carriage = Carriage(self.links, old=_texts(self.old), new=_texts(self.new))
        self.sections = _sections_between(self)

    def place(self, standing: Standing) -> Placement:
        """Where this comment stands in the later draft; not stored."""
        placed = self._placed(standing)
        section = self.sections.get(standing.section) if standing.section else None
        provision = self.new[placed.ref] if placed.ref else None
        return Placement(
            comment_id=standing.comment,
            draft=self.later,
            status=placed.status,
            section_id=provision.section if provision else section,
            provision_id=provision.key if provision else None,
            start=placed.start,
            end=placed.end,
            score=placed.score,
            is_certain=placed.is_certain,
        )

    def _placed(self, standing: Standing) -> Placed:
        if standing.is_orphaned:
            return Placed("orphaned", None, None, None, 0.0)
        if not standing.ref:
            is_there = standing.section is None or standing.section in self.sections
            return Placed("exact" if is_there else "orphaned", None, None, None, float(is_there))
        if standing.start is None or standing.end is None:
            return _whole(self.by_old[standing.ref])
        return self.carriage.place(standing.ref, standing.start, standing.end)


def _whole(link: Link) -> Placed:
    """Where a comment on a whole provision stands."""
    if not link.new:
        return Placed("orphaned", None, None, None, 0.0)
    status = STATUSES.get(link.kind, "edited")
    return Placed(status, link.new[0], None, None, link.score, is_certain=link.is_certain)


def _provisions(draft: Draft) -> dict[str, _Provision]:
    rows = Provision.objects.filter(draft=draft).values_list("ref", "pk", "section_id", "text")
    return {ref: _Provision(key, section, text) for ref, key, section, text in rows}


def _texts(provisions: Mapping[str, _Provision]) -> dict[str, str]:
    return {ref: provision.text for ref, provision in provisions.items()}


def _sections_between(crossing: Crossing) -> dict[int, int]:
    """Which section of the later draft each of the earlier one went to; gone ones lead upwards."""
    went: dict[int, Counter[int]] = {}
    for link in crossing.links:
        for old in link.old:
            counts = went.setdefault(crossing.old[old].section, Counter())
            counts.update(crossing.new[new].section for new in link.new)
    by_ref = dict(Section.objects.filter(draft=crossing.later).values_list("ref", "pk"))
    found: dict[int, int] = {}
    for section in Section.objects.filter(draft=crossing.earlier).in_reading_order():
        most = went.get(section.pk, Counter()).most_common(1)
        above = found.get(section.parent_id) if section.parent_id else None
        target = most[0][0] if most else by_ref.get(section.ref, above)
        if target is not None:
            found[section.pk] = target
    return found
