"""Where threads and comments are on the site."""

from django.urls import reverse

from consult.document.models import Draft


def thread_address(draft: Draft, ref: str) -> str:
    """The page of the thread on what has this reference; with none, on the draft as a whole."""
    place = [draft.framework.code, draft.number]
    return reverse("thread", args=[*place, ref]) if ref else reverse("draft_thread", args=place)
