"""Addresses and forms that nobody's browser sends by itself, and forms sent at the worst moment."""

import uuid
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from accounts.voices import Voice
from comments.models import Comment
from comments.posting import post_comment
from consult.document.importing import import_draft
from consult.document.models import Framework, Provision, Section
from consult.document.publishing import open_section, withdraw_section
from tests.cast import small_outline

ClientFor = Callable[[Visitor], Client]
Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


def thread(ref: str, *, number: int = 1) -> str:
    return f"/tve/{number}/{quote(ref)}/comments/"


def say(target: Provision, user: User) -> Comment:
    return post_comment(
        target,
        voice=Voice(user, None),
        body="我贊成。",
        stance="support",
        idempotency_key=uuid.uuid4(),
        at=timezone.now(),
    )


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    "address",
    [
        "/tve/1/%00/",
        "/tve/1/壹%00/comments/",
        "/tve/1/壹%00/sequences/",
        "/desk/tve/1/preview/%00/",
        "/desk/tve/1/window/%00/",
    ],
)
def test_what_no_text_can_hold_names_nothing(
    client_for: ClientFor, drafter: User, address: str
) -> None:
    assert client_for(drafter).get(address).status_code == 404


def test_a_withdrawn_section_gives_back_what_was_typed(
    section: Named, client_for: ClientFor, visitor: User, drafter: User
) -> None:
    browser = client_for(visitor)
    withdraw_section(section("壹"), actor=drafter)
    form = {"body": "寫了<很久>的話", "stance": "support", "voice": "self", "key": uuid.uuid4()}
    answer = browser.post(thread("壹-1"), form)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "寫了&lt;很久&gt;的話" in page
    assert str(form["key"]) not in page
    assert "support" not in page


def test_a_reply_stays_within_its_thread_and_its_draft(
    framework: Framework,
    section: Named,
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    member: User,
    drafter: User,
) -> None:
    hidden = say(provision("壹-1"), member)
    withdraw_section(section("壹"), actor=drafter)
    newer = import_draft(framework=framework, outline=small_outline(), source="newer")
    open_section(newer.sections.get(ref="壹"), actor=drafter)
    say(newer.provisions.get(ref="壹-1"), visitor)
    address = thread("壹-1", number=newer.number)
    page = client_for(visitor).get(f"{address}?reply={hidden.reference}").content.decode()
    assert member.display_name not in page
    assert f'value="{hidden.reference}"' not in page
