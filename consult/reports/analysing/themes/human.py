"""What people said of themes: it stands, whatever the machine finds the next time.

A line of kind `theme` in a report's inputs is a theme that somebody named. `section` says where
("": among those of all sections); `remembered` are the words it is known by, with their weights,
once for each theme that it was put together from; `takes` are terms by which it takes comments
`from` another theme; `held` are the comments that it had when it was named, `comments` those
that were moved into it by hand. The line without a key has the comments that belong to no theme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from consult.reports.analysing.chapter import Head
from consult.reports.analysing.themes.corpus import Integers
from consult.reports.analysing.themes.space import Floats, Space, units

KIND = "theme"


@dataclass(frozen=True)
class HumanTheme:
    """A theme that somebody named."""

    key: str
    name: str
    keywords: Sequence[str]
    remembered: Sequence[Mapping[str, int]]
    takes: Sequence[Mapping[str, Any]]
    held: Sequence[str]
    comments: Sequence[str]


@dataclass(frozen=True)
class HumanWord:
    """All that people said of the themes of one scope; `apart` belong to no theme."""

    themes: Sequence[HumanTheme]
    apart: Sequence[str]

    @classmethod
    def of(cls, head: Head, section: str) -> "HumanWord":
        lines = [line for line in head.decisions.get(KIND, ()) if line["section"] == section]
        return cls(
            [_theme(line) for line in lines if line["key"]],
            [reference for line in lines if not line["key"] for reference in line["comments"]],
        )

    def centres(self, space: Space, words: Sequence[str]) -> tuple[Floats, Integers]:
        """A centre for all that is remembered of each theme, and the number of its theme."""
        feature_of = {words[number]: place for place, number in enumerate(space.words.tolist())}
        centres, owners = [], []
        for number, theme in enumerate(self.themes):
            for remembered in theme.remembered:
                centre = np.zeros(space.vectors.shape[1])
                for word, weight in remembered.items():
                    if word in feature_of:
                        centre += weight * space.vectors[feature_of[word]]
                if centre.any():
                    centres.append(centre)
                    owners.append(number)
        found = np.array(centres).reshape(len(centres), space.vectors.shape[1])
        return units(np.floor(found / 64)), np.array(owners, np.int64)

    def taken(self) -> list[tuple[int, int, Sequence[str]]]:
        """Which theme takes comments from which other one, and by which terms."""
        number_of = {theme.key: number for number, theme in enumerate(self.themes)}
        return [
            (number, number_of[take["from"]], take["terms"])
            for number, theme in enumerate(self.themes)
            for take in theme.takes
            if take["from"] in number_of
        ]

    def held(self) -> dict[bytes, int]:
        """Of each comment that was in a theme when somebody named it, the number of that."""
        return {
            reference.encode(): number
            for number, theme in enumerate(self.themes)
            for reference in theme.held
        }

    def moved(self) -> dict[bytes, int]:
        """Of each comment that somebody put somewhere, the number of its theme, or -1."""
        found = {reference.encode(): -1 for reference in self.apart}
        for number, theme in enumerate(self.themes):
            found.update((reference.encode(), number) for reference in theme.comments)
        return found


def _theme(line: Mapping[str, Any]) -> HumanTheme:
    return HumanTheme(
        key=line["key"],
        name=line["name"],
        keywords=line["keywords"],
        remembered=line["remembered"],
        takes=line["takes"],
        held=line["held"],
        comments=line["comments"],
    )
