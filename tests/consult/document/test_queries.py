"""A query is read as its writer meant it, and shows where it is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document.excerpts import excerpt
from consult.document.queries import MOST_PHRASES, hits, read_query
from consult.document.segmenting import Vocabulary

TERMS = Vocabulary(["技職教育", "技職", "產學合作"])
ANY = st.text(st.sampled_from("技職教育產學合作的淨零水\"“”「」'\\:*&|!<>() aA") | st.characters())


def marked(text: str, typed: str) -> str:
    """The excerpt with what was found in brackets."""
    found = excerpt(text, hits(text, read_query(typed, TERMS), TERMS))
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in found.parts)


@pytest.mark.parametrize(
    ("typed", "needed", "exact"),
    [
        ("技職教育 產學合作", "'技职教育' & '产学合作'", "'技职教育' & '产学合作'"),
        ("「技職教育政策」", "'技职教育' & '政策'", "('技职教育' <4> '政策')"),
        ("“vocational education”", "'vocat' & 'educ'", "('vocat' <1> 'educ')"),
        ("淨零", "'净' & '零'", "('净' <1> '零')"),
        ("水", "'水':*", "'水':*"),
        ("技職的未來", "'技职' & '未来'", "'技职' & '未来'"),
    ],
)
def test_what_was_typed_becomes_a_query(typed: str, needed: str, exact: str) -> None:
    query = read_query(typed, TERMS)
    assert (query.needed, query.exact) == (needed, exact)


@pytest.mark.parametrize("typed", ["", "   ", "的", "「」", '"', "，。", "the of", "\x00"])
def test_nothing_to_look_for(typed: str) -> None:
    query = read_query(typed, TERMS)
    assert (query.phrases, query.needed, query.exact) == ((), "", "")


def test_a_long_query_is_cut() -> None:
    assert len(read_query("教育 " * 500 + "政策", TERMS).phrases) == 1
    many = " ".join(f"w{n}x" for n in range(100))
    assert len(read_query(many).phrases) == MOST_PHRASES


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("技職教育很重要", "技職", "[技職]教育很重要"),
        ("技職教育很重要", "教育", "技職[教育]很重要"),
        ("技職教育很重要", "技职教育", "[技職教育]很重要"),
        ("Ｖｏｃａｔｉｏｎａｌ schools", "vocational SCHOOL", "[Ｖｏｃａｔｉｏｎａｌ] [schools]"),
        ("淨零的零件很乾淨", "淨零", "[淨零]的零件很乾淨"),
        ("水土保持與海水", "水", "[水土保持]與海水"),
        ("推動產學合作", "「推動產學合作」", "[推動產學合作]"),
        ("推動，產學合作", "「推動產學合作」", "推動，產學合作"),
        ("cafe\u0301 au lait", "café", "[cafe\u0301] au lait"),
    ],
)
def test_what_is_found_is_marked_in_the_text_as_written(text: str, typed: str, shown: str) -> None:
    assert marked(text, typed) == shown


def test_a_long_text_is_shown_where_most_was_found() -> None:
    text = "技職很好。" + "其他的話。" * 60 + "技職教育要推動產學合作。" + "其他的話。" * 60
    found = excerpt(text, hits(text, read_query("技職 產學合作", TERMS), TERMS))
    shown = "".join(part.text for part in found.parts)
    assert "技職教育要推動產學合作" in shown
    assert found.is_cut_before
    assert found.is_cut_after
    assert len(shown) < 200


@given(ANY, ANY)
def test_an_excerpt_is_a_stretch_of_the_text(text: str, typed: str) -> None:
    query = read_query(typed, TERMS)
    found = hits(text, query, TERMS)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert found == sorted(found)
    shown = excerpt(text, found, length=20)
    assert "".join(part.text for part in shown.parts) in text
    if found:
        assert any(part.is_hit for part in shown.parts)


@given(ANY)
def test_a_text_is_found_by_itself_in_quotation_marks(text: str) -> None:
    plain = "".join(mark for mark in text if mark not in '"“”「」『』＂')
    query = read_query(f"「{plain}」", TERMS)
    if query.phrases and len(plain) < 200:
        assert hits(plain, query, TERMS)
