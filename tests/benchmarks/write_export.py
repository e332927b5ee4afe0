"""`python -m tests.benchmarks.write_export REPORT FORMAT`: write one file, as a worker does.

Prints how long it took, how much memory the process held at most, and how large the file is.
"""

import csv
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import django

django.setup()

from consult.reports.access import Reading  # noqa: E402 - models come after the setting up
from consult.reports.contexts import ReportContext  # noqa: E402
from consult.reports.files.making import write_now  # noqa: E402
from consult.reports.files.sheets import book_of  # noqa: E402
from consult.reports.models import Report  # noqa: E402

FLOOR = "floor"


def main(report_id: int, name: str) -> None:
    report = Report.objects.select_related("draft__framework").get(pk=report_id)
    reading = Reading(report, by_drafter=True)
    begun = time.perf_counter()
    with _floor(reading) if name == FLOOR else write_now(reading, name) as file:
        size = file.seek(0, 2)
    measured = {
        "seconds": time.perf_counter() - begun,
        "memory": _most_memory(),
        "size": size,
    }
    sys.stdout.write(f"{json.dumps(measured)}\n")


def _most_memory() -> float:
    """In megabytes. What `getrusage` tells counts whoever started this process, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _floor(reading: Reading) -> IO[bytes]:
    """The same rows, read in the same way, by Python's own writer."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever measures it
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text)
    for sheet in book_of(ReportContext(reading)).sheets:
        writer.writerows(sheet.rows)
    text.flush()
    text.detach()
    return file


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
