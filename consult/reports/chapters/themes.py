"""The chapter on themes as a page shows it: of all sections first, then of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.reports import charts
from consult.reports.analysing.chapter import Json
from consult.reports.charts import BarChart, Part
from consult.reports.figures import Figure, Ledger, Quote
from consult.reports.headings import section_heading
from consult.reports.replaying import default_name

# By meaning, as everywhere in the report.
STANCES = ("support", "oppose", "suggest", "question", "other")


@dataclass(frozen=True)
class Share:
    """How many of a theme's comments came from a group, or with a stance."""

    key: str
    label: str
    sign: str
    figure: Figure


@dataclass(frozen=True)
class ShownTheme:
    """One theme: its terms, its numbers, and the comments that speak for it."""

    key: str
    anchor: str
    name: str
    keywords: tuple[str, ...]
    is_named: bool
    comments: Figure
    authors: Figure
    groups: tuple[Share, ...]
    stances: tuple[Share, ...]
    quotes: tuple[Quote, ...]
    # Quoted comments that are no longer shown.
    gone: int


class ThemeScope:
    """The themes of one section, or of all."""

    def __init__(self, section: str, heading: str, found: Json, ledger: Ledger, place: int) -> None:
        self.section, self.heading, self.place = section, heading, place
        self._found, self._ledger = found, ledger

    @property
    def anchor(self) -> str:
        return f"themes-{self.place}"

    @property
    def address(self) -> str:
        """Where drafters name, put together and split these themes."""
        page = reverse("report_themes", args=[self._ledger.report.public_id])
        return f"{page}?{urlencode({'in': self.section})}"

    @cached_property
    def themes(self) -> list[ShownTheme]:
        return [self._theme(n, theme) for n, theme in enumerate(self._found["themes"], start=1)]

    @cached_property
    def in_all(self) -> Figure:
        where = {"section": self.section} if self.section else {}
        return self._ledger.figures(
            {**_NOTHING, "comments": self._found["comments"]}, **where
        ).comments

    @cached_property
    def apart(self) -> Figure:
        """What is on no theme."""
        return self._ledger.within(self._found["apart"], f"{self._found['prefix']}/")

    @cached_property
    def chart(self) -> BarChart:
        """One bar a theme, divided by stance."""
        return charts.stacked_bars(
            [
                (
                    Part("whole", theme.comments.value, theme.comments.address, theme.name),
                    [
                        Part(share.key, share.figure.value, share.figure.address, share.label)
                        for share in theme.stances
                    ],
                )
                for theme in self.themes
            ]
        )

    def _theme(self, number: int, theme: Mapping[str, Any]) -> ShownTheme:
        within = f"{self._found['prefix']}/{theme['key']}"
        comments = self._ledger.within(theme["comments"], within)
        quotes = [self._ledger.quote(reference) for reference in theme["quotes"]]
        return ShownTheme(
            key=theme["key"],
            anchor=f"{self.anchor}-{number}",
            name=default_name(theme),
            keywords=tuple(theme["keywords"]),
            is_named=bool(theme["name"]),
            comments=comments,
            authors=Figure(theme["authors"], "authors", comments.address),
            groups=tuple(
                Share(
                    group.value,
                    str(group.label),
                    "",
                    self._ledger.within(theme["groups"].get(group, 0), within, group=group.value),
                )
                for group in StakeholderGroup
            ),
            stances=tuple(
                Share(
                    stance.value,
                    str(stance.label),
                    SIGNS[stance],
                    self._ledger.within(
                        theme["stances"].get(stance, 0), within, stance=stance.value
                    ),
                )
                for stance in map(Comment.Stance, STANCES)
            ),
            quotes=tuple(quote for quote in quotes if quote),
            gone=sum(quote is None for quote in quotes),
        )


_NOTHING = {"authors": 0, "organisations": 0, "endorsements": 0, "wordings": 0}


class ThemesChapter:
    """What people talk about: the themes of all sections, and then of each."""

    def __init__(self, found: Json, ledger: Ledger) -> None:
        self._found, self._ledger = found, ledger

    @cached_property
    def whole(self) -> ThemeScope:
        return ThemeScope("", _("All sections"), self._found[""], self._ledger, 0)

    @cached_property
    def sections(self) -> list[ThemeScope]:
        """The sections in whose comments themes were found, in reading order."""
        result = self._ledger.report.result or {}
        return [
            ThemeScope(
                row["ref"], section_heading(row), self._found[row["ref"]], self._ledger, place
            )
            for place, row in enumerate(result.get("sections", []), start=1)
            if row["ref"] and self._found.get(row["ref"], {}).get("themes")
        ]
