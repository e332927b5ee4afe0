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

from consult.document.segmenting import fold

# Of a hundred: what two differences must share to be alike. More than half, since a text that
# changes something else as well is another proposal.
LEAST = 51
# So many different texts of one place are compared with each other.
MOST_COMPARED = 5_000
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


def leaders(marks: Sequence[Marks], *, least: int = LEAST) -> list[int]:
    """For each text the place of the one it goes under, or its own place where it leads.

    The first texts lead, so they are to come by weight. One goes under the leader that it is most
    alike; of two, under the first. Beyond so many, nothing is looked for.
    """
    beyond = range(MOST_COMPARED, len(marks))
    marks = marks[:MOST_COMPARED]
    frequency = Counter(pair for each in marks for pair in each.changed)
    by_pair: dict[int, list[int]] = {}
    found: list[int] = []
    for place, each in enumerate(marks):
        telling = _telling(each, frequency, least)
        near = {leader for pair in telling for leader in by_pair.get(pair, ())}
        alike = [
            (-likeness, leader)
            for leader in near
            if (likeness := alikeness(marks[leader], each)) >= least
        ]
        if alike:
            found.append(min(alike)[1])
            continue
        found.append(place)
        for pair in telling:
            by_pair.setdefault(pair, []).append(place)
    return [*found, *beyond]


def alikeness(one: Marks, other: Marks) -> float:
    """Of a hundred, what the changes share, or the whole texts, where that is less."""
    apart = len(one.changed ^ other.changed)
    changed = len(one.changed | other.changed)
    # What was changed in one and not in the other is exactly what the texts differ in.
    in_all = (one.size + other.size + apart) / 2
    if not changed or not in_all:
        return 0.0
    return min(100 * (changed - apart) / changed, 100 * (in_all - apart) / in_all)


def _telling(marks: Marks, frequency: Counter[int], least: int) -> list[int]:
    """The rarest pairs: what shares none of them can't be alike enough (Bayardo et al., 2007)."""
    rarest = sorted(marks.changed, key=lambda pair: (frequency[pair], pair))
    needed = -(-least * len(rarest) // 100)
    return rarest[: len(rarest) - needed + 1]


def _hash(pair: str) -> int:
    # Never 0, which has no sign.
    return zlib.crc32(pair.encode()) + 1
