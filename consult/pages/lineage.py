"""A drafter looks at what became of which provision, confirms it, or says what did."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from comments.carrying import lineage_changing
from consult.document.access import draft_to_change
from consult.document.models import Draft
from consult.document.relating import (
    LineageRefused,
    confirm_links,
    declare_link,
    propose_lineage,
)
from consult.pages.lineage_contexts import ALL, CLEAR, DOUBTFUL, lineage_page

REFUSED = 422
LONGEST_NUMBER = 9
LONGEST_REFS = 2000


class RefsField(forms.CharField):
    """References of provisions, parted by spaces or commas."""

    def __init__(self, label: Any) -> None:  # noqa: ANN401 - lazy text
        super().__init__(label=label, required=False, max_length=LONGEST_REFS)

    def clean(self, value: str) -> list[str]:
        """Each reference once, in the order in which they were typed."""
        return list(dict.fromkeys(filter(None, re.split(r"[\s,，、;；]+", super().clean(value)))))


class DeclareForm(forms.Form):
    """Which provisions of the earlier draft became which of this one."""

    old = RefsField(gettext_lazy("In the earlier draft"))
    new = RefsField(gettext_lazy("In this draft"))


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lineage(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """The links between a draft and the one it follows; a POST confirms some or declares one."""
    later = draft_to_change(request.user, code=code, number=number)
    earlier = propose_lineage(later)
    if earlier is None:
        raise Http404
    form = DeclareForm(request.POST if request.POST.get("act") == "declare" else None)
    refused = ""
    if request.method == "POST":
        try:
            with lineage_changing(later):
                sentence = _decide(request, later, form)
        except LineageRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, sentence)
            return redirect(request.get_full_path())
    shown = request.GET.get("shown", "")
    page = lineage_page(
        earlier,
        later,
        shown=shown if shown in (DOUBTFUL, CLEAR, ALL) else "",
        after=_number(request.GET.get("after", "")),
    )
    context = {"page": page, "form": form, "refused": refused}
    return render(request, "consult/lineage.html", context, status=REFUSED if refused else 200)


def _decide(request: SignedInRequest, later: Draft, form: DeclareForm) -> str:
    """Do what was asked for, and say it. Raises LineageRefused."""
    if form.is_bound:
        if not form.is_valid():
            raise LineageRefused(_("Name the provisions by their references."))
        declare_link(later, **form.cleaned_data, actor=request.user)
        return _("It is noted as you said.")
    numbers = [_number(each) for each in request.POST.getlist("link")]
    count = confirm_links(later, numbers=numbers, actor=request.user)
    sentence = ngettext("%(count)s link is confirmed.", "%(count)s links are confirmed.", count)
    return sentence % {"count": count}


def _number(typed: str) -> int:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else -1
