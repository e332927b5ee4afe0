"""A page's socket, spoken to as a browser would through the whole ASGI application."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from config.asgi import application


def in_loop(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario of sockets in an event loop; the database stays in this thread."""
    async_to_sync(scenario)()


# It carries no types.
Communicator: Any = ApplicationCommunicator


class Socket:
    """One socket; `open` it, then `hear` what comes."""

    def __init__(self, path: str, *, origin: str = "http://localhost", session: str = "") -> None:
        self._server = Communicator(
            application,
            {
                "type": "websocket",
                "path": path,
                "raw_path": quote(path).encode(),
                "query_string": b"",
                "headers": [
                    (b"host", b"localhost"),
                    (b"origin", origin.encode()),
                    (b"cookie", f"sessionid={session}".encode()),
                ],
                "subprotocols": [],
            },
        )

    async def open(self) -> dict[str, Any]:
        """Connect; what the server answers."""
        await self._server.send_input({"type": "websocket.connect"})
        answer: dict[str, Any] = await self._server.receive_output(3)
        return answer

    async def outcome(self) -> int | None:
        """Whether it is fed from now on, and told so: None; else the code by which it is closed."""
        message = await self._server.receive_output(3)
        if message["type"] == "websocket.close":
            code: int = message["code"]
            return code
        assert json.loads(message["text"]) == {"pull": True}
        return None

    async def listen(self) -> None:
        """Connect, and wait until it is fed."""
        assert (await self.open())["type"] == "websocket.accept"
        assert await self.outcome() is None

    async def hear(self, *, seconds: float = 3) -> Any:  # noqa: ANN401 - any JSON
        """The next notice."""
        message = await self._server.receive_output(seconds)
        return json.loads(message["text"])

    async def message(self) -> dict[str, Any]:
        """The next message of the server as it is, a closing frame as well."""
        message: dict[str, Any] = await self._server.receive_output(3)
        return message

    async def hears_nothing(self) -> bool:
        """Whether the server is silent for a while."""
        silent: bool = await self._server.receive_nothing(0.2)
        return silent

    async def closing_code(self) -> int:
        """The code with which the server closes."""
        message = await self._server.receive_output(3)
        assert message["type"] == "websocket.close"
        code: int = message["code"]
        return code

    async def leave(self) -> None:
        """What the server sees when the page is closed."""
        await self._server.send_input({"type": "websocket.disconnect", "code": 1001})
        await self._server.wait(3)
