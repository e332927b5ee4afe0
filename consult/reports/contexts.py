"""What a finished report's page shows, taken from its stored result alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.document.windows import WindowState
from consult.reports import charts
from consult.reports.access import Reading
from consult.reports.analysing import conflicts, opinions
from consult.reports.canonical import moment
from consult.reports.chapters.conflicts import Clash
from consult.reports.chapters.opinions import Taken
from consult.reports.chapters.registry import CHAPTERS as SHOWN
from consult.reports.chapters.sides import SideRow
from consult.reports.charts import BarChart, ColumnChart, Part
from consult.reports.comparing import Earlier
from consult.reports.figures import Figure, Figures, Ledger
from consult.reports.headings import section_heading
from consult.reports.models import Report, ReportNote
from consult.reports.selecting import Selection
from consult.reports.titles import TITLES, chapter_title

Stance = Comment.Stance
# By meaning, not by size: the same order everywhere.
STANCES = (Stance.SUPPORT, Stance.OPPOSE, Stance.SUGGEST, Stance.QUESTION, Stance.OTHER)
GROUPS = tuple(StakeholderGroup)
CONSULTED = {WindowState.OPEN, WindowState.CLOSED}


@dataclass(frozen=True)
class Heading:
    """A column or row of a table: a group's or a stance's name, with the stance's sign."""

    key: str
    label: str
    sign: str = ""


@dataclass(frozen=True)
class MatrixCell:
    """How much one group said on one section."""

    figure: Figure
    heat: int
    # Nobody of the group spoke, though the section could be spoken on.
    is_silent: bool


@dataclass(frozen=True)
class GroupRow:
    """A section's row of one group: how much it said with each stance."""

    label: str
    stances: tuple[Figure, ...]
    figures: Figures


@dataclass(frozen=True)
class SectionRow:
    """A section of the report, or the draft as a whole, as a row of each table and as a chapter."""

    place: int
    ref: str
    heading: str
    depth: int
    state: str
    state_label: str
    was_consulted: bool
    figures: Figures
    by_drafters: Figure
    groups: tuple[MatrixCell, ...]
    stances: tuple[Figure, ...]
    rows: tuple[GroupRow, ...]

    @property
    def is_silent(self) -> bool:
        """It could be spoken on, and nobody did."""
        return self.was_consulted and not self.figures.comments.value

    @property
    def is_shown(self) -> bool:
        """A section that nobody could speak on and nobody spoke on stands in no table."""
        return self.was_consulted or bool(self.figures.comments.value or self.by_drafters.value)


@dataclass(frozen=True)
class Silence:
    """On how many sections that could be commented on a group has said nothing."""

    group: Heading
    sections: int


@dataclass(frozen=True)
class DayRow:
    day: dt.date
    figure: Figure


@dataclass(frozen=True)
class ChapterView:
    """A chapter as this reader gets it, with the drafters' note beside it."""

    name: str
    title: str
    template: str
    content: Any
    note: ReportNote | None
    is_withheld: bool


