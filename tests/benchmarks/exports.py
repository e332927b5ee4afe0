"""What it costs to write a hundred thousand comments as a spreadsheet: memory and time.

Each file is written by a process of its own, as a worker is; the floor is Python's own writer of
CSV with the same rows, read from the database in the same way.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.benchmarks.ground import HOUSE, Ground
from tests.benchmarks.table import Row, at_most
from tests.benchmarks.talk import Crowd
from tests.consult.reports.making import make

MANY = 100_000
MOST_MEMORY = 250
MEGABYTE = 1024 * 1024


def measure(ground: Ground) -> Iterator[Row]:
    """The spreadsheets first, then what else is written of all comments."""
    report = _report_on(MANY)
    floor = _written(report, "floor")
    took = f"{floor['seconds']:.1f} s, {floor['memory']:.0f} MB of memory"
    yield Row(f"floor: csv.writer, {MANY:,} comments", "–", took, None)
    for name in ("xlsx", "ods", "csv", "json"):
        found = _written(report, name)
        times = found["seconds"] / floor["seconds"]
        note = (
            f" ({found['seconds']:.1f} s, {times:.1f} × the floor;"
            f" a file of {found['size'] / MEGABYTE:.0f} MB)"
        )
        what = f"{name.upper()} of {MANY:,} comments, memory"
        yield at_most(what, MOST_MEMORY, found["memory"], unit="MB", note=note)
    ground.remove_comments()


def _report_on(count: int) -> Report:
    """A finished report on so many comments on three provisions."""
    crowd = Crowd.gather()
    refs = ("壹-1", "壹-2", "貳-1")
    for place, ref in enumerate(refs):
        share = count // len(refs) + (count % len(refs) if place == 0 else 0)
        crowd.fill(crowd.provision(ref), share)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return make(request_report(crowd.draft, requested_by=None, cutoff=timezone.now()))


def _written(report: Report, name: str) -> dict[str, float]:
    words = [sys.executable, "-m", "tests.benchmarks.write_export", str(report.pk), name]
    answer = subprocess.run(words, cwd=HOUSE, check=True, capture_output=True, text=True).stdout
    measured: dict[str, float] = json.loads(answer.splitlines()[-1])
    return measured
