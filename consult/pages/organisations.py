"""Organisations as everyone sees them: who takes part, who they are and what they said."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import organisation_to_read
from consult.pages.organisation_contexts import organisation_page, organisations_page

LONGEST_SEARCH = 120


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The verified ones, by name, of one group or of all."""
    page = organisations_page(
        words=request.GET.get("q", "")[:LONGEST_SEARCH].replace("\x00", ""),
        group=request.GET.get("group", ""),
        after=request.GET.get("after", ""),
        at=timezone.now(),
    )
    return render(request, "consult/organisations.html", {"page": page})


@require_safe
def organisation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of them, verified now or once, with what it said."""
    found = organisation_to_read(public_id=public_id)
    before = request.GET.get("before", "").replace("\x00", "")
    page = organisation_page(found, before=before, at=timezone.now())
    return render(request, "consult/organisation.html", {"page": page})
