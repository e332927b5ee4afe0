"""Texts that are alike."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.reports.analysing.grouping import LEAST, Marks, Original, alikeness, leaders

TEXT = (
    "主管機關應至少每二年通盤檢討並公告之。前項綱領之訂定，應參酌產業界及學校之意見；其辦法另定之。"
)
ORIGINAL = Original(TEXT)


def likeness(one: str, other: str) -> float:
    return alikeness(ORIGINAL.read(one).marks, ORIGINAL.read(other).marks)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TEXT.replace("二年", "三年"), TEXT.replace("二年", " 三年 ").replace("，", ",")),
        (TEXT.replace("臺", "台") + "第2項ＡＢ", TEXT + "第２項ab。"),
    ],
)
def test_width_case_spaces_and_marks_make_no_difference(one: str, other: str) -> None:
    assert ORIGINAL.read(one).key == ORIGINAL.read(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TEXT.replace("；", "。"), TEXT.replace("，", "、")),
        (TEXT + "占3.5%", TEXT + "占35%"),
        (TEXT.replace("二年", "三年"), TEXT.replace("二年", "四年")),
    ],
)
def test_what_says_something_else_is_something_else(one: str, other: str) -> None:
    assert ORIGINAL.read(one).key != ORIGINAL.read(other).key


def test_like_changes_of_a_long_text_are_alike_and_others_are_not() -> None:
    students = TEXT.replace("學校之意見", "學校及學生代表團體之意見")
    assert likeness(students, TEXT.replace("學校之意見", "學校、學生代表之團體之意見")) >= LEAST
    assert likeness(students, TEXT.replace("學校之意見", "學校及家長團體之意見")) < LEAST
    assert likeness(students, TEXT.replace("二年", "三年")) == 0
    assert likeness(TEXT.replace("二年", "三年"), TEXT.replace("二年", "四年")) < LEAST


def test_pieces_of_a_text_are_not_alike_for_what_both_leave_out() -> None:
    sentences = TEXT.split("。")
    assert likeness(sentences[0], sentences[1]) < LEAST


MARKS = st.lists(
    st.builds(
        lambda size, changed: Marks(size + len(changed), frozenset(changed)),
        st.integers(0, 5),
        st.sets(st.integers(-8, 8).filter(bool), max_size=8),
    ),
    max_size=25,
)


def one_by_one(marks: Sequence[Marks], least: int, most: int) -> list[int]:
    """The same by comparing every text with every leader."""
    found: list[int] = []
    for place, each in enumerate(marks):
        before = list(dict.fromkeys(found))[:most]
        likenesses = {leader: alikeness(marks[leader], each) for leader in before}
        best = max(likenesses, key=lambda leader: (likenesses[leader], -leader), default=None)
        found.append(best if best is not None and likenesses[best] >= least else place)
    return found


@given(MARKS, st.integers(1, 100), st.integers(1, 30))
def test_nothing_alike_is_missed(marks: Sequence[Marks], least: int, most: int) -> None:
    assert leaders(marks, least=least, most=most) == one_by_one(marks, least, most)


@given(MARKS)
def test_likeness_has_two_equal_sides(marks: Sequence[Marks]) -> None:
    for one in marks:
        for other in marks:
            assert alikeness(one, other) == alikeness(other, one)
            assert 0 <= alikeness(one, other) <= 100 or one.size < len(one.changed)
