"""The lines of a document, gathered one by one: what a DOCX and an ODT have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from consult.document.numbering import enumerators
from consult.document.reading.blocks import Doubt
from consult.document.reading.layout import ends_clause, joined
from consult.document.reading.lines import LeftOut, Line
from consult.document.sources.flaws import DocumentUnread, Unread

# A draft of 5,000 provisions has a million.
MOST_CHARACTERS = 4_000_000
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\xa0]+")


class Gathering:
    """Takes paragraphs, headings and rows in reading order, and counts them as lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.doubts: list[Doubt] = []
        self.left_out: list[LeftOut] = []
        self._number = 0
        self._characters = 0
        self._spaced = False

    @property
    def next_number(self) -> int:
        """The number that the next line will have."""
        return self._number + 1

    @property
    def source(self) -> str:
        """The lines as a text, by which the same draft is known again."""
        return "\n".join(
            "#" * line.level + " " * bool(line.level) + line.text for line in self.lines
        )

    def paragraph(self, text: str, *, level: int = 0) -> None:
        """A paragraph, or a heading of this level; broken lines of a paragraph count each."""
        pieces = [_clean(piece) for piece in text.split("\n")]
        if level:
            pieces = [_put_together(pieces)]
        for piece in pieces:
            self._add(piece, level=level)

    def row(self, cells: Sequence[str]) -> None:
        """A table's row; one of a single cell is a box around paragraphs."""
        if len(cells) == 1:
            self.paragraph(cells[0])
            return
        written = [_put_together([_clean(piece) for piece in cell.split("\n")]) for cell in cells]
        if any(written):
            bars = " | ".join(cell.replace("|", "\\|") for cell in written)
            self._add(f"| {bars} |", is_row=True)

    def doubt(self, words: str) -> None:
        """Something to look at on the line that comes next."""
        self.doubts.append(Doubt(self.next_number, words))

    def leave_out(self, text: str, *, reason: str) -> None:
        """A line that is no part of the draft's words, and why."""
        self._number += 1
        self.left_out.append(LeftOut(self._number, _clean(text), reason))

    def _add(self, text: str, *, level: int = 0, is_row: bool = False) -> None:
        self._number += 1
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise DocumentUnread(Unread.TOO_LONG)
        if not text:
            self._spaced = True
            return
        spaced = self._spaced and bool(self.lines)
        self.lines.append(Line(self._number, text, 0, spaced, level=level, is_row=is_row))
        self._spaced = False


def _clean(text: str) -> str:
    """Without what isn't seen; runs of spaces stay as wide as one, but those of Chinese stay."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _UNSEEN.sub("", text))).strip()


def _put_together(pieces: Sequence[str]) -> str:
    """The paragraphs of a cell, or the lines of a heading, as one."""
    whole = ""
    for piece in filter(None, pieces):
        if not whole:
            whole = piece
        elif enumerators(piece) and not ends_clause(whole):
            whole = f"{whole} {piece}"
        else:
            whole = joined(whole, piece, spaced_scripts=False)
    return whole
