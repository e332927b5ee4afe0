"""Import the next draft: hand in a file, look at what is read out of it, store it or don't."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from consult.document import handing_in
from consult.document.access import framework_to_import_into, waiting_file
from consult.document.importing import AlreadyImported, twin_of
from consult.document.models import Draft, WaitingFile
from consult.document.sources.documents import SourceRead
from consult.pages.importing_contexts import import_preview
from consult.pages.importing_forms import ConfirmForm, ImportForm

REFUSED = 422
FORM_METHODS = ["GET", "HEAD", "POST"]


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def hand_in_file(request: SignedInRequest, code: str) -> HttpResponse:
    """Choose the file; what can be read leads on to its preview."""
    framework = framework_to_import_into(request.user, code=code)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*sent, uploader=request.user)
    if form.is_valid() and form.found:
        twin = twin_of(form.found.source, framework=framework)
        if twin:
            return _to_twin(request, twin)
        file = form.cleaned_data["file"]
        waiting = handing_in.hand_in(file, framework=framework, owner=request.user)
        return redirect("desk_import_preview", code, waiting.public_id)
    context = {"framework": framework, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/desk_import.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def preview(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """The outline that was read; a POST stores it as the next draft, or takes the file back."""
    waiting = waiting_file(request.user, code=code, public_id=public_id)
    if request.POST.get("act") == "put_back":
        handing_in.put_back(waiting, actor=request.user)
        messages.success(request, _("The file is removed. Nothing was stored."))
        return redirect("desk_import", code)
    found = handing_in.read_waiting(waiting)
    form = ConfirmForm(request.POST or None, initial={"label": _label(waiting, found)})
    if form.is_valid():
        return _confirmed(request, waiting, label=form.cleaned_data["label"])
    return _page(request, waiting, found, form)


def _label(waiting: WaitingFile, found: SourceRead) -> str:
    """What the text calls itself, unless an earlier draft is called so already."""
    label = found.outline.label
    return "" if waiting.framework.drafts.filter(label=label).exists() else label


def _confirmed(request: SignedInRequest, waiting: WaitingFile, *, label: str) -> HttpResponse:
    try:
        draft = handing_in.confirm(waiting, actor=request.user, label=label)
    except AlreadyImported as already:
        return _to_twin(request, already.draft)
    messages.success(
        request,
        _("Draft %(number)s is stored. Nothing of it is published yet.") % {"number": draft.number},
    )
    return redirect("desk_draft", draft.framework.code, draft.number)


def _to_twin(request: SignedInRequest, twin: Draft) -> HttpResponse:
    messages.info(
        request,
        _("This very text is here already: it is this draft. Nothing was stored a second time."),
    )
    return redirect("desk_draft", twin.framework.code, twin.number)


def _page(
    request: SignedInRequest, waiting: WaitingFile, found: SourceRead, form: ConfirmForm
) -> HttpResponse:
    context = {"page": import_preview(waiting, found), "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/desk_import_preview.html", context, status=status)
