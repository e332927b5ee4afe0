"""Who was expected, who has spoken and on what not."""

from collections.abc import Sequence
from typing import Any

from consult.reports.analysing import coverage
from consult.reports.analysing.chapter import Chapter, Head, Line
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

SCHOOL, GUILD = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
PROVISIONS = (("壹-1", "一。"), ("肆-1", "二。"), ("肆-一-1", "三。"))


def expected(kind: str = "organisation", **fields: Any) -> Line:
    empty = {"name": "", "group": "", "school_level": "", "sector": "", "county": ""}
    return {"kind": kind, **empty, "organisation": None, **fields}


def a_head_of(*lines: Line, **report: Any) -> Head:
    head = a_head(PROVISIONS, expected=list(lines))
    sections = [dict(section) for section in head.sections]
    sections[2]["depth"] = 1
    sections.append({"ref": "伍", "number": "伍", "title": "", "depth": 0, "state": "announced"})
    sections.append({"ref": "", "number": "", "title": "", "depth": 0, "state": "open"})
    return Head({**head.report, **report}, sections, head.provisions, head.decisions)


def of_school(number: int, section: str = "壹", **fields: Any) -> Line:
    return a_comment(
        number,
        section=section,
        provision=f"{section}-1",
        organisation=SCHOOL,
        group="school",
        school_level="technical",
        county="TPE",
        **fields,
    )


def test_an_invited_organisation_is_silent_until_something_is_said_in_its_name() -> None:
    head = a_head_of(
        expected(name="大安高工", organisation=SCHOOL),
        expected(name="機械公會", organisation=GUILD),
        expected(name="還沒有帳號的學會"),
    )
    found = conclude(coverage, [of_school(1), of_school(2, "肆-一"), a_comment(3)], head)
    assert [voice["comments"] for voice in found.found["expected"]] == [2, 0, 0]
    assert (found.found["invited"], found.found["spoke"]) == (3, 1)
    assert found.found["silent"] == [1, 2]
    assert found.sets[f"coverage/organisation/{SCHOOL}"] == [reference(1), reference(2)]


def test_what_is_said_beneath_a_chapter_is_said_on_it() -> None:
    head = a_head_of(expected(name="大安高工", organisation=SCHOOL))

    def not_on(*comments: Line) -> list[str]:
        missing: list[str] = conclude(coverage, comments, head).found["expected"][0]["not_on"]
        return missing

    assert not_on() == ["壹", "肆"]
    assert not_on(of_school(1)) == ["肆"]
    assert not_on(of_school(1, "肆-一")) == ["壹"]
    assert not_on(of_school(1), of_school(2, "肆")) == []


def test_kinds_are_heard_by_their_own_comments() -> None:
    head = a_head_of(
        expected(name="大安高工", organisation=SCHOOL, sector="P"),
        expected("group", group="school"),
        expected("group", group="ngo"),
        expected("level", school_level="technical"),
        expected("level", school_level="junior"),
        expected("sector", sector="P"),
        expected("sector", sector="C"),
        expected("county", county="TPE"),
        expected("county", county="TNN"),
    )
    found = conclude(coverage, [of_school(1), of_school(2), a_comment(3)], head).found
    heard = [voice["comments"] for voice in found["expected"]]
    assert heard == [2, 2, 0, 2, 0, 2, 0, 2, 0]
    assert [voice["organisations"] for voice in found["expected"]][3:6] == [1, 0, 1]
    assert found["silent"] == [2, 4, 6, 8]


def test_a_sector_is_known_of_every_organisation_that_spoke() -> None:
    head = a_head_of(expected("sector", sector="P"))
    decisions = {**head.decisions, "sector": [{"organisation": SCHOOL, "sector": "P"}]}
    head = Head(head.report, head.sections, head.provisions, decisions)
    found = conclude(coverage, [of_school(1), of_school(2, "肆")], head)
    assert found.found["sectors"] == {"P": {"comments": 2, "organisations": 1}}
    assert list(found.sets) == ["coverage/level/technical", "coverage/sector/P"]
    assert found.found["silent"] == []


def test_the_matrix_has_every_section_that_could_be_commented_on() -> None:
    found = conclude(coverage, [of_school(1), a_comment(2)], a_head_of()).found
    assert [section["ref"] for section in found["sections"]] == ["壹", "肆", "肆-一"]
    assert found["sections"][0]["groups"] == {"public": 1, "school": 1}
    assert found["sections"][0]["levels"] == {"technical": 1}
    assert found["sections"][1]["groups"] == {}
    assert found["counties"] == {"TPE": {"comments": 1, "organisations": 1}}


def test_drafters_words_are_no_voice() -> None:
    head = a_head_of(
        expected(name="大安高工", organisation=SCHOOL), expected("group", group="school")
    )
    found = conclude(coverage, [of_school(1, as_drafter=True)], head)
    assert found.found["silent"] == [0, 1]
    assert found.sets == {}


def test_a_report_on_one_group_asks_for_that_group_alone() -> None:
    head = a_head_of(
        expected(name="大安高工", organisation=SCHOOL, group="school"),
        expected(name="機械公會", organisation=GUILD, group="association"),
        expected("county", county="TPE"),
        group="school",
    )
    found = conclude(coverage, [of_school(1)], head).found
    assert [voice["kind"] for voice in found["expected"]] == ["organisation", "county"]
    assert found["silent"] == []


def test_the_division_into_parts_changes_nothing() -> None:
    head = a_head_of(
        expected(name="大安高工", organisation=SCHOOL, sector="P"), expected("sector", sector="P")
    )
    comments = [of_school(number, ("壹", "肆", "肆-一")[number % 3]) for number in range(1, 40)]

    def made(said: Sequence[Line], at_once: int) -> Chapter:
        return conclude(coverage, said, head, at_once=at_once)

    assert made(comments, 3) == made(comments[::-1], 50)
