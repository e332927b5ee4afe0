"""The feed tells which section could be read from when on, and of nothing that can't be."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from consult.document.models import Draft, Framework, Section
from consult.document.publishing import open_section, withdraw_section
from consult.pages import feeds
from tests.cast import SECRET

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(browser: Client | None = None) -> ET.Element:
    response = (browser or Client()).get("/tve/feed/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own


def entries(root: ET.Element) -> list[tuple[str, str, str]]:
    """Title, what it belongs to, and path of each entry."""
    found = []
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        path = unquote(link.get("href", "")).removeprefix("http://testserver")
        words = [entry.findtext(f"{ATOM}{name}", "") for name in ("title", "summary")]
        found.append((words[0], words[1], path))
    return found


def test_what_is_published_stands_in_it(draft: Draft, next_draft: Draft) -> None:  # noqa: ARG001
    for section in next_draft.sections.filter(ref="肆"):
        open_section(section, actor=None)
    root = feed()
    assert root.findtext(f"{ATOM}title") == "技術及職業教育政策綱領：公布紀錄"
    assert entries(root) == [
        # 肆-一 was opened with it, in either draft.
        ("肆 發展重點", "技術及職業教育政策綱領 第 6 版", "/tve/2/肆/"),
        ("壹 序言", "技術及職業教育政策綱領 第 5 版", "/tve/1/壹/"),
        ("參 目標", "技術及職業教育政策綱領 第 5 版", "/tve/1/參/"),
        ("肆 發展重點", "技術及職業教育政策綱領 第 5 版", "/tve/1/肆/"),
        ("一 後續推動", "技術及職業教育政策綱領 第 5 版", "/tve/1/伍-一/"),
        ("附錄二 協力事項", "技術及職業教育政策綱領 第 5 版", "/tve/1/附錄二/"),
    ]


def test_its_dates_are_those_of_the_opening(draft: Draft) -> None:
    opens_at = draft.sections.get(ref="壹").window.opens_at
    assert opens_at
    entry = next(feed().iter(f"{ATOM}entry"))
    published = dt.datetime.fromisoformat(entry.findtext(f"{ATOM}published", ""))
    assert abs(published - opens_at) < dt.timedelta(seconds=1)


def test_nobody_finds_in_it_what_is_hidden(
    draft: Draft,
    client_for: Callable[[Visitor], Client],
    anonymous: Visitor,
    drafter: User,
) -> None:
    withdraw_section(draft.sections.get(ref="壹"), actor=None)
    for user in (anonymous, drafter):
        response = client_for(user).get("/tve/feed/")
        assert SECRET not in response.content.decode()
        paths = [path for _, _, path in entries(feed(client_for(user)))]
        assert "/tve/1/壹/" not in paths
        assert "/tve/1/貳/" not in paths


def test_a_framework_of_which_nothing_is_shown_has_none(
    framework: Framework,  # noqa: ARG001
    client_for: Callable[[Visitor], Client],
    drafter: User,
) -> None:
    assert client_for(drafter).get("/tve/feed/").status_code == 404


def test_it_is_named_where_a_reader_is(draft: Draft) -> None:  # noqa: ARG001
    for path in ("/tve/", "/tve/1/", "/tve/1/壹/"):
        page = Client().get(path).content.decode()
        assert '<link rel="alternate" type="application/atom+xml" href="/tve/feed/"' in page


@pytest.mark.parametrize("count", [3, 80])
def test_it_costs_the_same_at_any_size(
    draft: Draft,
    count: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    Section.objects.bulk_create(
        Section(
            draft=draft,
            position=place,
            last_position=place,
            depth=0,
            ref=f"附錄{place}",
            title="附",
        )
        for place in range(100, 100 + count)
    )
    for section in draft.sections.filter(position__gte=100):
        open_section(section, actor=None, at=timezone.now())
    with django_assert_max_num_queries(2):
        found = entries(feed())
    assert len(found) == min(feeds.MOST_ENTRIES, count + 5)
