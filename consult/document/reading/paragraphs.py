"""The lines of a text put together again as blocks: headings, paragraphs, items, tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from consult.document.numbering import HEADING_ROLES, Enumerator, Role
from consult.document.reading.blocks import Block, Doubt, Form, Gathered, looks_like_title
from consult.document.reading.layout import (
    LONG_LINE,
    Layout,
    Verdict,
    between,
    breaks_word,
    ends_clause,
    may_end_paragraph,
)
from consult.document.reading.lines import LeftOut, Line
from consult.document.reading.sequences import Place, Sequences, longest_rise
from consult.document.reading.tables import (
    CELL_MARK,
    is_pipe_rule,
    is_table_header,
    pipe_cells,
    read_table,
)


def gather(lines: Sequence[Line], layout: Layout) -> Gathered:
    """Put wrapped lines together again."""
    gatherer = _Gatherer(lines, layout)
    place = 0
    while place < len(lines):
        place += gatherer.take(place)
    return gatherer.finished()


# --- Markdown -----------------------------------------------------------------------------------

_MARKED_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_BREAK = re.compile(r"([-=*_])\1{2,}")
_CLOSING_SIGNS = re.compile(r"(?:^|\s)#{1,80}$")
_FENCE = re.compile(r"(?:```|~~~)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500})(?<=\S)\1")


def is_markdown(lines: Sequence[Line]) -> bool:
    """Whether a text is marked up: it has headings with signs before them or drawn beneath."""
    if any(line.text[0] == "#" and _MARKED_HEADING.match(line.text) for line in lines):
        return True
    return any(_underlines(line) == 1 for line in lines[1:])


def _underlines(line: Line) -> int:
    """The level of the heading that `line` would underline: 1 for =, 2 for -, 0 for none."""
    if line.spaced or not _UNDERLINE.fullmatch(line.text):
        return 0
    return 1 if line.text[0] == "=" else 2


# --- Gathering ----------------------------------------------------------------------------------


def _article_lines(lines: Sequence[Line], layout: Layout) -> set[int]:
    """The numbers of the lines that are articles' headings and not citations of articles.

    An annex may hold articles of its own.
    """
    found: set[int] = set()
    run: list[tuple[int, tuple[int, ...]]] = []

    def close_run() -> None:
        rise = longest_rise([ordinal for _, ordinal in run])
        found.update(number for place, (number, _) in enumerate(run) if place in rise)
        run.clear()

    for place, line in enumerate(lines):
        for reading in line.readings:
            open_ended = place > 0 and _goes_on(lines[place - 1], line, layout)
            cited = open_ended and reading.rest and not _is_set_off(line.text, reading)
            if reading.role is Role.ARTICLE and not cited:
                run.append((line.number, reading.ordinal))
            elif reading.role is Role.ANNEX and not open_ended:
                close_run()
    close_run()
    return found


def _is_set_off(text: str, reading: Enumerator) -> bool:
    """Whether an article's number can't be a citation: the first one's, or before a wide gap."""
    after = text[len(reading.number) :]
    return reading.begins() or after.startswith(("\u3000", "  "))


def _goes_on(earlier: Line, line: Line, layout: Layout) -> bool:
    """Whether `earlier` was full and its sentence open, so that `line` should go on with it."""
    return layout.reaches_margin(earlier, line) and not ends_clause(earlier.text)


