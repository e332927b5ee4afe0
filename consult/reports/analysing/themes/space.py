"""Words as places in a space, near each other where comments use them together.

Short comments on one matter often share no word; but their words are used together elsewhere. So
each word gets a vector: the strongest directions of the positive pointwise mutual information of
words within comments. A comment is the sum of its words' vectors, rare words weighing more.

Floats differ in their last bits from machine to machine. So vectors are rounded to whole numbers
before anything is decided by them: sums of whole numbers are the same everywhere.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from consult.reports.analysing.themes.corpus import Integers, Rows

Floats = NDArray[np.float64]

DIRECTIONS = 32
MOST_WORDS = 6_000
# A vector's length in whole numbers.
UNIT = 1_024
ROUNDS = 4
SEED = 114_5
MOST_TIMES = 16


@dataclass(frozen=True)
class Space:
    """`words` are the numbers of the words that tell something; each has a weight and a vector."""

    words: Integers
    feature_of: Integers
    weights: Integers
    vectors: Floats

    def counted(self, rows: Rows) -> sp.csr_array:
        """Comments × words: how often, with no more than a few times counted fully."""
        features = np.where(rows.words < len(self.feature_of), rows.words, 0)
        features = self.feature_of[features]
        is_known = features >= 0
        lengths = np.bincount(rows.owners[is_known], minlength=len(rows.lengths))
        table = sp.csr_array(
            (
                np.ones(int(is_known.sum()), np.int64),
                features[is_known],
                np.concatenate([[0], np.cumsum(lengths)]),
            ),
            shape=(len(rows.lengths), len(self.words)),
        )
        table.sum_duplicates()
        return table

    def weighed(self, counts: sp.csr_array) -> sp.csr_array:
        """The same by weight: a word said again says little more."""
        table = counts.copy()
        table.data = _DAMPED[np.minimum(counts.data, MOST_TIMES)] * self.weights[counts.indices]
        return table

    def placed(self, weighed: sp.csr_array) -> Floats:
        """Each comment's vector, of length `UNIT`, in whole numbers; zeros where no word tells."""
        return units(np.floor((weighed @ self.vectors) / UNIT))


_DAMPED = np.rint(16 * (1 + np.log(np.maximum(np.arange(MOST_TIMES + 1), 1)))).astype(np.int64)


def units(vectors: Floats) -> Floats:
    """These vectors of whole numbers (less than 2²⁰) at the length of `UNIT`, rounded again."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    found: Floats = np.rint(vectors / np.maximum(lengths, 1) * UNIT)
    return found


def space_of(rows: Rows, telling: Integers, least: int, most: int = MOST_WORDS) -> Space:
    """The space of those words (ordered by name) that stand in at least so many comments."""
    feature_of = np.full(int(rows.words.max(initial=0)) + 1, -1, np.int64)
    telling = telling[telling < len(feature_of)]
    feature_of[telling] = np.arange(len(telling))
    first = Space(telling, feature_of, np.ones(len(telling), np.int64), np.empty((0, 0)))
    counts = first.counted(rows)
    in_comments = np.bincount(counts.indices, minlength=len(telling))
    good = np.flatnonzero(in_comments >= least)
    if len(good) > most:
        good = np.sort(good[np.lexsort((good, -in_comments[good]))[:most]])
    words = telling[good]
    feature_of = np.full(len(feature_of), -1, np.int64)
    feature_of[words] = np.arange(len(words))
    rarity = np.log((1 + len(rows.lengths)) / (1 + in_comments[good])) + 1
    weights = np.rint(64 * rarity).astype(np.int64)
    return Space(words, feature_of, weights, _directions(counts[:, good]))


def _directions(counts: sp.csr_array) -> Floats:
    """Each word's vector, in whole numbers at the length of `UNIT`."""
    size = counts.shape[1]
    width = min(DIRECTIONS, size)
    if not size:
        return np.empty((0, 0))
    information = _information(counts)
    chance = np.random.RandomState(SEED)
    basis = chance.standard_normal((size, min(width + 8, size)))
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(information @ basis)
    strengths, turned = np.linalg.eigh(basis.T @ (information @ basis))
    order = np.argsort(-strengths, kind="stable")[:width]
    vectors = basis @ turned[:, order] * np.sqrt(np.maximum(strengths[order], 0))
    # Which way a direction points is chance: the word farthest along it points up.
    farthest = np.abs(vectors).argmax(axis=0)
    vectors *= np.where(vectors[farthest, np.arange(width)] < 0, -1, 1)
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    found: Floats = np.rint(vectors / np.maximum(lengths, 1e-9) * UNIT)
    return found


def _information(counts: sp.csr_array) -> sp.csr_array:
    """Positive pointwise mutual information of words within comments, each comment as one voice."""
    present = counts.astype(np.float64)
    present.data[:] = 1.0
    lengths = np.asarray(present.sum(axis=1)).ravel()
    spread = present.copy()
    spread.data /= np.repeat(np.maximum(lengths - 1, 1), np.diff(present.indptr))
    together = (present.T @ spread).tocoo()
    is_pair = together.row != together.col
    row, col, data = together.row[is_pair], together.col[is_pair], together.data[is_pair]
    totals = np.bincount(row, weights=data, minlength=counts.shape[1])
    value = np.log(data * totals.sum() / (totals[row] * totals[col]))
    is_positive = value > 0
    return sp.csr_array(
        (value[is_positive], (row[is_positive], col[is_positive])), shape=together.shape
    )
