"""Ask a signed-in person once to agree to a new privacy notice, before they next write."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import is_signed_in
from accounts.privacy import CURRENT_NOTICE, agree_to_notice, has_to_agree

READING = ("GET", "HEAD", "OPTIONS", "TRACE")
# The button of the page that asks: which version is agreed to.
AGREED = "privacy_notice"
# What is no writing, or must stay open to someone who doesn't agree: to sign out, to take back what
# they said, to correct and take along their data, and to leave.
FREE = (
    "theme",
    "set_language",
    "agree",
    "me",
    "my_data",
    "my_closing",
    "comment_withdraw",
    "comment_unendorse",
    "leave_organisation",
    "notifications",
    "notifications_off",
    "sign_out_there",
)
FREE_BEGINNINGS = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect", "line_")


class AskBeforeWriting:
    """Middleware. What was sent waits in the page that asks, and is taken once they agree.

    Stands behind the middleware that refuses forged forms: agreeing is a form like any other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],  # noqa: ARG002 - Django's signature
        args: list[Any],  # noqa: ARG002
        kwargs: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponse | None:
        """None where the view is to answer."""
        if request.method in READING or _is_free(request) or not has_to_agree(request.user):
            return None
        if is_signed_in(request.user) and request.POST.get(AGREED) == CURRENT_NOTICE:
            agree_to_notice(request.user)
            return None
        return _ask(request)


def _is_free(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""
    return name in FREE or name.startswith(FREE_BEGINNINGS)


def _ask(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Fragment"):
        # The page's script keeps what was typed, goes there, and comes back.
        query = urlencode({"next": f"{request.path}#write"})
        return JsonResponse({"sign_in": f"{reverse('agree')}?{query}"}, status=401)
    waiting = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", AGREED)
        for value in values
    ]
    context = {
        "waiting": waiting,
        # A file can't be handed on: it is chosen once more.
        "had_files": bool(request.FILES),
        "action": request.get_full_path(),
        "notice": CURRENT_NOTICE,
    }
    return render(request, "accounts/agree.html", context, status=428)
