"""Drafters write the next draft in place, piece by piece."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest
from consult.document.access import framework_to_write
from consult.document.finishing import finish_working, put_away, start_working, take_up
from consult.document.importing import AlreadyImported
from consult.document.models import Framework, WorkingText
from consult.document.working import EditConflict, WorkingRefused
from consult.pages.importing_forms import ConfirmForm
from consult.pages.working_acts import act_on
from consult.pages.working_contexts import (
    finish_page,
    history_lines,
    open_text,
    piece_page,
    typed_beside,
    working_page,
)
from consult.pages.working_forms import PieceForm

REFUSED = 422
LONGEST_KEY = 9
FORM_METHODS = ["GET", "HEAD", "POST"]


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def text(request: SignedInRequest, code: str) -> HttpResponse:
    """The whole text; a POST begins it, puts it away or takes it up again."""
    framework = framework_to_write(request.user, code=code)
    refused = ""
    if request.method == "POST":
        try:
            _begin_or_end(request, framework)
        except WorkingRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("desk_working", code)
    page = working_page(framework, user=request.user, at=timezone.now())
    context = {"page": page, "refused": refused}
    return render(request, "consult/working.html", context, status=REFUSED if refused else 200)


@cache_control(no_store=True)
@vary_on_headers("X-Fragment", "Accept")
@login_required
@require_http_methods(FORM_METHODS)
def piece(request: SignedInRequest, code: str, key: int) -> HttpResponse:
    """One piece with its form; a POST acts on it. With X-Fragment, the form alone."""
    working = _open(framework_to_write(request.user, code=code))
    form = PieceForm(request.POST if request.method == "POST" else None)
    refused, conflict = "", None
    if request.method == "POST":
        try:
            shown = act_on(working, key, form, actor=request.user)
        except EditConflict as found:
            refused, conflict = str(found), found.piece
        except WorkingRefused as refusal:
            refused = str(refusal)
        else:
            if request.headers.get("Accept") == "application/json":
                now = timezone.localtime()
                return JsonResponse({"version": shown.version, "at": f"{now:%H:%M}"})
            return redirect(reverse("desk_working", args=[code]) + f"#piece-{shown.pk}")
    page = piece_page(working, key, user=request.user, at=timezone.now())
    if page is None:
        raise Http404
    fragment = "X-Fragment" in request.headers
    template = "consult/_working_piece.html" if fragment else "consult/working_piece.html"
    context = {"page": page, "form": form, "refused": refused, "conflict": conflict}
    context |= typed_beside(conflict, form.data.get("text") if refused else None)
    status = HTTPStatus.CONFLICT if conflict else REFUSED if refused else 200
    return render(request, template, context, status=status)


@cache_control(no_store=True)
@login_required
@require_safe
def history(request: SignedInRequest, code: str) -> HttpResponse:
    """What was done to the text, or with ?piece= to one piece of it."""
    working = _open(framework_to_write(request.user, code=code))
    asked = request.GET.get("piece", "")
    key = (
        int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_KEY else None
    )
    lines = history_lines(working, key=key)
    context = {"working": working, "lines": lines, "key": key}
    return render(request, "consult/working_history.html", context)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def finish(request: SignedInRequest, code: str) -> HttpResponse:
    """What the text changes; a POST makes it the next draft."""
    working = _open(framework_to_write(request.user, code=code))
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        try:
            draft = finish_working(working, actor=request.user, label=form.cleaned_data["label"])
        except (WorkingRefused, AlreadyImported) as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Draft %(number)s is stored. Nothing of it is published yet.")
            messages.success(request, said % {"number": draft.number})
            return redirect("desk_draft", code, draft.number)
    context = {"page": finish_page(working), "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/working_finish.html", context, status=status)


def _open(framework: Framework) -> WorkingText:
    working = open_text(framework)
    if working is None:
        raise Http404
    return working


def _begin_or_end(request: SignedInRequest, framework: Framework) -> None:
    act, working = request.POST.get("act"), open_text(framework)
    if act == "start":
        start_working(framework, actor=request.user)
    elif act == "put_away" and working:
        put_away(working, actor=request.user)
        messages.success(request, _("It is put away. You can take it up again."))
    elif act == "take_up":
        rows = WorkingText.objects.filter(
            framework=framework, draft=None, finished_at__isnull=False
        )
        last = rows.order_by("-finished_at").first()
        if last:
            take_up(last, actor=request.user)
