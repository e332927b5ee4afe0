"""Members of an organisation: who is who, joining, leaving, and proposing mandates."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import (
    SignedInRequest,
    mandate_to_withdraw,
    organisation_of_member,
    organisation_to_manage,
)
from accounts.belonging import change_role, leave, remove_member, restore_member
from accounts.joining import accept_request, cancel_invitation, invite, refuse_request
from accounts.limits import LimitReached
from accounts.mandating import members_to_propose, propose_mandate, withdraw_mandate
from accounts.models import JoinRequest, Membership, Organisation
from accounts.representing import MembershipRefused
from consult.pages.membership_contexts import members_page, titles_of_frameworks
from consult.pages.membership_forms import ActForm, InviteForm, MandateForm

REFUSED = 422
Role = Membership.Role


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who belongs to the organisation; a representative's POST invites an address."""
    if request.method != "POST":
        organisation = organisation_of_member(request.user, public_id=public_id)
        return _show(request, organisation)
    organisation = organisation_to_manage(request.user, public_id=public_id)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, organisation, form=form)
    email = form.cleaned_data["email"]
    try:
        invite(organisation, actor=request.user, email=email)
    except (MembershipRefused, LimitReached) as refusal:
        form.add_error("email", str(refusal))
        return _show(request, organisation, form=form)
    messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": email})
    return redirect("members", public_id)


@cache_control(no_store=True)
@login_required
@require_POST
def member(request: SignedInRequest, public_id: UUID, key: int) -> HttpResponse:
    """One act of a representative on one member: remove, restore, or another role."""
    organisation = organisation_to_manage(request.user, public_id=public_id)
    found = get_object_or_404(organisation.memberships.select_related("user"), pk=key)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "remove": (
            lambda: remove_member(found, actor=request.user),
            _("%(person)s is no longer a member."),
        ),
        "restore": (
            lambda: restore_member(found, actor=request.user),
            _("%(person)s is a member again."),
        ),
        "make_representative": (
            lambda: change_role(found, actor=request.user, role=Role.REPRESENTATIVE),
            _("%(person)s is a representative now, and manages members once mandated."),
        ),
        "make_member": (
            lambda: change_role(found, actor=request.user, role=Role.MEMBER),
            _("%(person)s is a member without charge of the others now."),
        ),
    }
    form = ActForm(request.POST, acts=list(acts))
    if not form.is_valid():
        return redirect("members", public_id)
    act, said = acts[form.cleaned_data["act"]]
    return _do(request, organisation, act, said % {"person": found.user.shown_name})


@cache_control(no_store=True)
@login_required
@require_POST
def invitation_cancel(request: SignedInRequest, public_id: UUID, key: int) -> HttpResponse:
    """Make an invitation's link useless."""
    organisation = organisation_to_manage(request.user, public_id=public_id)
    invitation = get_object_or_404(organisation.invitations, pk=key)
    return _do(
        request,
        organisation,
        lambda: cancel_invitation(invitation, actor=request.user),
        _("The invitation is cancelled; its link no longer works."),
    )


@cache_control(no_store=True)
@login_required
@require_POST
def request_answer(request: SignedInRequest, public_id: UUID, key: int) -> HttpResponse:
    """Accept or refuse someone who asks to join."""
    organisation = organisation_to_manage(request.user, public_id=public_id)
    asked: JoinRequest = get_object_or_404(
        organisation.join_requests.select_related("user"), pk=key
    )
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "accept": (
            lambda: accept_request(asked, actor=request.user),
            _("%(person)s is a member now."),
        ),
        "refuse": (
            lambda: refuse_request(asked, actor=request.user),
            _("The request of %(person)s is refused; they are told."),
        ),
    }
    form = ActForm(request.POST, acts=list(acts))
    if not form.is_valid():
        return redirect("members", public_id)
    act, said = acts[form.cleaned_data["act"]]
    return _do(request, organisation, act, said % {"person": asked.user.shown_name})


@cache_control(no_store=True)
@login_required
@require_POST
def leave_organisation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """End one's own membership."""
    organisation = organisation_of_member(request.user, public_id=public_id)
    own = organisation.memberships.current().get(user=request.user)
    try:
        leave(own)
    except MembershipRefused as refusal:
        return _show(request, organisation, refusal=str(refusal))
    said = _("You have left %(name)s. What you said stays as you said it.")
    messages.success(request, said % {"name": organisation.name})
    return redirect("me")


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mandate_new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Propose a mandate, for an administrator to decide on."""
    organisation = organisation_of_member(request.user, public_id=public_id)
    now = timezone.now()
    people = members_to_propose(request.user, organisation, on=timezone.localdate(now))
    if not people:
        raise Http404
    form = MandateForm(
        request.POST or None,
        request.FILES or None,
        uploader=request.user,
        members=people,
        titles=titles_of_frameworks(request.user, at=now),
        today=timezone.localdate(now),
        chosen=request.GET.get("member", ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            propose_mandate(form.membership, actor=request.user, **form.proposal)
        except (MembershipRefused, LimitReached) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The mandate is proposed. An administrator looks at it."))
            return redirect("members", public_id)
    context = {"organisation": organisation, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/mandate_new.html", context, status=status)


@cache_control(no_store=True)
@login_required
@require_POST
def mandate_withdraw(request: SignedInRequest, public_id: UUID, key: int) -> HttpResponse:
    """End a mandate, or take a proposal back."""
    mandate = mandate_to_withdraw(request.user, public_id=public_id, key=key)
    return _do(
        request,
        mandate.membership.organisation,
        lambda: withdraw_mandate(mandate, actor=request.user),
        _("The mandate is withdrawn. What was said under it stays."),
    )


def _do(
    request: SignedInRequest, organisation: Organisation, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do one thing and say so; or say why not, where it stands."""
    try:
        act()
    except MembershipRefused as refusal:
        return _show(request, organisation, refusal=str(refusal))
    messages.success(request, said)
    return redirect("members", organisation.public_id)


def _show(
    request: SignedInRequest,
    organisation: Organisation,
    *,
    form: InviteForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    page = members_page(organisation, reader=request.user, at=timezone.now())
    context = {"page": page, "form": form or InviteForm(), "refusal": refusal}
    refused = refusal or (form is not None and form.errors)
    return render(request, "consult/members.html", context, status=REFUSED if refused else 200)
