"""Divide the comments of a report into parts of bounded size, each to be read by one task. Pure.

The same comments are divided alike on every machine: a part's SHA-256 depends on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

# Some 2 s of reading, and some 30 MB.
MOST_IN_A_PART = 10_000

# The thread's key, after this number, up to and with this number (None: to its end).
Stretch = tuple[int, int, int | None]


@dataclass(frozen=True)
class ThreadSize:
    """How many comments of a thread are counted, and its last number."""

    section: int | None
    thread: int
    comments: int
    last: int


@dataclass
class Part:
    """Some stretches of one section's threads."""

    section: int | None
    number: int
    stretches: list[Stretch] = field(default_factory=list)
    comments: int = 0


def parts_of(threads: Iterable[ThreadSize]) -> Iterator[Part]:
    """The parts of threads that come in the order of the inputs.

    Small threads share a part; a thread with too much is cut by its numbers, which are at least
    as many as its comments. A section without comments has no part.
    """
    for section, of_section in groupby(threads, key=lambda each: each.section):
        part = Part(section, 0)
        for stretch, comments in (each for thread in of_section for each in _stretches(thread)):
            if part.comments and part.comments + comments > MOST_IN_A_PART:
                yield part
                part = Part(section, part.number + 1)
            part.stretches.append(stretch)
            part.comments += comments
        if part.comments:
            yield part


def _stretches(thread: ThreadSize) -> Iterator[tuple[Stretch, int]]:
    if thread.comments <= MOST_IN_A_PART:
        yield (thread.thread, 0, None), thread.comments
        return
    for after in range(0, thread.last, MOST_IN_A_PART):
        upto = min(after + MOST_IN_A_PART, thread.last)
        yield (thread.thread, after, upto), upto - after
