"""What may be done about one comment: endorse, report, change, withdraw, appeal, look behind it.

Every act has a page of its own with an address that depends on no reader, so that a comment's HTML
is the same for everyone; a page's script does the short ones in place.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, Visitor, is_signed_in
from comments.access import comment_to_read, own_comment
from comments.act_forms import AppealForm, EditForm, EndorseForm, ReportForm
from comments.editing import EditingRefused, withdraw_comment
from comments.endorsing import (
    EndorsingRefused,
    endorse,
    endorsed_by,
    support_of,
    take_back_endorsement,
)
from comments.histories import Version, versions_of
from comments.models import Comment, ModerationRecord
from comments.moderating import ModeratingRefused, appeal, flag_comment, last_act
from comments.rules import Rule
from comments.standing import StandingRefused
from comments.targets import state_of, target_of
from comments.warning import TextGivesAway
from comments.writing import WritingRefused
from consult.document.windows import WindowState
from consult.pages.talking import FRAGMENT


@dataclass(frozen=True)
class CommentPage:
    """One comment by itself, and what this reader may do about it."""

    comment: Comment
    is_own: bool
    is_open: bool
    is_endorsed: bool
    may_moderate: bool
    may_appeal: bool
    decision: ModerationRecord | None

    @property
    def names_speaker(self) -> bool:
        """With the text of a comment goes its author's name, but for themselves."""
        return self.comment.is_shown or self.is_own

    @classmethod
    def of(cls, comment: Comment, user: Visitor) -> "CommentPage":
        is_own = comment.author_id == user.pk
        is_hidden = comment.state == Comment.State.HIDDEN
        # Why it was hidden is for its author; everyone reads the rule on the tombstone.
        told = comment.moderation_records.exclude(act=ModerationRecord.Act.APPEAL)
        return cls(
            comment=comment,
            is_own=is_own,
            is_open=state_of(target_of(comment.thread), at=timezone.now()) == WindowState.OPEN,
            is_endorsed=is_signed_in(user) and bool(endorsed_by(user, [comment])),
            may_moderate=is_signed_in(user) and user.is_moderator,
            may_appeal=is_own and is_hidden and last_act(comment) == ModerationRecord.Act.HIDE,
            decision=told.order_by("-recorded_at", "-pk").first() if is_own else None,
        )


@require_safe
def more(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that can be done about a comment."""
    comment = _seen_by(request.user, reference)
    context = {"page": CommentPage.of(comment, request.user), "support": support_of(comment)}
    return render(request, "comments/more.html", context)


def _seen_by(user: Visitor, reference: str) -> Comment:
    """A comment that this person may see: also their own that is held."""
    found = Comment.objects.filter(author_id=user.pk, reference=reference.upper())
    if is_signed_in(user) and found.exists():
        return own_comment(user, reference=reference)
    return comment_to_read(reference=reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endorsement(request: SignedInRequest, reference: str) -> HttpResponse:
    """Endorse a comment, in one's own name or an organisation's."""
    comment = comment_to_read(reference=reference)
    code = comment.thread.draft.framework.code
    form = EndorseForm(posted(request), user=request.user, framework_code=code)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            endorse(comment, voice=form.chosen)
        except (EndorsingRefused, WritingRefused) as refusal:
            refused = str(refusal)
        else:
            return _done(request, comment)
    return _answer(request, "comments/endorse.html", comment, refused, form=form)


@login_required
@require_POST
def endorsement_taken_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """Endorse it no more."""
    comment = comment_to_read(reference=reference)
    try:
        take_back_endorsement(comment, user=request.user)
    except EndorsingRefused as refusal:
        return _answer(request, "comments/more.html", comment, str(refusal))
    return _done(request, comment)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, reference: str) -> HttpResponse:
    """Tell the moderators that a comment breaks a rule."""
    comment = comment_to_read(reference=reference)
    form = ReportForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            flag_comment(comment, reporter=request.user, **form.cleaned_data)
        except ModeratingRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Thank you. A moderator will look at it."))
            return redirect("comment", reference=comment.reference)
    return _answer(request, "comments/report.html", comment, refused, form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, reference: str) -> HttpResponse:
    """Change one's own comment."""
    comment = own_comment(request.user, reference=reference)
    form = EditForm(posted(request), comment=comment)
    refused, warned = "", None
    if request.method == "POST" and form.is_valid():
        try:
            form.change(comment, author=request.user)
        except TextGivesAway as asked:
            warned = asked.warned
        except (EditingRefused, WritingRefused) as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Your comment is changed."))
            return redirect("comment", reference=comment.reference)
    return _answer(request, "comments/edit.html", comment, refused, form=form, warned=warned)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: SignedInRequest, reference: str) -> HttpResponse:
    """Withdraw one's own comment, after a page that says what stays."""
    comment = own_comment(request.user, reference=reference)
    refused = ""
    if request.method == "POST":
        try:
            withdraw_comment(comment, author=request.user)
        except (EditingRefused, StandingRefused) as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Your comment is withdrawn."))
            return redirect("me")
    return _answer(request, "comments/withdraw.html", comment, refused)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appealing(request: SignedInRequest, reference: str) -> HttpResponse:
    """Ask that one's own hidden comment be looked at again."""
    comment = own_comment(request.user, reference=reference)
    form = AppealForm(posted(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            appeal(comment, author=request.user, **form.cleaned_data)
        except ModeratingRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Your appeal is with the moderators."))
            return redirect("comment_more", reference=comment.reference)
    return _answer(request, "comments/appeal.html", comment, refused, form=form)


@require_safe
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """What a comment said before, with the differences."""
    comment = comment_to_read(reference=reference)
    versions: list[Version] = versions_of(comment)
    return render(request, "comments/history.html", {"comment": comment, "versions": versions})


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of the discussion, which every hiding must cite."""
    return render(request, "comments/rules.html", {"rules": list(Rule)})


def posted(request: HttpRequest) -> QueryDict | None:
    """The form that was sent, also an empty one; None where none was."""
    return request.POST if request.method == "POST" else None


def _done(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Back to the comment; a page's script gets the new count instead."""
    if not request.headers.get(FRAGMENT):
        return redirect("comment", reference=comment.reference)
    comment.refresh_from_db(fields=["endorsement_count"])
    return JsonResponse({"endorsements": comment.endorsement_count})


def _answer(
    request: SignedInRequest, template: str, comment: Comment, refused: str, **context: object
) -> HttpResponse:
    if refused and request.headers.get(FRAGMENT):
        return JsonResponse({"refused": refused}, status=422)
    page = CommentPage.of(comment, request.user)
    context |= {"page": page, "refused": refused, "support": support_of(comment)}
    is_wrong = refused or request.method == "POST"
    return render(request, template, context, status=422 if is_wrong else 200)
