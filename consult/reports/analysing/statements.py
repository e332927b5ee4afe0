"""Statements on the same place, like ones together, and who stands behind them.

For chapters whose comments answer to one thing each: a wording that is proposed for a provision, a
question asked about it. Pure; keeps no words.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consult.reports.analysing.chapter import Json, Line
from consult.reports.analysing.grouping import Marks, Original, leaders

FROM_SCRATCH = Original()


class StatementTally:
    """The statements of one part, by place."""

    def __init__(self) -> None:
        self._people: dict[str, int] = {}
        self._places: dict[str, Json] = {}

    def add(
        self, place: str, comment: Line, text: str, *, original: Original | None = None
    ) -> None:
        """Note that the comment states this text on this place.

        With an original, texts that change it nearly alike will be found; without, the same ones.
        """
        kept = self._places.setdefault(place, {"marks": {}, "rows": []})
        reading = (original or FROM_SCRATCH).read(text)
        key = reading.key
        if original and key not in kept["marks"]:
            marks = reading.marks
            kept["marks"][key] = [marks.size, sorted(marks.changed)]
        kept["rows"].append(
            (
                key,
                comment["reference"],
                self._person(comment["author"]),
                comment["organisation"] or "",
                comment["group"],
                comment["created_at"],
                [self._person(endorser) for endorser, *_ in comment["endorsed_by"]],
            )
        )

    def to_json(self) -> Json:
        """What `gathered` reads."""
        return {"people": list(self._people), "places": self._places}

    def _person(self, person: str) -> int:
        return self._people.setdefault(person, len(self._people))


@dataclass
class Backing:
    """The comments that say the same, and the people behind them."""

    references: list[str] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    endorsers: set[str] = field(default_factory=set)
    endorsements: int = 0
    groups: Counter[str] = field(default_factory=Counter)
    # The most endorsed comment, and of these the earliest: endorsements, moment, reference.
    first: tuple[int, str, str] = (1, "", "")

    def add(self, row: Sequence[Any], people: Sequence[str]) -> None:
        _, reference, author, organisation, group, created_at, endorsers = row
        self.references.append(reference)
        self.authors.add(people[author])
        if organisation:
            self.organisations.add(organisation)
        self.endorsers.update(people[endorser] for endorser in endorsers)
        self.endorsements += len(endorsers)
        self.groups[group] += 1
        self.first = min(self.first, (-len(endorsers), created_at, reference))

    def join(self, other: "Backing") -> None:
        """Take in what says nearly the same; what stands for all stays."""
        self.references += other.references
        self.authors |= other.authors
        self.organisations |= other.organisations
        self.endorsers |= other.endorsers
        self.endorsements += other.endorsements
        self.groups += other.groups

    @property
    def people(self) -> int:
        """How many said or endorsed it."""
        return len(self.authors | self.endorsers)

    @property
    def rank(self) -> tuple[int, str, str]:
        """What comes first among others: most people, then the earliest."""
        return -self.people, self.first[1], self.first[2]

    @property
    def counts(self) -> Json:
        """The comment that stands for all of them, and the numbers."""
        return {
            "reference": self.first[2],
            "comments": len(self.references),
            "authors": len(self.authors),
            "organisations": len(self.organisations),
            "endorsements": self.endorsements,
            "people": self.people,
            "groups": dict(sorted(self.groups.items())),
        }


@dataclass
class Alike:
    """Statements that are alike: what all of them come to, and each text by itself."""

    backing: Backing
    variants: list[Backing]


@dataclass
class Place:
    """What was stated on one place, by text."""

    marks: dict[str, Marks] = field(default_factory=dict)
    texts: dict[str, Backing] = field(default_factory=dict)

    @property
    def references(self) -> list[str]:
        return [reference for text in self.texts.values() for reference in text.references]

    def grouped(self) -> list[Alike]:
        """Like texts under the one with the most people behind it; what has most comes first."""
        ranked = sorted(self.texts, key=lambda key: self.texts[key].rank)
        under: dict[int, list[Backing]] = {}
        for key, leader in zip(ranked, leaders([self.marks[key] for key in ranked]), strict=True):
            under.setdefault(leader, []).append(self.texts[key])
        alike = [Alike(_joined(variants), variants) for variants in under.values()]
        return sorted(alike, key=lambda each: each.backing.rank)


def _joined(variants: Sequence[Backing]) -> Backing:
    """All together; the first stands for them."""
    if len(variants) == 1:
        return variants[0]
    whole = Backing(first=variants[0].first)
    for variant in variants:
        whole.join(variant)
    return whole


def gathered(
    parts: Iterable[Mapping[str, Any]], *, leave_out: Container[str] = ()
) -> dict[str, Place]:
    """The statements of a section's parts by place, without those of these references."""
    places: dict[str, Place] = {}
    for part in parts:
        for name, kept in part["places"].items():
            place = places.setdefault(name, Place())
            for row in kept["rows"]:
                key, reference, *_ = row
                if reference in leave_out:
                    continue
                if key not in place.texts:
                    size, changed = kept["marks"].get(key, (0, ()))
                    place.marks[key] = Marks(size, frozenset(changed))
                    place.texts[key] = Backing()
                place.texts[key].add(row, part["people"])
    return places
