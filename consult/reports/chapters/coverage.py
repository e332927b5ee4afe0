"""Who was expected and who has spoken, as it is shown: names, and zeros plain to see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from accounts.groups import SchoolLevel, StakeholderGroup
from accounts.places import County, Sector
from consult.reports import charts
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.coverage import CATEGORIES, ORGANISATION, set_key
from consult.reports.exporting.paper import Block, Cell, Heading, Paragraph
from consult.reports.figures import Figure, Ledger
from consult.reports.headings import section_heading
from consult.reports.models import ExpectedVoice
from consult.reports.printing import number_cell, table
from consult.reports.selecting import Selection

LABELS: Mapping[str, type[TextChoices]] = {
    "group": StakeholderGroup,
    "level": SchoolLevel,
    "county": County,
    "sector": Sector,
}


@dataclass(frozen=True)
class Heard:
    """One who was expected, with what was heard of them and on which chapters nothing was."""

    title: str
    kind: str
    is_known: bool
    figure: Figure
    not_on: Sequence[str]


@dataclass(frozen=True)
class LevelCell:
    """How much schools of one level said on one section."""

    figure: Figure
    heat: int


@dataclass(frozen=True)
class LevelRow:
    """A section that could be commented on."""

    heading: str
    cells: Sequence[LevelCell]


@dataclass(frozen=True)
class Share:
    """A county or a sector that was heard, with how much and for how many organisations."""

    label: str
    figure: Figure
    organisations: Figure


@dataclass(frozen=True)
class Coverage:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @property
    def invited(self) -> int:
        return int(self.found["invited"])

    @property
    def spoke(self) -> int:
        """How many invited organisations have said something."""
        return int(self.found["spoke"])

    @cached_property
    def organisations(self) -> Sequence[Heard]:
        return [self._heard(each) for each in self._expected if each["kind"] == ORGANISATION]

    @cached_property
    def silent(self) -> Sequence[Heard]:
        """Invited organisations in whose name nothing was said."""
        return [each for each in self.organisations if not each.figure.value]

    @cached_property
    def heard(self) -> Sequence[Heard]:
        """Invited organisations that have spoken."""
        return [each for each in self.organisations if each.figure.value]

    @cached_property
    def kinds(self) -> Sequence[Heard]:
        """Groups, levels, sectors and counties that were expected."""
        return [self._heard(each) for each in self._expected if each["kind"] != ORGANISATION]

    @cached_property
    def silent_kinds(self) -> Sequence[Heard]:
        return [each for each in self.kinds if not each.figure.value]

    @property
    def levels(self) -> Sequence[str]:
        return [str(level.label) for level in SchoolLevel]

    @cached_property
    def level_totals(self) -> Sequence[Figure]:
        return [
            self._figure("level", level.value, _count(self.found["levels"], level.value))
            for level in SchoolLevel
        ]

    @property
    def has_schools(self) -> bool:
        """Whether a school has said anything, so that there is a matrix to look at."""
        return any(figure.value for figure in self.level_totals)

    @cached_property
    def rows(self) -> Sequence[LevelRow]:
        """Section × school level, on every section that could be commented on."""
        highest = max(
            (n for section in self.found["sections"] for n in section["levels"].values()),
            default=0,
        )
        return [
            LevelRow(section_heading(section), list(self._cells(section, highest)))
            for section in self.found["sections"]
        ]

    @cached_property
    def counties(self) -> Sequence[Share]:
        return list(self._shares("county", self.found["counties"]))

    @cached_property
    def silent_counties(self) -> Sequence[str]:
        return _missing(County, self.found["counties"])

    @cached_property
    def sectors(self) -> Sequence[Share]:
        return list(self._shares("sector", self.found["sectors"]))

    @cached_property
    def silent_sectors(self) -> Sequence[str]:
        return _missing(Sector, self.found["sectors"])

    def paper_blocks(self) -> Iterator[Block]:
        """The names of the silent, who was heard, and what is missing."""
        yield Paragraph.of(self.in_words)
        if self.silent:
            yield Heading(_("Invited, and silent"), level=2)
            for each in self.silent:
                yield Paragraph.of(each.title)
        for heading, rows in ((_("Invited, and heard"), self.heard), (_("Kinds"), self.kinds)):
            if rows:
                yield Heading(heading, level=2)
                yield table(
                    [_("Who should be heard"), _("Comments"), _("Nothing on")],
                    [
                        (Cell.of(row.title), number_cell(row.figure), _not_on(row.not_on))
                        for row in rows
                    ],
                )
        if self.has_schools:
            yield Heading(_("School levels"), level=2)
            yield table(
                [_("Section"), *self.levels],
                [
                    (Cell.of(row.heading), *(number_cell(cell.figure) for cell in row.cells))
                    for row in self.rows
                ],
            )
        if self.counties:
            yield Heading(_("Counties and cities"), level=2)
            yield Paragraph.of(
                f"{_('Not one organisation from:')} {_(', ').join(self.silent_counties)}"
            )

    @property
    def in_words(self) -> str:
        """Who of the invited has spoken, in one sentence."""
        if not self.invited:
            return _("No organisation was invited by name.")
        return _("Invited organisations that have spoken: %(spoke)s of %(invited)s.") % {
            "invited": self.invited,
            "spoke": self.spoke,
        }

    @property
    def _expected(self) -> Iterable[Json]:
        expected: Iterable[Json] = self.found["expected"]
        return expected

    def _heard(self, voice: Json) -> Heard:
        kind = voice["kind"]
        is_organisation = kind == ORGANISATION
        name = voice["organisation"] if is_organisation else voice[CATEGORIES[kind]]
        headings = self._headings
        return Heard(
            title=voice["name"] if is_organisation else str(LABELS[kind](name).label),
            kind=str(ExpectedVoice.Kind(kind).label),
            is_known=not is_organisation or name is not None,
            figure=self._figure(kind, name or "", voice["comments"]),
            not_on=[headings.get(ref, ref) for ref in voice["not_on"]],
        )

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        sections = (self.ledger.report.result or {}).get("sections", ())
        return {each["ref"]: each["number"] or each["title"] or each["ref"] for each in sections}

    def _figure(self, kind: str, name: str, count: int, **narrower: Any) -> Figure:
        """A number that leads to the comments of a level, a county, an organisation …"""
        if kind == "group":
            return self.ledger.comments(count, Selection(group=name, **narrower))
        if kind == "county":
            return self.ledger.comments(count, Selection(county=name, **narrower))
        return self.ledger.within(count, set_key(kind, name), **narrower)

    def _cells(self, section: Json, highest: int) -> Iterator[LevelCell]:
        for level in SchoolLevel:
            count = section["levels"].get(level.value, 0)
            yield LevelCell(
                figure=self._figure("level", level.value, count, section=section["ref"]),
                heat=charts.heat(count, highest=highest),
            )

    def _shares(self, kind: str, counts: Mapping[str, Json]) -> Iterator[Share]:
        """Those that were heard, most comments first."""
        order = sorted(counts, key=lambda name: (-counts[name]["comments"], name))
        for name in order:
            figure = self._figure(kind, name, counts[name]["comments"])
            yield Share(
                label=str(LABELS[kind](name).label),
                figure=figure,
                organisations=Figure(
                    counts[name]["organisations"], "organisations", figure.address
                ),
            )


def _count(counts: Mapping[str, Json], name: str) -> int:
    return int(counts[name]["comments"]) if name in counts else 0


def _missing(choices: type[TextChoices], counts: Mapping[str, Any]) -> list[str]:
    return [str(choice.label) for choice in choices if choice.value not in counts]


def _not_on(headings: Sequence[str]) -> Cell:
    return Cell.of(_(", ").join(headings))
