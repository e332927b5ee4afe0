"""The drafter's desk: what came in, and publishing section by section."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest
from consult.document.access import draft_to_change, frameworks_to_change, section_to_change
from consult.document.publishing import PublishingRefused
from consult.pages.desk_contexts import desk_of, draft_desk
from consult.pages.forms import TakeBackForm, WindowForm
from consult.pages.reading import preview_page
from consult.pages.window_acts import act_on_section, take_back

REFUSED = 422


@cache_control(no_store=True)
@login_required
@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """The frameworks that this person drafts."""
    page = desk_of(frameworks_to_change(request.user), at=timezone.now())
    return render(request, "consult/desk.html", {"page": page})


@cache_control(no_store=True)
@login_required
@require_safe
def draft(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """One draft: today, its sections, who has spoken, its reports."""
    found = draft_to_change(request.user, code=code, number=number)
    page = draft_desk(found, at=timezone.now())
    return render(request, "consult/desk_draft.html", {"page": page})


@cache_control(no_store=True)
@vary_on_headers("X-Fragment")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: SignedInRequest, code: str, number: int, ref: str) -> HttpResponse:
    """Announce, open, close or withdraw one section; with X-Fragment, the form alone."""
    section = section_to_change(request.user, code=code, number=number, ref=ref)
    form = WindowForm(request.POST or None, section=section, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            act_on_section(section, actor=request.user, chosen=form.cleaned_data)
        except PublishingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk_draft", code, number)
    fragment = "X-Fragment" in request.headers
    return render(
        request,
        "consult/_window_form.html" if fragment else "consult/desk_window.html",
        {"section": section, "form": form, "inline": fragment},
        status=REFUSED if form.errors else 200,
    )


@cache_control(no_store=True)
@login_required
@require_POST
def undo(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Take back the last publishing act."""
    found = draft_to_change(request.user, code=code, number=number)
    form = TakeBackForm(request.POST)
    refusal = None
    if form.is_valid():
        try:
            take_back(found, recorded_at=form.cleaned_data["recorded_at"], actor=request.user)
        except PublishingRefused as refused:
            refusal = str(refused)
    if refusal:
        page = draft_desk(found, at=timezone.now())
        context = {"page": page, "refusal": refusal}
        return render(request, "consult/desk_draft.html", context, status=REFUSED)
    return redirect("desk_draft", code, number)


@cache_control(no_store=True)
@login_required
@require_safe
def preview(request: SignedInRequest, code: str, number: int, ref: str) -> HttpResponse:
    """A section and all beneath it as readers will see the text, published or not."""
    section = section_to_change(request.user, code=code, number=number, ref=ref)
    context = {
        "page": preview_page(section),
        "back": reverse("desk_draft", args=[code, number]) + f"#{quote(ref)}",
    }
    return render(request, "consult/desk_preview.html", context)
