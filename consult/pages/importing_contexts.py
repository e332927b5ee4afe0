"""What a drafter sees of a file before it becomes a draft."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.document.likeness import Likeness, likeness_to_last
from consult.document.models import Provision, WaitingFile
from consult.document.outline import Outline, OutlineProvision, OutlineSection
from consult.document.sources.documents import SourceRead, line_of
from consult.pages.reading_words import reason, said

DEEPEST_SHOWN = 5
Kind = Provision.Kind


@dataclass(frozen=True)
class Branch:
    """One section of the outline: its own provisions, not those beneath it."""

    section: OutlineSection
    depth: int

    @property
    def provisions(self) -> Sequence[OutlineProvision]:
        return self.section.provisions

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How many provisions of each kind."""
        counts = Counter(provision.kind for provision in self.section.provisions)
        return [(str(Kind(kind).label), count) for kind, count in counts.items()]


@dataclass(frozen=True)
class DoubtOfReading:
    """A warning in the reader's language, and the beginning of the line that it speaks of."""

    words: str
    excerpt: str


@dataclass(frozen=True)
class LineLeftOut:
    """A line that is no part of the draft, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ImportPreview:
    """The whole page."""

    waiting: WaitingFile
    outline: Outline
    branches: Sequence[Branch]
    doubts: Sequence[DoubtOfReading]
    left_out: Sequence[LineLeftOut]
    likeness: Likeness | None

    @property
    def provisions(self) -> int:
        return sum(len(branch.provisions) for branch in self.branches)

    @property
    def next_number(self) -> int:
        """The number that the draft will have."""
        return self.likeness.draft.number + 1 if self.likeness else 1


def import_preview(waiting: WaitingFile, found: SourceRead) -> ImportPreview:
    """The outline with its counts, its doubts, and how much of it the last draft has."""
    return ImportPreview(
        waiting=waiting,
        outline=found.outline,
        branches=list(_branches(found.outline.sections, depth=0)),
        doubts=[
            DoubtOfReading(said(warning), found.excerpts.get(line_of(warning) or 0, ""))
            for warning in found.outline.warnings
        ],
        left_out=[
            LineLeftOut(each.line, each.text, reason(each.reason))
            for each in found.reading.left_out
        ],
        likeness=likeness_to_last(found.outline, waiting.framework),
    )


def _branches(sections: Sequence[OutlineSection], *, depth: int) -> Iterator[Branch]:
    for section in sections:
        yield Branch(section, min(depth, DEEPEST_SHOWN))
        yield from _branches(section.sections, depth=depth + 1)
