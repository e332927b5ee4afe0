"""Whoever writes down a number that names them is asked once, without a script and with one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access import Visitor
from accounts.models import User
from comments.models import Comment, Flag
from consult.document.models import Provision
from tests.comments.talk import say
from tests.consult.pages.test_talking import written

pytestmark = pytest.mark.django_db

ClientFor = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]
THREAD = "/tve/1/壹-1/comments/"
GIVES_AWAY = "請打0912-345-678給我"
QUESTION = "Shall everyone be able to read this?"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:  # noqa: ANN401
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def browser(provision: NamedProvision, client_for: ClientFor, visitor: User) -> Client:  # noqa: ARG001 - a draft to speak on
    return client_for(visitor)


def sent(browser: Client, address: str, form: dict[str, Any], **headers: str) -> tuple[int, str]:
    answer = browser.post(address, form, headers=headers)
    return answer.status_code, answer.content.decode()


def digest(shown: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert found is not None
    return found[1]


# --- posting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"X-Fragment": "1"}])
def test_the_first_press_asks_and_the_second_posts(
    browser: Client, headers: dict[str, str]
) -> None:
    form = written(body=GIVES_AWAY, stance="oppose")
    status, shown = sent(browser, THREAD, form, **headers)
    assert (status, Comment.objects.count()) == (422, 0)
    assert QUESTION in shown
    assert "a telephone number: <strong>0912-345-678</strong>" in shown
    assert f">{GIVES_AWAY}</textarea>" in shown
    assert 'value="oppose" required checked' in shown
    assert "not posted yet" not in shown
    status, _shown = sent(browser, THREAD, form | {"seen": digest(shown)}, **headers)
    assert (status, Comment.objects.get().body) == (302, GIVES_AWAY)
    # A moderator is told as ever.
    assert Flag.objects.get().rule == "personal_data"


def test_a_changed_text_is_asked_about_anew(browser: Client) -> None:
    _status, shown = sent(browser, THREAD, written(body=GIVES_AWAY))
    seen = digest(shown)
    status, shown = sent(browser, THREAD, written(body=f"{GIVES_AWAY}！A123456789", seen=seen))
    assert (status, Comment.objects.count()) == (422, 0)
    assert "A123456789" in shown
    assert digest(shown) != seen
    status, _shown = sent(browser, THREAD, written(body="我贊成。", seen=seen))
    assert (status, Comment.objects.get().body) == (302, "我贊成。")
    assert not Flag.objects.exists()


def test_the_proposed_wording_is_looked_at_where_it_counts(
    browser: Client, provision: NamedProvision
) -> None:
    wording = f"{provision('壹-1').text}{GIVES_AWAY}"
    status, _shown = sent(browser, THREAD, written(proposal=wording, stance="suggest"))
    assert status == 422
    # With another stance it isn't posted at all.
    status, _shown = sent(browser, THREAD, written(proposal=wording, stance="support"))
    assert status == 302


def test_what_is_wrong_comes_first(browser: Client) -> None:
    status, shown = sent(browser, THREAD, written(body=GIVES_AWAY, stance=""))
    assert (status, QUESTION in shown) == (422, False)
    assert "Choose what your comment is" in shown


def test_a_harmless_text_is_posted_at_once(browser: Client) -> None:
    assert sent(browser, THREAD, written(body="見 https://example.com，114 年"))[0] == 302


# --- changing ---------------------------------------------------------------------------------


def test_changing_a_comment_asks_alike(
    browser: Client, provision: NamedProvision, visitor: User
) -> None:
    comment = say(provision("壹-1"), visitor, body="第一句")
    address = f"/c/{comment.reference}/edit/"
    form = {"stance": "support", "body": GIVES_AWAY}
    status, shown = sent(browser, address, form)
    comment.refresh_from_db()
    assert (status, comment.body) == (422, "第一句")
    assert QUESTION in shown
    assert '<a class="button" href="#id_body">' in shown
    assert f"{GIVES_AWAY}</textarea>" in shown
    status, _shown = sent(browser, address, form | {"seen": digest(shown)})
    comment.refresh_from_db()
    assert (status, comment.body) == (302, GIVES_AWAY)
    assert Flag.objects.get().comment == comment


def test_a_change_of_the_change_is_asked_about_anew(
    browser: Client, provision: NamedProvision, visitor: User
) -> None:
    comment = say(provision("壹-1"), visitor, body="第一句")
    address = f"/c/{comment.reference}/edit/"
    _status, shown = sent(browser, address, {"stance": "support", "body": GIVES_AWAY})
    again = {"stance": "support", "body": f"{GIVES_AWAY}A123456789", "seen": digest(shown)}
    assert sent(browser, address, again)[0] == 422
    assert not Flag.objects.exists()
