"""Groups of people who judge alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.reports.analysing.opinion_map import (
    ENOUGH_VOTERS,
    ENOUGH_VOTES,
    Floats,
    OpinionMap,
    Votes,
    opinion_map,
    voters_with_enough,
)
from consult.reports.analysing.typical import Judgements, dividing, more_often, shared, typical
from tests.consult.reports.polis import agreement, vtaiwan


def votes_of(table: Floats) -> Votes:
    """A table of +1, -1, 0 and nan, a row a person."""
    voter, statement = np.nonzero(~np.isnan(table))
    value = table[voter, statement].astype(np.int64)
    return Votes(voter, statement, value, *table.shape)


def camps(
    sizes: tuple[int, ...], *, statements: int = 24, seen: float = 0.6, seed: int = 1
) -> Floats:
    """People of camps that judge each statement their own way, nine times of ten."""
    chance = np.random.default_rng(seed)
    lines = chance.choice([-1.0, 1.0], size=(len(sizes), statements))
    lines[:, 0] = 1.0
    rows = np.repeat(lines, sizes, axis=0)
    rows = np.where(chance.random(rows.shape) < 0.1, -rows, rows)
    table: Floats = np.where(chance.random(rows.shape) < seen, rows, np.nan)
    return table


def found(table: Floats) -> OpinionMap:
    opinions = opinion_map(votes_of(table))
    assert opinions is not None
    return opinions


def test_two_who_stand_alone_are_no_group() -> None:
    """Though nine, eight and two would stand further apart."""
    alone = np.full((1, 24), np.nan)
    alone[0, :8] = np.tile([-1.0, 1.0], 4)
    opinions = found(np.vstack([camps((10, 8), seen=0.9, seed=0), alone]))
    assert sorted(np.bincount(opinions.groups).tolist()) == [8, 11]
    assert list(opinions.silhouettes) == [2]


def test_polis_s_own_groups_are_found_again() -> None:
    conversation = vtaiwan()
    opinions = opinion_map(conversation.votes)
    assert opinions is not None
    assert opinions.how_many == 2
    grouped = [
        (conversation.groups[voter], group)
        for voter, group in zip(opinions.voters.tolist(), opinions.groups.tolist(), strict=True)
        if conversation.groups[voter]
    ]
    assert len(grouped) == 1218
    assert agreement(*zip(*grouped, strict=True)) >= 0.85


@pytest.mark.parametrize("sizes", [(40, 30), (50, 40, 30), (60, 12)])
def test_camps_are_told_apart(sizes: tuple[int, ...]) -> None:
    opinions = found(camps(sizes, statements=60))
    truth = np.repeat(np.arange(len(sizes)), sizes)[opinions.voters]
    assert opinions.how_many == len(sizes)
    assert agreement(opinions.groups.tolist(), truth.tolist()) > 0.95
    # The largest first.
    assert np.bincount(opinions.groups).tolist() == sorted(
        np.bincount(opinions.groups).tolist(), reverse=True
    )


@given(seed=st.integers(0, 10_000), many=st.booleans())
@settings(max_examples=10, deadline=None)
def test_who_comes_first_changes_nothing(seed: int, many: bool) -> None:  # noqa: FBT001
    table = camps((200, 120) if many else (20, 14), seed=seed)
    order = np.random.default_rng(seed).permutation(len(table))
    one, other = found(table), found(table[order])
    place = dict(zip(order[other.voters], other.groups, strict=True))
    assert one.groups.tolist() == [place[voter] for voter in one.voters.tolist()]
    assert one.silhouettes == other.silhouettes


def test_the_order_of_statements_changes_no_group() -> None:
    table = camps((200, 120))
    order = np.random.default_rng(5).permutation(table.shape[1])
    assert agreement(found(table).groups.tolist(), found(table[:, order]).groups.tolist()) == 1.0


def test_statements_asked_twice_change_no_group_of_clear_camps() -> None:
    table = camps((40, 30), seen=1.0)
    twice = np.hstack([table, table[:, :6]])
    assert agreement(found(table).groups.tolist(), found(twice).groups.tolist()) == 1.0


def test_a_statement_all_agree_on_moves_nobody() -> None:
    table = camps((40, 30), seen=1.0)
    assert (
        agreement(
            found(table).groups.tolist(),
            found(np.hstack([table, np.ones((len(table), 1))])).groups.tolist(),
        )
        == 1.0
    )


def test_who_judged_too_little_is_left_out() -> None:
    table = camps((40, 30), seen=1.0)
    table[3, ENOUGH_VOTES - 1 :] = np.nan
    table[4, ENOUGH_VOTES:] = np.nan
    assert 3 not in voters_with_enough(votes_of(table))
    assert 4 in voters_with_enough(votes_of(table))
    # All of them where there are fewer than seven.
    assert len(voters_with_enough(votes_of(np.ones((5, 2))))) == 5


def test_no_groups_where_nothing_tells_people_apart() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert opinion_map(Votes(nobody, nobody, nobody, 0, 0)) is None
    assert opinion_map(votes_of(np.ones((40, 10)))) is None
    assert opinion_map(votes_of(camps((6, ENOUGH_VOTERS - 7), seen=1.0))) is None
    assert opinion_map(votes_of(camps((6, ENOUGH_VOTERS - 6), seen=1.0))) is not None


def test_a_single_statement_that_divides_is_enough() -> None:
    opinions = found(np.repeat([[1.0], [-1.0]], [9, 6], axis=0))
    assert opinions.groups.tolist() == [0] * 9 + [1] * 6
    assert opinions.silhouettes[2] == 1.0


# --- statements -------------------------------------------------------------------------------


def counted(agreed: list[list[int]], disagreed: list[list[int]]) -> Judgements:
    yes, no = np.array(agreed), np.array(disagreed)
    return Judgements(yes, no, yes + no)


def test_typical_is_what_a_group_says_and_others_do_not() -> None:
    #                     alike      typical   few       against
    judged = counted([[20, 20, 2, 1], [20, 1, 0, 19]], [[0, 1, 0, 19], [0, 19, 0, 1]])
    assert typical(judged, 0) == [(1, 1), (3, -1)]
    assert typical(judged, 1) == [(1, -1), (3, 1)]


def test_shared_is_what_every_group_says() -> None:
    judged = counted([[20, 20, 20, 1], [9, 1, 2, 0]], [[0, 0, 0, 19], [0, 8, 0, 9]])
    # The third was judged by too few of the second group.
    assert shared(judged) == [(0, 1), (3, -1)]


def test_one_group_against_it_outweighs_many_for_it() -> None:
    judged = counted([[900, 30], [12, 15]], [[0, 5], [10, 2]])
    assert [each for each, _ in shared(judged)] == [1, 0]


def test_dividing_is_what_two_groups_are_furthest_apart_on() -> None:
    judged = counted([[20, 15, 20, 3], [1, 9, 20, 2]], [[1, 6, 1, 0], [20, 12, 1, 1]])
    assert dividing(judged) == [0, 1]


def test_two_proportions() -> None:
    z = more_often(np.array([60]), np.array([100]), np.array([40]), np.array([100]))
    # (0.6 - 0.4) / sqrt(0.5 × 0.5 × 2 / 100)
    assert z[0] == pytest.approx(2.8284, abs=1e-4)
    nothing = more_often(np.array([5]), np.array([5]), np.array([5]), np.array([5]))
    assert nothing[0] == 0
