"""The table of amendments between two drafts, as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.limits import LimitReached, spend
from accounts.origins import current_address
from accounts.rates import EXPORT, HOUR
from consult.document.access import drafts_to_compare
from consult.document.comparing import Comparison, compare
from consult.reports.amendments import TableTooLong, amendment_table, name_of
from consult.reports.exporting.docx import write_docx
from consult.reports.exporting.odt import MIMETYPE, write_odt
from consult.reports.exporting.paper import Paper
from consult.reports.exporting.pdf import CharacterMissing, write_pdf

ONLY_CHANGED = "changed"
TOO_OFTEN = 429
REFUSED = 409
LARGEST_KEPT = 4_000_000


@dataclass(frozen=True)
class Format:
    """How a paper is written, and what kind of file it makes."""

    write: Callable[[Paper], bytes]
    content_type: str


FORMATS = {
    "odt": Format(write_odt, MIMETYPE),
    "docx": Format(
        write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "pdf": Format(write_pdf, "application/pdf"),
}


@cache_control(no_cache=True)
@require_safe
def changes_table(request: HttpRequest, code: str, old: int, new: int, suffix: str) -> HttpResponse:
    """The official three columns as ODT, DOCX or PDF; `only=changed` leaves out the rest."""
    now = timezone.now()
    earlier, later = drafts_to_compare(code=code, old=old, new=new, at=now)
    if suffix not in FORMATS or old > new:
        raise Http404
    comparison = compare(earlier, later, at=now)
    status = REFUSED
    try:
        spend(EXPORT, whom=current_address())
        content = _written(comparison, suffix, is_short=request.GET.get("only") == ONLY_CHANGED)
    except LimitReached as limit:
        status, refusal = TOO_OFTEN, str(limit)
    except TableTooLong:
        refusal = _("The table would be too long. Leave out what was not amended.")
    except CharacterMissing as missing:
        refusal = _(
            "The PDF's font does not have “%(text)s”. Take the table as ODT or DOCX: these use"
            " the fonts of your device."
        ) % {"text": missing.text}
    else:
        name = f"{_name(comparison)}.{suffix}"
        disposition = content_disposition_header(as_attachment=True, filename=name)
        return HttpResponse(
            content,
            content_type=FORMATS[suffix].content_type,
            headers={"Content-Disposition": disposition or ""},
        )
    context = {"comparison": comparison, "refusal": refusal}
    return render(request, "consult/changes_refused.html", context, status=status)


def _name(comparison: Comparison) -> str:
    title = _("%(title)s: table of amendments") % {"title": comparison.new.framework.title}
    return f"{title} {name_of(comparison.old)}–{name_of(comparison.new)}"


def _written(comparison: Comparison, suffix: str, *, is_short: bool) -> bytes:
    """The file; made anew only when something in it is another. Raises what its parts raise."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    paper = amendment_table(comparison, is_short=is_short, made_at=today)
    key = f"table:{suffix}:{sha256(repr(paper).encode()).hexdigest()}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = FORMATS[suffix].write(paper)
        if len(content) <= LARGEST_KEPT:
            cache.set(key, content, HOUR)
    return content
