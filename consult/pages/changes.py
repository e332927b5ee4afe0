"""What changed between two drafts, and the way from a place in one to the same in the newest."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.access import target_to_read
from consult.document.access import drafts_to_compare
from consult.document.comparing import Comparison, Place, compare
from consult.document.models import Draft, Provision, Section
from consult.document.succeeding import newer_draft, successor_of
from consult.pages.changes_contexts import changes_page, section_changes_page

INLINE = "inline"


@require_safe
def changes(request: HttpRequest, code: str, old: int, new: int) -> HttpResponse:
    """Two drafts as wholes: what changed in which section."""
    if old > new:
        return redirect("changes", code, new, old)
    now = timezone.now()
    earlier, later = drafts_to_compare(code=code, old=old, new=new, at=now)
    page = changes_page(compare(earlier, later, at=now))
    return render(request, "consult/changes.html", {"page": page})


@require_safe
def section_changes(request: HttpRequest, code: str, old: int, new: int, ref: str) -> HttpResponse:
    """The changes in one section of the newer draft, side by side or inline."""
    now = timezone.now()
    earlier, later = drafts_to_compare(code=code, old=old, new=new, at=now)
    comparison = compare(earlier, later, at=now)
    found = next((each for each in comparison.chapters if each.section.ref == ref), None)
    if found is None or old > new:
        raise Http404
    is_inline = request.GET.get("view") == INLINE
    page = section_changes_page(comparison, found.section, is_inline=is_inline)
    return render(request, "consult/changes_section.html", {"page": page})


@require_safe
def newest(request: HttpRequest, code: str, number: int, ref: str) -> HttpResponse:  # noqa: ARG001 - a view
    """On to the same place in the newest draft; where there is none, to what became of it."""
    now = timezone.now()
    source = target_to_read(code=code, number=number, ref=ref, at=now)
    if isinstance(source, Draft):
        raise Http404
    draft = source.section.draft if isinstance(source, Provision) else source.draft
    later = newer_draft(draft, at=now)
    if later is None:
        return HttpResponseRedirect(_address(source, draft))
    comparison = compare(draft, later, at=now)
    successor = successor_of(source, comparison)
    if successor:
        return HttpResponseRedirect(_address(successor, later))
    return HttpResponseRedirect(_address_of_its_end(source, comparison))


def _address(place: Place | Provision | Section, draft: Draft) -> str:
    """The reading page, at the provision if it is one."""
    section = place if isinstance(place, Section) else place.section
    page = reverse("section", args=[draft.framework.code, draft.number, section.ref])
    return page if isinstance(place, Section) else f"{page}#{place.ref}"


def _address_of_its_end(source: Provision | Section, comparison: Comparison) -> str:
    """Where it is said that nothing answers to it."""
    section = source if isinstance(source, Section) else source.section
    code = comparison.new.framework.code
    drafts = [code, comparison.old.number, comparison.new.number]
    home = comparison.homes.get(section.pk)
    if home is None or isinstance(source, Section):
        return reverse("changes", args=drafts)
    page = reverse("section_changes", args=[*drafts, home.ref])
    return f"{page}#was-{source.ref}"
