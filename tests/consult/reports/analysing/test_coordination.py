"""What concerns whom: a body's rows, its key points, and comments that name it."""

from typing import Any

from consult.reports.analysing import coordination
from consult.reports.analysing.chapter import Head, Line
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

REFS = ("肆-1", "肆-一-1", "肆-二-1", "附錄二-1", "附錄二-2")
PROVISIONS = tuple((ref, "內文。") for ref in REFS)


def a_row(body: str, place: int, *, section: str | None = "肆-一") -> Line:
    return {
        "key_point": "一、創新",
        "body": body,
        "item": "協助",
        "provision": f"附錄二-{place}",
        "section": section,
    }


def a_head_of(*rows: Line) -> Head:
    head = a_head(PROVISIONS, coordination=list(rows))
    sections = [{**section, "depth": section["ref"].count("-")} for section in head.sections]
    return Head(head.report, sections, head.provisions, head.decisions)


def on(number: int, ref: str, **fields: Any) -> Line:
    return a_comment(number, section=ref.rpartition("-")[0], provision=ref, **fields)


def test_a_body_hears_of_its_rows_and_of_where_it_is_named() -> None:
    head = a_head_of(a_row("勞動部", 1), a_row("經濟部", 2), a_row("勞動部", 3, section=None))
    found = conclude(
        coordination,
        [on(1, "附錄二-1"), on(2, "附錄二-2"), on(3, "肆-1", body="應由勞動部與經濟部主辦。")],
        head,
    )
    labour, economy = found.found["bodies"]
    assert (labour["body"], economy["body"]) == ("勞動部", "經濟部")
    assert (labour["on_rows"], labour["naming"]) == (1, 1)
    assert [item["comments"] for item in labour["items"]] == [1, 0]
    assert found.sets["coordination/body/0/rows"] == [reference(1)]
    assert found.sets["coordination/body/1/naming"] == [reference(3)]
    assert found.sets["coordination/row/附錄二-2"] == [reference(2)]


def test_a_key_point_is_its_section_and_what_stands_beneath() -> None:
    head = a_head_of(a_row("勞動部", 1, section="肆"), a_row("經濟部", 2, section="肆-二"))
    comments = [
        on(1, "肆-1"),
        on(2, "肆-一-1", stance="question"),
        on(3, "肆-二-1", proposed_text="改為此句。"),
        on(4, "附錄二-1"),
    ]
    found = conclude(coordination, comments, head)
    whole, part = found.found["points"]
    assert (whole["ref"], whole["comments"], whole["questions"], whole["wordings"]) == (
        "肆",
        3,
        1,
        1,
    )
    assert (part["ref"], part["comments"], part["bodies"]) == ("肆-二", 1, [1])
    assert found.sets["coordination/point/肆/questions"] == [reference(2)]
    assert found.found["bodies"][0]["points"] == ["肆"]


def test_a_question_that_a_drafter_has_answered_is_open_no_more() -> None:
    head = a_head_of(a_row("勞動部", 1))
    comments = [
        on(1, "附錄二-1", stance="question"),
        on(2, "附錄二-1", stance="question"),
        on(3, "附錄二-1", as_drafter=True, parent=reference(1), body="勞動部已答覆。"),
    ]
    found = conclude(coordination, comments, head, at_once=1)
    assert found.found["bodies"][0]["questions"] == 1
    assert found.sets["coordination/body/0/questions"] == [reference(2)]
    # What drafters say themselves is counted nowhere.
    assert found.found["bodies"][0]["naming"] == 0


def test_names_are_found_in_either_way_of_writing() -> None:
    head = a_head_of(a_row("臺北市政府、新北市政府", 1))
    found = conclude(coordination, [on(1, "肆-1", body="請台北市政府說明")], head).found
    assert [(body["body"], body["naming"]) for body in found["bodies"]] == [
        ("臺北市政府", 1),
        ("新北市政府", 0),
    ]


def test_the_division_into_parts_changes_nothing() -> None:
    head = a_head_of(a_row("勞動部", 1), a_row("經濟部", 2, section="肆"))
    comments = [
        on(number, REFS[number % 5], stance="question" if number % 2 else "other", body="勞動部")
        for number in range(1, 60)
    ]
    parted = conclude(coordination, comments, head, at_once=4)
    assert parted == conclude(coordination, comments[::-1], head, at_once=90)


def test_a_draft_without_the_table_has_nothing_to_say() -> None:
    assert conclude(coordination, [on(1, "肆-1")], a_head_of()).found == {
        "points": [],
        "bodies": [],
    }
