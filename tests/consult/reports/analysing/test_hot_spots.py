"""How much was said on each sentence."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from comments.anchors import describe, sentences
from consult.reports.analysing import hot_spots
from consult.reports.analysing.chapter import Chapter, Json, Line
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

TEXT = "技職教育是根本。𠮷野家徵才！產業要參與；學校要「開放。」"
HEAD = a_head([("壹-1", TEXT), ("壹-2", "第二段。"), ("貳-1", "第三段。沒有人說話。")])


def words(start: int, end: int, text: str = TEXT) -> Json:
    """The anchor of a stretch of the text."""
    return {"exact": text[start:end], "prefix": "", "suffix": "", "start": start, "end": end}


def made(*comments: Line, at_once: int = 7) -> Chapter:
    return conclude(hot_spots, comments, HEAD, at_once=at_once)


def counts(chapter: Chapter, ref: str = "壹-1") -> dict[int, int]:
    """Comments by number of sentence; 0 is the whole provision."""
    for provision in chapter.found["provisions"]:
        if provision["ref"] == ref:
            whole = {0: provision["whole"]["comments"]} if provision["whole"] else {}
            return whole | {row["n"]: row["comments"] for row in provision["sentences"]}
    return {}


def test_words_count_for_the_sentences_they_reach_into() -> None:
    first, second, third, fourth = sentences(TEXT)
    assert TEXT[second.start : second.end] == "𠮷野家徵才！"
    assert counts(made(a_comment(anchor=words(first.start, first.end)))) == {1: 1}
    assert counts(made(a_comment(anchor=words(first.end - 1, second.start + 1)))) == {1: 1, 2: 1}
    assert counts(made(a_comment(anchor=words(second.start, second.start + 1)))) == {2: 1}
    assert counts(made(a_comment(anchor=words(third.end - 1, third.end)))) == {3: 1}
    assert counts(made(a_comment(anchor=words(0, len(TEXT))))) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert fourth.exact == "學校要「開放。」"


def test_the_whole_provision_is_counted_apart() -> None:
    chapter = made(
        a_comment(1),
        a_comment(2, anchor=words(0, 3)),
        a_comment(3, provision=None),
        a_comment(4, section="", provision=None),
    )
    assert counts(chapter) == {0: 1, 1: 1}
    assert [(each["section"], each["comments"]) for each in chapter.found["wholes"]] == [
        ("壹", 1),
        ("", 1),
    ]
    assert chapter.sets["hot_spots//壹/0"] == [reference(3)]
    assert chapter.sets["hot_spots///0"] == [reference(4)]


def test_words_outside_the_text_are_none() -> None:
    assert counts(made(a_comment(anchor=words(len(TEXT) + 3, len(TEXT) + 5)))) == {0: 1}


def test_a_reply_counts_where_what_it_replies_to_stands() -> None:
    chapter = made(
        a_comment(1, anchor=words(0, 3)),
        a_comment(2, parent=reference(1), as_drafter=True),
        a_comment(3, parent=reference(2)),
        a_comment(4, parent=reference(3), anchor=words(9, 10)),
        a_comment(5, parent=reference(99)),
        at_once=1,
    )
    assert counts(chapter) == {0: 1, 1: 2, 2: 1}
    assert chapter.sets["hot_spots/壹-1/1"] == [reference(1), reference(3)]


def test_groups_stances_and_people() -> None:
    chapter = made(
        a_comment(1, anchor=words(0, 3), group="school", stance="oppose"),
        a_comment(2, anchor=words(0, 4), author=a_comment(1)["author"]),
    )
    row = chapter.found["provisions"][0]["sentences"][0]
    assert row["authors"] == 1
    assert row["groups"] == {"public": 1, "school": 1}
    assert row["stances"] == {"oppose": 1, "other": 1}
    assert TEXT[row["start"] : row["end"]] == "技職教育是根本。"


def test_the_most_commented_come_first() -> None:
    chapter = made(
        a_comment(1, anchor=words(0, 3)),
        a_comment(2, anchor=words(9, 10)),
        a_comment(3, anchor=words(9, 10)),
        a_comment(4, section="貳", provision="貳-1", anchor=words(0, 2, "第三段。沒有人說話。")),
    )
    assert chapter.found["hottest"] == [
        {"provision": "壹-1", "n": 2},
        {"provision": "壹-1", "n": 1},
        {"provision": "貳-1", "n": 1},
    ]
    assert (chapter.found["commented"], chapter.found["sentences"]) == (3, 7)


def test_nothing_said_is_nothing_found() -> None:
    chapter = made(a_comment(as_drafter=True, anchor=words(0, 3)))
    assert chapter.found["provisions"] == chapter.found["hottest"] == []
    assert not chapter.sets


COMMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "provision": st.sampled_from(["壹-1", "壹-2", None]),
            "as_drafter": st.booleans(),
            "group": st.sampled_from(["school", "public"]),
            "parent": st.one_of(st.none(), st.integers(1, 12).map(reference)),
            "anchor": st.one_of(
                st.none(),
                st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 9)).map(
                    lambda place: words(place[0], min(len(TEXT), sum(place)))
                ),
            ),
        }
    ),
    max_size=12,
)


@given(COMMENTS, st.integers(1, 12))
def test_parts_make_no_difference(fields: Sequence[dict[str, Any]], at_once: int) -> None:
    comments = [a_comment(number, **each) for number, each in enumerate(fields, start=1)]
    assert made(*comments, at_once=at_once) == made(*comments, at_once=100)


@given(COMMENTS)
def test_every_comment_stands_somewhere(fields: Sequence[dict[str, Any]]) -> None:
    comments = [a_comment(number, **each) for number, each in enumerate(fields, start=1)]
    chapter = made(*comments)
    listed = {each for references in chapter.sets.values() for each in references}
    assert listed == {each["reference"] for each in comments if not each["as_drafter"]}
    for provision in chapter.found["provisions"]:
        for row in provision["sentences"]:
            found = chapter.sets[f"hot_spots/{provision['ref']}/{row['n']}"]
            assert len(found) == len(set(found)) == row["comments"]
            assert sum(row["groups"].values()) == sum(row["stances"].values()) == row["comments"]


@given(st.text(alphabet="甲𠮷a.。！；」\n ", min_size=1, max_size=30), st.data())
def test_words_reach_into_every_sentence_they_share_a_character_with(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    expected = {
        place
        for place, each in enumerate(sentences(text), start=1)
        if set(range(each.start, each.end)) & set(range(start, end))
    }
    comment = a_comment(anchor=words(start, end, text))
    chapter = conclude(hot_spots, [comment], a_head([("壹-1", text)]))
    # White space alone is in no sentence, and nobody can choose it.
    assert set(counts(chapter)) == (expected or {0})
    if text[start:end].strip():
        assert expected
        assert describe(text, start=start, end=end)
