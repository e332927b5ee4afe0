"""Proposed wordings, provision by provision."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from consult.reports.analysing import wordings
from consult.reports.analysing.chapter import Chapter, Json, Line
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

TEXT = "主管機關應至少每二年通盤檢討並公告之。前項綱領之訂定，應參酌產業界及學校之意見。"
HEAD = a_head([("壹-1", TEXT), ("壹-2", TEXT), ("貳-1", "第三段。")])
THREE_YEARS = TEXT.replace("二年", "三年")
STUDENTS = TEXT.replace("學校之意見", "學校及學生代表團體之意見")
STUDENTS_TOO = TEXT.replace("學校之意見", "學校、學生代表之團體之意見")


def proposal(number: int, text: str, *, endorsed: Sequence[int] = (), **fields: object) -> Line:
    """A proposal, endorsed by the authors of these numbers."""
    endorsed_by = [[a_comment(each)["author"], "public", None] for each in endorsed]
    return a_comment(
        number, stance="suggest", proposed_text=text, endorsed_by=endorsed_by, **fields
    )


def made(*comments: Line, at_once: int = 7) -> Chapter:
    return conclude(wordings, comments, HEAD, at_once=at_once)


def first(chapter: Chapter) -> Json:
    shown: Json = chapter.found["provisions"][0]["shown"][0]
    return shown


def test_the_same_words_are_one_wording() -> None:
    chapter = made(
        proposal(1, THREE_YEARS),
        proposal(2, THREE_YEARS.replace("，", ","), group="school", organisation="o"),
        proposal(3, STUDENTS),
        a_comment(4),
        proposal(5, THREE_YEARS, as_drafter=True),
    )
    assert (chapter.found["proposals"], chapter.found["wordings"]) == (3, 2)
    wording = first(chapter)
    assert wording["comments"] == wording["authors"] == wording["people"] == 2
    assert wording["organisations"] == wording["variants"] == wording["n"] == 1
    assert wording["groups"] == {"public": 1, "school": 1}
    assert chapter.sets["wordings/壹-1"] == [reference(1), reference(2), reference(3)]
    assert chapter.sets["wordings/壹-1/1"] == [reference(1), reference(2)]


def test_nearly_the_same_go_under_what_has_most_people_behind_it() -> None:
    chapter = made(
        proposal(1, STUDENTS_TOO, endorsed=[8]),
        proposal(2, STUDENTS, endorsed=[8, 9, 1]),
        proposal(3, THREE_YEARS, endorsed=[4, 5, 6, 7]),
    )
    three, students = chapter.found["provisions"][0]["shown"]
    assert three["reference"] == reference(3)
    assert students["reference"] == reference(2)
    assert (students["variants"], students["endorsements"], students["people"]) == (2, 4, 4)
    assert [each["reference"] for each in students["shown"]] == [reference(2), reference(1)]
    assert chapter.sets["wordings/壹-1/2"] == [reference(2), reference(1)]
    assert chapter.sets["wordings/壹-1/2/2"] == [reference(1)]
    assert set(chapter.quotes) == {reference(1), reference(2), reference(3)}


def test_the_most_endorsed_of_the_same_speaks_for_them() -> None:
    later: Json = {"created_at": "2026-11-24T06:05:00.000000Z"}
    chapter = made(
        proposal(1, THREE_YEARS, **later),
        proposal(2, THREE_YEARS),
        proposal(3, THREE_YEARS, endorsed=[7], **later),
    )
    assert first(chapter)["reference"] == reference(3)
    assert first(made(proposal(1, THREE_YEARS, **later), proposal(2, THREE_YEARS)))[
        "reference"
    ] == reference(2)


def test_provisions_are_apart_and_in_reading_order() -> None:
    chapter = made(
        proposal(1, THREE_YEARS, provision="壹-2"),
        proposal(2, THREE_YEARS),
        proposal(3, "改寫。", section="貳", provision="貳-1"),
    )
    refs = [(each["ref"], each["section"]) for each in chapter.found["provisions"]]
    assert refs == [("壹-1", "壹"), ("壹-2", "壹"), ("貳-1", "貳")]


def test_no_more_are_shown_than_a_page_can_hold() -> None:
    numbers = "一二三四五六七八九十甲乙丙丁戊己庚辛"
    comments = [
        proposal(place, TEXT.replace("二年", f"{one}{other}年"), provision=ref)
        for place, (one, other, ref) in enumerate(
            (one, other, ref) for one in numbers for other in numbers for ref in ("壹-1", "壹-2")
        )
    ]
    chapter = made(*comments)
    assert len(chapter.quotes) <= wordings.MOST_SHOWN
    for provision in chapter.found["provisions"]:
        assert provision["wordings"] > len(provision["shown"]) == wordings.MOST_OF_PROVISION
        assert len(chapter.sets[f"wordings/{provision['ref']}"]) == provision["proposals"] == 324


def test_no_words_are_kept() -> None:
    found = made(proposal(1, THREE_YEARS), proposal(2, STUDENTS))
    kept = wordings.tally(HEAD)
    kept.add(proposal(1, STUDENTS))
    for written in (json.dumps(found.found, ensure_ascii=False), kept.kept().decode()):
        assert "年" not in written
        assert "學生" not in written
        assert "\\u" not in written.replace("\\u58f9", "")


PROPOSALS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.sampled_from([THREE_YEARS, STUDENTS, STUDENTS_TOO, "刪。", TEXT + "！"]),
            "provision": st.sampled_from(["壹-1", "壹-2"]),
            "endorsed": st.lists(st.integers(1, 5), max_size=3, unique=True),
        }
    ),
    max_size=10,
)


@given(PROPOSALS, st.integers(1, 10))
def test_parts_make_no_difference(fields: Sequence[Json], at_once: int) -> None:
    comments = [proposal(number, **each) for number, each in enumerate(fields, start=1)]
    assert made(*comments, at_once=at_once) == made(*comments, at_once=100)


@given(PROPOSALS)
def test_every_number_is_that_of_its_set(fields: Sequence[Json]) -> None:
    comments = [proposal(number, **each) for number, each in enumerate(fields, start=1)]
    chapter = made(*comments)
    assert chapter.found["proposals"] == len(comments)
    for provision in chapter.found["provisions"]:
        key = f"wordings/{provision['ref']}"
        assert len(chapter.sets[key]) == provision["proposals"]
        for wording in provision["shown"]:
            found = chapter.sets[f"{key}/{wording['n']}"]
            assert len(found) == wording["comments"] == sum(wording["groups"].values())
            assert wording["reference"] in found
            for variant in wording["shown"]:
                assert (
                    len(chapter.sets[f"{key}/{wording['n']}/{variant['n']}"])
                    == (variant["comments"])
                )
