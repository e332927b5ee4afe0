"""Which enumerators count: one that starts a sequence, or goes on with one that is open.

The same mark at the start of a line may be the next item, the first of a list within an item, or
a piece of a sentence that happened to wrap there; only the order tells.
"""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from consult.document.numbering import HEADING_ROLES, Enumerator, Role

_FURTHEST_SKIP = 3
_DEEPEST_NESTING = 8


class Place(IntEnum):
    """How an enumerator stands to the sequences open before it; the smaller, the surer."""

    FOLLOWS = auto()
    STARTS = auto()
    SKIPS = auto()  # goes on with a sequence, but a number or two is missing
    STRAYS = auto()


@dataclass
class _Chain:
    number: int
    last: tuple[int, ...]


class Sequences:
    """The sequences open at one place of a text."""

    def __init__(self) -> None:
        self._open: dict[str, deque[_Chain]] = {}
        self._headings: set[str] = set()
        self._count = 0

    def place(self, enumerator: Enumerator) -> Place:
        """Where `enumerator` would stand."""
        if enumerator.role is Role.BULLET:
            return Place.STARTS
        chains = self._open.get(enumerator.sequence, ())
        if any(enumerator.follows(chain.last) for chain in chains):
            return Place.FOLLOWS
        if enumerator.begins():
            return Place.STARTS
        if any(_skips(chain.last, enumerator.ordinal) for chain in chains):
            return Place.SKIPS
        return Place.STRAYS

    def take(self, enumerator: Enumerator) -> int:
        """Count `enumerator`; returns the number of the sequence that it belongs to.

        Of several open sequences of one style, the innermost that fits is meant, and those within
        it end.
        """
        if enumerator.role in HEADING_ROLES:
            self._headings.add(enumerator.sequence)
        chains = self._open.setdefault(enumerator.sequence, deque(maxlen=_DEEPEST_NESTING))
        place = self.place(enumerator)
        while place in (Place.FOLLOWS, Place.SKIPS) and chains:
            chain = chains[-1]
            if enumerator.follows(chain.last) or (
                place is Place.SKIPS and _skips(chain.last, enumerator.ordinal)
            ):
                chain.last = enumerator.ordinal
                return chain.number
            chains.pop()
        self._count += 1
        chains.append(_Chain(self._count, enumerator.ordinal))
        return self._count

    def close_lists(self) -> None:
        """End every list, as a heading does; chapters and articles go on."""
        self._open = {name: self._open[name] for name in self._open if name in self._headings}


def _skips(earlier: tuple[int, ...], later: tuple[int, ...]) -> bool:
    return 0 < later[0] - earlier[0] <= _FURTHEST_SKIP


def longest_rise(ordinals: Sequence[tuple[int, ...]]) -> set[int]:
    """The places of the longest strictly rising run: 1, 2, 50, 3, 4 without the 50.

    A law's article numbers rise from first to last, so what breaks the rise is a citation.
    """
    tails: list[tuple[int, ...]] = []
    tail_places: list[int] = []
    before: list[int | None] = []
    for place, ordinal in enumerate(ordinals):
        length = bisect.bisect_left(tails, ordinal)
        before.append(tail_places[length - 1] if length else None)
        tails[length : length + 1] = [ordinal]
        tail_places[length : length + 1] = [place]
    found: set[int] = set()
    step = tail_places[-1] if tail_places else None
    while step is not None:
        found.add(step)
        step = before[step]
    return found
