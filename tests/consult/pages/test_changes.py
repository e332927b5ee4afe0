"""The changes between two drafts can be read by everyone, and no more than is published."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.access import Visitor
from accounts.models import User
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework, Provision
from consult.document.outline import Outline
from consult.document.publishing import close_section, open_section, withdraw_section
from consult.pages import changes_contexts
from tests.cast import SECRET, outline_section
from tests.comments.talk import say

ClientFor = Callable[[Visitor], Client]
Read = Callable[[str], str]


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:  # noqa: ANN401
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def later(next_draft: Draft) -> Draft:
    """The next draft with 壹, 肆 and 附錄二 published."""
    for section in next_draft.sections.filter(ref__in=("壹", "肆", "附錄二")):
        open_section(section, actor=None)
    return next_draft


@pytest.fixture
def read(later: Draft, client_for: ClientFor, anonymous: Visitor) -> Read:  # noqa: ARG001
    def page(path: str) -> str:
        response = client_for(anonymous).get(path)
        assert response.status_code == 200
        return response.content.decode()

    return page


def words(page: str) -> str:
    """The page as it is read: no tags, white space as one blank."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def test_both_texts_stand_side_by_side(read: Read) -> None:
    page = read("/tve/1/changes/2/壹/")
    assert '<del><span class="visually-hidden">deleted: </span>促進</del>' in page
    assert '<ins><span class="visually-hidden">inserted: </span>帶動</ins>' in page
    old, new = (words(side) for side in page.split('class="change-text difference"')[1:3])
    assert "第 5 版" in old
    assert "促進" in old
    assert "帶動" not in old
    assert "第 6 版" in new
    assert "帶動" in new
    assert "促進" not in new


def test_or_in_one_text(read: Read) -> None:
    page = read("/tve/1/changes/2/壹/?view=inline")
    assert "change-sides" not in page
    assert "配合國家整體發展、deleted: 促進inserted: 帶動產業升級」之責任" in words(page)


def test_what_moved_and_what_was_split_is_said_with_links_to_both_places(read: Read) -> None:
    moved = read("/tve/1/changes/2/肆/").split('id="肆-一-2"')[1].split("</h3>")[0]
    assert "Moved" in moved
    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', moved)]
    assert links == ["/tve/1/參/#參-1", "/tve/2/肆-一/#肆-一-2"]
    split = read("/tve/1/changes/2/壹/").split('id="壹-2"')[1].split("</h3>")[0]
    assert "Split" in split
    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', split)]
    assert links == ["/tve/1/壹/#壹-2", "/tve/2/壹/#壹-2", "/tve/2/壹/#壹-3"]


def test_unchanged_provisions_are_folded_with_their_number(read: Read) -> None:
    page = read("/tve/1/changes/2/肆/")
    fold = page.split('<details class="changes-fold">')[1].split("</details>")[0]
    assert "1 provision unchanged" in fold
    assert "臺灣產業環境其實正在轉變" in fold


def test_the_whole_is_counted_by_section(read: Read) -> None:
    page = words(read("/tve/1/changes/2/"))
    assert "壹 序言 Reworded 1 Split 1" in page
    # With what stands beneath it.
    assert "肆 發展重點 Moved 1" in page
    assert "附錄二 協力事項 Without counterpart 1" in page
    assert "only what is can be compared" in page
    assert "後續推動 1 provision" in page


def test_no_page_holds_what_is_hidden(
    later: Draft,  # noqa: ARG001
    client_for: ClientFor,
    anonymous: Visitor,
    moderator: User,
    drafter: User,
) -> None:
    for user in (anonymous, moderator, drafter):
        for path in ("", "壹/", "肆/", "附錄二/"):
            page = client_for(user).get(f"/tve/1/changes/2/{path}").content.decode()
            assert "第 6 版" in page
            assert SECRET not in page
            assert "通盤檢討一次" not in page


@pytest.mark.parametrize(
    "path",
    ["1/changes/1/", "1/changes/3/", "1/changes/2/貳/", "1/changes/2/伍/", "2/changes/1/壹/"],
)
def test_what_can_not_be_compared_is_not_found(
    later: Draft,  # noqa: ARG001
    client_for: ClientFor,
    anonymous: Visitor,
    path: str,
) -> None:
    assert client_for(anonymous).get(f"/tve/{path}").status_code == 404


def test_a_draft_that_is_withdrawn_is_compared_no_longer(
    later: Draft, client_for: ClientFor, anonymous: Visitor
) -> None:
    for section in later.sections.all():
        if section.ref in ("壹", "肆", "附錄二"):
            withdraw_section(section, actor=None)
    assert client_for(anonymous).get("/tve/1/changes/2/").status_code == 404
    assert "earlier draft" not in client_for(anonymous).get("/tve/1/壹/").content.decode()


