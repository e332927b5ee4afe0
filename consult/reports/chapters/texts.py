"""The draft's text where a report shows it: only what anyone may read now."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from consult.document.models import Draft, Provision, Section
from consult.reports.headings import section_heading
from consult.reports.models import Report

READABLE = "readable_provisions"


class Text(NamedTuple):
    """A provision's text and its section."""

    section: str
    text: str


def texts_of(draft: Draft) -> Mapping[str, Text]:
    """By the provision's reference, in reading order: one query, however many chapters ask.

    A section that was withdrawn since, or never published, is not among them: a report may be
    read by everyone.
    """
    readable = Section.objects.filter(draft=draft).readable(at=timezone.now())
    provisions = (
        Provision.objects.filter(section__in=readable)
        .select_related("section")
        .defer("search")
        .order_by("section__position", "position")
    )
    prefetch_related_objects([draft], Prefetch("provisions", provisions, to_attr=READABLE))
    found: Sequence[Provision] = getattr(draft, READABLE)
    return {each.ref: Text(each.section.ref, each.text) for each in found}


def headings_of(report: Report) -> Mapping[str, str]:
    """What the report's sections are called, by their references, in reading order."""
    sections = (report.result or {}).get("sections", ())
    return {section["ref"]: section_heading(section) for section in sections}
