"""How a text was set on its pages, and so which of its lines belong to one paragraph.

A text taken out of a PDF has lost its paragraphs: every printed line ends in a line break. What
remains to go by is how far each line reaches, how it ends, and how the next one begins. Which of
these signs can be trusted differs from text to text, and is first measured over the whole of it.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from consult.document.reading.lines import Line, display_width

_SENTENCE_END = re.compile(r"(?:[。！？!?]|(?<![.．])[.．])[」』）)”’\"']{0,3}$")
_CLAUSE_END = re.compile(r"[：:︰；;﹔﹕]$")
_MID_CLAUSE = re.compile(r"[，、,（(「『〈《/／─—-]$")
# A line that is one parenthesis stands by itself: an entry of a history, a note.
_PARENTHESIS = re.compile(r"[（(][^（()）]{1,400}[）)]")
_FIRST_WORD = re.compile(r"[!-~\u00a1-\u024f]+|.[，。、；：！？）」』,.;:!?)]*")
# A line that stops this near the margin may be full: justified Chinese lines vary by a character
# or two, and the first of a paragraph has lost its indent.
_SLACK = 5
_NARROWER_FIRST_LINE = 2
_INDENT = 2
_NARROWEST_MEASURE = 24
# Few titles are as long as this.
LONG_LINE = 48
_MOST = 0.75
# Punctuation may hang over the margin.
_HANGING = 4
# With fewer full lines than this there is no telling.
_FEWEST_LINES = 3


class Verdict(Enum):
    """Whether a line goes on with the paragraph of the line before it."""

    CONTINUES = auto()
    BREAKS = auto()
    UNSURE = auto()


@dataclass(frozen=True)
class Layout:
    """What was measured. Each sign but the measure says that paragraphs can be told by it.

    `measure` is the width of a full line, None in a text that isn't hard-wrapped. In a document
    nothing was lost: its lines are `paragraphs`.
    """

    measure: int | None = None
    double_spaced: bool = False
    gaps: bool = False
    indents: bool = False
    narrow_first_lines: bool = False
    hanging_items: bool = False
    spaced_scripts: bool = False
    paragraphs: bool = False

    def reaches_margin(self, line: Line, following: Line) -> bool:
        """Whether the first word of the following line would not have fitted on this one."""
        if self.measure is None:
            return False
        if line.extent > self.measure - _SLACK:
            return True
        word = display_width(_FIRST_WORD.match(following.text[:80])[0])  # type: ignore[index]
        return line.extent + word > self.measure - _SLACK

    def verdict(self, earlier: Line, line: Line, *, begins_item: bool, indent: int) -> Verdict:
        """How `line` stands to `earlier`, the line before it.

        `begins_item` says that the paragraph so far begins with an enumerator, at `indent`.
        """
        parted = line.spaced and not line.turned and not self.double_spaced
        if self.paragraphs or parted or _PARENTHESIS.fullmatch(earlier.text):
            return Verdict.BREAKS
        if not self.reaches_margin(earlier, line):
            return _short_line_verdict(earlier, line)
        if begins_item and self.hanging_items:
            return Verdict.CONTINUES if line.indent > indent else self._unless_open(earlier)
        if self.indents and line.indent >= earlier.indent + _INDENT:
            return Verdict.BREAKS
        if not ends_sentence(earlier.text):
            return Verdict.CONTINUES
        return self._after_full_sentence(line)

    def _unless_open(self, earlier: Line) -> Verdict:
        return Verdict.BREAKS if ends_sentence(earlier.text) else Verdict.CONTINUES

    def _after_full_sentence(self, line: Line) -> Verdict:
        if self.gaps or self.indents:
            return Verdict.CONTINUES
        if line.text.startswith("但"):  # a proviso never opens a paragraph
            return Verdict.CONTINUES
        if self.narrow_first_lines and self.measure is not None:
            if line.extent > self.measure - _NARROWER_FIRST_LINE:
                return Verdict.CONTINUES
            if line.extent >= self.measure - _SLACK:
                return Verdict.BREAKS
        return Verdict.UNSURE


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text[-8:]) is not None


def ends_clause(text: str) -> bool:
    """Whether a text ends as a sentence or the words before a list do."""
    return ends_sentence(text) or _CLAUSE_END.search(text[-2:]) is not None


def _short_line_verdict(earlier: Line, line: Line) -> Verdict:
    if _MID_CLAUSE.search(earlier.text[-2:]) and not line.spaced:
        return Verdict.CONTINUES
    goes_on_in_small_letters = earlier.text[-1].isalpha() and line.text[0].islower()
    if goes_on_in_small_letters and not line.spaced:
        return Verdict.CONTINUES
    return Verdict.BREAKS


# --- Measuring ----------------------------------------------------------------------------------


def of_document(lines: Sequence[Line]) -> Layout:
    """The layout of a document whose lines are paragraphs."""
    return Layout(paragraphs=True, spaced_scripts=_spaces_between_scripts(lines))


def measured(lines: Sequence[Line]) -> Layout:
    """The layout of a text, as far as its lines show it."""
    bare = Layout(measure=_measure(lines), spaced_scripts=_spaces_between_scripts(lines))
    if bare.measure is None:
        return bare
    pairs = list(itertools.pairwise(lines))
    running = [
        (earlier, line)
        for earlier, line in pairs
        if bare.reaches_margin(earlier, line) and not ends_clause(earlier.text)
    ]
    # Where a sentence ends short of the margin, a paragraph ends for certain.
    openings = [
        line
        for earlier, line in pairs
        if ends_sentence(earlier.text)
        and not bare.reaches_margin(earlier, line)
        and not line.readings
    ]
    double_spaced = _mostly(line.spaced for _, line in running)
    margin = min((line.indent for _, line in running), default=0)
    long_openings = [line for line in openings if line.extent >= bare.measure - _SLACK - 1]
    return Layout(
        measure=bare.measure,
        spaced_scripts=bare.spaced_scripts,
        double_spaced=double_spaced,
        gaps=not double_spaced and _mostly(line.spaced for line in openings),
        indents=_mostly(line.indent >= margin + _INDENT for line in openings),
        narrow_first_lines=_mostly(
            line.extent <= bare.measure - _NARROWER_FIRST_LINE for line in long_openings
        ),
        hanging_items=_mostly(
            line.indent > earlier.indent for earlier, line in running if earlier.readings
        ),
    )


def _mostly(signs: Iterable[bool]) -> bool:
    seen = list(signs)
    return len(seen) > 1 and sum(seen) >= _MOST * len(seen)


def _measure(lines: Sequence[Line]) -> int | None:
    """The width at which the text was wrapped: where long lines crowd that end mid-sentence."""
    # A short line with a number may be a title, which ends where it likes.
    telling = [line for line in lines if line.extent >= LONG_LINE or not line.readings]
    extents = sorted((line.extent, not may_end_paragraph(line.text)) for line in telling)
    if not extents:
        return None
    candidates = []
    for share in (1.0, 0.98, 0.95):
        end = max(1, int(len(extents) * share))
        widest = extents[end - 1][0]
        # Chinese lines are all of one width; English ones are ragged.
        for narrowest in (widest - _HANGING, widest * 0.8):
            crowd = extents[bisect.bisect_left(extents, (narrowest, False)) : end]
            open_ended = sum(is_open for _, is_open in crowd)
            if open_ended >= max(_FEWEST_LINES, len(crowd) / 2) and widest >= _NARROWEST_MEASURE:
                candidates.append((open_ended, _usual([extent for extent, _ in crowd])))
    return max(candidates)[1] if candidates else None


def _usual(extents: Sequence[int]) -> int:
    """The one extent most lines have, or the widest where they are ragged."""
    extent, count = Counter(extents).most_common(1)[0]
    return extent if count * 4 >= len(extents) else max(extents)


def may_end_paragraph(text: str) -> bool:
    """Whether a text ends as paragraphs and cells do: also with a note in brackets."""
    return ends_clause(text) or text[-1] in "）)|"


_SPACED = re.compile(r"(?!第)[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] (?!條)[\u4e00-\u9fff]")
_UNSPACED = re.compile(r"(?!第)[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9](?!條)[\u4e00-\u9fff]")


def _spaces_between_scripts(lines: Sequence[Line]) -> bool:
    """Whether the text prints a space between a Chinese character and a Latin one."""
    spaced = sum(len(_SPACED.findall(line.text)) for line in lines)
    unspaced = sum(len(_UNSPACED.findall(line.text)) for line in lines)
    return spaced > unspaced


# --- Joining ------------------------------------------------------------------------------------

_NO_SPACE_BEFORE = set(")]},.;:!?%/’”")
_NO_SPACE_AFTER = set("([{/‘“")


def joined(earlier: str, later: str, *, spaced_scripts: bool) -> str:
    """Two pieces of one paragraph as they would stand on one line."""
    return earlier + between(earlier, later, spaced_scripts=spaced_scripts) + later


def between(earlier: str, later: str, *, spaced_scripts: bool) -> str:
    """What stands between two such pieces: a space or nothing."""
    last, first = earlier[-1], later[0]
    if _is_chinese(last) or _is_chinese(first):
        meets_latin = (_is_ideograph(last) and _is_latin(first)) or (
            _is_latin(last) and _is_ideograph(first)
        )
        return " " if spaced_scripts and meets_latin else ""
    if first in _NO_SPACE_BEFORE or last in _NO_SPACE_AFTER:
        return ""
    return "" if breaks_word(earlier, later) else " "


def breaks_word(earlier: str, later: str) -> bool:
    """Whether a line ends in a hyphen within a word: voca-tional as well as well-known."""
    return earlier[-1] == "-" and earlier[-2:-1].isalpha() and later[0].islower()


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"


def _is_chinese(character: str) -> bool:
    """Chinese or Japanese writing, its punctuation and full-width forms; not Hangul."""
    return (
        "\u2e80" <= character <= "\u312f"
        or "\u31a0" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\ufe30" <= character <= "\ufe4f"
        or "\uff00" <= character <= "\uffef"
        or character >= "\U00020000"
    )
