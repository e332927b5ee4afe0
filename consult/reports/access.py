"""Who may read a report: for now, the drafters of its framework."""

import uuid

from django.http import Http404

from accounts.access import Visitor
from consult.document.access import require_drafter
from consult.reports.models import Report


def report_to_read(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """A report on a framework that this person drafts; refused as by `require_drafter`."""
    try:
        report = Report.objects.select_related("draft__framework", "requested_by").get(
            public_id=public_id
        )
    except Report.DoesNotExist:
        raise Http404 from None
    require_drafter(user, report.draft.framework)
    return report


def report_to_change(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """A report that this person may cancel, annotate or publish: for the framework's drafters."""
    report = report_to_read(user, public_id=public_id)
    require_drafter(user, report.draft.framework)
    return report


def finished_report(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """A report to read that has a result; 404 for any other."""
    report = report_to_read(user, public_id=public_id)
    if report.state != Report.State.DONE:
        raise Http404
    return report
