"""Who judged what, put together from any parts."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.reports.analysing.chapter import Kept, Line
from consult.reports.analysing.judging import (
    NOWHERE,
    Judged,
    JudgementTally,
    judged_in,
    packed,
    unpacked,
)
from tests.consult.reports.lines import a_comment, reference

ANN, BOB, EVE = "ann", "bob", "eve"


def judged(*parts: Sequence[Line], on_text: bool = False) -> Judged:
    kept = []
    for part in parts:
        tally = JudgementTally(on_text=on_text)
        for comment in part:
            tally.add(comment)
        kept.append(Kept("壹", tally.kept()))
    return judged_in(kept)


def told(found: Judged) -> set[tuple[str, str, str, str, int, str]]:
    """Each support of a comment: who, for which group, of what, on which place, side, parent."""
    return {
        (
            found.voters[who],
            found.groups[group],
            found.references[comment].decode(),
            found.places[found.place[comment]] if found.place[comment] != NOWHERE else "",
            int(found.side[comment]),
            found.parents[comment].decode(),
        )
        for comment, who, group in zip(
            found.comment.tolist(), found.who.tolist(), found.for_group.tolist(), strict=True
        )
    }


def test_writing_and_endorsing_is_support() -> None:
    first = a_comment(
        1, author=ANN, stance="oppose", endorsed_by=[[BOB, "school", None], [EVE, "ngo", "x"]]
    )
    reply = a_comment(2, author=EVE, parent=reference(1), stance="support")
    whole = a_comment(3, author=BOB, provision=None, stance="question")
    draft = a_comment(4, author=BOB, provision=None, section="", stance="suggest")
    assert told(judged([first, reply], [whole, draft])) == {
        (ANN, "public", reference(1), "壹-1", -1, ""),
        (BOB, "school", reference(1), "壹-1", -1, ""),
        (EVE, "ngo", reference(1), "壹-1", -1, ""),
        (EVE, "public", reference(2), "", 1, reference(1)),
        (BOB, "public", reference(3), "§壹", 0, ""),
        (BOB, "public", reference(4), "§", 0, ""),
    }


def test_what_drafters_said_is_left_out() -> None:
    said = a_comment(1, author=ANN, as_drafter=True, endorsed_by=[[BOB, "school", None]])
    assert told(judged([said])) == set()


def test_only_first_comments_for_or_against_are_on_the_text() -> None:
    lines = [
        a_comment(1, stance="support"),
        a_comment(2, stance="suggest"),
        a_comment(3, stance="oppose", parent=reference(1)),
    ]
    assert [each[2] for each in told(judged(lines, on_text=True))] == [reference(1)]


def test_authors_come_first() -> None:
    found = judged(
        [a_comment(1, author=EVE, endorsed_by=[[ANN, "ngo", None]])], [a_comment(2, author=ANN)]
    )
    assert [found.voters[who] for who in found.who[found.first]] == [EVE, ANN]


def test_no_part_and_empty_parts() -> None:
    assert told(judged()) == set()
    assert told(judged([], [])) == set()


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["support", "oppose", "other"]))))
@settings(deadline=None)
def test_parts_may_be_cut_anywhere(rows: list[tuple[int, str]]) -> None:
    lines = [
        a_comment(
            number,
            author=f"u{who}",
            provision=f"壹-{who}",
            stance=stance,
            parent=reference(number - 2) if number % 3 == 2 else None,
            endorsed_by=[[f"u{who + 1}", "school", None]],
        )
        for number, (who, stance) in enumerate(rows, start=1)
    ]
    one = judged(lines)
    two = judged(lines[: len(lines) // 2], lines[len(lines) // 2 :])
    assert told(one) == told(two)
    assert one.voters == two.voters


def test_bytes_give_back_the_arrays() -> None:
    arrays = {"some": np.array([1, -2, 3], dtype="<i4"), "none": np.zeros(0, dtype="S3")}
    found = unpacked(packed(arrays))
    assert {name: each.tolist() for name, each in found.items()} == {"some": [1, -2, 3], "none": []}
