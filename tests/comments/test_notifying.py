"""People are told once, for the nearest reason, and never of what is no longer shown."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from comments.editing import withdraw_comment
from comments.following import follow, is_followed, unfollow
from comments.models import Comment, Follow, Notification
from comments.notifying import WAITS_FOR, remind_of_closing, spread_word, unspread_comments
from consult.document.models import Draft, Provision, Section
from consult.document.publishing import close_section
from tests.comments.talk import say

pytestmark = pytest.mark.django_db

Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user).order_by("pk")
    return [row.kind for row in rows]


def test_a_reply_is_told_to_whom_it_answers(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    first = say(provision("壹-1"), visitor)
    reply = say(provision("壹-1"), member, parent=first)
    assert spread_word(reply.pk) == 1
    assert told(visitor) == ["reply"]
    assert Notification.objects.get().comment == reply
    assert spread_word(reply.pk) == 0
    assert told(visitor) == ["reply"]


def test_followers_of_a_provision_a_section_or_what_it_stands_in_are_told(
    provision: NamedProvision,
    section: Named,
    visitor: User,
    member: User,
    drafter: User,
    moderator: User,
) -> None:
    follow(provision("肆-一-1"), user=member)
    follow(section("肆-一"), user=drafter)
    follow(section("肆"), user=moderator)
    follow(section("肆"), user=visitor)
    follow(section("壹"), user=visitor)
    comment = say(provision("肆-一-1"), visitor)
    assert spread_word(comment.pk) == 3
    for user in (member, drafter, moderator):
        assert told(user) == ["new_comment"]
    assert told(visitor) == []


def test_one_person_is_told_once_for_the_nearest_reason(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    first = say(provision("壹-1"), visitor)
    follow(provision("壹-1"), user=visitor)
    reply = say(provision("壹-1"), member, parent=first, body="＠visitor 您說得對")
    spread_word(reply.pk)
    assert told(visitor) == ["reply"]


def test_who_is_named_among_the_voices_is_told(
    provision: NamedProvision, visitor: User, member: User, drafter: User
) -> None:
    say(provision("壹-1"), visitor)
    comment = say(provision("壹-1"), member, body="@visitor 和 @drafter 怎麼看？")
    spread_word(comment.pk)
    assert told(visitor) == ["mention"]
    assert told(drafter) == []


def test_the_thread_on_a_draft_as_a_whole_is_followed_too(
    draft: Draft, visitor: User, member: User
) -> None:
    follow(draft, user=member)
    assert is_followed(draft, user=member)
    comment = say(draft, visitor)
    spread_word(comment.pk)
    assert told(member) == ["new_comment"]
    unfollow(draft, user=member)
    assert not Follow.objects.exists()


def test_following_twice_is_following_once(section: Named, member: User) -> None:
    for _ in range(2):
        follow(section("壹"), user=member)
    assert Follow.objects.count() == 1
    assert not is_followed(section("肆"), user=member)


def test_what_was_lost_is_found(
    provision: NamedProvision,
    visitor: User,
    settings: Any,  # noqa: ANN401
) -> None:
    now = timezone.now()
    lost = say(provision("壹-1"), visitor)
    dated_back = say(provision("壹-1"), visitor, at=now - dt.timedelta(days=1))
    settings.HOLD_FIRST_COMMENTS = 9
    held = say(provision("壹-1"), visitor)
    gone = say(provision("壹-2"), visitor)
    Comment.objects.filter(pk=gone.pk).update(state="hidden", hidden_by_rule="attack")
    later = timezone.now() + WAITS_FOR
    assert unspread_comments(at=now) == []
    assert unspread_comments(at=later) == [lost.pk]
    assert dated_back.spread_at is not None
    assert spread_word(held.pk) == 0


def test_followers_are_reminded_once_before_a_section_closes(
    section: Named, provision: NamedProvision, member: User, visitor: User, drafter: User
) -> None:
    follow(section("壹"), user=member)
    follow(provision("壹-1"), user=member)
    follow(section("參"), user=visitor)
    closes_at = section("壹").window_dates.closes_at
    assert closes_at is not None
    two_days = dt.timedelta(days=2)
    assert remind_of_closing(at=closes_at - 2 * two_days, ahead=two_days) == 0
    for _ in range(2):
        remind_of_closing(at=closes_at - two_days, ahead=two_days)
    assert told(member) == ["closing"]
    assert told(visitor) == []
    assert drafter.pk
    close_section(section("壹"), actor=drafter)


def test_a_withdrawn_comment_is_told_to_nobody(
    provision: NamedProvision, section: Named, visitor: User, member: User
) -> None:
    follow(section("壹"), user=member)
    comment = say(provision("壹-1"), visitor)
    withdraw_comment(comment, author=visitor)
    assert spread_word(comment.pk) == 0
    later = say(provision("壹-1"), visitor)
    spread_word(later.pk)
    withdraw_comment(later, author=visitor)
    assert not Notification.objects.tellable(at=timezone.now()).exists()
