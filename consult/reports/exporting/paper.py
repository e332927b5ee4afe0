"""A finished document as plain values: what every writer takes. Pure.

Texts are data throughout: no writer takes any of it for markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

# What no XML may hold. A line break stays: the writers know it.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


# A file's property can't be longer.
LONGEST_TITLE = 255


def _in_one_line(text: str) -> str:
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:LONGEST_TITLE]


@dataclass(frozen=True)
class Run:
    """Words of one look; `address` makes a link of them."""

    text: str
    is_underlined: bool = False
    is_bold: bool = False
    address: str = ""
    is_struck: bool = False

    @property
    def lines(self) -> list[str]:
        """The words line by line, without what can't be printed."""
        return _UNPRINTABLE.sub(" ", self.text.replace("\r\n", "\n")).split("\n")


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str, *, is_bold: bool = False) -> "Paragraph":
        """A paragraph of one look."""
        return cls((Run(text, is_bold=is_bold),))

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Heading:
    """`level` 1 stands under the title of the whole."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Cell:
    paragraphs: tuple[Paragraph, ...] = ()

    @classmethod
    def of(cls, text: str, *, is_bold: bool = False) -> "Cell":
        """A cell of one paragraph; an empty text makes an empty cell."""
        return cls((Paragraph.of(text, is_bold=is_bold),) if text else ())


@dataclass(frozen=True)
class Table:
    """Rows of as many cells as the head has; `widths` are the columns' shares of the page."""

    head: tuple[Cell, ...]
    rows: Sequence[Sequence[Cell]]
    widths: tuple[int, ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Paper:
    """A document; `language` is a tag such as zh-TW, `made_at` goes into its properties.

    `footer` stands at the foot of every page, before the page's number.
    """

    title: str
    language: str
    author: str
    made_at: datetime
    blocks: Sequence[Block]
    is_wide: bool = False
    footer: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "author", "footer"):
            object.__setattr__(self, name, _in_one_line(getattr(self, name)))

    @property
    def language_alone(self) -> str:
        return self.language.partition("-")[0]

    @property
    def region(self) -> str:
        """TW of zh-TW; empty where the tag names none."""
        return self.language.partition("-")[2].upper()

    @property
    def latin(self) -> str:
        """The language of what stands in Latin letters: by Chinese rules its words would break."""
        return "en-US" if self.language_alone == "zh" else self.language

    @property
    def text(self) -> str:
        """All words in reading order, paragraph by paragraph: what a reader gets."""
        return "\n".join([self.title, *(line for block in self.blocks for line in _lines(block))])


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        for row in (block.head, *block.rows):
            for cell in row:
                yield from (paragraph.text for paragraph in cell.paragraphs)
    else:
        yield block.text
