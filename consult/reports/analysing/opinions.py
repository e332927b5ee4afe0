"""Groups of opinion: who judges alike, what they all share and what divides them. Pure.

A statement is a comment, or a piece of the text: a provision, or a section or the draft as a whole.
Who agrees and disagrees with it `consult.reports.analysing.judging` says. Somebody who judged one
statement in more than one way counts by what outweighs, and as having passed where nothing does.
A statement that only one person judged says nothing about who judges alike: it is left out. Where
there are very many, the most judged ones count.

Nobody is named: a point of the map is some people who stand close together, three or more where
their group has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Tally
from consult.reports.analysing.judging import NOWHERE, Judged, JudgementTally, judged_in
from consult.reports.analysing.opinion_map import (
    ENOUGH_VOTERS,
    ENOUGH_VOTES,
    OpinionMap,
    Votes,
    opinion_map,
    tiles,
    voters_with_enough,
)
from consult.reports.analysing.typical import Judgements, dividing, shared, typical

NAME = "opinions"
BY_SECTION = False

Integers = NDArray[np.int64]

LETTERS = "ABCDE"
KINDS = ((1, "agree"), (-1, "disagree"), (0, "pass"))
# Fewer people than this stand at no point of their own on the map.
ENOUGH_AT_A_POINT = 3
PEOPLE_AT_A_POINT = 5
# Of points in a group, and as many down.
MOST_ACROSS = 7
# Beyond so many, those that the fewest judged are left out.
MOST_STATEMENTS = 50_000


def tally(_head: Head) -> Tally:
    return JudgementTally()


def conclude(kept: Iterable[Kept], _head: Head) -> Chapter:
    """Who judges alike; without groups where too few people judged enough."""
    stand = _Stand(judged_in(kept))
    found: Json = {
        "votes_needed": ENOUGH_VOTES,
        "voters_needed": ENOUGH_VOTERS,
        "people": len(stand.judged.voters),
        "people_enough": int(voters_with_enough(stand.votes).size),
        "statements_judged": int(np.count_nonzero(np.bincount(stand.votes.statement))),
        "votes": int(stand.votes.voter.size),
        "groups": [],
    }
    opinions = opinion_map(stand.votes)
    if opinions is None:
        return Chapter(found)
    return _told(stand, opinions, found)


def _told(stand: "_Stand", opinions: OpinionMap, found: Json) -> Chapter:
    judgements = Judgements.of(stand.votes, opinions)
    typicals = [typical(judgements, group) for group in range(opinions.how_many)]
    all_share, divide = shared(judgements), dividing(judgements)
    shown = sorted(
        {each for each, _ in all_share}
        | {each for each, _ in (pair for pairs in typicals for pair in pairs)}
        | set(divide)
    )
    said = _Said(stand, opinions)
    found |= {
        "silhouettes": {str(key): value for key, value in opinions.silhouettes.items()},
        "groups": [
            {**said.about(group), "typical": _sides(stand, typicals[group])}
            for group in range(opinions.how_many)
        ],
        "points": _points(opinions),
        "shared": _sides(stand, all_share),
        "dividing": [stand.name(each) for each in divide],
        "statements": [_statement(stand, judgements, each) for each in shown],
    }
    return Chapter(
        found,
        sets={**said.sets(), **said.sets_of(shown)},
        quotes=[stand.name(each) for each in shown if stand.is_comment(each)],
    )


def _sides(stand: "_Stand", pairs: Sequence[tuple[int, int]]) -> list[Json]:
    return [{"statement": stand.name(each), "side": side} for each, side in pairs]


def _statement(stand: "_Stand", judgements: Judgements, statement: int) -> Json:
    agreed, disagreed, seen = (
        counts[:, statement].tolist()
        for counts in (judgements.agreed, judgements.disagreed, judgements.seen)
    )
    return {
        "name": stand.name(statement),
        "is_comment": stand.is_comment(statement),
        "groups": [
            {"agree": yes, "disagree": no, "pass": all_ - yes - no}
            for yes, no, all_ in zip(agreed, disagreed, seen, strict=True)
        ],
    }


# --- who judged what --------------------------------------------------------------------------


class _Stand:
    """The statements, comments first, and the judgements on them: each as it was made (`_made`:
    by whom, of what, how, in which comment), and each person's on each statement."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.comments = len(judged.references)
        self.all = self.comments + len(judged.places)
        order = np.argsort(judged.references)
        self._sorted = judged.references[order]
        self._own = np.empty(self.comments, dtype=np.int64)
        self._own[order] = np.arange(self.comments)
        # Numbered anew: those that count, in the same order.
        self._counted, self._made = self._as_made()
        self.statements = len(self._counted)

    def is_comment(self, statement: int) -> bool:
        return bool(self._counted[statement] < self.comments)

    def name(self, statement: int) -> str:
        """A comment's reference, or a place's."""
        one = int(self._counted[statement])
        if one < self.comments:
            return str(self._sorted[one].decode())
        return self.judged.places[one - self.comments]

    @cached_property
    def votes(self) -> Votes:
        """Each person's judgement on each statement that two or more judged."""
        who, statement, value, _ = self._made
        pairs = who * self.statements + statement
        order = np.argsort(pairs, kind="stable")
        pairs = pairs[order]
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        sums = np.add.reduceat(value[order], first) if first.size else value
        votes = Votes(
            voter=pairs[first] // self.statements,
            statement=pairs[first] % self.statements,
            value=np.sign(sums),
            voters=len(self.judged.voters),
            statements=self.statements,
        )
        judged_by = np.bincount(votes.statement, minlength=self.statements)
        return votes.where(judged_by[votes.statement] > 1)

    def cast(self, statement: int) -> tuple[Integers, Integers]:
        """Who judged the statement, and in which comment each time."""
        who, on, _, comment = self._made
        which = on == statement
        return who[which], comment[which]

    def _as_made(self) -> tuple[Integers, tuple[Integers, Integers, Integers, Integers]]:
        judged, about = self.judged, self._about()
        # How many times each was judged: by its supporters, and by those of what is about it.
        supporters = np.bincount(judged.comment, minlength=self.comments)
        times = np.zeros(self.all, dtype=np.int64)
        times[self._own] = supporters
        through = about != NOWHERE
        np.add.at(times, about[through], supporters[through])
        counted = _most_judged(times)
        direct = counted[self._own[judged.comment]]
        indirect = through[judged.comment]
        indirect[indirect] = counted[about[judged.comment[indirect]]]
        comment = np.concatenate([judged.comment[direct], judged.comment[indirect]])
        ones = int(np.count_nonzero(direct))
        number = np.cumsum(counted) - 1
        return np.flatnonzero(counted), (
            np.concatenate([judged.who[direct], judged.who[indirect]]),
            number[np.concatenate([self._own[comment[:ones]], about[comment[ones:]]])],
            np.concatenate([np.ones(ones, dtype=np.int64), judged.side[comment[ones:]]]),
            comment,
        )

    def _about(self) -> Integers:
        """The statement each comment is about; none where it answers one that isn't counted."""
        judged = self.judged
        about = np.where(judged.place == NOWHERE, NOWHERE, judged.place + self.comments)
        replies = np.flatnonzero(judged.parents != b"")
        if replies.size:
            at = np.searchsorted(self._sorted, judged.parents[replies])
            at = np.minimum(at, self.comments - 1)
            there = self._sorted[at] == judged.parents[replies]
            about[replies[there]] = at[there]
        return about


