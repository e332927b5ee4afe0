"""PDF: the text layer, line by line as it was set, for the reader that knows printed pages."""

from __future__ import annotations

import ctypes
import itertools
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from consult.document.sources.flaws import DocumentUnread, Unread
from consult.document.sources.gathering import MOST_CHARACTERS

# A page number and a stamp are no text layer.
_FEWEST_CHARACTERS_A_PAGE = 16
# An indent wider than this is a column's or a centred title's.
_WIDEST_INDENT = 8
_GAP = 1.3
# Sizes are told apart by the tenth.
_FINE = 10
_PLACELESS = {0x02: "-", 0xFFFE: "-", 0xFFFF: ""}
_LINE_ENDS = "\r\n"
_LAST_CONTROL = 0x1F


@dataclass(frozen=True)
class PrintedLine:
    """A line's words, where it begins, and how large it is set; all in points."""

    text: str
    left: float
    base: float
    size: float


def text_of_pdf(content: bytes) -> str:
    """The text layer: a line for each line, an empty one for a gap, a form feed for a new page.

    Raises DocumentUnread for a scanned text, and PdfiumError for a damaged file.
    """
    pages = []
    characters = 0
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            lines = list(_lines(page))
            characters += sum(len(line.text) for line in lines)
            if characters > MOST_CHARACTERS:
                raise DocumentUnread(Unread.TOO_LONG)
            pages.append(lines)
            page.close()
    if characters < _FEWEST_CHARACTERS_A_PAGE * len(pages):
        raise DocumentUnread(Unread.NO_TEXT_LAYER)
    return _written(pages)


def _lines(page: pypdfium2.PdfPage) -> Iterator[PrintedLine]:
    """The lines of a page in the order in which they were written."""
    text_page = page.get_textpage()
    try:
        words: list[int] = []
        first = 0
        for place in range(text_page.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text_page, place)
            if code > _LAST_CONTROL and not words:
                first = place
            if chr(code) in _LINE_ENDS:
                yield from _line(text_page, words, first)
                words = []
            else:
                words.append(code)
        yield from _line(text_page, words, first)
    finally:
        text_page.close()


def _line(
    text_page: pypdfium2.PdfTextPage, codes: Sequence[int], first: int
) -> Iterator[PrintedLine]:
    text = "".join(_PLACELESS.get(code, chr(code)) for code in codes)
    # Characters beyond the first plane come in halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if text:
        left, base = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text_page, first, left, base)
        size = pdfium.FPDFText_GetFontSize(text_page, first)
        yield PrintedLine(text, left.value, base.value, size or 1.0)


def _written(pages: Sequence[Sequence[PrintedLine]]) -> str:
    everything = [line for lines in pages for line in lines]
    margin = _usual([line.left for line in everything])
    # How far lines stand apart, in their own size: a title's stand further apart than a text's.
    leading = _usual(
        [
            (earlier.base - later.base) / max(earlier.size, later.size) * _FINE
            for lines in pages
            for earlier, later in itertools.pairwise(lines)
            if earlier.base > later.base
        ]
    )
    return "\n\f".join("\n".join(_page(lines, margin, leading / _FINE)) for lines in pages)


def _page(lines: Sequence[PrintedLine], margin: float, leading: float) -> Iterator[str]:
    earlier: PrintedLine | None = None
    for line in lines:
        if earlier is not None:
            usual = leading * max(earlier.size, line.size)
            if earlier.base - line.base > usual * _GAP:
                yield ""
        indent = round((line.left - margin) / line.size * 2)
        yield " " * (indent if 0 < indent <= _WIDEST_INDENT else 0) + line.text
        earlier = line


def _usual(lengths: Sequence[float]) -> float:
    """The length that most have, rounded."""
    return float(statistics.mode([round(each) for each in lengths])) if lengths else 0.0
