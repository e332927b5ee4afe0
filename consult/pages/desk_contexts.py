"""What the drafter's desk shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.forms import model_to_dict
from django.utils.functional import Promise

from accounts.groups import StakeholderGroup
from comments.coverage import comments_by_section_and_group, comments_since_by_draft
from comments.models import Placement
from consult.document.access import READABLE
from consult.document.models import Draft, Framework, Section, WindowRecord
from consult.document.relating import waiting_links
from consult.document.undoing import Change, last_change
from consult.document.windows import WindowDates, WindowState
from consult.pages.reading_words import said
from consult.reports.charts import heat
from consult.reports.forms import ScheduleForm
from consult.reports.models import Report
from consult.reports.scheduling import schedule_of
from consult.reports.silence import invited_and_silent

ONE_DAY = timedelta(days=1)
CLOSING_SOON = timedelta(days=3)
REPORTS_SHOWN = 5


@dataclass(frozen=True)
class DeskLine:
    """One section of the tree, with its window and what was last done to it."""

    section: Section
    state: WindowState
    dates: WindowDates
    comments: int
    last: WindowRecord | None
    closing_soon: bool

    @property
    def planned(self) -> bool:
        """Whether it is not shown yet and will be, by a date that is set."""
        return (
            self.state == WindowState.UNPUBLISHED
            and self.dates.announced_at is not None
            and self.dates.withdrawn_at is None
        )


@dataclass(frozen=True)
class Cell:
    """A number of the matrix and its tint: 0 for none, then 1 to 4."""

    count: int
    heat: int


@dataclass(frozen=True)
class MatrixRow:
    """One section; None is the draft as a whole."""

    section: Section | None
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True)
class Matrix:
    """Section × stakeholder group: who has spoken where, zeros plain to see."""

    groups: tuple[tuple[str, str | Promise], ...]
    rows: tuple[MatrixRow, ...]
    totals: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.totals)

    @property
    def silent(self) -> list[str | Promise]:
        """The groups that have said nothing on any section."""
        return [
            label for (_, label), total in zip(self.groups, self.totals, strict=True) if total == 0
        ]


@dataclass(frozen=True)
class DraftDesk:
    """Everything on the desk of one draft."""

    draft: Draft
    lines: tuple[DeskLine, ...]
    matrix: Matrix
    new_comments: int
    reports: tuple[Report, ...]
    # Which reports are made by themselves.
    schedule: ScheduleForm
    change: Change | None
    # Links of its lineage that wait for a drafter; None where it follows no other draft.
    waiting_links: int | None
    # Comments of earlier drafts whose place in it a drafter has to decide.
    waiting_placements: int
    # How many organisations are invited to speak, and how many of them have said nothing.
    invited: int
    silent_invitees: int

    @property
    def doubts(self) -> list[str]:
        """What was unsure in reading the text."""
        return [said(warning) for warning in self.draft.warnings]

    @property
    def open_lines(self) -> list[DeskLine]:
        return [line for line in self.lines if line.state == WindowState.OPEN]

    @property
    def closing_soon(self) -> list[DeskLine]:
        """What closes within three days; a section that closes with its parent isn't repeated."""
        closing = [line for line in self.lines if line.closing_soon]
        together = {(line.section.pk, line.dates.closes_at) for line in closing}
        return [
            line
            for line in closing
            if (line.section.parent_id, line.dates.closes_at) not in together
        ]


@dataclass(frozen=True)
class DraftSummary:
    """One draft on the list of desks."""

    draft: Draft
    sections_open: int
    closes_first: datetime | None
    new_comments: int


@dataclass(frozen=True)
class Desk:
    """The frameworks that a person drafts, each with its drafts, newest first."""

    frameworks: tuple[tuple[Framework, tuple[DraftSummary, ...]], ...]


