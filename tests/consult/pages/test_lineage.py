"""The desk's page of a draft's lineage."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import Visitor
from accounts.models import User
from consult.document.importing import import_draft
from consult.document.models import Draft, Lineage
from consult.document.outline import Outline
from consult.document.relating import links_between, stored_links, waiting_links
from tests.cast import outline_section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ADDRESS = "/desk/tve/2/lineage/"


@pytest.fixture
def desk(client_for: Callable[[Visitor], Client], drafter: User, next_draft: Draft) -> Client:
    assert next_draft.number == 2
    client = client_for(drafter)
    client.cookies["django_language"] = "en"
    return client


def page_of(client: Client, query: str = "") -> str:
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200
    return answer.content.decode()


def waiting(draft: Draft, next_draft: Draft, *, sure: bool) -> list[int]:
    return [
        each.number
        for each in stored_links(draft, next_draft)
        if each.is_waiting and each.link.is_certain == sure
    ]


def test_the_doubtful_come_first(desk: Client, draft: Draft, next_draft: Draft) -> None:
    page = page_of(desk)
    for number in waiting(draft, next_draft, sure=False):
        assert f'id="link-{number}"' in page
    for number in waiting(draft, next_draft, sure=True):
        assert f'id="link-{number}"' not in page
    assert "附錄二-2" in page
    everything = page_of(desk, "?shown=all")
    assert everything.count("data-link>") == len(links_between(draft, next_draft))
    assert '<del><span class="visually-hidden">deleted: </span>' in everything


def test_one_press_confirms_all_that_are_clear(
    desk: Client, draft: Draft, next_draft: Draft, drafter: User
) -> None:
    clear = waiting(draft, next_draft, sure=True)
    answer = desk.post(ADDRESS, {"link": clear}, follow=True)
    assert f"{len(clear)} links are confirmed." in answer.content.decode()
    assert waiting(draft, next_draft, sure=True) == []
    decided = Lineage.objects.filter(number__in=clear)
    assert set(decided.values_list("decided_by", flat=True)) == {drafter.pk}
    assert waiting_links(next_draft) == len(waiting(draft, next_draft, sure=False))


def test_a_correction_is_noted(desk: Client, draft: Draft, next_draft: Draft) -> None:
    answer = desk.post(ADDRESS, {"act": "declare", "old": "附錄二-2、附錄二-1", "new": "附錄二-1"})
    assert answer.status_code == 302
    (link,) = [link for link in links_between(draft, next_draft) if "附錄二-2" in link.old]
    assert (link.new, link.kind) == (("附錄二-1",), "merged")


def test_a_wrong_reference_is_said(desk: Client, draft: Draft, next_draft: Draft) -> None:
    before = links_between(draft, next_draft)
    answer = desk.post(ADDRESS, {"act": "declare", "old": "壹-1", "new": "玖-9"})
    assert answer.status_code == 422
    assert "Draft 2 has no provision 玖-9." in answer.content.decode()
    assert links_between(draft, next_draft) == before


def test_the_desk_says_how_many_wait(desk: Client, draft: Draft, next_draft: Draft) -> None:
    count = len(waiting(draft, next_draft, sure=True)) + len(waiting(draft, next_draft, sure=False))
    assert f"{count} links to confirm" in desk.get("/desk/tve/2/").content.decode()
    numbers = Lineage.objects.filter(later_draft=next_draft).values_list("number", flat=True)
    desk.post(ADDRESS, {"link": list(numbers)})
    assert "all confirmed" in desk.get("/desk/tve/2/").content.decode()
    assert ADDRESS not in desk.get("/desk/tve/1/").content.decode()
    assert desk.get("/desk/tve/1/lineage/").status_code == 404


def test_many_links_are_read_a_page_at_a_time(desk: Client, next_draft: Draft) -> None:
    def outline(word: str, count: int) -> Outline:
        texts = [f"第{place}項{word}之規定，{place * 7}處應辦理之。" for place in range(count)]
        return Outline("大", "大", (), (outline_section("壹", "一", *texts),), (), ())

    with CaptureQueriesContext(connection) as few:
        page_of(desk, "?shown=all")
    for word in ("甲", "乙"):
        import_draft(framework=next_draft.framework, outline=outline(word, 120), source=word)
    with CaptureQueriesContext(connection) as many:
        answer = desk.get("/desk/tve/4/lineage/?shown=all")
    page = answer.content.decode()
    assert page.count('class="lineage-link"') == 50
    assert "shown=all&amp;after=" in page
    assert len(many) == len(few)
