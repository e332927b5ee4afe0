"""A thousand readers of one section on one web worker: how fast notices reach them all.

Notices are published as the verbs publish them, some at a time: the next one once an earlier one
has reached everybody. So the rate is the most that this machine reaches, and what each takes on
its way includes the queues that such a crowd makes.
"""

import contextlib
import json
import math
import queue
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments.live import PULL, Notice, publish, section_topic
from consult.document.importing import import_draft
from consult.document.models import Framework, Section
from consult.document.publishing import open_section
from tests.benchmarks.ground import HOUSE, Ground, Server
from tests.benchmarks.listening import KIND, LONG_FRAME, TEXT, handshake
from tests.benchmarks.table import Row, at_least, at_most
from tests.benchmarks.visiting import Visitor
from tests.cast import small_outline

READERS, PROCESSES = 1000, 2
FIRST_ONES = 20
AT_ONCE = 2
STRETCHES, STRETCH_SECONDS = 5, 4.0
PATIENCE = 30.0
MILLI, KILO = 1000, 1024
RATE, SLOWEST, MEMORY = 20_000, 250, 40
# A reader who reads nothing until so many long notices are sent: more than any buffer holds.
UNREAD, LONG = 1500, 6000
SMALL_BUFFER = 4096


@dataclass(frozen=True)
class Stretch:
    """What was heard in some seconds."""

    seconds: float
    delays: Sequence[float]
    lost: int
    pulls: int

    @property
    def rate(self) -> float:
        return len(self.delays) / self.seconds

    @property
    def p99(self) -> float:
        return sorted(self.delays)[math.ceil(len(self.delays) * 0.99) - 1] * MILLI


