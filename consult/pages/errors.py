"""A form that can't be taken is refused, but what was typed into it is given back."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.access import SecondFactorNeeded
from consult.pages.detour import remember_page

# Secrets, and what no person typed.
NEVER_SHOWN = ("password", "csrfmiddlewaretoken", "token", "code", "key", "next", "anchor")
CHOICES = ("language", "theme", "act", "stance", "voice", "parent")
MARKED = ("exact", "before", "behind", "start", "end")


@dataclass(frozen=True)
class Typed:
    """One piece of text that came with the form."""

    name: str
    text: str


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say what to do, and show the texts that were sent so that they can be copied."""
    context = {"typed": typed_into(request), "page_of_form": _page_of_form(request)}
    return render(request, "403_csrf.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """There is nothing here, or no longer: a section may be withdrawn while someone writes."""
    # Only what reached a view has been read; an endless body sent to nowhere is left unread.
    typed = typed_into(request) if request.resolver_match else []
    return render(request, "404.html", {"typed": typed}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This may not be opened; where a second factor is all that is missing, how to set one up."""
    if isinstance(exception, SecondFactorNeeded):
        remember_page(request)
        return render(request, "403_second_factor.html", status=403)
    return render(request, "403.html", status=403)


def typed_into(request: HttpRequest) -> list[Typed]:
    """What a person typed into the form that was sent, without secrets and choices."""
    return [
        Typed(name, text)
        for name, values in request.POST.lists()
        if name not in (*CHOICES, *MARKED) and not any(word in name.lower() for word in NEVER_SHOWN)
        for text in values
        if text.strip()
    ]


def _page_of_form(request: HttpRequest) -> str:
    """Where the form stood, as the browser says; where it was sent to, if it says nothing."""
    said = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()})
    return said if own else request.path
