"""One message a day, by section, newest first, without what is no longer shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from comments.digesting import EMail, end_messages, people_to_write_to, ticket_of, write_to
from comments.editing import withdraw_comment
from comments.following import follow
from comments.models import Notification, NotificationChoice
from comments.notifying import spread_word
from comments.tasks import write_at_once
from consult.document.models import Provision, Section
from tests.comments.talk import say

pytestmark = pytest.mark.django_db

Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


@pytest.fixture
def follower(section: Named, member: User) -> User:
    for ref in ("壹", "肆"):
        follow(section(ref), user=member)
    return member


def tell(*comments: Any) -> None:
    for comment in comments:
        spread_word(comment.pk)


def test_a_message_is_grouped_by_section_and_names_no_text(
    provision: NamedProvision, follower: User, visitor: User
) -> None:
    old, other, new = (
        say(provision(ref), visitor, body=f"祕密內文{ref}") for ref in ("壹-1", "肆-1", "壹-2")
    )
    tell(old, other, new)
    assert people_to_write_to(EMail.DIGEST) == [follower.pk]
    assert write_to(follower.pk)
    message = mail.outbox[-1]
    body = str(message.body)
    assert message.to == [follower.email]
    assert "3 則" in message.subject
    assert body.index("壹 序言") < body.index(new.reference) < body.index(old.reference)
    assert body.index(old.reference) < body.index("肆 發展重點") < body.index(other.reference)
    assert "祕密內文" not in body
    assert "visitor" in body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not write_to(follower.pk)
    assert people_to_write_to(EMail.DIGEST) == []


def test_nothing_withdrawn_or_hidden_is_in_it(
    provision: NamedProvision, follower: User, visitor: User
) -> None:
    gone, kept = (say(provision("壹-1"), visitor) for _ in range(2))
    tell(gone, kept)
    withdraw_comment(gone, author=visitor)
    write_to(follower.pk)
    body = str(mail.outbox[-1].body)
    assert gone.reference not in body
    assert kept.reference in body


def test_an_empty_message_is_not_sent(
    provision: NamedProvision, follower: User, visitor: User
) -> None:
    gone = say(provision("壹-1"), visitor)
    tell(gone)
    withdraw_comment(gone, author=visitor)
    assert not write_to(follower.pk)
    assert mail.outbox == []


def test_each_is_written_to_as_they_choose(
    provision: NamedProvision, follower: User, visitor: User
) -> None:
    choice = NotificationChoice.objects.create(user=follower, e_mail=EMail.IMMEDIATE, language="en")
    tell(say(provision("壹-1"), visitor))
    assert people_to_write_to(EMail.DIGEST) == []
    assert people_to_write_to(EMail.IMMEDIATE) == [follower.pk]
    write_to(follower.pk)
    assert mail.outbox[-1].subject == "1 piece of news in the policy consultation"
    assert "New comment on what you follow" in str(mail.outbox[-1].body)
    choice.e_mail = EMail.OFF
    choice.save()
    tell(say(provision("壹-1"), visitor))
    write_at_once()
    assert not Notification.objects.not_mailed().exists()
    assert len(mail.outbox) == 1


def test_a_message_that_is_refused_is_sent_later(
    provision: NamedProvision,
    follower: User,
    visitor: User,
    settings: Any,  # noqa: ANN401
) -> None:
    tell(say(provision("壹-1"), visitor))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        write_to(follower.pk)
    assert Notification.objects.not_mailed().exists()


def test_one_click_ends_the_messages_without_signing_in(follower: User) -> None:
    site = Client(enforce_csrf_checks=True)
    address = f"/notifications/off/{ticket_of(follower)}/"
    assert "結束" in site.get(address).content.decode()
    assert not NotificationChoice.objects.exists()
    answer = site.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 202
    assert NotificationChoice.objects.get().e_mail == EMail.OFF
    assert site.post("/notifications/off/nobody:s/").status_code == 404
    assert not end_messages("nobody")


def test_the_page_shows_what_is_new_once_and_keeps_the_choice(
    provision: NamedProvision, follower: User, visitor: User
) -> None:
    comment = say(provision("壹-1"), visitor)
    tell(comment)
    site = Client(headers={"accept-language": "en"})
    site.force_login(follower)
    assert "News</span>" in site.get("/").content.decode()
    first, second = (site.get("/notifications/").content.decode() for _ in range(2))
    assert comment.reference in first
    assert '<span class="tag">New</span>' in first
    assert '<span class="tag">New</span>' not in second
    site.post("/notifications/", {"e_mail": "off"})
    choice = NotificationChoice.objects.get()
    assert (choice.e_mail, choice.language) == ("off", "en")
    withdraw_comment(comment, author=visitor)
    assert comment.reference not in site.get("/notifications/").content.decode()


def test_following_and_following_no_more(follower: User) -> None:
    site = Client(headers={"accept-language": "en"})
    site.force_login(follower)
    address = "/tve/1/肆-一-1/follow/"
    assert "Follow 肆-一-1" in site.get(address).content.decode()
    site.post(address)
    assert "You follow 肆-一-1" in site.get(address).content.decode()
    assert "肆-一-1" in site.get("/notifications/").content.decode()
    site.post(address)
    assert "Follow 肆-一-1" in site.get(address).content.decode()
    assert site.get("/tve/1/貳/follow/").status_code == 404
