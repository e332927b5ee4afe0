"""A person's own page: their name, and what they said."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from accounts.forms import DisplayNameForm
from comments.models import Comment

COMMENTS_SHOWN = 50


@login_required
def me(request: SignedInRequest) -> HttpResponse:
    """The account at one glance; posting changes the display name."""
    form = DisplayNameForm(
        request.POST or None, initial={"display_name": request.user.display_name}
    )
    if request.method == "POST" and form.is_valid():
        form.keep_for(request.user)
        messages.success(request, _("Your display name is changed."))
        return redirect("me")
    said = (
        Comment.objects.filter(author=request.user)
        .readable(at=timezone.now())
        .select_related(
            "organisation", "thread__section", "thread__provision", "thread__draft__framework"
        )
        .order_by("-created_at", "-pk")[:COMMENTS_SHOWN]
    )
    return render(request, "account/me.html", {"form": form, "said": said})
