"""What every page carries: the reader's theme, and whether they have a desk; the choice of one."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from comments.models import Notification
from consult.document.models import Framework

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
ONE_YEAR = 365 * 24 * 3600


def page_furniture(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`; an empty theme follows the reader's system."""
    theme = request.COOKIES.get(THEME_COOKIE, "")

    def own() -> dict[str, bool]:
        """What a signed-in person's menu depends on, in one query."""
        drafts = Framework.objects.drafted_by(request.user)
        unread = Notification.objects.unread().filter(user=OuterRef("pk"))
        people = User.objects.annotate(drafts=Exists(drafts), has_news=Exists(unread))
        return people.values("drafts", "has_news").get(email=request.user.get_username())

    return {
        "theme": theme if theme in THEMES else "",
        # Asked only by a page that shows a signed-in person their menu.
        "own": SimpleLazyObject(own),
    }


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the colours chosen in a cookie, and go back to the page; anything else forgets it."""
    response = HttpResponseRedirect(back_to(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def back_to(request: HttpRequest, *, default: str = "front") -> str:
    """The page named by the form's `next` if it is one of this site, else the default."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url(default)
