"""What became of which provision, found by text and order alone."""

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from consult.document.alignment import Link, Piece, align, pieces_of
from consult.document.reading import read_outline

# Sentences that have little in common, as the provisions of a real text.
TEXTS = [
    "技職教育應因應少子女化及產業轉型，培養具備實作能力之專業人才。",
    "學校得與產業機構共同規劃課程，並聘請業界專家協同教學。",
    "主管機關應每二年通盤檢討本綱領，並公告其結果。",
    "國民中學應辦理職業試探教育，使學生認識各行各業。",
    "技專校院應依其特色發展重點領域，並強化國際合作交流。",
    "雇主進用取得證照之畢業生，得依規定申請獎勵補助。",
    "身心障礙學生之實習，應提供合理調整及必要之輔具。",
    "偏遠地區學校之設備更新，由中央政府優先編列預算支應。",
    "在職勞工進修所需費用，得由就業安定基金酌予補助。",
    "本綱領之推動情形，應由跨部會小組定期追蹤管考。",
]


def pieces(texts: Sequence[str], side: str = "p") -> list[Piece]:
    return [Piece(f"{side}{place}", text) for place, text in enumerate(texts)]


def by_text(
    links: Sequence[Link], old: Sequence[Piece], new: Sequence[Piece]
) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    before = {piece.ref: piece.text for piece in old}
    after = {piece.ref: piece.text for piece in new}
    return {
        (tuple(before[ref] for ref in link.old), tuple(after[ref] for ref in link.new))
        for link in links
    }


def kinds(old: Sequence[str], new: Sequence[str]) -> dict[tuple[str, ...], str]:
    """How each old provision went on; each new one stands with its text."""
    links = align(pieces(old), pieces(new))
    by_ref = {piece.ref: piece.text for piece in pieces(new)}
    return {link.old or (by_ref[link.new[0]],): link.kind for link in links}


def test_a_draft_is_the_same_as_itself() -> None:
    twice = pieces([*TEXTS, "（刪除）", "（刪除）", TEXTS[0]])
    links = align(twice, twice)
    assert [(link.old, link.new, link.kind) for link in links] == [
        ((piece.ref,), (piece.ref,), "kept") for piece in twice
    ]


def test_changed_words_are_an_edit() -> None:
    changed = TEXTS[2].replace("二年", "四年")
    (link,) = [
        link
        for link in align(pieces(TEXTS), pieces([*TEXTS[:2], changed, *TEXTS[3:]]))
        if link.kind != "kept"
    ]
    assert (link.old, link.new, link.kind, link.is_certain) == (("p2",), ("p2",), "edited", True)
    assert 0 < link.score < 1


def test_what_is_taken_out_and_put_in() -> None:
    added = "完全不同之新增規定與先前無關。"
    found = kinds(TEXTS, [TEXTS[0], added, *TEXTS[1:4], *TEXTS[5:]])
    assert found.pop(("p4",)) == "deleted"
    assert found.pop((added,)) == "new"
    assert set(found.values()) == {"kept"}


def test_a_provision_in_another_place_is_moved() -> None:
    found = kinds(TEXTS, [TEXTS[7], *TEXTS[:7], *TEXTS[8:]])
    assert {ref for ref, kind in found.items() if kind == "moved"} == {("p7",)}


def test_a_split_and_a_merger() -> None:
    first, second = "學校應訂定實習辦法，明定雙方權利義務。", "實習期間之保險由學校投保並負擔費用。"
    whole = first + second
    (split,) = [
        link
        for link in align(
            pieces([*TEXTS[:3], whole, *TEXTS[3:]]),
            pieces([*TEXTS[:3], first, second, *TEXTS[3:]]),
        )
        if link.kind != "kept"
    ]
    assert (split.old, split.new, split.kind) == (("p3",), ("p3", "p4"), "split")
    (merged,) = [
        link
        for link in align(
            pieces([*TEXTS[:3], first, second, *TEXTS[3:]]),
            pieces([*TEXTS[:3], whole, *TEXTS[3:]]),
        )
        if link.kind != "kept"
    ]
    assert (merged.old, merged.new, merged.kind) == (("p3", "p4"), ("p3",), "merged")


