"""Group texts that are alike, without keeping their words: by hashed pairs of characters.

What is compared is the difference from a text they all start from, where there is one: two
proposals for one long provision are alike only where they change it alike.
"""

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.document.segmenting import fold

Numbers = NDArray[np.int64]

# Of a hundred: what two differences must share to be alike. More than half, since a text that
# changes something else as well is another proposal.
LEAST = 51
# So many different texts of one place are compared with so many that came before them.
MOST_COMPARED = 20_000
MOST_LEADERS = 300
# Marks and spaces, except a mark between digits, as in 3.5.
_BARE_OF = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Marks:
    """What tells a text from others: how many pairs it has, and those that it changed.

    `changed` holds the hashes of pairs that are not in the first text, and, negative, of those
    that are only there.
    """

    size: int
    changed: frozenset[int]


class Original:
    """The text that others were made from; an empty one for texts made from none."""

    def __init__(self, text: str = "") -> None:
        self._bare = bare(text)
        self._pairs = pairs(self._bare)

    def read(self, text: str) -> "Reading":
        """What the text is compared by."""
        return Reading(self, text, bare(text))

    def key(self, reading: "Reading") -> str:
        told = reading.bare
        if told == self._bare:
            told = "\n" + _SPACES.sub("", fold(reading.text).text)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def marks(self, reading: "Reading") -> Marks:
        found = pairs(reading.bare)
        put_in, taken_out = found - self._pairs, self._pairs - found
        changed = {_hash(pair) for pair in put_in} | {-_hash(pair) for pair in taken_out}
        return Marks(len(found), frozenset(changed))


@dataclass(frozen=True)
class Reading:
    """A text made from an original."""

    original: Original
    text: str
    bare: str

    @property
    def key(self) -> str:
        """The same for texts that differ in width, case, spaces and marks alone.

        Where marks are all that was changed in the original, they tell.
        """
        return self.original.key(self)

    @property
    def marks(self) -> Marks:
        """For telling what is nearly the same."""
        return self.original.marks(self)


def bare(text: str) -> str:
    """The text folded, without spaces and marks."""
    return _BARE_OF.sub("", fold(text).text)


def pairs(text: str) -> frozenset[str]:
    """Every two characters that stand side by side."""
    return frozenset(text[place : place + 2] for place in range(max(1, len(text) - 1)) if text)


def leaders(marks: Sequence[Marks], *, least: int = LEAST, most: int = MOST_LEADERS) -> list[int]:
    """For each text the place of the one it goes under, or its own place where it leads.

    The first texts lead, so they are to come by weight. One goes under the leader that it is most
    alike; of two, under the first. So many lead others; whatever comes later stands by itself.
    """
    if len(marks) == 1:
        return [0]
    leading = _Leaders(marks[:MOST_COMPARED], most)
    found: list[int] = []
    for place, each in enumerate(marks[:MOST_COMPARED]):
        nearest, likeness = leading.nearest(each)
        if likeness >= least:
            found.append(nearest)
        else:
            found.append(place)
            leading.add(place, each)
    return [*found, *range(MOST_COMPARED, len(marks))]


class _Leaders:
    """The texts that lead so far, so that what a text shares with all of them is one sum."""

    def __init__(self, marks: Sequence[Marks], most: int) -> None:
        times = Counter(pair for each in marks for pair in each.changed)
        # What stands in one text alone is shared with none.
        shared = (pair for pair, count in times.items() if count > 1)
        self._rows = {pair: row for row, pair in enumerate(shared)}
        self._most = min(most, len(marks))
        self._has = np.zeros((len(self._rows), self._most), np.uint8)
        self._sizes = np.zeros(self._most, np.int64)
        self._changed = np.zeros(self._most, np.int64)
        self._places: list[int] = []

    def add(self, place: int, marks: Marks) -> None:
        column = len(self._places)
        if column < self._most:
            self._has[self._rows_of(marks), column] = 1
            self._sizes[column] = marks.size
            self._changed[column] = len(marks.changed)
            self._places.append(place)

    def nearest(self, marks: Marks) -> tuple[int, float]:
        """The place of the leader that it is most alike, the first of equals, and how much."""
        if not self._places or not marks.changed:
            return 0, 0.0
        leading = slice(len(self._places))
        shared = self._has[self._rows_of(marks)].sum(axis=0, dtype=np.int64)[leading]
        likenesses = _alikeness(
            shared=shared,
            changed=self._changed[leading] + len(marks.changed),
            sizes=self._sizes[leading] + marks.size,
        )
        column = int(np.argmax(likenesses))
        return self._places[column], float(likenesses[column])

    def _rows_of(self, marks: Marks) -> list[int]:
        return [self._rows[pair] for pair in marks.changed if pair in self._rows]


def alikeness(one: Marks, other: Marks) -> float:
    """Of a hundred, what the changes share, or the whole texts, where that is less."""
    found = _alikeness(
        shared=np.array([len(one.changed & other.changed)]),
        changed=np.array([len(one.changed) + len(other.changed)]),
        sizes=np.array([one.size + other.size]),
    )
    return float(found[0])


def _alikeness(*, shared: Numbers, changed: Numbers, sizes: Numbers) -> NDArray[np.float64]:
    """Given what two texts changed alike, and what both changed and have, added up."""
    either = changed - shared
    # What was changed in one and not in the other is exactly what the texts differ in.
    apart = either - shared
    in_all = (sizes + apart) / 2
    of_changes = 100 * shared / np.maximum(either, 1)
    of_texts = 100 * (in_all - apart) / np.maximum(in_all, 1)
    found: NDArray[np.float64] = np.minimum(of_changes, of_texts)
    return found


def _hash(pair: str) -> int:
    # Never 0, which has no sign.
    return zlib.crc32(pair.encode()) + 1