class Readers:
    """Processes of readers, told apart from this one so that they read while it publishes."""

    def __init__(self, port: int, path: str, count: int, *, cookie: str) -> None:
        words = [sys.executable, "-m", "tests.benchmarks.listening", str(port), path]
        self._lines: list[queue.Queue[str]] = []
        self._processes = [
            subprocess.Popen(
                [*words, str(count // PROCESSES), cookie],
                cwd=HOUSE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(PROCESSES)
        ]
        for process in self._processes:
            lines: queue.Queue[str] = queue.Queue()
            threading.Thread(target=_read, args=(process, lines), daemon=True).start()
            self._lines.append(lines)
        self._next()

    def _next(self) -> list[str]:
        return [lines.get(timeout=PATIENCE) for lines in self._lines]

    def have(self, number: int) -> bool:
        """Wait until the notice has reached everybody; whether it has."""
        try:
            return self._next() == [str(number)] * len(self._lines)
        except queue.Empty:
            return False

    def heard(self, last: int, *, seconds: float) -> Stretch:
        """What they heard since they were asked before, up to the last notice."""
        for process in self._processes:
            assert process.stdin
            process.stdin.write(f"{last}\n")
            process.stdin.flush()
        answers = [json.loads(line) for line in self._next()]
        return Stretch(
            seconds=seconds,
            delays=[delay for answer in answers for delay in answer["delays"]],
            lost=sum(answer["lost"] for answer in answers),
            pulls=sum(answer["pulls"] for answer in answers),
        )

    def close(self) -> None:
        """Leave, all at once."""
        for process in self._processes:
            process.kill()
            process.wait()


def _read(process: "subprocess.Popen[str]", lines: "queue.Queue[str]") -> None:
    assert process.stdout
    for line in process.stdout:
        lines.put(line.strip())


def measure(ground: Ground) -> Iterator[Row]:
    """Every row of the table of speed that is about live readers."""
    section, other = _sections()
    cookie = _cookie()
    with ground.server() as server:
        yield from _fan_out(server, section, cookie)
        yield _slow_reader(server.port, other)


def _sections() -> Sequence[Section]:
    """Two of an open draft."""
    framework = Framework.objects.create(code="live", title="綱領", owner_body="教育部")
    draft = import_draft(framework=framework, outline=small_outline(), source="small")
    sections = [draft.sections.get(ref=ref) for ref in ("壹", "肆")]
    for section in sections:
        open_section(section, actor=None, at=timezone.now())
    return sections


def _cookie() -> str:
    """Of somebody who has signed in."""
    reader = User.objects.create_user("live@example.org", None, display_name="王小明")
    browser = Client()
    browser.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser.cookies[settings.SESSION_COOKIE_NAME].OutputString([])


# --- a thousand -------------------------------------------------------------------------------


def _fan_out(server: Server, section: Section, cookie: str) -> Iterator[Row]:
    path = f"/ws{_address(section)}"
    Visitor(server.port).get(_address(section))
    with contextlib.closing(Readers(server.port, path, FIRST_ONES, cookie=cookie)) as first:
        _stretch(first, section, after=0, seconds=1)
    time.sleep(1)
    before = server.memory
    with contextlib.closing(Readers(server.port, path, READERS, cookie=cookie)) as readers:
        stretches: list[Stretch] = []
        last = 0
        for _ in range(STRETCHES):
            last, stretch = _stretch(readers, section, after=last, seconds=STRETCH_SECONDS)
            stretches.append(stretch)
        memory = (server.memory - before) / READERS / KILO
    rates = [stretch.rate for stretch in stretches]
    note = f"  ({min(rates):,.0f} to {max(rates):,.0f} in {STRETCHES} stretches, {last} published)"
    what = f"notices a second to {READERS:,} readers of one section, one worker"
    yield at_least(what, RATE, statistics.median(rates), unit="/s", note=note)
    slowest = [stretch.p99 for stretch in stretches]
    note = f"  ({min(slowest):.0f} to {max(slowest):.0f})"
    yield at_most("  on their way, p99", SLOWEST, statistics.median(slowest), unit="ms", note=note)
    lost, pulls = (sum(each) for each in zip(*((s.lost, s.pulls) for s in stretches), strict=True))
    note = f"of {sum(len(stretch.delays) for stretch in stretches):,}"
    yield Row("  lost on their way", "0", f"{lost} {note}, {pulls} told to pull", lost == 0)
    yield at_most("  memory a connection", MEMORY, memory, unit="KB")


def _stretch(
    readers: Readers, section: Section, *, after: int, seconds: float
) -> tuple[int, Stretch]:
    """Publish for some seconds; the last number, and what was heard."""
    topic = section_topic(section.pk)
    begun = time.monotonic()
    number = had = after
    goes_on = True
    while goes_on or had < number:
        if goes_on:
            number += 1
            notice: Notice = {
                "thread": section.ref,
                "sequence": number,
                "sent": time.monotonic_ns(),
            }
            publish(topic, notice)
            goes_on = time.monotonic() < begun + seconds
        if number - had >= AT_ONCE or not goes_on:
            if not readers.have(had + 1):
                break
            had += 1
    return number, readers.heard(number, seconds=time.monotonic() - begun)


def _address(section: Section) -> str:
    return quote(f"/live/1/{section.ref}/")


# --- one that is too slow ---------------------------------------------------------------------


def _slow_reader(port: int, section: Section) -> Row:
    """One that reads nothing for a while: whatever it misses, it is told to pull in its place."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        slow.settimeout(PATIENCE)
        slow.connect(("127.0.0.1", port))
        slow.sendall(handshake(port, f"/ws{_address(section)}", ""))
        stream = slow.makefile("rb")
        while stream.readline().strip():
            pass
        assert _next_text(stream) == PULL
        for number in range(1, UNREAD + 1):
            publish(section_topic(section.pk), {"sequence": number, "padding": "." * LONG})
        time.sleep(1)
        publish(section_topic(section.pk), {"sequence": UNREAD + 1})
        heard, pulls, missed = _read_on(stream)
    return Row(
        "a reader too slow for its queue is told to pull",
        "in place of all it missed",
        f"told {pulls} times, {heard} of {UNREAD + 1:,} notices read, {missed} missed untold",
        pulls > 0 and missed == 0 and heard + missed < UNREAD,
    )


def _read_on(stream: BinaryIO) -> tuple[int, int, int]:
    """How many it then reads, how often it is told to pull, how many it missed untold."""
    heard = pulls = missed = last = 0
    told = False
    while last <= UNREAD:
        text = _next_text(stream)
        if text == PULL:
            pulls, told = pulls + 1, True
            continue
        number = json.loads(text)["sequence"]
        missed += 0 if told else number - last - 1
        heard, last, told = heard + 1, number, False
    return heard, pulls, missed


def _next_text(stream: BinaryIO) -> str:
    """The next text; a ping is passed over."""
    while True:
        kind, length = stream.read(2)
        if length == LONG_FRAME:
            length = int.from_bytes(stream.read(2))
        payload = stream.read(length)
        if kind & KIND == TEXT:
            return payload.decode()
