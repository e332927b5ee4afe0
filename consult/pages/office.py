"""The office: organisations to decide on, their evidence, and every other organisation."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.access import (
    SignedInRequest,
    evidence_to_open,
    organisation_to_decide,
    require_administrator,
)
from accounts.auditing import Act, record
from accounts.models import Organisation, User
from accounts.scrutiny import VerifyingRefused
from accounts.uploads import handed_out
from accounts.verifying import (
    accept_name,
    ask_more,
    refuse,
    refuse_name,
    verify,
    withdraw_verification,
)
from consult.pages.organisation_contexts import decision_page, office_page
from consult.pages.organisation_forms import VerdictForm
from consult.pages.organisations import LONGEST_SEARCH

REFUSED = 422


@cache_control(no_store=True)
@login_required
@require_safe
def office(request: SignedInRequest) -> HttpResponse:
    """What waits, longest first; or all organisations in one state."""
    require_administrator(request.user)
    page = office_page(
        shown=request.GET.get("show", ""),
        words=request.GET.get("q", "")[:LONGEST_SEARCH].replace("\x00", ""),
        after=request.GET.get("after", ""),
        at=timezone.now(),
    )
    return render(request, "consult/office.html", {"page": page})


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One organisation with its evidence; posting decides on it."""
    found = organisation_to_decide(request.user, public_id=public_id)
    now = timezone.now()
    page = decision_page(found, reader=request.user, at=now)
    posted = request.POST if request.method == "POST" else None
    form = VerdictForm(posted, seen=page.seen, today=timezone.localdate(now))
    if form.is_valid():
        try:
            said = _decide(found, actor=request.user, chosen=form.cleaned_data)
        except VerifyingRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("office")
    context = {"page": page, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/office_organisation.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_GET
@transaction.atomic
def evidence(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A file of evidence, to be saved; that it was opened stands in the audit log."""
    file = evidence_to_open(request.user, public_id=public_id)
    details = {"organisation": str(file.organisation.public_id)}
    record(Act.EVIDENCE_OPENED, actor=request.user, about=file, details=details)
    try:
        return handed_out(file.stored_name, name=file.shown_name)
    except FileNotFoundError as error:
        raise Http404 from error


def _decide(found: Organisation, *, actor: User, chosen: dict[str, Any]) -> str:
    """Do what was pressed; the sentence that says so. Raises VerifyingRefused."""
    common = {"actor": actor, "seen": chosen["seen"]}
    with_reason = common | {"reason": chosen["reason"]}
    acts: dict[str, tuple[Callable[[], Organisation], str]] = {
        "verify": (
            lambda: verify(found, until=chosen["until"], **common),
            _("%(name)s is verified; its representatives are told."),
        ),
        "ask_more": (
            lambda: ask_more(found, **with_reason),
            _("More is asked for %(name)s; the applicant is told."),
        ),
        "refuse": (
            lambda: refuse(found, **with_reason),
            _("The application for %(name)s is refused; the applicant is told."),
        ),
        "withdraw": (
            lambda: withdraw_verification(found, **with_reason),
            _("The verification of %(name)s is withdrawn; its representatives are told."),
        ),
        "accept_name": (
            lambda: accept_name(found, **common),
            _("It is called %(name)s now; its representatives are told."),
        ),
        "refuse_name": (
            lambda: refuse_name(found, **with_reason),
            _("It keeps the name %(name)s; its representatives are told."),
        ),
    }
    if chosen["act"] not in acts:
        raise VerifyingRefused(_("Choose what to do."))
    act, said = acts[chosen["act"]]
    return said % {"name": act().name}
