"""Campaigns in the moderators' room: all of them, and one with its texts and who signed it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, require_moderator
from accounts.models import User
from comments.access import campaign_to_moderate, comment_to_moderate
from comments.act_forms import CampaignForm
from comments.campaigning import CampaignRefused, decide, put_back, take_out
from comments.models import Campaign
from consult.pages.campaigns_contexts import CampaignPage, CampaignsPage

REFUSED = 409

State = Campaign.State


@login_required
@require_safe
def campaigns(request: SignedInRequest) -> HttpResponse:
    """Campaigns by size: of every draft or of one, in every state or in one."""
    require_moderator(request.user)
    page = CampaignsPage(request.GET)
    return render(request, "comments/campaigns.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One campaign; POST decides on it, or on whether a comment belongs to it."""
    found = campaign_to_moderate(request.user, public_id=public_id)
    refusal = ""
    if request.method == "POST":
        form = CampaignForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            _act(found, form.cleaned_data, request.user)
        except CampaignRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("Your decision is recorded."))
            return redirect(request.get_full_path())
    page = CampaignPage(campaign=found, query=request.GET, refusal=refusal)
    status = REFUSED if refusal else 200
    return render(request, "comments/campaign.html", {"page": page}, status=status)


def _act(found: Campaign, sent: dict[str, Any], by: User) -> None:
    if sent["comment"]:
        comment = comment_to_moderate(by, reference=sent["comment"])
        verbs: dict[str, Callable[..., None]] = {"take_out": take_out, "put_back": put_back}
        verbs[sent["act"]](found, comment=comment, moderator=by)
    else:
        states = {"confirm": State.CONFIRMED, "reject": State.REJECTED, "reopen": State.PROPOSED}
        decide(found, to=states[sent["act"]], moderator=by)
