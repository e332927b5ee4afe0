"""The moderators' room: the queue, one comment, decisions on many, and the log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from comments.models import Comment, ModerationRecord
from comments.moderating import appeal, flag_comment, hide
from consult.document.models import Provision
from tests.comments.talk import say

pytestmark = pytest.mark.django_db

ClientFor = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]


@pytest.fixture
def reported(provision: NamedProvision, visitor: User, member: User) -> Comment:
    comment = say(provision("壹-1"), visitor, body="被檢舉的話")
    flag_comment(comment, reporter=member, rule="attack", words="這裡")
    return comment


@pytest.fixture
def room(client_for: ClientFor, moderator: User) -> Client:
    return client_for(moderator)


def page(client: Client, address: str, **posted: Any) -> str:
    headers = {"accept-language": "en"}
    answer = (
        client.post(address, posted, headers=headers, follow=True)
        if posted
        else client.get(address, headers=headers)
    )
    return str(answer.content.decode())


def test_what_was_reported_waits_with_its_reason(room: Client, reported: Comment) -> None:
    shown = page(room, "/moderation/")
    assert "1 comment waits." in shown
    for text in ("被檢舉的話", reported.reference, "Attacks or threatens people", "這裡", "member"):
        assert text in shown


def test_an_appeal_waits_with_the_original(
    room: Client, reported: Comment, visitor: User, moderator: User
) -> None:
    hide(reported, moderator=moderator, rule="attack")
    assert "Nothing waits" in page(room, "/moderation/")
    appeal(reported, author=visitor, words="我沒有")
    shown = page(room, "/moderation/")
    assert "被檢舉的話" in shown
    assert "我沒有" in shown


def test_one_decision_for_many(
    room: Client, provision: NamedProvision, visitor: User, member: User
) -> None:
    comments = [say(provision("壹-1"), visitor) for _ in range(3)]
    for comment in comments:
        flag_comment(comment, reporter=member, rule="advertising")
    chosen = [comment.reference for comment in comments[:2]]
    answer = page(
        room, "/moderation/", comment=chosen, act="hide", rule="advertising", reason="廣告"
    )
    assert "2 comments are decided." in answer
    assert "1 comment waits." in answer
    assert ModerationRecord.objects.filter(act="hide", reason="廣告").count() == 2


def test_a_hiding_without_a_rule_says_so(room: Client, reported: Comment) -> None:
    assert "Choose which rule it breaks." in page(
        room, "/moderation/", comment=[reported.reference], act="hide", rule="", reason=""
    )
    answer = page(room, f"/moderation/{reported.reference}/", act="hide", rule="", reason="理由")
    assert "Choose which rule it breaks." in answer
    assert "理由" in answer


def test_one_comment_with_all_that_is_known(
    room: Client, provision: NamedProvision, visitor: User
) -> None:
    comment = say(provision("壹-1"), visitor, body="打0912-345-678")
    shown = page(room, f"/moderation/{comment.reference}/")
    assert "a telephone number" in shown
    assert "seen by the software" in shown
    page(room, f"/moderation/{comment.reference}/", act="hide", rule="personal_data", reason="電話")
    shown = page(room, f"/moderation/{comment.reference}/")
    assert "0912-345-678" in shown
    assert "電話" in shown
    assert "Restore it" in shown


def test_the_log_names_who_and_why(room: Client, reported: Comment, moderator: User) -> None:
    hide(reported, moderator=moderator, rule="attack", reason="罵人")
    shown = page(room, "/moderation/log/")
    for text in ("Hidden", "moderator", "罵人", reported.reference):
        assert text in shown


def test_the_log_goes_on(room: Client, reported: Comment, moderator: User) -> None:
    ModerationRecord.objects.bulk_create(
        ModerationRecord(comment=reported, act="keep", actor=moderator, reason=f"第{number}步")
        for number in range(60)
    )
    shown = page(room, "/moderation/log/")
    assert "第59步" in shown
    assert "第9步" not in shown
    address = shown.split('rel="next" href="')[1].split('"')[0]
    assert "第9步" in page(room, f"/moderation/log/{address}")


@pytest.mark.parametrize("address", ["/moderation/", "/moderation/log/", "/moderation/{}/"])
def test_the_room_is_moderators_alone(
    reported: Comment, client_for: ClientFor, visitor: User, drafter: User, address: str
) -> None:
    for user in (visitor, drafter):
        assert client_for(user).get(address.format(reported.reference)).status_code == 404


def test_the_queue_costs_the_same_for_many(
    room: Client,
    provision: NamedProvision,
    visitor: User,
    member: User,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    for count in (1, 12):
        for _ in range(count):
            said = say(provision("壹-1"), visitor, at=timezone.now())
            flag_comment(said, reporter=member, rule="attack")
        with django_assert_max_num_queries(12):
            page(room, "/moderation/")
