"""Open comments are carried into the next draft along its lineage."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.anchors import Anchor
from comments.carrying import (
    PlacingRefused,
    carry_comments,
    decide_placement,
    drafts_to_carry_into,
    lineage_changing,
    progress_of,
)
from comments.models import Comment, Notification, Placement
from comments.moderating import hide
from consult.document.importing import import_draft
from consult.document.models import Draft, Provision, Section
from consult.document.publishing import open_section
from consult.document.relating import confirm_links, declare_link, stored_links
from tests.cast import next_outline
from tests.comments.talk import at_once, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

On = Callable[..., Comment]


@pytest.fixture
def opened(next_draft: Draft, drafter: User) -> Draft:
    """The next draft with 壹 and 肆 open, its lineage confirmed."""
    for ref in ("壹", "肆"):
        open_section(next_draft.sections.get(ref=ref), actor=drafter)
    numbers = next_draft.lineage.values_list("number", flat=True)
    confirm_links(next_draft, numbers=numbers, actor=drafter)
    return next_draft


@pytest.fixture
def on(draft: Draft, visitor: User) -> On:
    """Say something on a provision of the first draft, perhaps on certain words of it."""

    def say_on(ref: str, words: str = "", **changes: object) -> Comment:
        provision = Provision.objects.select_related("section__draft__framework").get(
            draft=draft, ref=ref
        )
        anchor = None
        if words:
            start = provision.text.index(words)
            end = start + len(words)
            anchor = Anchor(words, provision.text[:start], provision.text[end:], start, end)
        before = timezone.now() - dt.timedelta(days=10)
        return say(provision, visitor, anchor=anchor, at=before, **changes)

    return say_on


def placed(comment: Comment, draft: Draft) -> Placement:
    return Placement.objects.select_related("provision", "section").get(
        comment=comment, draft=draft
    )


def words(placement: Placement) -> str:
    assert placement.provision is not None
    return placement.provision.text[placement.start : placement.end]


def test_comments_find_their_words_again(on: On, opened: Draft) -> None:
    exact, edited = on("壹-1", "配合國家整體發展"), on("壹-1", "發展、促進產業升級")
    split, moved, gone = (
        on("壹-2", "培養ｅ化人才"),
        on("參-1", "技職教育"),
        on("附錄二-2", "經濟部"),
    )
    assert carry_comments(opened) == 5
    assert (placed(exact, opened).status, words(placed(exact, opened))) == (
        "exact",
        "配合國家整體發展",
    )
    assert (placed(edited, opened).status, words(placed(edited, opened))) == (
        "edited",
        "發展、帶動產業升級",
    )
    found = placed(split, opened)
    assert (found.provision and found.provision.ref, words(found)) == ("壹-3", "培養ｅ化人才")
    found = placed(moved, opened)
    assert (found.status, found.provision and found.provision.ref) == ("moved", "肆-一-2")
    orphan = placed(gone, opened)
    assert (orphan.status, orphan.provision, orphan.section and orphan.section.ref) == (
        "orphaned",
        None,
        "附錄二",
    )
    gone.refresh_from_db()
    assert (gone.anchor_exact, gone.anchor_start) == ("經濟部", 7)


def test_a_whole_provision_goes_where_its_link_leads(on: On, opened: Draft) -> None:
    comments = [on(ref) for ref in ("肆-1", "壹-1", "參-1", "附錄二-2")]
    carry_comments(opened)
    assert [placed(each, opened).status for each in comments] == [
        "exact",
        "edited",
        "moved",
        "orphaned",
    ]


def test_sections_and_the_draft_as_a_whole(draft: Draft, visitor: User, opened: Draft) -> None:
    on_section = say(Section.objects.get(draft=draft, ref="肆"), visitor)
    on_draft = say(draft, visitor)
    carry_comments(opened)
    section = placed(on_section, opened).section
    assert (placed(on_section, opened).status, section and section.ref) == ("exact", "肆")
    assert (placed(on_draft, opened).status, placed(on_draft, opened).section) == ("exact", None)


def test_a_reply_goes_with_what_it_answers(on: On, opened: Draft) -> None:
    first = on("壹-1")
    on("壹-1", parent=first)
    assert carry_comments(opened) == 1


def test_nothing_is_carried_before_anything_may_be_read(
    on: On, next_draft: Draft, drafter: User
) -> None:
    on("壹-1")
    assert carry_comments(next_draft) == 0
    assert next_draft not in drafts_to_carry_into(at=timezone.now())
    open_section(next_draft.sections.get(ref="壹"), actor=drafter)
    assert drafts_to_carry_into(at=timezone.now()) == [next_draft]
    assert carry_comments(next_draft) == 1
    assert drafts_to_carry_into(at=timezone.now()) == []


def test_carrying_again_finds_only_what_is_new(on: On, opened: Draft) -> None:
    first = on("壹-1")
    assert carry_comments(opened) == 1
    before = placed(first, opened).pk
    on("壹-2")
    assert carry_comments(opened) == 1
    assert carry_comments(opened) == 0
    assert placed(first, opened).pk == before


def test_authors_are_told_once_that_their_words_are_gone(
    on: On, visitor: User, opened: Draft
) -> None:
    gone = on("附錄二-2")
    on("壹-1")
    carry_comments(opened)
    carry_comments(opened)
    told = Notification.objects.get(kind="orphaned")
    assert (told.user, told.comment) == (visitor, gone)


def test_what_is_hidden_is_neither_carried_nor_shown(
    on: On, moderator: User, opened: Draft
) -> None:
    hidden, later = on("壹-1"), on("壹-2")
    hide(hidden, moderator=moderator, rule="attack", reason="因為")
    assert carry_comments(opened) == 1
    assert Placement.objects.visible(at=timezone.now()).get().comment == later
    hide(later, moderator=moderator, rule="attack", reason="因為")
    assert not Placement.objects.visible(at=timezone.now()).exists()


def test_a_placement_shows_only_where_its_section_does(on: On, opened: Draft) -> None:
    on("附錄二-1")
    carry_comments(opened)
    assert Placement.objects.count() == 1
    assert not Placement.objects.visible(at=timezone.now()).exists()


def test_doubt_waits_for_a_drafter(on: On, next_draft: Draft, drafter: User, draft: Draft) -> None:
    open_section(next_draft.sections.get(ref="壹"), actor=drafter)
    for each in stored_links(draft, next_draft):
        next_draft.lineage.filter(number=each.number).update(is_certain=each.link.kind == "kept")
    doubtful = on("壹-1", "配合國家整體發展")
    carry_comments(next_draft)
    waiting = Placement.objects.waiting().get()
    assert (waiting.comment, waiting.status, waiting.is_settled) == (doubtful, "exact", False)
    assert not Placement.objects.settled().exists()
    progress = progress_of(next_draft)
    assert progress
    assert (progress.placed, progress.left, progress.waiting) == (1, 0, 1)
    decided = decide_placement(waiting, actor=drafter)
    assert (decided.decided_by, decided.status, decided.is_settled) == (drafter, "exact", True)
    assert not Placement.objects.waiting().exists()


def test_a_drafter_places_an_orphan_or_takes_a_place_away(
    on: On, opened: Draft, drafter: User, visitor: User
) -> None:
    gone, there = on("附錄二-2"), on("壹-1")
    carry_comments(opened)
    with pytest.raises(PlacingRefused, match="no provision 玖-9"):
        decide_placement(placed(gone, opened), actor=drafter, ref="玖-9")
    decided = decide_placement(placed(gone, opened), actor=drafter, ref="伍-1")
    assert (decided.status, decided.provision and decided.provision.ref) == ("edited", "伍-1")
    decided = decide_placement(placed(there, opened), actor=drafter, ref="")
    assert (decided.status, decided.provision) == ("orphaned", None)
    assert Notification.objects.filter(user=visitor, kind="orphaned", comment=there).exists()


def test_another_lineage_places_anew_what_nobody_decided(
    on: On, opened: Draft, drafter: User
) -> None:
    moves, decided, stays = on("壹-1"), on("壹-1"), on("肆-1")
    carry_comments(opened)
    decide_placement(placed(decided, opened), actor=drafter)
    before = placed(stays, opened).pk
    with lineage_changing(opened):
        declare_link(opened, old=["壹-1"], new=["伍-1"], actor=drafter)
    assert not Placement.objects.filter(comment=moves).exists()
    carry_comments(opened)
    found = placed(moves, opened).provision
    assert found
    assert found.ref == "伍-1"
    found = placed(decided, opened).provision
    assert found
    assert found.ref == "壹-1"
    assert placed(stays, opened).pk == before


def test_from_draft_to_draft_it_goes_on_from_where_it_stood(
    on: On, opened: Draft, drafter: User
) -> None:
    moved, gone = on("參-1", "技職教育"), on("附錄二-2")
    carry_comments(opened)
    decide_placement(placed(gone, opened), actor=drafter, ref="伍-1")
    third = import_draft(framework=opened.framework, outline=next_outline(), source="third")
    for ref in ("肆", "伍"):
        open_section(third.sections.get(ref=ref), actor=drafter)
    carry_comments(third)
    found = placed(moved, third)
    assert (found.provision and found.provision.ref, words(found)) == ("肆-一-2", "技職教育")
    assert (found.status, found.draft) == ("exact", third)
    again = placed(gone, third).provision
    assert again
    assert again.ref == "伍-1"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_place_each_comment_once(on: On, opened: Draft) -> None:
    comments = [on("壹-1") for _ in range(20)]
    results = at_once(*[lambda: carry_comments(opened)] * 3)
    assert sum(result for result in results if isinstance(result, int)) == len(comments)
    assert Placement.objects.count() == len(comments)


def test_many_comments_cost_as_many_queries_as_few(on: On, opened: Draft) -> None:
    on("壹-1")
    with CaptureQueriesContext(connection) as few:
        carry_comments(opened)
    for _ in range(20):
        on("壹-1", "配合國家整體發展")
    with CaptureQueriesContext(connection) as many:
        carry_comments(opened)
    assert len(many) == len(few)
