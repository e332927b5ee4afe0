"""A difference gives back both texts, and reads as a person would mark it."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document.difference import SHORTEST_BETWEEN, difference, in_parts


def marked(old: str, new: str) -> str:
    signs = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
    return "".join(
        f"{signs[each.kind][0]}{each.text}{signs[each.kind][1]}" for each in difference(old, new)
    )


TEXT = st.text(alphabet="推動技術及職業教育產學合作，。ab \n𠮷é\u0301👩\u200d🏭", max_size=60)
WORDS = st.lists(
    st.sampled_from(
        ["推動", "技術", "教育", "產學合作", "及", "，", "。", "三個月", "應", "於", "學校"]
    ),
    max_size=30,
)


@given(TEXT, TEXT)
def test_both_texts_come_back(old: str, new: str) -> None:
    stretches = difference(old, new)
    assert "".join(each.text for each in stretches if each.kind != "inserted") == old
    assert "".join(each.text for each in stretches if each.kind != "deleted") == new
    kinds = [each.kind for each in stretches]
    assert all(one != other for one, other in itertools.pairwise(kinds))


@given(WORDS, WORDS)
def test_between_two_changes_stands_something_that_makes_sense(
    old: list[str], new: list[str]
) -> None:
    stretches = difference("".join(old), "".join(new))
    between = [stretch.text for stretch in stretches[1:-1] if stretch.kind == "same"]
    assert all(len(text) >= SHORTEST_BETWEEN for text in between)


@given(TEXT, TEXT)
def test_no_character_is_torn_from_the_marks_that_combine_with_it(old: str, new: str) -> None:
    whole = unicodedata.normalize("NFC", old), unicodedata.normalize("NFC", new)
    for before, after in itertools.pairwise(difference(*whole)):
        if "same" in (before.kind, after.kind):
            assert after.text[0] not in "\u0301\u200d" or before.text[-1] in "\n ，。"


@given(st.lists(TEXT, min_size=1, max_size=4), TEXT)
def test_each_part_of_a_text_comes_back(parts: list[str], other: str) -> None:
    lengths = [len(part) for part in parts]
    for old, new, beside in (
        ("".join(parts), other, "inserted"),
        (other, "".join(parts), "deleted"),
    ):
        found = in_parts(difference(old, new), lengths, beside=beside)  # type: ignore[arg-type]
        own = ["".join(each.text for each in part if each.kind != beside) for part in found]
        assert own == parts
        of_other = [each for part in found for each in part if each.kind in ("same", beside)]
        assert "".join(each.text for each in of_other) == other


def test_a_long_text_is_compared_by_its_sentences() -> None:
    old = [f"第{number}句的內文如此。" for number in range(2_000)]
    new = [*old[:700], "改寫了的一句。", *old[701:]]
    changed = [each for each in difference("".join(old), "".join(new)) if each.kind != "same"]
    assert [each.text for each in changed] == [old[700], "改寫了的一句。"]


@given(TEXT)
def test_a_text_differs_in_nothing_from_itself(text: str) -> None:
    assert [each.kind for each in difference(text, text)] == (["same"] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "提升學生實務能力，培育優質人才。",
            "提升學生實務能力及創新精神，培育優質人才。",
            "提升學生實務能力{+及創新精神+}，培育優質人才。",
        ),
        (
            "推動技術教育之發展",
            "推動職業教育之發展",
            "推動[-技術-]{+職業+}教育之發展",
        ),
        (
            "主管機關應於三個月內公告之",
            "主管機關得於六個月內公告，並通知當事人",
            "主管機關[-應於三-]{+得於六+}個月內公告[-之-]{+，並通知當事人+}",
        ),
        (
            "推動產學合作與職業試探教育",
            "加強推動產學合作及職業探索教育",
            "{+加強+}推動產學合作[-與職業試探-]{+及職業探索+}教育",
        ),
        ("培育人才", "培養人才", "[-培育-]{+培養+}人才"),
        ("甲項辦法。乙項辦法。", "甲項辦法。丙。乙項辦法。", "甲項辦法。{+丙。+}乙項辦法。"),
        (
            "應推動、應檢討、應公告周知",
            "應推動、應通知、應檢討、應公告",
            "應推動、{+應通知、+}應檢討、應公告[-周知-]",
        ),
        ("", "新的一段。", "{+新的一段。+}"),
        ("刪掉的一段。", "", "[-刪掉的一段。-]"),
    ],
)
def test_how_it_reads(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected
