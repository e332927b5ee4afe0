"""How alike the pieces of two texts are: weighted character trigrams, compared all with all.

A piece is read as its character trigrams (Chinese is written without spaces, so characters serve
where words would elsewhere), each weighted by how often it stands in the piece and how rare it is
in both texts together (tf–idf: Salton and Buckley, 1988). Rows are compared a slice at a time and
only pairs that are alike are kept, so that memory stays small for texts of thousands of pieces.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

GRAM = 3
# Two provisions of one law that have nothing to do with each other are about this much alike.
LEAST_COSINE = 0.05
# Less than half of a piece is no part that was split off or merged in.
LEAST_SHARE = 0.5
ROWS_AT_ONCE = 256

Numbers = NDArray[np.float32]


class Likeness(NamedTuple):
    """How alike an old piece and a new one are, each number from 0 to 1.

    `cosine` compares them whole; `of_old` is the share of the old piece's weight that stands in
    the new one, `of_new` the share of the new piece's that stands in the old one.
    """

    old: int
    new: int
    cosine: float
    of_old: float
    of_new: float


def comparable(text: str) -> str:
    """The text as it is compared: in NFKC, without case and white space. Never stored."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def grams(text: str) -> Counter[str]:
    """The trigrams of a comparable text with their counts; its ends count as a character."""
    bounded = f"\x02{text}\x03"
    return Counter(bounded[at : at + GRAM] for at in range(max(1, len(bounded) - GRAM + 1)))


def likenesses(old: Sequence[str], new: Sequence[str]) -> Iterator[Likeness]:
    """Every pair of comparable texts that are alike, by the place of the old one."""
    if not old or not new:
        return
    counts = _counts([*old, *new])
    weights = _weights(counts)
    directions, shares, present = (
        _directions(counts, weights),
        _shares(counts, weights),
        counts.sign(),
    )
    cut = len(old)
    for first in range(0, cut, ROWS_AT_ONCE):
        rows = slice(first, min(first + ROWS_AT_ONCE, cut))
        cosine = (directions[rows] @ directions[cut:].T).toarray()
        of_old = (shares[rows] @ present[cut:].T).toarray()
        of_new = (present[rows] @ shares[cut:].T).toarray()
        alike = (cosine >= LEAST_COSINE) | (of_old >= LEAST_SHARE) | (of_new >= LEAST_SHARE)
        for row, column in np.argwhere(alike).tolist():
            yield Likeness(
                first + row,
                column,
                float(cosine[row, column]),
                float(of_old[row, column]),
                float(of_new[row, column]),
            )


def _counts(texts: Sequence[str]) -> csr_matrix:
    """A row a text, a column a gram: how often it stands there."""
    numbers: dict[str, int] = {}
    columns: list[int] = []
    counts: list[int] = []
    starts = [0]
    for text in texts:
        for gram, count in grams(text).items():
            columns.append(numbers.setdefault(gram, len(numbers)))
            counts.append(count)
        starts.append(len(columns))
    data = np.array(counts, dtype=np.float32)
    return csr_matrix((data, np.array(columns), np.array(starts)), shape=(len(texts), len(numbers)))


def _weights(counts: csr_matrix) -> Numbers:
    """How much a gram tells: the more, the fewer pieces have it."""
    pieces_with = np.bincount(counts.indices, minlength=counts.shape[1])
    return (np.log((1 + counts.shape[0]) / (1 + pieces_with)) + 1).astype(np.float32)


def _directions(counts: csr_matrix, weights: Numbers) -> csr_matrix:
    """Rows of length 1, whose products are cosines."""
    weighted = counts.copy()
    weighted.data = np.log1p(counts.data) * weights[counts.indices]
    squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    return _divided(weighted, np.sqrt(squares))


def _shares(counts: csr_matrix, weights: Numbers) -> csr_matrix:
    """Rows that add up to 1: how much of its piece each gram is."""
    weighted = counts.copy()
    weighted.data = weights[counts.indices]
    return _divided(weighted, np.asarray(weighted.sum(axis=1)).ravel())


def _divided(matrix: csr_matrix, by: NDArray[Any]) -> csr_matrix:
    matrix.data = matrix.data / np.repeat(by, np.diff(matrix.indptr))
    return matrix
