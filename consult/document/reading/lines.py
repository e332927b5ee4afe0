"""A text taken out of a PDF or an editor as lines, without what the printed page added to them.

Nothing is dropped in silence: every page number, running header and table of contents that is
left out is returned beside the lines that stay.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from consult.document.numbering import Enumerator, enumerators


class UnreadableText(ValueError):
    """The text can't be read; the message names the line, and so does `line` (from 1)."""

    def __init__(self, reason: str, *, line: int | None) -> None:
        super().__init__(f"Line {line}: {reason}" if line is not None else reason)
        self.reason = reason
        self.line = line


CONTENTS = "table of contents"


@dataclass(frozen=True)
class Line:
    """One line that bears text: its number from 1, its words, and how it stood on the page.

    Widths are in half-width characters. `spaced` says that an empty line stood before it, `turned`
    that a page turned there. `level` and `is_row` say what a document knows of itself and a plain
    text doesn't: the level of a heading, and that this is a table's row, drawn with bars.
    """

    number: int
    text: str
    indent: int
    spaced: bool = False
    turned: bool = False
    level: int = 0
    is_row: bool = False

    @cached_property
    def extent(self) -> int:
        """Where it ends, counted from the left margin."""
        return self.indent + display_width(self.text)

    @cached_property
    def readings(self) -> tuple[Enumerator, ...]:
        """Every number that it may begin with."""
        return enumerators(self.text)


@dataclass(frozen=True)
class LeftOut:
    """A line of the source that is no part of the draft's words, and why."""

    line: int
    text: str
    reason: str


def display_width(text: str) -> int:
    """How wide a text is printed, a Chinese character counting two."""
    # Counting in C: a character outside Latin-1 is as good as always a wide one here.
    return 2 * len(text) - len(text.encode("latin-1", "ignore"))


def source_lines(text: str) -> tuple[list[Line], list[LeftOut]]:
    """The lines that bear the draft's words, and those left out.

    Characters are brought to NFC and no further: NFKC would turn ，：； into ASCII. Raises
    UnreadableText for an empty text and for one that is no text at all.
    """
    _refuse_binary(text)
    return _without_furniture(numbered(text), (_page_marks, _running_headers, _contents))


def document_lines(lines: Sequence[Line]) -> tuple[list[Line], list[LeftOut]]:
    """The same of a document that knows its paragraphs: it bears no furniture but a typed table
    of contents."""
    return _without_furniture(lines, (_contents,))


def _without_furniture(
    lines: Sequence[Line], finders: Sequence[Callable[[Sequence[Line]], dict[int, str]]]
) -> tuple[list[Line], list[LeftOut]]:
    if not lines:
        raise UnreadableText("there is no text here.", line=1)
    left_out: list[LeftOut] = []
    for find in finders:
        found = find(lines)
        left_out.extend(
            LeftOut(line.number, line.text, found[line.number])
            for line in lines
            if line.number in found
        )
        lines = _without(lines, found)
    if not lines:
        raise UnreadableText(
            "there is nothing here but page numbers, headers and tables of contents.", line=1
        )
    return list(lines), sorted(left_out, key=lambda each: each.line)


# --- Splitting ----------------------------------------------------------------------------------

# A form feed ends a line only where nothing else does, so that lines count as an editor counts.
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x85\u2028\u2029]|(?<=[^\r\n\f])(?=\f[^\r\n])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffd]")
_NEVER_IN_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_ODD_CHARACTERS_ALLOWED = 1 / 200
_TAB_WIDTH = 4


def _refuse_binary(text: str) -> None:
    first = _NEVER_IN_TEXT.search(text)
    if first is None:
        odd = _CONTROL.findall(text)
        if len(odd) <= max(1, len(text) * _ODD_CHARACTERS_ALLOWED):
            return
        first = _CONTROL.search(text)
    line = len(_LINE_END.findall(text[: first.start() if first else 0])) + 1
    raise UnreadableText("this is not text, or not in an encoding that was understood.", line=line)


def numbered(text: str) -> list[Line]:
    """Every line that bears words, page furniture and all."""
    lines: list[Line] = []
    spaced = turned = False
    normal = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    for number, raw in enumerate(_LINE_END.split(normal), start=1):
        turned = turned or raw.startswith("\f")
        words = raw.strip()
        if not words:
            spaced = True
            continue
        margin = raw[: raw.index(words[0])].replace("\t", " " * _TAB_WIDTH).replace("\f", "")
        lines.append(Line(number, words, display_width(margin), spaced and bool(lines), turned))
        spaced = turned = False
    return lines


