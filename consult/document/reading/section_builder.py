"""A section while it is being filled, and what makes it an outline's: references."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from consult.document.numbering import Enumerator, Role
from consult.document.outline import (
    OutlineProvision,
    OutlineSection,
    ProvisionKind,
    References,
    SectionReferences,
)


@dataclass
class _Provision:
    line: int
    kind: ProvisionKind
    text: str
    path: tuple[int, ...]


@dataclass
class SectionBuilder:
    """A heading, on its `line`, and what was found beneath it so far.

    `reading` is its number; `level` is that of a Markdown heading, 0 for any other.
    """

    line: int
    number: str
    title: str
    reading: Enumerator | None = None
    level: int = 0
    ref: str = ""
    sections: list[SectionBuilder] = field(default_factory=list)
    _provisions: list[_Provision] = field(default_factory=list)
    _paragraphs: int = 0
    _items: list[tuple[Enumerator, int]] = field(default_factory=list)

    def add(
        self, line: int, kind: ProvisionKind, text: str, *, item: Enumerator | None = None
    ) -> None:
        """Append a provision. `item` is the number of a list's item.

        In an article it is placed as lawyers cite: 項, 款, 目 (第5條-2-1-3). Anywhere else it is
        simply the next one.
        """
        if self.reading is None or self.reading.role is not Role.ARTICLE:
            path: tuple[int, ...] = (len(self._provisions) + 1,)
        elif item is None:
            self._paragraphs += 1
            self._items = []
            path = (self._paragraphs,)
        else:
            # An article that begins with a list has a first 項 all the same.
            self._paragraphs = self._paragraphs or 1
            self._open_item(item)
            path = (self._paragraphs, *(place for _, place in self._items))
        self._provisions.append(_Provision(line, kind, text, path))

    def _open_item(self, item: Enumerator) -> None:
        """Close the items that `item` doesn't stand beneath, and open it."""
        place = item.ordinal[-1]
        for depth, (opened, last) in enumerate(self._items):
            if opened.sequence == item.sequence or outranks(item, opened):
                if item.role is Role.BULLET:
                    place = last + 1
                del self._items[depth:]
                break
        self._items.append((item, place))

    def frozen(self, references: References) -> tuple[OutlineSection, list[int]]:
        """The outline's section, and the lines whose provisions had to take another reference.

        The sections have theirs already.
        """
        moved: list[int] = []
        provisions = []
        for each in self._provisions:
            wanted = "-".join((self.ref, *map(str, each.path)))
            ref = references.take(wanted)
            if ref != wanted:
                moved.append(each.line)
            provisions.append(OutlineProvision(ref, each.kind, each.text))
        sections = []
        for child in self.sections:
            section, moved_beneath = child.frozen(references)
            sections.append(section)
            moved.extend(moved_beneath)
        frozen = OutlineSection(
            self.number, self.title, self.ref, tuple(provisions), tuple(sections)
        )
        return frozen, moved


def outranks(item: Enumerator, opened: Enumerator) -> bool:
    """Whether what begins with `item` can't stand beneath what began with `opened`."""
    return item.rank is not None and opened.rank is not None and item.rank <= opened.rank


def give_references(
    sections: Iterable[SectionBuilder],
    references: SectionReferences,
    parent: SectionBuilder | None = None,
) -> list[int]:
    """Give every section its reference; returns the lines of those that had to take another."""
    moved: list[int] = []
    for section in sections:
        if parent is None:
            section.ref = references.take(section.number)
        else:
            section.ref = references.take(
                section.number, parent=parent.ref, parent_number=parent.number
            )
        if "~" in section.ref.removeprefix(parent.ref if parent else ""):
            moved.append(section.line)
        moved.extend(give_references(section.sections, references, section))
    return moved
