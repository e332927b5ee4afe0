"""Comments as columns of numbers: what counting wants of them, and no more. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from consult.reports.analysing.chapter import Line

TAIPEI = ZoneInfo("Asia/Taipei")
EPOCH = date(1970, 1, 1)
# No organisation, or no county.
NONE = -1

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """One place for each comment, in any order.

    `section` is a section's place in the head; `group`, `stance` and `county` are places in
    lists that whoever counts gives; `author` and `organisation` are any numbers that tell people
    and bodies apart; `day` counts from 1970 in Taipei. Endorsements are those up to the cutoff.
    """

    section: Numbers
    group: Numbers
    stance: Numbers
    author: Numbers
    organisation: Numbers
    county: Numbers
    day: Numbers
    endorsements: Numbers
    has_wording: Numbers
    as_drafter: Numbers

    def where(self, chosen: NDArray[np.bool_]) -> Self:
        """The chosen comments alone."""
        return type(self)(*(getattr(self, each.name)[chosen] for each in fields(self)))


class Keys:
    """Names as numbers, in the order in which they are first met."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def names(self) -> list[str]:
        return list(self._numbers)


class LineColumns:
    """Makes columns of the inputs' lines: for whoever counts again."""

    def __init__(
        self, *, sections: Sequence[str], groups: Sequence[str], stances: Sequence[str]
    ) -> None:
        self._sections, self._groups, self._stances = map(Keys, (sections, groups, stances))
        self._authors, self._organisations, self.counties = Keys(), Keys(), Keys()
        self._rows: list[tuple[int, ...]] = []

    def add(self, comment: Line) -> None:
        posted = datetime.fromisoformat(comment["created_at"])
        body, county = comment["organisation"], comment["county"]
        self._rows.append(
            (
                self._sections.number(comment["section"]),
                self._groups.number(comment["group"]),
                self._stances.number(comment["stance"]),
                self._authors.number(comment["author"]),
                self._organisations.number(body) if body else NONE,
                self.counties.number(county) if county else NONE,
                (posted.astimezone(TAIPEI).date() - EPOCH).days,
                len(comment["endorsed_by"]),
                bool(comment["proposed_text"]),
                comment["as_drafter"],
            )
        )

    @property
    def columns(self) -> Columns:
        table = np.array(self._rows, dtype=np.int64).reshape(len(self._rows), -1)
        if not self._rows:
            table = np.zeros((0, len(fields(Columns))), dtype=np.int64)
        return Columns(*table.T)
