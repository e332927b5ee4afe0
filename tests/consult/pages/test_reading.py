"""The reading page shows what may be seen, marked where it was commented on, and no more."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from accounts.voices import Voice
from comments.anchors import describe
from comments.models import Comment
from comments.posting import post_comment
from consult.document.models import Draft, Provision, Section
from tests.cast import SECRET
from tests.scripts import gzipped, scripts_of

ClientFor = Callable[[Visitor], Client]
Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:  # noqa: ANN401
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def read(draft: Draft, client_for: ClientFor, anonymous: Visitor) -> Callable[[str], str]:
    """What anyone gets as the page of a section."""

    def page(ref: str) -> str:
        response = client_for(anonymous).get(f"/{draft.framework.code}/{draft.number}/{ref}/")
        assert response.status_code == 200
        return response.content.decode()

    return page


def mark(target: Provision, user: User, start: int, end: int) -> Comment:
    return post_comment(
        target,
        voice=Voice(user, None),
        body="這幾個字。",
        stance="other",
        anchor=describe(target.text, start=start, end=end),
        idempotency_key=uuid.uuid4(),
        at=timezone.now(),
    )


@pytest.mark.parametrize("ref", ["壹", "參", "肆", "肆-一", "伍-一", "附錄二", "貳"])
def test_no_page_holds_what_is_hidden(
    draft: Draft,  # noqa: ARG001
    client_for: ClientFor,
    ref: str,
    anonymous: Visitor,
    visitor: User,
    member: User,
    drafter: User,
) -> None:
    """Also a section whose parent is not published never tells that parent's title."""
    for user in (anonymous, visitor, member, drafter):
        response = client_for(user).get(f"/tve/1/{ref}/")
        assert response.status_code == 200
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize("ref", ["肆-二", "伍", "陸", "捌", "壹-1"])
def test_what_is_not_published_is_not_found(
    draft: Draft,  # noqa: ARG001
    client_for: ClientFor,
    ref: str,
    anonymous: Visitor,
    moderator: User,
    drafter: User,
) -> None:
    for user in (anonymous, moderator, drafter):
        assert client_for(user).get(f"/tve/1/{ref}/").status_code == 404


def test_each_provision_has_its_place_and_its_thread(read: Callable[[str], str]) -> None:
    page = read("壹")
    for place in (1, 2, 3):
        assert f'id="壹-{place}"' in page
        assert f'data-talk="壹-{place}"' in page
    assert "provision--caption" in page


def test_the_state_is_said_in_words(read: Callable[[str], str]) -> None:
    assert "Open for comment" in read("壹")
    assert "days left" in read("壹")
    closed = read("參")
    assert "Comments are closed here" in closed
    assert "the drafters read every comment" in closed
    announced = read("貳")
    assert "opens for comment on" in announced
    assert "provision" not in announced


def test_subsections_stand_on_their_parents_page(read: Callable[[str], str]) -> None:
    page = read("肆")
    assert "肆-一-1" in page
    assert "肆-二" not in page


def test_a_table_is_a_table(read: Callable[[str], str]) -> None:
    page = read("附錄二")
    assert page.count('scope="rowgroup"') == 1
    assert page.count('class="provision provision--row"') == 2
    assert "Responsible body" in page
    # Positions in a cell count from the beginning of the whole row.
    assert 'data-ref="附錄二-2" data-start="7"' in page


def test_marked_words_are_warm(
    read: Callable[[str], str], provision: NamedProvision, visitor: User
) -> None:
    target = provision("壹-1")
    for _ in range(2):
        mark(target, visitor, 4, 6)
    mark(target, visitor, 5, 8)
    page = read("壹")
    assert re.findall(r'<mark class="heat heat--(\d)">([^<]+)</mark>', page) == [
        ("1", "肩"),
        ("2", "負"),
        ("1", "「配"),
    ] or re.findall(r'<mark class="heat heat--(\d)">([^<]+)</mark>', page) == [
        ("2", "肩負"),
        ("1", "「配"),
    ]


def test_marked_words_beyond_the_basic_plane_are_marked_whole(
    read: Callable[[str], str], provision: NamedProvision, visitor: User
) -> None:
    mark(provision("壹-2"), visitor, 0, 1)
    assert '<mark class="heat heat--1">𠮷</mark>野家' in read("壹")


def test_text_is_shown_as_text(read: Callable[[str], str], provision: NamedProvision) -> None:
    Provision.objects.filter(pk=provision("壹-1").pk).update(text="<b>一</b>&amp;")
    assert "&lt;b&gt;一&lt;/b&gt;&amp;amp;" in read("壹")


def test_counts_stand_with_the_text_and_the_contents(
    read: Callable[[str], str], provision: NamedProvision, visitor: User
) -> None:
    mark(provision("肆-一-1"), visitor, 0, 2)
    page = read("肆")
    talk = page.split('data-talk="肆-一-1"')[1]
    assert '<span class="number" data-count>1</span>' in talk.split("</a>")[0]
    assert "<span data-total>1</span> comment" in page


@pytest.mark.parametrize("count", [10, 1000])
def test_a_section_costs_the_same_at_any_size(
    section: Named,
    client_for: ClientFor,
    visitor: User,
    drafter: User,
    draft: Draft,
    count: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    found = section("壹")
    Provision.objects.bulk_create(
        Provision(
            draft=draft,
            section=found,
            position=place,
            ref=f"壹-{place}",
            kind="row",
            text="甲｜乙｜丙",
        )
        for place in range(4, count)
    )
    first = mark(draft.provisions.get(ref="壹-1"), visitor, 0, 2)
    Comment.objects.bulk_create(
        Comment(
            thread=first.thread,
            path=f"{number:010}",
            sequence=number,
            changed_sequence=number,
            author=visitor,
            group="public",
            stance="other",
            body="這幾個字。",
            anchor_exact="技職",
            anchor_start=0,
            anchor_end=2,
            idempotency_key=uuid.uuid4(),
        )
        for number in range(2, count)
    )
    for user in (visitor, drafter):
        browser = client_for(user)
        with django_assert_max_num_queries(12):
            assert browser.get("/tve/1/壹/").status_code == 200


def test_a_section_page_loads_little_script(read: Callable[[str], str]) -> None:
    scripts = scripts_of(read("壹"), find=lambda name: Path(finders.find(name) or name))
    assert {"page.js", "live.js", "menu.js"} <= {path.name for path in scripts}
    assert gzipped(scripts) <= 50 * 1024
