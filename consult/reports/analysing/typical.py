"""What groups of opinion say: what is typical of each, what all share, what divides them. Pure.

As Polis does (C. Small and others, "Polis: Scaling deliberation by mapping high dimensional
opinion spaces", 2021): a share has one judgement of each kind added to it, so that few judgements
say little; a statement is typical of a group where its members are on one side, and more often
than all others, both by a one-sided z test at 90 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.opinion_map import OpinionMap, Votes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

Z_90 = 1.2816
# A group that fewer judged a statement in has no say on whether it is shared or divides.
ENOUGH_SEEN = 3
MAJORITY = 0.5
MOST_TYPICAL = 5
MOST_SHARED = 10
MOST_DIVIDING = 10


@dataclass(frozen=True)
class Judgements:
    """How many of each group (rows) agreed and disagreed with each statement (columns), and judged
    it at all."""

    agreed: Integers
    disagreed: Integers
    seen: Integers

    @classmethod
    def of(cls, votes: Votes, opinions: OpinionMap) -> "Judgements":
        group_of = np.full(votes.voters, -1, dtype=np.int64)
        group_of[opinions.voters] = opinions.groups
        placed = group_of[votes.voter] >= 0
        told = votes.where(placed)
        cell = group_of[told.voter] * votes.statements + told.statement
        shape = (opinions.how_many, votes.statements)
        size = shape[0] * shape[1]
        agreed, disagreed, seen = (
            np.bincount(cell[which], minlength=size).reshape(shape)
            for which in (told.value > 0, told.value < 0, slice(None))
        )
        return cls(agreed, disagreed, seen)

    @property
    def shares(self) -> tuple[Floats, Floats]:
        """The shares of agreement and disagreement, with one judgement of each kind added."""
        return (self.agreed + 1) / (self.seen + 2), (self.disagreed + 1) / (self.seen + 2)


def typical(judgements: Judgements, group: int) -> list[tuple[int, int]]:
    """The statements most typical of the group, with the side it takes on each (+1, −1)."""
    sides = ((1, judgements.agreed), (-1, judgements.disagreed))
    scores = np.array([_typicality(took, judgements.seen, group) for _, took in sides])
    side = np.argmax(scores, axis=0)
    best = scores.max(axis=0)
    return [
        (statement, sides[side[statement]][0])
        for statement in _first(best, np.isfinite(best), MOST_TYPICAL)
    ]


def _typicality(took: Integers, seen: Integers, group: int) -> Floats:
    """How typical a side is of the group: −∞ where a test says that it may be chance."""
    own, own_seen = took[group] + 1, seen[group] + 1
    others, others_seen = took.sum(axis=0) - took[group] + 1, seen.sum(axis=0) - seen[group] + 1
    share = (took[group] + 1) / (seen[group] + 2)
    other_share = others / (others_seen + 1)
    one_sided = 2 * np.sqrt(own_seen) * (own / own_seen - MAJORITY)
    more = more_often(own, own_seen, others, others_seen)
    score = share / other_share * more * share * one_sided
    telling = (one_sided > Z_90) & (more > Z_90) & (seen[group] >= ENOUGH_SEEN)
    scores: Floats = np.where(telling, score, -np.inf)
    return scores


def more_often(own: Integers, seen: Integers, others: Integers, others_seen: Integers) -> Floats:
    """The z of two proportions: how surely the first is the greater."""
    both = (own + others) / (seen + others_seen)
    spread = np.sqrt(both * (1 - both) * (1 / seen + 1 / others_seen))
    difference = own / seen - others / others_seen
    z: Floats = np.divide(difference, spread, out=np.zeros_like(difference), where=spread > 0)
    return z


def shared(judgements: Judgements) -> list[tuple[int, int]]:
    """What every group agrees with, or disagrees with, the surest first; with the side taken.

    The groups' shares are multiplied, so that one group against it outweighs many for it.
    """
    known = (judgements.seen >= ENOUGH_SEEN).all(axis=0)
    agreed, disagreed = judgements.shares
    found: list[tuple[float, int, int]] = []
    for side, shares in ((1, agreed), (-1, disagreed)):
        together = shares.prod(axis=0)
        wanted = np.asarray(known & (shares > MAJORITY).all(axis=0))
        found += [
            (-round(float(together[statement]), 9), statement, side)
            for statement in _first(together, wanted, MOST_SHARED)
        ]
    return [(statement, side) for _, statement, side in sorted(found)[:MOST_SHARED]]


def dividing(judgements: Judgements) -> list[int]:
    """The statements on which two groups are furthest apart, and not by chance."""
    known = judgements.seen >= ENOUGH_SEEN
    agreed, _ = judgements.shares
    high = np.argmax(np.where(known, agreed, -1.0), axis=0)
    low = np.argmin(np.where(known, agreed, 2.0), axis=0)
    every = np.arange(agreed.shape[1])
    apart = agreed[high, every] - agreed[low, every]
    sure = more_often(
        judgements.agreed[high, every] + 1,
        judgements.seen[high, every] + 1,
        judgements.agreed[low, every] + 1,
        judgements.seen[low, every] + 1,
    )
    telling = (known.sum(axis=0) > 1) & (sure > Z_90) & (high != low)
    return _first(apart, telling, MOST_DIVIDING)


def _first(scores: Floats, wanted: NDArray[np.bool_], most: int) -> list[int]:
    """The wanted statements of the highest scores; as high: the first ones."""
    those: Sequence[int] = np.flatnonzero(wanted).tolist()
    return sorted(those, key=lambda each: (-round(float(scores[each]), 9), each))[:most]
