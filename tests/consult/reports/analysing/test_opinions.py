"""The chapter on groups of opinion."""

import random
from collections.abc import Sequence

import pytest

from consult.reports.analysing import opinions
from consult.reports.analysing.chapter import Chapter, Line
from consult.reports.analysing.opinions import ENOUGH_AT_A_POINT
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

HEAD = a_head([("壹-1", "第一段。"), ("貳-1", "第二段。")])
STATEMENTS, PEOPLE = 10, 20


def endorsers(people: Sequence[int]) -> list[list[str | None]]:
    return sorted([f"u{each:02}", group_of(each), None] for each in people)


def group_of(person: int) -> str:
    return "school" if person % 3 else "public"


@pytest.fixture
def said() -> list[Line]:
    """Ten comments that one half of twenty people endorses and the other opposes, by turns; and
    one that everybody endorses."""
    lines = []
    for statement in range(STATEMENTS):
        with_it = [each for each in range(PEOPLE) if (each < 12) == (statement % 2 == 0)]
        against = sorted(set(range(PEOPLE)) - set(with_it))
        lines.append(spoken(1 + statement, with_it))
        lines += [
            a_comment(
                100 * (1 + statement) + each,
                author=f"u{each:02}",
                group=group_of(each),
                # What answers a comment may stand in another part.
                section="貳",
                provision="貳-1",
                parent=reference(1 + statement),
                stance="oppose",
            )
            for each in against
        ]
    lines.append(spoken(50, range(PEOPLE)))
    return lines


def spoken(number: int, people: Sequence[int]) -> Line:
    return a_comment(
        number,
        author=f"u{people[0]:02}",
        group=group_of(people[0]),
        endorsed_by=endorsers(people[1:]),
    )


def made(lines: Sequence[Line], at_once: int = 7) -> Chapter:
    return conclude(opinions, lines, HEAD, at_once=at_once)


def test_who_judges_alike(said: list[Line]) -> None:
    found = made(said).found
    assert [(each["key"], each["people"]) for each in found["groups"]] == [("A", 12), ("B", 8)]
    assert found["groups"][0]["stakeholders"]["school"]["people"] == 8
    assert found["people_enough"] == found["people"] == PEOPLE
    # One that all agree on, and the paragraph that all of them are about.
    assert found["statements_judged"] == STATEMENTS + 2
    assert found["silhouettes"]["2"] == 1.0


def test_what_they_share_and_what_divides_them(said: list[Line]) -> None:
    found = made(said).found
    assert found["shared"] == [{"statement": reference(50), "side": 1}]
    assert set(found["dividing"]) == {reference(1 + each) for each in range(STATEMENTS)}
    for each in found["groups"]:
        assert each["typical"]
        for told in each["typical"]:
            is_theirs = (int(told["statement"], 32) % 2 == 1) == (each["key"] == "A")
            assert told["side"] == (1 if is_theirs else -1)


def test_each_number_has_its_comments(said: list[Line]) -> None:
    chapter = made(said)
    lines = {line["reference"]: line for line in said}
    for statement in chapter.found["statements"]:
        for group, counts in zip("AB", statement["groups"], strict=True):
            for kind, people in counts.items():
                key = f"opinions/{group}/{statement['name']}/{kind}"
                behind = chapter.sets.get(key, [])
                assert bool(behind) == bool(people)
                if kind == "disagree":
                    assert len({lines[each]["author"] for each in behind}) == people
                    assert all(lines[each]["stance"] == "oppose" for each in behind)
                elif kind == "agree":
                    assert behind in ([], [statement["name"]])
    for group in chapter.found["groups"]:
        wrote = chapter.sets[f"opinions/{group['key']}"]
        assert len(wrote) == group["comments"]
        for name, counts in group["stakeholders"].items():
            theirs = [each for each in wrote if lines[each]["group"] == name]
            assert len(theirs) == counts["comments"]
    assert set(chapter.quotes) == {
        each["name"] for each in chapter.found["statements"] if each["is_comment"]
    }


def test_neither_order_nor_parts_change_anything(said: list[Line]) -> None:
    shuffled = list(said)
    random.Random(3).shuffle(shuffled)  # noqa: S311
    assert made(shuffled, at_once=3) == made(said, at_once=1000)


def test_nobody_is_named_or_stands_alone(said: list[Line]) -> None:
    chapter = made(said)
    assert "u01" not in str(chapter)
    assert sum(point["people"] for point in chapter.found["points"]) == PEOPLE
    assert all(point["people"] >= ENOUGH_AT_A_POINT for point in chapter.found["points"])


def test_too_few_votes_are_said_to_be_so(said: list[Line]) -> None:
    found = made(said[:1]).found
    assert not found["groups"]
    assert (found["votes_needed"], found["voters_needed"]) == (7, 12)
    assert (found["people"], found["people_enough"]) == (12, 12)
    assert not made([]).found["groups"]


def test_what_drafters_said_and_what_is_missing_is_no_statement(said: list[Line]) -> None:
    hidden = [line for line in said if line["reference"] != reference(1)]
    by_drafter = [{**line, "as_drafter": line["reference"] == reference(1)} for line in said]
    assert made(hidden) == made(by_drafter)
    assert reference(1) not in str(made(hidden).found)


def test_for_and_against_the_text_are_judgements_of_the_text() -> None:
    lines = [
        line
        for place in range(1, 5)
        for line in (
            written(100 * place, "oppose", range(6), place),
            written(100 * place + 1, "support", range(6, 14), place),
            # As much for it as against it: neither.
            written(100 * place + 2, "support", [14, 15], place),
            written(100 * place + 3, "oppose", [15, 14], place),
            # Seen, and neither.
            written(100 * place + 4, "suggest", range(14), place),
        )
    ]
    chapter = made(lines)
    assert {"壹-1", "壹-2", "壹-3", "壹-4"} <= set(chapter.found["dividing"])
    text = next(each for each in chapter.found["statements"] if each["name"] == "壹-1")
    assert not text["is_comment"]
    assert sum(each["disagree"] for each in text["groups"]) == 6
    assert sum(each["agree"] for each in text["groups"]) == 8
    assert "壹-1" not in chapter.quotes


def written(number: int, stance: str, people: Sequence[int], place: int) -> Line:
    return {**spoken(number, people), "stance": stance, "provision": f"壹-{place}"}
