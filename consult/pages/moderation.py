"""The moderators' room: what waits, one comment with all that is known of it, and the log."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, require_moderator
from accounts.models import User
from comments.access import comment_to_moderate
from comments.act_forms import DecisionForm
from comments.models import Campaign, Comment, Flag, ModerationRecord
from comments.moderating import (
    ModeratingRefused,
    each_of,
    hide,
    keep,
    release,
    restore,
    uphold,
    waiting_comments,
)
from comments.personal_data import find
from comments.standing import StandingRefused
from comments.warning import WORDS_FOR
from consult.pages.acting import posted

AT_ONCE = 50
LONGEST_NUMBER = 18
ACTS_BY_STATE: dict[str, tuple[str, ...]] = {
    Comment.State.SHOWN: ("keep", "hide"),
    Comment.State.HELD: ("release", "hide"),
    Comment.State.HIDDEN: ("restore", "uphold"),
    Comment.State.WITHDRAWN: (),
}


@dataclass(frozen=True)
class QueueRow:
    """One comment that waits: its text, wherever that stands, and why it waits."""

    comment: Comment
    body: str
    flags: tuple[Flag, ...]
    files: int
    appeal: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: SignedInRequest) -> HttpResponse:
    """What waits, oldest first; one decision for as many as are ticked."""
    moderator = require_moderator(request.user)
    form = DecisionForm(posted(request), acts=("keep", "release", "hide", "restore"))
    if request.method == "POST" and form.is_valid():
        chosen = Comment.objects.filter(reference__in=request.POST.getlist("comment")[:AT_ONCE])
        refused = each_of(chosen, decision(form.cleaned_data, moderator))
        done = len(chosen) - len(refused)
        text = ngettext("%(count)s comment is decided.", "%(count)s comments are decided.", done)
        messages.success(request, text % {"count": done})
        for comment, why in refused:
            messages.error(request, f"{comment.reference}: {why}")
        return redirect("moderation")
    waiting = waiting_comments()
    context = {
        "rows": rows_of(waiting),
        "total": waiting.count(),
        "campaigns": Campaign.objects.filter(state=Campaign.State.PROPOSED).with_counts().count(),
        "form": form,
    }
    return render(request, "comments/moderation.html", context, status=422 if form.errors else 200)


def rows_of(waiting: Any) -> list[QueueRow]:  # noqa: ANN401 - an annotated queryset
    """The first comments that wait, in few queries however many those are."""
    found = waiting.select_related(
        "author", "original", "thread__section", "thread__provision", "thread__draft__framework"
    ).prefetch_related("flags__reporter", "moderation_records", "attachments")[:AT_ONCE]
    rows = []
    for comment in found:
        original = getattr(comment, "original", None)
        appeals = [r.reason for r in comment.moderation_records.all() if r.act == "appeal"]
        rows.append(
            QueueRow(
                comment=comment,
                body=original.body if original else comment.body,
                flags=tuple(flag for flag in comment.flags.all() if flag.handled_at is None),
                files=len(comment.attachments.all()),
                appeal=appeals[-1] if appeals and comment.last_act == "appeal" else "",
            )
        )
    return rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def moderated(request: SignedInRequest, reference: str) -> HttpResponse:
    """One comment with its original, its reports and its records, and the decision on it."""
    moderator = require_moderator(request.user)
    comment = comment_to_moderate(request.user, reference=reference)
    form = DecisionForm(posted(request), acts=ACTS_BY_STATE[comment.state])
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            decision(form.cleaned_data, moderator)(comment)
        except (ModeratingRefused, StandingRefused) as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Your decision is recorded; its author is told."))
            return redirect("moderation")
    original = getattr(comment, "original", None)
    body = original.body if original else comment.body
    context = {
        "comment": comment,
        "body": body,
        "files": comment.attachments.all(),
        "findings": sorted({str(WORDS_FOR[each.finding]) for each in find(body)}),
        "flags": comment.flags.select_related("reporter").order_by("created_at"),
        "records": comment.moderation_records.select_related("actor").order_by("recorded_at", "pk"),
        "form": form if ACTS_BY_STATE[comment.state] else None,
        "refused": refused,
    }
    status = 422 if refused or form.errors else 200
    return render(request, "comments/moderated.html", context, status=status)


@login_required
@require_safe
def log(request: SignedInRequest) -> HttpResponse:
    """Every step of moderation, newest first."""
    require_moderator(request.user)
    records = ModerationRecord.objects.select_related("actor", "comment").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= LONGEST_NUMBER:
        records = records.filter(pk__lt=int(before))
    page = list(records[: AT_ONCE + 1])
    context = {
        "records": page[:AT_ONCE],
        "next_before": page[AT_ONCE - 1].pk if len(page) > AT_ONCE else None,
    }
    return render(request, "comments/moderation_log.html", context)


def decision(chosen: dict[str, Any], moderator: User) -> Callable[[Comment], None]:
    """The verb that the form asks for, with its reason and rule."""
    reason = chosen["reason"]
    acts: dict[str, Callable[[Comment], None]] = {
        "keep": partial(keep, moderator=moderator, reason=reason),
        "release": partial(release, moderator=moderator),
        "hide": partial(hide, moderator=moderator, rule=chosen.get("rule", ""), reason=reason),
        "restore": partial(restore, moderator=moderator, reason=reason),
        "uphold": partial(uphold, moderator=moderator, reason=reason),
    }
    return acts[chosen["act"]]
