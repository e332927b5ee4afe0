"""Who may have which file of a report: whoever reads the report, what they read of it."""

import uuid

from django.http import Http404

from accounts.access import Visitor
from consult.document.access import may_draft
from consult.reports.models import Report, ReportFile


def withheld_from(user: Visitor, report: Report) -> list[str]:
    """The chapters that this reader of the report doesn't get: none, for its drafters."""
    return [] if may_draft(user, report.draft.framework) else sorted(report.withheld)


def file_to_read(user: Visitor, report: Report, *, public_id: uuid.UUID) -> ReportFile:
    """A file with what this reader of the report may read; Http404 for any other."""
    file = report.files.filter(public_id=public_id).first()
    if file is None or sorted(file.withheld) != withheld_from(user, report):
        raise Http404
    file.report = report
    return file