def _without(lines: Sequence[Line], gone: dict[int, str]) -> list[Line]:
    """The lines that stay; one after a gap remembers that a page may have turned there."""
    kept: list[Line] = []
    gap = False
    for line in lines:
        if line.number in gone:
            gap = True
            continue
        kept.append(replace(line, turned=True) if gap else line)
        gap = False
    return kept


# --- Page numbers and running headers -----------------------------------------------------------

_BARE_NUMBER = re.compile(r"[0-9０-９]{1,4}")
_PAGE_NUMBER = re.compile(
    r"[-–—~]\s?[0-9０-９]{1,4}\s?[-–—~]"
    r"|第\s?[0-9０-９]{1,4}\s?頁(?:\s?[，,/／、]?\s?共\s?[0-9０-９]{1,4}\s?頁)?"
    r"|(?:Page|PAGE|page|p\.)\s?[0-9]{1,4}(?:\s?(?:of|/)\s?[0-9]{1,4})?"
)
_DATE_ALONE = re.compile(r"[0-9]{2,4}[./-][0-9]{1,2}[./-][0-9]{1,2}")
_PAGES_IN_A_ROW = 3


def _page_marks(lines: Sequence[Line]) -> dict[int, str]:
    """Page numbers, and dates in the header beside them. A bare number needs a witness."""
    marks = {line.number: "page number" for line in lines if _PAGE_NUMBER.fullmatch(line.text)}
    bare = [place for place, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line.text)]
    in_a_row = _counting_up([int(lines[place].text) for place in bare])
    for place in bare:
        beside = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
        turned = lines[place].turned or (place + 1 < len(lines) and lines[place + 1].turned)
        dates = [line for line in beside if _DATE_ALONE.fullmatch(line.text)]
        if in_a_row or turned or dates:
            marks[lines[place].number] = "page number"
            marks.update({line.number: "date in the page header" for line in dates})
    return marks


def _counting_up(numbers: Sequence[int]) -> bool:
    return len(numbers) >= _PAGES_IN_A_ROW and all(
        later == earlier + 1 for earlier, later in itertools.pairwise(numbers)
    )


def _running_headers(lines: Sequence[Line]) -> dict[int, str]:
    """Lines that come back, word for word, wherever a page turns."""
    counts = Counter(line.text for line in lines)
    at_turns = Counter(
        line.text
        for place, line in enumerate(lines)
        if line.turned or (place + 1 < len(lines) and lines[place + 1].turned)
    )
    return {
        line.number: "running header"
        for line in lines
        if counts[line.text] >= _PAGES_IN_A_ROW and at_turns[line.text] >= counts[line.text] - 1
    }


# --- Tables of contents -------------------------------------------------------------------------

_CONTENTS_TITLE = re.compile(r"目\s{0,4}[錄次]|(?:Table of )?Contents|CONTENTS", re.IGNORECASE)
_LEADERS = re.compile(r"(?:[.．·‧・…⋯]\s?){3,}\s{0,4}[0-9０-９ivxIVX]{1,4}$")
_TRAILING_PAGE = re.compile(r"\s{1,40}[0-9]{1,4}$")
_LONGEST_ENTRY = 200


def _contents(lines: Sequence[Line]) -> dict[int, str]:
    """The lines of a table of contents with its title: leaders to a page, or headings to come."""
    found: dict[int, str] = {}
    later = Counter(_bare(line.text) for line in lines)
    listing = False
    for place, line in enumerate(lines):
        if _CONTENTS_TITLE.fullmatch(line.text):
            listing = place + 1 < len(lines) and _is_entry(lines[place + 1].text, later)
            if listing:
                found[line.number] = CONTENTS
        elif _has_leaders(line.text) or (listing and _is_entry(line.text, later)):
            found[line.number] = CONTENTS
            later[_bare(line.text)] -= 1
        else:
            listing = False
    entries = sum(1 for line in lines if line.number in found and _has_leaders(line.text))
    # One line of dots is a form to fill in, not a table of contents.
    return found if entries != 1 or len(found) > 1 else {}


def _has_leaders(text: str) -> bool:
    return len(text) <= _LONGEST_ENTRY and _LEADERS.search(text) is not None


def _is_entry(text: str, later: Counter[str]) -> bool:
    if _has_leaders(text):
        return True
    if not enumerators(text):
        return False
    without_page = _bare(_TRAILING_PAGE.sub("", text)) if len(text) <= _LONGEST_ENTRY else ""
    return later[_bare(text)] > 1 or (without_page != _bare(text) and later[without_page] > 0)


def _bare(text: str) -> str:
    return "".join(text.split())
