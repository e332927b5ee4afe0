"""What two results differ in."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from consult.reports.differing import Arrival, Change, Place, difference_of

SECTIONS = ("壹", "貳", "")
GROUPS = ("school", "public")
STANCES = ("support", "oppose")


class Said(NamedTuple):
    """One comment."""

    section: str
    group: str
    stance: str
    day: str = "2026-11-23"


def counts(comments: Sequence[Said], name: str) -> dict[str, Any]:
    found = Counter(getattr(each, name) for each in comments)
    return {value: {"comments": number} for value, number in found.items()}


def result(
    comments: Sequence[Said], hot: dict[tuple[str, int], int] | None = None
) -> dict[str, Any]:
    """As much of a report's result as differences are made of."""
    spots: dict[str, list[Any]] = {}
    for (ref, number), comments_on_it in (hot or {}).items():
        row = {"n": number, "start": 0, "end": 5, "comments": comments_on_it}
        spots.setdefault(ref, []).append(row)
    return {
        "total": {"comments": len(comments)},
        "groups": counts(comments, "group"),
        "stances": counts(comments, "stance"),
        "sections": [
            {
                "ref": ref,
                "total": {"comments": len(on_it)},
                "groups": counts(on_it, "group"),
            }
            for ref in SECTIONS
            for on_it in [[each for each in comments if each.section == ref]]
        ],
        "chapters": {
            "hot_spots": {
                "provisions": [{"ref": ref, "sentences": rows} for ref, rows in spots.items()]
            }
        },
    }


def arrivals(comments: Sequence[Said]) -> list[Arrival]:
    return [Arrival(*each, number) for each, number in sorted(Counter(comments).items())]


OLD = [Said("壹", "school", "support"), Said("壹", "public", "oppose")]


def test_what_came_in_is_counted_every_way() -> None:
    new = [Said("壹", "public", "oppose"), Said("貳", "public", "support", "2026-11-24")]
    found = difference_of(result(OLD), result(OLD + new), arrivals(new))
    assert found.total == Change(2, 2, 4)
    assert found.sections == {"壹": Change(2, 1, 3), "貳": Change(0, 1, 1)}
    assert found.groups == {"public": Change(1, 2, 3)}
    assert found.stances == {"oppose": Change(1, 1, 2), "support": Change(1, 1, 2)}
    assert found.days == {"2026-11-23": 1, "2026-11-24": 1}
    assert found.section_stances["貳", "support"] == 1
    assert found.group_stances["public", "oppose"] == 1


def test_who_speaks_for_the_first_time_is_named() -> None:
    new = [
        Said("貳", "school", "support"),
        Said("貳", "ngo", "support"),
        Said("壹", "school", "support"),
    ]
    found = difference_of(result(OLD), result(OLD + new), arrivals(new))
    assert found.new_sections == ["貳"]
    assert found.new_groups == ["ngo"]
    assert found.new_cells == [("貳", "school")]


def test_a_comment_that_went_makes_the_numbers_disagree() -> None:
    new = [Said("壹", "public", "oppose")]
    found = difference_of(result(OLD), result([OLD[0], *new]), arrivals(new))
    assert found.total == Change(2, 1, 2)
    assert not found.does_add_up


def test_sentences_that_grew_most_come_first() -> None:
    before = {("壹-1", 1): 3, ("壹-1", 2): 5, ("壹-2", 1): 4}
    after = {("壹-1", 1): 4, ("壹-1", 2): 5, ("壹-2", 1): 3, ("貳-1", 2): 2}
    grown = difference_of(result(OLD, before), result(OLD, after), []).grown
    assert [(each.place, each.then, each.now) for each in grown] == [
        (Place("貳-1", 2), 0, 2),
        (Place("壹-1", 1), 3, 4),
    ]


def test_themes_are_told_by_their_keys() -> None:
    def themed(**sizes: int) -> dict[str, Any]:
        themes = [
            {"key": key, "name": "", "keywords": [key], "comments": size}
            for key, size in sizes.items()
        ]
        return {**result(OLD), "chapters": {"themes": {"": {"prefix": "themes", "themes": themes}}}}

    found = difference_of(themed(a=3, b=5, c=2), themed(a=4, b=5, d=7), []).themes
    assert [(each.set_key, each.then, each.now) for each in found] == [
        ("themes/d", 0, 7),
        ("themes/a", 3, 4),
    ]


def test_reports_without_hot_spots_can_be_compared() -> None:
    without = {name: value for name, value in result(OLD).items() if name != "chapters"}
    assert difference_of(without, without, []).grown == []


COMMENTS = st.lists(
    st.builds(
        Said,
        st.sampled_from(SECTIONS),
        st.sampled_from(GROUPS),
        st.sampled_from(STANCES),
        st.sampled_from(["2026-11-23", "2026-11-24"]),
    ),
    max_size=20,
)


@given(COMMENTS, COMMENTS)
def test_then_and_new_make_now(old: list[Said], new: list[Said]) -> None:
    found = difference_of(result(old), result(old + new), arrivals(new))
    assert found.does_add_up
    for changes in (found.sections, found.groups, found.stances):
        assert sum(change.new for change in changes.values()) == len(new)
    for parts in (found.days, found.section_stances, found.group_stances):
        assert sum(parts.values()) == len(new)
    silent = {ref for ref in SECTIONS if not any(each.section == ref for each in old)}
    assert set(found.new_sections) == silent & {each.section for each in new}