def desk_of(frameworks: list[Framework], *, at: datetime) -> Desk:
    """The desk over these frameworks, in three queries whatever their number."""
    drafts = list(Draft.objects.filter(framework__in=frameworks).newest_first())
    new = comments_since_by_draft(drafts, since=at - ONE_DAY)
    closings: dict[int, list[datetime | None]] = {draft.pk: [] for draft in drafts}
    open_now = Section.objects.filter(draft__in=drafts).open(at=at)
    for draft_id, closes_at in open_now.values_list("draft_id", "window__closes_at"):
        closings[draft_id].append(closes_at)
    summaries = [
        DraftSummary(
            draft=draft,
            sections_open=len(closings[draft.pk]),
            closes_first=min((c for c in closings[draft.pk] if c), default=None),
            new_comments=new.get(draft.pk, 0),
        )
        for draft in drafts
    ]
    return Desk(
        tuple(
            (found, tuple(s for s in summaries if s.draft.framework_id == found.pk))
            for found in frameworks
        )
    )


def draft_desk(draft: Draft, *, at: datetime) -> DraftDesk:
    """The desk of one draft, in as many queries for ten sections as for a thousand."""
    sections = list(draft.sections.select_related("window").in_reading_order())
    counts = comments_by_section_and_group(draft)
    by_section: dict[int | None, int] = {}
    for (section_id, _), count in counts.items():
        by_section[section_id] = by_section.get(section_id, 0) + count
    last = _last_records(draft)
    invited, silent = invited_and_silent(draft)
    return DraftDesk(
        draft=draft,
        lines=tuple(
            _desk_line(section, by_section.get(section.pk, 0), last.get(section.pk), at=at)
            for section in sections
        ),
        matrix=matrix_of(sections, counts, at=at),
        new_comments=comments_since_by_draft([draft], since=at - ONE_DAY).get(draft.pk, 0),
        reports=tuple(draft.reports.newest_first().defer("result")[:REPORTS_SHOWN]),
        schedule=ScheduleForm(initial=model_to_dict(schedule_of(draft))),
        change=last_change(draft),
        waiting_links=waiting_links(draft),
        waiting_placements=Placement.objects.filter(draft=draft).waiting().count(),
        invited=invited,
        silent_invitees=silent,
    )


def _desk_line(
    section: Section, comments: int, last: WindowRecord | None, *, at: datetime
) -> DeskLine:
    dates = section.window_dates
    state = dates.state(at=at)
    soon = dates.closes_at is not None and dates.closes_at - at <= CLOSING_SOON
    return DeskLine(section, state, dates, comments, last, state == WindowState.OPEN and soon)


def _last_records(draft: Draft) -> dict[int, WindowRecord]:
    newest = (
        WindowRecord.objects.filter(section__draft=draft)
        .order_by("section_id", "-recorded_at", "-pk")
        .distinct("section_id")
        .select_related("actor")
    )
    return {record.section_id: record for record in newest}


def matrix_of(
    sections: list[Section], counts: Mapping[tuple[int | None, str], int], *, at: datetime
) -> Matrix:
    """A row for each section that can be read or was spoken on; each counts its own text only.

    The last is the draft as a whole, once it was spoken on.
    """
    spoken_on = {section_id for section_id, _ in counts}
    most = max(counts.values(), default=0)
    groups = tuple(StakeholderGroup.choices)
    rows = []
    places: list[Section | None] = [*sections, None]
    for place in places:
        key = place.pk if place else None
        is_readable = place is not None and place.state(at=at) in READABLE
        if key not in spoken_on and not is_readable:
            continue
        numbers = [counts.get((key, group), 0) for group, _ in groups]
        cells = tuple(Cell(n, heat(n, highest=most)) for n in numbers)
        rows.append(MatrixRow(place, cells, sum(numbers)))
    totals = tuple(sum(row.cells[place].count for row in rows) for place, _ in enumerate(groups))
    return Matrix(groups, tuple(rows), totals)
