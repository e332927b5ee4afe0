"""A person's own page: their name, how and where they are signed in, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest
from accounts.forms import DisplayNameForm
from accounts.models import Membership, User
from accounts.sessions import end_session, sessions_of
from accounts.signing_in import WaysToSignIn
from comments.models import Comment, Thread
from consult.pages.detour import take_page

COMMENTS_SHOWN = 50


@dataclass(frozen=True)
class AccountContext:
    """The account at one glance."""

    form: DisplayNameForm
    ways: WaysToSignIn
    sessions: Sequence[UserSession]
    memberships: Sequence[Membership]
    said: Sequence[Comment]


@never_cache
@login_required
def me(request: SignedInRequest) -> HttpResponse:
    """The account at one glance; posting changes the name and the role."""
    form = DisplayNameForm(request.POST or None, initial=DisplayNameForm.known_of(request.user))
    if request.method == "POST" and form.is_valid():
        form.keep_for(request.user)
        messages.success(request, _("Your name and role are kept."))
        return redirect("me")
    page = AccountContext(
        form=form,
        ways=WaysToSignIn.of(request.user),
        sessions=sessions_of(request.user),
        memberships=_memberships_of(request.user),
        said=_said_by(request.user),
    )
    return render(request, "account/me.html", {"page": page})


@login_required
@require_POST
def sign_out_there(request: SignedInRequest, number: int) -> HttpResponse:
    """End one of the person's own sessions."""
    if not end_session(user=request.user, number=number, current=request.session.session_key):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return redirect("usersessions_list")


@login_required
@require_safe
def back_from_detour(request: SignedInRequest) -> HttpResponse:
    """To the page that asked for a second factor."""
    return redirect(take_page(request))


def _memberships_of(user: User) -> Sequence[Membership]:
    current = user.memberships.current().select_related("organisation")
    return list(current.order_by("organisation__name"))


def _said_by(user: User) -> Sequence[Comment]:
    return list(
        Comment.objects.filter(
            author=user, thread__in=Thread.objects.readable(at=timezone.now()).values("pk")
        )
        .select_related(
            "organisation", "thread__section", "thread__provision", "thread__draft__framework"
        )
        .order_by("-created_at", "-pk")[:COMMENTS_SHOWN]
    )
