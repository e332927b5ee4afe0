"""Reports: ask for one, watch it being made, read it, and see the comments behind a number."""

import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest
from consult.document.access import draft_to_change
from consult.reports.access import (
    Reading,
    finished_report_to_change,
    reading_of,
    report_to_change,
    report_to_download,
    report_to_read,
)
from consult.reports.contexts import ReportContext
from consult.reports.downloading import export_bundle, export_inputs, streamed
from consult.reports.forms import ReportForm, ScheduleForm, SelectionForm
from consult.reports.listing import list_comments, list_flags
from consult.reports.models import Report
from consult.reports.publishing import (
    PublishingRefused,
    publish_report,
    take_back_report,
    write_note,
)
from consult.reports.requesting import ReportRefused, cancel_report, request_report
from consult.reports.scheduling import change_schedule
from consult.reports.surroundings import ListingContext, ProgressContext, ReportsContext
from consult.reports.titles import TITLES

REFUSED = 409

View = Callable[..., HttpResponseBase]


def for_readers(view: View) -> View:
    """Let whoever isn't signed in sign in where a report isn't theirs to read: it may be then."""

    @wraps(view)
    def asked(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            return view(request, **arguments)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return asked


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
@require_POST
def schedule(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Choose which reports on a draft are made by themselves."""
    draft = draft_to_change(request.user, code=code, number=number)
    form = ScheduleForm(request.POST)
    if form.is_valid() and change_schedule(draft, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Your choice is kept."))
    return redirect(reverse("desk_draft", args=[code, number]) + "#reports")


@for_readers
@require_safe
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A report: its progress while it is made, and then what it found."""
    reading = reading_of(request.user, public_id=public_id)
    if reading.report.state != Report.State.DONE:
        page = ProgressContext.of(reading.report, at=timezone.now())
        return render(request, "consult/report_running.html", {"page": page})
    return render(request, "consult/report.html", {"page": ReportContext(reading)})


@login_required
@require_POST
def cancel(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make no more of a report that is being made."""
    found = report_to_change(request.user, public_id=public_id)
    cancel_report(found)
    return redirect("report", found.public_id)


@for_readers
@require_safe
def progress(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a report is, as a fragment."""
    found = report_to_read(request.user, public_id=public_id)
    page = ProgressContext.of(found, at=timezone.now())
    response = render(request, "consult/_report_progress.html", {"page": page})
    response["Cache-Control"] = "no-store"
    return response


@for_readers
@require_safe
def comments(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Exactly the comments that one number of the report counts."""
    reading = reading_of(request.user, public_id=public_id)
    form = SelectionForm(request.GET)
    if not form.is_valid():
        raise Http404
    selection = form.selection()
    if selection.within and not reading.shows(selection.within.partition("/")[0]):
        raise Http404
    listing = list_comments(reading.report, selection, after=request.GET.get("after", ""))
    page = ListingContext(report=reading.report, selection=selection, listing=listing)
    return render(request, "consult/report_comments.html", {"page": page, "reading": reading})


@for_readers
@require_safe
def flags(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Which of the comments that the report counts were hidden, withdrawn or changed since."""
    found = report_to_read(request.user, public_id=public_id)
    page = list_flags(found, after=request.GET.get("after", ""))
    return render(request, "consult/report_flags.html", {"report": found, "page": page})


@for_readers
@require_safe
def inputs(request: HttpRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """The report's inputs, line by line, as they are hashed."""
    found = report_to_download(request.user, public_id=public_id)
    lines = export_inputs(found, actor=request.user)
    return _download(lines, f"{found.file_name}.jsonl", "application/x-ndjson; charset=utf-8")


@for_readers
@require_safe
def bundle(request: HttpRequest, public_id: uuid.UUID) -> StreamingHttpResponse:
    """Inputs, result and hashes: what it takes to count the report again."""
    found = report_to_download(request.user, public_id=public_id)
    if found.state != Report.State.DONE:
        raise Http404
    pieces = export_bundle(found, actor=request.user)
    return _download(pieces, f"{found.file_name}.zip", "application/zip")


@login_required
@require_POST
def publish(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the report to everyone, without the chapters that aren't chosen; or take it back."""
    found = finished_report_to_change(request.user, public_id=public_id)
    if request.POST.get("act") == "take_back":
        take_back_report(found, actor=request.user)
        return redirect("report", found.public_id)
    withheld = set(TITLES) - set(request.POST.getlist("shown"))
    try:
        publish_report(found, actor=request.user, withheld=withheld)
    except PublishingRefused as refusal:
        return _refused(request, found, refusal)
    return redirect("report", found.public_id)


@login_required
@require_POST
def note(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write what stands beside a chapter, or beside the report as a whole."""
    found = finished_report_to_change(request.user, public_id=public_id)
    chapter = request.POST.get("chapter", "")
    try:
        write_note(found, chapter=chapter, text=request.POST.get("text", ""), author=request.user)
    except PublishingRefused as refusal:
        return _refused(request, found, refusal)
    place = f"#chapter-{chapter}" if chapter else ""
    return redirect(reverse("report", args=[found.public_id]) + place)


def _refused(request: HttpRequest, report: Report, refusal: PublishingRefused) -> HttpResponse:
    """The report's page, with what was wrong at its top."""
    page = ReportContext(Reading(report, by_drafter=True))
    context = {"page": page, "refusal": str(refusal)}
    return render(request, "consult/report.html", context, status=REFUSED)


def _download(pieces: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        streamed(pieces),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
