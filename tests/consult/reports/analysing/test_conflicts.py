"""Where stakeholder groups disagree."""

import random
from collections.abc import Sequence

import pytest

from consult.reports.analysing import conflicts
from consult.reports.analysing.chapter import Chapter, Line
from consult.reports.analysing.conflicts import MOST_SHOWN, least_difference, wilson
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

HEAD = a_head([("壹-1", "第一段。"), ("壹-2", "第二段。"), ("貳-1", "第三段。")])


def made(lines: Sequence[Line], at_once: int = 7) -> Chapter:
    return conclude(conflicts, lines, HEAD, at_once=at_once)


def voices(start: int, group: str, stance: str, many: int, **fields: str | None) -> list[Line]:
    return [
        a_comment(start + each, author=f"u{start + each}", group=group, stance=stance, **fields)
        for each in range(many)
    ]


@pytest.fixture
def said() -> list[Line]:
    return [
        *voices(100, "school", "support", 8, provision="壹-1"),
        *voices(200, "enterprise", "oppose", 9, provision="壹-1"),
        *voices(300, "school", "support", 2, provision="壹-2"),
        *voices(400, "enterprise", "oppose", 2, provision="壹-2"),
        *voices(500, "ngo", "support", 1, provision="壹-2"),
        *voices(600, "school", "support", 5, provision=None),
        *voices(700, "ngo", "support", 5, provision=None),
        *voices(800, "school", "oppose", 4, provision="貳-1", section="貳"),
        *voices(900, "public", "suggest", 9, provision="貳-1", section="貳"),
    ]


def test_where_groups_are_surely_apart_comes_first(said: list[Line]) -> None:
    found = made(said).found
    assert [each["place"] for each in found["clashes"]] == ["壹-1", "壹-2"]
    first, second = found["clashes"]
    assert (first["for"], first["against"], first["apart"]) == ("school", "enterprise", 1.0)
    assert first["groups"] == {
        "enterprise": {"support": 0, "oppose": 9},
        "school": {"support": 8, "oppose": 0},
    }
    # Two against two may be chance, though they are as far apart.
    assert first["at_least"] > 0.4
    assert second["apart"] == 1.0
    assert second["at_least"] < first["at_least"]


def test_a_section_and_the_draft_stand_as_wholes() -> None:
    lines = [
        *voices(100, "school", "support", 3, provision=None),
        *voices(200, "ngo", "oppose", 3, provision=None),
        *voices(300, "school", "support", 4, provision=None, section=""),
        *voices(400, "ngo", "oppose", 4, provision=None, section=""),
    ]
    assert [each["place"] for each in made(lines).found["clashes"]] == ["§", "§壹"]


def test_each_number_has_its_comments(said: list[Line]) -> None:
    endorsed = {
        **said[0],
        "endorsed_by": [["e1", "school", None], ["e2", "enterprise", None], ["u999", "ngo", None]],
    }
    chapter = made([endorsed, *said[1:]])
    first = chapter.found["clashes"][0]
    assert first["groups"]["school"]["support"] == 9
    assert first["groups"]["enterprise"] == {"support": 1, "oppose": 9}
    assert chapter.sets["conflicts/壹-1/enterprise/support"] == [endorsed["reference"]]
    assert len(chapter.sets["conflicts/壹-1/school/support"]) == 8
    assert first["best"]["support"] == endorsed["reference"]
    assert set(chapter.quotes) == {
        reference for each in chapter.found["clashes"] for reference in each["best"].values()
    }
    for clash in chapter.found["clashes"]:
        for group, sides in clash["groups"].items():
            for side, people in sides.items():
                key = f"conflicts/{clash['place']}/{group}/{side}"
                assert bool(chapter.sets.get(key)) == bool(people)


def test_each_person_counts_once() -> None:
    twice = [
        *voices(100, "school", "support", 3),
        *voices(200, "ngo", "oppose", 3),
        # Again for it, and once as much for as against.
        a_comment(301, author="u100", group="school", stance="support"),
        a_comment(302, author="u101", group="school", stance="oppose"),
    ]
    chapter = made(twice)
    assert chapter.found["clashes"][0]["groups"]["school"] == {"support": 2, "oppose": 0}
    assert chapter.sets["conflicts/壹-1/school/support"] == sorted(
        [reference(100), reference(102), reference(301)]
    )


def test_replies_and_drafters_take_no_side_on_the_text(said: list[Line]) -> None:
    more = [
        *voices(2000, "enterprise", "support", 9, parent=reference(100)),
        *({**line, "as_drafter": True} for line in voices(3000, "school", "oppose", 9)),
    ]
    assert made([*said, *more]) == made(said)


def test_neither_order_nor_parts_change_anything(said: list[Line]) -> None:
    shuffled = list(said)
    random.Random(3).shuffle(shuffled)  # noqa: S311
    assert made(shuffled, at_once=3) == made(said, at_once=1000)


def test_only_the_first_are_shown() -> None:
    lines = [
        line
        for place in range(MOST_SHOWN + 3)
        for line in (
            *voices(1000 * place + 100, "school", "support", 3, provision=f"壹-{place}"),
            *voices(1000 * place + 200, "ngo", "oppose", 3, provision=f"壹-{place}"),
        )
    ]
    found = made(lines).found
    assert len(found["clashes"]) == MOST_SHOWN
    assert found["compared"] == MOST_SHOWN + 3
    assert made([]).found == {"clashes": [], "pieces": 0, "compared": 0}


def test_intervals_as_published() -> None:
    # Newcombe, 1998, table II: 56 of 70 against 48 of 80; 9 of 10 against 3 of 10; 10 and 0 of 10.
    assert least_difference([56, 14], [48, 32]) == pytest.approx(0.0524, abs=1e-4)
    assert least_difference([9, 1], [3, 7]) == pytest.approx(0.1705, abs=1e-4)
    assert least_difference([10, 0], [0, 10]) == pytest.approx(0.6075, abs=1e-4)
    # And of a single share: 81 of 263; 0 of 20.
    assert wilson([81, 182]) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson([0, 20]) == pytest.approx((0.0, 0.1611), abs=1e-4)
