"""The front page, a framework and a draft show what is listed, and nothing else."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.models import Comment, Thread
from consult.document.models import Draft, Framework, Section
from consult.document.publishing import close_section, open_section, withdraw_section
from consult.document.windows import WindowState
from consult.pages.contents import Contents, contents_of
from tests.cast import SECRET, small_outline

pytestmark = pytest.mark.django_db

PAGES = ["/", "/tve/", "/tve/1/"]


@pytest.fixture
def site() -> Client:
    return Client(headers={"accept-language": "en"})


def said(section: Section, author: User, *, times: int = 1) -> None:
    """Comments on a section as a whole, as posting leaves them."""
    thread, _ = Thread.objects.get_or_create(draft=section.draft, section=section, provision=None)
    for number in range(thread.comment_count + 1, thread.comment_count + times + 1):
        Comment.objects.create(
            thread=thread,
            path=f"{number:08}",
            sequence=number,
            changed_sequence=number,
            author=author,
            group="public",
            stance="other",
            body="意見",
            idempotency_key=uuid.uuid4(),
        )
    Thread.objects.filter(pk=thread.pk).update(comment_count=thread.comment_count + times)


def contents(draft: Draft) -> Contents:
    return contents_of([draft], at=timezone.now())[0]


@pytest.mark.parametrize("address", PAGES)
def test_what_is_not_shown_is_on_no_page(draft: Draft, site: Client, address: str) -> None:
    assert any(SECRET in part.title for part in small_outline().sections), "nothing could leak"
    page = site.get(address).content.decode()
    assert draft.framework.title in page
    assert SECRET not in page


def test_an_announced_section_is_a_title_with_a_date(draft: Draft, site: Client) -> None:
    page = site.get("/tve/1/").content.decode()
    announced = next(line for line in contents(draft).lines if line.ref == "貳")
    assert announced.state == WindowState.ANNOUNCED
    assert "願景" in page
    assert "/tve/1/%E8%B2%B3/" not in page


def test_a_hidden_parent_leaves_no_gap(draft: Draft) -> None:
    levels = {line.ref: line.level for line in contents(draft).lines}
    assert levels == {"壹": 0, "貳": 0, "參": 0, "肆": 0, "肆-一": 1, "伍-一": 0, "附錄二": 0}


def test_comments_are_summed_over_what_is_shown_beneath(
    draft: Draft, section: Callable[[str], Section], visitor: User
) -> None:
    said(section("肆"), visitor, times=2)
    said(section("肆-一"), visitor, times=3)
    said(section("肆-二"), visitor, times=5)
    counts = {line.ref: line.comments for line in contents(draft).lines}
    assert (counts["肆"], counts["肆-一"], contents(draft).comments) == (5, 3, 5)


def test_withdrawing_takes_comments_out_of_the_count(
    draft: Draft, section: Callable[[str], Section], visitor: User, drafter: User
) -> None:
    said(section("肆-一"), visitor, times=3)
    withdraw_section(section("肆-一"), actor=drafter)
    assert contents(draft).comments == 0


def test_the_overview_repeats_no_subsection_that_stands_as_its_parent(draft: Draft) -> None:
    found = contents(draft)
    assert [line.ref for line in found.overview] == ["壹", "貳", "參", "肆", "伍-一", "附錄二"]


def test_the_overview_shows_a_subsection_that_stands_otherwise(
    draft: Draft, section: Callable[[str], Section], drafter: User
) -> None:
    close_section(section("肆-一"), actor=drafter)
    assert "肆-一" in [line.ref for line in contents(draft).overview]


@pytest.mark.parametrize("address", PAGES)
def test_pages_cost_the_same_whatever_was_said(
    draft: Draft, site: Client, address: str, visitor: User, drafter: User
) -> None:
    site.get(address)
    with CaptureQueriesContext(connection) as few:
        site.get(address)
    for found in draft.sections.all():
        said(found, visitor, times=4)
        open_section(found, actor=drafter, with_subsections=False)
    with CaptureQueriesContext(connection) as many:
        site.get(address)
    assert len(many) == len(few) <= 6


def test_an_empty_platform_says_what_will_come(site: Client) -> None:
    page = site.get("/").content.decode()
    assert "Nothing is being consulted on yet" in page


@pytest.mark.parametrize("address", PAGES[1:])
def test_an_unpublished_draft_is_not_found(
    unpublished_draft: Draft, site: Client, address: str
) -> None:
    assert site.get(address).status_code == 404
    assert unpublished_draft.framework.title not in site.get("/").content.decode()


@pytest.mark.usefixtures("unpublished_draft")
def test_a_drafter_finds_the_framework_before_anything_is_shown(
    drafter: User, client_for: Callable[[User], Client]
) -> None:
    assert client_for(drafter).get("/tve/").status_code == 200
    assert client_for(drafter).get("/tve/1/").status_code == 404


def test_the_history_is_shown_with_its_dates(draft: Draft) -> None:
    draft.history = [
        {"date": "2017-03-02", "document_number": "院臺教字第 1060165689 號", "note": "訂定"},
    ]
    draft.save()
    page = Client().get("/tve/1/").content.decode()
    assert '<time datetime="2017-03-02">106 年 3 月 2 日</time> 訂定' in page


def test_what_closes_first_comes_first(draft: Draft, drafter: User, site: Client) -> None:
    other = Framework.objects.create(code="aaa", title="另一綱領", owner_body="勞動部")
    later = Draft.objects.create(framework=other, number=1, label="1", source_sha256="0" * 64)
    part = Section.objects.create(draft=later, position=0, last_position=0, depth=0, ref="一")
    open_section(part, actor=drafter, closes_at=timezone.now() + timedelta(days=30))
    page = site.get("/").content.decode()
    assert page.index(draft.framework.title) < page.index("另一綱領")


def test_the_theme_is_kept_in_a_cookie(site: Client) -> None:
    answer = site.post("/theme/", {"theme": "dark", "next": "/?a=1"})
    assert answer.headers["Location"] == "/?a=1"
    assert 'data-theme="dark"' in site.get("/").content.decode()
    site.post("/theme/", {"theme": ""})
    assert "data-theme" not in site.get("/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", ""])
def test_the_theme_leads_to_no_other_site(site: Client, elsewhere: str) -> None:
    answer = site.post("/theme/", {"theme": "light", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_the_page_names_its_language(site: Client) -> None:
    assert '<html lang="en">' in site.get("/").content.decode()
    site.post("/language/", {"language": "zh-hant", "next": "/"})
    assert '<html lang="zh-Hant-TW">' in site.get("/").content.decode()
