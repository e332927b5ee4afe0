"""Live pages hear of posts and of windows: once, also of what came while nothing ran."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.voices import Voice
from comments.consumers import NO_LONGER_THERE
from comments.posting import post_comment
from consult.document.models import Draft, Provision, Section, Window
from consult.document.publishing import (
    announce_section,
    close_section,
    open_section,
    withdraw_section,
)
from consult.pages.tasks import announce_windows, tell_what_is_due
from tests.sockets import Socket, in_loop

# Channels closes connections between its steps, which a test's own transaction would not survive.
pytestmark = pytest.mark.django_db(transaction=True)

Named = Callable[[str], Section]


async def opened(ref: str) -> Socket:
    page = Socket(f"/ws/tve/1/{ref}/")
    await page.listen()
    return page


@pytest.fixture(autouse=True)
def _all_told(draft: Draft) -> None:  # noqa: ARG001
    """What the cast's draft has behind it is announced already."""
    tell_what_is_due(at=timezone.now())


def test_a_post_is_heard_by_whoever_reads_the_section(draft: Draft, visitor: User) -> None:
    target = Provision.objects.select_related("section").get(draft=draft, ref="肆-一-1")

    def post() -> None:
        post_comment(
            target,
            voice=Voice(visitor, None),
            body="我贊成。",
            stance="support",
            idempotency_key=uuid.uuid4(),
        )

    async def scenario() -> None:
        own, above, elsewhere = [await opened(ref) for ref in ("肆-一", "肆", "壹")]
        await sync_to_async(post)()
        for page in (own, above):
            assert await page.hear() == {"thread": "肆-一-1", "sequence": 1}
        assert await elsewhere.hears_nothing()
        for page in (own, above, elsewhere):
            await page.leave()

    in_loop(scenario)


def test_pages_of_other_sites_get_no_socket(draft: Draft) -> None:  # noqa: ARG001
    async def scenario() -> None:
        page = Socket("/ws/tve/1/壹/", origin="https://elsewhere.example")
        assert (await page.open())["type"] == "websocket.close"

    in_loop(scenario)


def test_a_closing_is_announced_once(section: Named, drafter: User) -> None:
    close_section(section("壹"), actor=drafter)

    async def scenario() -> None:
        page = await opened("壹")
        assert await sync_to_async(announce_windows)() == 1
        assert await page.hear() == {"windows": True}
        assert await sync_to_async(announce_windows)() == 0
        assert await page.hears_nothing()
        await page.leave()

    in_loop(scenario)


def test_a_withdrawal_closes_the_pages_of_the_section(section: Named, drafter: User) -> None:
    async def scenario() -> None:
        own, above = await opened("肆-一"), await opened("肆")
        await sync_to_async(lambda: withdraw_section(section("肆-一"), actor=drafter))()
        assert await sync_to_async(announce_windows)() == 1
        assert await above.hear() == {"windows": True}
        assert await own.hear() == {"windows": True}
        assert await own.closing_code() == NO_LONGER_THERE
        for page in (own, above):
            await page.leave()

    in_loop(scenario)


def test_two_beats_at_once_tell_once(section: Named, drafter: User) -> None:
    for ref in ("壹", "肆", "附錄二"):
        close_section(section(ref), actor=drafter, with_subsections=False)
    told: list[int] = []
    barrier = threading.Barrier(4)

    def beat() -> None:
        barrier.wait(5)
        told.append(announce_windows())
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(4)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join(20)
    assert len(told) == 4
    assert sum(told) == 3


def test_what_came_while_nothing_ran_is_told_once(section: Named, drafter: User) -> None:
    """An opening hours ago, and a window that opened and closed again meanwhile."""
    now = timezone.now()
    open_section(section("肆-二"), actor=drafter, at=now, when=now + timedelta(hours=1))
    open_section(
        section("陸"),
        actor=drafter,
        at=now,
        when=now + timedelta(hours=1),
        closes_at=now + timedelta(hours=2),
    )
    assert tell_what_is_due(at=now + timedelta(minutes=59)) == 0
    assert tell_what_is_due(at=now + timedelta(hours=5)) == 2
    assert tell_what_is_due(at=now + timedelta(hours=6)) == 0
    assert Window.objects.get(section=section("陸")).opening_announced_at is None


def test_a_moment_that_comes_again_is_told_again(section: Named, drafter: User) -> None:
    now = timezone.now()
    later = now + timedelta(hours=1)
    close_section(section("壹"), actor=drafter, at=now)
    assert tell_what_is_due(at=now) == 1
    open_section(section("壹"), actor=drafter, at=later)
    assert tell_what_is_due(at=later) == 1
    withdraw_section(section("壹"), actor=drafter, at=later + timedelta(hours=1))
    assert tell_what_is_due(at=later + timedelta(hours=1)) == 1
    announce_section(
        section("壹"),
        actor=drafter,
        at=later + timedelta(hours=2),
        opens_at=later + timedelta(hours=3),
    )
    assert tell_what_is_due(at=later + timedelta(hours=3)) == 1