def _most_judged(times: Integers) -> NDArray[np.bool_]:
    """Which statements count: judged more than once, and not too many of them."""
    counted: NDArray[np.bool_] = times > 1
    if np.count_nonzero(counted) > MOST_STATEMENTS:
        counted = np.zeros(times.size, dtype=np.bool_)
        counted[np.argsort(-times, kind="stable")[:MOST_STATEMENTS]] = True
    return counted


# --- what the groups said ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Said:
    """Who is in which group, and the comments behind the numbers."""

    stand: _Stand
    opinions: OpinionMap

    @cached_property
    def group_of(self) -> Integers:
        """Each person's group of opinion, or NOWHERE."""
        group_of = np.full(len(self.stand.judged.voters), NOWHERE, dtype=np.int64)
        group_of[self.opinions.voters] = self.opinions.groups
        return group_of

    @cached_property
    def stakeholders(self) -> Integers:
        """The stakeholder group each person spoke for most often."""
        judged = self.stand.judged
        wide = len(judged.groups)
        often = np.bincount(
            judged.who * wide + judged.for_group, minlength=wide * len(self.group_of)
        )
        spoke_for: Integers = np.argmax(often.reshape(-1, wide), axis=1)
        return spoke_for

    @cached_property
    def written_by(self) -> Integers:
        """The group of opinion of each comment's author."""
        group: Integers = self.group_of[self.stand.judged.who[self.stand.judged.first]]
        return group

    def about(self, group: int) -> Json:
        judged = self.stand.judged
        people = np.bincount(
            self.stakeholders[self.group_of == group], minlength=len(judged.groups)
        )
        wrote_for = judged.for_group[judged.first]
        comments = np.bincount(wrote_for[self.written_by == group], minlength=len(judged.groups))
        return {
            "key": LETTERS[group],
            "people": int(people.sum()),
            "comments": int(comments.sum()),
            "stakeholders": {
                name: {"people": some, "comments": said}
                for name, some, said in zip(
                    judged.groups, people.tolist(), comments.tolist(), strict=True
                )
                if some or said
            },
        }

    def sets(self) -> dict[str, list[str]]:
        """What the people of each group wrote."""
        return {
            f"{NAME}/{LETTERS[group]}": self._references(np.flatnonzero(self.written_by == group))
            for group in range(self.opinions.how_many)
        }

    def sets_of(self, statements: Iterable[int]) -> dict[str, list[str]]:
        """Where each group judged these statements, by how it judged them."""
        found: dict[str, list[str]] = {}
        votes = self.stand.votes
        for statement in statements:
            which = votes.statement == statement
            value_of = dict(zip(votes.voter[which], votes.value[which], strict=True))
            who, comment = self.stand.cast(statement)
            value = np.array([value_of[each] for each in who], dtype=np.int64)
            for group in range(self.opinions.how_many):
                for sign, kind in KINDS:
                    behind = comment[(self.group_of[who] == group) & (value == sign)]
                    if behind.size:
                        key = f"{NAME}/{LETTERS[group]}/{self.stand.name(statement)}/{kind}"
                        found[key] = self._references(np.unique(behind))
        return found

    def _references(self, comments: Integers) -> list[str]:
        return [each.decode() for each in np.sort(self.stand.judged.references[comments]).tolist()]


