"""Search the published text and what was said on it; and the words that the search keeps whole."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest
from comments.tasks import bring_search_up_to_date
from consult.document.access import framework_to_change
from consult.document.terms import TermsRefused, change_terms, discover_terms
from consult.pages.search_contexts import search_page
from consult.pages.search_forms import TermsForm

REFUSED = 422


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found of what was typed, in the text and in the comments."""
    page = search_page(request.GET, reader=request.user, at=timezone.now())
    return render(request, "consult/search.html", {"page": page})


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: SignedInRequest, code: str) -> HttpResponse:
    """A framework's terms, and what may be some; posting keeps the list."""
    framework = framework_to_change(request.user, code=code)
    discovered = [(each.term, f"{each.term} · {each.times}") for each in discover_terms(framework)]
    form = TermsForm(request.POST or None, terms=framework.terms, discovered=discovered)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_terms(framework, terms=form.wanted)
        except TermsRefused as refusal:
            form.add_error("terms", str(refusal))
        else:
            if changed:
                # Where Redis can't be reached, beat asks for the same.
                transaction.on_commit(bring_search_up_to_date.delay, robust=True)
            messages.success(request, _("The terms are kept. The search knows them in a moment."))
            return redirect("desk_terms", code)
    context = {"framework": framework, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "consult/desk_terms.html", context, status=status)
