"""A person's own data: take all of it, or leave."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from accounts.confirming import require_confirmation
from accounts.limits import LimitReached, spend
from accounts.rates import OWN_DATA
from accounts.representing import LastRepresentative
from accounts.roles import LastAdministrator
from consult.pages.closing import close
from consult.pages.closing_forms import ClosingForm
from consult.pages.own_data import download_own_data, file_name, pieces_of

TOO_OFTEN = 429
REFUSED = 409


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: SignedInRequest) -> HttpResponseBase:
    """What the download holds; POST sends it."""
    if request.method != "POST":
        return render(request, "consult/my_data.html")
    require_confirmation(request)
    try:
        spend(OWN_DATA, whom=request.user)
    except LimitReached as limit:
        context = {"refusal": str(limit)}
        return render(request, "consult/my_data.html", context, status=TOO_OFTEN)
    return StreamingHttpResponse(
        pieces_of(download_own_data(request.user)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{file_name()}"'},
    )


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_closing(request: SignedInRequest) -> HttpResponse:
    """What goes and what stays; POST closes the account."""
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_confirmation(request)
    if request.method == "POST" and form.is_valid():
        try:
            close(request.user)
        except (LastAdministrator, LastRepresentative) as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for taking part."))
            return redirect("front")
    status = REFUSED if form.errors else 200
    return render(request, "consult/my_closing.html", {"form": form}, status=status)
