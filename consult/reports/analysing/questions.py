"""Open questions: what was asked, and no drafter has answered.

A question is answered where a drafter wrote beneath it, at any depth. Questions that say the same
stand together; what most people asked or endorsed comes first.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line
from consult.reports.analysing.statements import Alike, StatementTally, gathered

NAME = "questions"
BY_SECTION = False
QUESTION = "question"

# How many questions are shown: in all, and of one provision.
MOST_SHOWN = 150
MOST_OF_PLACE = 5


class QuestionTally:
    """The questions of one part, who replied to what, and what drafters replied to."""

    def __init__(self) -> None:
        self._questions = StatementTally()
        self._parents: dict[str, str] = {}
        self._answered: list[str] = []

    def add(self, comment: Line) -> None:
        """Note a question, and which comment any other replies to."""
        if comment["parent"]:
            self._parents[comment["reference"]] = comment["parent"]
        if comment["as_drafter"]:
            if comment["parent"]:
                self._answered.append(comment["parent"])
        elif comment["stance"] == QUESTION:
            self._questions.add(comment["provision"] or "", comment, comment["body"])

    def kept(self) -> bytes:
        """As JSON."""
        kept = {
            "questions": self._questions.to_json(),
            "parents": self._parents,
            "answered": self._answered,
        }
        return json.dumps(kept, separators=(",", ":")).encode()


def tally(head: Head) -> QuestionTally:  # noqa: ARG001 - a chapter's contract
    """An empty tally."""
    return QuestionTally()


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """Place by place in reading order; what is on a section as a whole stands before the rest."""
    positions = {provision["ref"]: place for place, provision in enumerate(head.provisions)}
    places: list[_Place] = []
    for section, parts in groupby(kept, key=attrgetter("section")):
        of_section = _of_section(section, [json.loads(part.data) for part in parts])
        places += sorted(of_section, key=lambda place: positions.get(place.ref, -1))
    shown = _shown(places)
    sets: dict[str, Sequence[str]] = {}
    result = {
        "places": [place.to_json(shown, sets) for place in places],
        "open": sum(len(place.open) for place in places),
        "answered": sum(len(place.answered) for place in places),
    }
    everything = {
        f"{NAME}/open": [reference for place in places for reference in place.open],
        f"{NAME}/answered": [reference for place in places for reference in place.answered],
    }
    sets |= {key: references for key, references in everything.items() if references}
    return Chapter(result, sets, quotes=sorted(shown))


@dataclass(frozen=True)
class _Place:
    """The questions about a provision, or about a section or the draft as a whole."""

    section: str
    ref: str
    open: Sequence[str]
    answered: Sequence[str]
    alike: int
    first: Sequence[Alike]

    def to_json(self, shown: frozenset[str], sets: dict[str, Sequence[str]]) -> Json:
        key = f"{NAME}/open/{self.ref}" if self.ref else f"{NAME}/open//{self.section}"
        if self.open:
            sets[key] = self.open
        if self.answered:
            sets[key.replace("open", "answered", 1)] = self.answered
        rows = []
        for place, alike in enumerate(self.first, start=1):
            if alike.backing.first[2] in shown:
                sets[f"{key}/{place}"] = alike.backing.references
                rows.append({"n": place, **alike.backing.counts})
        return {
            "ref": self.ref,
            "section": self.section,
            "open": len(self.open),
            "answered": len(self.answered),
            "questions": self.alike,
            "shown": rows,
        }


def _of_section(section: str, parts: Sequence[Json]) -> Iterable[_Place]:
    beneath = _beneath_answers(parts)
    questions = [part["questions"] for part in parts]
    answered: dict[str, list[str]] = {}
    for part in questions:
        for ref, kept in part["places"].items():
            asked = (reference for _, reference, *_ in kept["rows"])
            answered.setdefault(ref, []).extend(each for each in asked if each in beneath)
    for ref, place in gathered(questions, leave_out=beneath).items():
        alike = place.grouped()
        yield _Place(
            section=section,
            ref=ref,
            open=place.references,
            answered=answered[ref],
            alike=len(alike),
            first=alike[:MOST_OF_PLACE],
        )


def _beneath_answers(parts: Iterable[Json]) -> set[str]:
    """Every comment beneath which a drafter wrote; a thread may go on from part to part."""
    parents: dict[str, str] = {}
    replied_to: list[str] = []
    for part in parts:
        parents |= part["parents"]
        replied_to += part["answered"]
    found: set[str] = set()
    for reference in replied_to:
        above: Any = reference
        while above and above not in found:
            found.add(above)
            above = parents.get(above)
    return found


def _shown(places: Sequence[_Place]) -> frozenset[str]:
    """The questions whose words are shown: those with most people behind them."""
    ranked = sorted(alike.backing.rank for place in places for alike in place.first)
    return frozenset(reference for *_, reference in ranked[:MOST_SHOWN])
