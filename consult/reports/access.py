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
