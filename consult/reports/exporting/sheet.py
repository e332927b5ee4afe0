"""Tables as plain values: what every writer of sheets takes. Pure.

A value is never read as markup or as a formula, whatever it begins with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, islice

from django.utils.functional import Promise

Value = str | int | float | bool | date | None
Words = str | Promise
Row = Sequence[Value]

# What no XML may hold; tabs and line feeds stay.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# What the name of a sheet can't hold, and how long it may be.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
# With its head; both Excel and Calc end there.
MOST_ROWS = 1_048_576


class Kind(StrEnum):
    """What a column holds. A choice is written by its code where machines read, else by its name.

    A moment is text, in ISO 8601 with its zone, which the dates of spreadsheets haven't.
    """

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """One column; `width` in characters."""

    name: str
    kind: Kind
    heading: Words
    meaning: Words
    unit: Words = ""
    example: str = ""
    choices: Mapping[str, Words] = field(default_factory=dict)
    width: int = 16

    def named(self, value: Value) -> Value:
        """The value as people read it."""
        if self.kind == Kind.CHOICE and value:
            return str(self.choices[str(value)])
        return value


@dataclass(frozen=True)
class Layout:
    """What a sheet is called, what a row of it is, and its columns."""

    name: str
    title: Words
    meaning: Words
    columns: Sequence[Column]


@dataclass(frozen=True)
class Sheet:
    """A layout and its rows, which are asked for once, when they are written."""

    layout: Layout
    rows: Iterable[Row]


@dataclass(frozen=True)
class Book:
    """Sheets that make one file."""

    title: str
    author: str
    language: str
    made_at: datetime
    sheets: Sequence[Sheet]


def printable(text: str) -> str:
    """The text without what can't stand in a file, its lines ended by line feeds alone."""
    return _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_sheets(
    book: Book, *, most_rows: int = MOST_ROWS
) -> Iterator[tuple[str, Sequence[Column], Iterable[Row]]]:
    """Each sheet's own name, its columns and its rows; what one can't hold goes to the next."""
    taken: set[str] = set()
    for sheet in book.sheets:
        rows = iter(sheet.rows)
        title = _NOT_IN_NAMES.sub(" ", str(sheet.layout.title)).strip() or sheet.layout.name
        number, first = 1, next(rows, None)
        while first is not None or number == 1:
            name = _free_name(title, number, taken)
            begun = [] if first is None else [first]
            yield name, sheet.layout.columns, chain(begun, islice(rows, most_rows - 1 - len(begun)))
            number, first = number + 1, next(rows, None)


def _free_name(title: str, number: int, taken: set[str]) -> str:
    """Within the length that there is, and unlike any other, as Excel compares them."""
    while True:
        ending = f" ({number})" if number > 1 else ""
        name = title[: LONGEST_NAME - len(ending)] + ending
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        number += 1
