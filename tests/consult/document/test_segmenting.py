"""Texts come apart into words that are found again, each at its place in the text as written."""

import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document import segmenting
from consult.document.segmenting import (
    BETWEEN_TEXTS,
    NO_TERMS,
    STOP_WORDS,
    Vocabulary,
    fold,
    parts_of,
    places_of_words,
    segments_of,
    words_of,
)

TERMS = Vocabulary(["技職教育", "技職", "產學合作", "少子女化"])
TEXT = st.text(
    st.sampled_from(
        "技職教育因應少子女化及淨零減碳推動產學合作，。「」 \n\u3000aZéß１２3.,'-’Ｕｂ①㈱ﬁ"
    )
    | st.characters()
)
CHINESE = st.text(
    st.sampled_from("技職教育產學合作少子女化與推動國民中學的在職訓練臺灣乾隆著作"), min_size=1
)


def words(text: str, vocabulary: Vocabulary = TERMS) -> list[str]:
    return [token.word for token in words_of(text, vocabulary)]


def segments(text: str, vocabulary: Vocabulary = TERMS) -> list[str]:
    return [token.word for token in segments_of(text, vocabulary)]


def test_terms_are_kept_whole() -> None:
    assert segments("技職教育因應少子女化，推動產學合作") == [
        "技职教育",
        "因应",
        "少子女化",
        "推动",
        "产学合作",
    ]
    assert "产学合作" not in words("推動產學合作", NO_TERMS)


def test_what_is_whole_is_found_by_its_parts() -> None:
    assert {"技职教育", "技职", "教育"} <= set(words("技職教育"))
    # Also where the dictionary has neither the whole nor its parts.
    assert {"技", "职", "教育"} <= set(words("技職教育", NO_TERMS))


def test_a_long_word_of_the_dictionary_is_found_by_what_it_is_made_of() -> None:
    assert {"国民中学", "国民", "中学"} <= set(words("國民中學"))
    # 減碳 is no word of the dictionary: its characters stand by themselves.
    assert {"减", "碳"} <= set(words("節能減碳"))


def test_a_term_hides_no_word_that_it_cuts() -> None:
    found = set(words("在職訓練", Vocabulary(["職訓"])))
    assert {"在职", "训练", "职训", "在职训练"} <= found


@pytest.mark.parametrize(
    "same",
    [
        ("技職教育", "技职教育"),
        ("Vocational Schools", "ＶＯＣＡＴＩＯＮＡＬ　school"),
        ("café", "cafe\u0301", "CAFE"),
        ("12,000", "12000", "１２０００"),
        ("年", "\uf98e"),
        ("students’", "student"),
        ("ﬁrm", "firm"),
    ],
)
def test_what_is_the_same_to_a_reader_is_the_same_to_the_search(same: tuple[str, ...]) -> None:
    assert len({tuple(segments(text)) for text in same}) == 1


def test_numbers_and_mixed_words() -> None:
    assert segments("108課綱 3.5% 5G e化") == ["108", "课", "纲", "3.5", "5g", "e", "化"]
    # No number of thousands, but two numbers.
    assert segments("1,2") == ["1", "2"]


def test_words_of_grammar_are_left_out() -> None:
    assert segments("技職的未來 in the schools") == ["技职", "未来", "school"]


def test_places_count_characters_words_and_marks_but_no_spaces() -> None:
    places = {token.word: token.place for token in words_of("技職，  AI vocational 教育")}
    assert places["技"] == 0
    assert places["ai"] == 3
    assert places["vocat"] == 4
    assert places["教育"] == 5


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    places = places_of_words(["產業", "人才"])
    assert [*places] == ["产业", "人才"]
    assert places["人才"][0] - places["产业"][0] >= BETWEEN_TEXTS


@given(TEXT)
def test_words_have_the_places_that_hits_are_looked_for_at(text: str) -> None:
    places = places_of_words([text], TERMS)
    tokens = words_of(text, TERMS)
    assert places == {
        token.word: [each.place for each in tokens if each.word == token.word] for token in tokens
    }


def test_hostile_texts_come_apart() -> None:
    for text in (
        "",
        " ",
        "\x00",
        "\u0301",
        "\u200d" * 9,
        "\ud800 技職",
        "a" * 9000,
        "\U0010ffff",
        "'\\':*&|!<>()",
    ):
        words_of(text, TERMS)
        segments_of(text, TERMS)
    assert max(map(len, words("a" * 9000))) <= 60


def test_what_is_gone_is_not_made_up_for_by_what_becomes_two() -> None:
    folded = fold("\ud800ﬁ")
    assert (folded.text, list(folded.starts), list(folded.ends)) == ("fi", [1, 1], [2, 2])


def test_a_conversion_that_changes_lengths_is_done_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None of the characters' own conversion does, but a dictionary of phrases may come to."""
    by_phrases = opencc.OpenCC("tw2sp")
    assert by_phrases.convert("網際網路") == "互联网"
    monkeypatch.setattr(segmenting, "_to_simplified", by_phrases)
    assert fold("網際網路").text == "网际网路"


@given(TEXT)
def test_every_word_stands_where_it_says(text: str) -> None:
    for token in words_of(text, TERMS):
        assert 0 <= token.start < token.end <= len(text)
        # What stands there is that word again, among others perhaps.
        assert token.word in {
            again.word for again in words_of(text[token.start : token.end], TERMS)
        }


@given(TEXT)
def test_folding_covers_the_text_in_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(start < end for start, end in zip(folded.starts, folded.ends, strict=True))
    covered = {
        place
        for start, end in zip(folded.starts, folded.ends, strict=True)
        for place in range(start, end)
    }
    left = [text[place] for place in range(len(text)) if place not in covered]
    # Only what shows nothing by itself.
    assert {unicodedata.category(mark) for mark in left} <= {"Cf", "Cs", "Mn", "Me"}


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(CHINESE)
def test_segments_cover_chinese_side_by_side(text: str) -> None:
    place = 0
    for token in segments_of(text, TERMS):
        assert token.start >= place
        assert all(left in STOP_WORDS for left in fold(text[place : token.start]).text)
        place = token.end
    assert all(left in STOP_WORDS for left in fold(text[place:]).text)


@given(CHINESE, TEXT, TEXT)
def test_what_is_asked_for_is_found_in_the_text_that_is_just_it(
    text: str, before: str, after: str
) -> None:
    """By whatever words a query asks, a text of that alone has them; marks around don't matter."""
    asked = set(segments(text))
    assert asked <= set(words(text))
    assert asked <= set(words(f"{before}，{text}。{after}"))


@given(TEXT)
def test_the_parts_of_a_text_give_it_back(text: str) -> None:
    parts = parts_of(text)
    assert "".join(parts) == text
    assert all(parts)


def test_a_text_is_cut_into_words_and_marks() -> None:
    assert parts_of("推動學校合作，培育ｅ化人才é。 A4") == [
        *("推動", "學校", "合作", "，", "培育", "ｅ", "化", "人才", "é", "。", " ", "A4"),
    ]
