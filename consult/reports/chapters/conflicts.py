"""Where groups disagree, as it is shown: the surest disagreement first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.showing import SIGNS
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.conflicts import NAME
from consult.reports.chapters.sides import People, Place, SideRow, side_rows
from consult.reports.figures import Ledger, Quote

SIDES = (Comment.Stance.SUPPORT, Comment.Stance.OPPOSE)


@dataclass(frozen=True)
class BestOfSide:
    """The most endorsed comment of one side; without words, where they are no longer shown."""

    stance: str
    label: str
    sign: str
    quote: Quote | None


@dataclass(frozen=True)
class Clash:
    """A piece of the text on which groups disagree."""

    place: Place
    for_group: str
    against_group: str
    for_label: str
    against_label: str
    # In percentage points; what it is at least, where that is anything.
    apart: int
    at_least: int
    rows: Sequence[SideRow]
    best: Sequence[BestOfSide]


@dataclass(frozen=True)
class Conflicts:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @cached_property
    def sure(self) -> Sequence[Clash]:
        """Disagreements that chance alone would hardly make."""
        return [clash for clash in self._clashes if clash.at_least > 0]

    @cached_property
    def unsure(self) -> Sequence[Clash]:
        """Those on which too few spoke to tell."""
        return [clash for clash in self._clashes if clash.at_least <= 0]

    @property
    def not_shown(self) -> int:
        return int(self.found["compared"]) - len(self.found["clashes"])

    @cached_property
    def _clashes(self) -> Sequence[Clash]:
        return [self._clash(row) for row in self.found["clashes"]]

    def _clash(self, row: Mapping[str, Any]) -> Clash:
        key = f"{NAME}/{row['place']}"
        told = [
            (
                group.value,
                str(group.label),
                self._people(row, key, group.value, "oppose"),
                self._people(row, key, group.value, "support"),
                None,
            )
            for group in StakeholderGroup
            if group.value in row["groups"]
        ]
        return Clash(
            place=Place.of(row["place"], self.ledger.report),
            for_group=row["for"],
            against_group=row["against"],
            for_label=str(StakeholderGroup(row["for"]).label),
            against_label=str(StakeholderGroup(row["against"]).label),
            apart=round(100 * row["apart"]),
            # Rounded down: it is never less.
            at_least=max(0, int(100 * row["at_least"])),
            rows=sorted(side_rows(told), key=lambda each: -each.share),
            best=[
                BestOfSide(
                    stance.value,
                    str(stance.label),
                    SIGNS[stance],
                    self.ledger.quote(row["best"][stance.value]),
                )
                for stance in SIDES
                if stance.value in row["best"]
            ],
        )

    def _people(self, row: Mapping[str, Any], key: str, group: str, side: str) -> People:
        return People.within(row["groups"][group][side], f"{key}/{group}/{side}", self.ledger)
