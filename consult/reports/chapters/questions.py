"""Open questions as they are shown: place by place, what most people ask first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from consult.reports.analysing.chapter import Json
from consult.reports.analysing.questions import NAME, QUESTION
from consult.reports.chapters.backing import Backing
from consult.reports.chapters.texts import headings_of
from consult.reports.figures import Figure, Ledger, Quote
from consult.reports.selecting import Selection


@dataclass(frozen=True)
class Question:
    """What is asked, in somebody's words; without, where they are no longer shown."""

    quote: Quote | None
    backing: Backing


@dataclass(frozen=True)
class QuestionedPlace:
    """A provision, or a section or the draft as a whole, with what is asked about it."""

    ref: str
    heading: str
    open: Figure
    answered: Figure
    questions: int
    shown: Sequence[Question]

    @property
    def more(self) -> int:
        """How many different questions are not shown."""
        return self.questions - len(self.shown)


@dataclass(frozen=True)
class Questions:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @property
    def open(self) -> Figure:
        return self.ledger.within(self.found["open"], f"{NAME}/open")

    @property
    def answered(self) -> Figure:
        return self.ledger.within(self.found["answered"], f"{NAME}/answered")

    @property
    def asked(self) -> Figure:
        in_all = self.found["open"] + self.found["answered"]
        return self.ledger.comments(in_all, Selection(stance=QUESTION))

    @cached_property
    def places(self) -> Sequence[QuestionedPlace]:
        """Places with an open question, in reading order."""
        headings = headings_of(self.ledger.report)
        found = []
        for row in self.found["places"]:
            if not row["open"]:
                continue
            where = row["ref"] or f"/{row['section']}"
            open_ones = f"{NAME}/open/{where}"
            shown = [
                Question(
                    self.ledger.quote(question["reference"]),
                    Backing.of(question, f"{open_ones}/{question['n']}", self.ledger),
                )
                for question in row["shown"]
            ]
            found.append(
                QuestionedPlace(
                    ref=row["ref"],
                    heading=headings.get(row["section"], row["section"]),
                    open=self.ledger.within(row["open"], open_ones),
                    answered=self.ledger.within(row["answered"], f"{NAME}/answered/{where}"),
                    questions=row["questions"],
                    shown=shown,
                )
            )
        return found
