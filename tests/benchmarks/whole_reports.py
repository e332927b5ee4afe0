"""How long whole reports take on a hundred thousand and a million comments, and in what memory.

The comments are sentences of the search's library on all provisions of the real draft, one in
fifty a letter that many sign. Workers are Celery's, each with one process; what they take is
asked of the system while they work. The floor of counting is COPY of the same columns.
"""

import itertools
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psutil
from django.db import connection
from django.utils import timezone

from accounts.groups import StakeholderGroup
from comments.models import Comment, Endorsement, Thread
from consult.reports import counting
from consult.reports.heading import head_of
from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.benchmarks.ground import HOUSE, Ground
from tests.benchmarks.search import (
    GROUP_WEIGHTS,
    GROUPS,
    LENGTHS,
    STANCE_WEIGHTS,
    STANCES,
    Library,
    stocked_library,
)
from tests.benchmarks.table import Row, at_least, at_most

SIZES = {100_000: (15, 600), 1_000_000: (150, 1200)}
PATIENCE = 900.0
# Who speaks least: a report on them, made first, loads what a worker loads once.
SMALL = StakeholderGroup.GOVERNMENT.value
AT_ONCE = 5000
SIGNED = 50
ENDORSED = 4
REPLIES = 0.3
MEGABYTE = 1024 * 1024


def measure(ground: Ground) -> Iterator[Row]:
    """The smaller one with one worker and with two, then the larger one."""
    stock = stocked_library(random.Random(6))  # noqa: S311
    talk = Talk(stock)
    for size, (seconds, megabytes) in SIZES.items():
        talk.grow(size)
        yield from _counting(stock, size)
        with workers(ground, 2) as two:
            _made(stock, group=SMALL)
            took = _made(stock)
        yield at_most(f"whole report on {size:,} comments", seconds, took, unit="s")
        yield at_most("  the most memory of any process", megabytes, two.most, unit="MB")
        if size == min(SIZES):
            with workers(ground, 1):
                _made(stock, group=SMALL)
                alone = _made(stock)
            yield at_least(
                "  two workers against one", 1.6, alone / took, note=f" ({alone:.1f} s alone)"
            )


def _counting(stock: Library, size: int) -> Iterator[Row]:
    report = Report(draft=stock.draft, cutoff=timezone.now())
    select, parameters = counting.comment_columns(report).query.sql_with_params()
    with connection.cursor() as cursor:
        floor = min(_copied(cursor.copy, select, parameters) for _ in range(3))
    head = head_of(report)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        counting.count_comments(report, head)
        times.append(time.perf_counter() - begun)
    took = min(times)
    note = f" ({took:.2f} s; COPY {floor:.2f} s)"
    yield at_most(f"counting {size:,} comments against COPY", 3, took / floor, note=note)


def _copied(copy: object, select: str, parameters: Sequence[object]) -> float:
    begun = time.perf_counter()
    with copy(f"COPY ({select}) TO STDOUT", parameters) as rows:  # type: ignore[operator]
        for _ in rows:
            pass
    return time.perf_counter() - begun


def _made(stock: Library, *, group: str = "") -> float:
    report = request_report(stock.draft, requested_by=None, group=group)
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE:
        time.sleep(0.1)
        report.refresh_from_db(fields=["state", "finished_at"])
        if report.state != Report.State.RUNNING:
            break
    if report.state != Report.State.DONE or report.finished_at is None:
        raise AssertionError(f"The report is {report.state}.")
    return (report.finished_at - report.requested_at).total_seconds()


# --- who works --------------------------------------------------------------------------------


@dataclass
class Workers:
    """Processes that work, and how much memory any of them had."""

    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    most: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.stopped.wait(0.2):
            for process in self.processes:
                self.most = max(self.most, *_memory(process.pid), 0.0)


def _memory(pid: int) -> Iterator[float]:
    try:
        parent = psutil.Process(pid)
        for each in (parent, *parent.children(recursive=True)):
            yield each.memory_info().rss / MEGABYTE
    except psutil.NoSuchProcess:
        return


