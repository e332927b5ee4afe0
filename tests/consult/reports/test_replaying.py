"""What is left of decisions on themes, one after the other."""

from typing import Any

from consult.reports.replaying import Json, replay


def theme(key: str, name: str = "") -> Json:
    words = [f"{key}1", f"{key}2"]
    return {
        "key": key,
        "name": name,
        "keywords": words,
        "words": {key: 9},
        "comments": [f"of {key}"],
    }


def lines(*decisions: tuple[str, dict[str, Any]], section: str = "") -> dict[str, Json]:
    found = replay((section, kind, payload) for kind, payload in decisions)
    return {line["key"]: line for line in found}


def rename(key: str, name: str) -> tuple[str, dict[str, Any]]:
    return "rename", {"theme": theme(key), "name": name}


def merge(into: str, *keys: str) -> tuple[str, dict[str, Any]]:
    return "merge", {"into": theme(into), "themes": [theme(key) for key in keys]}


def split(key: str, of: str, *terms: str) -> tuple[str, dict[str, Any]]:
    return "split", {"theme": theme(of), "key": key, "name": key, "terms": list(terms)}


def move(into: str, *comments: str) -> tuple[str, dict[str, Any]]:
    return "move", {"into": theme(into) if into else None, "comments": list(comments)}


def test_a_named_theme_is_remembered_by_its_words() -> None:
    assert lines(rename("a", "實習"), rename("a", "實習權益")) == {
        "a": {
            "section": "",
            "key": "a",
            "name": "實習權益",
            "keywords": ["a1", "a2"],
            "remembered": [{"a": 9}],
            "takes": [],
            "held": ["of a"],
            "comments": [],
        }
    }


def test_sections_are_apart() -> None:
    found = replay(
        [("壹", *rename("a", "甲")), ("", *rename("a", "乙")), ("壹", *rename("a", "丙"))]
    )
    assert [(line["section"], line["name"]) for line in found] == [("", "乙"), ("壹", "丙")]


def test_themes_put_together_are_remembered_by_the_words_of_all() -> None:
    found = lines(move("b", "C1"), merge("a", "b", "c"))
    assert list(found) == ["a"]
    assert found["a"]["name"] == "a1、a2"
    assert found["a"]["remembered"] == [{"a": 9}, {"b": 9}, {"c": 9}]
    assert found["a"]["comments"] == ["C1"]


def test_a_part_split_off_takes_comments_by_its_terms() -> None:
    found = lines(split("new", "a", "a1"))
    assert found["new"]["takes"] == [{"from": "a", "terms": ["a1"]}]
    assert found["new"]["remembered"] == []
    assert found["a"]["remembered"] == [{"a": 9}]


def test_a_part_put_back_is_gone() -> None:
    found = lines(
        split("new", "a", "a1"), ("merge", {"into": theme("a"), "themes": [theme("new")]})
    )
    assert list(found) == ["a"]
    assert found["a"]["takes"] == []


def test_a_part_put_into_another_theme_keeps_its_terms() -> None:
    found = lines(split("new", "a", "a1"), merge("b", "new"))
    assert found["b"]["takes"] == [{"from": "a", "terms": ["a1"]}]


def test_a_part_follows_the_theme_that_it_was_split_from() -> None:
    found = lines(split("new", "a", "a1"), merge("b", "a"))
    assert found["new"]["takes"] == [{"from": "b", "terms": ["a1"]}]


def test_a_comment_is_where_it_was_moved_last() -> None:
    found = lines(move("a", "C1", "C2"), move("b", "C1"), move("", "C2", "C3"), move("b", "C3"))
    assert found["a"]["comments"] == []
    assert found["b"]["comments"] == ["C1", "C3"]
    assert found[""]["comments"] == ["C2"]


def test_themes_put_together_crosswise() -> None:
    assert list(lines(merge("a", "b"), merge("b", "a"))) == ["b"]


def test_the_comments_of_a_named_theme_are_held() -> None:
    found = lines(rename("a", "甲"), merge("b", "c"))
    assert (found["a"]["held"], found["b"]["held"]) == (["of a"], ["of b", "of c"])


def test_a_comment_that_was_moved_is_held_nowhere_else() -> None:
    found = lines(move("b", "of a"), rename("a", "甲"), move("", "of b"))
    assert found["a"]["held"] == found["b"]["held"] == []
    assert (found["b"]["comments"], found[""]["comments"]) == (["of a"], ["of b"])
