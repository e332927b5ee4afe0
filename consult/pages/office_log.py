"""The office: the audit log, to read and to take out."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, require_administrator
from consult.pages.log_exporting import export_log
from consult.pages.log_selecting import LogForm, log_page
from consult.reports.downloading import streamed


@cache_control(no_store=True)
@login_required
@require_safe
def log(request: SignedInRequest) -> HttpResponse:
    """Who did what, newest first."""
    require_administrator(request.user)
    return render(request, "consult/office_log.html", {"page": log_page(request.GET)})


@cache_control(no_store=True)
@login_required
@require_safe
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """The same lines as a file."""
    administrator = require_administrator(request.user)
    rows = export_log(LogForm(request.GET).chosen, actor=administrator)
    name = f"audit-log-{timezone.localdate().isoformat()}.csv"
    return StreamingHttpResponse(
        streamed(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
