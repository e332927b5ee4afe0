"""The privacy notice, and agreeing to a new one."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest
from accounts.privacy import CURRENT_NOTICE, agree_to_notice
from accounts.retention import (
    INVITATION_KEPT,
    UNVERIFIED_KEPT,
)
from consult.document.models import Framework
from consult.pages.furniture import back_to


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Who keeps which data of whom, why and how long, and what one may ask for."""
    context = {
        "notice": CURRENT_NOTICE,
        "operator": settings.OPERATOR,
        "contact": settings.OPERATOR_EMAIL or settings.DEFAULT_FROM_EMAIL,
        "owners": Framework.objects.order_by("owner_body")
        .values_list("owner_body", flat=True)
        .distinct(),
        "unverified_days": UNVERIFIED_KEPT.days,
        "invitation_days": INVITATION_KEPT.days,
        "session_days": settings.SESSION_COOKIE_AGE // 86_400,
    }
    return render(request, "consult/privacy.html", context)


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: SignedInRequest) -> HttpResponse:
    """Agree to the notice in force, and go back."""
    if request.method == "POST":
        agree_to_notice(request.user)
        return HttpResponseRedirect(back_to(request))
    wanted = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    context = {"next": wanted if own else "", "notice": CURRENT_NOTICE, "action": request.path}
    return render(request, "accounts/agree.html", context)
