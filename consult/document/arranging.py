"""The pieces of a text in one row, as the tree that they are: headings and what stands beneath.

A provision belongs to the heading before it. A heading stands beneath the last one before it that
is less deep; it is never more than one step deeper than that. What was removed keeps its place in
the row and is no part of the tree.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar, cast

from consult.document.numbering import Enumerator, Role, enumerators
from consult.document.outline import Outline, OutlineSection, ProvisionKind, SectionReferences
from consult.document.reading.section_builder import SectionBuilder, give_references

Old = TypeVar("Old", bound=Hashable)
New = TypeVar("New", bound=Hashable)


class Arranged(Protocol):
    """A heading or a provision in its place."""

    kind: str
    depth: int
    number: str
    title: str
    text: str
    is_removed: bool

    @property
    def is_section(self) -> bool:
        """Whether it is a heading."""


def depths(pieces: Sequence[Arranged]) -> list[int]:
    """How deep each heading stands; a provision as deep as its heading.

    What was removed has the depth that it would have.
    """
    found = []
    last = -1
    for piece in pieces:
        own = min(piece.depth, last + 1) if piece.is_section else max(last, 0)
        found.append(own)
        if piece.is_section and not piece.is_removed:
            last = own
    return found


def end_of(pieces: Sequence[Arranged], place: int) -> int:
    """Where what begins at a place ends: a provision alone, a heading with all beneath it."""
    if not pieces[place].is_section:
        return place + 1
    deep = depths(pieces)
    for later in range(place + 1, len(pieces)):
        if pieces[later].is_section and not pieces[later].is_removed and deep[later] <= deep[place]:
            return later
    return len(pieces)


def outline_of(pieces: Sequence[Arranged], *, beside: Outline) -> Outline:
    """The outline of what stands; its title, label and all that is no section as in `beside`."""
    references = SectionReferences()
    roots = _tree(pieces)
    give_references(roots, references)
    frozen = tuple(root.frozen(references.of_provisions())[0] for root in roots)
    return Outline(
        beside.title, beside.label, beside.history, frozen, beside.coordination_items, ()
    )


def references_of(pieces: Sequence[Arranged], outline: Outline) -> list[str]:
    """The reference of each piece in the outline of them all; empty for what was removed."""
    refs = list(_references(outline.sections))
    standing = [piece for piece in pieces if not piece.is_removed]
    left = iter(refs[len(refs) - len(standing) :])
    return ["" if piece.is_removed else next(left) for piece in pieces]


def families(
    ancestors: Mapping[New, Iterable[Old]],
) -> list[tuple[list[Old], list[New]]]:
    """Old and new pieces in groups that have nothing to do with each other."""
    family_of: dict[Old, list[Old]] = {}
    for olds in ancestors.values():
        joined = list(dict.fromkeys(each for old in olds for each in family_of.get(old, [old])))
        family_of.update(dict.fromkeys(joined, joined))
    news: dict[int, list[New]] = {}
    alone = []
    for new, olds in ancestors.items():
        first = next(iter(olds), None)
        if first is None:
            alone.append(new)
        else:
            news.setdefault(id(family_of[first]), []).append(new)
    groups = {id(family): family for family in family_of.values()}
    found = [(family, news[key]) for key, family in groups.items()]
    return found + [([], [new]) for new in alone]


def _tree(pieces: Sequence[Arranged]) -> list[SectionBuilder]:
    roots: list[SectionBuilder] = []
    above: list[SectionBuilder] = []
    for line, (piece, depth) in enumerate(zip(pieces, depths(pieces), strict=True), start=1):
        if piece.is_removed:
            continue
        if piece.is_section or not above:
            number, title = (piece.number, piece.title) if piece.is_section else ("", "")
            del above[depth:]
            section = SectionBuilder(line, number, title, _article(number))
            (above[-1].sections if above else roots).append(section)
            above.append(section)
        if not piece.is_section:
            item = _item(piece.text) if piece.kind == "item" else None
            above[-1].add(line, cast("ProvisionKind", piece.kind), piece.text, item=item)
    return roots


def _article(number: str) -> Enumerator | None:
    """An article's number: its provisions are counted as lawyers cite."""
    readings = (each for each in enumerators(number) if each.role is Role.ARTICLE)
    return next(readings, None)


def _item(text: str) -> Enumerator | None:
    readings = (each for each in enumerators(text) if each.role in (Role.LIST, Role.BULLET))
    return next(readings, None)


def _references(sections: Sequence[OutlineSection]) -> Iterator[str]:
    for section in sections:
        yield section.ref
        yield from (provision.ref for provision in section.provisions)
        yield from _references(section.sections)
