"""Comments near each other in the space of words, put together around centres.

Begun with more centres than are wanted; then those that lie near each other become one, and those
that hold few comments, or comments of all kinds, are given up. Everything is reckoned in whole
numbers, so that no machine decides otherwise than another.
"""

import math

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.themes.corpus import Integers
from consult.reports.analysing.themes.space import UNIT, Floats, units

SEED = 1145
TRIES, ROUNDS = 3, 25
# Of so many comments at most so many themes: more than people can keep apart help nobody.
MOST_THEMES = 40
THEMES_A_ROOT = 0.8
FEWEST_COMMENTS = 12
# A theme has at least so many comments of the sample, and so large a share of them.
LEAST_SIZE, LEAST_SHARE = 3, 0.004
FULL = UNIT * UNIT
# As cosines: from here on two centres are one theme, a comment belongs to none, a theme's comments
# have too little to do with each other.
ONE_THEME, WEAK, LOOSE = int(0.8 * FULL), int(0.36 * FULL), int(0.45 * FULL)


def themes_of(vectors: Floats, fixed: Floats) -> Floats:
    """The centres of the themes of these comments; those that are `fixed` come first and stay."""
    vectors = vectors[(vectors != 0).any(axis=1)]
    free = round(THEMES_A_ROOT * math.sqrt(len(vectors)))
    if len(vectors) < FEWEST_COMMENTS:
        return fixed
    centres = clustered(vectors, len(fixed) + min(free, MOST_THEMES), fixed)
    least = max(LEAST_SIZE, math.ceil(LEAST_SHARE * len(vectors)))
    while (fewer := _one_less(vectors, centres, len(fixed), least)) is not None:
        centres = fewer
    return _settled(vectors, centres, len(fixed))[0]


def clustered(vectors: Floats, how_many: int, fixed: Floats) -> Floats:
    """The best of some tries at so many centres."""
    tries = (
        _settled(vectors, _begun(vectors, how_many, fixed, seed), len(fixed))
        for seed in range(SEED, SEED + TRIES)
    )
    return max(tries, key=lambda found: found[1])[0]


def nearest(vectors: Floats, centres: Floats) -> tuple[Integers, Integers]:
    """Of each comment, the nearest centre (-1 for none) and how near it is."""
    if not len(centres):
        return np.full(len(vectors), -1, np.int64), np.zeros(len(vectors), np.int64)
    scores = vectors @ centres.T
    labels = scores.argmax(axis=1)
    nearness = scores.max(axis=1).astype(np.int64)
    return np.where(nearness >= WEAK, labels, -1), nearness


def _begun(vectors: Floats, how_many: int, fixed: Floats, seed: int) -> Floats:
    """Centres at comments drawn by how far they are from those before (k-means++)."""
    chance = np.random.RandomState(seed)
    centres = list(fixed) or [vectors[chance.randint(len(vectors))]]
    nearness = np.max([vectors @ centre for centre in centres], axis=0)
    while len(centres) < how_many:
        far = (np.clip(FULL - nearness, 0, FULL) / UNIT).astype(np.int64) ** 2
        sums = np.cumsum(far)
        if not sums[-1]:
            break
        drawn = np.searchsorted(sums, chance.randint(sums[-1], dtype=np.int64), side="right")
        centres.append(vectors[int(drawn)])
        nearness = np.maximum(nearness, vectors @ centres[-1])
    return np.array(centres)


def _settled(vectors: Floats, centres: Floats, fixed: int) -> tuple[Floats, int]:
    """Each centre amid the comments nearest to it, and how near all are to theirs, summed up."""
    labels: NDArray[np.int64] = np.full(len(vectors), -1)
    for _ in range(ROUNDS):
        now = (vectors @ centres.T).argmax(axis=1)
        if (now == labels).all():
            break
        labels = now
        moved = _middles(vectors, labels, len(centres))
        is_free = (np.arange(len(centres)) >= fixed) & (moved != 0).any(axis=1)
        centres = np.where(is_free[:, None], moved, centres)
    return centres, int((vectors @ centres.T).max(axis=1).sum())


def _middles(vectors: Floats, labels: Integers, how_many: int) -> Floats:
    order = np.argsort(labels, kind="stable")
    sums = np.zeros((how_many, vectors.shape[1]))
    present, starts = np.unique(labels[order], return_index=True)
    sums[present] = np.add.reduceat(vectors[order], starts, axis=0)
    counts = np.bincount(labels, minlength=how_many)[:, None]
    return units(np.floor(sums * 64 / np.maximum(counts, 1)))


def _one_less(vectors: Floats, centres: Floats, fixed: int, least: int) -> Floats | None:
    """The centres without one that is no theme of its own; None where each is."""
    if len(centres) == fixed:
        return None
    scores = vectors @ centres.T
    labels, nearness = scores.argmax(axis=1), scores.max(axis=1)
    sizes = np.bincount(labels, minlength=len(centres))
    sums = np.bincount(labels, weights=nearness, minlength=len(centres))
    is_poor = (sizes < least) | (sums < LOOSE * sizes)
    is_poor[:fixed] = False
    if is_poor.any():
        # The smallest first; its comments may make another one rich enough.
        worst = min(np.flatnonzero(is_poor).tolist(), key=lambda n: (sizes[n], n))
        return np.delete(centres, worst, axis=0)
    alike = centres @ centres.T
    alike[np.tril_indices(len(centres))] = -1
    alike[:fixed, :fixed] = -1
    one, other = divmod(int(alike.argmax()), len(centres))
    if alike[one, other] < ONE_THEME:
        return None
    middle = units(
        np.floor(centres[one] * sizes[one] + centres[other] * sizes[other])[None] // least
    )
    merged = np.delete(centres, other, axis=0)
    if one >= fixed:
        merged[one] = middle[0]
    return merged
