"""What people said of themes: it stands, whatever the machine finds the next time.

A line of kind `theme` in a report's inputs is a theme that somebody named: its key, its name, its
section ("" where it is one of all of them), the words that it is remembered by with their weights,
those of themes that were merged into it (`merged`), and the comments that were moved into it. One
that was split off another (`split_from`) has the terms by which. A line without a name has the
comments that belong to no theme.
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
    split_from: str
    split_by: Sequence[str]
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
            [_theme(line) for line in lines if line["name"]],
            [reference for line in lines if not line["name"] for reference in line["comments"]],
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

    def moved(self) -> dict[bytes, int]:
        """Of each comment that somebody put somewhere, the number of its theme, or -1."""
        found = {reference.encode(): -1 for reference in self.apart}
        for number, theme in enumerate(self.themes):
            found.update((reference.encode(), number) for reference in theme.comments)
        return found


def _theme(line: Mapping[str, Any]) -> HumanTheme:
    remembered = [] if line["split_from"] else [line["words"]]
    return HumanTheme(
        key=line["key"],
        name=line["name"],
        keywords=line["keywords"],
        remembered=[*remembered, *line["merged"]],
        split_from=line["split_from"],
        split_by=line["split_by"],
        comments=line["comments"],
    )
