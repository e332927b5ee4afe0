"""The head of a report's inputs, from the database: text, windows at the cutoff, decisions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from consult.document.models import Draft, Provision, Section, WindowRecord
from consult.document.windows import WindowDates, WindowState
from consult.reports.analysing.chapter import Head, Line
from consult.reports.canonical import moment
from consult.reports.models import Report

MOST_OPEN_FIRST = (WindowState.OPEN, WindowState.CLOSED, WindowState.ANNOUNCED)
TERMS = "terms"


def head_of(report: Report) -> Head:
    """What stands in the report's inputs before the comments; the same whenever it is asked."""
    draft = report.draft
    sections = sections_of(report)
    decisions: dict[str, Any] = dict(report.decisions)
    return Head(
        report={
            "framework": draft.framework.code,
            "draft": draft.number,
            "source_sha256": draft.source_sha256,
            "cutoff": moment(report.cutoff),
            "sections": report.sections,
            "group": report.group,
            TERMS: decisions.pop(TERMS, []),
        },
        sections=list(_section_lines(draft, sections, report)),
        provisions=_provision_lines(draft, sections, report),
        decisions=decisions,
    )


def sections_of(report: Report) -> list[Section]:
    """The sections it is about, in reading order."""
    sections = report.draft.sections.in_reading_order()
    return list(sections.filter(ref__in=report.sections) if report.sections else sections)


def _section_lines(draft: Draft, sections: Iterable[Section], report: Report) -> Iterable[Line]:
    """The sections with their states at the cutoff.

    The draft as a whole, which only a report on all of it has, is open while any section is.
    """
    states = _states_at(draft, cutoff=report.cutoff)
    for section in sections:
        yield {
            "ref": section.ref,
            "number": section.number,
            "title": section.title,
            "depth": section.depth,
            "state": states.get(section.pk, WindowState.UNPUBLISHED).value,
        }
    if not report.sections:
        found = set(states.values())
        state = next((each for each in MOST_OPEN_FIRST if each in found), WindowState.UNPUBLISHED)
        yield {"ref": "", "number": "", "title": "", "depth": 0, "state": state.value}


def _provision_lines(draft: Draft, sections: list[Section], report: Report) -> list[Line]:
    refs = {section.pk: section.ref for section in sections}
    provisions = Provision.objects.filter(draft=draft)
    if report.sections:
        provisions = provisions.filter(section__in=sections)
    rows = provisions.order_by("section__position", "position").values_list(
        "section_id", "ref", "kind", "text"
    )
    return [
        {"section": refs[section], "ref": ref, "form": kind, "text": text}
        for section, ref, kind, text in rows
    ]


def _states_at(draft: Draft, *, cutoff: datetime) -> dict[int, WindowState]:
    """What readers met at the cutoff, by the record: a window's dates may have changed since."""
    last = (
        WindowRecord.objects.filter(section__draft=draft, recorded_at__lte=cutoff)
        .order_by("section_id", "-recorded_at", "-pk")
        .distinct("section_id")
    )
    return {record.section_id: _dates_of(record).state(at=cutoff) for record in last}


def _dates_of(record: WindowRecord) -> WindowDates:
    return WindowDates(record.announced_at, record.opens_at, record.closes_at, record.withdrawn_at)
