"""Where the words of a comment stand in the next draft."""

from hypothesis import given
from hypothesis import strategies as st

from comments.placing import Carriage, Placed
from consult.document.alignment import Link, Piece, align

OLD = "學校得與產業機構共同規劃課程，並聘請業界專家協同教學，其辦法由學校定之。"


def carried(words: str, old: str, *new: str, kind: str = "edited", sure: bool = True) -> Placed:
    """Where these words of the old text stand in what became of it."""
    refs = tuple(f"n{place}" for place in range(len(new)))
    link = Link(("o",), refs, kind, 0.8, is_certain=sure)  # type: ignore[arg-type]
    carriage = Carriage([link], old={"o": old}, new=dict(zip(refs, new, strict=True)))
    start = old.index(words)
    return carriage.place("o", start, start + len(words))


def found(placed: Placed, *new: str) -> str:
    assert placed.ref is not None
    return new[int(placed.ref[1:])][placed.start : placed.end]


def test_unchanged_words_are_exact_though_the_rest_changed() -> None:
    new = "技專校院" + OLD.replace("其辦法由學校定之", "其辦法另定之")
    placed = carried("聘請業界專家", OLD, new)
    assert (placed.status, found(placed, new), placed.score) == ("exact", "聘請業界專家", 1.0)


def test_changed_words_are_edited_with_what_is_left() -> None:
    new = OLD.replace("聘請業界專家", "遴聘業界專家")
    placed = carried("並聘請業界專家協同教學", OLD, new)
    assert (placed.status, found(placed, new)) == ("edited", "並遴聘業界專家協同教學")
    assert 0.8 < placed.score < 1


def test_words_with_little_left_are_orphaned() -> None:
    new = OLD.replace("聘請業界專家協同教學", "提供實習機會")
    placed = carried("聘請業界專家協同教學", OLD, new)
    assert (placed.status, placed.ref, placed.start) == ("orphaned", None, None)


def test_words_in_another_place_of_the_text_need_their_context() -> None:
    short = carried("學校", "學校得辦理實習。經費由政府支應。", "經費由政府支應，不由學校負擔。")
    assert short.status == "orphaned"
    old = "前言。國民中學應辦理職業試探教育，使學生認識各行各業。主管機關應編列預算支應之。"
    new = "主管機關應編列預算支應之。前言。國民中學應辦理職業試探教育，使學生認識各行各業。"
    assert found(carried("主管機關應編列預算支應之", old, new), new) == "主管機關應編列預算支應之"


def test_a_split_provision_carries_words_into_the_part_that_has_them() -> None:
    first, second = OLD.split("，並")
    placed = carried("業界專家協同教學", OLD, first, second, kind="split")
    assert (placed.ref, found(placed, first, second)) == ("n1", "業界專家協同教學")


def test_a_deleted_provision_orphans_and_a_moved_one_moves() -> None:
    assert carried("學校", OLD, kind="deleted").status == "orphaned"
    assert carried("課程", OLD, OLD, kind="moved").status == "moved"


def test_doubt_about_the_lineage_is_doubt_about_the_place() -> None:
    assert not carried("課程", OLD, OLD, kind="kept", sure=False).is_certain
    assert carried("課程", OLD, OLD, kind="kept").is_certain


def test_where_lines_break_makes_no_difference() -> None:
    wrapped = OLD.replace("共同", "共\n  同")
    there = carried("共同規劃", OLD, wrapped)
    assert (there.status, found(there, wrapped)) == ("exact", "共\n  同規劃")
    back = carried("共\n  同規劃", wrapped, OLD)
    assert (back.status, found(back, OLD)) == ("exact", "共同規劃")


@given(
    st.lists(st.text("學校產業課程實習\n 。，𠀀é", min_size=1), min_size=1, max_size=6), st.data()
)
def test_the_same_draft_leaves_every_word_in_its_place(
    texts: list[str], data: st.DataObject
) -> None:
    pieces = [Piece(str(place), text) for place, text in enumerate(texts)]
    by_ref = {piece.ref: piece.text for piece in pieces}
    carriage = Carriage(align(pieces, pieces), old=by_ref, new=by_ref)
    piece = data.draw(st.sampled_from(pieces))
    start = data.draw(st.integers(0, len(piece.text) - 1))
    end = data.draw(st.integers(start + 1, len(piece.text)))
    placed = carriage.place(piece.ref, start, end)
    assert (placed.status, placed.ref, placed.score) == ("exact", piece.ref, 1.0)
    assert (placed.start, placed.end) == (start, end)