class ReportContext:
    """A finished report: overview, tables, charts and chapters, each made when it is drawn."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.report = report = reading.report
        self.result: Mapping[str, Any] = report.result or {}
        self.ledger = Ledger(report)

    @cached_property
    def chapter_views(self) -> list[ChapterView]:
        """The chapters in their order, without those that this reader doesn't get."""
        found = self.result["chapters"]
        names = [name for name in TITLES if name in SHOWN and self.reading.shows(name)]
        return [
            ChapterView(
                name=name,
                title=chapter_title(name),
                template=shown.template,
                content=shown.context(found[name], self.ledger) if shown.context else None,
                note=self.notes.get(name),
                is_withheld=name in self.report.withheld,
            )
            for name, shown in ((name, SHOWN[name]) for name in names)
            if name in found or shown.context is None
        ]

    @cached_property
    def notes(self) -> Mapping[str, ReportNote]:
        """What drafters wrote, by chapter; "" is on the report as a whole."""
        return {note.chapter: note for note in self.report.notes.select_related("author")}

    @property
    def note(self) -> ReportNote | None:
        return self.notes.get("")

    @property
    def flags(self) -> int:
        """How many comments it counts that were hidden, withdrawn or changed since."""
        return self.report.flagged

    @cached_property
    def figures(self) -> Figures:
        return self.ledger.figures(self.result["total"])

    @cached_property
    def by_drafters(self) -> Figure:
        return self.ledger.comments(self.result["by_drafters"], Selection(by_drafters=True))

    @cached_property
    def groups(self) -> list[Heading]:
        return [Heading(group.value, str(group.label)) for group in GROUPS]

    @cached_property
    def stances(self) -> list[Heading]:
        return [Heading(stance.value, str(stance.label), SIGNS[stance]) for stance in STANCES]

    @cached_property
    def group_totals(self) -> list[tuple[Heading, Figures]]:
        counts = self.result["groups"]
        return [
            (group, self.ledger.figures(counts.get(group.key), group=group.key))
            for group in self.groups
        ]

    @cached_property
    def stance_totals(self) -> list[tuple[Heading, Figures]]:
        counts = self.result["stances"]
        return [
            (stance, self.ledger.figures(counts.get(stance.key), stance=stance.key))
            for stance in self.stances
        ]

    @cached_property
    def all_stances(self) -> list[Figure]:
        return [figures.comments for _, figures in self.stance_totals]

    @cached_property
    def cutoff(self) -> str:
        """The moment exactly as it stands in the inputs."""
        return moment(self.report.cutoff)

    @property
    def may_download(self) -> bool:
        return self.reading.gets_all

    @property
    def bundle_name(self) -> str:
        return f"{self.report.file_name}.zip"

    @property
    def comparable(self) -> Sequence[Report]:
        """Earlier reports on the same, the latest first; for those who may read them."""
        return self._earlier.comparable

    @property
    def twin(self) -> Report | None:
        """The report made before this one on the same cutoff, if any."""
        return self._earlier.twin

    @cached_property
    def _earlier(self) -> Earlier:
        return Earlier.of(self.report, published=not self.reading.by_drafter)

    @cached_property
    def group_rows(self) -> list[GroupRow]:
        """Group × stance over the whole draft."""
        return list(self._group_rows(self.result))

    @cached_property
    def sections(self) -> list[SectionRow]:
        rows = (self._section(place, data) for place, data in enumerate(self.result["sections"]))
        return [row for row in rows if row.is_shown]

    @cached_property
    def consulted(self) -> list[SectionRow]:
        return [row for row in self.sections if row.was_consulted]

    @cached_property
    def chapters(self) -> list[SectionRow]:
        """The sections on which something was said."""
        return [row for row in self.sections if row.figures.comments.value]

    @property
    def where_spoken(self) -> str:
        """On how many sections something was said, in a sentence."""
        consulted = len(self.consulted)
        spoken_on = sum(bool(row.figures.comments.value) for row in self.consulted)
        said = _(
            "Something was said on %(spoken_on)s of the %(consulted)s sections that could be"
            " commented on by then."
        ) % {"spoken_on": spoken_on, "consulted": consulted}
        elsewhere = len(self.chapters) - spoken_on
        if not elsewhere:
            return said
        also = ngettext(
            "So was in %(counter)s other place: on the draft as a whole, or on a section that was"
            " not open then.",
            "So was in %(counter)s other places: on the draft as a whole, or on sections that were"
            " not open then.",
            elsewhere,
        ) % {"counter": elsewhere}
        return _("%(said)s %(also)s") % {"said": said, "also": also}

    @cached_property
    def agreed(self) -> Taken | None:
        """What all groups of opinion most surely share, of what is still shown."""
        chapter = self.content_of(opinions.NAME)
        shared: Sequence[Taken] = chapter.shared if chapter else ()
        shown = (each for each in shared if each.statement.place or each.statement.quote)
        return next(shown, None)

    @cached_property
    def divided(self) -> tuple[Clash, list[SideRow]] | None:
        """The surest disagreement, and what the two groups said that are furthest apart."""
        chapter = self.content_of(conflicts.NAME)
        clash = next(iter(chapter.sure), None) if chapter else None
        if clash is None:
            return None
        both = {clash.for_group, clash.against_group}
        return clash, [row for row in clash.rows if row.key in both]

    def content_of(self, name: str) -> Any:  # noqa: ANN401 - each chapter has its own
        """The chapter as this reader gets it; None where the report has none."""
        return next((view.content for view in self.chapter_views if view.name == name), None)

    @cached_property
    def busiest(self) -> SectionRow | None:
        return max(self.chapters, key=lambda row: row.figures.comments.value, default=None)

    @cached_property
    def loudest(self) -> list[tuple[Heading, Figures]]:
        """The groups that spoke, by how much they said."""
        spoke = [pair for pair in self.group_totals if pair[1].comments.value]
        return sorted(spoke, key=lambda pair: -pair[1].comments.value)

    @cached_property
    def silent_groups(self) -> list[Heading]:
        return [group for group, figures in self.group_totals if not figures.comments.value]

    @cached_property
    def silent_sections(self) -> list[SectionRow]:
        return [row for row in self.sections if row.is_silent]

    @cached_property
    def silences(self) -> list[Silence]:
        """The groups that spoke, but not on every section that could be commented on."""
        found = [
            Silence(group, sum(row.groups[place].is_silent for row in self.consulted))
            for place, group in enumerate(self.groups)
        ]
        mute = {group.key for group in self.silent_groups}
        partly = [each for each in found if each.sections and each.group.key not in mute]
        return sorted(partly, key=lambda each: -each.sections)

    @cached_property
    def days(self) -> list[DayRow]:
        rows = ((dt.date.fromisoformat(row["day"]), row["comments"]) for row in self.result["days"])
        return [
            DayRow(day, self.ledger.comments(comments, Selection(day=day)))
            for day, comments in rows
        ]

    @cached_property
    def section_chart(self) -> BarChart:
        return charts.stacked_bars(
            [
                (
                    Part("whole", comments.value, comments.address, row.heading),
                    [
                        Part(stance.key, figure.value, figure.address, stance.label)
                        for stance, figure in zip(self.stances, row.stances, strict=True)
                    ],
                )
                for row in self.chapters
                for comments in [row.figures.comments]
            ]
        )

    @cached_property
    def day_chart(self) -> ColumnChart:
        return charts.day_columns({row.day: row.figure.value for row in self.days})

    @property
    def peak_figure(self) -> Figure | None:
        """The number on the highest day's column."""
        peak = self.day_chart.peak
        return next((row.figure for row in self.days if peak and row.day == peak.day), None)

    @cached_property
    def _highest(self) -> int:
        return max(
            (
                counts["comments"]
                for section in self.result["sections"]
                for counts in section["groups"].values()
            ),
            default=0,
        )

    def _section(self, place: int, data: Mapping[str, Any]) -> SectionRow:
        ref, state = data["ref"], WindowState(data["state"])
        # On the draft as a whole nobody is asked to speak: there is no silence there.
        was_consulted = state in CONSULTED and bool(ref)
        where = _where(data)
        figures = self.ledger.figures(data["total"], **where)
        return SectionRow(
            place=place,
            ref=ref,
            heading=section_heading(data),
            depth=data["depth"],
            state=state.value,
            state_label=str(state.label),
            was_consulted=was_consulted,
            figures=figures,
            by_drafters=self.ledger.comments(
                data["by_drafters"], Selection(**where, by_drafters=True)
            ),
            groups=tuple(
                self._cell(data, group.value, was_consulted=was_consulted) for group in GROUPS
            ),
            stances=tuple(
                self.ledger.figures(
                    data["stances"].get(stance), **where, stance=stance.value
                ).comments
                for stance in STANCES
            ),
            rows=self._group_rows(data, **where),
        )

    def _cell(self, data: Mapping[str, Any], group: str, *, was_consulted: bool) -> MatrixCell:
        counts = data["groups"].get(group)
        figure = self.ledger.figures(counts, **_where(data), group=group).comments
        return MatrixCell(
            figure=figure,
            heat=charts.heat(figure.value, highest=self._highest),
            is_silent=was_consulted and not figure.value,
        )

    def _group_rows(self, data: Mapping[str, Any], **where: Any) -> tuple[GroupRow, ...]:
        """The groups that spoke, in the framework's order."""
        return tuple(
            GroupRow(
                label=str(group.label),
                stances=tuple(
                    self.ledger.figures(
                        data["cells"][group].get(stance),
                        group=group.value,
                        stance=stance.value,
                        **where,
                    ).comments
                    for stance in STANCES
                ),
                figures=self.ledger.figures(data["groups"][group], group=group.value, **where),
            )
            for group in GROUPS
            if group in data["groups"]
        )


def _where(data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a selection that names a section of the result, or the draft as a whole."""
    return {"section": data["ref"]} if data["ref"] else {"on_whole": True}
