"""A real conversation on Polis, with the groups of opinion that Polis found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from consult.reports.analysing.opinion_map import Votes

VTAIWAN = Path(__file__).parent / "data" / "vtaiwan-uberx.txt"
VALUES = {"+": 1, "-": -1, "0": 0}


@dataclass(frozen=True)
class Conversation:
    """The votes on what moderators let stand, and each voter's group; "" where Polis gave none."""

    votes: Votes
    groups: Sequence[str]


def vtaiwan() -> Conversation:
    """1,921 people on 119 statements about UberX, of whom Polis grouped 1,219."""
    lines = [
        line
        for line in VTAIWAN.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    moderated, *voters = lines
    stand = [place for place, mark in enumerate(moderated[2:]) if mark != "x"]
    told = [
        (voter, statement, VALUES[line[2 + place]])
        for voter, line in enumerate(voters)
        for statement, place in enumerate(stand)
        if line[2 + place] != "."
    ]
    voter, statement, value = (
        np.array(column, dtype=np.int64) for column in zip(*told, strict=True)
    )
    return Conversation(
        Votes(voter, statement, value, len(voters), len(stand)),
        [line[0].strip(".") for line in voters],
    )


def agreement(one: Sequence[object], other: Sequence[object]) -> float:
    """The adjusted Rand index of two groupings (L. Hubert and P. Arabie, 1985): 1 is the same."""
    rows = np.unique(np.array(one), return_inverse=True)[1]
    columns = np.unique(np.array(other), return_inverse=True)[1]
    wide = int(columns.max()) + 1
    cells = np.bincount(rows * wide + columns)
    together, by_rows, by_columns = (
        float((counts * (counts - 1) // 2).sum())
        for counts in (cells, np.bincount(rows), np.bincount(columns))
    )
    pairs = len(rows) * (len(rows) - 1) / 2
    by_chance = by_rows * by_columns / pairs
    most = (by_rows + by_columns) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)