def _points(opinions: OpinionMap) -> list[Json]:
    """Some people of a group who stand close together are a point: where, and how many they are.

    From 0 to 1 across and down.
    """
    low, high = opinions.places.min(axis=0), opinions.places.max(axis=0)
    places = (opinions.places - low) / np.where(high > low, high - low, 1.0)
    found = []
    for group in range(opinions.how_many):
        inside = places[opinions.groups == group]
        inside = inside[np.lexsort((inside[:, 1], inside[:, 0]))]
        wide = int(np.clip(np.sqrt(len(inside) / PEOPLE_AT_A_POINT), 1, MOST_ACROSS))
        middles, people = [], []
        for tile in tiles(inside, np.ones(len(inside)), wide):
            middles.append(inside[tile].mean(axis=0))
            people.append(tile.size)
        for x, y, some in _together(np.array(middles), np.array(people)):
            found.append({"x": x, "y": y, "people": some, "group": group})
    return found


def _together(middles: NDArray[np.float64], people: Integers) -> list[tuple[float, float, int]]:
    """The points with enough people; those with fewer are put to the nearest that has enough,
    or all into one where none has."""
    enough = people >= ENOUGH_AT_A_POINT
    if not enough.any():
        middle = np.average(middles, axis=0, weights=people)
        return [(round(float(middle[0]), 3), round(float(middle[1]), 3), int(people.sum()))]
    large = middles[enough]
    apart = ((middles[:, None, :] - large[None, :, :]) ** 2).sum(axis=2)
    total = np.bincount(np.argmin(apart, axis=1), weights=people, minlength=len(large))
    return sorted(
        (round(float(x), 3), round(float(y), 3), int(some))
        for (x, y), some in zip(large, total, strict=True)
    )
