"""How fast a thread's page is, whatever the thread's length, and how much of it there is."""

import statistics
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Thread
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_least, at_most
from tests.benchmarks.talk import Crowd
from tests.benchmarks.visiting import Visitor, throughput
from tests.scripts import gzipped, scripts_of

FEW, MANY = 100, 100_000
ROUNDS = 60
STRETCHES, STRETCH_SECONDS = 5, 3.0
KILO = 1024
SHORT, LONG = "壹-1", "壹-2"
SECTION = quote("/tve/1/壹/")


def measure(ground: Ground) -> Iterator[Row]:
    """Every row of the table of speed that is about threads' pages."""
    crowd = Crowd.gather()
    crowd.fill(crowd.provision(SHORT), FEW)
    many = crowd.fill(crowd.provision(LONG), MANY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with ground.web() as port:
        visitor = Visitor(port)
        yield from _times(visitor, many)
        yield from _throughput(port, many)
        yield from _sizes(visitor)
        yield _scripts(visitor.get(SECTION).body.decode())
    yield from _queries(crowd, many)


def address(ref: str) -> str:
    """The page of a provision's thread."""
    return quote(f"/tve/1/{ref}/comments/")


def _in_turn(*acts: Callable[[], float]) -> list[float]:
    """The median time of each, taken in turn so that the machine's moods hit all alike."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for place, act in enumerate(acts):
            taken[place].append(act())
    return [statistics.median(times) for times in taken]


def _times(visitor: Visitor, many: Thread) -> Iterator[Row]:
    references = _somewhere(many)

    def page(ref: str, *, cold: bool) -> Callable[[], float]:
        def ask() -> float:
            if cold:
                cache.clear()
            return visitor.get(address(ref)).seconds

        return ask

    def link(*, cold: bool) -> Callable[[], float]:
        ahead = iter(references * 2)

        def ask() -> float:
            path = f"/c/{next(ahead)}/"
            if cold:
                cache.clear()
            else:
                visitor.get(path)
            return visitor.get(path).seconds

        return ask

    for cold, words in ((False, "read before"), (True, "nothing cached")):
        short, long, there = _in_turn(
            page(SHORT, cold=cold), page(LONG, cold=cold), link(cold=cold)
        )
        note = f"  ({long * 1000:.1f} ms against {short * 1000:.1f} ms)"
        yield at_most(
            f"first page at {MANY:,} comments against {FEW}, {words}", 1.3, long / short, note=note
        )
        note = f"  ({there * 1000:.1f} ms, its redirect included)"
        yield at_most(
            f"permanent link into {MANY:,} comments against the first page, {words}",
            1.5,
            there / long,
            note=note,
        )


def _somewhere(thread: Thread) -> list[str]:
    """Comments from all over the thread, replies among them."""
    step = MANY // ROUNDS
    numbers = range(step // 2, MANY, step)
    found = Comment.objects.filter(thread=thread, sequence__in=numbers)
    return list(found.values_list("reference", flat=True))


def _throughput(port: int, many: Thread) -> Iterator[Row]:
    floors, pages = [], []
    for _ in range(STRETCHES):
        floors.append(throughput(port, f"/floor/{many.pk}/", seconds=STRETCH_SECONDS))
        pages.append(throughput(port, address(LONG), seconds=STRETCH_SECONDS))
    share = statistics.median(page / floor for page, floor in zip(pages, floors, strict=True))
    note = f"  ({statistics.median(pages):.0f} pages/s against {statistics.median(floors):.0f})"
    yield at_least("throughput of that page against the floor", 0.33, share, note=note)


def _sizes(visitor: Visitor) -> Iterator[Row]:
    first = visitor.get(address(LONG))
    yield at_most("HTML of a first thread page", 100, len(first.body) / KILO, unit="KB")
    yield at_most("the same, gzipped", 20, first.gzipped / KILO, unit="KB")


def _queries(crowd: Crowd, many: Thread) -> Iterator[Row]:
    """The most that anybody's page costs: signed in, and nothing cached."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(crowd.people[0], backend=settings.AUTHENTICATION_BACKENDS[0])

    def queries(act: Callable[[], object]) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            act()
        own = [query for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT"))]
        return len(own)

    def read(path: str) -> Callable[[], object]:
        def ask() -> None:
            if browser.get(path).status_code != HTTPStatus.OK:
                raise AssertionError(f"{path} can't be read.")

        return ask

    def post(**also: str) -> Callable[[], object]:
        def send() -> None:
            form = {"stance": "support", "body": f"我贊成。{timezone.now()}", "voice": "self"}
            if browser.post(address(LONG), form | also).status_code != HTTPStatus.FOUND:
                raise AssertionError("The comment was not posted.")

        return send

    parent = Comment.objects.filter(thread=many).order_by("pk").first()
    assert parent
    measured = {
        "SQL queries for a section page": (12, read(SECTION)),
        f"SQL queries for a thread page, {FEW} comments": (8, read(address(SHORT))),
        f"SQL queries for a thread page, {MANY:,} comments": (8, read(address(LONG))),
        f"SQL queries for a post to {MANY:,} comments": (12, post()),
        f"SQL queries for a reply among {MANY:,} comments": (12, post(parent=parent.reference)),
    }
    for what, (limit, act) in measured.items():
        number = queries(act)
        yield Row(what, f"≤ {limit}", str(number), number <= limit)


def _scripts(page: str) -> Row:
    """What a section page loads, as it is served."""
    scripts = scripts_of(page, find=Path(settings.STATIC_ROOT or "").joinpath)
    what = f"script on a section page ({len(scripts)} modules, gzipped)"
    return at_most(what, 50, gzipped(scripts) / KILO, unit="KB")
