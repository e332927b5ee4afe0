"""The sockets of live pages: they carry notices out and take nothing in."""

import asyncio
import contextlib
from collections.abc import Sequence

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import PermissionDenied
from django.http import Http404

from comments.access import target_to_read
from comments.live import GONE, PULL, Listener, draft_topic, hub, section_topic
from comments.targets import draft_of
from consult.document.access import section_to_read

# Private-use codes that say in the closing frame what HTTP says by 404 and 410.
NOT_FOUND = 4404
NO_LONGER_THERE = 4410


class LiveSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One page's socket. A page says in `topics` what it listens to, and who may.

    Notices come from the hub, not from a channel of the socket's own: handing one on costs a
    queue and touches no database.
    """

    # No layer is configured by this name, so that no socket subscribes to Redis by itself.
    channel_layer_alias = "none, the hub feeds the sockets"

    def topics(self, **address: str) -> Sequence[str]:
        """What this socket hears, given the parts of its address; may ask the database.

        Raises Http404 or PermissionDenied where this visitor may not read the page.
        """
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept first: a code in a closing frame is readable to the page, a refusal is not."""
        self.listener = Listener()
        self.listens_to: Sequence[str] = ()
        self.feeding: asyncio.Task[None] | None = None
        await self.accept()
        try:
            self.listens_to = await database_sync_to_async(self.topics)(
                **self.scope["url_route"]["kwargs"]
            )
        except (Http404, PermissionDenied):
            await self.close(NOT_FOUND)
            return
        await hub().join(self.listens_to, self.listener)
        # From here on it hears everything; what came before, since the page was made, it fetches.
        self.listener.put(PULL)
        self.feeding = asyncio.create_task(self._feed())

    async def _feed(self) -> None:
        while True:
            text = await self.listener.next()
            if text == GONE:
                await self.close(NO_LONGER_THERE)
                return
            # Nothing that stands between a consumer and its server has a say in a notice.
            await self.base_send({"type": "websocket.send", "text": text})

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - Channels' signature
        """Leave the hub, and end the feeding."""
        if self.feeding:
            self.feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self.feeding
        await hub().leave(self.listens_to, self.listener)


class SectionSocket(LiveSocket):
    """A section's page hears of its own threads and of those beneath it."""

    def topics(self, **address: str) -> Sequence[str]:
        section = section_to_read(
            code=address["code"], number=int(address["number"]), ref=address["ref"]
        )
        return [section_topic(section.pk)]


class DraftSocket(LiveSocket):
    """The page of the thread on a draft as a whole hears of that thread."""

    def topics(self, **address: str) -> Sequence[str]:
        target = target_to_read(code=address["code"], number=int(address["number"]))
        return [draft_topic(draft_of(target).pk)]
