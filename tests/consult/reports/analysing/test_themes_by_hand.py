"""What people said of themes stands when more comments come."""

from collections.abc import Sequence
from typing import Any

from consult.reports.analysing import themes
from consult.reports.analysing.chapter import Chapter, Head, Json, Line
from consult.reports.replaying import replay
from tests.consult.reports.labelled import comments
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

BEFORE, AFTER = comments(1, 400), comments(2, 400)
FIRST = [a_comment(n, body=text) for n, text in enumerate(BEFORE.texts)]
MORE = [a_comment(n, body=text) for n, text in enumerate(AFTER.texts, start=400)]


def found(lines: Sequence[Line], head: Head) -> Chapter:
    return conclude(themes, lines, head, at_once=100)


def head(*decisions: tuple[str, dict[str, Any]]) -> Head:
    return a_head(theme=replay(("", kind, payload) for kind, payload in decisions))


def the(chapter: Chapter, key: str) -> Json:
    return next(theme for theme in chapter.found["themes"] if theme["key"] == key)


def references(chapter: Chapter, key: str) -> set[str]:
    return set(chapter.sets.get(f"themes/all/{key}", ()))


UNTOUCHED = found(FIRST, a_head())
# As decisions have them of themes too large to keep their comments one by one.
BIGGEST, SECOND, THIRD = ({**theme, "comments": []} for theme in UNTOUCHED.found["themes"][:3])


def test_a_named_theme_keeps_its_name_and_its_comments() -> None:
    chapter = found([*FIRST, *MORE], head(("rename", {"theme": BIGGEST, "name": "甲"})))
    assert the(chapter, BIGGEST["key"])["name"] == "甲"
    before, now = references(UNTOUCHED, BIGGEST["key"]), references(chapter, BIGGEST["key"])
    assert len(before & now) > 0.8 * len(before)
    assert len(now - before) > 0.3 * len(before)
    assert [theme["name"] for theme in chapter.found["themes"]].count("") > 5


def test_no_machine_theme_doubles_a_named_one() -> None:
    chapter = found([*FIRST, *MORE], head(("rename", {"theme": BIGGEST, "name": "甲"})))
    first = the(chapter, BIGGEST["key"])["keywords"][:2]
    others = [theme for theme in chapter.found["themes"] if theme["key"] != BIGGEST["key"]]
    assert not any(first == theme["keywords"][:2] for theme in others)


def test_themes_put_together_stay_together() -> None:
    chapter = found([*FIRST, *MORE], head(("merge", {"into": BIGGEST, "themes": [SECOND]})))
    now = references(chapter, BIGGEST["key"])
    for theme in (BIGGEST, SECOND):
        before = references(UNTOUCHED, theme["key"])
        assert len(before & now) > 0.6 * len(before)
    assert SECOND["key"] not in {theme["key"] for theme in chapter.found["themes"]}


def test_a_part_split_off_stays_apart() -> None:
    terms = BIGGEST["keywords"][:1]
    decision = {"theme": BIGGEST, "key": "part", "name": "乙", "terms": terms}
    chapter = found([*FIRST, *MORE], head(("split", decision)))
    part, rest = references(chapter, "part"), references(chapter, BIGGEST["key"])
    bodies = {line["reference"]: line["body"] for line in [*FIRST, *MORE]}
    assert part
    assert all(terms[0] in bodies[each] for each in part)
    assert not any(terms[0] in bodies[each] for each in rest)
    assert the(chapter, "part")["name"] == "乙"


def test_moved_comments_stay_where_they_were_put() -> None:
    moved = sorted(references(UNTOUCHED, SECOND["key"]))[:5]
    apart = sorted(references(UNTOUCHED, THIRD["key"]))[:3]
    chapter = found(
        [*FIRST, *MORE],
        head(
            ("move", {"into": BIGGEST, "comments": moved}),
            ("move", {"into": None, "comments": apart}),
        ),
    )
    assert references(chapter, BIGGEST["key"]) >= set(moved)
    assert references(chapter, "") >= set(apart)


def test_a_theme_that_nobody_speaks_of_any_more_stays_named() -> None:
    gone = {
        "key": "gone",
        "name": "",
        "keywords": ["潛水艇"],
        "words": {"潜水艇": 9},
        "comments": [],
    }
    chapter = found(FIRST, head(("rename", {"theme": gone, "name": "潛水艇"})))
    theme = the(chapter, "gone")
    assert (theme["comments"], theme["quotes"], theme["keywords"]) == (0, [], ["潛水艇"])


def test_named_themes_stand_also_where_little_is_said() -> None:
    few = [FIRST[n] for n in range(4)]
    moved = [reference(0)]
    chapter = found(few, head(("move", {"into": BIGGEST, "comments": moved})))
    assert references(chapter, BIGGEST["key"]) >= set(moved)


def test_what_people_said_is_the_same_in_any_order() -> None:
    decided = head(
        ("rename", {"theme": BIGGEST, "name": "甲"}), ("merge", {"into": SECOND, "themes": [THIRD]})
    )
    assert found([*FIRST, *MORE], decided) == conclude(themes, [*MORE, *FIRST], decided, at_once=33)


def test_another_sections_themes_are_left_alone() -> None:
    line = replay([("壹", "rename", {"theme": BIGGEST, "name": "甲"})])
    assert found(FIRST, a_head(theme=line)) == UNTOUCHED


def test_comments_of_a_named_theme_stay_but_for_those_split_off() -> None:
    theme = {**BIGGEST, "comments": sorted(references(UNTOUCHED, BIGGEST["key"]))}
    named = head(("rename", {"theme": theme, "name": "甲"}))
    assert references(found([*FIRST, *MORE], named), theme["key"]) > set(theme["comments"])
    terms = theme["keywords"][:1]
    part = ("split", {"theme": theme, "key": "part", "name": "乙", "terms": terms})
    chapter = found([*FIRST, *MORE], head(("rename", {"theme": theme, "name": "甲"}), part))
    both = references(chapter, theme["key"]) | references(chapter, "part")
    assert both > set(theme["comments"])
    assert references(chapter, "part") & set(theme["comments"])
