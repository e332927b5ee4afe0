"""Tables: the coordination table (key point, body, what it helps with) and rows drawn with bars.

Taken out of a PDF, a coordination table is a column of torn cells: 各目的事業主管機 / 關 / 協助主管
產業辦理…. Its cells are put together by what each column holds: a key point begins with a number,
a body's name ends as names of bodies end, and what a body helps with ends with a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from consult.document.numbering import Role, enumerators
from consult.document.outline import OutlineCoordinationItem
from consult.document.reading.layout import ends_clause, ends_sentence, joined
from consult.document.reading.lines import LeftOut, Line
from consult.document.reading.sequences import Place, Sequences

CELL_MARK = "｜"

_COLUMN_NAMES = (
    re.compile(
        r"(?:發展|推動|政策|工作)?(?:重點|策略|項目|措施|目標|面向)|Key points?", re.IGNORECASE
    ),
    re.compile(
        r"(?:相關|主辦|協辦|主\(協\)辦|主協辦|權責|辦理|負責)?(?:部會|機關|單位)|Bod(?:y|ies)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:協力|協辦|配合|分工|辦理|應辦)事項|具體措施|分工|Coordination items?", re.IGNORECASE
    ),
)
# In Markdown a bar with a stroke before it is a bar and parts no cells.
_BAR = re.compile(r"(?<!\\)\|")
_CELL_GAP = re.compile(r"[ \t\u3000]+")
_BODY_END = re.compile(
    r"(?:部|會|署|局|院|處|廳|府|館|中心|機關|機構|單位|總處|委員會|學校|大學|公司|基金會|各縣市|辦公室)$"
)
_LONGEST_BODY = 30


@dataclass(frozen=True)
class Row:
    """A finished row and the line on which it begins."""

    line: int
    cells: OutlineCoordinationItem

    @property
    def text(self) -> str:
        """The row as one provision."""
        return CELL_MARK.join((self.cells.key_point, self.cells.body, self.cells.item))


@dataclass(frozen=True)
class Table:
    """A coordination table as read: its rows, its headers (left out), and what was unsure."""

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    doubts: tuple[tuple[int, str], ...]


def is_table_header(text: str) -> bool:
    """Whether a line is the header of a coordination table: its three columns' names."""
    cells = pipe_cells(text) or tuple(_CELL_GAP.split(text))
    return len(cells) == len(_COLUMN_NAMES) and all(
        name.fullmatch(cell) for name, cell in zip(_COLUMN_NAMES, cells, strict=True)
    )


def pipe_cells(text: str) -> tuple[str, ...]:
    """The cells of a row drawn with bars (| a | b |); none where it isn't one."""
    if len(text) < len("|a|") or text[0] != "|" or text[-1] != "|":
        return ()
    return tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(text[1:-1]))


def is_pipe_rule(text: str) -> bool:
    """Whether a line is the rule beneath such a table's header: |---|---|."""
    cells = pipe_cells(text)
    return bool(cells) and all(cell and not cell.strip(":-") and "-" in cell for cell in cells)


def read_table(lines: Sequence[Line], *, spaced_scripts: bool) -> Table:
    """The coordination table that these lines hold, its header first."""
    reader = _TableReader(spaced_scripts=spaced_scripts)
    for line in lines:
        reader.read(line)
    return reader.finished()


class _Cell(Enum):
    """The cell that the next words belong to."""

    KEY_POINT = auto()
    BODY = auto()
    ITEM = auto()
    NEXT_ROW = auto()  # the item's sentence is complete


