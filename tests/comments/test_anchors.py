"""The words commented on are found where they stand, and never guessed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comments.anchors import (
    CONTEXT_LENGTH,
    Anchor,
    AnchorMismatch,
    describe,
    locate,
    segments,
    sentences,
)

# Characters that count as more than one in UTF-16, join, combine, or look like others.
characters = st.one_of(
    st.sampled_from("技職教育，。！「」ｅＡ１é\u0301𠮷𪚥🧑\u200d🏭\ufe0f\u3000 \nab"),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.text(characters, min_size=1, max_size=120)


@st.composite
def chosen(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(texts.filter(str.strip))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return text, start, end


@given(chosen())
@example(("𠮷野家徵才🧑‍🏭，培養ｅ化人才é。", 1, 5))
def test_an_anchor_is_found_where_it_was_made(choice: tuple[str, int, int]) -> None:
    text, start, end = choice
    if not text[start:end].strip():
        with pytest.raises(AnchorMismatch):
            describe(text, start=start, end=end)
        return
    anchor = describe(text, start=start, end=end)
    assert anchor.exact == text[start:end]
    assert locate(text, anchor) == anchor


@given(chosen(), texts)
def test_a_quote_is_never_placed_on_other_words(choice: tuple[str, int, int], other: str) -> None:
    text, start, end = choice
    if not text[start:end].strip():
        return
    try:
        found = locate(other, describe(text, start=start, end=end))
    except AnchorMismatch:
        return
    assert other[found.start : found.end] == found.exact == text[start:end]


@given(chosen(), st.text(characters, max_size=20))
def test_a_shifted_quote_is_found_if_it_stands_once(
    choice: tuple[str, int, int], before: str
) -> None:
    text, start, end = choice
    longer = before + text
    if not text[start:end].strip() or longer.count(text[start:end]) != 1:
        return
    anchor = describe(text, start=start, end=end)
    # What stood before the text was its beginning: the context there was shorter, not other.
    assert locate(longer, anchor).start == start + len(before)


def test_of_two_alike_the_context_decides() -> None:
    text = "學校應辦理訓練。企業應辦理訓練。"
    second = describe(text, start=10, end=15)
    assert second.exact == "應辦理訓練"
    wrong_position = Anchor("應辦理訓練", "企業", "。", 0, 5)
    assert locate(text, wrong_position) == second


def test_of_two_alike_without_context_none_is_guessed() -> None:
    with pytest.raises(AnchorMismatch):
        locate("應辦理訓練。應辦理訓練。", Anchor("應辦理訓練", "", "", 3, 8))


def test_look_alikes_are_not_the_same_words() -> None:
    """Full-width is not half-width, and a composed letter is not its parts."""
    for text, words in (("ｅ化", "e化"), ("é", "e\u0301"), ("年", "\uf98e")):
        with pytest.raises(AnchorMismatch):
            locate(text, Anchor(words, "", "", 0, len(words)))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99), (4, 5)])
def test_nothing_is_not_quoted(start: int, end: int) -> None:
    with pytest.raises(AnchorMismatch):
        describe("技職教育 ", start=start, end=end)


def test_positions_count_code_points() -> None:
    anchor = describe("𠮷野🧑‍🏭家", start=1, end=5)
    assert anchor.exact == "野🧑‍🏭"
    assert (anchor.prefix, anchor.suffix) == ("𠮷", "家")


def test_context_is_short() -> None:
    anchor = describe("前" * 100 + "中" + "後" * 100, start=100, end=101)
    assert (len(anchor.prefix), len(anchor.suffix)) == (CONTEXT_LENGTH, CONTEXT_LENGTH)


@given(texts)
def test_sentences_cover_the_text(text: str) -> None:
    found = sentences(text)
    assert (
        "".join(each.exact for each in found).split() == text.split()
        or not text.split()
        or ("".join("".join(each.exact for each in found).split()) == "".join(text.split()))
    )
    assert all(text[each.start : each.end] == each.exact for each in found)


def test_sentences_end_behind_closing_quotes() -> None:
    text = "他說：「好。」前一句是現況；後一句呢？Version 1.2 is out. Yes."
    assert [each.exact for each in sentences(text)] == [
        "他說：「好。」",
        "前一句是現況；",
        "後一句呢？",
        "Version 1.2 is out.",
        "Yes.",
    ]


spans = st.lists(
    st.tuples(st.integers(-5, 130), st.integers(-5, 130), st.integers(1, 5)), max_size=20
)


@given(texts, spans)
def test_segments_are_the_text_with_each_characters_heat(
    text: str, spans: list[tuple[int, int, int]]
) -> None:
    found = segments(text, spans)
    assert "".join(segment.text for segment in found) == text
    heats = [segment.heat for segment in found for _ in segment.text]
    for place, heat in enumerate(heats):
        covering = sum(comments for start, end, comments in spans if start <= place < end)
        assert heat == (0 if not covering else 1 + (covering > 1) + (covering > 3) + (covering > 7))


def test_neighbours_of_one_heat_are_one_segment() -> None:
    found = segments("配合國家整體發展", [(2, 4, 1), (4, 6, 1)])
    assert [(each.text, each.heat) for each in found] == [
        ("配合", 0),
        ("國家整體", 1),
        ("發展", 0),
    ]
