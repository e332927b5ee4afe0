"""The sheets that are made of a report's counts."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from accounts.places import County
from consult.document.windows import WindowState
from consult.reports.canonical import moment
from consult.reports.contexts import ReportContext
from consult.reports.exporting.sheet import Column, Kind, Layout, Row
from consult.reports.files.columns import (
    COMMENT,
    GROUP_COLUMN,
    HEADING_COLUMN,
    LINK_TO_COMMENTS,
    MEASURES,
    SECTION_COLUMN,
    STANCE_COLUMN,
    choices_of,
)
from consult.reports.headings import section_heading
from consult.reports.printing import absolute
from consult.reports.selecting import Selection
from consult.reports.tallying import MEASURES as MEASURED

ALL, SECTION, WHOLE = "all", "section", "draft"
SCOPES = {
    ALL: _("Everything the report is about"),
    SECTION: _("A section"),
    WHOLE: _("The draft as a whole"),
}


ABOUT = Layout(
    "about",
    _("About this file"),
    _("One fact about the report a row: what it is about, when, and its hashes."),
    (
        Column("name", Kind.TEXT, _("Name"), _("The fact's name for programs."), example="cutoff"),
        Column(
            "fact",
            Kind.TEXT,
            _("Fact"),
            _("The fact's name in words."),
            example="統計截止時間",
            width=28,
        ),
        Column(
            "value",
            Kind.TEXT,
            _("Value"),
            _("What it is."),
            example="2026-11-23T06:00:00.000000Z",
            width=72,
        ),
    ),
)
COUNTS = Layout(
    "counts",
    _("Counts"),
    _(
        "One count a row: by section, group and stance. Where group or stance is empty, all are "
        "counted together. Only what was said at all has a row."
    ),
    (
        Column(
            "scope",
            Kind.CHOICE,
            _("Scope"),
            _("What is counted: everything, one section alone, or the draft as a whole."),
            example="section",
            choices=SCOPES,
            width=20,
        ),
        SECTION_COLUMN,
        HEADING_COLUMN,
        GROUP_COLUMN,
        STANCE_COLUMN,
        *MEASURES,
        LINK_TO_COMMENTS,
    ),
)
DAYS = Layout(
    "days",
    _("Days"),
    _("One day in Taipei a row on which something was said."),
    (
        Column("day", Kind.DAY, _("Day"), _("The day in Taipei."), example="2026-11-23", width=12),
        MEASURES[0],
        LINK_TO_COMMENTS,
    ),
)
MATRIX = Layout(
    "matrix",
    _("Who spoke where"),
    _(
        "One section a row that could be commented on or was, with the number of comments of each "
        "group; nobody spoke where it is zero."
    ),
    (
        SECTION_COLUMN,
        HEADING_COLUMN,
        Column(
            "state",
            Kind.CHOICE,
            _("State"),
            _("Whether comments were taken at the cutoff."),
            example="open",
            choices=choices_of(WindowState.choices),
            width=20,
        ),
        *(
            Column(
                group.value,
                Kind.NUMBER,
                group.label,
                format_lazy(_("How many comments of this group: {group}."), group=group.label),
                COMMENT,
                "12",
                width=10,
            )
            for group in StakeholderGroup
        ),
        MEASURES[0],
    ),
)
COUNTIES = Layout(
    "counties",
    _("Counties"),
    _("One county a row: what was said in the name of organisations at home there."),
    (
        Column(
            "county",
            Kind.CHOICE,
            _("County"),
            _("Where the organisation is at home."),
            example="TPE",
            choices=choices_of(County.choices),
        ),
        *MEASURES,
        LINK_TO_COMMENTS,
    ),
)


NOT_VOTES = _(
    "These are counts of what was said, not votes: one person may write many comments, and many "
    "who agree write none."
)
Counts = Mapping[str, Any]


def about_rows(page: ReportContext) -> Iterator[Row]:
    """The facts that say which report this is, and what its numbers are not."""
    report = page.report
    draft = report.draft
    yield "framework", gettext("Framework"), draft.framework.title
    yield "draft", gettext("Draft"), draft.label or str(draft.number)
    yield "cutoff", gettext("Cutoff"), moment(report.cutoff)
    yield "sections", gettext("Sections"), gettext(", ").join(report.sections)
    yield "group", gettext("Stakeholder group"), report.get_group_display() if report.group else ""
    yield "inputs_sha256", gettext("SHA-256 of the inputs"), report.inputs_sha256
    yield "result_sha256", gettext("SHA-256 of the result"), report.result_sha256
    yield "source_sha256", gettext("SHA-256 of the draft's text"), draft.source_sha256
    yield "made", gettext("Made"), moment(report.finished_at) if report.finished_at else ""
    yield "address", gettext("Address"), absolute(reverse("report", args=[report.public_id]))
    yield "dictionary", gettext("Data dictionary"), absolute(reverse("data_dictionary"))
    yield "note", gettext("Note"), str(NOT_VOTES)


def counts_rows(page: ReportContext) -> Iterator[Row]:
    """Everything first, then each section in reading order, the draft as a whole last."""
    yield from _counts_of(page, page.result, ALL, "", "", {})
    for section in page.result["sections"]:
        scope = SECTION if section["ref"] else WHOLE
        where = {"section": section["ref"]} if section["ref"] else {"on_whole": True}
        yield from _counts_of(page, section, scope, section["ref"], section_heading(section), where)


def _counts_of(
    page: ReportContext, found: Counts, scope: str, section: str, heading: str, where: Counts
) -> Iterator[Row]:
    def row(counts: Counts, group: str = "", stance: str = "") -> Row:
        chosen = Selection(**where, group=group or None, stance=stance or None)
        measures = (counts[name] for name in MEASURED)
        address = absolute(page.ledger.address(chosen))
        return (scope, section, heading, group, stance, *measures, address)

    if not found["total"]["comments"]:
        return
    yield row(found["total"])
    for stance, counts in found["stances"].items():
        yield row(counts, stance=stance)
    for group, counts in found["groups"].items():
        yield row(counts, group)
        for stance, cell in found["cells"][group].items():
            yield row(cell, group, stance)


def days_rows(page: ReportContext) -> Iterator[Row]:
    """In the order of the calendar."""
    for found in page.result["days"]:
        day = date.fromisoformat(found["day"])
        yield day, found["comments"], absolute(page.ledger.address(Selection(day=day)))


def matrix_rows(page: ReportContext) -> Iterator[Row]:
    """In reading order, zeros as zeros."""
    for row in page.sections:
        cells = (cell.figure.value for cell in row.groups)
        yield row.ref, row.heading, row.state, *cells, row.figures.comments.value


def counties_rows(page: ReportContext) -> Iterator[Row]:
    """By the counties' codes."""
    for county, counts in page.result["counties"].items():
        measures = (counts[name] for name in MEASURED)
        yield county, *measures, absolute(page.ledger.address(Selection(county=county)))
