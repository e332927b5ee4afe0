"""Authors change their comments, with a trace once it matters, and withdraw them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.voices import Voice
from comments.anchors import describe
from comments.editing import (
    WITHOUT_TRACE,
    EditingRefused,
    edit_comment,
    withdraw_comment,
)
from comments.endorsing import endorse
from comments.models import Comment, ModerationRecord, Original
from comments.standing import StandingRefused
from comments.targets import Target
from comments.writing import BodyRefused, ProposalRefused, StanceRefused
from consult.document.models import Provision, Section
from consult.document.publishing import close_section
from tests.comments.talk import assert_counts_equal_rows, at_once, say

pytestmark = pytest.mark.django_db

NamedProvision = Callable[[str], Provision]
LATER = WITHOUT_TRACE + dt.timedelta(minutes=1)


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    return say(provision("壹-1"), visitor, body="第一句")


def test_within_a_quarter_of_an_hour_no_trace_is_left(comment: Comment, visitor: User) -> None:
    edit_comment(comment, author=visitor, body="改了", stance="oppose")
    comment.refresh_from_db()
    assert (comment.body, comment.stance, comment.changed_sequence) == ("改了", "oppose", 2)
    assert comment.edited_at is None
    assert not comment.versions.exists()
    assert_counts_equal_rows()


def test_later_what_stood_before_stays_to_be_read(comment: Comment, visitor: User) -> None:
    first, second = timezone.now() + LATER, timezone.now() + 2 * LATER
    edit_comment(comment, author=visitor, body="第二句", stance="support", at=first)
    edit_comment(comment, author=visitor, body="第三句", stance="question", at=second)
    comment.refresh_from_db()
    assert comment.edited_at == second
    assert [
        (v.number, v.body, v.stance, v.written_at, v.replaced_at)
        for v in comment.versions.order_by("number")
    ] == [
        (1, "第一句", "support", comment.created_at, first),
        (2, "第二句", "support", first, second),
    ]


def test_what_was_answered_or_endorsed_leaves_a_trace_at_once(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    answered, endorsed = (say(provision("壹-1"), visitor) for _ in range(2))
    say(provision("壹-1"), member, parent=answered)
    endorse(endorsed, voice=Voice(member, None))
    for comment in (answered, endorsed):
        edit_comment(comment, author=visitor, body="改了", stance="support")
        assert comment.versions.count() == 1


def test_the_same_text_is_no_change(comment: Comment, visitor: User) -> None:
    edit_comment(
        comment, author=visitor, body=" 第一句 ", stance="support", at=timezone.now() + LATER
    )
    comment.refresh_from_db()
    assert (comment.changed_sequence, comment.edited_at) == (1, None)


def test_a_change_is_checked_as_a_post_is(comment: Comment, visitor: User, member: User) -> None:
    refusals: list[tuple[type[Exception], dict[str, Any]]] = [
        (BodyRefused, {"body": " \u200b", "stance": "support"}),
        (BodyRefused, {"body": "字" * 5001, "stance": "support"}),
        (StanceRefused, {"body": "字", "stance": "maybe"}),
        (ProposalRefused, {"body": "字", "stance": "suggest", "proposed_text": "字" * 10_001}),
    ]
    for refusal, fields in refusals:
        with pytest.raises(refusal):
            edit_comment(comment, author=visitor, **fields)
    with pytest.raises(EditingRefused):
        edit_comment(comment, author=member, body="別人的", stance="support")
    comment.refresh_from_db()
    assert comment.body == "第一句"


def test_a_closed_section_keeps_what_was_said(
    comment: Comment, visitor: User, drafter: User, section: Callable[[str], Section]
) -> None:
    close_section(section("壹"), actor=drafter)
    with pytest.raises(EditingRefused):
        edit_comment(comment, author=visitor, body="改了", stance="support")
    withdraw_comment(comment, author=visitor)
    comment.refresh_from_db()
    assert comment.state == "withdrawn"


def test_a_proposed_wording_is_kept_where_it_changes_something(
    provision: NamedProvision, section: Callable[[str], Section], visitor: User
) -> None:
    target = provision("壹-1")
    proposals: list[tuple[Target, str, str, str]] = [
        (target, "suggest", "新的文字", "新的文字"),
        (target, "suggest", target.text + "\n", ""),
        (target, "support", "新的文字", ""),
        (section("壹"), "suggest", "新的文字", ""),
    ]
    for about, stance, proposed, kept in proposals:
        said = say(about, visitor, stance=stance, proposed_text=proposed)
        assert said.proposed_text == kept


def test_a_withdrawn_comment_leaves_a_tombstone_and_its_replies(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    target = provision("壹-1")
    anchor = describe(target.text, start=0, end=4)
    comment = say(target, visitor, anchor=anchor, stance="suggest", proposed_text="新的")
    reply = say(target, member, parent=comment)
    withdraw_comment(comment, author=visitor)
    comment.refresh_from_db()
    assert (comment.state, comment.body, comment.proposed_text) == ("withdrawn", "", "")
    assert (comment.anchor_exact, comment.anchor_start, comment.anchor_end) == ("", None, None)
    kept = Original.objects.get(comment=comment)
    assert (kept.body, kept.proposed_text, kept.anchor_start) == ("我贊成。", "新的", 0)
    reply.refresh_from_db()
    assert reply.parent == comment
    assert reply.is_shown
    record = ModerationRecord.objects.get()
    assert (record.comment, record.act, record.actor) == (comment, "withdraw", visitor)
    assert_counts_equal_rows()


def test_withdrawing_is_for_its_author_and_once(
    comment: Comment, visitor: User, moderator: User
) -> None:
    with pytest.raises(EditingRefused):
        withdraw_comment(comment, author=moderator)
    withdraw_comment(comment, author=visitor)
    with pytest.raises(StandingRefused):
        withdraw_comment(comment, author=visitor)
    with pytest.raises(EditingRefused):
        edit_comment(comment, author=visitor, body="回來", stance="support")


@pytest.mark.django_db(transaction=True)
def test_changing_withdrawing_and_answering_at_once(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    target = provision("壹-1")
    comment = say(target, visitor)
    at_once(
        lambda: edit_comment(comment, author=visitor, body="改了", stance="oppose"),
        lambda: withdraw_comment(comment, author=visitor),
        lambda: withdraw_comment(comment, author=visitor),
        *[lambda: say(target, member, parent=comment)] * 3,
    )
    comment.refresh_from_db()
    assert (comment.state, comment.body) == ("withdrawn", "")
    assert ModerationRecord.objects.count() == 1
    assert_counts_equal_rows()
