"""Threads: read one, post to it, catch up with it, and find one comment again."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.access import is_signed_in
from comments.access import Talk, comment_to_find, talk_to_read
from comments.addresses import thread_address
from comments.carried import Carried, carried_to, later_place_of
from comments.contexts import compose, thread_page
from comments.forms import CommentForm, parent_named, words_between
from comments.models import Comment, Placement, Thread
from comments.parts import kept_place_of, rendered_changes, rendered_part
from comments.posting import ParentRefused, PostingRefused
from comments.targets import draft_of
from comments.threads import place_after_posting, states_in
from comments.wanted import Wanted
from comments.writing import WritingRefused
from consult.document.access import READABLE, section_to_read
from consult.document.models import Section
from consult.pages.errors import csrf_failure

# What was typed before signing in, kept for the way back.
KEPT = "kept_comment"
LONGEST_KEPT = 20_000
LONGEST_NUMBER = 10
# A page's script asks for the part of the page that it puts in place.
FRAGMENT = "X-Fragment"


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, code: str, number: int, ref: str = "") -> HttpResponse:
    """A thread's own page, or beside the text; a POST posts to it. No `ref`: the whole draft's."""
    talk = talk_to_read(code=code, number=number, ref=ref)
    if request.method == "POST":
        return _post(request, talk)
    if "since" in request.GET:
        return _changes(request, talk)
    return _show(request, talk, CommentForm(request.session.get(KEPT, {}).get(request.path, {})))


def _post(request: HttpRequest, talk: Talk) -> HttpResponse:
    form = CommentForm(request.POST, request.FILES)
    if not is_signed_in(request.user):
        return _sign_in_first(request, form)
    try:
        comment = form.post(talk.target, user=request.user)
    except WritingRefused as refusal:
        return _show(request, talk, form, refused=refusal)
    if KEPT in request.session:
        del request.session[KEPT]
    return HttpResponseRedirect(comment_address(comment, posted=True))


def _sign_in_first(request: HttpRequest, form: CommentForm) -> HttpResponse:
    """Keep what was typed, and come back to it after signing in."""
    kept = {name: form.written(name)[:LONGEST_KEPT] for name in form.fields}
    request.session[KEPT] = {request.path: kept}
    if request.FILES:
        messages.warning(request, _("Your text is kept; choose your files again after signing in."))
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
    if match is None or match.url_name not in ("thread", "draft_thread"):
        return csrf_failure(request, reason)
    talk = talk_to_read(**match.kwargs)
    words = _("This page had been open for a long time. Please send it again.")
    if request.FILES or "kept" in request.POST:
        words = _("This page had been open for a long time. Choose your files again and send it.")
    refusal = PostingRefused(words)
    return _show(request, talk, CommentForm(request.POST), refused=refusal, status=403)


def _show(
    request: HttpRequest,
    talk: Talk,
    form: CommentForm,
    *,
    refused: WritingRefused | None = None,
    status: int = 422,
) -> HttpResponse:
    posted = request.GET.get("posted", "")
    page = thread_page(
        talk,
        part=rendered_part(talk, Wanted.read(request.GET), reader=request.user, posted=posted),
        compose=compose(
            request.user,
            framework_code=draft_of(talk.target).framework.code,
            form=form,
            refused=refused,
            anchor=words_between(talk.target, request.GET.get("words", "")),
            parent=_parent(request, form, talk.thread),
        ),
        reader=request.user,
        carried=_carried(talk, request.GET.get("carried", "")),
        posted=posted,
    )
    status = status if refused else 200
    if request.headers.get(FRAGMENT):
        response = render(request, "comments/_panel.html", {"page": page}, status=status)
    else:
        context = {"page": page, "newer": talk.newer(at=timezone.now())}
        response = render(request, "consult/thread.html", context, status=status)
    response["Vary"] = f"{FRAGMENT}, Cookie, Accept-Language"
    return response


def _carried(talk: Talk, before: str) -> Carried:
    if not talk.receives:
        return Carried()
    return carried_to(talk.target, at=timezone.now(), before=_number(before))


def _parent(request: HttpRequest, form: CommentForm, thread: Thread | None) -> Comment | None:
    """The comment replied to, where it stands in this thread."""
    reference = form.written("parent") or request.GET.get("reply", "")
    try:
        parent = parent_named(reference)
    except ParentRefused:
        return None
    # By the thread itself: another draft, perhaps withdrawn, may have a thread of the same name.
    # Only one that is shown: the form names its author.
    if parent is None or thread is None or parent.thread_id != thread.pk or not parent.is_shown:
        return None
    return parent


def _changes(request: HttpRequest, talk: Talk) -> HttpResponse:
    """What a page missed that holds a number; 204 where it had better load afresh."""
    found = rendered_changes(talk, since=_number(request.GET["since"]) or 0)
    return HttpResponse(found) if found is not None else HttpResponse(status=204)


def _number(typed: str) -> int | None:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else None


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


@require_GET
def draft_sequences(request: HttpRequest, code: str, number: int) -> JsonResponse:  # noqa: ARG001 - a view
    """How far the thread on a draft as a whole is, and whether it takes comments."""
    talk = talk_to_read(code=code, number=number)
    sequence, comments = (
        (talk.thread.sequence, talk.thread.comment_count) if talk.thread else (0, 0)
    )
    return JsonResponse(
        {
            "threads": {"": {"sequence": sequence, "comments": comments}},
            "windows": {"": talk.state},
        },
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """A comment's permanent link leads to the page of its thread where it stands.

    There it is said if the comment was carried to a newer draft.
    """
    found = comment_to_find(reference=reference)
    later = later_place_of(found, at=timezone.now())
    if later:
        messages.info(request, _where_it_went(later))
    return HttpResponseRedirect(comment_address(found))


def _where_it_went(placement: Placement) -> SafeString:
    draft = placement.draft
    place = placement.provision if placement.provision and placement.is_settled else None
    place_or_section = place or placement.section
    return format_html(
        '{} <a href="{}#carried">{}</a>',
        _("This comment was carried to a newer draft (%(status)s).")
        % {"status": placement.get_status_display()},
        thread_address(draft, place_or_section.ref if place_or_section else ""),
        draft.label or str(draft),
    )


def comment_address(comment: Comment, *, posted: bool = False) -> str:
    """Where a comment stands in its thread, with its receipt if it was posted just now."""
    thread = comment.thread
    path = thread_address(thread.draft, thread.ref)
    query = (place_after_posting(comment) if posted else kept_place_of(comment)).query
    if posted:
        query += f"{'&' if query else '?'}posted={comment.reference}"
    return f"{path}{query}#c-{comment.reference}"
