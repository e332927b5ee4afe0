"""Come into an organisation: an invitation's link, and asking to join."""

from uuid import UUID

from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, is_signed_in, organisation_to_join
from accounts.joining import (
    InvitationClosed,
    accept_invitation,
    addresses_on_domain,
    ask_to_join,
    decline_invitation,
    has_verified,
    invitation_named,
    masked,
    take_back_request,
)
from accounts.limits import LimitReached
from accounts.models import Invitation, Organisation
from accounts.representing import MembershipRefused

REFUSED = 422
GONE = 410


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link leads to: to accept or decline. Looking at it changes nothing."""
    found = _invitation(token)
    if request.method != "POST":
        return _show_invitation(request, found, token)
    try:
        if request.POST.get("act") == "decline":
            decline_invitation(found, user=request.user)
            messages.success(request, _("You have declined. The link no longer works."))
            return redirect("front")
        if not is_signed_in(request.user):
            return redirect("invitation", token)
        accept_invitation(found, user=request.user)
    except InvitationClosed:
        return _show_invitation(request, _invitation(token), token)
    except MembershipRefused as refusal:
        return _show_invitation(request, found, token, refusal=str(refusal))
    said = _("You are now a member of %(name)s.") % {"name": found.organisation.name}
    messages.success(request, said)
    return redirect("members", found.organisation.public_id)


@cache_control(no_store=True)
@require_safe
def invitation_sign_up(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sign-up with the invited address filled in; it is verified by a code as any other."""
    found = _invitation(token)
    if found.state(at=timezone.now()) != Invitation.State.OPEN:
        return redirect("invitation", token)
    view = SignupView.as_view(
        initial={"email": found.email}, extra_context={"invited_to": found.organisation}
    )
    answer: HttpResponseBase = view(request)
    return answer


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask to join an organisation on whose e-mail domain one has an address, or take that back."""
    organisation = organisation_to_join(public_id=public_id)
    if request.method != "POST":
        return _show_join(request, organisation)
    try:
        if request.POST.get("act") == "take_back":
            waiting = organisation.join_requests.asked().filter(user=request.user).first()
            if waiting is not None:
                take_back_request(waiting, user=request.user)
            messages.success(request, _("Your request is taken back."))
        else:
            ask_to_join(organisation, user=request.user)
            messages.success(request, _("You have asked to join. The representatives are told."))
    except (MembershipRefused, LimitReached) as refusal:
        return _show_join(request, organisation, refusal=str(refusal))
    return redirect("join", public_id)


def _invitation(token: str) -> Invitation:
    found = invitation_named(token)
    if found is None:
        raise Http404
    return found


def _show_invitation(
    request: HttpRequest, found: Invitation, token: str, *, refusal: str = ""
) -> HttpResponse:
    state = found.state(at=timezone.now())
    context = {
        "invitation": found,
        "organisation": found.organisation,
        "state": state,
        "token": token,
        "address": masked(found.email),
        "is_theirs": is_signed_in(request.user) and has_verified(request.user, found.email),
        "was_theirs": found.accepted_by_id is not None and found.accepted_by_id == request.user.pk,
        "refusal": refusal,
    }
    closed = GONE if state != Invitation.State.OPEN else 200
    status = REFUSED if refusal else closed
    return render(request, "consult/invitation.html", context, status=status)


def _show_join(
    request: SignedInRequest, organisation: Organisation, *, refusal: str = ""
) -> HttpResponse:
    own = addresses_on_domain(organisation, people=[request.user])
    context = {
        "organisation": organisation,
        "waiting": organisation.join_requests.asked().filter(user=request.user).first(),
        "is_member": organisation.memberships.current().filter(user=request.user).exists(),
        "address": own.get(request.user.pk, ""),
        "refusal": refusal,
    }
    status = REFUSED if refusal else 200
    return render(request, "consult/join.html", context, status=status)