def test_the_last_provision_is_not_the_last_one_of_another_matter() -> None:
    old, new = [*TEXTS[:3], "本辦法自發布日施行。"], [*TEXTS[:3], "另設諮詢窗口一處。"]
    assert kinds(old, new)["p3",] == "deleted"


def test_nothing_on_either_side() -> None:
    assert align([], []) == []
    assert [link.kind for link in align(pieces(TEXTS[:2]), [])] == ["deleted", "deleted"]
    assert [link.kind for link in align([], pieces(TEXTS[:2]))] == ["new", "new"]


def test_same_words_in_two_places_are_not_certain() -> None:
    old = pieces([TEXTS[0], "本條刪除。", TEXTS[1]])
    new = pieces(["本條刪除。", TEXTS[1], "本條刪除。", TEXTS[0]])
    assert not any(
        link.is_certain for link in align(old, new) if old[1].ref in link.old and link.new
    )


def test_headings_tell_apart_what_the_words_do_not() -> None:
    outline = read_outline("計畫\n壹、目標\n一、人才\n依法辦理。\n貳、策略\n一、經費\n依法辦理。\n")
    (first, second) = pieces_of(outline)
    assert first.heading != second.heading
    moved = [replace(second, ref="a"), replace(first, ref="b")]
    assert {(link.old[0], link.new[0]) for link in align([first, second], moved)} == {
        (first.ref, "b"),
        (second.ref, "a"),
    }


# --- any edit script is recovered ---------------------------------------------------------------


@st.composite
def scripts(draw: st.DrawFn) -> tuple[list[str], list[str], dict[str, str]]:
    """A draft, the next one, and which text became which."""
    old: list[str] = draw(st.permutations(TEXTS))
    new: list[str] = []
    became: dict[str, str] = {}
    for text in old:
        act = draw(st.sampled_from(["keep", "keep", "edit", "delete"]))
        if act == "delete":
            continue
        changed = text if act == "keep" else text.replace("。", "，並應公告周知。")
        became[text] = changed
        new.append(changed)
    if draw(st.booleans()) and new:
        moved = new.pop(draw(st.integers(0, len(new) - 1)))
        new.insert(draw(st.integers(0, len(new))), moved)
    return old, new, became


@given(scripts())
def test_any_edits_are_recovered(script: tuple[list[str], list[str], dict[str, str]]) -> None:
    old, new, became = script
    links = align(pieces(old, "o"), pieces(new, "n"))
    expected = {((text,), (became[text],) if text in became else ()) for text in old}
    assert by_text(links, pieces(old, "o"), pieces(new, "n")) == expected


@given(scripts(), st.randoms(use_true_random=False))
def test_every_provision_stands_in_one_link(
    script: tuple[list[str], list[str], dict[str, str]], rng: random.Random
) -> None:
    old, new, _became = script
    rng.shuffle(new)
    links = align(pieces(old, "o"), pieces(new, "n"))
    assert sorted(ref for link in links for ref in link.old) == sorted(
        piece.ref for piece in pieces(old, "o")
    )
    assert sorted(ref for link in links for ref in link.new) == sorted(
        piece.ref for piece in pieces(new, "n")
    )


BACKWARDS = {"split": "merged", "merged": "split", "deleted": "new", "new": "deleted"}


@given(scripts(), st.randoms(use_true_random=False))
def test_it_reads_the_same_backwards(
    script: tuple[list[str], list[str], dict[str, str]], rng: random.Random
) -> None:
    old, new, _became = script
    rng.shuffle(new)
    there = align(pieces(old, "o"), pieces(new, "n"))
    back = align(pieces(new, "n"), pieces(old, "o"))
    assert {(link.old, link.new, link.kind, link.is_certain) for link in there} == {
        (link.new, link.old, BACKWARDS.get(link.kind, link.kind), link.is_certain) for link in back
    }