def test_the_other_way_round_leads_to_the_order_of_time(
    later: Draft,  # noqa: ARG001
    client_for: ClientFor,
    anonymous: Visitor,
) -> None:
    response = client_for(anonymous).get("/tve/2/changes/1/")
    assert (response.status_code, response["Location"]) == (302, "/tve/1/changes/2/")


def test_text_is_shown_as_text(read: Read, later: Draft) -> None:
    Provision.objects.filter(draft=later, ref="壹-1").update(text="<b>一</b>&amp;")
    page = read("/tve/1/changes/2/壹/")
    assert "&lt;b&gt;一&lt;/b&gt;&amp;amp;" in page


def test_a_reader_of_an_earlier_draft_is_told_and_led_on(read: Read) -> None:
    for path, ref in (("/tve/1/壹/", "壹"), ("/tve/1/壹-1/comments/", "壹-1")):
        page = unquote(read(path))
        assert "You are reading an earlier draft." in page
        assert f'href="/tve/1/{ref}/newest/">Go to the same place in 第 6 版' in page
        assert 'href="/tve/1/changes/2/"' in page
    assert 'href="/tve/2/">Go to the newest: 第 6 版' in read("/tve/1/comments/")
    for path in ("/tve/2/壹/", "/tve/2/壹-1/comments/", "/tve/2/comments/", "/tve/2/"):
        assert "You are reading an earlier draft." not in read(path)
    assert 'href="/tve/1/changes/2/">up to 第 6 版' in read("/tve/1/")
    assert 'href="/tve/1/changes/2/">since 第 5 版' in read("/tve/2/")


def test_a_thread_with_comments_tells_it_as_well(
    draft: Draft, later: Draft, read: Read, visitor: User
) -> None:
    say(draft.provisions.get(ref="壹-1"), visitor)
    notice = "Go to the same place in 第 6 版"
    assert notice in read("/tve/1/壹-1/comments/")
    for section in later.sections.filter(ref__in=("壹", "肆", "附錄二")):
        withdraw_section(section, actor=None)
    assert notice not in read("/tve/1/壹-1/comments/")


@pytest.mark.parametrize(
    ("ref", "place"),
    [
        ("壹", "/tve/2/壹/"),
        ("壹-2", "/tve/2/壹/#壹-2"),
        ("參", "/tve/2/肆-一/"),
        ("參-1", "/tve/2/肆-一/#肆-一-2"),
        # What is gone: where that is said.
        ("附錄二-2", "/tve/1/changes/2/附錄二/#was-附錄二-2"),
        ("伍-一-1", "/tve/1/changes/2/"),
        ("伍-一", "/tve/1/changes/2/"),
    ],
)
def test_a_link_to_a_provision_follows_the_lineage(
    later: Draft,  # noqa: ARG001
    client_for: ClientFor,
    anonymous: Visitor,
    ref: str,
    place: str,
) -> None:
    browser = client_for(anonymous)
    response = browser.get(f"/tve/1/{ref}/newest/")
    assert (response.status_code, unquote(response["Location"])) == (302, place)
    path, _, anchor = place.partition("#")
    page = browser.get(path).content.decode()
    assert not anchor or f'id="{anchor}"' in page


def test_in_the_newest_draft_the_link_stays(later: Draft) -> None:  # noqa: ARG001
    response = Client().get("/tve/2/壹-1/newest/")
    assert unquote(response["Location"]) == "/tve/2/壹/#壹-1"


def published(framework: Framework, count: int) -> None:
    for number in (1, 2):
        sections = tuple(
            outline_section(
                f"第{place}",
                f"章名{place}",
                *(
                    f"第{place}章第{item}項由主管機關於{number}年內辦理完竣。"
                    for item in range(count)
                ),
            )
            for place in range(3)
        )
        draft = import_draft(
            framework=framework,
            outline=Outline("綱領", f"第 {number} 版", (), sections, (), ()),
            source=str(number),
        )
        for section in draft.sections.all():
            open_section(section, actor=None)
            close_section(section, actor=None)


@pytest.mark.parametrize("count", [2, 120])
@pytest.mark.parametrize("path", ["", "§1/"])
def test_the_pages_cost_the_same_at_any_size(
    framework: Framework,
    count: int,
    path: str,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    published(framework, count)
    first = framework.drafts.get(number=1).sections.order_by("position")[0]
    with django_assert_max_num_queries(12):
        ref = f"{first.ref}/" if path else ""
        assert Client().get(f"/tve/1/changes/2/{ref}").status_code == 200


def test_a_long_section_leaves_the_rest_to_pages_of_their_own(
    later: Draft,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
    read: Read,
) -> None:
    monkeypatch.setattr(changes_contexts, "MOST_CHANGES", 0)
    page = unquote(read("/tve/1/changes/2/肆/"))
    assert "Further sections" in page
    assert 'id="肆-一-2"' not in page
    assert 'href="/tve/1/changes/2/肆-一/"' in page
