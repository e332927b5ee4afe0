"""Put the counts of sections together into those of a report.

Comments add up; people and organisations don't, since one may speak on several sections. So a
section's counts carry who spoke, and only the report's carry how many.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Self
from zoneinfo import ZoneInfo

from consult.reports.canonical import ReadSection

TAIPEI = ZoneInfo("Asia/Taipei")

Json = dict[str, Any]


@dataclass
class Count:
    """How many comments were made, by whom, and for which organisations."""

    comments: int = 0
    authors: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    def add(self, other: "Count") -> None:
        self.comments += other.comments
        self.authors |= other.authors
        self.organisations |= other.organisations

    @classmethod
    def total(cls, counts: Iterable["Count"]) -> "Count":
        total = cls()
        for count in counts:
            total.add(count)
        return total

    @property
    def figures(self) -> Json:
        """The numbers alone."""
        return {
            "comments": self.comments,
            "authors": len(self.authors),
            "organisations": len(self.organisations),
        }


@dataclass(frozen=True)
class Cell:
    """What one stakeholder group said with one stance in one section."""

    group: str
    stance: str
    count: Count

    def to_json(self) -> Json:
        return {
            "group": self.group,
            "stance": self.stance,
            "comments": self.count.comments,
            "authors": sorted(self.count.authors),
            "organisations": sorted(self.count.organisations),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        count = Count(data["comments"], set(data["authors"]), set(data["organisations"]))
        return cls(data["group"], data["stance"], count)


@dataclass(frozen=True)
class SectionTally:
    """The counts of one section: what its part of a report stores.

    `section` is the section's line in the inputs. What drafters said is counted apart, as
    `by_drafters`, and stands in no other number. `days` are those of Taipei, in ISO 8601.
    """

    section: Mapping[str, Any]
    cells: tuple[Cell, ...]
    days: Mapping[str, int]
    by_drafters: int

    def to_json(self) -> Json:
        return {
            "section": dict(self.section),
            "cells": [
                cell.to_json() for cell in sorted(self.cells, key=lambda c: (c.group, c.stance))
            ],
            "days": dict(sorted(self.days.items())),
            "by_drafters": self.by_drafters,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        cells = tuple(Cell.from_json(cell) for cell in data["cells"])
        return cls(data["section"], cells, data["days"], data["by_drafters"])

    @classmethod
    def of_lines(cls, read: ReadSection) -> Self:
        """The same counts, taken from downloaded inputs."""
        counts: dict[tuple[str, str], Count] = {}
        days: Counter[str] = Counter()
        counted = [comment for comment in read.comments if not comment["as_drafter"]]
        for comment in counted:
            organisations = {comment["organisation"]} - {None}
            counts.setdefault((comment["group"], comment["stance"]), Count()).add(
                Count(1, {comment["author"]}, organisations)
            )
            posted = datetime.fromisoformat(comment["created_at"])
            days[posted.astimezone(TAIPEI).date().isoformat()] += 1
        cells = tuple(Cell(group, stance, count) for (group, stance), count in counts.items())
        return cls(read.section, cells, days, len(read.comments) - len(counted))


def merge_tallies(tallies: Iterable[SectionTally]) -> Json:
    """The result of a report from the counts of its sections, in reading order."""
    tallies = list(tallies)
    cells = [cell for tally in tallies for cell in tally.cells]
    days: Counter[str] = Counter()
    for tally in tallies:
        days.update(tally.days)
    return {
        **_breakdown(cells),
        "by_drafters": sum(tally.by_drafters for tally in tallies),
        "days": [{"day": day, "comments": days[day]} for day in sorted(days)],
        "sections": [
            {**tally.section, **_breakdown(tally.cells), "by_drafters": tally.by_drafters}
            for tally in tallies
        ],
    }


def _breakdown(cells: Iterable[Cell]) -> Json:
    """The counts in all, by group, by stance, and by both."""
    cells = list(cells)
    return {
        "total": Count.total(cell.count for cell in cells).figures,
        "groups": dict(_by(cells, "group")),
        "stances": dict(_by(cells, "stance")),
        "cells": {
            group: dict(_by(of_group, "stance")) for group, of_group in _sorted_by(cells, "group")
        },
    }


def _by(cells: list[Cell], key: str) -> Iterator[tuple[str, Json]]:
    for value, found in _sorted_by(cells, key):
        yield value, Count.total(cell.count for cell in found).figures


def _sorted_by(cells: list[Cell], key: str) -> Iterator[tuple[str, list[Cell]]]:
    def name(cell: Cell) -> str:
        return str(getattr(cell, key))

    for value, found in groupby(sorted(cells, key=name), key=name):
        yield value, list(found)