class _Gatherer:
    def __init__(self, lines: Sequence[Line], layout: Layout) -> None:
        self._lines = lines
        self._layout = layout
        self._articles = _article_lines(lines, layout)
        self._markdown = not layout.paragraphs and is_markdown(lines)
        self._sequences = Sequences()
        self._pieces: list[str] = []
        self.gathered = Gathered([], [], [])

    def finished(self) -> Gathered:
        """What was gathered, once every line was taken."""
        self._settle()
        return self.gathered

    def take(self, place: int) -> int:
        """Take the line at `place`, and as many after it as belong to it; says how many."""
        line = self._lines[place]
        if is_table_header(line.text):
            return self._take_table(place)
        if self._take_known(line):
            return 1
        if self._markdown and _FENCE.match(line.text):
            return self._take_code(place)
        if self._markdown and self._is_underlined(place):
            self._take_heading(line, line.text, level=_underlines(self._lines[place + 1]))
            self._leave_out(self._lines[place + 1], "heading's underline")
            return 2
        if self._markdown and self._take_marked(line):
            return 1
        self._take_text(line, self._lines[place - 1] if place else None)
        return 1

    def _take_known(self, line: Line) -> bool:
        """Take a line of which its document says what it is."""
        if line.level:
            self._take_heading(line, line.text, level=line.level)
        elif line.is_row:
            self._append(Block(line.number, CELL_MARK.join(pipe_cells(line.text)), Form.CELLS))
        return line.level > 0 or line.is_row

    def _take_heading(self, line: Line, title: str, *, level: int) -> None:
        self._sequences.close_lists()
        self._append(Block(line.number, title, Form.MARKED_HEADING, level=level))

    def _is_underlined(self, place: int) -> bool:
        """Whether a heading of one line begins at `place`, with its underline beneath it."""
        line = self._lines[place]
        if place + 1 == len(self._lines) or not _underlines(self._lines[place + 1]):
            return False
        in_paragraph = not line.spaced and any(
            block.form is Form.TEXT for block in self.gathered.blocks[-1:]
        )
        listed = any(reading.role is Role.BULLET for reading in line.readings)
        marked = line.text[0] in "#|>" or _BREAK.fullmatch(line.text)
        return not (in_paragraph or listed or marked)

    # Whole pieces

    def _take_table(self, place: int) -> int:
        end = place + 1
        while end < len(self._lines) and not self._ends_table(self._lines[end]):
            end += 1
        line = self._lines[place]
        table = read_table(self._lines[place:end], spaced_scripts=self._layout.spaced_scripts)
        self._append(Block(line.number, line.text, Form.TABLE, table=table))
        self.gathered.left_out.extend(table.left_out)
        self.gathered.doubts.extend(Doubt(number, words) for number, words in table.doubts)
        return end - place

    def _ends_table(self, line: Line) -> bool:
        if self._layout.paragraphs:
            return not line.is_row
        if self._markdown and _MARKED_HEADING.match(line.text):
            return True
        return any(
            reading.role in HEADING_ROLES and (not reading.rest or looks_like_title(reading.rest))
            for reading in line.readings
        )

    def _take_code(self, place: int) -> int:
        opening = self._lines[place]
        self._leave_out(opening, "code fence")
        words: list[str] = []
        length = 1
        for line in self._lines[place + 1 :]:
            length += 1
            if _FENCE.match(line.text):
                self._leave_out(line, "code fence")
                break
            words.append(" " * line.indent + line.text)
        if words:
            self._append(Block(opening.number + 1, "\n".join(words).strip(), Form.CODE))
        return length

    def _take_marked(self, line: Line) -> bool:
        heading = _MARKED_HEADING.match(line.text)
        cells = pipe_cells(line.text)
        title = _CLOSING_SIGNS.sub("", heading[2]).rstrip() if heading else ""
        if heading and title:
            self._take_heading(line, title, level=len(heading[1]))
        elif is_pipe_rule(line.text):
            self._leave_out(line, "rule of a table")
        elif _BREAK.fullmatch(line.text):
            self._leave_out(line, "rule between paragraphs")
        elif any(cells):
            self._append(Block(line.number, CELL_MARK.join(cells), Form.CELLS))
        else:
            return False
        return True

    # Lines of text

    def _take_text(self, line: Line, earlier: Line | None) -> None:
        block = self.gathered.blocks[-1] if self.gathered.blocks else None
        if self._markdown:
            line = replace(line, text=_BOLD.sub(r"\2", line.text))
        if block is None or earlier is None or block.form is not Form.TEXT:
            self._begin(line, self._counting(line, goes_on=False))
            return
        begins_item = block.has_role(Role.LIST, Role.BULLET)
        verdict = self._layout.verdict(earlier, line, begins_item=begins_item, indent=block.indent)
        goes_on = verdict is Verdict.CONTINUES and not ends_clause(earlier.text)
        reading = self._counting(line, goes_on=goes_on)
        if reading is None and verdict is Verdict.CONTINUES:
            self._go_on(line, earlier)
            return
        if reading is None and verdict is Verdict.UNSURE:
            self._doubt(
                line,
                "a new paragraph was begun here, but the line before it is full:"
                " it may be one paragraph",
            )
        if reading is not None and not goes_on:
            self._doubt_if_torn(line, earlier, reading)
        self._begin(line, reading)

    def _begin(self, line: Line, reading: Enumerator | None) -> None:
        chain = 0
        if reading is not None and reading.role in HEADING_ROLES:
            self._sequences.close_lists()
            self._sequences.take(reading)
        elif reading is not None:
            chain = self._sequences.take(reading)
        self._append(
            Block(
                line.number,
                line.text,
                reading=reading,
                chain=chain,
                spaced=line.spaced,
                indent=line.indent,
            )
        )
        self._pieces = [line.text]

    def _go_on(self, line: Line, earlier: Line) -> None:
        spaced_scripts = self._layout.spaced_scripts
        if breaks_word(earlier.text, line.text):
            self._doubt(line, "the hyphen before this line may only have parted a word")
        self._pieces += (between(earlier.text, line.text, spaced_scripts=spaced_scripts), line.text)

    def _settle(self) -> None:
        """Join the last block's lines. Once a block: line by line would copy it each time."""
        if len(self._pieces) > 1:
            block = self.gathered.blocks[-1]
            # A mark that stood first on its line may combine with what it now follows.
            text = unicodedata.normalize("NFC", "".join(self._pieces))
            reading = block.reading
            if reading is not None:
                start_of_rest = len(block.text) - len(reading.rest)
                reading = replace(reading, rest=text[start_of_rest:].strip())
            self.gathered.blocks[-1] = replace(
                block, text=text, reading=reading, pieces=(len(self._pieces) + 1) // 2
            )
        self._pieces = []

    def _counting(self, line: Line, *, goes_on: bool) -> Enumerator | None:
        """The number that `line` begins with, if it counts here.

        `goes_on` says that by its layout the line is the middle of a sentence.
        """
        for reading in line.readings:
            if reading.role in HEADING_ROLES and self._heads(line, reading, goes_on=goes_on):
                return reading
        listed = [each for each in line.readings if each.role not in HEADING_ROLES]
        if not listed:
            return None
        place, likeliest = min(
            ((self._sequences.place(each), each) for each in listed), key=lambda pair: pair[0]
        )
        if goes_on and (place is not Place.FOLLOWS or likeliest.role is Role.BULLET):
            return None
        if place is Place.STRAYS:
            if _is_pointed(line.text, likeliest):
                self._doubt(line, f"「{likeliest.number}」 continues no list and was read as text")
            return None
        if place is Place.SKIPS:
            self._doubt(line, f"a number is missing before 「{likeliest.number}」")
        if goes_on:
            self._doubt(line, f"「{likeliest.number}」 may be the middle of a sentence")
        return likeliest

    def _heads(self, line: Line, reading: Enumerator, *, goes_on: bool) -> bool:
        if reading.role is Role.ARTICLE:
            if line.number not in self._articles:
                self._doubt(line, f"「{reading.number}」 is out of order and was read as text")
            return line.number in self._articles
        fits = not reading.rest or looks_like_title(reading.rest)
        return fits and not (goes_on and self._sequences.place(reading) > Place.STARTS)

    def _doubt_if_torn(self, line: Line, earlier: Line, reading: Enumerator) -> None:
        """A list that begins after a long line without an end may be a torn sentence."""
        if self._layout.paragraphs or earlier.extent < LONG_LINE:
            return
        begins = reading.role is Role.LIST and reading.begins()
        if begins and not may_end_paragraph(earlier.text):
            self._doubt(line, f"「{reading.number}」 may be the middle of a sentence")

    # Results

    def _append(self, block: Block) -> None:
        self._settle()
        self.gathered.blocks.append(block)

    def _leave_out(self, line: Line, reason: str) -> None:
        self.gathered.left_out.append(LeftOut(line.number, line.text, reason))

    def _doubt(self, line: Line, words: str) -> None:
        self.gathered.doubts.append(Doubt(line.number, words))


def _is_pointed(text: str, reading: Enumerator) -> bool:
    """Whether a mark parts the number from what follows: 「三、」, but not 「5 Members」."""
    after = text[len(reading.number) : len(reading.number) + 1]
    return bool(after) and not after.isspace()
