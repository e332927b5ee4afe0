"""Words that no dictionary has, and terms of several words, found in the comments themselves.

What a dictionary lacks it cuts to crumbs: 少, 子女, 化. A stretch of words is one where they stand
together far more often than by chance (pointwise mutual information at the weakest joint) and
where what stands before and behind varies (entropy), as in `consult.document.discovering`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.themes.corpus import MIX, Integers, Rows
from consult.reports.analysing.themes.reading import BORDER
from consult.reports.analysing.themes.words import Classes

# More comments, more chances: a stretch must stand once in so many of the sample.
ONCE_IN = 2_000
LONGEST = 4
# No word has so many numbers.
BITS = 21

# Words side by side, by their numbers.
Stretch = tuple[int, ...]


@dataclass(frozen=True)
class Measure:
    """What makes a stretch of words keep together: how often it stands there, how much closer
    its words are than by chance, how varied what stands beside it is."""

    times: int
    cohesion: float
    freedom: float


# A word cut to crumbs is joined for good: that asks for more than showing two words as one term.
OF_A_WORD, OF_A_TERM = Measure(3, 3.0, 1.0), Measure(2, 3.0, 0.6)


def find_phrases(rows: Rows, classes: Classes, measure: Measure) -> list[Stretch]:
    """Every stretch of two to four words that keeps together."""
    words = _with_borders(rows)
    least = max(measure.times, len(rows.lengths) // ONCE_IN)
    counts = np.bincount(words, minlength=len(classes.may_edge))
    total = max(int((words != BORDER).sum()), 1)
    found: list[Stretch] = []
    # By length: the stretch that begins at each place, as a number of its own; -1 for none.
    ids = words.copy()
    ids[~classes.may_join[words]] = -1
    times_of: list[Integers] = [np.empty(0, np.int64), counts]
    at: list[Integers] = [np.empty(0, np.int64), ids]
    for length in range(2, LONGEST + 1):
        shorter = at[length - 1]
        begin, last = shorter[: len(words) - length + 1], words[length - 1 :]
        is_one = (begin >= 0) & classes.may_join[last]
        places = np.flatnonzero(is_one)
        _, inverse, times = np.unique(
            (begin[places] << BITS) | last[places], return_inverse=True, return_counts=True
        )
        longer = np.full(len(words), -1, np.int64)
        # What is too rare itself is part of nothing that is frequent.
        longer[places] = np.where(times[inverse] >= least, inverse, -1)
        times_of.append(times)
        at.append(longer)
        found += _those_that_keep_together(words, at, times_of, length, total, classes, measure)
    return found


def _those_that_keep_together(
    words: Integers,
    at: list[Integers],
    times_of: list[Integers],
    length: int,
    total: int,
    classes: Classes,
    measure: Measure,
) -> list[Stretch]:
    stretch = at[length]
    places = np.flatnonzero(stretch >= 0)
    places = places[classes.may_edge[words[places]] & classes.may_edge[words[places + length - 1]]]
    if not len(places):
        return []
    ids, first, inverse = np.unique(stretch[places], return_index=True, return_inverse=True)
    times = times_of[length][ids]
    cohesion = np.full(len(ids), np.inf)
    for cut in range(1, length):
        left = times_of[cut][at[cut][places[first]]]
        right = times_of[length - cut][at[length - cut][places[first] + cut]]
        cohesion = np.minimum(cohesion, np.log(times * total / (left * right)))
    before = np.where(places > 0, words[places - 1], BORDER)
    behind = words[np.minimum(places + length, len(words) - 1)]
    freedom = np.minimum(_freedom(inverse, before, len(ids)), _freedom(inverse, behind, len(ids)))
    good = (cohesion >= measure.cohesion) & (freedom >= measure.freedom)
    return [
        tuple(words[places[first[n]] : places[first[n]] + length].tolist())
        for n in np.flatnonzero(good)
    ]


def _freedom(stretches: Integers, neighbours: Integers, how_many: int) -> NDArray[np.float64]:
    """How varied what stands beside each is; a border is another neighbour each time."""
    totals = np.bincount(stretches, minlength=how_many)
    is_border = neighbours == BORDER
    key, times = np.unique(
        (stretches[~is_border] << BITS) | neighbours[~is_border], return_counts=True
    )
    of = key >> BITS
    shares = times / totals[of]
    entropy = np.bincount(of, weights=-shares * np.log(shares), minlength=how_many)
    borders = np.bincount(stretches[is_border], minlength=how_many)
    return entropy + borders / totals * np.log(np.maximum(totals, 1))


def _with_borders(rows: Rows) -> Integers:
    """All words side by side with a border behind each comment."""
    ends = np.cumsum(rows.lengths)
    return np.insert(rows.words, ends, BORDER).astype(np.int64)


def is_one_word(phrase: Stretch, classes: Classes) -> bool:
    """Whether it is a word that was cut to crumbs, rather than a term of several words."""
    crumbs = classes.is_crumb[list(phrase)]
    return bool(crumbs.all() or (crumbs.any() and not classes.leads[phrase[0]]))


class Joining:
    """Puts stretches of words together into words of their own, the longest first."""

    def __init__(self, phrases: Sequence[Stretch], *, first_number: int) -> None:
        self._by_length: dict[int, dict[tuple[int, ...], int]] = {}
        for number, phrase in enumerate(phrases, start=first_number):
            self._by_length.setdefault(len(phrase), {})[phrase] = number
        self._tables = [
            (length, _Table(stretches))
            for length, stretches in sorted(self._by_length.items(), reverse=True)
        ]

    def joined(self, rows: Rows) -> Rows:
        words, owners = rows.words, rows.owners
        for length, table in self._tables:
            words, owners = table.applied(words, owners, length)
        return Rows(words, np.bincount(owners, minlength=len(rows.lengths)))


class _Table:
    """Stretches of one length, looked up at many places at once."""

    def __init__(self, stretches: dict[Stretch, int]) -> None:
        parts = np.array(list(stretches), np.int64)
        self._starts = _flagged(parts[:, 0])
        self._seconds = _flagged(parts[:, 1])
        keys = _keys(list(parts.T))
        order = np.argsort(keys, kind="stable")
        self._keys, self._parts = keys[order], parts[order]
        self._numbers = np.array(list(stretches.values()), np.int64)[order]

    def applied(self, words: Integers, owners: Integers, length: int) -> tuple[Integers, Integers]:
        fits = max(len(words) - length + 1, 0)
        known = np.minimum(words, len(self._starts) - 1)
        may = self._starts[known[:fits]]
        known = np.minimum(words, len(self._seconds) - 1)
        may &= self._seconds[known[1 : fits + 1]]
        may &= owners[:fits] == owners[length - 1 :][:fits]
        places = np.flatnonzero(may)
        parts = [words[places + offset] for offset in range(length)]
        found = np.minimum(np.searchsorted(self._keys, _keys(parts)), len(self._keys) - 1)
        is_one = np.ones(len(places), np.bool_)
        for offset, part in enumerate(parts):
            is_one &= self._parts[found, offset] == part
        is_one[is_one] = _apart(places[is_one], length)
        places = places[is_one]
        joined = words.copy()
        joined[places] = self._numbers[found[is_one]]
        is_left = np.ones(len(words), np.bool_)
        for offset in range(1, length):
            is_left[places + offset] = False
        return joined[is_left], owners[is_left]


def _flagged(numbers: Integers) -> NDArray[np.bool_]:
    """Which numbers these are; the last flag stands for all greater ones."""
    flags = np.zeros(int(numbers.max()) + 2, np.bool_)
    flags[numbers] = True
    return flags


def _keys(parts: Sequence[Integers]) -> NDArray[np.uint64]:
    """A number for each stretch; different ones may share one, if seldom."""
    key = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        key = (key ^ part.astype(np.uint64)) * MIX
    return key


def _apart(places: Integers, length: int) -> NDArray[np.bool_]:
    """Which of these stretches to take, from the left, so that none overlaps another."""
    taken = np.ones(len(places), np.bool_)
    close = np.flatnonzero(np.diff(places) < length) + 1
    last = -length
    for place in close.tolist():
        before = int(places[place - 1]) if taken[place - 1] else last
        taken[place] = places[place] - before >= length
        last = before
    return taken
