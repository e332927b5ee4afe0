"""A process of its own with many readers of one section, each with a socket as a browser opens it.

`python -m tests.benchmarks.listening PORT PATH READERS COOKIE` writes a line once all of them are
connected, then the number of each notice that all of them have. Asked by the last one's number on
a line, it writes what they heard since it was asked before, as JSON. Every other reader sends the
cookie.
"""

import asyncio
import base64
import functools
import json
import os
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

import uvloop

AT_ONCE = 25
PATIENCE = 60.0
NANO = 1_000_000_000
HEADERS_END = b"\r\n\r\n"
# The first byte of a frame: its end, whether it is compressed, and what it is.
LAST, COMPRESSED, KIND = 0x80, 0x40, 0x0F
# A page masks what it sends: its second byte says so; a mask of zeros changes nothing.
MASKED, NO_MASK = 0x80, 0
TEXT, PING, PONG = 1, 9, 10
LONG_FRAME, LONGER_FRAME = 126, 127
# What a message that was compressed ends with, and leaves away.
TAIL = b"\x00\x00\xff\xff"


def handshake(port: int, path: str, cookie: str) -> bytes:
    """What a browser asks with, compression included."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Origin: http://localhost:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0",
        "Accept-Language: zh-TW,zh;q=0.9,en;q=0.8",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join(lines).encode() + HEADERS_END


class Reader(asyncio.Protocol):
    """One page's socket: it takes each text apart, and answers pings."""

    def __init__(self, hello: bytes, hear: Callable[["Reader", bytes], None]) -> None:
        # Once the server says that it will miss nothing.
        self.fed = asyncio.get_running_loop().create_future()
        self.last = 0
        self._hello, self._hear = hello, hear
        self._buffer = b""
        self._is_open = False
        self._inflater: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data
        if not self._is_open:
            head, end, buffer = buffer.partition(HEADERS_END)
            if not end:
                self._buffer = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            if b"permessage-deflate" in head:
                self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            self._is_open = True
        self._buffer = buffer[self._take(buffer) :]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.fed.done():
            self.fed.set_exception(error or ConnectionError("The server closed."))

    def _take(self, buffer: bytes) -> int:
        """Hear every whole frame; how far they reach."""
        begin = 0
        while len(buffer) >= begin + 2:
            start, length = begin + 2, buffer[begin + 1]
            if length == LONG_FRAME:
                start += 2
                length = int.from_bytes(buffer[begin + 2 : start])
            elif length == LONGER_FRAME:
                start += 8
                length = int.from_bytes(buffer[begin + 2 : start])
            if len(buffer) < start + length:
                break
            self._frame(buffer[begin], buffer[start : start + length])
            begin = start + length
        return begin

    def _frame(self, first: int, payload: bytes) -> None:
        kind = first & KIND
        if kind == TEXT:
            if first & COMPRESSED:
                payload = self._inflater.decompress(payload + TAIL)
            self._hear(self, payload)
        elif kind == PING:
            head = struct.pack("!BBI", LAST | PONG, MASKED | len(payload), NO_MASK)
            self.transport.write(head + payload)
        else:
            raise AssertionError(f"A frame of kind {kind} came: {payload!r}")


class Ears:
    """What all the readers of this process have heard since they were asked."""

    def __init__(self, readers: int) -> None:
        self.readers = readers
        self.delays: list[float] = []
        self.lost = self.pulls = 0
        self._heard: Counter[int] = Counter()

    def hear(self, reader: Reader, text: bytes) -> None:
        """Note how late it came, and whether any is missing before it."""
        number, sent = notice(text)
        if not reader.fed.done():
            assert not number, text
            reader.fed.set_result(None)
            return
        if not number:
            self.pulls += 1
            return
        self.delays.append((time.monotonic_ns() - sent) / NANO)
        self.lost += number - reader.last - 1
        reader.last = number
        self._heard[number] += 1
        if self._heard[number] == self.readers:
            del self._heard[number]
            say(number)

    def answer(self, everyone: Sequence[Reader], last: int) -> None:
        """Tell, and begin anew; what no reader will hear any more is lost, too."""
        lost = self.lost + sum(last - reader.last for reader in everyone)
        say(json.dumps({"delays": self.delays, "lost": lost, "pulls": self.pulls}))
        self.delays, self.lost, self.pulls = [], 0, 0
        for reader in everyone:
            reader.last = last


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


@functools.lru_cache(maxsize=64)
def notice(text: bytes) -> tuple[int, int]:
    """Its number and when it was sent; the number is 0 where the reader is told to pull."""
    found = json.loads(text)
    return (0, 0) if "pull" in found else (found["sequence"], found["sent"])


async def main(port: int, path: str, readers: int, cookie: str) -> None:
    loop, ears = asyncio.get_running_loop(), Ears(readers)
    opening = asyncio.Semaphore(AT_ONCE)

    async def come(place: int) -> Reader:
        hello = handshake(port, path, cookie if place % 2 else "")
        async with opening:
            _, reader = await loop.create_connection(
                lambda: Reader(hello, ears.hear), "127.0.0.1", port
            )
            await asyncio.wait_for(reader.fed, PATIENCE)
        return reader

    everyone = await asyncio.gather(*(come(place) for place in range(readers)))
    say("connected")
    while asked := await loop.run_in_executor(None, sys.stdin.readline):
        ears.answer(everyone, int(asked))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
