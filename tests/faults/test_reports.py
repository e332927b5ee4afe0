"""A report ends once, with the same hash, whatever happens to workers and servers meanwhile."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
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
from tests.faults.test_up import Site, site  # noqa: F401 - the fixture

# Workers take a core each.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("up")]

SECONDS = 60.0
# All but the one that says so.
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Worker:
    """A Celery worker on the test's own database, in processes of its own.

    `knows` is all of its environment; the test's, where nothing is given.
    """

    def __init__(self, log: Path, knows: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker"),
                    *("--concurrency", "1", "--loglevel", "info"),
                    *("--without-gossip", "--without-mingle", "--hostname", f"{log.stem}@test"),
                ],
                cwd=CHECKOUT,
                env=dict(os.environ if knows is None else knows) | {"DATABASE_URL": database_url()},
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
def workers(log: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers; all are gone when the test ends."""
    started: list[Worker] = []

    def start(**given: Mapping[str, str]) -> Worker:
        worker = Worker(log.with_stem(f"worker{len(started)}"), **given)
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
    commented: Draft, asker: User, workers: Callable[..., Worker]
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
    commented: Draft, asker: User, workers: Callable[..., Worker]
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
    commented: Draft, asker: User, workers: Callable[..., Worker]
) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    for part in report.parts.all():
        aggregating.make_part(part.pk)
    flush_redis()
    assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1)) == 1
    worker = workers()
    wait_until(lambda: is_done(report), log=worker.log)


def test_one_worker_and_three_make_the_same_report(
    commented: Draft, asker: User, workers: Callable[..., Worker], tmp_path: Path
) -> None:
    """Each of them as on a machine of its own, that knows where the two servers are."""

    def a_machine(name: str) -> Worker:
        known = {"REDIS_URL": settings.REDIS_URL, "SECRET_KEY": settings.SECRET_KEY}
        # The path is how the machine finds its programs, and its folder is its own.
        own = {"PATH": os.environ["PATH"], "CONSULT_LOCAL": str(tmp_path / name)}
        return workers(knows=known | own)

    def made_by(*names: str) -> Report:
        report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
        aggregating.plan_report(report.pk)
        busy = report.parts.not_done().filter(attempts=1)
        # While endorsements can't be read, each stands in the middle of a part.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE comments_endorsement IN ACCESS EXCLUSIVE MODE")
            machines = [a_machine(name) for name in names]
            wait_until(lambda: busy.count() == len(names), log=machines[-1].log)
        wait_until(lambda: is_done(report), log=machines[0].log)
        for machine in machines:
            assert "make_part" in machine.log.read_text()
            machine.kill()
        flush_redis()
        return report

    alone, together = made_by("one"), made_by("two", "three", "four")
    assert alone.pk != together.pk
    assert (alone.inputs_sha256, alone.result_sha256) == (
        together.inputs_sha256,
        together.result_sha256,
    )
    assert alone.result == together.result


@pytest.mark.parametrize(
    ("middle", "table"), [("part", "comments_endorsement"), ("chapter", "consult_reporttally")]
)
def test_connections_that_are_cut_cost_the_parts_in_hand(
    commented: Draft, asker: User, workers: Callable[..., Worker], middle: str, table: str
) -> None:
    """Whoever else uses PostgreSQL goes on; in the middle of a part or of a chapter."""
    quiet = made_quietly(commented, asker)
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    aggregating.plan_report(report.pk)
    if middle == "chapter":
        for part in report.parts.all():
            aggregating.make_part(part.pk)
        aggregating.go_on(report.pk)
    stuck = report.parts.not_done().filter(attempts=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        worker = workers()
        wait_until(stuck.exists, log=worker.log)
        stuck_keys = set(stuck.values_list("pk", flat=True))
        first_done = dict(report.parts.done().values_list("pk", "done_at"))
        cursor.execute(CUT)
        assert cursor.rowcount
    connection.close()

    assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1)) == 1
    wait_until(lambda: is_done(report), log=worker.log)
    finished = report.finished_at
    wait_until(queue_is_empty, log=worker.log)
    report.refresh_from_db()
    assert report.finished_at == finished
    assert (report.inputs_sha256, report.result_sha256) == (
        quiet.inputs_sha256,
        quiet.result_sha256,
    )
    assert report.result == quiet.result
    again = dict(report.parts.filter(pk__in=first_done).values_list("pk", "done_at"))
    assert again == first_done
    assert stuck_keys
    assert set(report.parts.filter(pk__in=stuck_keys).values_list("attempts", flat=True)) == {2}


# While endorsements can't be read, a worker stands in the middle of a part.
RESTARTED = """
import json, signal, threading, time
from datetime import timedelta
import psutil
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from consult.document.models import Draft
from consult.reports import aggregating
from consult.reports.models import Report, ReportPart
from consult.reports.requesting import request_report

def until(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)

def hold_endorsements():
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE comments_endorsement IN ACCESS EXCLUSIVE MODE")
            held.set()
            gone.wait()
    except DatabaseError:
        pass

def answers():
    try:
        report.refresh_from_db()
    except DatabaseError:
        connection.close()
        return False
    return True

def made(report):
    until(lambda: Report.objects.get(pk=report.pk).state == Report.State.DONE)
    return Report.objects.get(pk=report.pk)

held, gone = threading.Event(), threading.Event()
threading.Thread(target=hold_endorsements).start()
held.wait()
# Of another scope than the one of the day, which may be made just now.
scope = {"requested_by": None, "group": "school"}
report = request_report(Draft.objects.get(), **scope)
stuck = ReportPart.objects.reading().not_done().filter(attempts=1)
until(stuck.exists)
# What had read them before ends by itself.
time.sleep(1)
keys = list(stuck.values_list("pk", flat=True))
server = psutil.Process(int(open(".local/postgresql/postmaster.pid").readline()))
server.send_signal(signal.SIGINT)
until(lambda: not server.is_running())
gone.set()
connection.close()
until(answers)
assert aggregating.take_up_reports(at=timezone.now() + timedelta(minutes=1))
report = made(report)
again = made(request_report(report.draft, cutoff=report.cutoff, **scope))
until(lambda: not Report.objects.running().exists())
print(json.dumps({
    "attempts": list(ReportPart.objects.filter(pk__in=keys).values_list("attempts", flat=True)),
    "hashes": [[each.inputs_sha256, each.result_sha256] for each in (report, again)],
}))
"""


def test_a_restart_of_postgresql_costs_the_parts_in_hand(site: Site) -> None:  # noqa: F811
    site.start()
    site.page()
    found = json.loads(site.shell(RESTARTED))
    assert set(found["attempts"]) == {2}
    first, again = found["hashes"]
    assert first == again
    site.stop(signal.SIGTERM)
    site.assert_nothing_is_left()
