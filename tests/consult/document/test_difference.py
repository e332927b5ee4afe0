"""A difference gives back both texts, and reads as a person would mark it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document.difference import difference


def marked(old: str, new: str) -> str:
    signs = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
    return "".join(
        f"{signs[each.kind][0]}{each.text}{signs[each.kind][1]}" for each in difference(old, new)
    )


TEXT = st.text(alphabet="推動技術及職業教育產學合作，。ab𠮷é", max_size=60)


@given(TEXT, TEXT)
def test_both_texts_come_back(old: str, new: str) -> None:
    stretches = difference(old, new)
    assert "".join(each.text for each in stretches if each.kind != "inserted") == old
    assert "".join(each.text for each in stretches if each.kind != "deleted") == new
    kinds = [each.kind for each in stretches]
    assert all(one != other for one, other in itertools.pairwise(kinds))


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
        ("", "新的一段。", "{+新的一段。+}"),
        ("刪掉的一段。", "", "[-刪掉的一段。-]"),
    ],
)
def test_how_it_reads(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected
