"""A report's files: ask for one, watch it being made, take it; and the data dictionary."""

import uuid
from collections.abc import AsyncIterator
from typing import IO

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts import uploads
from accounts.access import is_signed_in
from accounts.auditing import Act, record
from accounts.limits import LimitReached, spend
from accounts.models import User
from accounts.origins import current_address
from accounts.rates import EXPORT
from consult.pages.reporting import for_readers
from consult.reports.access import Reading, reading_of
from consult.reports.files.access import file_to_read
from consult.reports.files.formats import FORMATS
from consult.reports.files.making import ask_for_file, holds, is_quick, write_now
from consult.reports.files.surroundings import DictionaryContext, FileContext
from consult.reports.models import Report

TOO_OFTEN = 429
BYTES_AT_ONCE = 64 * 1024


@for_readers
@require_POST
def export(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A file of the report: at once where it is small, else from its page once it is made."""
    reading = _finished(request, public_id)
    name = request.POST.get("format", "")
    if name not in FORMATS:
        raise Http404
    try:
        spend(EXPORT, whom=current_address())
    except LimitReached as limit:
        context = {"report": reading.report, "refusal": str(limit)}
        return render(request, "consult/report_file_refused.html", context, status=TOO_OFTEN)
    if is_quick(reading.report):
        written = write_now(reading, name)
        return _handed_out(written, reading.report, name, actor=_actor(request))
    asked = ask_for_file(reading, name, requested_by=_actor(request))
    return redirect("report_file", public_id, asked.public_id)


@for_readers
@require_safe
def file(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file that takes long: how far it is, and then where to take it."""
    page = _page(request, public_id, file_id)
    return render(request, "consult/report_file.html", {"page": page})


@for_readers
@require_safe
def file_progress(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """How far a file is, as a fragment."""
    page = _page(request, public_id, file_id)
    response = render(request, "consult/_report_file_progress.html", {"page": page})
    response["Cache-Control"] = "no-store"
    return response


@for_readers
@require_safe
def download(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponseBase:
    """The file itself; its page where it may not be handed out any more."""
    found = file_to_read(_finished(request, public_id), public_id=file_id)
    if not holds(found, at=timezone.now()):
        return redirect("report_file", public_id, file_id)
    content = uploads.opened(found.stored_name)
    return _handed_out(content, found.report, found.format, actor=_actor(request))


@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    """What every column of the files means."""
    return render(request, "consult/data_dictionary.html", {"page": DictionaryContext()})


def _page(request: HttpRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> FileContext:
    found = file_to_read(_finished(request, public_id), public_id=file_id)
    return FileContext.of(found, at=timezone.now())


def _finished(request: HttpRequest, public_id: uuid.UUID) -> Reading:
    """A report that is done as this person may read it; Http404 for any other."""
    reading = reading_of(request.user, public_id=public_id)
    if reading.report.state != Report.State.DONE:
        raise Http404
    return reading


def _actor(request: HttpRequest) -> User | None:
    return request.user if is_signed_in(request.user) else None


def _handed_out(
    content: IO[bytes], report: Report, name: str, *, actor: User | None
) -> StreamingHttpResponse:
    """The file in pieces; a line in the audit log says who took it."""
    record(Act.EXPORTED, actor=actor, about=report, details={"what": "report file", "format": name})
    made = FORMATS[name]
    return StreamingHttpResponse(
        _pieces(content),
        content_type=made.content_type,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=f"{report.file_name}.{made.ending}"
            )
            or "attachment",
            "Cache-Control": "private, no-store",
        },
    )


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while piece := await sync_to_async(file.read)(BYTES_AT_ONCE):
            yield piece
    finally:
        file.close()
