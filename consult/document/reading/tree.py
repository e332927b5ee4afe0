"""Blocks put under their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from consult.document.numbering import Enumerator, Role, enumerators
from consult.document.outline import OutlineCoordinationItem, OutlineSection, SectionReferences
from consult.document.reading.blocks import Block, Doubt, Form, looks_like_title
from consult.document.reading.layout import joined
from consult.document.reading.lines import LeftOut, display_width
from consult.document.reading.section_builder import SectionBuilder, give_references, outranks

_CAPTION = re.compile(
    r"(?:附?[圖表]|照片|Figure|Fig\.|Table)\s?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})"
    r"(?:[-.–][0-9]{1,3})?(?=[\s：:.、]|$)"
)
_BRACKETED = re.compile(r"[（(]([^（）()]{1,40})[）)]")
_DELETED = frozenset({"刪除", "Deleted", "deleted"})
_LONGEST_ARTICLE_TITLE = 40


@dataclass(frozen=True)
class Tree:
    """Sections with their references, and what came to light on the way."""

    sections: tuple[OutlineSection, ...]
    coordination_items: tuple[OutlineCoordinationItem, ...]
    left_out: tuple[LeftOut, ...]
    doubts: tuple[Doubt, ...]


def grow(blocks: Sequence[Block], headings: set[int], *, spaced_scripts: bool) -> Tree:
    """The tree of a text's blocks; `headings` are the places of those that are headings."""
    grower = _Grower(blocks, headings, spaced_scripts=spaced_scripts)
    place = 0
    while place < len(blocks):
        place += grower.take(place)
    return grower.finished()


