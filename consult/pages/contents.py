"""A draft's contents as a reader meets them: what is listed, in which state, how much was said."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from comments.coverage import readable_comments
from consult.document.access import READABLE
from consult.document.models import Draft, Section
from consult.document.windows import WindowState


@dataclass(frozen=True)
class ContentsLine:
    """One listed section. `level` counts listed sections above it: what is hidden leaves no gap."""

    ref: str
    number: str
    title: str
    level: int
    state: WindowState
    opens_at: datetime | None
    closes_at: datetime | None
    # On the section and all that is shown beneath it.
    comments: int
    section: Section

    @property
    def is_open(self) -> bool:
        return self.state == WindowState.OPEN

    @property
    def is_readable(self) -> bool:
        return self.state in READABLE


@dataclass(frozen=True)
class Contents:
    """The listed sections of one draft, with what is said about them in one line."""

    draft: Draft
    lines: tuple[ContentsLine, ...]
    # Comments on the draft as a whole.
    general: int

    @property
    def comments(self) -> int:
        """All comments on the draft, on its sections and as a whole."""
        return self.general + sum(line.comments for line in self.lines if line.level == 0)

    @property
    def is_readable(self) -> bool:
        """Whether any of its text is shown."""
        return any(line.is_readable for line in self.lines)

    @property
    def open_lines(self) -> list[ContentsLine]:
        return [line for line in self.lines if line.is_open]

    @property
    def first_open(self) -> ContentsLine | None:
        return next(iter(self.open_lines), None)

    @property
    def closes_first(self) -> datetime | None:
        """The earliest closing of what is open now."""
        return min((line.closes_at for line in self.open_lines if line.closes_at), default=None)

    @property
    def opens_next(self) -> datetime | None:
        """The earliest opening that is announced."""
        announced = (line for line in self.lines if line.state == WindowState.ANNOUNCED)
        return min((line.opens_at for line in announced if line.opens_at), default=None)

    @property
    def overview(self) -> list[ContentsLine]:
        """The outermost lines, and those below whose state or date is not their parent's."""
        shown: list[ContentsLine] = []
        above: list[ContentsLine] = []
        for line in self.lines:
            del above[line.level :]
            parent = above[-1] if above else None
            if parent is None or _window(parent) != _window(line):
                shown.append(line)
            above.append(line)
        return shown


def _window(line: ContentsLine) -> tuple[WindowState, datetime | None, datetime | None]:
    return line.state, line.opens_at, line.closes_at


def contents_of(drafts: Iterable[Draft], *, at: datetime) -> list[Contents]:
    """The contents of each draft, in two queries for all of them."""
    drafts = list(drafts)
    counts = readable_comments(drafts, at=at)
    sections: dict[int, list[Section]] = {draft.pk: [] for draft in drafts}
    listed = Section.objects.filter(draft__in=drafts).listed(at=at).select_related("window")
    for section in listed.in_reading_order():
        sections[section.draft_id].append(section)
    return [
        Contents(
            draft=draft,
            lines=tuple(contents_lines(sections[draft.pk], counts.by_section, at=at)),
            general=counts.general.get(draft.pk, 0),
        )
        for draft in drafts
    ]


def contents_lines(
    sections: list[Section], counts: Mapping[int, int], *, at: datetime
) -> list[ContentsLine]:
    """These sections, in reading order, as lines; each counts what is among them beneath it."""
    # What was said on the first n of them: a subtree's total is one difference.
    said = list(accumulate((counts.get(section.pk, 0) for section in sections), initial=0))
    positions = [section.position for section in sections]
    lines: list[ContentsLine] = []
    above: list[Section] = []
    for place, section in enumerate(sections):
        while above and above[-1].last_position < section.position:
            above.pop()
        dates = section.window_dates
        lines.append(
            ContentsLine(
                ref=section.ref,
                number=section.number,
                title=section.title,
                level=len(above),
                state=dates.state(at=at),
                opens_at=dates.opens_at,
                closes_at=dates.closes_at,
                comments=said[bisect_right(positions, section.last_position)] - said[place],
                section=section,
            )
        )
        above.append(section)
    return lines
