"""Word's automatic numbering: which number is printed before which paragraph.

A paragraph names a list and a level; the list (`w:num`) leads to the definition that it shares
with others (`w:abstractNum`), in which its numbers are counted on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.document.sources.numerals import before, word_numeral
from consult.document.sources.parts import Element, all_named, attribute, local, named, number_in

BULLET = "•"
DEEPEST = 9
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered; `restarts_after` as in Word, None after any above."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    close: bool = False
    legal: bool = False
    restarts_after: int | None = None
    style: str | None = None


@dataclass
class Definition:
    """Levels counted together, and how far each has come."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass
class List:
    """One use of a definition, which may begin levels anew."""

    definition: Definition
    own_levels: dict[int, Level]
    starts: dict[int, int]
    begun: set[int] = field(default_factory=set)

    def level(self, depth: int) -> Level:
        return self.own_levels.get(depth) or self.definition.levels.get(depth) or Level()


class Numbering:
    """The lists of a document, counted on paragraph by paragraph."""

    def __init__(self, part: Element | None, *, list_of_style: Mapping[str, str]) -> None:
        """`list_of_style` gives the list that a numbering style names."""
        self._lists: dict[str, List] = {}
        if part is None:
            return
        abstract = {
            attribute(each, "abstractNumId") or "": each for each in all_named(part, "abstractNum")
        }
        leads_to = {
            attribute(each, "numId") or "": attribute(named(each, "abstractNumId"), "val") or ""
            for each in all_named(part, "num")
        }
        definitions: dict[str, Definition] = {}
        for each in all_named(part, "num"):
            key = leads_to[attribute(each, "numId") or ""]
            linked = attribute(_child(abstract.get(key), "numStyleLink"), "val")
            if linked is not None:
                key = leads_to.get(list_of_style.get(linked, ""), key)
            if key not in definitions:
                definitions[key] = Definition(_levels(abstract.get(key)))
            self._lists[attribute(each, "numId") or ""] = _list(each, definitions[key])

    def depth_of_style(self, key: str, style: str) -> int:
        """The level of the list that this paragraph style stands for; the first by default."""
        found = self._lists.get(key)
        if found is None:
            return 0
        levels = found.definition.levels | found.own_levels
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def numbered(self, text: str, *, key: str, depth: int) -> str:
        """The text of the next paragraph of this list with its number before it."""
        found = self._lists.get(key)
        if found is None or not 0 <= depth < DEEPEST:
            return text
        self._count(found, depth)
        level = found.level(depth)
        if not text.strip():
            return text
        if level.form == "bullet":
            return f"{BULLET} {text}"
        return before(text, number=_printed(found, depth), close=level.close)

    def _count(self, found: List, depth: int) -> None:
        counts = found.definition.counts
        if depth in found.starts and depth not in found.begun:
            counts[depth] = found.starts[depth]
        elif depth in counts:
            counts[depth] += 1
        else:
            counts[depth] = found.level(depth).start
        found.begun.add(depth)
        for deeper in [each for each in counts if each > depth]:
            restarts = found.level(deeper).restarts_after
            if restarts is None or depth < restarts:
                del counts[deeper]


def _printed(found: List, depth: int) -> str:
    own = found.level(depth)

    def numeral(place: re.Match[str]) -> str:
        level = found.level(int(place[1]) - 1)
        number = found.definition.counts.get(int(place[1]) - 1, level.start)
        if level.form == "none":
            return ""
        return word_numeral(number, form="decimal" if own.legal else level.form)

    return "" if own.form == "none" else _PLACE.sub(numeral, own.pattern).strip()


def _child(element: Element | None, name: str) -> Element | None:
    return None if element is None else named(element, name)


def _levels(abstract: Element | None) -> dict[int, Level]:
    if abstract is None:
        return {}
    return {number_in(each, "ilvl") or 0: _level(each) for each in all_named(abstract, "lvl")}


def _level(element: Element) -> Level:
    start = number_in(named(element, "start"), "val")
    legal = named(element, "isLgl")
    return Level(
        # Word counts from nought where it is told no start.
        start=0 if start is None else start,
        form=_form(element),
        pattern=attribute(named(element, "lvlText"), "val") or "",
        close=attribute(named(element, "suff"), "val") == "nothing",
        legal=legal is not None and attribute(legal, "val") not in ("0", "false", "off"),
        restarts_after=number_in(named(element, "lvlRestart"), "val"),
        style=attribute(named(element, "pStyle"), "val"),
    )


def _form(element: Element) -> str:
    """The way of counting; a newer one has an older one beside it, to fall back on."""
    found = named(element, "numFmt")
    if found is None:
        *_newer, found = [None, *(each for each in element.iter() if local(each) == "numFmt")]
    return attribute(found, "val") or "decimal"


def _list(element: Element, definition: Definition) -> List:
    own_levels, starts = {}, {}
    for override in all_named(element, "lvlOverride"):
        depth = number_in(override, "ilvl") or 0
        level, start = named(override, "lvl"), named(override, "startOverride")
        if level is not None:
            own_levels[depth] = _level(level)
        if start is not None:
            starts[depth] = number_in(start, "val") or 0
    return List(definition, own_levels, starts)
