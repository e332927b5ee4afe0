"""Who may have which file of a report: whoever reads the report, what they read of it."""

import uuid

from django.http import Http404

from consult.reports.access import Reading
from consult.reports.models import ReportFile


def withheld_from(reading: Reading) -> list[str]:
    """The chapters that this reader of the report doesn't get: none, for its drafters."""
    return [] if reading.by_drafter else sorted(reading.report.withheld)


def file_to_read(reading: Reading, *, public_id: uuid.UUID) -> ReportFile:
    """A file with what this reader of the report may read; Http404 for any other."""
    file = reading.report.files.filter(public_id=public_id).first()
    if file is None or sorted(file.withheld) != withheld_from(reading):
        raise Http404
    file.report = reading.report
    return file


def reading_for(file: ReportFile) -> Reading:
    """The report as those may read it whom the file is for."""
    file.report.withheld = file.withheld
    return Reading(file.report, by_drafter=not file.withheld)
