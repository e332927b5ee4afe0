"""Reported, held, hidden by a rule, restored, appealed: each step with who and why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from comments.editing import edit_comment, withdraw_comment
from comments.models import Comment, Flag, ModerationRecord, Notification, Original
from comments.moderating import (
    ModeratingRefused,
    appeal,
    each_of,
    flag_comment,
    hide,
    keep,
    last_act,
    release,
    restore,
    uphold,
    waiting_comments,
)
from comments.rules import Rule
from comments.standing import ALLOWED, StandingRefused
from consult.document.models import Provision
from tests.comments.talk import assert_counts_equal_rows, at_once, say

pytestmark = pytest.mark.django_db

NamedProvision = Callable[[str], Provision]


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    return say(provision("壹-1"), visitor, body="有問題的話")


def acts_on(comment: Comment) -> list[tuple[str, str, str, User | None]]:
    records = comment.moderation_records.order_by("pk")
    return [(record.act, record.rule, record.reason, record.actor) for record in records]


def test_a_hidden_comment_keeps_its_text_apart(
    comment: Comment, moderator: User, visitor: User
) -> None:
    hide(comment, moderator=moderator, rule=Rule.ATTACK, reason="罵人")
    comment.refresh_from_db()
    assert (comment.state, comment.hidden_by_rule, comment.body) == ("hidden", "attack", "")
    assert Original.objects.get(comment=comment).body == "有問題的話"
    assert acts_on(comment) == [("hide", "attack", "罵人", moderator)]
    told = Notification.objects.get()
    assert (told.user, told.kind, told.comment) == (visitor, "moderation", comment)
    assert comment.changed_sequence == 2
    assert_counts_equal_rows()


def test_restoring_brings_it_back_whole(comment: Comment, moderator: User) -> None:
    hide(comment, moderator=moderator, rule=Rule.ATTACK)
    restore(comment, moderator=moderator, reason="看錯了")
    comment.refresh_from_db()
    assert (comment.state, comment.hidden_by_rule, comment.body) == ("shown", "", "有問題的話")
    assert not Original.objects.exists()
    assert [act for act, *_ in acts_on(comment)] == ["hide", "restore"]
    assert_counts_equal_rows()


@pytest.mark.parametrize("rule", ["", "because"])
def test_nothing_is_hidden_without_a_rule(comment: Comment, moderator: User, rule: str) -> None:
    with pytest.raises(ModeratingRefused):
        hide(comment, moderator=moderator, rule=rule)
    comment.refresh_from_db()
    assert comment.is_shown


def test_a_report_waits_until_a_moderator_decides(
    comment: Comment, member: User, moderator: User
) -> None:
    first = flag_comment(comment, reporter=member, rule=Rule.OFF_TOPIC, words="離題")
    assert flag_comment(comment, reporter=member, rule=Rule.ATTACK) == first
    assert list(waiting_comments()) == [comment]
    keep(comment, moderator=moderator, reason="沒有離題")
    assert not waiting_comments().exists()
    assert not Flag.objects.waiting().exists()
    assert acts_on(comment) == [("keep", "", "沒有離題", moderator)]
    assert not Notification.objects.exists()
    flag_comment(comment, reporter=member, rule=Rule.ATTACK)
    assert list(waiting_comments()) == [comment]


def test_what_is_gone_can_not_be_reported(comment: Comment, visitor: User, member: User) -> None:
    withdraw_comment(comment, author=visitor)
    with pytest.raises(ModeratingRefused):
        flag_comment(comment, reporter=member, rule=Rule.ATTACK)


def test_an_author_appeals_once_a_hiding(
    comment: Comment, visitor: User, member: User, moderator: User
) -> None:
    with pytest.raises(ModeratingRefused):
        appeal(comment, author=visitor, words="沒有藏")
    hide(comment, moderator=moderator, rule=Rule.ATTACK)
    for author, words in ((member, "不是我的"), (visitor, " ")):
        with pytest.raises(ModeratingRefused):
            appeal(comment, author=author, words=words)
    appeal(comment, author=visitor, words="我沒有罵人")
    assert list(waiting_comments()) == [comment]
    with pytest.raises(ModeratingRefused):
        appeal(comment, author=visitor, words="再一次")
    with pytest.raises(ModeratingRefused):
        uphold(comment, moderator=moderator, reason="")
    uphold(comment, moderator=moderator, reason="那句話就是")
    assert last_act(comment) == "uphold"
    assert not waiting_comments().exists()
    with pytest.raises(ModeratingRefused):
        uphold(comment, moderator=moderator, reason="再一次")


def test_an_appeal_can_succeed(comment: Comment, visitor: User, moderator: User) -> None:
    hide(comment, moderator=moderator, rule=Rule.ATTACK)
    appeal(comment, author=visitor, words="我沒有罵人")
    restore(comment, moderator=moderator)
    comment.refresh_from_db()
    assert comment.is_shown
    assert not waiting_comments().exists()


def test_first_comments_of_new_accounts_can_be_held(
    provision: NamedProvision,
    visitor: User,
    moderator: User,
    settings: Any,  # noqa: ANN401
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    held = say(provision("壹-1"), visitor, body="第一次發言")
    assert (held.state, held.body) == ("held", "")
    assert acts_on(held) == [("hold", "", "", None)]
    assert not Comment.objects.readable(at=timezone.now()).exists()
    assert list(waiting_comments()) == [held]
    assert_counts_equal_rows()
    release(held, moderator=moderator)
    held.refresh_from_db()
    assert (held.state, held.body) == ("shown", "第一次發言")
    assert say(provision("壹-1"), visitor).is_shown
    assert_counts_equal_rows()


def test_what_the_software_sees_is_flagged_once(
    provision: NamedProvision, visitor: User, moderator: User
) -> None:
    comment = say(provision("壹-1"), visitor, body="請打0912-345-678，證號A123456789")
    assert [(f.rule, f.reporter) for f in Flag.objects.waiting()] == [("personal_data", None)]
    edit_comment(comment, author=visitor, body="請打0912-345-678", stance="support")
    assert Flag.objects.waiting().count() == 1
    keep(comment, moderator=moderator)
    edit_comment(comment, author=visitor, body="沒有號碼了", stance="support")
    assert not Flag.objects.waiting().exists()


def test_many_at_once_each_by_itself(
    provision: NamedProvision, visitor: User, moderator: User
) -> None:
    comments = [say(provision("壹-1"), visitor) for _ in range(3)]
    withdraw_comment(comments[1], author=visitor)
    refused = each_of(comments, lambda each: hide(each, moderator=moderator, rule=Rule.ADVERTISING))
    assert [comment for comment, _ in refused] == [comments[1]]
    states = dict(Comment.objects.values_list("pk", "state"))
    assert [states[comment.pk] for comment in comments] == ["hidden", "withdrawn", "hidden"]


@pytest.mark.django_db(transaction=True)
def test_two_moderators_and_the_author_at_once(
    provision: NamedProvision, visitor: User, moderator: User
) -> None:
    comment = say(provision("壹-1"), visitor)
    results = at_once(
        *[lambda: hide(comment, moderator=moderator, rule=Rule.ATTACK)] * 3,
        lambda: withdraw_comment(comment, author=visitor),
    )
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, StandingRefused) for each in refused), results
    assert ModerationRecord.objects.count() == 4 - len(refused)
    assert_counts_equal_rows()


def test_the_table_in_the_docstring_is_the_one_that_holds() -> None:
    from comments import standing  # noqa: PLC0415

    rows = [line for line in (standing.__doc__ or "").splitlines() if line.startswith("| ")][1:]
    documented = {}
    for row in rows:
        name, *cells = [cell.strip() for cell in row.strip("|").split("|")]
        states = ("shown", "held", "hidden", "withdrawn")
        documented[name] = {to for to, cell in zip(states, cells, strict=True) if cell != "–"}
    assert documented == {str(frm): {str(to) for to in tos} for frm, tos in ALLOWED.items()}


def test_later_records_win(comment: Comment, moderator: User) -> None:
    moment = timezone.now()
    hide(comment, moderator=moderator, rule=Rule.ATTACK, at=moment)
    restore(comment, moderator=moderator, at=moment + dt.timedelta(seconds=1))
    assert last_act(comment) == "restore"
