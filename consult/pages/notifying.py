"""What a person was told of, how they want to be told, and what they follow."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from comments.access import target_to_read
from comments.addresses import thread_address
from comments.digesting import choose_messages, end_messages
from comments.following import follow, is_followed, unfollow
from comments.models import Follow, Notification, NotificationChoice
from comments.targets import draft_of, ref_of
from consult.pages.acting import posted

SHOWN = 50


class ChoiceForm(forms.Form):
    """How a person is written to."""

    e_mail = forms.ChoiceField(
        label=_lazy("By e-mail"),
        choices=NotificationChoice.EMail.choices,
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True)
class NoticeView:
    """One notification, and whether it is new to its reader."""

    notification: Notification
    is_new: bool

    @property
    def who(self) -> str:
        """Who spoke, where somebody did."""
        comment = self.notification.comment
        spoken = ("reply", "mention", "new_comment")
        if comment is None or self.notification.kind not in spoken or not comment.is_shown:
            return ""
        return comment.speaker_name

    @property
    def address(self) -> str:
        comment, section = self.notification.comment, self.notification.section
        if comment is not None:
            own = self.notification.kind == Notification.Kind.MODERATION
            return reverse("comment_more" if own else "comment", args=[comment.reference])
        if section is None:
            return reverse("front")
        draft = section.draft
        return reverse("section", args=[draft.framework.code, draft.number, section.ref])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: SignedInRequest) -> HttpResponse:
    """The newest notices, which are read by being seen; posting chooses how one is written to."""
    choice = getattr(request.user, "notification_choice", None) or NotificationChoice()
    form = ChoiceForm(posted(request), initial={"e_mail": choice.e_mail})
    if request.method == "POST" and form.is_valid():
        choose_messages(
            user=request.user, e_mail=form.cleaned_data["e_mail"], language=get_language()
        )
        messages.success(request, _("Your choice is kept."))
        return redirect("notifications")
    notices = _notices_of(request)
    Notification.objects.unread().filter(user=request.user).update(read_at=timezone.now())
    follows = (
        Follow.objects.readable(at=timezone.now())
        .filter(user=request.user)
        .select_related(
            "section__draft__framework", "provision__draft__framework", "thread__draft__framework"
        )
        .order_by("-created_at")[:SHOWN]
    )
    context = {"form": form, "notices": notices, "follows": follows}
    return render(request, "comments/notifications.html", context)


def _notices_of(request: SignedInRequest) -> list[NoticeView]:
    rows = (
        Notification.objects.tellable(at=timezone.now())
        .filter(user=request.user)
        .select_related("comment__author", "comment__thread__section", "section__draft__framework")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    return [NoticeView(row, is_new=row.read_at is None) for row in rows]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: SignedInRequest, code: str, number: int, ref: str = "") -> HttpResponse:
    """Follow a section, a provision, or the talk on the draft as a whole, or follow it no more."""
    target = target_to_read(code=code, number=number, ref=ref)
    followed = is_followed(target, user=request.user)
    if request.method == "POST":
        (unfollow if followed else follow)(target, user=request.user)
        text = _("You follow it no more.") if followed else _("You follow it now.")
        messages.success(request, text)
        return redirect("notifications")
    context = {
        "name": ref_of(target) or _("the draft as a whole"),
        "address": thread_address(draft_of(target), ref_of(target)),
        "is_followed": followed,
    }
    return render(request, "comments/follow.html", context)


# A mail program posts here by itself, without a page or a cookie of ours (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, ticket: str) -> HttpResponse:
    """End someone's messages with the ticket from one of them."""
    is_ended = request.method == "POST"
    if is_ended and not end_messages(ticket):
        raise Http404
    # Taken, and no redirect: a mail program would not follow it.
    status = 202 if is_ended else 200
    return render(request, "comments/off.html", {"is_ended": is_ended}, status=status)
