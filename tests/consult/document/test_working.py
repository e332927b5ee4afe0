"""The next draft, written in place: every act on the pieces, alone and two drafters at once."""

import contextlib
import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import Http404

from accounts.models import User
from consult.document.arranging import outline_of
from consult.document.finishing import (
    finish_working,
    put_away,
    start_working,
    take_up,
)
from consult.document.importing import import_draft
from consult.document.models import (
    Draft,
    Drafter,
    Framework,
    Provision,
    WorkingPiece,
    WorkingRecord,
    WorkingText,
)
from consult.document.outline import Outline, every_section
from consult.document.relating import links_between, stored_links
from consult.document.working import (
    EditConflict,
    Words,
    WorkingRefused,
    add_piece,
    adopt_wording,
    change_piece,
    delete_piece,
    merge_with_next,
    move_piece,
    move_step,
    restore_piece,
    split_piece,
)
from tests.cast import outline_section, person, small_outline, with_second_factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def working(draft: Draft, drafter: User) -> WorkingText:
    return start_working(draft.framework, actor=drafter)


@pytest.fixture
def colleague(framework: Framework) -> User:
    """Another drafter of the same framework."""
    user = with_second_factor(person("colleague"))
    Drafter.objects.create(framework=framework, user=user)
    return user


@pytest.fixture
def piece(working: WorkingText) -> Callable[[str], WorkingPiece]:
    """A piece as it stands now, by the beginning of its words."""

    def found(words: str) -> WorkingPiece:
        (one,) = [each for each in working.pieces.in_order() if words in each.text + each.title]
        return one

    return found


def standing(working: WorkingText) -> list[str]:
    return [each.text or each.number for each in working.pieces.standing().in_order()]


def said(outline: Outline) -> list[str]:
    return [
        words
        for section in every_section(outline.sections)
        for words in (section.number, *(each.text for each in section.provisions))
    ]


def links_of(old: Draft, new: Draft) -> dict[tuple[str, ...], tuple[tuple[str, ...], str]]:
    return {
        link.old or ("new", *link.new): (link.new, link.kind) for link in links_between(old, new)
    }


def test_it_begins_with_the_last_draft(working: WorkingText, draft: Draft, drafter: User) -> None:
    pieces = list(working.pieces.in_order())
    bare = Outline("", "", (), (), (), ())
    assert outline_of(pieces, beside=bare).sections == small_outline().sections
    for each in pieces:
        origins = [origin.text for origin in each.came_from.all()]
        assert origins == ([] if each.is_section else [each.text])
    assert start_working(draft.framework, actor=drafter) == working


