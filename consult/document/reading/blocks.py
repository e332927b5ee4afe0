"""What the lines of a text make when they are put together: headings, paragraphs, items, tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from consult.document.numbering import Enumerator, Role
from consult.document.reading.layout import ends_clause
from consult.document.reading.lines import LeftOut, display_width
from consult.document.reading.tables import Table


class Form(Enum):
    """What a block is drawn as."""

    TEXT = auto()
    MARKED_HEADING = auto()  # Markdown's, of its `level`
    CODE = auto()
    CELLS = auto()  # one row of a table drawn with bars
    TABLE = auto()  # a whole coordination table


@dataclass(frozen=True)
class Block:
    """What stands between two paragraph breaks. `line` is its first line.

    `reading` is the number it begins with, where that counts at this place, and `chain` tells the
    sequence it belongs to from others of the same style.
    """

    line: int
    text: str
    form: Form = Form.TEXT
    reading: Enumerator | None = None
    chain: int = 0
    level: int = 0
    spaced: bool = False
    indent: int = 0
    pieces: int = 1
    table: Table | None = None

    def has_role(self, *roles: Role) -> bool:
        """Whether it begins with a number in one of these roles."""
        return self.reading is not None and self.reading.role in roles


@dataclass(frozen=True)
class Doubt:
    """Something a drafter should look at, and on which line."""

    line: int
    words: str


@dataclass
class Gathered:
    """The blocks of a text, with what was left out of them and what was unsure."""

    blocks: list[Block]
    left_out: list[LeftOut]
    doubts: list[Doubt]


_LONGEST_TITLE = 160


def looks_like_title(text: str) -> bool:
    """Whether a text is as short, and as open at its end, as titles are."""
    asks = text.endswith(("？", "?", "！", "!"))
    return (
        0 < display_width(text) <= _LONGEST_TITLE
        and (asks or not ends_clause(text))
        and not text.endswith(("，", "、", ",", "；", ";"))
        and "。" not in text
    )
