"""What the pages on the changes between two drafts show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from consult.document.comparing import (
    Chapter,
    Comparison,
    Place,
    Row,
    RowKind,
    stretches_of,
    texts_of,
)
from consult.document.difference import Stretch, difference, in_parts
from consult.document.models import Draft, Section

# In the order in which they are counted up.
COUNTED = (
    *(RowKind.EDITED, RowKind.NEW, RowKind.DELETED, RowKind.MOVED),
    *(RowKind.SPLIT, RowKind.MERGED, RowKind.UNMATCHED),
)
# A page that would hold more leaves the rest of its sections to pages of their own.
MOST_CHANGES = 200


@dataclass(frozen=True)
class Count:
    """How many provisions became what."""

    kind: RowKind
    count: int


@dataclass(frozen=True)
class ChangesLine:
    """A section of the new draft with what changed in it and beneath it."""

    section: Section
    level: int
    counts: Sequence[Count]
    is_renamed: bool

    @property
    def is_changed(self) -> bool:
        return self.is_renamed or bool(self.counts)


@dataclass(frozen=True)
class LeftLine:
    """A section of the old draft that no section of the new one answers to."""

    section: Section
    provisions: int


@dataclass(frozen=True)
class ChangesPage:
    """Two drafts: what changed in which section."""

    comparison: Comparison
    lines: Sequence[ChangesLine]
    left: Sequence[LeftLine]
    totals: Sequence[Count]
    unchanged: int

    @property
    def old(self) -> Draft:
        return self.comparison.old

    @property
    def new(self) -> Draft:
        return self.comparison.new


@dataclass(frozen=True)
class PlaceView:
    """A provision of one side and its stretches."""

    place: Place
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class ChangeView:
    """One row: what it was, what it is, and both in one."""

    row: Row
    old: Sequence[PlaceView]
    new: Sequence[PlaceView]
    inline: Sequence[Sequence[Stretch]]

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return self.row.new[0].ref if self.row.new else f"was-{self.row.old[0].ref}"


@dataclass(frozen=True)
class Run:
    """Rows that follow each other: all unchanged, or one that changed."""

    rows: Sequence[ChangeView]
    is_changed: bool


@dataclass(frozen=True)
class ChapterView:
    """A section with its heading's difference and its runs."""

    section: Section
    was: Section | None
    heading: Sequence[Stretch]
    runs: Sequence[Run]
    is_renamed: bool


@dataclass(frozen=True)
class SectionChangesPage:
    """A section and what stands beneath it; `more` are sections left to their own pages."""

    old: Draft
    new: Draft
    is_whole: bool
    chapters: Sequence[ChapterView]
    more: Sequence[ChangesLine]
    before: Section | None
    after: Section | None
    is_inline: bool

    @property
    def first(self) -> ChapterView:
        return self.chapters[0]


def changes_page(comparison: Comparison) -> ChangesPage:
    """The page on two drafts as wholes; no text is loaded for it."""
    left = groupby(comparison.left, key=lambda row: row.old[0].section)
    counts = comparison.counts()
    return ChangesPage(
        comparison=comparison,
        lines=_lines(comparison.chapters),
        left=[LeftLine(section, len(list(rows))) for section, rows in left],
        totals=_counted(counts),
        unchanged=counts.get(RowKind.KEPT, 0),
    )


def section_changes_page(
    comparison: Comparison, section: Section, *, is_inline: bool
) -> SectionChangesPage:
    """The page on one section of the new draft, in one query for its texts."""
    within = [
        chapter
        for chapter in comparison.chapters
        if section.position <= chapter.section.position <= section.last_position
    ]
    shown = _as_many_as_fit(within)
    texts = texts_of(row for chapter in shown for row in chapter.rows)
    before, after = _around(comparison.chapters, section)
    return SectionChangesPage(
        old=comparison.old,
        new=comparison.new,
        is_whole=comparison.is_whole,
        chapters=[_chapter(chapter, texts) for chapter in shown],
        more=[line for line in _lines(within) if line.section not in {c.section for c in shown}],
        before=before,
        after=after,
        is_inline=is_inline,
    )


