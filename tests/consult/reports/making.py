"""Make reports without workers: what the workers do, one part after the other."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from consult.document.models import Draft
from consult.reports import aggregating
from consult.reports.models import Report
from consult.reports.requesting import request_report
from tests.consult.reports.comments import CUTOFF


def make(report: Report) -> Report:
    """Divide the report, make its parts, the last first, and put them together."""
    aggregating.plan_report(report.pk)
    while parts := list(report.parts.not_done().order_by("-pk")):
        for part in parts:
            aggregating.make_part(part.pk)
        aggregating.go_on(report.pk)
    report.refresh_from_db()
    return report


def report_at(
    draft: Draft,
    asker: User,
    *,
    cutoff: datetime = CUTOFF,
    sections: Sequence[str] = (),
    group: str = "",
) -> Report:
    """A finished report up to the cutoff."""
    asked = request_report(draft, requested_by=asker, cutoff=cutoff, sections=sections, group=group)
    return make(asked)
