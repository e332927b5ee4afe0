"""Where stakeholder groups disagree: who is for and who against each piece of the text. Pure.

For a provision, or a section or the draft as a whole, stands who wrote a first comment in support,
and who endorsed one; against it, likewise those who oppose. A reply is about the comment it
answers, not about the text, and doesn't count here. Each person counts once for each group they
spoke for, by what outweighs; someone as much for as against counts for neither.

How far two groups are apart is the difference of their shares of support. A few voices prove
little, so pieces are ranked by what the difference is at least, with 95 % confidence: R. G.
Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), made of E. B.
Wilson's intervals for the two shares (1927). It holds for small numbers and shares of 0 and 1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Tally
from consult.reports.analysing.judging import SIDES, Judged, JudgementTally, judged_in

NAME = "conflicts"
BY_SECTION = False

Integers = NDArray[np.int64]

MOST_SHOWN = 20
# From this many on each side of a comparison, a group is compared at all.
ENOUGH_VOICES = 2
Z_95 = 1.959964
SIDE_NAMES = {side: stance for stance, side in SIDES.items()}


def tally(_head: Head) -> Tally:
    return JudgementTally(on_text=True)


def conclude(kept: Iterable[Kept], _head: Head) -> Chapter:
    """The pieces of the text on which two groups are furthest apart, the surest first."""
    judged = judged_in(kept)
    voices = _Voices.of(judged)
    clashes = sorted(_clashes(judged, voices), key=lambda clash: clash.rank)
    found: list[Json] = []
    sets: dict[str, list[str]] = {}
    quotes: list[str] = []
    for clash in clashes[:MOST_SHOWN]:
        best = _best(judged, clash.place)
        quotes += best.values()
        found.append({**clash.told(judged), "best": best})
        sets |= _sets(judged, voices, clash.place)
    return Chapter(
        {"clashes": found, "pieces": len(np.unique(judged.place)), "compared": len(clashes)},
        sets=sets,
        quotes=quotes,
    )


@dataclass(frozen=True)
class _Voices:
    """Who is for (+1) or against (−1) which place, for which group; each once."""

    place: Integers
    group: Integers
    who: Integers
    side: Integers

    @classmethod
    def of(cls, judged: Judged) -> "_Voices":
        groups, people = max(len(judged.groups), 1), max(len(judged.voters), 1)
        keys = (judged.place[judged.comment] * groups + judged.for_group) * people + judged.who
        each, of_each = np.unique(keys, return_inverse=True)
        sums = np.bincount(of_each, weights=judged.side[judged.comment], minlength=each.size)
        side = np.sign(sums).astype(np.int64)
        found = (each // people // groups, each // people % groups, each % people, side)
        return cls(*(values[side != 0] for values in found))

    def counts(self, judged: Judged) -> Integers:
        """How many are for and against, by place and group: the last axis is for, against."""
        shape = (len(judged.places), len(judged.groups), 2)
        cell = (self.place * shape[1] + self.group) * 2 + (self.side < 0)
        return np.bincount(cell, minlength=shape[0] * shape[1] * 2).reshape(shape)


@dataclass(frozen=True)
class _Clash:
    """The two groups furthest apart on one place: the first is the more for it."""

    place: int
    name: str
    most_for: int
    most_against: int
    apart: float
    at_least: float
    counts: list[list[int]]

    @property
    def rank(self) -> tuple[float, float, str]:
        return -self.at_least, -self.apart, self.name

    def told(self, judged: Judged) -> Json:
        return {
            "place": self.name,
            "for": judged.groups[self.most_for],
            "against": judged.groups[self.most_against],
            "apart": self.apart,
            "at_least": self.at_least,
            "groups": {
                group: {"support": support, "oppose": oppose}
                for group, (support, oppose) in zip(judged.groups, self.counts, strict=True)
                if support or oppose
            },
        }


def _clashes(judged: Judged, voices: _Voices) -> Iterator[_Clash]:
    """Each place's two groups that are the most surely apart, where any two are."""
    counts = voices.counts(judged)
    several = (counts.sum(axis=2) >= ENOUGH_VOICES).sum(axis=1) > 1
    both = (counts.sum(axis=1) > 0).all(axis=1)
    for place in np.flatnonzero(several & both).tolist():
        of_groups = counts[place].tolist()
        pairs = _pairs(of_groups)
        if pairs:
            at_least, apart, most_for, most_against = max(
                pairs, key=lambda pair: (pair[0], pair[1], -pair[2], -pair[3])
            )
            name = judged.places[place]
            yield _Clash(place, name, most_for, most_against, apart, at_least, of_groups)


def _pairs(of_groups: list[list[int]]) -> list[tuple[float, float, int, int]]:
    found = []
    heard = [each for each, sides in enumerate(of_groups) if sum(sides) >= ENOUGH_VOICES]
    for one, other in combinations(heard, 2):
        first, second = one, other
        if _share(of_groups[one]) < _share(of_groups[other]):
            first, second = other, one
        apart = _share(of_groups[first]) - _share(of_groups[second])
        if apart > 0:
            at_least = least_difference(of_groups[first], of_groups[second])
            found.append((round(at_least, 6), round(apart, 6), first, second))
    return found


def least_difference(one: list[int], other: list[int]) -> float:
    """What the first's share of support exceeds the second's by, at least (Newcombe's lower end).

    Below nought, the difference may be chance.
    """
    first, second = _share(one), _share(other)
    lower, upper = wilson(one)[0], wilson(other)[1]
    return first - second - sqrt((first - lower) ** 2 + (upper - second) ** 2)


def wilson(sides: list[int]) -> tuple[float, float]:
    """Wilson's interval for the share of support among those for and against."""
    voices, share, square = sum(sides), _share(sides), Z_95**2
    middle = share + square / (2 * voices)
    wide = Z_95 * sqrt(share * (1 - share) / voices + square / (4 * voices**2))
    return (middle - wide) / (1 + square / voices), (middle + wide) / (1 + square / voices)


def _share(sides: list[int]) -> float:
    return sides[0] / sum(sides)


def _best(judged: Judged, place: int) -> dict[str, str]:
    """The most endorsed comment for it and against it; of two as much endorsed, the first."""
    supporters = np.bincount(judged.comment, minlength=len(judged.place))
    found = {}
    for side, stance in SIDE_NAMES.items():
        those = np.flatnonzero((judged.place == place) & (judged.side == side)).tolist()
        if those:
            best = min(those, key=lambda each: (-supporters[each], judged.references[each]))
            found[stance] = judged.references[best].decode()
    return found


def _sets(judged: Judged, voices: _Voices, place: int) -> dict[str, list[str]]:
    """The comments by which each group's people are for it or against it."""
    there = voices.place == place
    side_of = dict(
        zip(
            zip(voices.group[there].tolist(), voices.who[there].tolist(), strict=True),
            voices.side[there].tolist(),
            strict=True,
        )
    )
    found: dict[str, set[str]] = {}
    for each in np.flatnonzero(judged.place[judged.comment] == place).tolist():
        comment, group = judged.comment[each], int(judged.for_group[each])
        side = side_of.get((group, int(judged.who[each])))
        if side is not None and side == judged.side[comment]:
            key = f"{NAME}/{judged.places[place]}/{judged.groups[group]}/{SIDE_NAMES[side]}"
            found.setdefault(key, set()).add(judged.references[comment].decode())
    return {key: sorted(references) for key, references in found.items()}
