"""Questions that no drafter has answered."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.reports.analysing import questions
from consult.reports.analysing.chapter import Chapter, Json, Line
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

HEAD = a_head([("壹-1", "第一段。"), ("壹-2", "第二段。"), ("貳-1", "第三段。")])


def question(number: int, body: str = "經費由誰負擔？", **fields: Any) -> Line:
    return a_comment(number, **{"stance": "question", "body": body, **fields})


def reply(number: int, to: int, **fields: Any) -> Line:
    return a_comment(number, parent=reference(to), **fields)


def made(*comments: Line, at_once: int = 7) -> Chapter:
    return conclude(questions, comments, HEAD, at_once=at_once)


def place(chapter: Chapter, ref: str = "壹-1") -> Json:
    found: Json = next(each for each in chapter.found["places"] if each["ref"] == ref)
    return found


def test_a_drafters_word_at_any_depth_is_an_answer() -> None:
    chapter = made(
        question(1),
        reply(2, 1),
        reply(3, 2),
        reply(4, 3, as_drafter=True),
        question(5, "什麼時候開始？"),
        reply(6, 5),
        question(7, "哪些學校？", parent=reference(6)),
        reply(8, 7, as_drafter=True),
        question(9, "那私立學校呢？"),
        reply(10, 9, stance="question", body="對啊，呢？"),
        at_once=1,
    )
    assert chapter.sets["questions/answered"] == [reference(1), reference(5), reference(7)]
    assert chapter.sets["questions/open"] == [reference(9), reference(10)]
    assert (chapter.found["open"], chapter.found["answered"]) == (2, 3)


def test_what_drafters_ask_is_no_question_of_the_public() -> None:
    chapter = made(question(1, as_drafter=True), a_comment(2), reply(3, 2, as_drafter=True))
    assert chapter.found["places"] == []
    assert not chapter.sets


def test_what_most_people_ask_comes_first_and_is_asked_once() -> None:
    endorsed = [[a_comment(8)["author"], "public", None]]
    chapter = made(
        question(1),
        question(2, "什麼時候開始？", endorsed_by=endorsed, group="school"),
        question(3, "什麼時候開始?"),
        question(4, "何時辦理說明會？", endorsed_by=endorsed),
    )
    found = place(chapter)
    assert [each["reference"] for each in found["shown"]] == [
        reference(2),
        reference(4),
        reference(1),
    ]
    assert (found["open"], found["questions"]) == (4, 3)
    assert found["shown"][0]["people"] == 3
    assert chapter.sets["questions/open/壹-1/1"] == [reference(2), reference(3)]
    assert set(chapter.quotes) == {reference(number) for number in (1, 2, 4)}


def test_places_are_in_reading_order() -> None:
    chapter = made(
        question(1, provision="壹-2"),
        question(2),
        question(3, provision=None),
        question(4, section="貳", provision="貳-1"),
        question(5, section="", provision=None),
    )
    places = [(each["section"], each["ref"]) for each in chapter.found["places"]]
    assert places == [("壹", ""), ("壹", "壹-1"), ("壹", "壹-2"), ("貳", "貳-1"), ("", "")]
    assert chapter.sets["questions/open//壹"] == [reference(3)]
    assert chapter.sets["questions/open//"] == [reference(5)]


THREADS = st.lists(
    st.fixed_dictionaries(
        {
            "stance": st.sampled_from(["question", "other"]),
            "as_drafter": st.booleans(),
            "body": st.sampled_from(["經費由誰負擔？", "什麼時候開始？"]),
            "above": st.integers(0, 5),
        }
    ),
    max_size=12,
)


def threads(fields: Sequence[Json]) -> list[Line]:
    """Each comment replies to the one so many before it; with 0, to none."""
    return [
        a_comment(
            number,
            parent=reference(number - each["above"]) if 0 < each["above"] < number else None,
            **{name: value for name, value in each.items() if name != "above"},
        )
        for number, each in enumerate(fields, start=1)
    ]


@given(THREADS, st.integers(1, 12))
def test_parts_make_no_difference(fields: Sequence[Json], at_once: int) -> None:
    comments = threads(fields)
    assert made(*comments, at_once=at_once) == made(*comments, at_once=100)


@given(THREADS)
def test_each_question_is_open_or_answered(fields: Sequence[Json]) -> None:
    comments = threads(fields)
    by_reference = {each["reference"]: each for each in comments}
    answered = set()
    for each in comments:
        above = each["parent"] if each["as_drafter"] else None
        while above:
            answered.add(above)
            above = by_reference[above]["parent"]
    asked = {
        each["reference"]
        for each in comments
        if each["stance"] == "question" and not each["as_drafter"]
    }
    chapter = made(*comments)
    assert set(chapter.sets.get("questions/answered", ())) == asked & answered
    assert set(chapter.sets.get("questions/open", ())) == asked - answered
    assert len(chapter.sets.get("questions/open", ())) == chapter.found["open"]
