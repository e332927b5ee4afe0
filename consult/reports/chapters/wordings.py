"""Proposed wordings as they are shown: each as what it changes in the provision's text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from consult.document.difference import Stretch, difference
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.wordings import NAME
from consult.reports.chapters.backing import Backing
from consult.reports.chapters.texts import Text, headings_of, texts_of
from consult.reports.figures import Figure, Ledger, Quote
from consult.reports.selecting import Selection

# So much of what stays the same is shown on each side of a change.
AROUND = 40
LEFT_OUT = " … "
GIST = 24
MOST_IN_OVERVIEW = 5


@dataclass(frozen=True)
class Version:
    """One wording in somebody's words; without stretches where they are no longer shown."""

    number: int
    quote: Quote | None
    stretches: Sequence[Stretch]
    backing: Backing

    @property
    def gist(self) -> Sequence[Stretch]:
        """The first of what it takes out and puts in, in short."""
        changes = (stretch for stretch in self.stretches if stretch.kind != "same")
        return [
            Stretch(change.kind, change.text[:GIST] + ("…" if len(change.text) > GIST else ""))
            for change in islice(changes, 2)
        ]


@dataclass(frozen=True)
class Wording:
    """A wording with the ones nearly like it, the most backed one in front."""

    ref: str
    front: Version
    versions: int
    others: Sequence[Version]

    @property
    def place(self) -> str:
        """Where it stands on the page."""
        return f"wording-{self.ref}-{self.front.number}"


@dataclass(frozen=True)
class WordedProvision:
    """A provision with what was proposed for it."""

    ref: str
    heading: str
    all: Figure
    wordings: int
    shown: Sequence[Wording]

    @property
    def more(self) -> int:
        """How many different wordings are not shown."""
        return self.wordings - len(self.shown)


@dataclass(frozen=True)
class Wordings:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @property
    def all(self) -> Figure:
        return self.ledger.comments(self.found["proposals"], Selection(with_wording=True))

    @cached_property
    def provisions(self) -> Sequence[WordedProvision]:
        headings = headings_of(self.ledger.report)
        return [
            WordedProvision(
                ref=row["ref"],
                heading=headings.get(row["section"], row["section"]),
                all=self.ledger.within(row["proposals"], f"{NAME}/{row['ref']}"),
                wordings=row["wordings"],
                shown=[self._wording(row["ref"], wording) for wording in row["shown"]],
            )
            for row in self.found["provisions"]
        ]

    @cached_property
    def strongest(self) -> Sequence[Wording]:
        """The wordings with the most people behind them, of all provisions."""
        rows = [
            (wording["people"], wording["comments"], shown)
            for row, provision in zip(self.found["provisions"], self.provisions, strict=True)
            for wording, shown in zip(row["shown"], provision.shown, strict=True)
        ]
        rows.sort(key=lambda row: (-row[0], -row[1]))
        return [shown for _, _, shown in rows[:MOST_IN_OVERVIEW]]

    @cached_property
    def _texts(self) -> Mapping[str, Text]:
        return texts_of(self.ledger.report.draft)

    def _wording(self, ref: str, row: Mapping[str, Any]) -> Wording:
        key = f"{NAME}/{ref}/{row['n']}"
        others = [
            self._version(ref, variant, f"{key}/{variant['n']}") for variant in row["shown"][1:]
        ]
        return Wording(ref, self._version(ref, row, key), row["variants"], others)

    def _version(self, ref: str, row: Mapping[str, Any], key: str) -> Version:
        quote, text = self.ledger.quote(row["reference"]), self._texts.get(ref)
        stretches: Sequence[Stretch] = ()
        # What is proposed for a text that nobody may read now would tell the text.
        if quote and quote.proposed_text and text:
            stretches = list(around_changes(difference(text.text, quote.proposed_text)))
        return Version(
            number=row["n"],
            quote=quote if stretches else None,
            stretches=stretches,
            backing=Backing.of(row, key, self.ledger),
        )


def around_changes(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The changes with some of what stays the same around them; the rest is left out."""
    for place, stretch in enumerate(stretches):
        text = stretch.text
        before = AROUND if place else 0
        behind = AROUND if place < len(stretches) - 1 else 0
        if stretch.kind == "same" and len(text) > before + behind + len(LEFT_OUT):
            text = text[:before] + LEFT_OUT + text[len(text) - behind :]
        yield Stretch(stretch.kind, text)
