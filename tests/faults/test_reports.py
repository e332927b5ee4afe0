"""A report ends once, with the same hash, whatever happens to workers and Redis meanwhile."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from config.embedded.folders import CHECKOUT
from consult.document.models import Draft
from consult.reports import aggregating
from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.consult.reports.comments import CUTOFF, a_draft, a_person, some_comments
from tests.consult.reports.making import report_at

# Workers take a core each.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("up")]

SECONDS = 60.0


class Worker:
    """A Celery worker on the test's own database, in processes of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker"),
                    *("--concurrency", "1", "--loglevel", "info"),
                    *("--without-gossip", "--without-mingle", "--hostname", f"{log.stem}@test"),
                ],
                cwd=CHECKOUT,
                env=os.environ | {"DATABASE_URL": database_url()},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to the worker and its children: nothing is said, nothing is cleared away."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def database_url() -> str:
    """Where the test's database is; a socket's folder stands before its name."""
    database = settings.DATABASES["default"]
    name, password = quote(database["USER"]), quote(database.get("PASSWORD") or "")
    account = f"{name}:{password}" if password else name
    host, folder = database["HOST"] or "", ""
    if host.startswith("/"):
        host, folder = "", f"{host}/"
    port = f":{database['PORT']}" if database.get("PORT") else ""
    return f"postgres://{account}@{host}{port}/{folder}{connection.settings_dict['NAME']}"


def flush_redis() -> None:
    """Lose all that Redis holds, which is this test's own number alone."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()


def wait_until(true: Callable[[], bool], *, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, log.read_text() if log.exists() else "no worker"
        time.sleep(0.1)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def workers(log: Path) -> Iterator[Callable[[], Worker]]:
    """Starts workers; all are gone when the test ends."""
    started: list[Worker] = []

    def start() -> Worker:
        worker = Worker(log.with_stem(f"worker{len(started)}"))
        started.append(worker)
        return worker

    flush_redis()
    yield start
    for worker in started:
        worker.kill()
    flush_redis()


@pytest.fixture
def commented() -> Draft:
    draft = a_draft(sections=8)
    some_comments(draft)
    return draft


@pytest.fixture
def asker() -> User:
    return a_person("asker")


def made_quietly(draft: Draft, asker: User) -> Report:
    """The same report, made without workers."""
    report = report_at(draft, asker)
    flush_redis()
    return report


def is_done(report: Report) -> bool:
    report.refresh_from_db()
    return report.state == Report.State.DONE


def test_a_killed_worker_and_a_flushed_redis_cost_one_part(
    commented: Draft, asker: User, workers: Callable[[], Worker]
) -> None:
    quiet = made_quietly(commented, asker)
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    aggregating.make_part(report.parts.reading()[0].pk)
    stuck = report.parts.not_done().filter(attempts=1)
    # While endorsements can't be read, the worker stands in the middle of a part.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE comments_endorsement IN ACCESS EXCLUSIVE MODE")
        worker = workers()
        wait_until(stuck.exists, log=worker.log)
        stuck_key = stuck.get().pk
        worker.kill()
    flush_redis()
    counted = report.parts.done().count()
    assert 0 < counted < report.parts.count()
    first_done = dict(report.parts.done().values_list("pk", "done_at"))

    assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1)) == 1
    worker = workers()
    wait_until(lambda: is_done(report), log=worker.log)
    assert (report.inputs_sha256, report.result) == (quiet.inputs_sha256, quiet.result)
    # What was counted before the kill was not counted again.
    again = dict(report.parts.filter(pk__in=first_done).values_list("pk", "done_at"))
    assert again == first_done
    assert report.parts.get(pk=stuck_key).attempts == 2


def test_parts_sent_twice_to_two_workers_are_counted_once(
    commented: Draft, asker: User, workers: Callable[[], Worker]
) -> None:
    quiet = made_quietly(commented, asker)
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    for minutes in (1, 2, 3):
        assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=minutes)) == 1
    first, second = workers(), workers()
    wait_until(lambda: is_done(report), log=first.log)
    finished = report.finished_at
    wait_until(queue_is_empty, log=second.log)
    report.refresh_from_db()
    assert report.finished_at == finished
    assert (report.inputs_sha256, report.result) == (quiet.inputs_sha256, quiet.result)
    assert set(report.parts.values_list("attempts", flat=True)) == {1}
    assert report.attempts == 1


def queue_is_empty() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return not client.llen("celery") and not client.hlen("unacked")


def test_a_merge_that_was_lost_is_made_up(
    commented: Draft, asker: User, workers: Callable[[], Worker]
) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    for part in report.parts.all():
        aggregating.make_part(part.pk)
    flush_redis()
    assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1)) == 1
    worker = workers()
    wait_until(lambda: is_done(report), log=worker.log)
