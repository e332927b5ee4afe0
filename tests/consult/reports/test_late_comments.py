"""A comment that is committed late can't change a report that is finished."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import cycle

import pytest
from django.db import connection, transaction

from accounts.models import User
from accounts.voices import Voice
from comments.models import Comment
from comments.posting import PaceRefused, post_comment
from comments.targets import Target
from consult.document.models import Draft, Provision
from consult.reports import aggregating
from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.cast import person
from tests.consult.reports.comments import a_comment, a_draft, a_person
from tests.consult.reports.making import make

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 20.0


@contextmanager
def running(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """The work in a thread with a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(SECONDS)
        assert not thread.is_alive()


@pytest.fixture
def commented() -> Draft:
    draft = a_draft()
    a_comment(draft, "壹-1", author=a_person("ann"))
    return draft


@pytest.fixture
def asker() -> User:
    return a_person("asker")


class SlowPost:
    """Posts a comment for real, and waits before it commits."""

    def __init__(self, target: Target, author: User) -> None:
        self.target = target
        self.author = author
        self.moment: datetime | None = None
        self.written, self.may_commit = threading.Event(), threading.Event()

    def __call__(self) -> None:
        with transaction.atomic():
            self.moment = post(self.target, self.author).created_at
            self.written.set()
            self.may_commit.wait(SECONDS)


def post(target: Target, author: User) -> Comment:
    return post_comment(
        target,
        voice=Voice(author, None),
        body="同意。",
        stance=Comment.Stance.SUPPORT,
        idempotency_key=uuid.uuid4(),
    )


@pytest.mark.parametrize(
    "ref", ["壹-1", "壹-2", ""], ids=["known thread", "new thread", "draft as a whole"]
)
def test_counting_waits_for_posts_that_began_before(
    commented: Draft, asker: User, ref: str
) -> None:
    target = Provision.objects.get(draft=commented, ref=ref) if ref else commented
    slow = SlowPost(target, person("bob"))
    with running(slow):
        assert slow.written.wait(SECONDS)
        report = request_report(commented, requested_by=asker)
        assert slow.moment is not None
        assert slow.moment < report.cutoff
        with running(lambda: aggregating.plan_report(report.pk)) as planning:
            planning.join(0.5)
            assert planning.is_alive(), "divided without the comment that was being posted"
            slow.may_commit.set()
    result = make(report).result
    assert result is not None
    assert result["total"]["comments"] == 2
    assert sum(report.parts.reading().values_list("comments", flat=True)) == 2


def test_posting_goes_on_while_a_section_is_counted(commented: Draft, asker: User) -> None:
    """Reports of a cutoff that moves, made while people post: each is right for ever."""
    stop = threading.Event()

    # Threads that are there, and threads that are made by the first comment in them.
    provisions = list(Provision.objects.filter(section__ref__in=("壹", "貳")))

    def keep_posting(author: User) -> None:
        for provision in cycle(provisions):
            if stop.is_set():
                return
            with suppress(PaceRefused):
                post(provision, author)

    people = [person(f"p{number}") for number in range(3)]
    with (
        running(lambda: keep_posting(people[0])),
        running(lambda: keep_posting(people[1])),
        running(lambda: keep_posting(people[2])),
    ):
        try:
            reports = [finished(commented, asker) for _ in range(5)]
        finally:
            stop.set()
    counted = [(report.result or {})["total"]["comments"] for report in reports]
    assert counted == sorted(counted)
    for report, number in zip(reports, counted, strict=True):
        assert Comment.objects.posted_by(report.cutoff).count() == number
        again = finished(commented, asker, cutoff=report.cutoff)
        assert again.inputs_sha256 == report.inputs_sha256
    assert counted[-1] > counted[0]


def finished(draft: Draft, asker: User, *, cutoff: datetime | None = None) -> Report:
    return make(request_report(draft, requested_by=asker, cutoff=cutoff))