class _Grower:
    def __init__(
        self, blocks: Sequence[Block], headings: set[int], *, spaced_scripts: bool
    ) -> None:
        self._blocks = blocks
        self._headings = headings
        self._spaced_scripts = spaced_scripts
        self._roots: list[SectionBuilder] = []
        self._open: list[SectionBuilder] = []
        self._last_article: Enumerator | None = None
        self._coordination_items: list[OutlineCoordinationItem] = []
        self._left_out: list[LeftOut] = []
        self._doubts: list[Doubt] = []

    def take(self, place: int) -> int:
        """Take the block at `place`, with the next where that is its title; says how many."""
        block = self._blocks[place]
        if place not in self._headings:
            self._add(block)
            return 1
        if block.form is Form.MARKED_HEADING:
            self._take_marked_heading(block)
            return 1
        if block.reading is not None and block.has_role(Role.ARTICLE):
            return self._take_article(block, block.reading, place)
        return self._take_numbered_heading(block, place)

    def finished(self) -> Tree:
        """The tree, once every block was taken."""
        references = SectionReferences()
        moved = give_references(self._roots, references)
        sections = []
        for root in self._roots:
            section, moved_provisions = root.frozen(references.of_provisions())
            sections.append(section)
            moved.extend(moved_provisions)
        for line in moved:
            self._doubt(line, "its number stands here for the second time; its reference ends in ~")
        return Tree(
            tuple(sections),
            tuple(self._coordination_items),
            tuple(self._left_out),
            tuple(self._doubts),
        )

    # Headings

    def _take_marked_heading(self, block: Block) -> None:
        while self._open and not 0 < self._open[-1].level < block.level:
            self._open.pop()
        numbers = [each for each in enumerators(block.text) if each.role is not Role.BULLET]
        reading = next((each for each in numbers if each.rest or each.role is Role.ARTICLE), None)
        self._begin(
            SectionBuilder(
                block.line,
                number=reading.number if reading else "",
                title=reading.rest if reading else block.text,
                reading=reading,
                level=block.level,
            )
        )

    def _take_numbered_heading(self, block: Block, place: int) -> int:
        reading = block.reading
        if reading is None:
            return 1
        title, blocks_taken = self._title(reading.rest, place)
        if self._repeats(reading, title):
            self._left_out.append(LeftOut(block.line, block.text, "running header"))
            return 1
        above = self._place_for(reading)
        earlier = self._open[above] if above < len(self._open) else None
        if not self._in_order(block, reading, earlier):
            self._add(block)
            return 1
        del self._open[above:]
        self._begin(SectionBuilder(block.line, reading.number, title, reading))
        return blocks_taken

    def _take_article(self, block: Block, reading: Enumerator, place: int) -> int:
        if self._last_article and not reading.follows(self._last_article.ordinal):
            self._doubt(block.line, f"{reading.number} follows {self._last_article.number}")
        self._last_article = reading
        del self._open[self._place_for(reading) :]
        title = self._article_title(block, reading, place)
        self._begin(SectionBuilder(block.line, reading.number, title, reading))
        if reading.rest and not title:
            self._open[-1].add(block.line, "paragraph", reading.rest)
        return 1

    def _article_title(self, block: Block, reading: Enumerator, place: int) -> str:
        """「第 1 條（立法目的）」 has a title; 「第 1 條（刪除）」 has a text."""
        bracketed = _BRACKETED.fullmatch(reading.rest)
        if bracketed:
            return "" if "".join(bracketed[1].split()) in _DELETED else bracketed[1].strip()
        short = looks_like_title(reading.rest) and block.pieces == 1
        narrow = display_width(reading.rest) <= _LONGEST_ARTICLE_TITLE
        return reading.rest if short and narrow and self._plain(place + 1) else ""

    def _title(self, rest: str, place: int) -> tuple[str, int]:
        """A heading's title and how many blocks it takes: it may stand on the next line."""
        following = self._plain(place + 1)
        if following is None or following.pieces > 1 or not looks_like_title(following.text):
            return rest, 1
        if not rest:
            return following.text, 2
        is_division = self._blocks[place].has_role(Role.DIVISION)
        if not is_division or following.spaced or not self._is_article(place + 2):
            return rest, 1
        self._doubt(following.line, "this line was taken to end the heading before it")
        return joined(rest, following.text, spaced_scripts=self._spaced_scripts), 2

    def _plain(self, place: int) -> Block | None:
        """The block at `place` where it is text without a number."""
        if place >= len(self._blocks):
            return None
        block = self._blocks[place]
        return block if block.form is Form.TEXT and block.reading is None else None

    def _is_article(self, place: int) -> bool:
        return place < len(self._blocks) and self._blocks[place].has_role(Role.ARTICLE)

    def _place_for(self, reading: Enumerator) -> int:
        """How many of the open sections stay open above a heading with this number."""
        if reading.role is Role.ANNEX:
            return 0
        for depth, section in enumerate(self._open):
            opened = section.reading
            if opened is None:
                if section.level == 0:  # text before the first heading
                    return depth
            elif opened.sequence == reading.sequence or outranks(reading, opened):
                return depth
        return len(self._open)

    def _repeats(self, reading: Enumerator, title: str) -> bool:
        return any(
            (section.number, section.title) == (reading.number, title) for section in self._open
        )

    def _in_order(self, block: Block, reading: Enumerator, earlier: SectionBuilder | None) -> bool:
        """Whether a heading may stand after its elder sibling; a gap is only doubted."""
        if reading.role is not Role.DIVISION:
            return True
        opened = earlier.reading if earlier else None
        if opened is None or opened.sequence != reading.sequence:
            if not reading.begins():
                self._doubt(block.line, f"nothing stands before {reading.number}")
            return True
        if reading.follows(opened.ordinal):
            return True
        if reading.ordinal > opened.ordinal or reading.begins():
            self._doubt(block.line, f"{reading.number} follows {opened.number}")
            return True
        self._doubt(block.line, f"{reading.number} is out of order and was read as text")
        return False

    def _begin(self, section: SectionBuilder) -> None:
        (self._open[-1].sections if self._open else self._roots).append(section)
        self._open.append(section)

    # Provisions

    def _add(self, block: Block) -> None:
        section = self._section_for(block)
        if block.table is not None:
            for row in block.table.rows:
                section.add(row.line, "row", row.text)
                self._coordination_items.append(row.cells)
        elif block.form is Form.CELLS:
            section.add(block.line, "row", block.text)
        elif block.has_role(Role.LIST, Role.BULLET):
            section.add(block.line, "item", block.text, item=block.reading)
        elif _CAPTION.match(block.text) and looks_like_title(block.text):
            section.add(block.line, "caption", block.text)
        else:
            section.add(block.line, "paragraph", block.text)

    def _section_for(self, block: Block) -> SectionBuilder:
        if not self._open:
            if self._headings:
                self._doubt(block.line, "this text stands before the first heading")
            self._begin(SectionBuilder(block.line, "", ""))
        return self._open[-1]

    def _doubt(self, line: int, words: str) -> None:
        self._doubts.append(Doubt(line, words))
