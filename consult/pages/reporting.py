"""Reports: ask for one, watch it being made, read it, and see the comments behind a number."""

import uuid
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest
from consult.document.access import draft_to_change
from consult.reports.access import finished_report, report_to_change, report_to_read
from consult.reports.contexts import ReportContext
from consult.reports.downloading import export_bundle, export_inputs, streamed
from consult.reports.forms import ReportForm, SelectionForm
from consult.reports.listing import list_comments
from consult.reports.models import Report
from consult.reports.requesting import ReportRefused, cancel_report, request_report
from consult.reports.surroundings import ListingContext, ProgressContext, ReportsContext

REFUSED = 409


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """A draft's reports, newest first; POST asks for another."""
    draft = draft_to_change(request.user, code=code, number=number)
    form = ReportForm(request.POST if request.method == "POST" else None, draft=draft)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            report = request_report(
                draft,
                requested_by=request.user,
                **form.cleaned_data,
            )
        except ReportRefused as refusal:
            form.add_error("cutoff", str(refusal))
            status = REFUSED
        else:
            return redirect("report", report.public_id)
    page = ReportsContext(draft=draft, form=form)
    return render(request, "consult/reports.html", {"page": page}, status=status)


@login_required
@require_safe
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A report: its progress while it is made, and then what it found."""
    found = report_to_read(request.user, public_id=public_id)
    if found.state != Report.State.DONE:
        return render(
            request,
            "consult/report_running.html",
            {"page": ProgressContext.of(found, at=timezone.now())},
        )
    return render(request, "consult/report.html", {"page": ReportContext(found)})


@login_required
@require_POST
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make no more of a report that is being made."""
    found = report_to_change(request.user, public_id=public_id)
    cancel_report(found)
    return redirect("report", found.public_id)


@login_required
@require_safe
def progress(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a report is, as a fragment."""
    found = report_to_read(request.user, public_id=public_id)
    response = render(
        request,
        "consult/_report_progress.html",
        {"page": ProgressContext.of(found, at=timezone.now())},
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def comments(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Exactly the comments that one number of the report counts."""
    found = report_to_read(request.user, public_id=public_id)
    form = SelectionForm(request.GET)
    if not form.is_valid():
        raise Http404
    selection = form.selection()
    listing = list_comments(found, selection, after=request.GET.get("after", ""))
    page = ListingContext(report=found, selection=selection, listing=listing)
    return render(request, "consult/report_comments.html", {"page": page})


@login_required
@require_safe
def inputs(request: SignedInRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """The report's inputs, line by line, as they are hashed."""
    found = report_to_read(request.user, public_id=public_id)
    lines = export_inputs(found, actor=request.user)
    return _download(lines, f"{found.file_name}.jsonl", "application/x-ndjson; charset=utf-8")


@login_required
@require_safe
def bundle(request: SignedInRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """Inputs, result and hashes: what it takes to count the report again."""
    found = finished_report(request.user, public_id=public_id)
    pieces = export_bundle(found, actor=request.user)
    return _download(pieces, f"{found.file_name}.zip", "application/zip")


def _download(pieces: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        streamed(pieces),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
