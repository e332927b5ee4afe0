"""Tell live pages what to fetch: ids and numbers only, after commit, over Channels.

A notice is a small JSON object; whoever gets one fetches the fragment over HTTP, where permission
has its one path. Each process holds one channel and one subscription a topic, and feeds every
socket from a bounded queue of its own: a socket too slow for its queue is told to pull. Losing
Redis loses notices, never comments: a pulse finds the loss, and then everyone is told to pull.
"""

import asyncio
import contextlib
import functools
import json
import logging
import weakref
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from consult.document.models import Section

logger = logging.getLogger(__name__)

Notice = Mapping[str, str | int | bool]

# Fetch everything afresh by number: notices may have been lost.
PULL = json.dumps({"pull": True})
# What the page shows is no longer to be shown; the socket closes.
GONE = json.dumps({"gone": True})

QUEUE_LENGTH = 64
PULSE_SECONDS = 5.0
PATIENCE_SECONDS = 2.0


def section_topic(section_id: int) -> str:
    """What a section's page listens to."""
    return f"section.{section_id}"


def draft_topic(draft_id: int) -> str:
    """What the page of the thread on a draft as a whole listens to."""
    return f"draft.{draft_id}"


def report_topic(public_id: UUID) -> str:
    """What a report's page listens to."""
    return f"report.{public_id}"


def publish(topic: str, notice: Notice) -> None:
    """Tell everyone who listens to the topic, once the running transaction is committed."""
    publish_to([topic], notice)


def publish_to(topics: Iterable[str], notice: Notice) -> None:
    """The same for several topics at once."""
    transaction.on_commit(functools.partial(_send, tuple(topics), json.dumps(notice)), robust=True)


def publish_in_section(section: Section, notice: Notice) -> None:
    """Tell the pages of the section and of every section it stands in."""
    above = Section.objects.above(section).values_list("pk", flat=True)
    publish_to([section_topic(pk) for pk in [*above, section.pk]], notice)


def publish_gone(section: Section) -> None:
    """Close the sockets of the section's own page; with the draft's last one, those of its talk."""
    topics = [section_topic(section.pk)]
    readable = Section.objects.filter(draft=section.draft_id).readable(at=timezone.now())
    if not readable.exists():
        topics.append(draft_topic(section.draft_id))
    publish_to(topics, json.loads(GONE))


def _send(topics: tuple[str, ...], text: str) -> None:
    try:
        async_to_sync(_group_send)(topics, text)
    except (RedisError, OSError, TimeoutError) as error:
        logger.warning("Live pages were not told %s: %s", text, error)


async def _group_send(topics: tuple[str, ...], text: str) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE_SECONDS):
        for topic in topics:
            await layer.group_send(topic, {"topic": topic, "text": text})


class Listener:
    """The bounded queue of one socket."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LENGTH)

    def put(self, text: str) -> None:
        """Never waits: what no longer fits is replaced by the one word to pull."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            dropped = [text]
            while not self._queue.empty():
                dropped.append(self._queue.get_nowait())
            self._queue.put_nowait(GONE if GONE in dropped else PULL)

    async def next(self) -> str:
        """Waits for the next notice."""
        return await self._queue.get()


class Hub:
    """What the sockets of one process (of one event loop) listen to."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._subscribed: set[str] = set()
        self._channel = ""
        self._changing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._pulses_sent = 0
        self._pulses_received = 0
        self._lost = False

    @property
    def subscriptions(self) -> frozenset[str]:
        """The topics that Redis is asked for now."""
        return frozenset(self._subscribed)

    async def join(self, topics: Iterable[str], listener: Listener) -> None:
        """Feed the listener from these topics; works, later, also where Redis is away now."""
        for topic in topics:
            self._listeners.setdefault(topic, set()).add(listener)
        await self._settle()

    async def leave(self, topics: Iterable[str], listener: Listener) -> None:
        """Feed the listener no more."""
        for topic in topics:
            listeners = self._listeners.get(topic, set())
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)
        await self._settle()

    async def _settle(self) -> None:
        """Bring the subscriptions to what is listened to."""
        async with self._changing:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._subscribe_as_wanted()
            except (RedisError, OSError, TimeoutError) as error:
                self._lost = True
                logger.warning("Live topics could not be subscribed to: %s", error)
            if self._listeners and not self._tasks:
                self._tasks = [
                    asyncio.create_task(self._receive()),
                    asyncio.create_task(self._watch()),
                ]
            elif not self._listeners:
                await self._stop()

    async def _stop(self) -> None:
        tasks, self._tasks, self._channel = self._tasks, [], ""
        for task in tasks:
            task.cancel()
        # The watch itself may have found that nobody listens any more.
        others = [task for task in tasks if task is not asyncio.current_task()]
        await asyncio.gather(*others, return_exceptions=True)

    async def _subscribe_as_wanted(self) -> None:
        layer = get_channel_layer()
        if self._listeners and not self._channel:
            self._channel = await layer.new_channel()
        for topic in self._listeners.keys() - self._subscribed:
            await layer.group_add(topic, self._channel)
            self._subscribed.add(topic)
        for topic in self._subscribed - self._listeners.keys():
            self._subscribed.discard(topic)
            await layer.group_discard(topic, self._channel)

    async def _receive(self) -> None:
        layer = get_channel_layer()
        while True:
            if not self._channel:
                await asyncio.sleep(PULSE_SECONDS)
                continue
            self._dispatch(await layer.receive(self._channel))

    def _dispatch(self, message: dict[str, Any]) -> None:
        if "pulse" in message:
            self._pulses_received = message["pulse"]
            if self._lost:
                self._lost = False
                self._tell_all(PULL)
            return
        for listener in self._listeners.get(message["topic"], ()):
            listener.put(message["text"])

    def _tell_all(self, text: str) -> None:
        for listener in set().union(*self._listeners.values()):
            listener.put(text)

    async def _watch(self) -> None:
        """Send pulses to the own channel; one that does not return means that notices don't."""
        layer = get_channel_layer()
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            self._lost = self._lost or self._pulses_received != self._pulses_sent
            if not self._listeners.keys() <= self._subscribed:
                await self._settle()
            self._pulses_sent += 1
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await layer.send(self._channel, {"pulse": self._pulses_sent})


_hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
