"""The office: mandates to decide on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, require_administrator
from accounts.mandating import accept_mandate, refuse_mandate, withdraw_mandate
from accounts.models import Mandate, User
from accounts.representing import MembershipRefused
from consult.pages.membership_contexts import mandate_line, titles_of_frameworks
from consult.pages.membership_forms import DecisionForm

REFUSED = 422
SHOWN = 200


@cache_control(no_store=True)
@login_required
@require_safe
def mandates(request: SignedInRequest) -> HttpResponse:
    """What is under review, oldest first."""
    require_administrator(request.user)
    waiting = Mandate.objects.awaiting_decision().order_by("proposed_at", "pk")
    page = waiting.select_related("membership__user", "membership__organisation")[:SHOWN]
    return render(request, "consult/office_mandates.html", {"mandates": page})


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: SignedInRequest, key: int) -> HttpResponse:
    """One mandate with its evidence; posting decides on it."""
    administrator = require_administrator(request.user)
    found = get_object_or_404(
        Mandate.objects.select_related("membership__user", "membership__organisation"), pk=key
    )
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _decide(found, actor=administrator, form=form)
        except MembershipRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("office_mandates")
    return _show(request, found, form)


def _decide(found: Mandate, *, actor: User, form: DecisionForm) -> str:
    """Do what was pressed; the sentence that says so. Raises MembershipRefused."""
    act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
    if act == "accept":
        accept_mandate(found, actor=actor)
        return _("The mandate is accepted; the person is told.")
    if act == "refuse":
        refuse_mandate(found, actor=actor, reason=reason)
        return _("The mandate is refused; the person is told.")
    withdraw_mandate(found, actor=actor, reason=reason)
    return _("The mandate is withdrawn; the person is told.")


def _show(request: SignedInRequest, found: Mandate, form: DecisionForm) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    titles = titles_of_frameworks(request.user, at=now)
    others = found.membership.mandates.exclude(pk=found.pk).order_by("-proposed_at")
    context = {
        "line": mandate_line(found, titles=titles, on=today, may_withdraw=True),
        "others": [
            mandate_line(other, titles=titles, on=today, may_withdraw=False) for other in others
        ],
        "files": found.evidence_files.all(),
        "form": form,
        "is_own": found.membership.user_id == request.user.pk,
    }
    status = REFUSED if form.errors else 200
    return render(request, "consult/office_mandate.html", context, status=status)