class _TableReader:
    """Puts torn cells together, one line at a time."""

    def __init__(self, *, spaced_scripts: bool) -> None:
        self._spaced_scripts = spaced_scripts
        self._rows: list[Row] = []
        self._left_out: list[LeftOut] = []
        self._doubts: list[tuple[int, str]] = []
        self._cell = _Cell.NEXT_ROW
        self._key_point = self._body = self._item = ""
        self._row_line: int | None = None
        self._sequences = Sequences()

    def read(self, line: Line) -> None:
        """Take the next line."""
        cells = pipe_cells(line.text)
        if is_table_header(line.text) or is_pipe_rule(line.text):
            self._left_out.append(LeftOut(line.number, line.text, "table header"))
        elif len(cells) == len(_COLUMN_NAMES):
            self._take_whole_row(line, cells)
        elif self._begins_key_point(line.text):
            self._finish_row()
            self._key_point, self._cell = line.text, _Cell.KEY_POINT
            self._row_line = line.number
        else:
            self._take_words(line)

    def finished(self) -> Table:
        """The table, once all its lines have been read."""
        if self._cell is not _Cell.NEXT_ROW and self._row_line is not None:
            self._doubt(self._row_line, "this row of the table has no end")
        self._finish_row()
        return Table(tuple(self._rows), tuple(self._left_out), tuple(self._doubts))

    def _begins_key_point(self, text: str) -> bool:
        """Whether a line's number goes on with the key points' own, between two rows."""
        if self._cell is not _Cell.NEXT_ROW:
            return False
        for reading in enumerators(text):
            if reading.role is Role.LIST and self._sequences.place(reading) < Place.STRAYS:
                self._sequences.take(reading)
                return True
        return False

    def _take_whole_row(self, line: Line, cells: tuple[str, ...]) -> None:
        self._finish_row()
        self._key_point = cells[0] or self._key_point
        self._body, self._item = cells[1], cells[2]
        self._row_line, self._cell = line.number, _Cell.NEXT_ROW

    def _take_words(self, line: Line) -> None:
        name, words = _parted(line.text)
        if self._cell is _Cell.BODY:
            self._go_on_with_body(line, name, words)
        elif self._cell is _Cell.ITEM and not (words and self._item and _BODY_END.search(name)):
            self._item = self._with(self._item, line.text)
            self._cell = _Cell.NEXT_ROW if ends_sentence(self._item) else _Cell.ITEM
        elif self._begins_body(name, words):
            self._begin_row(line, name, words)
        elif self._cell is _Cell.KEY_POINT:
            self._key_point = self._with(self._key_point, line.text)
        else:
            self._doubt(line.number, "these words were taken to end the cell before them")
            self._item = self._with(self._item, line.text)
            self._row_line = self._row_line or line.number

    def _begins_body(self, name: str, words: str) -> bool:
        if _BODY_END.search(name):
            return len(name) <= _LONGEST_BODY
        # A name torn in two. Within a key point only the commonest first word tells it apart.
        may_be_torn = not words and len(name) <= _LONGEST_BODY and not ends_clause(name)
        return may_be_torn and (self._cell is _Cell.NEXT_ROW or name.startswith("各"))

    def _begin_row(self, line: Line, name: str, words: str) -> None:
        if self._cell is _Cell.ITEM:
            self._doubt(line.number, "the cell before this row has no full stop")
        if self._cell is not _Cell.KEY_POINT:
            self._finish_row()
        self._row_line = line.number
        self._go_on_with_body(line, name, words)

    def _go_on_with_body(self, line: Line, name: str, words: str) -> None:
        self._body = self._with(self._body, name)
        self._cell = _Cell.BODY
        whole = _BODY_END.search(self._body) is not None
        if not whole and (words or len(self._body) > _LONGEST_BODY):
            self._doubt(line.number, f"「{self._body}」 was taken for a body's name")
            whole = True
        if whole:
            self._item = words
            self._cell = _Cell.NEXT_ROW if words and ends_sentence(words) else _Cell.ITEM

    def _finish_row(self) -> None:
        if self._row_line is not None:
            cells = OutlineCoordinationItem(self._key_point, self._body, self._item)
            self._rows.append(Row(self._row_line, cells))
        self._body = self._item = ""
        self._row_line = None

    def _with(self, cell: str, words: str) -> str:
        if not cell:
            return words
        return joined(cell, words, spaced_scripts=self._spaced_scripts)

    def _doubt(self, line: int, words: str) -> None:
        self._doubts.append((line, words))


def _parted(text: str) -> tuple[str, str]:
    """A line's first word and the rest: a body and the beginning of what it helps with."""
    name, *rest = _CELL_GAP.split(text, maxsplit=1)
    return name, rest[0] if rest else ""
