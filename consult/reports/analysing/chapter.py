"""What every chapter of a report is made by. Pure: lines of the inputs in, values out.

A chapter is a module with a `Tally`, which is shown each comment of one part of the inputs, and
`conclude`, which puts the parts' tallies together. The same modules serve the workers, who read
lines from the database, and whoever counts again from a bundle. So a chapter may depend on nothing
but the lines: no clock, no chance without a fixed seed, no order of parts but the given one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

Json = dict[str, Any]
# A comment's line of the inputs, read; `consult.reports.canonical` says what it holds.
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """What stands in the inputs before the comments.

    `report` holds framework, draft, cutoff, scope and `terms` (the framework's own words);
    `sections` have ref, number, title, depth and state, `provisions` ref, section, form and text,
    both in reading order. `decisions` is what people decided, by kind: themes named, campaigns
    confirmed, who was expected to speak.
    """

    report: Line
    sections: Sequence[Line]
    provisions: Sequence[Line]
    decisions: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    # Of which section a chapter is being made; None for all of them.
    section: str | None = None


class Kept(NamedTuple):
    """What a tally kept of one part: of comments on that section ("" for the whole draft)."""

    section: str
    data: bytes


@dataclass(frozen=True)
class Chapter:
    """What was found.

    `found` is JSON without any words of a comment: comments stand in it by their references.
    `sets` name the comments behind each number that no column tells, by a key that begins with
    the chapter's name, as in `wordings/肆-一-2/1`. `quotes` are the references of the comments
    whose words the chapter shows.
    """

    found: Json
    sets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    quotes: Sequence[str] = ()


class Tally(Protocol):
    """What one chapter keeps of the comments of one part."""

    def add(self, comment: Line) -> None:
        """See one comment; they come in the order of the inputs."""

    def kept(self) -> bytes:
        """What is to be remembered of them until all parts are read."""


class ChapterModule(Protocol):
    """A module that makes a chapter; `NAME` is its key in the report's result."""

    NAME: str
    # Whether it is made for each section by itself as well as for all of them.
    BY_SECTION: bool

    def tally(self, head: Head) -> Tally:
        """An empty tally."""

    def conclude(self, kept: Iterable[Kept], head: Head) -> Chapter:
        """The chapter from the tallies of its parts, in the order of the inputs."""
