"""Count comments by section, stakeholder group, stance, day and county. Pure.

Comments add up; people and organisations don't, since one may speak on several sections: so each
number counts its own distinct ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from consult.reports.columns import EPOCH, NONE, Columns, Numbers

Json = dict[str, Any]

MEASURES = ("comments", "authors", "organisations", "endorsements", "wordings")
# Who spoke under which key is marked in a table of so many bytes at most, or else sorted.
MOST_MARKED = 2**27
NOTHING: Mapping[str, int] = dict.fromkeys(MEASURES, 0)


def counted(
    columns: Columns,
    *,
    sections: Sequence[Mapping[str, Any]],
    groups: Sequence[str],
    stances: Sequence[str],
    counties: Sequence[str],
) -> Json:
    """The counts of a report, given what the columns' numbers stand for.

    What drafters said is counted apart, as `by_drafters`, and stands in no other number.
    """
    by_drafters = np.bincount(
        columns.section[columns.as_drafter == 1], minlength=len(sections)
    ).tolist()
    said = _Said(columns.where(columns.as_drafter == 0), len(groups), len(stances))
    whole = _Breakdown(said, np.zeros_like(said.columns.section), 1, groups, stances)
    each = _Breakdown(said, said.columns.section, len(sections), groups, stances)
    return {
        **whole.of(0),
        "by_drafters": sum(by_drafters),
        "days": _days(said.columns),
        "counties": _counties(said, counties),
        "sections": [
            {**section, **each.of(place), "by_drafters": by_drafters[place]}
            for place, section in enumerate(sections)
        ],
    }


class _Said:
    """The comments counted, and who spoke where and how, each once."""

    def __init__(self, columns: Columns, groups: int, stances: int) -> None:
        self.columns = replace(
            columns,
            author=_numbered(columns.author),
            organisation=_numbered(columns.organisation),
        )
        self.groups, self.stances = groups, stances

    def figures(self, keys: Numbers, size: int) -> list[Json]:
        """The measures for each key from 0 to `size`."""
        columns = self.columns
        found = {
            "comments": np.bincount(keys, minlength=size),
            "authors": _distinct(keys, columns.author, size),
            "organisations": _distinct(keys, columns.organisation, size),
            "endorsements": _sums(keys, columns.endorsements, size),
            "wordings": _sums(keys, columns.has_wording, size),
        }
        rows = zip(*(found[name].tolist() for name in MEASURES), strict=True)
        return [dict(zip(MEASURES, row, strict=True)) for row in rows]


class _Breakdown:
    """The measures in all, by group, by stance and by both, for each key."""

    def __init__(
        self,
        said: _Said,
        keys: Numbers,
        size: int,
        groups: Sequence[str],
        stances: Sequence[str],
    ) -> None:
        group, stance = said.columns.group, said.columns.stance
        self._groups, self._stances = groups, stances
        wide, high = len(groups), len(stances)
        self._total = said.figures(keys, size)
        self._by_group = said.figures(keys * wide + group, size * wide)
        self._by_stance = said.figures(keys * high + stance, size * high)
        self._by_both = said.figures((keys * wide + group) * high + stance, size * wide * high)

    def of(self, key: int) -> Json:
        wide, high = len(self._groups), len(self._stances)
        groups = _named(self._groups, self._by_group[key * wide :])
        return {
            "total": self._total[key],
            "groups": groups,
            "stances": _named(self._stances, self._by_stance[key * high :]),
            "cells": {
                group: _named(self._stances, self._by_both[(key * wide + place) * high :])
                for place, group in enumerate(self._groups)
                if group in groups
            },
        }


def _numbered(who: Numbers) -> Numbers:
    """The same ones by numbers without gaps; nobody stays NONE."""
    different, numbers = np.unique(who, return_inverse=True)
    return numbers - int(different.size > 0 and different[0] == NONE)


def _named(names: Sequence[str], found: Sequence[Json]) -> Json:
    """What was found, by name, without what has nothing."""
    pairs = zip(names, found, strict=False)
    return {name: figures for name, figures in pairs if figures["comments"]}


def _distinct(keys: Numbers, who: Numbers, size: int) -> Numbers:
    """How many different ones each key has, given numbers from 0; NONE is nobody."""
    somebody = who != NONE
    keys, who = keys[somebody], who[somebody]
    most = int(who.max(initial=-1)) + 1
    pairs = keys * most + who
    if size * most <= MOST_MARKED:
        marks = np.zeros(size * most, dtype=np.bool_)
        marks[pairs] = True
        distinct: Numbers = marks.reshape(size, most).sum(axis=1)
        return distinct
    return np.bincount(np.unique(pairs) // most, minlength=size)


def _sums(keys: Numbers, values: Numbers, size: int) -> Numbers:
    # Weighted counts are floats, exact up to 2**53.
    return np.bincount(keys, weights=values, minlength=size).astype(np.int64)


def _days(columns: Columns) -> list[Json]:
    days, comments = np.unique(columns.day, return_counts=True)
    return [
        {"day": (EPOCH + timedelta(days=day)).isoformat(), "comments": count}
        for day, count in zip(days.tolist(), comments.tolist(), strict=True)
    ]


def _counties(said: _Said, counties: Sequence[str]) -> Json:
    """By the county of the organisation in whose name it was said."""
    somewhere = said.columns.county != NONE
    of_counties = _Said(said.columns.where(somewhere), said.groups, said.stances)
    found = of_counties.figures(of_counties.columns.county, len(counties))
    return dict(sorted(_named(counties, found).items()))
