"""Groups of opinion as they are shown: a map, who they are, what they share, what divides them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from accounts.groups import StakeholderGroup
from consult.reports import charts
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.opinions import LETTERS, NAME
from consult.reports.chapters.sides import People, Place, SideRow, side_rows
from consult.reports.figures import Figure, Ledger, Quote

# In pixels.
MAP_HEIGHT, MARGIN = 400, 64
# Of a mark of some sixteen pixels.
SMALLEST, LARGEST = 0.4, 2.0
# In per cent of the map's width.
LEFT, WIDE = 6.0, 88.0


@dataclass(frozen=True)
class Point:
    """A small cluster of people on the map: where, and how large."""

    x: str
    y: str
    scale: str
    people: int
    key: str


@dataclass(frozen=True)
class Label:
    """A group's letter on the map, above its middle."""

    key: str
    x: str
    y: str


@dataclass(frozen=True)
class Share:
    """How many people of one stakeholder group are in a group of opinion."""

    # What it is called for programs.
    key: str
    label: str
    people: People
    comments: int


@dataclass(frozen=True)
class Statement:
    """A comment, or a piece of the text, with how each group judged it."""

    name: str
    is_comment: bool
    quote: Quote | None
    place: Place | None
    rows: Sequence[SideRow]


@dataclass(frozen=True)
class Taken:
    """A statement with the side that is taken on it."""

    statement: Statement
    agrees: bool


@dataclass(frozen=True)
class OpinionGroup:
    """People who judge alike."""

    key: str
    people: People
    comments: Figure
    shares: Sequence[Share]
    typical: Sequence[Taken]


@dataclass(frozen=True)
class Silhouette:
    """How well apart so many groups would stand, and whether it was taken."""

    groups: int
    value: str
    is_taken: bool


@dataclass(frozen=True)
class Opinions:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    map_height = MAP_HEIGHT

    @property
    def missing(self) -> int:
        """How many more people would have to judge enough."""
        return max(0, int(self.found["voters_needed"]) - int(self.found["people_enough"]))

    @property
    def placed(self) -> int:
        return sum(row["people"] for row in self.found["groups"])

    @cached_property
    def groups(self) -> Sequence[OpinionGroup]:
        return [self._group(row) for row in self.found["groups"]]

    @cached_property
    def stakeholders(self) -> Sequence[str]:
        """The columns of the groups' table."""
        return [str(group.label) for group in self._present]

    @cached_property
    def shared(self) -> Sequence[Taken]:
        # Nothing, where too few judged enough for groups.
        return self._taken(self.found.get("shared", ()))

    @cached_property
    def dividing(self) -> Sequence[Statement]:
        return [self._statements[name] for name in self.found["dividing"]]

    @property
    def silhouettes(self) -> Sequence[Silhouette]:
        taken = len(self.found["groups"])
        return [
            Silhouette(int(groups), f"{value:.2f}", int(groups) == taken)
            for groups, value in sorted(self.found["silhouettes"].items())
        ]

    @cached_property
    def points(self) -> Sequence[Point]:
        """The largest first, so that no small one lies beneath a large one."""
        rows = sorted(self.found["points"], key=lambda row: -row["people"])
        most = max((row["people"] for row in rows), default=1)
        return [
            Point(
                x=_across(row["x"]),
                y=_down(row["y"]),
                scale=f"{SMALLEST + (LARGEST - SMALLEST) * sqrt(row['people'] / most):.2f}",
                people=row["people"],
                key=LETTERS[row["group"]],
            )
            for row in rows
        ]

    @property
    def labels(self) -> Sequence[Label]:
        found = []
        for group, letter in enumerate(LETTERS):
            rows = [row for row in self.found["points"] if row["group"] == group]
            people = sum(row["people"] for row in rows)
            if people:
                x = sum(row["x"] * row["people"] for row in rows) / people
                found.append(Label(letter, _across(x), _down(min(row["y"] for row in rows))))
        return found

    @cached_property
    def _present(self) -> Sequence[StakeholderGroup]:
        there = {name for row in self.found["groups"] for name in row["stakeholders"]}
        return [group for group in StakeholderGroup if group.value in there]

    def _group(self, row: Mapping[str, Any]) -> OpinionGroup:
        key = f"{NAME}/{row['key']}"
        return OpinionGroup(
            key=row["key"],
            people=self._wrote(row, key),
            comments=self.ledger.within(row["comments"], key),
            shares=[
                Share(
                    group.value,
                    str(group.label),
                    self._wrote(row["stakeholders"].get(group.value), key, group=group.value),
                    row["stakeholders"].get(group.value, {}).get("comments", 0),
                )
                for group in self._present
            ],
            typical=self._taken(row["typical"]),
        )

    def _wrote(self, counts: Mapping[str, Any] | None, key: str, **narrower: str) -> People:
        """The people with what they wrote; those who only endorsed wrote nothing to lead to."""
        if not counts:
            return People(0, "")
        if not counts["comments"]:
            return People(counts["people"], "")
        return People.within(counts["people"], key, self.ledger, **narrower)

    def _taken(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Taken]:
        return [Taken(self._statements[row["statement"]], row["side"] > 0) for row in rows]

    @cached_property
    def _statements(self) -> Mapping[str, Statement]:
        return {row["name"]: self._statement(row) for row in self.found["statements"]}

    def _statement(self, row: Mapping[str, Any]) -> Statement:
        name, is_comment = row["name"], row["is_comment"]
        told = []
        for letter, counts in zip(LETTERS, row["groups"], strict=False):
            disagree, agree, passed = (
                People.within(counts[kind], f"{NAME}/{letter}/{name}/{kind}", self.ledger)
                for kind in ("disagree", "agree", "pass")
            )
            told.append((letter, letter, disagree, agree, passed))
        return Statement(
            name=name,
            is_comment=is_comment,
            quote=self.ledger.quote(name) if is_comment else None,
            place=None if is_comment else Place.of(name, self.ledger.report),
            rows=side_rows(told),
        )


def _across(x: float) -> str:
    return charts.per_cent(LEFT + WIDE * x)


def _down(y: float) -> str:
    return f"{MARGIN + (MAP_HEIGHT - 2 * MARGIN) * y:.1f}"
