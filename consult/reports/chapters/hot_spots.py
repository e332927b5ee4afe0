"""Hot spots as they are shown: the draft's text with what was said on each sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from comments.models import Comment
from comments.showing import SIGNS
from consult.reports import charts
from consult.reports.analysing.chapter import Json
from consult.reports.analysing.hot_spots import NAME
from consult.reports.chapters.backing import Backing
from consult.reports.chapters.texts import Text, headings_of, texts_of
from consult.reports.figures import Figure, Ledger

STEPS = 4


@dataclass(frozen=True)
class Sentence:
    """A stretch of a provision's text; what stands between sentences has no number."""

    text: str
    number: int = 0
    heat: int = 0
    figure: Figure | None = None


@dataclass(frozen=True)
class SpotProvision:
    """A provision with its text in stretches, and what was said on the whole of it."""

    ref: str
    sentences: Sequence[Sentence]
    whole: Figure | None

    @property
    def is_quiet(self) -> bool:
        """Nothing was said on it."""
        return self.whole is None and not any(sentence.figure for sentence in self.sentences)


@dataclass(frozen=True)
class Run:
    """Provisions that follow each other and are all quiet, or are not."""

    is_quiet: bool
    provisions: Sequence[SpotProvision]

    @property
    def first(self) -> SpotProvision:
        return self.provisions[0]

    @property
    def last(self) -> SpotProvision:
        return self.provisions[-1]


@dataclass(frozen=True)
class SpotSection:
    """A section's own text."""

    heading: str
    whole: Figure | None
    runs: Sequence[Run]

    @property
    def is_quiet(self) -> bool:
        return self.whole is None and all(run.is_quiet for run in self.runs)


@dataclass(frozen=True)
class Share:
    """How many comments have one stance."""

    label: str
    sign: str
    stance: str
    figure: Figure


@dataclass(frozen=True)
class Hottest:
    """One of the most commented sentences."""

    provision: str
    number: int
    text: str
    heat: int
    backing: Backing
    stances: Sequence[Share]


@dataclass(frozen=True)
class HeatStep:
    """What one tint stands for: from so many comments to so many."""

    heat: int
    least: int
    most: int


@dataclass(frozen=True)
class HotSpots:
    """The chapter on a report's page."""

    found: Json
    ledger: Ledger

    @cached_property
    def texts(self) -> Mapping[str, Text]:
        return texts_of(self.ledger.report.draft)

    @cached_property
    def highest(self) -> int:
        """The most comments on one sentence."""
        rows = (row for each in self.found["provisions"] for row in each["sentences"])
        return max((row["comments"] for row in rows), default=0)

    @cached_property
    def steps(self) -> Sequence[HeatStep]:
        """The tints that occur, with the numbers they stand for."""
        # The first number of a step is the least whole one above its quarter of the highest.
        least = [-(-step * self.highest // STEPS) + 1 for step in range(STEPS)]
        most = [*(each - 1 for each in least[1:]), self.highest]
        found = zip(range(1, STEPS + 1), least, most, strict=True)
        return [HeatStep(*step) for step in found if step[1] <= step[2]]

    @property
    def not_shown(self) -> int:
        """On how many provisions something was said whose text nobody may read now."""
        return sum(ref not in self.texts for ref in self._rows)

    @cached_property
    def hottest(self) -> Sequence[Hottest]:
        """The most commented sentences whose text may be shown."""
        rows = [
            (spot["provision"], self._row(spot["provision"], spot["n"]))
            for spot in self.found["hottest"]
        ]
        return [self._hottest(ref, row) for ref, row in rows if ref in self.texts]

    @cached_property
    def sections(self) -> Sequence[SpotSection]:
        """Section by section, those of which no text may be shown left out."""
        wholes = {each["section"]: each for each in self.found["wholes"]}
        provisions: dict[str, list[SpotProvision]] = {}
        for ref, (section, text) in self.texts.items():
            provisions.setdefault(section, []).append(self._provision(ref, text))
        found = []
        for section, heading in headings_of(self.ledger.report).items():
            whole = self._whole(f"{NAME}//{section}", wholes.get(section))
            if whole or section in provisions:
                runs = list(_runs(provisions.get(section, ())))
                found.append(SpotSection(heading, whole, runs))
        return found

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Any]]:
        return {provision["ref"]: provision for provision in self.found["provisions"]}

    def _row(self, ref: str, number: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(
            row for row in self._rows[ref]["sentences"] if row["n"] == number
        )
        return found

    def _hottest(self, ref: str, row: Mapping[str, Any]) -> Hottest:
        key = f"{NAME}/{ref}/{row['n']}"
        return Hottest(
            provision=ref,
            number=row["n"],
            text=self.texts[ref].text[row["start"] : row["end"]],
            heat=charts.heat(row["comments"], highest=self.highest),
            backing=Backing.of(row, key, self.ledger),
            stances=[
                Share(
                    label=str(stance.label),
                    sign=SIGNS[stance],
                    stance=stance.value,
                    figure=self.ledger.within(
                        row["stances"][stance.value], key, stance=stance.value
                    ),
                )
                for stance in Comment.Stance
                if stance.value in row["stances"]
            ],
        )

    def _provision(self, ref: str, text: str) -> SpotProvision:
        row = self._rows.get(ref, {"whole": None, "sentences": ()})
        return SpotProvision(
            ref=ref,
            sentences=list(self._sentences(ref, text, row["sentences"])),
            whole=self._whole(f"{NAME}/{ref}", row["whole"]),
        )

    def _sentences(
        self, ref: str, text: str, rows: Sequence[Mapping[str, Any]]
    ) -> Iterator[Sentence]:
        """The whole text: joined, the stretches give it back."""
        place = 0
        for row in rows:
            if row["start"] > place:
                yield Sentence(text[place : row["start"]])
            yield Sentence(
                text=text[row["start"] : row["end"]],
                number=row["n"],
                heat=charts.heat(row["comments"], highest=self.highest),
                figure=self.ledger.within(row["comments"], f"{NAME}/{ref}/{row['n']}"),
            )
            place = row["end"]
        if place < len(text):
            yield Sentence(text[place:])

    def _whole(self, key: str, counts: Mapping[str, Any] | None) -> Figure | None:
        return self.ledger.within(counts["comments"], f"{key}/0") if counts else None


def _runs(provisions: Sequence[SpotProvision]) -> Iterator[Run]:
    for is_quiet, run in groupby(provisions, key=lambda provision: provision.is_quiet):
        yield Run(is_quiet, list(run))
