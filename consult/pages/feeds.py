"""A framework's publications as an Atom feed: which section could be read from when on."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consult.document.models import Framework, Section

MOST_ENTRIES = 50


class Publications(Feed):  # type: ignore[type-arg]
    """The sections of every draft whose text is shown, newest first; the same for everyone."""

    feed_type = Atom1Feed
    subtitle = gettext_lazy("Which sections of which draft were published, newest first.")

    def get_object(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> Framework:  # noqa: ARG002 - Django's signature
        """The framework, if anything of it is shown."""
        shown = Framework.objects.visible_to(AnonymousUser(), at=timezone.now())
        return get_object_or_404(shown, code=kwargs["code"])

    def title(self, framework: Framework) -> str:
        return _("%(title)s: publications") % {"title": framework.title}

    def author_name(self, framework: Framework) -> str:
        return framework.owner_body

    def link(self, framework: Framework) -> str:
        return reverse("framework", args=[framework.code])

    def items(self, framework: Framework) -> list[Section]:
        now = timezone.now()
        readable = Section.objects.readable(at=now)
        # What was opened together with what it stands in is told of by that.
        with_parent = readable.filter(
            parent__in=readable.values("pk"), parent__window__opens_at=F("window__opens_at")
        )
        found = readable.filter(draft__framework=framework).exclude(pk__in=with_parent.values("pk"))
        newest = found.select_related("window", "draft__framework")
        return list(newest.order_by("-window__opens_at", "draft", "position")[:MOST_ENTRIES])

    def item_title(self, item: Section) -> str:
        return f"{item.number} {item.title or item.ref}".strip()

    def item_description(self, item: Section) -> str:
        return f"{item.draft.framework.title} {item.draft.label}".strip()

    def item_link(self, item: Section) -> str:
        return reverse("section", args=[item.draft.framework.code, item.draft.number, item.ref])

    def item_pubdate(self, item: Section) -> datetime | None:
        return item.window_dates.opens_at

    def item_updateddate(self, item: Section) -> datetime | None:
        return item.window_dates.opens_at


publications = require_safe(Publications())
