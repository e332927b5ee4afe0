"""Propose the lineage between two drafts: which pieces of the new one come from which of the old.

The method, in this order, each step using what the ones before it found:

1. texts that stand once in each draft and are the same are the same piece;
2. the rest is paired so that likeness (`similarity`) plus agreement with the neighbours already
   paired is greatest in sum (an assignment problem: Kuhn, 1955), first above a high floor, then
   above lower ones;
3. what is left between two neighbours that follow each other in both drafts is paired;
4. what is still left is tried as a part: it was split off if enough of it stands in an old piece
   and not in that piece's other descendants already; merged in, the other way round.

A link is certain only where likeness stands out from every rival, or the words are the same and
long enough that no other place could have them. Everything is symmetric: aligning NEW with OLD
gives the same links read backwards.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from consult.document.outline import Outline, OutlineSection
from consult.document.similarity import comparable, grams, likenesses

Kind = Literal["kept", "edited", "split", "merged", "moved", "deleted", "new"]

# Of the two neighbours that a piece has.
BOTH = 2


class _Least(NamedTuple):
    """What a link must reach to be certain."""

    likeness: float
    margin: float
    agreement: int


# What agreement with one neighbour is worth, beside a likeness of at most 1.
NEIGHBOUR = 0.1
# What standing under a heading of the same number and title is worth.
SAME_HEADING = 0.3
FLOORS = (0.6, 0.4, 0.25)
# Between neighbours, one of them in agreement, this much likeness is enough to propose.
LEAST_BESIDE = 0.12
# How much of a part must stand in the whole, beyond what the other parts account for.
LEAST_OF_PART = 0.6
CERTAIN_OF_PART = 0.8
# The less alike two pieces are, and the nearer a rival comes, the more must the neighbours agree.
CERTAIN_FROM = (
    _Least(likeness=0.5, margin=0.2, agreement=0),
    _Least(likeness=0.35, margin=0.1, agreement=1),
    _Least(likeness=0.3, margin=0.05, agreement=BOTH),
)
# Shorter texts, as （刪除）, are the same in places that have nothing to do with each other.
TELLING_LENGTH = 8


@dataclass(frozen=True)
class Piece:
    """One provision as aligning sees it; `heading` names where it stands, and may be empty."""

    ref: str
    text: str
    heading: str = ""


@dataclass(frozen=True)
class Link:
    """One line of lineage: references in the old draft and in the new, how, and how sure.

    `score` goes from 0 (nothing in common) to 1 (the same words).
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    kind: Kind
    score: float
    is_certain: bool

    def to_json(self) -> dict[str, Any]:
        """The link as plain JSON values, its score to four places."""
        return {
            "from": list(self.old),
            "to": list(self.new),
            "kind": self.kind,
            "score": round(self.score, 4),
            "certain": self.is_certain,
        }


def pieces_of(outline: Outline) -> list[Piece]:
    """Every provision of an outline in document order."""
    return list(_pieces_in(outline.sections, above=""))


def _pieces_in(sections: Iterable[OutlineSection], *, above: str) -> Iterable[Piece]:
    for section in sections:
        heading = comparable(f"{above}/{section.number}{section.title}")
        named = heading if section.title else ""
        for provision in section.provisions:
            yield Piece(provision.ref, provision.text, named)
        yield from _pieces_in(section.sections, above=heading)


def align(old: Sequence[Piece], new: Sequence[Piece]) -> list[Link]:
    """The proposed lineage: every piece of both drafts stands in exactly one link.

    In the order of the old draft, new pieces last.
    """
    alignment = _Alignment(old, new)
    alignment.pair_same_texts()
    alignment.pair_alike()
    alignment.pair_between_neighbours()
    alignment.attach_parts()
    return alignment.links()


