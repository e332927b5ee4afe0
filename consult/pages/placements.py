"""A drafter decides where comments of the draft before stand, where the machine was in doubt."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from accounts.models import User
from comments.carried import CarriedView, carried_views
from comments.carrying import PlacingRefused, Progress, decide_placement, progress_of
from comments.models import Placement
from consult.document.access import draft_to_change
from consult.document.models import Draft

REFUSED = 422
AT_ONCE = 30


class PlacingForm(forms.Form):
    """Where one comment stands: as proposed, on a provision that is named, or nowhere."""

    comment = forms.CharField(max_length=12)
    act = forms.ChoiceField(choices=[(act, act) for act in ("agree", "place", "gone")])
    ref = forms.CharField(max_length=100, required=False, label=gettext_lazy("Provision"))


@dataclass(frozen=True)
class PlacementsPage:
    """The comments that wait, the oldest first, and how far carrying is."""

    draft: Draft
    views: list[CarriedView]
    progress: Progress | None
    form: PlacingForm
    refused: str


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def placements(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """What waits in the queue; a POST decides one."""
    draft = draft_to_change(request.user, code=code, number=number)
    form = PlacingForm(request.POST or None)
    refused = ""
    if request.method == "POST":
        try:
            messages.success(request, _decide(draft, form, actor=request.user))
        except PlacingRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("desk_placements", code, number)
    waiting = Placement.objects.waiting().filter(draft=draft).order_by("comment")
    page = PlacementsPage(
        draft, carried_views(waiting[:AT_ONCE]), progress_of(draft), form, refused
    )
    status = REFUSED if refused else 200
    return render(request, "consult/placements.html", {"page": page}, status=status)


def _decide(draft: Draft, form: PlacingForm, *, actor: User) -> str:
    """Do what was asked for, and say it. Raises PlacingRefused."""
    if not form.is_valid():
        raise PlacingRefused(_("Choose a provision."))
    chosen = form.cleaned_data
    found = Placement.objects.filter(draft=draft, comment__reference=chosen["comment"]).first()
    if found is None:
        raise PlacingRefused(_("This comment waits no longer."))
    if chosen["act"] == "place" and not chosen["ref"]:
        raise PlacingRefused(_("Name the provision by its reference."))
    ref = {"agree": None, "gone": "", "place": chosen["ref"]}[chosen["act"]]
    decided = decide_placement(found, actor=actor, ref=ref)
    if decided.provision is None:
        return _("%(reference)s: its words are gone.") % {"reference": chosen["comment"]}
    return _("%(reference)s stands on %(refs)s.") % {
        "reference": chosen["comment"],
        "refs": decided.provision.ref,
    }
