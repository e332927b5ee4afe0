"""Who is expected to speak: the list, importing it, who is silent, and reminding them."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from accounts.limits import LimitReached
from accounts.models import Organisation
from consult.document.models import Framework
from consult.pages.expected_contexts import candidates_for, expected_page, import_preview
from consult.pages.expected_forms import (
    KindEntryForm,
    LinkForm,
    ListForm,
    OrganisationEntryForm,
    chosen_in,
)
from consult.reports.access import expected_list_to_keep, voice_to_change
from consult.reports.expected_import import MOST_LINES, ListTooLong
from consult.reports.expecting import (
    ExpectingRefused,
    change_voice,
    expect_voice,
    import_voices,
    link_voice,
    remove_voice,
    restore_voice,
)
from consult.reports.models import ExpectedVoice
from consult.reports.reminder_letters import digest_in
from consult.reports.reminding import ReminderRefused, end_reminders, remind, remind_all

REFUSED = 422
FORM_METHODS = ["GET", "HEAD", "POST"]
Refusals = (ExpectingRefused, ReminderRefused, LimitReached)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def expected(request: SignedInRequest, code: str) -> HttpResponse:
    """The list, and who on it is silent; a POST reminds, takes off or puts back."""
    framework = expected_list_to_keep(request.user, code=code)
    refused = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, framework))
        except Refusals as refusal:
            refused = str(refusal)
        else:
            return redirect("desk_expected", code)
    only_silent = request.GET.get("show") == "silent"
    page = expected_page(framework, only_silent=only_silent, at=timezone.now())
    context = {"page": page, "refused": refused}
    return render(request, "consult/expected.html", context, status=REFUSED if refused else 200)


def _act(request: SignedInRequest, framework: Framework) -> str:
    """Do what was pressed; the sentence that says so."""
    act = request.POST.get("act", "")
    if act == "remind_all":
        count = remind_all(framework, actor=request.user)
        return ngettext(
            "%(count)s organisation is being reminded.",
            "%(count)s organisations are being reminded.",
            count,
        ) % {"count": count}
    doing = ACTS.get(act)
    if doing is None:
        raise Http404
    return doing(_voice(request, framework), request)


def _voice(request: SignedInRequest, framework: Framework) -> ExpectedVoice:
    try:
        public_id = UUID(request.POST.get("voice", ""))
    except ValueError:
        raise Http404 from None
    return voice_to_change(request.user, code=framework.code, public_id=public_id)


def _remind(voice: ExpectedVoice, request: SignedInRequest) -> str:
    remind(voice, actor=request.user)
    return _("%(name)s is being reminded.") % {"name": voice.title}


def _remove(voice: ExpectedVoice, request: SignedInRequest) -> str:
    remove_voice(voice, actor=request.user)
    return _("%(name)s is off the list. It can be put back below.") % {"name": voice.title}


def _restore(voice: ExpectedVoice, request: SignedInRequest) -> str:
    restore_voice(voice, actor=request.user)
    return _("%(name)s is back on the list.") % {"name": voice.title}


ACTS: dict[str, Callable[[ExpectedVoice, SignedInRequest], str]] = {
    "remind": _remind,
    "remove": _remove,
    "restore": _restore,
}


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """Put an organisation on the list, or a kind of them."""
    framework = expected_list_to_keep(request.user, code=code)
    act, data = request.POST.get("act"), request.POST or None
    organisation = OrganisationEntryForm(data if act == "add_organisation" else None)
    kind = KindEntryForm(data if act == "add_kind" else None)
    form: OrganisationEntryForm | KindEntryForm = kind if act == "add_kind" else organisation
    if form.is_valid():
        try:
            added = expect_voice(framework, entry=form.entry(), actor=request.user)
        except ExpectingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": added.title})
            return redirect("desk_expected", code)
    context = {"framework": framework, "organisation": organisation, "kind": kind}
    status = REFUSED if form.errors else 200
    return render(request, "consult/expected_add.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def entry(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """An invited organisation: what the list says of it, and which one of this site it is."""
    voice = voice_to_change(request.user, code=code, public_id=public_id)
    if not voice.is_organisation or voice.removed_at:
        raise Http404
    act, data = request.POST.get("act"), request.POST or None
    form = OrganisationEntryForm(data) if act == "save" else OrganisationEntryForm.of(voice)
    among = Organisation.objects.verified(on=timezone.localdate())
    link = LinkForm(data if act == "link" else None, among=among)
    try:
        if form.is_valid():
            to = form.entry(organisation=voice.organisation)
            change_voice(voice, to=to, actor=request.user)
            return redirect("desk_expected", code)
        if link.is_valid() or act == "unlink":
            found = link.cleaned_data["organisation"] if act == "link" else None
            link_voice(voice, organisation=found, actor=request.user)
            return redirect("desk_expected_entry", code, public_id)
    except ExpectingRefused as refusal:
        form.add_error(None, str(refusal)) if act == "save" else messages.error(
            request, str(refusal)
        )
    words = request.GET.get("q", "")
    candidates = candidates_for(voice, words=words)
    context = {"voice": voice, "form": form, "candidates": candidates, "words": words}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "consult/expected_entry.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def import_list(request: SignedInRequest, code: str) -> HttpResponse:
    """Paste a list or choose a file; look at what each line says; take it."""
    framework = expected_list_to_keep(request.user, code=code)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, page = ListForm(*sent), None
    if form.is_valid():
        try:
            chosen = chosen_in(request.POST)
            page = import_preview(framework, text=form.list_text, chosen=chosen)
            if request.POST.get("act") == "take":
                entries = [line.entry for line in page.lines if line.entry]
                added = import_voices(framework, entries=entries, actor=request.user)
                messages.success(request, _added(len(added)))
                return redirect("desk_expected", code)
        except ListTooLong:
            said = _("The list has more than %(most)s lines. Take it in parts.")
            form.add_error(None, said % {"most": MOST_LINES})
        except ExpectingRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"framework": framework, "form": form, "page": page}
    status = REFUSED if form.errors else 200
    return render(request, "consult/expected_import.html", context, status=status)


def _added(count: int) -> str:
    return ngettext(
        "%(count)s entry was put on the list.", "%(count)s entries were put on the list.", count
    ) % {"count": count}


# A mail program posts here by itself, without a page or a cookie of ours (RFC 8058).
@csrf_exempt
@require_http_methods(FORM_METHODS)
def reminders_off(request: HttpRequest, ticket: str) -> HttpResponse:
    """Send no more reminders to the address that this ticket came to."""
    digest = digest_in(ticket)
    if digest is None:
        raise Http404
    is_ended = request.method == "POST"
    if is_ended:
        end_reminders(digest)
    context = {"is_ended": is_ended}
    return render(request, "consult/reminders_off.html", context, status=202 if is_ended else 200)
