"""Notices reach the pages that show what changed, and no others; lost ones are made good."""

import asyncio
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from redis import Redis

from accounts.models import User
from comments import live
from comments.consumers import NO_LONGER_THERE, NOT_FOUND
from consult.document.models import Draft, Section
from consult.document.publishing import withdraw_section
from tests.sockets import Socket, in_loop

# Channels closes connections between its steps, which a test's own transaction would not survive.
pytestmark = pytest.mark.django_db(transaction=True)

Named = Callable[[str], Section]


def socket(ref: str) -> Socket:
    return Socket(f"/ws/tve/1/{ref}/")


async def opened(ref: str) -> Socket:
    page = socket(ref)
    await page.listen()
    return page


def drop_subscriptions() -> None:
    """Break the connections that listen to this run's own Redis database."""
    redis = Redis.from_url(settings.REDIS_URL)
    number = str(redis.connection_pool.connection_kwargs["db"])
    for client in redis.client_list(_type="pubsub"):
        if client["db"] == number:
            redis.client_kill_filter(_id=client["id"])


def test_a_section_page_hears_of_what_stands_beneath_it(section: Named) -> None:
    notice: live.Notice = {"thread": "肆-一-1", "sequence": 41}

    async def scenario() -> None:
        own, above, elsewhere = [await opened(ref) for ref in ("肆-一", "肆", "壹")]
        await sync_to_async(lambda: live.publish_in_section(section("肆-一"), notice))()
        assert await own.hear() == notice
        assert await above.hear() == notice
        assert await elsewhere.hears_nothing()
        for page in (own, above, elsewhere):
            await page.leave()

    in_loop(scenario)


def test_the_page_of_a_draft_as_a_whole_hears_of_its_own_thread_alone(
    draft: Draft, section: Named
) -> None:
    notice: live.Notice = {"thread": "", "sequence": 3}

    async def scenario() -> None:
        whole, part = Socket("/ws/tve/1/"), await opened("壹")
        await whole.listen()
        await sync_to_async(lambda: live.publish(live.draft_topic(draft.pk), notice))()
        assert await whole.hear() == notice
        assert await part.hears_nothing()
        in_section: live.Notice = {"thread": "壹-1", "sequence": 9}
        await sync_to_async(lambda: live.publish_in_section(section("壹"), in_section))()
        assert await part.hear() == in_section
        assert await whole.hears_nothing()
        for page in (whole, part):
            await page.leave()

    in_loop(scenario)


def test_talk_on_a_draft_ends_with_its_last_shown_section(draft: Draft, drafter: User) -> None:
    shown = ("壹", "參", "肆", "肆-一", "伍-一", "附錄二")

    async def scenario() -> None:
        whole = Socket("/ws/tve/1/")
        await whole.listen()
        for ref in shown:
            assert await whole.hears_nothing()

            def withdraw(ref: str = ref) -> None:
                found = draft.sections.get(ref=ref)
                withdraw_section(found, actor=drafter, with_subsections=False)
                live.publish_gone(found)

            await sync_to_async(withdraw)()
        assert await whole.closing_code() == NO_LONGER_THERE
        await whole.leave()

    in_loop(scenario)


def test_a_draft_of_which_nothing_is_shown_has_no_socket(unpublished_draft: Draft) -> None:  # noqa: ARG001
    async def scenario() -> None:
        page = Socket("/ws/tve/1/")
        await page.open()
        assert await page.closing_code() == NOT_FOUND
        await page.leave()

    in_loop(scenario)


def test_nothing_is_told_of_what_was_rolled_back(section: Named) -> None:
    async def scenario() -> None:
        page = await opened("壹")

        def roll_back() -> None:
            with transaction.atomic():
                live.publish(live.section_topic(section("壹").pk), {"sequence": 1})
                transaction.set_rollback(True)

        await sync_to_async(roll_back)()
        assert await page.hears_nothing()
        await page.leave()

    in_loop(scenario)


@pytest.mark.parametrize("ref", ["肆-二", "伍", "陸", "捌"])
def test_a_hidden_section_has_no_socket(draft: Draft, ref: str) -> None:  # noqa: ARG001
    async def scenario() -> None:
        page = socket(ref)
        await page.open()
        assert await page.closing_code() == NOT_FOUND
        await page.leave()

    in_loop(scenario)


def test_a_withdrawn_section_loses_its_sockets(section: Named) -> None:
    async def scenario() -> None:
        page = await opened("壹")
        await sync_to_async(lambda: live.publish_gone(section("壹")))()
        assert await page.closing_code() == NO_LONGER_THERE
        await page.leave()

    in_loop(scenario)


def test_one_subscription_serves_all_sockets_of_a_topic(draft: Draft) -> None:  # noqa: ARG001
    async def scenario() -> None:
        pages = [await opened("壹") for _ in range(20)]
        assert len(live.hub().subscriptions) == 1
        for page in pages:
            await page.leave()
        assert live.hub().subscriptions == frozenset()

    in_loop(scenario)


def test_notices_come_again_after_redis_dropped_the_subscription(
    section: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.2)
    topic = live.section_topic(section("壹").pk)

    async def scenario() -> None:
        page = await opened("壹")
        drop_subscriptions()
        await asyncio.sleep(1.5)
        await sync_to_async(live.publish)(topic, {"sequence": 7})
        notices = [await page.hear()]
        while "sequence" not in notices[-1]:
            notices.append(await page.hear())
        assert notices[-1] == {"sequence": 7}
        await page.leave()

    in_loop(scenario)


def test_whoever_may_have_missed_a_notice_is_told_to_pull(
    draft: Draft,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pulse that does not come back is a notice that would not have come."""
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.2)

    async def scenario() -> None:
        page = await opened("壹")
        for _ in range(20):
            drop_subscriptions()
            await asyncio.sleep(0.05)
        assert await page.hear(seconds=6) == {"pull": True}
        await page.leave()

    in_loop(scenario)


def test_posting_goes_on_without_redis(section: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live pages then hear nothing; whoever published does not notice."""

    class Away:
        async def group_send(self, *_: object) -> None:
            raise ConnectionRefusedError

    monkeypatch.setattr(live, "get_channel_layer", Away)
    live.publish_in_section(section("壹"), {"sequence": 1})


def test_a_slow_socket_is_told_to_pull() -> None:
    async def scenario() -> None:
        listener = live.Listener()
        for number in range(live.QUEUE_LENGTH + 1):
            listener.put(str(number))
        assert await listener.next() == live.PULL
        listener.put("next")
        assert await listener.next() == "next"

    in_loop(scenario)


def test_a_slow_socket_is_told_all_the_same_that_the_page_is_gone() -> None:
    async def scenario() -> None:
        listener = live.Listener()
        listener.put(live.GONE)
        for number in range(live.QUEUE_LENGTH):
            listener.put(str(number))
        assert await listener.next() == live.GONE

    in_loop(scenario)
