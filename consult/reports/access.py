"""Who may read a report: its framework's drafters, and once it is published, everyone."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.utils import timezone

from accounts.access import Visitor
from consult.document.access import require_drafter
from consult.document.models import Framework
from consult.reports.models import ExpectedVoice, Report
from consult.reports.publishing import unread_sections


@dataclass
class Reading:
    """A report as somebody may read it."""

    report: Report
    # Drafters see withheld chapters, too, and may change what is published.
    by_drafter: bool

    def shows(self, chapter: str) -> bool:
        """Whether this reader gets the chapter."""
        return self.by_drafter or chapter not in self.report.withheld

    @cached_property
    def gets_all(self) -> bool:
        """Whether this reader may have all that the report was made of."""
        return self.by_drafter or (not self.report.withheld and _is_all_readable(self.report))


def reading_of(user: Visitor, *, public_id: uuid.UUID) -> Reading:
    """A report on a framework that this person drafts, or that is published.

    Http404 for any other, and for a published one while text that it shows is taken back.
    Raises SecondFactorNeeded for a drafter without one.
    """
    report = _report(public_id)
    try:
        require_drafter(user, report.draft.framework)
    except Http404:
        pass
    else:
        return Reading(report, by_drafter=True)
    if report.published_at is None or unread_sections(report, at=timezone.now()):
        raise Http404
    return Reading(report, by_drafter=False)


def report_to_read(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """The report alone; refused as by `reading_of`."""
    return reading_of(user, public_id=public_id).report


def report_to_download(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """A report with all that it was made of; Http404 where this person may not have all of it."""
    reading = reading_of(user, public_id=public_id)
    if not reading.gets_all:
        raise Http404
    return reading.report


def report_to_change(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """A report that this person may cancel, annotate or publish: for the framework's drafters."""
    report = _report(public_id)
    require_drafter(user, report.draft.framework)
    return report


def finished_report_to_change(user: Visitor, *, public_id: uuid.UUID) -> Report:
    """The same of a report that is done; Http404 for any other."""
    report = report_to_change(user, public_id=public_id)
    if report.state != Report.State.DONE:
        raise Http404
    return report


def themes_to_change(user: Visitor, *, public_id: uuid.UUID, section: str) -> Report:
    """A finished report whose themes, of a section or ("") of all, this person may change.

    Refused as by `require_drafter`; 404 where it has no themes of that section.
    """
    report = report_to_change(user, public_id=public_id)
    chapters = (report.result or {}).get("chapters", {})
    if report.state != Report.State.DONE or section not in chapters.get("themes", {}):
        raise Http404
    return report


def _report(public_id: uuid.UUID) -> Report:
    try:
        return (
            Report.objects.select_related("draft__framework", "requested_by")
            .with_flagged()
            .get(public_id=public_id)
        )
    except Report.DoesNotExist:
        raise Http404 from None


def _is_all_readable(report: Report) -> bool:
    """Whether readers may read all text that stands in the report's inputs."""
    sections = report.draft.sections.all()
    if report.sections:
        sections = sections.filter(ref__in=report.sections)
    return sections.count() == sections.readable(at=timezone.now()).count()


def expected_list_to_keep(user: Visitor, *, code: str) -> Framework:
    """A framework whose list of those expected this person keeps; as by `require_drafter`."""
    framework = Framework.objects.filter(code=code).first()
    if framework is None:
        raise Http404
    require_drafter(user, framework)
    return framework


def voice_to_change(user: Visitor, *, code: str, public_id: uuid.UUID) -> ExpectedVoice:
    """An entry of such a list, also one taken off; refused as by `require_drafter`."""
    voices = ExpectedVoice.objects.select_related("framework", "organisation")
    voice = voices.filter(framework__code=code, public_id=public_id).first()
    if voice is None:
        raise Http404
    require_drafter(user, voice.framework)
    return voice
