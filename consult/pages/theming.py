"""A report's themes in the drafters' hands: name, put together, split, move comments, undo."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from accounts.models import User
from consult.pages.theming_contexts import ThemeCommentsContext, ThemesContext
from consult.pages.theming_forms import MoveForm, ThemeForm
from consult.reports.access import themes_to_change
from consult.reports.listing import list_comments
from consult.reports.models import Report
from consult.reports.selecting import Selection
from consult.reports.theming import (
    ThemesRefused,
    merge_themes,
    move_comments,
    rename_theme,
    split_theme,
    undo_decision,
)

REFUSED = 409


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The themes of one section, or of all; POST names, puts together, splits, or undoes."""
    section = request.GET.get("in", "")
    report = themes_to_change(request.user, public_id=public_id, section=section)
    refusal = ""
    if request.method == "POST":
        form = ThemeForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            _act(report, section, form.cleaned_data, request.POST.getlist("terms"), request.user)
        except ThemesRefused as refused:
            refusal = str(refused)
        else:
            return redirect(_address("report_themes", report, section))
    page = ThemesContext(report=report, section=section, refusal=refusal)
    status = REFUSED if refusal else 200
    return render(request, "consult/report_themes.html", {"page": page}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def theme_comments(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """A theme's comments; POST moves the chosen ones to another theme, or to none."""
    section, key = request.GET.get("in", ""), request.GET.get("theme", "")
    report = themes_to_change(request.user, public_id=public_id, section=section)
    refusal = ""
    if request.method == "POST":
        form = MoveForm(request.POST)
        if not form.is_valid():
            raise Http404
        try:
            move_comments(
                report,
                section=section,
                references=request.POST.getlist("comments"),
                into=form.cleaned_data["into"],
                by=request.user,
            )
        except ThemesRefused as refused:
            refusal = str(refused)
        else:
            return redirect(_address("report_themes", report, section))
    within = Selection(within=f"themes/{section or 'all'}/{key}")
    listing = list_comments(report, within, after=request.GET.get("after", ""))
    themes_page = ThemesContext(report=report, section=section, refusal=refusal)
    page = ThemeCommentsContext(themes=themes_page, key=key, listing=listing)
    status = REFUSED if refusal else 200
    return render(request, "consult/report_theme_comments.html", {"page": page}, status=status)


def _act(report: Report, section: str, sent: Mapping[str, Any], terms: list[str], by: User) -> None:
    key, name = sent["theme"], sent["name"]
    acts: dict[str, Callable[[], object]] = {
        "rename": lambda: rename_theme(report, section=section, key=key, name=name, by=by),
        "merge": lambda: merge_themes(
            report, section=section, keys=[key], into=sent["into"], by=by
        ),
        "split": lambda: split_theme(
            report, section=section, key=key, terms=terms, name=name, by=by
        ),
        "undo": lambda: undo_decision(report, key=sent["decision"] or 0, by=by),
    }
    acts[sent["act"]]()


def _address(name: str, report: Report, section: str) -> str:
    address = reverse(name, args=[report.public_id])
    return f"{address}?{urlencode({'in': section})}" if section else address
