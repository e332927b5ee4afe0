"""A PDF although its fonts lack a character: another stands for it, and a note says so."""

import struct
import unicodedata
from dataclasses import replace
from functools import cache

from django.utils.translation import gettext as _

from consult.reports.exporting.paper import Block, Cell, Heading, Paper, Paragraph, Run, Table
from consult.reports.exporting.pdf import FONTS, CharacterMissing, write_pdf

FONT = FONTS / "NotoSansTC-Regular.ttf"
STAND_IN = "□"
# The form of a font's list of characters that reaches beyond the first 65,536.
_SEGMENTED = 12


def write_fitting_pdf(paper: Paper) -> bytes:
    """The paper as PDF; what its fonts lack is looked for only where something is missing."""
    try:
        return write_pdf(paper)
    except CharacterMissing:
        return write_pdf(_fitting(paper))


class _StandIns:
    """What `str.translate` asks: characters that the fonts have stay, invisible ones go."""

    def __getitem__(self, character: int) -> str:
        if character in _characters() or character == ord("\n"):
            raise LookupError
        # Joiners and selectors of the shapes of what is missing.
        return "" if unicodedata.category(chr(character)) in {"Cf", "Mn", "Me", "Sk"} else STAND_IN


_STAND_INS = _StandIns()


@cache
def _characters() -> frozenset[int]:
    """Every character that the font has, by its table `cmap`."""
    font = FONT.read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    places = {font[at : at + 4]: at for at in range(12, 12 + 16 * tables, 16)}
    start = struct.unpack_from(">I", font, places[b"cmap"] + 8)[0]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        if struct.unpack_from(">H", font, at)[0] == _SEGMENTED:
            groups = struct.unpack_from(">I", font, at + 12)[0]
            for group in range(groups):
                first, last = struct.unpack_from(">II", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found)


def _fitting(paper: Paper) -> Paper:
    note = _(
        "%(sign)s stands for a character that the PDF's font doesn't have. The ODT and DOCX files "
        "use the fonts of your device and show it."
    ) % {"sign": STAND_IN}
    blocks = [*map(_block, paper.blocks), Paragraph.of(note)]
    return replace(paper, title=paper.title.translate(_STAND_INS), blocks=blocks)


def _block(block: Block) -> Block:
    if isinstance(block, Heading):
        return replace(block, text=block.text.translate(_STAND_INS))
    if isinstance(block, Table):
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        return replace(block, head=tuple(map(_cell, block.head)), rows=rows)
    return _paragraph(block)


def _cell(cell: Cell) -> Cell:
    return Cell(tuple(map(_paragraph, cell.paragraphs)))


def _paragraph(paragraph: Paragraph) -> Paragraph:
    return Paragraph(tuple(map(_run, paragraph.runs)))


def _run(run: Run) -> Run:
    return replace(run, text=run.text.translate(_STAND_INS))
