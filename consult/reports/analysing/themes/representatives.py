"""Which comments speak for a theme: near its middle, and different from each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from consult.reports.analysing.themes.clusters import FULL
from consult.reports.analysing.themes.corpus import Integers

HOW_MANY = 3
CANDIDATES = 200
# Fewer words that tell something say too little, more than so many too much to be quoted.
ENOUGH_WORDS, TOO_MANY_WORDS = 6, 60
# How much being different counts beside being near.
DIFFERENCE = 0.6
# As cosine: from here on it is the same again.
SAME = 0.65
# Another group or another stance than those chosen is worth so much.
OTHER_VOICE = 0.05


@dataclass(frozen=True)
class Candidate:
    """A comment that may be quoted; `value` is how well it stands for the theme, up to `FULL`."""

    value: int
    reference: str
    author: int
    group: int
    stance: int
    # Its row in the table of words.
    row: int


def value_of(nearness: Integers, telling: Integers) -> Integers:
    """How well comments stand for their theme, by how near they are and how much they say."""
    length = np.minimum(telling, ENOUGH_WORDS) * TOO_MANY_WORDS
    length //= np.maximum(telling, TOO_MANY_WORDS)
    found: Integers = nearness * length // ENOUGH_WORDS
    return found


def representatives(candidates: Sequence[Candidate], words: sp.csr_array) -> list[str]:
    """The references of those that speak for the theme (maximal marginal relevance)."""
    left = sorted(candidates, key=lambda each: (-each.value, each.reference))
    alike = _alike(words[[each.row for each in left]])
    chosen: list[int] = []
    places = list(range(len(left)))
    while places and len(chosen) < HOW_MANY:
        worth = {place: _worth(left, place, chosen, alike) for place in places}
        best = max(places, key=lambda place: (worth[place], -place))
        chosen.append(best)
        places = [
            place
            for place in places
            if alike[best, place] < SAME and left[place].author != left[best].author
        ]
    return [left[place].reference for place in chosen]


def _worth(
    left: Sequence[Candidate], place: int, chosen: Sequence[int], alike: NDArray[np.float64]
) -> float:
    one = left[place]
    worth = (1 - DIFFERENCE) * one.value / FULL
    if chosen:
        worth -= DIFFERENCE * float(max(alike[place, other] for other in chosen))
        worth += OTHER_VOICE * all(left[other].group != one.group for other in chosen)
        worth += OTHER_VOICE * all(left[other].stance != one.stance for other in chosen)
    return worth


def _alike(words: sp.csr_array) -> NDArray[np.float64]:
    """The cosine of each two comments by their words, each as good as another: what is said in
    all of them counts most here. Of whole numbers, so the same everywhere."""
    together = (words @ words.T).toarray().astype(np.float64)
    lengths = np.sqrt(np.maximum(together.diagonal(), 1))
    found: NDArray[np.float64] = together / lengths / lengths[:, None]
    return found
