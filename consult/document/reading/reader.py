"""A text read as a draft's outline.

The text comes from a PDF or an editor: hard-wrapped, with page numbers between its lines, numbered
in any of the styles of Taiwanese official texts or of English ones. It is read in five steps, a
module each: lines without the page's furniture, the measure they were set in, blocks (paragraphs,
items, headings, tables), which of the blocks are headings, and the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consult.document.outline import Outline
from consult.document.reading.blocks import Block, Doubt, Form
from consult.document.reading.encodings import decoded
from consult.document.reading.front_matter import FrontMatter, read_front_matter
from consult.document.reading.headings import headings_among
from consult.document.reading.layout import Layout, measured, of_document
from consult.document.reading.lines import (
    CONTENTS,
    LeftOut,
    Line,
    UnreadableText,
    document_lines,
    source_lines,
)
from consult.document.reading.paragraphs import gather, is_markdown
from consult.document.reading.tree import grow

__all__ = ["Reading", "UnreadableText", "decoded", "read", "read_document", "read_outline"]


@dataclass(frozen=True)
class Reading:
    """An outline, and the lines of the text that are no part of it."""

    outline: Outline
    left_out: tuple[LeftOut, ...]


def read_outline(text: str) -> Outline:
    """The outline of a text. Raises UnreadableText where there is none to be had."""
    return read(text).outline


def read(text: str) -> Reading:
    """The outline of a text with what was left out of it. Raises UnreadableText."""
    lines, left_out = source_lines(text)
    return _read(lines, left_out, measured(lines), all_marked=is_markdown(lines))


def read_document(
    lines: Sequence[Line], *, left_out: Sequence[LeftOut] = (), doubts: Sequence[Doubt] = ()
) -> Reading:
    """The same of a document whose lines are paragraphs, marked headings and rows of tables.

    `left_out` and `doubts` are of the making of these lines. Raises UnreadableText.
    """
    kept, contents = document_lines(lines)
    return _read(
        kept,
        [*left_out, *contents],
        of_document(kept),
        all_marked=_marks_every_heading(kept),
        doubts=doubts,
    )


def _marks_every_heading(lines: Sequence[Line]) -> bool:
    """Whoever marks headings of two levels, the title not counted, has marked them all."""
    levels = [line.level for line in lines if line.level]
    if lines[0].level and levels.count(lines[0].level) == 1:
        del levels[0]
    return len(set(levels)) > 1


def _read(
    lines: Sequence[Line],
    left_out: Sequence[LeftOut],
    layout: Layout,
    *,
    all_marked: bool,
    doubts: Sequence[Doubt] = (),
) -> Reading:
    gathered = gather(lines, layout)
    headings = headings_among(gathered.blocks, markdown=all_marked)
    front, body_start = _front_matter(gathered.blocks, headings, layout)
    tree = grow(
        [*front.rest, *gathered.blocks[body_start:]],
        {place - body_start + len(front.rest) for place in headings if place >= body_start},
        spaced_scripts=layout.spaced_scripts,
    )
    left_out = [*left_out, *gathered.left_out, *tree.left_out]
    doubts = [
        *doubts,
        *gathered.doubts,
        *tree.doubts,
        *_about_the_whole(headings, front, gathered.blocks),
    ]
    outline = Outline(
        title=front.title,
        label=front.label,
        history=front.history,
        sections=tree.sections,
        coordination_items=tree.coordination_items,
        warnings=(*_contents_warning(left_out), *_warnings(doubts)),
    )
    return Reading(outline, tuple(sorted(left_out, key=lambda each: each.line)))


def _front_matter(
    blocks: Sequence[Block], headings: set[int], layout: Layout
) -> tuple[FrontMatter, int]:
    """What stands before the first heading, and the place where the body begins."""
    title = _marked_title(blocks, headings)
    body_start = min(headings - {0} if title else headings, default=len(blocks))
    before = blocks[1:body_start] if title else blocks[:body_start]
    front = read_front_matter(
        before,
        title=title,
        double_spaced=layout.double_spaced,
        spaced_scripts=layout.spaced_scripts,
    )
    if not front.rest and body_start == len(blocks):
        # A text that would be nothing but front matter is a text without it.
        return FrontMatter(title, "", (), tuple(before)), body_start
    return front, body_start


def _marked_title(blocks: Sequence[Block], headings: set[int]) -> str:
    """The text's only heading of the first level, where the text begins with it."""
    first_level = [
        place
        for place in headings
        if blocks[place].form is Form.MARKED_HEADING and blocks[place].level == 1
    ]
    return blocks[0].text if first_level == [0] else ""


def _about_the_whole(
    headings: set[int], front: FrontMatter, blocks: Sequence[Block]
) -> list[Doubt]:
    doubts = []
    if not front.title:
        doubts.append(Doubt(blocks[0].line, "no title stands before the text"))
    if not headings:
        doubts.append(Doubt(blocks[0].line, "no heading was found: the whole text is one section"))
    return doubts


def _warnings(doubts: Sequence[Doubt]) -> list[str]:
    ordered = sorted(doubts, key=lambda doubt: doubt.line)
    return [f"Line {doubt.line}: {doubt.words}." for doubt in ordered]


def _contents_warning(left_out: Sequence[LeftOut]) -> list[str]:
    lines = [each.line for each in left_out if each.reason == CONTENTS]
    if not lines:
        return []
    return [f"Line {min(lines)}: a table of contents, up to line {max(lines)}, was left out."]
