"""What is being consulted on: the front page, a framework, a draft."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consult.document.access import draft_to_read
from consult.document.models import Draft, Framework
from consult.pages.contents import Contents, contents_of
from consult.reports.models import Report
from consult.reports.publishing import published_among


@dataclass(frozen=True)
class FrontPage:
    """The newest listed draft of every framework; what closes first comes first."""

    consultations: tuple[Contents, ...]

    @property
    def open_now(self) -> bool:
        return any(contents.open_lines for contents in self.consultations)


@dataclass(frozen=True)
class FrameworkPage:
    """A framework with its listed drafts, newest first."""

    framework: Framework
    drafts: tuple[Contents, ...]


@dataclass(frozen=True)
class DraftPage:
    """A draft's contents and published reports, a newer draft, and those to compare it with."""

    contents: Contents
    newer: Draft | None
    others: tuple[Draft, ...]
    reports: tuple[Report, ...]


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What is being consulted on now, and by when."""
    now = timezone.now()
    drafts = Draft.objects.listed(at=now).last_of_each_framework().select_related("framework")
    consultations = sorted(contents_of(drafts, at=now), key=_urgency)
    return render(request, "consult/front.html", {"page": FrontPage(tuple(consultations))})


@require_safe
def framework(request: HttpRequest, code: str) -> HttpResponse:
    """One framework and its drafts."""
    now = timezone.now()
    found = get_object_or_404(Framework.objects.visible_to(request.user, at=now), code=code)
    drafts = found.drafts.listed(at=now).newest_first().select_related("framework")
    page = FrameworkPage(found, tuple(contents_of(drafts, at=now)))
    return render(request, "consult/framework.html", {"page": page})


@require_safe
def draft(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One draft's contents and history."""
    now = timezone.now()
    found = draft_to_read(code=code, number=number, at=now)
    newest = found.framework.drafts.listed(at=now).newest_first().first()
    contents = contents_of([found], at=now)[0]
    readable = found.framework.drafts.readable(at=now).newest_first()
    page = DraftPage(
        contents=contents,
        newer=newest if newest and newest.number > found.number else None,
        others=tuple(readable.exclude(pk=found.pk)) if contents.is_readable else (),
        reports=tuple(published_among(Report.objects.filter(draft=found), at=now)),
    )
    return render(request, "consult/draft.html", {"page": page})


def _urgency(contents: Contents) -> tuple[bool, bool, float, str]:
    closes = contents.closes_first
    return (
        not contents.open_lines,
        closes is None,
        closes.timestamp() if closes else 0.0,
        contents.draft.framework.code,
    )
