"""Which of many bare texts are nearly the same. Pure.

Texts meet in the bands of their signatures, and those that met are compared. Groups are what is
connected by pairs that are near, so neither the order of the texts nor how they are divided makes
a difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from comments.nearness import BANDS, SIGNATURE, Compared, Pairs, Signatures, band

Labels = NDArray[np.int64]

# In a crowded band each text is compared with so many before it: enough to connect them all.
MOST_NEIGHBOURS = 4
# Exemplars of a group with which those that met nobody are compared once more.
EXEMPLARS, MOST_EXEMPLARS = 6, 3000
# Of the signatures of two that meet, so much must be equal before they are compared: in a band,
# and with an exemplar.
EQUAL_IN_BAND, EQUAL_TO_EXEMPLAR = 0.13, 0.06
PAIRS_AT_ONCE = 50_000


@dataclass(frozen=True)
class Texts:
    """Bare texts with their signatures, by place; no two are the same."""

    bare: Iterable[str]
    signatures: Signatures


def groups(texts: Texts) -> list[list[int]]:
    """The places of texts that are nearly the same, each group in order, by its first."""
    grouping = _Grouping(texts)
    for number in range(BANDS):
        for pairs in _neighbours(band(texts.signatures, number)):
            grouping.compare(pairs, EQUAL_IN_BAND)
    grouping.compare(_met_by_exemplars(texts, grouping.labels), EQUAL_TO_EXEMPLAR)
    order = np.argsort(grouping.labels, kind="stable")
    _, starts = np.unique(grouping.labels[order], return_index=True)
    parts = np.split(order, starts[1:])
    return [places.tolist() for places in parts if len(places) > 1]


class _Grouping:
    """Which texts are connected so far: `labels` are the first place of each one's group."""

    def __init__(self, texts: Texts) -> None:
        self._signatures = texts.signatures
        self._compared = Compared(texts.bare)
        self._size = len(texts.signatures)
        self.labels: Labels = np.arange(self._size)
        # Pairs that were compared and are not near, as numbers, sorted.
        self._strangers = np.zeros(0, dtype=np.int64)

    def compare(self, pairs: Pairs, least: float) -> None:
        """Connect those pairs that are near; what is connected already is not asked."""
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            some = self._to_compare(pairs[start : start + PAIRS_AT_ONCE], least)
            if not len(some):
                continue
            near = self._compared.are_near(some)
            self._connect(some[near])
            far = some[~near]
            both = np.concatenate([self._strangers, far[:, 0] * self._size + far[:, 1]])
            # Two sorted runs, which this way of sorting merges.
            self._strangers = np.sort(both, kind="stable")

    def _to_compare(self, pairs: Pairs, least: float) -> Pairs:
        """Those not connected nor compared yet whose signatures are equal enough, each once."""
        apart = pairs[self.labels[pairs[:, 0]] != self.labels[pairs[:, 1]]]
        theirs = self._signatures
        equal = (theirs[apart[:, 0]] == theirs[apart[:, 1]]).mean(axis=1)
        alike = apart[equal >= least]
        keys = np.sort(alike.min(axis=1) * self._size + alike.max(axis=1))
        new = np.searchsorted(self._strangers, keys, side="left") == np.searchsorted(
            self._strangers, keys, side="right"
        )
        new[1:] &= keys[1:] != keys[:-1]
        return np.stack(np.divmod(keys[new], max(self._size, 1)), axis=1)

    def _connect(self, pairs: Pairs) -> None:
        if not len(pairs):
            return
        labels, ends = np.unique(self.labels[pairs], return_inverse=True)
        one, other = ends.reshape(-1, 2).T
        ones = np.ones(len(pairs), dtype=np.int8)
        graph = coo_array((ones, (one, other)), shape=(len(labels), len(labels)))
        _, component = connected_components(graph, directed=False)
        # Labels are sorted: the first of each component is its smallest.
        _, first = np.unique(component, return_index=True)
        new = np.arange(self._size)
        new[labels] = labels[first][component]
        self.labels = new[self.labels]


def _neighbours(hashes: NDArray[np.int64]) -> Iterator[Pairs]:
    """Pairs of places with the same hash: next to each other, then one further, and so on."""
    order = np.argsort(hashes, kind="stable")
    sorted_hashes = hashes[order]
    for step in range(1, MOST_NEIGHBOURS + 1):
        same = np.flatnonzero(sorted_hashes[step:] == sorted_hashes[:-step])
        if not same.size:
            break
        yield np.stack([order[same], order[same + step]], axis=1)


def _met_by_exemplars(texts: Texts, labels: Labels) -> Pairs:
    """Who met nobody, with the exemplars of groups that share two numbers in a row with them."""
    sizes = np.bincount(labels, minlength=len(labels))
    alone = np.flatnonzero(sizes[labels] == 1)
    exemplars = _exemplars(labels, sizes)
    if not exemplars.size or not alone.size:
        return np.zeros((0, 2), dtype=np.int64)
    found = []
    for column in range(0, SIGNATURE, 2):
        theirs = _paired(texts.signatures[exemplars], column)
        ours = _paired(texts.signatures[alone], column)
        order = np.argsort(theirs, kind="stable")
        places = np.searchsorted(theirs, ours, sorter=order)
        # One exemplar a place and column is enough: there are sixty columns.
        met = order[np.minimum(places, len(theirs) - 1)]
        hit = np.flatnonzero(theirs[met] == ours)
        found.append(np.stack([exemplars[met[hit]], alone[hit]], axis=1))
    return np.concatenate(found)


def _paired(signature: Signatures, column: int) -> NDArray[np.uint32]:
    high = signature[:, column].astype(np.uint32) << np.uint32(16)
    return high | signature[:, column + 1]


def _exemplars(labels: Labels, sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first texts of each group, of the largest groups where there are too many."""
    heads = np.flatnonzero(sizes > 1)
    largest = heads[np.lexsort((heads, -sizes[heads]))][: MOST_EXEMPLARS // EXEMPLARS]
    is_large = np.zeros(len(labels), dtype=np.bool_)
    is_large[largest] = True
    members = np.flatnonzero(is_large[labels])
    order = members[np.argsort(labels[members], kind="stable")]
    _, starts, counts = np.unique(labels[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    return np.sort(order[rank < EXEMPLARS])
