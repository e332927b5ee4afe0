"""The page that says what came in since an earlier report."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.reports import charts
from consult.reports.access import Reading
from consult.reports.analysing.hot_spots import NAME as HOT_SPOTS
from consult.reports.chapters.texts import headings_of, texts_of
from consult.reports.charts import ColumnChart
from consult.reports.comparing import arrivals, newcomers
from consult.reports.differing import Change, Difference, difference_of
from consult.reports.figures import Figure, Ledger
from consult.reports.selecting import Selection
from consult.reports.titles import TITLES

STANCES = (
    Comment.Stance.SUPPORT,
    Comment.Stance.OPPOSE,
    Comment.Stance.SUGGEST,
    Comment.Stance.QUESTION,
    Comment.Stance.OTHER,
)
# A theme without a name is called by its first keywords.
MOST_KEYWORDS = 4


@dataclass(frozen=True)
class StanceHeading:
    key: str
    label: str
    sign: str


@dataclass(frozen=True)
class ChangeRow:
    """What one section, group or stance had then, what came in, and what it has now."""

    label: str
    is_first_heard: bool
    then: Figure
    new: Figure
    stances: Sequence[Figure]
    now: Figure


@dataclass(frozen=True)
class GrownSentence:
    provision: str
    text: str
    then: Figure
    now: Figure


@dataclass(frozen=True)
class ThemeRow:
    name: str
    is_new: bool
    then: Figure
    now: Figure


@dataclass(frozen=True)
class FirstHeard:
    """A group that had spoken before, but not on these sections."""

    group: str
    sections: Sequence[tuple[str, Figure]]


@dataclass(frozen=True)
class DayRow:
    day: dt.date
    figure: Figure


class SinceContext:
    """Two finished reports with the same scope, and what came in between."""

    def __init__(self, newer: Reading, older: Reading) -> None:
        self.readings = (newer, older)
        self.report, self.older = newer.report, older.report
        self.now, self.then = Ledger(self.report), Ledger(self.older)

    @property
    def shown(self) -> Mapping[str, bool]:
        """Which chapters this reader gets of both reports."""
        return {name: all(each.shows(name) for each in self.readings) for name in TITLES}

    @cached_property
    def difference(self) -> Difference:
        return difference_of(
            self.older.result or {},
            self.report.result or {},
            arrivals(self.report, since=self.older),
        )

    @cached_property
    def headings(self) -> Mapping[str, str]:
        return headings_of(self.report)

    @property
    def stances(self) -> Sequence[StanceHeading]:
        return [StanceHeading(each.value, str(each.label), SIGNS[each]) for each in STANCES]

    @property
    def new(self) -> Figure:
        return self._new(self.difference.total.new)

    @cached_property
    def people(self) -> Sequence[Figure]:
        """The people and the organisations who spoke in between."""
        who = newcomers(self.report, since=self.older)
        everything = Selection(since=self.older.cutoff)
        of_organisations = Selection(since=self.older.cutoff, for_organisations=True)
        return [
            Figure(who.authors, "authors", self.now.address(everything)),
            Figure(who.organisations, "organisations", self.now.address(of_organisations)),
        ]

    @cached_property
    def sections(self) -> Sequence[ChangeRow]:
        """The sections on which something was said, in reading order."""
        found = self.difference
        return [
            self._row(
                self.headings[ref],
                change,
                {stance: found.section_stances.get((ref, stance), 0) for stance in STANCES},
                {"section": ref} if ref else {"on_whole": True},
            )
            for ref, change in found.sections.items()
        ]

    @cached_property
    def groups(self) -> Sequence[ChangeRow]:
        """The groups that spoke, in the framework's order."""
        found = self.difference
        return [
            self._row(
                str(group.label),
                found.groups[group],
                {stance: found.group_stances.get((group, stance), 0) for stance in STANCES},
                {"group": group.value},
            )
            for group in StakeholderGroup
            if group in found.groups
        ]

    @cached_property
    def all(self) -> ChangeRow:
        """All sections and groups together."""
        found = self.difference
        stances = {
            stance: found.stances[stance].new if stance in found.stances else 0
            for stance in STANCES
        }
        return self._row("", found.total, stances, {})

    @cached_property
    def first_heard(self) -> Sequence[FirstHeard]:
        """Groups that spoke on sections that they had been silent on."""
        sections: dict[str, list[tuple[str, Figure]]] = {}
        for ref, group in self.difference.new_cells:
            where: dict[str, Any] = {"section": ref} if ref else {"on_whole": True}
            counted = self._cell(ref, group)
            figure = self.now.comments(counted, Selection(**where, group=group))
            sections.setdefault(group, []).append((self.headings[ref], figure))
        return [
            FirstHeard(str(group.label), sections[group])
            for group in StakeholderGroup
            if group in sections
        ]

    @cached_property
    def days(self) -> Sequence[DayRow]:
        return [
            DayRow(
                dt.date.fromisoformat(day),
                self._new(comments, day=dt.date.fromisoformat(day)),
            )
            for day, comments in self.difference.days.items()
        ]

    @cached_property
    def day_chart(self) -> ColumnChart:
        return charts.day_columns({row.day: row.figure.value for row in self.days})

    @property
    def peak_figure(self) -> Figure | None:
        """The number on the highest day's column."""
        peak = self.day_chart.peak
        return next((row.figure for row in self.days if peak and row.day == peak.day), None)

    @cached_property
    def grown(self) -> Sequence[GrownSentence]:
        """The sentences that most was added on, where their text may be shown."""
        texts = texts_of(self.report.draft)
        found = []
        for each in self.difference.grown:
            ref, number = each.place
            if ref in texts:
                key = f"{HOT_SPOTS}/{ref}/{number}"
                then, now = self.then.within(each.then, key), self.now.within(each.now, key)
                text = texts[ref].text[each.start : each.end]
                found.append(GrownSentence(ref, text, then, now))
        return found

    @cached_property
    def themes(self) -> Sequence[ThemeRow]:
        """The themes that are new, or grew."""
        return [
            ThemeRow(
                name=theme.name or _(", ").join(theme.keywords[:MOST_KEYWORDS]),
                is_new=not theme.then,
                then=self.then.within(theme.then, theme.set_key),
                now=self.now.within(theme.now, theme.set_key),
            )
            for theme in self.difference.themes
        ]

    def _new(self, value: int, **where: Any) -> Figure:
        return self.now.comments(value, Selection(**where, since=self.older.cutoff))

    def _row(
        self,
        label: str,
        change: Change,
        stances: Mapping[Comment.Stance, int],
        where: Mapping[str, Any],
    ) -> ChangeRow:
        return ChangeRow(
            label=label,
            is_first_heard=not change.then,
            then=self.then.comments(change.then, Selection(**where)),
            new=self._new(change.new, **where),
            stances=[
                self._new(value, **where, stance=stance.value) for stance, value in stances.items()
            ],
            now=self.now.comments(change.now, Selection(**where)),
        )

    def _cell(self, ref: str, group: str) -> int:
        sections = (self.report.result or {})["sections"]
        found = next(section for section in sections if section["ref"] == ref)
        return int(found["groups"].get(group, {"comments": 0})["comments"])
