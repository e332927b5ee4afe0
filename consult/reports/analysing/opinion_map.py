"""Find groups of people who judge alike, from who agrees and disagrees with what. Pure.

The method is that of Polis (C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw and C. Megill, "Polis:
Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26 (2), 2021, and the
public description of its mathematics):

1. whoever judged fewer than seven statements is left out;
2. a judgement that is missing counts as the statement's mean, and the mean is taken off: so it
   counts as nothing, and the table stays as sparse as people's time is;
3. each person is placed by the table's first two principal components, and moved outwards by the
   square root of (statements / own judgements), since who judged few would stand in the middle;
4. people are put into at most a hundred small clusters by k-means, and these into two to five
   groups by k-means weighted with their sizes; how many groups is told by the silhouette.

Three things differ. Where Polis goes on from its last state, this begins anew: the starts are fixed
and no chance is in it; and at the end each person goes to the nearest group's centre until nobody
moves, so that it tells little where the small clusters were cut. And seven judgements are added to
everybody's own before they are moved outwards: without them, those who judged the fewest, of whom
least is known, stand outermost and turn the line between the groups. (Polis is said to count each
statement taken out by its moderators as passed by everybody, which does the same by chance.)
And one or two who stand alone are no group.

Places are rounded, so that the order of additions, which differs between machines, tells nobody's
group.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers = Floats | Integers

ENOUGH_VOTES = 7
# Judgements added to everybody's own, before they are moved outwards.
ADDED_VOTES = ENOUGH_VOTES
# Fewer people than this make no groups that one may speak of.
ENOUGH_VOTERS = 12
MOST_CLUSTERS = 100
FEWEST_GROUPS, MOST_GROUPS = 2, 5
# Fewer people than this are no group, and how they judge is theirs alone.
FEWEST_IN_A_GROUP = 3
CLUSTERS_A_GROUP = 12
ROUNDED_TO = 6
# Directions followed at once, so that the first two part from the rest quickly.
DIRECTIONS = 6
MOST_TURNS = 60
STILL = 1e-10
CLUSTER_ROUNDS, MOST_ROUNDS = 10, 50


@dataclass(frozen=True)
class Votes:
    """Who (by number) agreed (+1), disagreed (−1) or passed (0) on what; each pair once."""

    voter: Integers
    statement: Integers
    value: Integers
    voters: int
    statements: int

    def where(self, kept: NDArray[np.bool_]) -> "Votes":
        """Some of the votes, of the same people on the same statements."""
        return Votes(
            self.voter[kept], self.statement[kept], self.value[kept], self.voters, self.statements
        )


@dataclass(frozen=True)
class OpinionMap:
    """Who stands where, and in which group; groups are numbered by size, the largest first.

    `voters` are the people placed, ascending; `places`, `clusters` and `groups` go with them.
    `silhouettes` says how well apart each number of groups stands (1: far apart; 0: not at all).
    """

    voters: Integers
    places: Floats
    clusters: Integers
    groups: Integers
    silhouettes: dict[int, float]

    @property
    def how_many(self) -> int:
        return int(self.groups.max()) + 1


def voters_with_enough(votes: Votes) -> Integers:
    """Those who judged seven statements, or all of them where there are fewer."""
    judged = np.bincount(votes.voter, minlength=votes.voters)
    there_are = int(np.count_nonzero(np.bincount(votes.statement)))
    return np.flatnonzero(judged >= max(1, min(ENOUGH_VOTES, there_are)))


def opinion_map(votes: Votes) -> OpinionMap | None:
    """The map and its groups; None where too few people judged enough, or nobody stands apart."""
    voters = voters_with_enough(votes)
    if voters.size < ENOUGH_VOTERS:
        return None
    places = _places(votes, voters)
    points, of_point, weights = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    if len(points) < FEWEST_GROUPS:
        return None
    of_cluster, centres = _small_clusters(points, weights)
    of_point = of_point.ravel()
    sizes = np.bincount(of_cluster, weights=weights)
    found: dict[int, tuple[float, Integers]] = {}
    for how_many, silhouette, cluster_groups in _groupings(centres, sizes):
        middles, _ = _middles(centres, sizes, cluster_groups)
        groups, _ = _settled(points, weights, middles)
        if np.bincount(groups, weights=weights).min() >= FEWEST_IN_A_GROUP:
            found[how_many] = (silhouette, groups)
    if not found:
        return None
    _, groups = found[max(found, key=lambda how_many: (found[how_many][0], -how_many))]
    return OpinionMap(
        voters=voters,
        places=places,
        clusters=of_cluster[of_point],
        groups=_by_size(groups, points, weights)[of_point],
        silhouettes={how_many: silhouette for how_many, (silhouette, _) in found.items()},
    )


# --- places -----------------------------------------------------------------------------------


def _places(votes: Votes, voters: Integers) -> Floats:
    """Where these people stand on the first two components, moved outwards where they are few."""
    row_of = np.full(votes.voters, -1, dtype=np.int64)
    row_of[voters] = np.arange(voters.size)
    told = votes.where(row_of[votes.voter] >= 0)
    rows = row_of[told.voter]
    judged = np.bincount(rows, minlength=voters.size)
    times = np.bincount(told.statement, minlength=votes.statements)
    sums = np.bincount(told.statement, weights=told.value, minlength=votes.statements)
    outwards = np.sqrt(np.count_nonzero(times) / (judged + ADDED_VOTES))
    # What all judge alike counts as nothing, and needs no column.
    divides = np.abs(sums) < times
    if not divides.any():
        return np.zeros((voters.size, 2))
    column_of = np.cumsum(divides) - 1
    told, rows = told.where(divides[told.statement]), rows[divides[told.statement]]
    off = told.value - (sums / np.maximum(times, 1))[told.statement]
    shape = (voters.size, int(np.count_nonzero(divides)))
    table = csr_array((off, (rows, column_of[told.statement])), shape=shape)
    places: Floats = np.asarray(table @ _components(table)) * outwards[:, None]
    # No -0.0, which would be another place than 0.0.
    return np.round(places, ROUNDED_TO) + 0.0


def _components(table: "csr_array[Any]") -> Floats:
    """The first two principal directions, each with its heaviest statement on the positive side.

    By orthogonal iteration from a fixed start: it needs nothing but products with the table.
    """
    size = table.shape[1]
    across = table.T.tocsr()
    wide = min(DIRECTIONS, size)
    basis = np.linalg.qr(_start(size, wide))[0]
    spread = np.zeros(wide)
    for _ in range(MOST_TURNS):
        turned = across @ (table @ basis)
        values, vectors = np.linalg.eigh(basis.T @ turned)
        basis = np.linalg.qr(turned @ vectors[:, ::-1])[0]
        before, spread = spread, values[::-1]
        if np.abs(spread - before)[:2].max() <= STILL * max(spread[0], STILL):
            break
    first = basis[:, :2]
    heaviest = np.asarray(np.argmax(np.round(np.abs(first), ROUNDED_TO), axis=0))
    signs = np.where(first[heaviest, np.arange(first.shape[1])] < 0, -1.0, 1.0)
    found = np.zeros((size, 2))
    found[:, : first.shape[1]] = first * signs
    return found


def _start(size: int, wide: int) -> Floats:
    """Numbers without any pattern, the same everywhere."""
    return np.random.Generator(np.random.PCG64(20210601)).standard_normal((size, wide))


# --- clusters ---------------------------------------------------------------------------------


def _small_clusters(points: Floats, weights: Numbers) -> tuple[Integers, Floats]:
    """Each point's cluster and the clusters' centres, none of them empty."""
    if len(points) <= MOST_CLUSTERS:
        return np.arange(len(points)), points
    tiles_ = tiles(points, weights, int(np.sqrt(MOST_CLUSTERS)))
    centres = np.array([np.average(points[each], axis=0, weights=weights[each]) for each in tiles_])
    nearest = np.zeros(len(points), dtype=np.int64)
    for _ in range(CLUSTER_ROUNDS):
        before = nearest
        nearest = np.asarray(KDTree(centres).query(points)[1], dtype=np.int64)
        centres, nearest = _middles(points, weights, nearest)
        if np.array_equal(before, nearest):
            break
    return nearest, centres


def tiles(points: Floats, weights: Numbers, wide: int) -> Iterator[Integers]:
    """The points in so many strips of as many people each, cut across into as many likewise.

    Points that stand in order, from left to right and down, are cut alike wherever they come from.
    """
    for strip in _cuts(points[:, 0], weights, wide):
        for tile in _cuts(points[strip, 1], weights[strip], wide):
            yield strip[tile]


def _cuts(values: Floats, weights: Numbers, wide: int) -> Iterator[Integers]:
    order = np.argsort(values, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    strip = before * wide // int(weights.sum())
    for place in range(wide):
        inside = order[strip == place]
        if inside.size:
            yield inside


def _middles(points: Floats, weights: Numbers, nearest: Integers) -> tuple[Floats, Integers]:
    """The weighted middle of each cluster that anything is in, and the clusters numbered anew."""
    total = np.bincount(nearest, weights=weights)
    sums = [np.bincount(nearest, weights=weights * points[:, axis]) for axis in (0, 1)]
    there = total > 0
    renumbered = np.cumsum(there) - 1
    return np.column_stack(sums)[there] / total[there, None], renumbered[nearest]


# --- groups -----------------------------------------------------------------------------------


def _groupings(centres: Floats, sizes: Numbers) -> Iterator[tuple[int, float, Integers]]:
    """For each number of groups: how well these stand apart, and which clusters are in each."""
    most = min(MOST_GROUPS, FEWEST_GROUPS + len(centres) // CLUSTERS_A_GROUP, len(centres))
    apart = np.sqrt(_squares(centres, centres))
    for how_many in range(FEWEST_GROUPS, max(most, FEWEST_GROUPS) + 1):
        groups = _k_means(centres, sizes, how_many)
        yield how_many, round(_silhouette(apart, sizes, groups), 4), groups


def _k_means(points: Floats, weights: Numbers, how_many: int) -> Integers:
    """The closest of the groupings that begin at each point in turn."""
    best, least = np.zeros(len(points), dtype=np.int64), np.inf
    for first in range(len(points)):
        groups, spread = _settled(points, weights, _spread_out(points, weights, first, how_many))
        if spread < least * (1 - STILL):
            best, least = groups, spread
    return best


def _spread_out(points: Floats, weights: Numbers, first: int, how_many: int) -> Floats:
    """Starting points: the first, and each time the one that brings all others closest."""
    squares = _squares(points, points)
    chosen, nearest = [first], squares[first]
    while len(chosen) < how_many:
        left = np.minimum(squares, nearest) @ weights
        chosen.append(int(np.argmin(left)))
        nearest = np.minimum(nearest, squares[chosen[-1]])
    return points[chosen]


def _settled(points: Floats, weights: Numbers, centres: Floats) -> tuple[Integers, float]:
    groups = np.full(len(points), -1, dtype=np.int64)
    for _ in range(MOST_ROUNDS):
        squares = _squares(points, centres)
        before, groups = groups, np.asarray(np.argmin(squares, axis=1))
        if np.array_equal(before, groups):
            break
        centres, groups = _middles(points, weights, groups)
    return groups, float((np.min(squares, axis=1) * weights).sum())


def _squares(points: Floats, others: Floats) -> Floats:
    """The squared distance of each point to each of the others."""
    across: Floats = points[:, None, :] - others[None, :, :]
    squares: Floats = (across**2).sum(axis=2)
    return squares


def _silhouette(apart: Floats, sizes: Numbers, groups: Integers) -> float:
    """How much nearer people are to their own group than to the next one, on the average.

    P. J. Rousseeuw, "Silhouettes", 1987, as if everybody stood at the centre of their small
    cluster. Somebody alone in a group counts as nothing.
    """
    people = np.bincount(groups, weights=sizes)
    if people.size < FEWEST_GROUPS:
        return -1.0
    weighted = apart * sizes
    sums = np.column_stack([weighted[:, groups == each].sum(axis=1) for each in range(people.size)])
    rows = np.arange(len(groups))
    own = sums[rows, groups] / np.maximum(people[groups] - 1, 1)
    means = sums / people
    means[rows, groups] = np.inf
    other = means.min(axis=1)
    wider = np.maximum(own, other)
    each = np.divide(other - own, wider, out=np.zeros_like(own), where=wider > 0)
    each[people[groups] == 1] = 0.0
    return float(np.average(each, weights=sizes))


def _by_size(groups: Integers, points: Floats, weights: Numbers) -> Integers:
    """The groups numbered by how many people they have; as many: from left to right."""
    people = np.bincount(groups, weights=weights)
    left = [float(points[groups == group, 0].min()) for group in range(people.size)]
    order = sorted(range(people.size), key=lambda group: (-people[group], left[group]))
    renumbered = np.empty(people.size, dtype=np.int64)
    renumbered[order] = np.arange(people.size)
    return renumbered[groups]
