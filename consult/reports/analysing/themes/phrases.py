"""Words that no dictionary has, and terms of several words, found in the comments themselves.

What a dictionary lacks it cuts to crumbs: 少, 子女, 化. A stretch of words is one where they stand
together far more often than by chance (pointwise mutual information at the weakest joint) and
where what stands before and behind varies (entropy), as in `consult.document.discovering`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.themes.corpus import Integers, Rows
from consult.reports.analysing.themes.reading import BORDER
from consult.reports.analysing.themes.words import Classes

LEAST_TIMES = 3
# More comments, more chances: a stretch must stand once in so many of the sample.
ONCE_IN = 2_000
LEAST_COHESION = 3.0
LEAST_FREEDOM = 1.0
LONGEST = 4
MOST_CHARACTERS = 8
# No word has so many numbers.
BITS = 21

# Words side by side, by their numbers.
Stretch = tuple[int, ...]


def find_phrases(rows: Rows, classes: Classes) -> list[Stretch]:
    """Every stretch of two to four words that keeps together."""
    words = _with_borders(rows)
    least = max(LEAST_TIMES, len(rows.lengths) // ONCE_IN)
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
        keys, inverse, times = np.unique(
            (begin[places] << BITS) | last[places], return_inverse=True, return_counts=True
        )
        longer = np.full(len(words), -1, np.int64)
        # What is too rare itself is part of nothing that is frequent.
        longer[places] = np.where(times[inverse] >= least, inverse, -1)
        times_of.append(times)
        at.append(longer)
        found += _those_that_keep_together(words, at, times_of, length, total, classes, least)
        del keys
    return found


def _those_that_keep_together(
    words: Integers,
    at: list[Integers],
    times_of: list[Integers],
    length: int,
    total: int,
    classes: Classes,
    least: int,
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
    good = (times >= least) & (cohesion >= LEAST_COHESION) & (freedom >= LEAST_FREEDOM)
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

    def __init__(self, stretches: dict[tuple[int, ...], int]) -> None:
        size = max(max(parts) for parts in stretches) + 2
        self._starts = np.zeros(size, np.bool_)
        self._starts[[parts[0] for parts in stretches]] = True
        self._seconds = np.zeros(size, np.bool_)
        self._seconds[[parts[1] for parts in stretches]] = True
        self._stretches = stretches
        self._size = size

    def applied(self, words: Integers, owners: Integers, length: int) -> tuple[Integers, Integers]:
        if len(words) < length:
            return words, owners
        known = np.where(words < self._size, words, self._size - 1)
        may = self._starts[known[: len(words) - length + 1]]
        may &= self._seconds[known[1 : len(words) - length + 2]]
        may &= owners[: len(words) - length + 1] == owners[length - 1 :]
        joined = words.copy()
        is_left = np.ones(len(words), np.bool_)
        free_from = 0
        places = np.flatnonzero(may)
        for place, stretch in zip(
            places.tolist(),
            map(tuple, np.stack([words[places + n] for n in range(length)], axis=1).tolist()),
            strict=True,
        ):
            number = self._stretches.get(stretch)
            if number is not None and place >= free_from:
                joined[place] = number
                is_left[place + 1 : place + length] = False
                free_from = place + length
        return joined[is_left], owners[is_left]
