"""What came in since an earlier report."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consult.reports.access import report_to_read
from consult.reports.comparing import is_comparable
from consult.reports.comparing_contexts import SinceContext


@login_required
@require_safe
def since(request: HttpRequest, public_id: uuid.UUID, older_id: uuid.UUID) -> HttpResponse:
    """The difference from an earlier report with the same scope; 404 for any other."""
    newer = report_to_read(request.user, public_id=public_id)
    older = report_to_read(request.user, public_id=older_id)
    if not is_comparable(newer, older):
        raise Http404
    return render(request, "consult/report_since.html", {"page": SinceContext(newer, older)})
