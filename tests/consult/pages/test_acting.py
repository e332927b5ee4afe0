"""What may be done about a comment, each on a page of its own, without any script."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import Organisation, User
from comments.editing import edit_comment
from comments.models import Comment, Endorsement, Flag
from comments.moderating import hide
from consult.document.models import Draft, Provision
from tests.comments.talk import say

pytestmark = pytest.mark.django_db

ClientFor = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]
THREAD = "/tve/1/壹-1/comments/"
FRAGMENT = {"X-Fragment": "1", "accept-language": "en"}


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    return say(provision("壹-1"), visitor, body="第一句話")


def page(client: Client, address: str, **posted: Any) -> str:
    headers = {"accept-language": "en"}
    answer = (
        client.post(address, posted, headers=headers, follow=True)
        if posted
        else client.get(address, headers=headers, follow=True)
    )
    return str(answer.content.decode())


def act(comment: Comment, name: str) -> str:
    return f"/c/{comment.reference}/{name}/"


def test_endorsing_and_taking_it_back(
    comment: Comment, client_for: ClientFor, member: User
) -> None:
    browser = client_for(member)
    assert "It counts once" in page(browser, act(comment, "endorse"))
    assert "第一句話" in page(browser, act(comment, "endorse"), voice="")
    assert Endorsement.objects.get().user == member
    assert f'data-endorsed="{comment.reference}"' in page(browser, THREAD)
    assert "Take my endorsement back" in page(browser, act(comment, "more"))
    page(browser, act(comment, "endorse/back"), now="")
    assert not Endorsement.objects.exists()


def test_a_script_gets_the_count_or_the_reason(
    comment: Comment, client_for: ClientFor, member: User, visitor: User
) -> None:
    answer = client_for(member).post(act(comment, "endorse"), headers=FRAGMENT)
    assert answer.json() == {"endorsements": 1}
    answer = client_for(visitor).post(act(comment, "endorse"), headers=FRAGMENT)
    assert answer.status_code == 422
    assert "your own comment" in answer.json()["refused"]


def test_a_representative_chooses_in_whose_name(
    comment: Comment, client_for: ClientFor, representative: User, association: Organisation
) -> None:
    browser = client_for(representative)
    assert association.name in page(browser, act(comment, "endorse"))
    page(browser, act(comment, "endorse"), voice=str(association.pk))
    assert Endorsement.objects.get().organisation == association
    assert association.name in page(browser, act(comment, "more"))
    assert "Industry association" in page(browser, act(comment, "more"))


def test_reporting(comment: Comment, client_for: ClientFor, member: User) -> None:
    browser = client_for(member)
    assert "There is a problem" in page(browser, act(comment, "report"), words="沒有選規則")
    assert "沒有選規則" in page(browser, act(comment, "report"), words="沒有選規則")
    page(browser, act(comment, "report"), rule="attack", words="罵人")
    assert [(f.reporter, f.rule, f.words) for f in Flag.objects.all()] == [
        (member, "attack", "罵人")
    ]


def test_changing_and_its_history(
    comment: Comment, client_for: ClientFor, visitor: User, anonymous: Visitor
) -> None:
    later = timezone.now() + dt.timedelta(hours=1)
    edit_comment(comment, author=visitor, body="第一句新話", stance="support", at=later)
    browser = client_for(visitor)
    assert "第一句新話" in page(browser, act(comment, "edit"))
    refused = page(browser, act(comment, "edit"), stance="support", body=" ")
    assert "There is a problem" in refused
    page(browser, act(comment, "edit"), stance="suggest", body="第二句話", proposal="新的條文")
    comment.refresh_from_db()
    assert (comment.body, comment.proposed_text) == ("第二句話", "新的條文")
    shown = page(client_for(anonymous), act(comment, "history"))
    assert shown.count("<h2>Version") == 2
    assert "<del>" in shown
    assert "changed</a>" in page(client_for(anonymous), THREAD)


def test_withdrawing_says_what_stays(
    comment: Comment, client_for: ClientFor, visitor: User, anonymous: Visitor
) -> None:
    browser = client_for(visitor)
    assert "disappear for good" in page(browser, act(comment, "withdraw"))
    page(browser, act(comment, "withdraw"), now="")
    shown = page(client_for(anonymous), THREAD)
    assert "Withdrawn by its author" in shown
    assert "第一句話" not in shown
    assert "visitor" not in shown
    assert "There is nothing to show" in page(client_for(anonymous), act(comment, "history"))


def test_a_hidden_comment_names_the_rule_and_its_author_appeals(
    comment: Comment, client_for: ClientFor, visitor: User, anonymous: Visitor, moderator: User
) -> None:
    hide(comment, moderator=moderator, rule="attack", reason="這句話罵人")
    shown = page(client_for(anonymous), THREAD)
    assert "Attacks or threatens people" in shown
    assert "第一句話" not in shown
    assert "這句話罵人" not in page(client_for(anonymous), act(comment, "more"))
    browser = client_for(visitor)
    assert "這句話罵人" in page(browser, act(comment, "more"))
    assert "Appeal" in page(browser, act(comment, "more"))
    page(browser, act(comment, "appeal"), words="沒有罵")
    assert "Appeal</a>" not in page(browser, act(comment, "more"))


@pytest.mark.parametrize("name", ["edit", "withdraw", "appeal"])
def test_what_is_its_authors_alone(
    comment: Comment,
    client_for: ClientFor,
    member: User,
    moderator: User,
    anonymous: Visitor,
    name: str,
) -> None:
    for user in (member, moderator):
        assert client_for(user).get(act(comment, name)).status_code == 404
    assert client_for(anonymous).get(act(comment, name)).status_code == 302


@pytest.mark.usefixtures("draft")
def test_a_proposed_wording_is_posted_and_shown_as_a_difference(
    provision: NamedProvision, client_for: ClientFor, visitor: User, draft: Draft
) -> None:
    text = provision("壹-1").text
    browser = client_for(visitor)
    browser.post(
        THREAD,
        {
            "body": "改得清楚些",
            "stance": "suggest",
            "voice": "self",
            "key": "0d1f6a52-54c7-4c0f-9f7b-6d2a58f0a114",
            "proposal": text.replace("之責任", "的責任"),
        },
    )
    shown = page(client_for(visitor), THREAD)
    assert "</span>之</del>" in shown
    assert "</span>的</ins>" in shown
    assert draft.number == 1


def test_the_rules_are_there_for_everyone(client: Client) -> None:
    assert 'id="impersonation"' in page(client, "/rules/")


def test_a_held_comment_is_its_authors_alone(
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    member: User,
    settings: Any,  # noqa: ANN401
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    held = say(provision("壹-1"), visitor, body="等著審的話")
    assert client_for(visitor).get(act(held, "more")).status_code == 200
    assert client_for(member).get(act(held, "more")).status_code == 404
    assert "等著審的話" not in page(client_for(member), THREAD)
    assert held.reference not in page(client_for(member), f"{THREAD}?since=0")
    assert held.reference not in page(client_for(member), THREAD)
