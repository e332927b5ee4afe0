"""What came in since an earlier report."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consult.pages.reporting import for_readers
from consult.reports.access import reading_of
from consult.reports.comparing import is_comparable
from consult.reports.comparing_contexts import SinceContext


@for_readers
@require_safe
def since(request: HttpRequest, public_id: uuid.UUID, older_id: uuid.UUID) -> HttpResponse:
    """The difference from an earlier report with the same scope; 404 for any other."""
    newer = reading_of(request.user, public_id=public_id)
    older = reading_of(request.user, public_id=older_id)
    if not is_comparable(newer.report, older.report):
        raise Http404
    return render(request, "consult/report_since.html", {"page": SinceContext(newer, older)})