@contextmanager
def workers(ground: Ground, count: int) -> Iterator[Workers]:
    """So many workers of one process each."""
    found = Workers()
    with (ground.folder / "workers.log").open("ab") as log:
        for number in range(count):
            words = ["-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
            words += ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
            found.processes.append(
                subprocess.Popen(
                    [sys.executable, *words, "--hostname", f"w{number}@bench"],
                    cwd=HOUSE,
                    env=os.environ,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
    watching = threading.Thread(target=found.watch)
    watching.start()
    time.sleep(8)
    try:
        yield found
    finally:
        found.stopped.set()
        watching.join()
        for process in found.processes:
            process.terminate()
            process.wait()


# --- what is said -----------------------------------------------------------------------------


class Talk:
    """Comments on all of the draft, more and more of them."""

    def __init__(self, stock: Library) -> None:
        self._stock, self._chance = stock, stock.chance
        self._numbers = itertools.count(1)
        self._texts = [sentence.text for sentence in stock.sentences]
        self._letters = ["".join(self._chance.sample(self._texts, 4)) for _ in range(40)]
        self._last: dict[int, Comment] = {}
        self._sequence = Counter[int]()
        self._said = 0
        self._begun = timezone.now() - timedelta(days=30)

    def grow(self, size: int) -> None:
        """Say more, until there are so many comments."""
        while self._said < size:
            count = min(AT_ONCE, size - self._said)
            said = Comment.objects.bulk_create([self._comment() for _ in range(count)])
            self._said += count
            self._last = {comment.thread_id: comment for comment in said}
            people = self._stock.people
            Endorsement.objects.bulk_create(
                Endorsement(comment=comment, user_id=person, group="public", created_at=self._begun)
                for comment in said[::ENDORSED]
                for person in self._chance.sample(people, 2)
            )
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")

    def _comment(self) -> Comment:
        chance, number = self._chance, next(self._numbers)
        thread = self._stock.threads[int(chance.random() ** 2 * len(self._stock.threads))]
        self._sequence[thread.pk] += 1
        parent = self._last.get(thread.pk) if chance.random() < REPLIES else None
        body, organisation = chance.choice(self._stock.organisations)
        (group,) = chance.choices(GROUPS, GROUP_WEIGHTS)
        speaks_for = group != "public"
        comment = Comment(
            thread=thread,
            parent=parent,
            depth=parent.depth + 1 if parent else 0,
            path=f"{number:010}",
            sequence=self._sequence[thread.pk],
            changed_sequence=self._sequence[thread.pk],
            author_id=chance.choice(self._stock.people),
            organisation_id=body if speaks_for else None,
            organisation_name=organisation if speaks_for else "",
            group=group,
            stance=chance.choices(STANCES, STANCE_WEIGHTS)[0],
            body=self._words(number),
            created_at=self._begun + timedelta(seconds=number),
            idempotency_key=uuid.UUID(int=number),
            # Of a million that are made by chance, two are the same often enough.
            reference=f"{number:08}",
        )
        self._anchor(comment, thread, number)
        return comment

    def _words(self, number: int) -> str:
        if number % SIGNED == 0:
            return self._chance.choice(self._letters)
        (length,) = self._chance.choices(range(1, len(LENGTHS) + 1), LENGTHS)
        return "".join(self._chance.choices(self._texts, k=length))

    def _anchor(self, comment: Comment, thread: Thread, number: int) -> None:
        text = thread.provision.text if thread.provision else ""
        if len(text) > 20 and number % 2:
            start = self._chance.randrange(len(text) - 10)
            comment.anchor_exact = text[start : start + 8]
            comment.anchor_start, comment.anchor_end = start, start + 8
        if comment.stance == Comment.Stance.SUGGEST:
            comment.proposed_text = text.replace("應", "得", 1) or text
