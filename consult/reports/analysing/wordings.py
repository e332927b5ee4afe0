"""Proposed wordings: what is to stand in a provision's place, like ones grouped.

Proposals that differ in width, spaces and marks alone are one. Those that change the provision
nearly alike go under the one with the most people behind it. The differences themselves are made
when they are shown, since a result holds no words of comments.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line
from consult.reports.analysing.grouping import Original
from consult.reports.analysing.statements import Alike, Backing, Place, StatementTally, gathered

NAME = "wordings"
BY_SECTION = False

# How many wordings are shown: in all, of one provision, and of those that are alike.
MOST_SHOWN = 200
MOST_OF_PROVISION = 5
MOST_ALIKE = 4


class WordingTally:
    """The proposals of one part."""

    def __init__(self, head: Head) -> None:
        self._texts = {provision["ref"]: provision["text"] for provision in head.provisions}
        self._originals: dict[str, Original] = {}
        self._statements = StatementTally()

    def add(self, comment: Line) -> None:
        """Note a stakeholder's proposal; other comments have none."""
        text, ref = comment["proposed_text"], comment["provision"]
        if not text or not ref or comment["as_drafter"]:
            return
        if ref not in self._originals:
            self._originals[ref] = Original(self._texts.get(ref, ""))
        self._statements.add(ref, comment, text, original=self._originals[ref])

    def kept(self) -> bytes:
        """As JSON."""
        return json.dumps(self._statements.to_json(), separators=(",", ":")).encode()


def tally(head: Head) -> WordingTally:
    """An empty tally."""
    return WordingTally(head)


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """Provision by provision in reading order; of each, what has most people behind it first."""
    found: dict[str, _Provision] = {}
    for section, parts in groupby(kept, key=attrgetter("section")):
        places = gathered(json.loads(part.data) for part in parts)
        found.update((ref, _Provision.of(ref, section, place)) for ref, place in places.items())
    refs = [provision["ref"] for provision in head.provisions if provision["ref"] in found]
    provisions = [found[ref] for ref in refs]
    shown = _shown(provisions)
    sets: dict[str, Sequence[str]] = {}
    result = {
        "provisions": [each.to_json(shown, sets) for each in provisions],
        "proposals": sum(len(each.references) for each in provisions),
        "wordings": sum(each.wordings for each in provisions),
    }
    return Chapter(result, sets, quotes=sorted(shown))


@dataclass(frozen=True)
class _Provision:
    """A provision's proposals: only the first are looked at more closely."""

    ref: str
    section: str
    references: Sequence[str]
    wordings: int
    first: Sequence[Alike]

    @classmethod
    def of(cls, ref: str, section: str, place: Place) -> "_Provision":
        alike = place.grouped()
        return cls(ref, section, place.references, len(alike), alike[:MOST_OF_PROVISION])

    def to_json(self, shown: frozenset[str], sets: dict[str, Sequence[str]]) -> Json:
        """Its counts; what is not shown is left to the set of all its proposals."""
        sets[f"{NAME}/{self.ref}"] = self.references
        return {
            "ref": self.ref,
            "section": self.section,
            "proposals": len(self.references),
            "wordings": self.wordings,
            "shown": [
                {"n": place, **_written(f"{NAME}/{self.ref}/{place}", alike, shown, sets)}
                for place, alike in enumerate(self.first, start=1)
                if alike.backing.first[2] in shown
            ],
        }


def _written(key: str, alike: Alike, shown: frozenset[str], sets: dict[str, Sequence[str]]) -> Json:
    sets[key] = alike.backing.references
    variants = [each for each in alike.variants if each.first[2] in shown]
    if len(alike.variants) == 1:
        variants = []
    for place, variant in enumerate(variants, start=1):
        sets[f"{key}/{place}"] = variant.references
    return {
        **alike.backing.counts,
        "variants": len(alike.variants),
        "shown": [
            {"n": place, **variant.counts} for place, variant in enumerate(variants, start=1)
        ],
    }


def _shown(provisions: Sequence[_Provision]) -> frozenset[str]:
    """The comments whose words are shown: each provision's first, then each one's second …"""
    rounds: list[tuple[int, int, int, str]] = []
    for position, provision in enumerate(provisions):
        for place, alike in enumerate(provision.first):
            for variant, backing in enumerate(alike.variants[:MOST_ALIKE]):
                rank = (place + variant, -_people(alike, backing, variant), position)
                rounds.append((*rank, backing.first[2]))
    return frozenset(reference for *_, reference in sorted(rounds)[:MOST_SHOWN])


def _people(alike: Alike, variant: Backing, place: int) -> int:
    return variant.people if place else alike.backing.people
