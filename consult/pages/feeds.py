"""A framework's publications as an Atom feed: which section and report could be read when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consult.document.dates import moment_in_words
from consult.document.models import Draft, Framework, Section
from consult.reports.models import Report
from consult.reports.publishing import published_among

MOST_ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """Something that was published."""

    title: str
    about: str
    path: str
    published_at: datetime


class Publications(Feed):  # type: ignore[type-arg]
    """The sections of every draft whose text is shown, and the reports on them, newest first; the
    same for everyone."""

    feed_type = Atom1Feed
    subtitle = gettext_lazy("Which sections and reports were published, newest first.")

    def get_object(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> Framework:  # noqa: ARG002 - Django's signature
        """The framework, if anything of it is shown."""
        shown = Framework.objects.visible_to(AnonymousUser(), at=timezone.now())
        published = Report.objects.published().filter(draft__framework=OuterRef("pk"))
        return get_object_or_404(shown.annotate(reported=Exists(published)), code=kwargs["code"])

    def title(self, framework: Framework) -> str:
        return _("%(title)s: publications") % {"title": framework.title}

    def author_name(self, framework: Framework) -> str:
        return framework.owner_body

    def link(self, framework: Framework) -> str:
        return reverse("framework", args=[framework.code])

    def items(self, framework: Framework) -> list[Entry]:
        now = timezone.now()
        found = [*_sections(framework, at=now)]
        if framework.reported:  # type: ignore[attr-defined]
            found += _reports(framework, at=now)
        found.sort(key=lambda entry: entry.published_at, reverse=True)
        return found[:MOST_ENTRIES]

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return item.about

    def item_link(self, item: Entry) -> str:
        return item.path

    def item_pubdate(self, item: Entry) -> datetime:
        return item.published_at

    def item_updateddate(self, item: Entry) -> datetime:
        return item.published_at


def _sections(framework: Framework, *, at: datetime) -> Iterator[Entry]:
    readable = Section.objects.readable(at=at)
    # What was opened together with what it stands in is told of by that.
    with_parent = readable.filter(
        parent__in=readable.values("pk"), parent__window__opens_at=F("window__opens_at")
    )
    found = readable.filter(draft__framework=framework).exclude(pk__in=with_parent.values("pk"))
    newest = found.select_related("window", "draft__framework")
    for section in newest.order_by("-window__opens_at", "draft", "position")[:MOST_ENTRIES]:
        opens_at = section.window_dates.opens_at
        if opens_at:
            title = f"{section.number} {section.title or section.ref}".strip()
            address = [framework.code, section.draft.number, section.ref]
            yield Entry(title, _about(section.draft), reverse("section", args=address), opens_at)


def _reports(framework: Framework, *, at: datetime) -> Iterator[Entry]:
    readable = framework.drafts.readable(at=at)
    for report in published_among(Report.objects.filter(draft__in=readable), at=at):
        if report.published_at:
            title = _("Report up to %(cutoff)s") % {"cutoff": moment_in_words(report.cutoff)}
            path = reverse("report", args=[report.public_id])
            yield Entry(title, _about(report.draft), path, report.published_at)


def _about(draft: Draft) -> str:
    return f"{draft.framework.title} {draft.label}".strip()


publications = require_safe(Publications())