class _Alignment:
    """Two drafts being aligned: pieces by their place, and the pairs found so far."""

    def __init__(self, old: Sequence[Piece], new: Sequence[Piece]) -> None:
        self.old, self.new = old, new
        self.old_texts = [comparable(piece.text) for piece in old]
        self.new_texts = [comparable(piece.text) for piece in new]
        self.cosine_of_old: list[dict[int, float]] = [{} for _ in old]
        self.cosine_of_new: list[dict[int, float]] = [{} for _ in new]
        # Pairs of which one may be a part of the other.
        self.parts: list[tuple[int, int]] = []
        for like in likenesses(self.old_texts, self.new_texts):
            self.cosine_of_old[like.old][like.new] = like.cosine
            self.cosine_of_new[like.new][like.old] = like.cosine
            if max(like.of_old, like.of_new) >= LEAST_OF_PART:
                self.parts.append((like.old, like.new))
        self.descendants: dict[int, set[int]] = defaultdict(set)
        self.ancestors: dict[int, set[int]] = defaultdict(set)
        self.part_scores: dict[tuple[int, int], float] = {}

    def join(self, old: int, new: int) -> None:
        self.descendants[old].add(new)
        self.ancestors[new].add(old)

    def is_free(self, old: int, new: int) -> bool:
        return not self.descendants.get(old) and not self.ancestors.get(new)

    # --- one to one -----------------------------------------------------------------------

    def pair_same_texts(self) -> None:
        """Pair what stands once in each draft."""
        places_in_new = defaultdict(list)
        for place, text in enumerate(self.new_texts):
            places_in_new[text].append(place)
        often = Counter(self.old_texts)
        for old, text in enumerate(self.old_texts):
            if often[text] == 1 and len(places_in_new[text]) == 1:
                self.join(old, places_in_new[text][0])

    def agreement(self, old: int, new: int) -> int:
        """How many of the two neighbours are neighbours in both drafts; an end is one, too."""
        before = (
            old == new == 0 if 0 in (old, new) else (new - 1) in self.descendants.get(old - 1, ())
        )
        last_old, last_new = len(self.old) - 1, len(self.new) - 1
        behind = (
            (old, new) == (last_old, last_new)
            if old == last_old or new == last_new
            else (new + 1) in self.descendants.get(old + 1, ())
        )
        return before + behind

    def likeness(self, old: int, new: int) -> float:
        """How alike the two are by their words and their headings."""
        heading = self.old[old].heading
        same_heading = bool(heading) and heading == self.new[new].heading
        return self.cosine_of_old[old].get(new, 0.0) + SAME_HEADING * same_heading

    def worth(self, old: int, new: int) -> float:
        """What pairing the two is worth: likeness, and agreement with the neighbours."""
        return self.likeness(old, new) + NEIGHBOUR * self.agreement(old, new)

    def pair_alike(self) -> None:
        """Pair the rest by likeness, the clearest first: those are neighbours to the next."""
        for floor in FLOORS:
            # Once more, for what the first time made neighbours of.
            for _ in range(2):
                worths = {
                    (old, new): worth
                    for old, row in enumerate(self.cosine_of_old)
                    if not self.descendants.get(old)
                    for new in row
                    if self.is_free(old, new) and (worth := self.worth(old, new)) >= floor
                }
                for group in _connected(worths):
                    self._assign(group)

    def _assign(self, worths: dict[tuple[int, int], float]) -> None:
        """Pair so that the sum of the worths is greatest; in order, where that is all one."""
        olds, news = (sorted(set(side)) for side in zip(*worths, strict=True))
        row, column = ({place: at for at, place in enumerate(side)} for side in (olds, news))
        table = np.zeros((len(olds), len(news)))
        for (old, new), worth in worths.items():
            apart = abs(old / len(self.old) - new / len(self.new))
            table[row[old], column[new]] = worth - 1e-4 * apart
        for at_row, at_column in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            if table[at_row, at_column] > 0:
                self.join(olds[at_row], news[at_column])

    def pair_between_neighbours(self) -> None:
        """Pair what stands between the same neighbours, also where the words are all different.

        At either end of a draft words must be alike as well: there things are added and taken away.
        """
        while True:
            found = [
                (self.agreement(old, new), self.cosine_of_old[old].get(new, 0.0), old, new)
                for old in range(len(self.old))
                if not self.descendants.get(old)
                for new in self._beside(old)
                if self.is_free(old, new)
            ]
            found = [
                each
                for each in found
                if each[1] >= LEAST_BESIDE
                or (each[0] == BOTH and (each[1] > 0 or self._is_inside(*each[2:])))
            ]
            if not found:
                return
            _, _, old, new = max(found, key=lambda each: (*each[:2], -each[2] - each[3]))
            self.join(old, new)

    def _is_inside(self, old: int, new: int) -> bool:
        return 0 < old < len(self.old) - 1 and 0 < new < len(self.new) - 1

    def _beside(self, old: int) -> set[int]:
        """The places in the new draft next to where this piece's neighbours went."""
        beside = {new + 1 for new in self.descendants.get(old - 1, ())}
        beside |= {new - 1 for new in self.descendants.get(old + 1, ())}
        if old == 0:
            beside.add(0)
        if old == len(self.old) - 1:
            beside.add(len(self.new) - 1)
        return {new for new in beside if 0 <= new < len(self.new)}

    # --- splits and merges ----------------------------------------------------------------

    def attach_parts(self) -> None:
        """Attach what has no partner to what it was split off from or merged into."""
        while True:
            found = []
            for old, new in self.parts:
                if not self.ancestors.get(new):
                    whole, others = self.old_texts[old], self.descendants.get(old, ())
                    part, taken = self.new_texts[new], [self.new_texts[each] for each in others]
                elif not self.descendants.get(old):
                    whole, others = self.new_texts[new], self.ancestors.get(new, ())
                    part, taken = self.old_texts[old], [self.old_texts[each] for each in others]
                else:
                    continue
                share = _share_of_part(part, whole=whole, taken=taken)
                if share >= LEAST_OF_PART:
                    found.append((share, self.cosine_of_old[old].get(new, 0.0), old, new))
            if not found:
                return
            share, _, old, new = max(found, key=lambda each: (*each[:2], -each[2] - each[3]))
            self.part_scores[old, new] = share
            self.join(old, new)

    # --- what was found -------------------------------------------------------------------

    def links(self) -> list[Link]:
        in_order = self._in_order()
        links, seen = [], set()
        for old in range(len(self.old)):
            if old in seen:
                continue
            olds, news = self._family(old)
            seen |= set(olds)
            links.append(self._link(olds, news, in_order))
        links += [
            Link((), (self.new[new].ref,), "new", 0.0, is_certain=False)
            for new in range(len(self.new))
            if not self.ancestors.get(new)
        ]
        return links

    def _family(self, old: int) -> tuple[list[int], list[int]]:
        """All pieces that hang together with this one."""
        olds, news, to_visit = {old}, set[int](), [old]
        while to_visit:
            for new in self.descendants.get(to_visit.pop(), ()):
                news.add(new)
                more = self.ancestors[new] - olds
                olds |= more
                to_visit += more
        return sorted(olds), sorted(news)

    def _link(self, olds: list[int], news: list[int], in_order: set[tuple[int, int]]) -> Link:
        refs = (
            tuple(self.old[each].ref for each in olds),
            tuple(self.new[each].ref for each in news),
        )
        if not news:
            return Link(*refs, "deleted", 0.0, is_certain=False)
        if len(olds) == len(news) == 1:
            old, new = olds[0], news[0]
            same = self.old_texts[old] == self.new_texts[new]
            kept: Kind = "kept" if same else "edited"
            kind: Kind = kept if (old, new) in in_order else "moved"
            score = 1.0 if same else self.cosine_of_old[old].get(new, 0.0)
            return Link(*refs, kind, score, is_certain=self._is_certain(old, new, same=same))
        pairs = [(old, new) for old in olds for new in news if new in self.descendants[old]]
        score = min(self._score_of_part(old, new) for old, new in pairs)
        parts: Kind = "split" if len(olds) == 1 else "merged"
        return Link(*refs, parts, score, is_certain=score >= CERTAIN_OF_PART)

    def _score_of_part(self, old: int, new: int) -> float:
        """How much of the smaller piece stands in the larger one."""
        if (old, new) in self.part_scores:
            return self.part_scores[old, new]
        small, large = sorted((self.old_texts[old], self.new_texts[new]), key=len)
        return _share_of_part(small, whole=large, taken=())

    def _is_certain(self, old: int, new: int, *, same: bool) -> bool:
        """Whether likeness stands out from every rival, on either side."""
        cosine = self.cosine_of_old[old].get(new, 0.0)
        rivals = [self.likeness(old, place) for place in self.cosine_of_old[old] if place != new]
        rivals += [self.likeness(place, new) for place in self.cosine_of_new[new] if place != old]
        margin = self.likeness(old, new) - max(rivals, default=0.0)
        agreement = self.agreement(old, new)
        if len(self.old_texts[old]) < TELLING_LENGTH or len(self.new_texts[new]) < TELLING_LENGTH:
            return False
        return (same and margin > 0) or any(
            cosine >= least.likeness and margin >= least.margin and agreement >= least.agreement
            for least in CERTAIN_FROM
        )

    def _in_order(self) -> set[tuple[int, int]]:
        """The pairs that stand in the same order in both drafts: the rest was moved.

        The longest such run read from either side, so that swapping the drafts changes nothing.
        """
        pairs = sorted((old, new) for old, news in self.descendants.items() for new in news)
        backwards = sorted((new, old) for old, new in pairs)
        run = {(new, old) for old, new in _longest_rising(pairs)}
        return {(old, new) for new, old in run & set(_longest_rising(backwards))}


def _share_of_part(part: str, *, whole: str, taken: Iterable[str]) -> float:
    """The share of a part's grams that stand in the whole beyond what was taken from it already."""
    left = grams(whole)
    for other in taken:
        left -= grams(other)
    wanted = grams(part)
    return (left & wanted).total() / wanted.total()


def _connected(
    worths: dict[tuple[int, int], float],
) -> list[dict[tuple[int, int], float]]:
    """The pairs in groups that share no piece, each to be solved by itself."""
    leader: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while leader.setdefault(node, node) != node:
            leader[node] = node = leader[leader[node]]
        return node

    for old, new in worths:
        leader[find(("old", old))] = find(("new", new))
    groups: dict[tuple[str, int], dict[tuple[int, int], float]] = defaultdict(dict)
    for (old, new), worth in worths.items():
        groups[find(("old", old))][old, new] = worth
    return list(groups.values())


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by their first, whose second rises, too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_first, value) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        last[length : length + 1] = [at]
    run = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]
