"""OpenDocument's lists: which number is printed before which item or heading.

A list goes on with an earlier one, or begins anew; a list within an item is one level deeper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consult.document.sources.numerals import before, open_document_numeral
from consult.document.sources.parts import Element, attribute, local, number_in

BULLET = "•"
DEEPEST = 10
_PLACE = re.compile(r"%([0-9]{1,2})%")


@dataclass(frozen=True)
class Level:
    """How one level is numbered. `pattern` (%1%.%2%、) comes before prefix and suffix."""

    form: str = ""
    prefix: str = ""
    suffix: str = ""
    pattern: str = ""
    shown: int = 1
    start: int = 1
    bullet: bool = False


Levels = dict[int, Level]


class ListStyles:
    """The styles of lists in a document, and that of its headings."""

    def __init__(self, parts: Iterable[Element | None]) -> None:
        self._styles: dict[str, Levels] = {}
        self.of_headings: Levels = {}
        for part in parts:
            for each in part.iter() if part is not None else ():
                if local(each) == "list-style":
                    self._styles[attribute(each, "name") or ""] = dict(_levels(each))
                elif local(each) == "outline-style":
                    self.of_headings = dict(_levels(each))

    def named(self, name: str) -> Levels:
        return self._styles.get(name, {})


@dataclass
class Counting:
    """How far each level of one list has come."""

    levels: Levels
    counts: dict[int, int] = field(default_factory=dict)

    def numbered(self, text: str, *, depth: int, start: int | None = None) -> str:
        """The text of the next item at this depth (from 1) with its number before it."""
        level = self.levels.get(depth, Level())
        if start is not None:
            self.counts[depth] = start
        else:
            self.counts[depth] = self.counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in self.counts if each > depth]:
            del self.counts[deeper]
        if not text.strip():
            return text
        if level.bullet:
            return f"{BULLET} {text}"
        return before(text, number=self._printed(depth, level))

    def _printed(self, depth: int, level: Level) -> str:
        if not level.form:
            return ""
        if level.pattern:
            return _PLACE.sub(lambda place: self._numeral(int(place[1])), level.pattern).strip()
        shown = range(max(1, depth - level.shown + 1), depth + 1)
        numerals = filter(None, map(self._numeral, shown))
        return f"{level.prefix}{'.'.join(numerals)}{level.suffix}".strip()

    def _numeral(self, depth: int) -> str:
        level = self.levels.get(depth, Level())
        if not level.form:
            return ""
        return open_document_numeral(self.counts.get(depth, level.start), form=level.form)


def _levels(style: Element) -> Iterator[tuple[int, Level]]:
    for each in style:
        depth = number_in(each, "level") or 0
        if 0 < depth <= DEEPEST:
            start = number_in(each, "start-value")
            yield (
                depth,
                Level(
                    form=attribute(each, "num-format") or "",
                    prefix=attribute(each, "num-prefix") or "",
                    suffix=attribute(each, "num-suffix") or "",
                    pattern=attribute(each, "num-list-format") or "",
                    shown=number_in(each, "display-levels") or 1,
                    start=1 if start is None else start,
                    bullet=local(each) in ("list-level-style-bullet", "list-level-style-image"),
                ),
            )
