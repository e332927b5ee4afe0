"""Lineage over more than one draft."""

from consult.document.alignment import Kind, Link
from consult.document.descent import composed


def link(old: str, new: str, kind: Kind, *, sure: bool = True) -> Link:
    return Link(tuple(old.split()), tuple(new.split()), kind, 0.5, is_certain=sure)


def test_links_lead_on() -> None:
    first = [
        link("a", "b", "kept"),
        link("c", "d", "moved"),
        link("e", "f g", "split"),
        link("h", "", "deleted"),
        link("", "i", "new"),
    ]
    second = [
        link("b", "B", "kept"),
        link("d", "D", "kept", sure=False),
        link("f g", "F", "merged"),
        link("i", "I", "edited"),
        link("", "N", "new"),
    ]
    found = {each.old or each.new: each for each in composed(first, second)}
    assert (found["a",].new, found["a",].kind) == (("B",), "kept")
    assert (found["c",].new, found["c",].kind, found["c",].is_certain) == (("D",), "moved", False)
    assert (found["e",].new, found["e",].kind) == (("F",), "edited")
    assert (found["h",].new, found["h",].kind) == ((), "deleted")
    assert {ref for ref, each in found.items() if each.kind == "new"} == {("I",), ("N",)}


def test_what_is_deleted_on_the_way_is_gone_and_what_meets_is_merged() -> None:
    first = [link("a", "b c", "split"), link("d", "e", "kept"), link("f", "g", "kept")]
    second = [link("b e", "X", "merged"), link("c", "", "deleted"), link("g", "", "deleted")]
    found = composed(first, second)
    assert [(each.old, each.new, each.kind) for each in found] == [
        (("a", "d"), ("X",), "merged"),
        (("f",), (), "deleted"),
    ]


def test_over_a_draft_that_changed_nothing() -> None:
    first = [link("a", "b c", "split"), link("d e", "f", "merged"), link("", "g", "new")]
    same = [link(ref, ref, "kept") for ref in "bcfg"]
    assert [(each.old, each.new, each.kind) for each in composed(first, same)] == [
        (each.old, each.new, each.kind) for each in first
    ]
