"""The way back from setting up a second factor to the page that asked for it."""

from django.http import HttpRequest
from django.shortcuts import resolve_url

# Read by the templates of what is set up.
WANTED = "wanted_page"


def remember_page(request: HttpRequest) -> None:
    """This page was wanted; a form that was refused is not sent again by itself."""
    if request.method == "GET":
        request.session[WANTED] = request.get_full_path()


def take_page(request: HttpRequest) -> str:
    """The page that was wanted, once; the person's own page if none was."""
    return request.session.pop(WANTED, "") or resolve_url("me")