def test_a_change_is_kept_with_its_history(
    piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    old = piece("改變社會")
    new = change_piece(old, words=Words(text=" 改變觀念。\r\n"), version=1, actor=drafter)
    assert (new.text, new.version, new.changed_by) == ("改變觀念。", 2, drafter)
    assert change_piece(new, words=Words(text="改變觀念。"), version=2, actor=drafter).version == 2
    record = WorkingRecord.objects.get()
    assert (record.act, record.actor) == ("change", drafter)
    assert (record.before, record.after) == ({"text": old.text}, {"text": "改變觀念。"})


def test_who_has_not_seen_the_last_words_overwrites_nothing(
    piece: Callable[[str], WorkingPiece], drafter: User, colleague: User
) -> None:
    seen = piece("改變社會")
    change_piece(seen, words=Words(text="甲改的。"), version=1, actor=colleague)
    for act in (
        lambda: change_piece(seen, words=Words(text="乙改的。"), version=1, actor=drafter),
        lambda: split_piece(seen, texts=["乙", "丙"], version=1, actor=drafter),
        lambda: delete_piece(seen, version=1, actor=drafter),
        lambda: adopt_wording(seen, text="丁", reference="X", version=1, actor=drafter),
    ):
        with pytest.raises(EditConflict) as conflict:
            act()
        assert conflict.value.piece.text == "甲改的。"
        assert conflict.value.piece.changed_by == colleague
        assert conflict.value.piece.changed_at
    assert piece("甲改的").version == 2


def test_a_provision_is_split_and_merged(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    one, two = split_piece(piece("野家"), texts=["前", "後"], version=1, actor=drafter)
    assert standing(working)[2:4] == ["前", "後"]
    assert list(one.came_from.all()) == list(two.came_from.all())
    first = piece("肩負")
    merged = merge_with_next(first, following=one, version=1, following_version=2, actor=drafter)
    assert merged.text.endswith("現況。前")
    assert set(merged.came_from.values_list("ref", flat=True)) == {"壹-1", "壹-2"}
    with pytest.raises(WorkingRefused, match="merged into another"):
        restore_piece(one, actor=drafter)
    with pytest.raises(WorkingRefused, match="Something else stands behind it"):
        merge_with_next(merged, following=one, version=2, following_version=3, actor=drafter)
    with pytest.raises(WorkingRefused, match="Only two provisions"):
        merge_with_next(
            piece("體系"),
            following=WorkingPiece.objects.get(number="貳"),
            version=1,
            following_version=1,
            actor=drafter,
        )


def test_a_heading_moves_with_what_is_beneath_it(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    move_step(piece("發展重點"), up=True, actor=drafter)
    numbers = [each for each in standing(working) if len(each) < 4]
    assert numbers == ["壹", "貳", "肆", "一", "二", "參", "伍", "一", "陸", "附錄二"]
    move_step(piece("發展重點"), up=False, actor=drafter)
    assert [each for each in standing(working) if len(each) < 4][2:4] == ["參", "肆"]
    move_step(WorkingPiece.objects.get(title="創新學習模式"), up=False, actor=drafter)
    with pytest.raises(WorkingRefused, match="last already"):
        move_step(WorkingPiece.objects.get(title="創新學習模式"), up=False, actor=drafter)
    with pytest.raises(WorkingRefused, match="behind itself"):
        move_piece(piece("發展重點"), behind=piece("跨域素養"), actor=drafter)
    with pytest.raises(WorkingRefused, match="first already"):
        move_step(piece("序言"), up=True, actor=drafter)


def test_a_provision_moves_past_a_heading(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    move_step(piece("改變社會"), up=True, actor=drafter)
    assert standing(working).index("改變社會對技職教育的觀點。") + 1 == standing(working).index(
        "參"
    )
    move_piece(piece("改變社會"), behind=None, actor=drafter)
    assert standing(working)[0] == "改變社會對技職教育的觀點。"


def test_what_is_deleted_comes_back_whole(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    before = standing(working)
    delete_piece(piece("跨域素養"), version=1, actor=drafter)
    delete_piece(piece("發展重點"), version=1, actor=drafter)
    assert not {"肆", "一", "二"} & set(standing(working)[:8]) - {"一"}
    restore_piece(piece("發展重點"), actor=drafter)
    assert "發展跨域素養導向課程。" not in standing(working)
    restore_piece(piece("跨域素養"), actor=drafter)
    assert standing(working) == before


def test_a_new_heading_stands_beside_the_one_it_is_added_in(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    added = add_piece(
        piece("跨域素養"), kind="section", words=Words(number="一之一", title="新"), actor=drafter
    )
    assert added.depth == 1
    add_piece(added, kind="item", words=Words(text="一、新的"), actor=drafter)
    outline = outline_of(list(working.pieces.in_order()), beside=small_outline())
    (section,) = [each for each in every_section(outline.sections) if each.title == "新"]
    assert (section.ref, section.provisions[0].ref) == ("肆-一之一", "肆-一之一-1")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (Words(text=" \n "), "Nothing is written there"),
        (Words(text="長" * 20_001), "longer than 20000 characters"),
    ],
)
def test_what_is_no_text_is_not_kept(
    piece: Callable[[str], WorkingPiece], drafter: User, words: Words, sentence: str
) -> None:
    with pytest.raises(WorkingRefused, match=sentence):
        change_piece(piece("改變社會"), words=words, version=1, actor=drafter)
    with pytest.raises(WorkingRefused, match="number or a title"):
        change_piece(piece("發展重點"), words=Words(), version=1, actor=drafter)


def test_it_becomes_the_next_draft_with_its_lineage(
    working: WorkingText, piece: Callable[[str], WorkingPiece], draft: Draft, drafter: User
) -> None:
    split_piece(
        piece("野家"), texts=["完全不同的第一段。", "完全不同的第二段。"], version=1, actor=drafter
    )
    change_piece(piece("跨域素養"), words=Words(text="全文改寫了。"), version=1, actor=drafter)
    move_piece(piece("改變社會"), behind=piece("全文改寫"), actor=drafter)
    rows = [each for each in working.pieces.in_order() if each.kind == "row"]
    merge_with_next(rows[0], following=rows[1], version=1, following_version=1, actor=drafter)
    add_piece(piece("臺灣產業"), kind="paragraph", words=Words(text="新的一段話。"), actor=drafter)
    delete_piece(piece("結語的內文"), version=1, actor=drafter)
    made = finish_working(working, actor=drafter, label="第 6 版")
    assert (made.number, made.label) == (2, "第 6 版")
    found = links_of(draft, made)
    assert found["壹-2",] == (("壹-2", "壹-3"), "split")
    assert found["肆-一-1",] == (("肆-一-1",), "edited")
    assert found["參-1",] == (("肆-一-2",), "moved")
    assert found["附錄二-1", "附錄二-2"] == (("附錄二-1",), "merged")
    assert found["new", "肆-2"] == (("肆-2",), "new")
    assert found["伍-1",] == ((), "deleted")
    assert [each for each in stored_links(draft, made) if each.is_waiting] == []
    working.refresh_from_db()
    assert (working.draft, working.finished_by) == (made, drafter)
    with pytest.raises(WorkingRefused, match="isn't written at"):
        change_piece(piece("全文改寫"), words=Words(text="再改"), version=2, actor=drafter)


def test_rows_stay_coordination_items(working: WorkingText, drafter: User) -> None:
    row = working.pieces.filter(kind="row").in_order().last()
    assert row
    add_piece(row, kind="row", words=Words(text="新｜教育部｜新的事項"), actor=drafter)
    change_piece(row, words=Words(text="創新學習模式｜經濟部｜別的"), version=1, actor=drafter)
    made = finish_working(working, actor=drafter, label="")
    items = made.coordination_items.order_by("position").values_list("body", "item")
    assert list(items) == [
        ("勞動部", "提供職業訓練資源"),
        ("經濟部", "別的"),
        ("教育部", "新的事項"),
    ]


def test_what_is_unchanged_makes_no_draft(
    working: WorkingText, piece: Callable[[str], WorkingPiece], draft: Draft, drafter: User
) -> None:
    change_piece(piece("改變社會"), words=Words(text="別的。"), version=1, actor=drafter)
    change_piece(
        piece("別的"), words=Words(text="改變社會對技職教育的觀點。"), version=2, actor=drafter
    )
    with pytest.raises(WorkingRefused, match="Nothing is changed"):
        finish_working(working, actor=drafter, label="第 6 版")
    for section in working.pieces.filter(kind="section", depth=0):
        delete_piece(section, version=1, actor=drafter)
    with pytest.raises(WorkingRefused, match="Nothing is left"):
        finish_working(working, actor=drafter, label="第 6 版")
    assert Draft.objects.get() == draft


def test_it_is_put_away_and_taken_up(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    change_piece(piece("改變社會"), words=Words(text="別的。"), version=1, actor=drafter)
    put_away(working, actor=drafter)
    with pytest.raises(WorkingRefused, match="isn't written at"):
        change_piece(piece("別的"), words=Words(text="又是"), version=2, actor=drafter)
    another = start_working(working.framework, actor=drafter)
    assert another != working
    with pytest.raises(WorkingRefused, match="can't be taken up"):
        take_up(working, actor=drafter)
    put_away(another, actor=drafter)
    take_up(working, actor=drafter)
    assert piece("別的").version == 2


def test_only_drafters_write(
    working: WorkingText, piece: Callable[[str], WorkingPiece], visitor: User
) -> None:
    with pytest.raises(Http404):
        change_piece(piece("改變社會"), words=Words(text="別的。"), version=1, actor=visitor)
    with pytest.raises(Http404):
        start_working(working.framework, actor=visitor)


def test_without_a_draft_there_is_nothing_to_begin_with(
    framework: Framework, drafter: User
) -> None:
    with pytest.raises(WorkingRefused, match="import the first one"):
        start_working(framework, actor=drafter)


@pytest.mark.parametrize("seed", range(12))
def test_any_acts_keep_one_order_and_every_piece(
    working: WorkingText, draft: Draft, drafter: User, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's own dice
    for step in range(40):
        pieces = list(working.pieces.in_order())
        one, other = chance.choice(pieces), chance.choice([None, *pieces])
        try:
            _any_act(chance, one, other, pieces, f"第 {seed} 之 {step} 段。", drafter)
        except WorkingRefused:
            continue
    pieces = list(working.pieces.in_order())
    assert len({each.position for each in pieces}) == len(pieces)
    add_piece(pieces[-1], kind="paragraph", words=Words(text="末段。"), actor=drafter)
    left = standing(working)
    made = finish_working(working, actor=drafter, label="")
    stored = [
        words
        for section in made.sections.in_reading_order()
        for words in (
            section.number,
            *section.provisions.order_by("position").values_list("text", flat=True),
        )
    ]
    # Text before every heading stands under one without a number.
    assert stored[stored[:1] == [""] :] == left
    news = [new for link in links_between(draft, made) for new in link.new]
    assert sorted(news) == sorted(made.provisions.values_list("ref", flat=True))
    assert not any(each.is_waiting for each in stored_links(draft, made))


def _any_act(
    chance: random.Random,
    one: WorkingPiece,
    other: WorkingPiece | None,
    pieces: list[WorkingPiece],
    text: str,
    actor: User,
) -> None:
    words = Words(text=text, number="新", title=text, depth=chance.randrange(4))
    version = one.version
    act = chance.randrange(8)
    if act == 0:
        change_piece(one, words=words, version=version, actor=actor)
    elif act == 1:
        split_piece(one, texts=[text, f"{text}後"], version=version, actor=actor)
    elif act == 2:
        later = [each for each in pieces if each.position > one.position and not each.is_removed]
        if later:
            merge_with_next(
                one,
                following=later[0],
                version=version,
                following_version=later[0].version,
                actor=actor,
            )
    elif act == 3:
        move_piece(one, behind=other, actor=actor)
    elif act == 4:
        move_step(one, up=chance.random() < 0.5, actor=actor)
    elif act == 5:
        kind = chance.choice(["section", "paragraph", "item"])
        add_piece(one, kind=kind, words=words, actor=actor)
    elif act == 6:
        delete_piece(one, version=version, actor=actor)
    else:
        restore_piece(one, actor=actor)


def test_a_place_that_is_full_makes_room(
    working: WorkingText, piece: Callable[[str], WorkingPiece], drafter: User
) -> None:
    """Each new piece halves the room behind the first; after some thirty the row is spread."""
    first = piece("肩負")
    for count in range(50):
        add_piece(first, kind="paragraph", words=Words(text=f"{count}"), actor=drafter)
    assert standing(working)[2:52] == [f"{count}" for count in range(49, -1, -1)]


def test_a_draft_made_of_an_older_one_follows_what_was_shown(
    working: WorkingText, piece: Callable[[str], WorkingPiece], draft: Draft, drafter: User
) -> None:
    """What was imported meanwhile takes its number; the next draft takes the one after."""
    sections = (outline_section("壹", "序言", "別的內文。"),)
    outline = Outline("技術及職業教育政策綱領", "", (), sections, (), ())
    import_draft(framework=draft.framework, outline=outline, source="meanwhile")
    change_piece(piece("改變社會"), words=Words(text="別的。"), version=1, actor=drafter)
    made = finish_working(working, actor=drafter, label="")
    assert made.number == 3
    assert links_of(draft, made)["參-1",] == (("參-1",), "edited")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(
    piece: Callable[[str], WorkingPiece], drafter: User, colleague: User
) -> None:
    seen = piece("改變社會")
    outcomes: list[str] = []
    ready = threading.Barrier(6)

    def save(actor: User, text: str) -> None:
        ready.wait()
        try:
            change_piece(seen, words=Words(text=text), version=1, actor=actor)
        except EditConflict as conflict:
            outcomes.append(conflict.piece.text)
        else:
            outcomes.append("saved")
        connection.close()

    threads = [
        threading.Thread(target=save, args=(actor, f"{actor}{count}"))
        for count in range(3)
        for actor in (drafter, colleague)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("saved") == 1
    stored = WorkingPiece.objects.get(pk=seen.pk)
    assert (stored.version, stored.records.count()) == (2, 1)
    assert {each for each in outcomes if each != "saved"} == {stored.text}


@pytest.mark.django_db(transaction=True)
def test_of_many_who_start_and_finish_at_once_one_does(
    draft: Draft, drafter: User, colleague: User
) -> None:
    ready = threading.Barrier(4)
    made: list[Draft] = []

    def write(actor: User) -> None:
        ready.wait()
        working = start_working(draft.framework, actor=actor)
        first = Provision.objects.filter(draft=draft).order_by("pk")[0]
        piece = working.pieces.get(came_from=first)
        with contextlib.suppress(EditConflict, WorkingRefused):
            change_piece(piece, words=Words(text="同一段"), version=1, actor=actor)
        ready.wait()
        with contextlib.suppress(WorkingRefused):
            made.append(finish_working(working, actor=actor, label=""))
        connection.close()

    threads = [threading.Thread(target=write, args=(each,)) for each in (drafter, colleague) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert WorkingText.objects.count() == 1