def _as_many_as_fit(chapters: Sequence[Chapter]) -> list[Chapter]:
    shown = list(chapters[:1])
    changes = _changes(shown)
    for chapter in chapters[1:]:
        changes += _changes([chapter])
        if changes > MOST_CHANGES:
            break
        shown.append(chapter)
    return shown


def _changes(chapters: Iterable[Chapter]) -> int:
    return sum(row.is_changed for chapter in chapters for row in chapter.rows)


def _around(chapters: Sequence[Chapter], section: Section) -> tuple[Section | None, Section | None]:
    """The nearest sections with changes of their own before and behind this one."""
    changed = [chapter.section for chapter in chapters if _changes([chapter])]
    before = [each for each in changed if each.position < section.position]
    after = [each for each in changed if each.position > section.last_position]
    return before[-1] if before else None, after[0] if after else None


def _lines(chapters: Sequence[Chapter]) -> list[ChangesLine]:
    found: list[tuple[Chapter, int, Counter[RowKind]]] = []
    above: list[tuple[Section, Counter[RowKind]]] = []
    for chapter in chapters:
        section, counts = chapter.section, Counter[RowKind]()
        while above and above[-1][0].last_position < section.position:
            above.pop()
        found.append((chapter, len(above), counts))
        above.append((section, counts))
        own = Counter(row.kind for row in chapter.rows)
        for _, of_all_beneath in above:
            of_all_beneath.update(own)
    return [
        ChangesLine(chapter.section, level, _counted(counts), is_renamed=chapter.is_renamed)
        for chapter, level, counts in found
    ]


def _counted(counts: Mapping[RowKind, int]) -> list[Count]:
    return [Count(kind, counts[kind]) for kind in COUNTED if counts.get(kind)]


def _chapter(chapter: Chapter, texts: Mapping[int, str]) -> ChapterView:
    return ChapterView(
        section=chapter.section,
        was=chapter.was,
        heading=_heading(chapter),
        runs=list(_runs(chapter.rows, texts)),
        is_renamed=chapter.is_renamed,
    )


def _runs(rows: Sequence[Row], texts: Mapping[int, str]) -> Iterator[Run]:
    for is_changed, run in groupby(rows, key=lambda row: row.is_changed):
        views = [_view(row, texts) for row in run]
        if is_changed:
            yield from (Run([view], is_changed=True) for view in views)
        else:
            yield Run(views, is_changed=False)


def _view(row: Row, texts: Mapping[int, str]) -> ChangeView:
    if not row.is_changed:
        # What stayed as it was is shown as it is.
        parts = [[Stretch("same", texts[place.key])] for place in row.new]
        return ChangeView(row, (), _paired(row.new, parts), parts)
    stretches = stretches_of(row, texts)
    old = [stretch for stretch in stretches if stretch.kind != "inserted"]
    new = [stretch for stretch in stretches if stretch.kind != "deleted"]
    lengths = _lengths(row.new, texts)
    return ChangeView(
        row=row,
        old=_paired(row.old, in_parts(old, _lengths(row.old, texts), beside="inserted")),
        new=_paired(row.new, in_parts(new, lengths, beside="deleted")),
        inline=in_parts(stretches, lengths, beside="deleted") if row.new else [stretches],
    )


def _paired(places: Sequence[Place], parts: Sequence[Sequence[Stretch]]) -> list[PlaceView]:
    return [PlaceView(place, part) for place, part in zip(places, parts, strict=True)]


def _lengths(places: Sequence[Place], texts: Mapping[int, str]) -> list[int]:
    return [len(texts[place.key]) for place in places]


def _heading(chapter: Chapter) -> list[Stretch]:
    """The section's number and title as they were and as they are."""
    return difference(chapter.former_heading, chapter.heading)
