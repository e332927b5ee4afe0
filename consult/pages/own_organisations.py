"""My organisations: apply for one, see how far it is, complete it, and propose another name."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import (
    SignedInRequest,
    organisation_of_member,
    organisation_represented,
    organisation_to_manage,
)
from accounts.applications import described
from accounts.limits import LimitReached
from accounts.models import Organisation
from accounts.scrutiny import VerifyingRefused, first_mandates
from accounts.verifying import apply_for_organisation, complete_application, propose_name
from consult.pages.organisation_contexts import own_lines, own_page
from consult.pages.organisation_forms import (
    ApplicationForm,
    CompletionForm,
    EvidenceForm,
    NameForm,
)

REFUSED = 422
FORM_METHODS = ["GET", "HEAD", "POST"]
Filled = TypeVar("Filled", bound=EvidenceForm)


@cache_control(no_store=True)
@login_required
@require_safe
def my_organisations(request: SignedInRequest) -> HttpResponse:
    """Those that this person belongs to or applied for."""
    lines = own_lines(request.user, at=timezone.now())
    return render(request, "consult/my_organisations.html", {"lines": lines})


@cache_control(no_store=True)
@login_required
@require_safe
def my_organisation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One of them: how far it is, and what can be done."""
    organisation = organisation_of_member(request.user, public_id=public_id)
    page = own_page(organisation, reader=request.user, at=timezone.now())
    return render(request, "consult/my_organisation.html", {"page": page})


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def apply(request: SignedInRequest) -> HttpResponse:
    """Apply for an organisation, with the evidence."""
    form = _filled(request, ApplicationForm)
    if form.is_valid():
        try:
            found = apply_for_organisation(applicant=request.user, **form.handed_in)
        except (VerifyingRefused, LimitReached) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your application has arrived."))
            return redirect("my_organisation", found.public_id)
    status = REFUSED if form.errors else 200
    return render(request, "consult/organisation_apply.html", {"form": form}, status=status)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def complete(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Add what an administrator asked for."""
    organisation = organisation_represented(request.user, public_id=public_id)
    page = own_page(organisation, reader=request.user, at=timezone.now())
    if organisation.state != Organisation.State.INCOMPLETE and request.method != "POST":
        raise Http404
    form = _filled(request, CompletionForm, initial=_as_it_is(organisation))
    if form.is_valid():
        try:
            complete_application(organisation, actor=request.user, **form.handed_in)
        except (VerifyingRefused, LimitReached) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your application is under review again."))
            return redirect("my_organisation", public_id)
    context = {"page": page, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/organisation_complete.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_http_methods(FORM_METHODS)
def new_name(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Propose another name, for an administrator to review."""
    organisation = organisation_to_manage(request.user, public_id=public_id)
    form = _filled(request, NameForm)
    if form.is_valid():
        try:
            propose_name(organisation, actor=request.user, **form.handed_in)
        except (VerifyingRefused, LimitReached) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The new name is under review."))
            return redirect("my_organisation", public_id)
    context = {"organisation": organisation, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/organisation_name.html", context, status=status)


def _filled(
    request: SignedInRequest, form_class: type[Filled], *, initial: Mapping[str, str] | None = None
) -> Filled:
    """The form as it was sent, or empty."""
    sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if sent else (None, None)
    return form_class(data, files, uploader=request.user, initial=initial)


def _as_it_is(organisation: Organisation) -> dict[str, str]:
    """The application as it was handed in last."""
    mandates = first_mandates(organisation)
    evidence = mandates[0].evidence if mandates else ""
    return described(organisation).fields | {"evidence": evidence}
