"""From a form of this site to another site: by a page in between, for no form may send there."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def lead_to_another_site(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a form by a page that goes on to the other site, where the answer led there.

    The content security policy keeps forms on this site, and browsers hold it against every
    redirect that follows one: also against those of a sign-in service, which can't be listed.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        target = response.headers.get("Location", "")
        leaves = urlsplit(target).netloc not in ("", request.get_host())
        if request.method != "POST" or response.status_code != REDIRECT or not leaves:
            return response
        page = render(request, "leaving.html", {"target": target, "host": urlsplit(target).netloc})
        page.cookies = response.cookies
        add_never_cache_headers(page)
        return page

    return answer


REDIRECT = 302
