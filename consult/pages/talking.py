"""Threads: read one, post to it, catch up with it, and find one comment again."""

from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.access import Visitor, is_signed_in
from comments.access import comment_to_read, target_to_read
from comments.contexts import ThreadPage, comment_views, compose, thread_page
from comments.forms import CommentForm, parent_named, words_between
from comments.models import Comment, Thread
from comments.posting import ParentRefused, PostingRefused
from comments.targets import Target, ref_of, text_of
from comments.threads import (
    ThreadPart,
    Wanted,
    changes_after,
    page_of,
    read_part,
    states_in,
    thread_on,
)
from comments.writing import WritingRefused
from consult.document.access import READABLE, section_to_read
from consult.document.models import Draft, Section
from consult.document.windows import WindowState
from consult.pages.errors import csrf_failure

# What was typed before signing in, kept for the way back.
KEPT = "kept_comment"
LONGEST_KEPT = 20_000
LONGEST_NUMBER = 10
# A page's script asks for the part of the page that it puts in place.
FRAGMENT = "X-Fragment"


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, code: str, number: int, ref: str) -> HttpResponse:
    """A thread's own page, or beside the text; a POST posts to it."""
    target = target_to_read(code=code, number=number, ref=ref)
    if request.method == "POST":
        return _post(request, target)
    if "since" in request.GET:
        return _changes(request, target)
    return _show(request, target, CommentForm(request.session.get(KEPT, {}).get(request.path, {})))


def _post(request: HttpRequest, target: Target) -> HttpResponse:
    form = CommentForm(request.POST)
    if not is_signed_in(request.user):
        return _sign_in_first(request, form)
    try:
        comment = form.post(target, user=request.user)
    except WritingRefused as refusal:
        return _show(request, target, form, refused=refusal)
    if KEPT in request.session:
        del request.session[KEPT]
    return HttpResponseRedirect(
        comment_address(target, comment, draft=section_of(target).draft, posted=True)
    )


def _sign_in_first(request: HttpRequest, form: CommentForm) -> HttpResponse:
    """Keep what was typed, and come back to it after signing in."""
    kept = {name: form.written(name)[:LONGEST_KEPT] for name in form.fields}
    request.session[KEPT] = {request.path: kept}
    back = f"{request.path}#write"
    if request.headers.get(FRAGMENT):
        return JsonResponse({"sign_in": redirect_to_login(back).url}, status=401)
    return redirect_to_login(back)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: what was typed stands in a fresh one."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match is None or match.url_name != "thread":
        return csrf_failure(request, reason)
    target = target_to_read(**match.kwargs)
    refusal = PostingRefused(_("This page had been open for a long time. Please send it again."))
    return _show(request, target, CommentForm(request.POST), refused=refusal, status=403)


def _show(
    request: HttpRequest,
    target: Target,
    form: CommentForm,
    *,
    refused: WritingRefused | None = None,
    status: int = 422,
) -> HttpResponse:
    page = _page(request, target, form, refused=refused)
    template = "comments/_panel.html" if request.headers.get(FRAGMENT) else "consult/thread.html"
    response = render(request, template, {"page": page}, status=status if refused else 200)
    response["Vary"] = f"{FRAGMENT}, Cookie, Accept-Language"
    return response


def _page(
    request: HttpRequest, target: Target, form: CommentForm, *, refused: WritingRefused | None
) -> ThreadPage:
    section = section_of(target)
    wanted = _wanted(request)
    found = thread_on(target)
    part = read_part(found, wanted, reader=request.user)
    return thread_page(
        target,
        section=section,
        state=section.state(at=timezone.now()),
        thread=found,
        part=part,
        wanted=wanted,
        compose=compose(
            request.user,
            framework_code=section.draft.framework.code,
            form=form,
            refused=refused,
            anchor=words_between(target, request.GET.get("words", "")),
            parent=_parent(request, form, found),
        ),
        reader=request.user,
        posted=_posted(request.user, request.GET.get("posted", ""), part),
    )


def _wanted(request: HttpRequest) -> Wanted:
    stance = request.GET.get("stance", "")
    return Wanted(
        stance=stance if stance in Comment.Stance.values else "",
        newest_first=request.GET.get("order") == "newest",
        after=_number(request.GET.get("after", "")),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


def _parent(request: HttpRequest, form: CommentForm, thread: Thread | None) -> Comment | None:
    """The comment replied to, where it stands in this thread."""
    reference = form.written("parent") or request.GET.get("reply", "")
    try:
        parent = parent_named(reference)
    except ParentRefused:
        return None
    # By the thread itself: another draft, perhaps withdrawn, may have a thread of the same name.
    if parent is None or thread is None or parent.thread_id != thread.pk:
        return None
    return parent


def _posted(user: Visitor, reference: str, part: ThreadPart) -> str:
    """The comment just posted, which gets a receipt; another person's gets none here."""
    own = (comment.reference for comment in part.comments if comment.author_id == user.pk)
    return reference if reference in own else ""


def _changes(request: HttpRequest, target: Target) -> HttpResponse:
    """What a page missed that holds a number; 204 where it had better load afresh."""
    since = _number(request.GET["since"])
    found = changes_after(target, since)
    if found is None:
        return HttpResponse(status=204)
    section = section_of(target)
    context = {
        "views": comment_views(found, new_after=since, text=text_of(target)),
        "draft": section.draft,
        "ref": ref_of(target),
        "is_open": section.state(at=timezone.now()) == WindowState.OPEN,
        "sequence": max((comment.changed_sequence for comment in found), default=since),
    }
    return render(request, "comments/_changes.html", context)


@require_GET
def sequences(
    request: HttpRequest,  # noqa: ARG001 - a view
    code: str,
    number: int,
    ref: str,
) -> JsonResponse:
    """How far every thread of a section's page is, and which sections take comments."""
    now = timezone.now()
    section = section_to_read(code=code, number=number, ref=ref, at=now)
    within = Section.objects.within(section).listed(at=now).select_related("window")
    listed = list(within.in_reading_order())
    states = {found.ref: found.state(at=now) for found in listed}
    readable = [found for found in listed if states[found.ref] in READABLE]
    return JsonResponse(
        {
            "threads": {
                found.ref: {"sequence": found.sequence, "comments": found.comments}
                for found in states_in(readable)
            },
            "windows": states,
        },
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def comment(request: HttpRequest, reference: str) -> HttpResponse:  # noqa: ARG001 - a view
    """A comment's permanent link leads to the page of its thread where it stands."""
    found = comment_to_read(reference=reference)
    target = found.thread.provision or found.thread.section or found.thread.draft
    return HttpResponseRedirect(comment_address(target, found, draft=found.thread.draft))


def section_of(target: Target) -> Section:
    """The section that a thread's subject is or stands in."""
    if isinstance(target, Draft):
        raise Http404
    return target if isinstance(target, Section) else target.section


def comment_address(target: Target, comment: Comment, *, draft: Draft, posted: bool = False) -> str:
    """Where a comment stands in its thread, with its receipt if it was posted just now."""
    path = reverse("thread", args=[draft.framework.code, draft.number, ref_of(target)])
    wanted = page_of(comment)
    query: dict[str, int | str] = {"after": wanted.after} if wanted.after else {}
    if posted:
        query["posted"] = comment.reference
    return f"{path}{'?' + urlencode(query) if query else ''}#c-{comment.reference}"
