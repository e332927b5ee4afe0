"""The reading page: a section's text, with its contents on one side and its talk on the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.anchors import Segment, segments
from comments.carried import carried_counts
from comments.threads import ThreadState, anchored_stretches, states_in
from consult.document.access import READABLE, section_to_read
from consult.document.models import Draft, Provision, Section
from consult.document.succeeding import newer_draft
from consult.pages.contents import Contents, ContentsLine, contents_of

CELL_BREAK = "｜"
COORDINATION_CELLS = 3


@dataclass(frozen=True)
class Cell:
    """A stretch of a provision's text; `start` is where it stands in the whole."""

    start: int
    segments: Sequence[Segment]

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True)
class ProvisionView:
    """One provision with its marked words and how much was said on it."""

    provision: Provision
    cells: Sequence[Cell]
    number: str
    thread: ThreadState

    @property
    def ref(self) -> str:
        return self.provision.ref


@dataclass(frozen=True)
class RowGroup:
    """Rows of a table that share their first cell."""

    heading: Cell
    rows: Sequence[ProvisionView]


@dataclass(frozen=True)
class Block:
    """Provisions of one kind in a row: a table, or one paragraph, item or caption."""

    kind: str
    provisions: Sequence[ProvisionView]
    groups: Sequence[RowGroup] = ()


@dataclass(frozen=True)
class SectionView:
    """A section or one beneath it; of an announced one only the title and its dates."""

    section: Section
    level: int
    line: ContentsLine
    thread: ThreadState
    blocks: Sequence[Block]

    @property
    def is_readable(self) -> bool:
        return self.line.is_readable

    @property
    def is_open(self) -> bool:
        return self.line.is_open


@dataclass(frozen=True)
class SectionPage:
    """The section asked for first, then what is shown of those beneath it."""

    draft: Draft
    contents: Contents
    views: Sequence[SectionView]
    trail: Sequence[ContentsLine]
    before: ContentsLine | None
    after: ContentsLine | None
    coordinates: bool

    @property
    def first(self) -> SectionView:
        return self.views[0]


@dataclass(frozen=True)
class PreviewPart:
    """The text of a section, or of one beneath it, without its talk."""

    section: Section
    level: int
    blocks: Sequence[Block]


@dataclass(frozen=True)
class PreviewPage:
    """A section and all beneath it, published or not: for its drafters."""

    draft: Draft
    views: Sequence[PreviewPart]
    coordinates: bool

    @property
    def first(self) -> PreviewPart:
        return self.views[0]

    @property
    def has_text(self) -> bool:
        return any(part.blocks for part in self.views)


@require_safe
def section(request: HttpRequest, code: str, number: int, ref: str) -> HttpResponse:
    """A section's text with the comments on it."""
    now = timezone.now()
    found = section_to_read(code=code, number=number, ref=ref, at=now)
    page = section_page(found, at=now)
    newer = newer_draft(found.draft, at=now)
    return render(request, "consult/section.html", {"page": page, "newer": newer})


def section_page(section: Section, *, at: datetime) -> SectionPage:
    """The page of a listed section, in six queries whatever its size."""
    contents = contents_of([section.draft], at=at)[0]
    lines = {line.ref: line for line in contents.lines}
    within = range(section.position, section.last_position + 1)
    listed = [line.section for line in contents.lines if line.section.position in within]
    readable = [found for found in listed if lines[found.ref].state in READABLE]
    texts = _texts(readable, threads=_threads(readable, at=at))
    place = contents.lines.index(lines[section.ref])
    beneath = next(
        (later for later in contents.lines[place + 1 :] if later.level <= lines[section.ref].level),
        None,
    )
    return SectionPage(
        draft=section.draft,
        contents=contents,
        views=[
            SectionView(
                section=found,
                level=lines[found.ref].level - lines[section.ref].level,
                line=lines[found.ref],
                thread=texts.threads.get(found.ref, ThreadState(found.ref, 0, 0)),
                blocks=texts.blocks.get(found.pk, ()),
            )
            for found in listed
        ],
        trail=_above(contents.lines[:place], level=lines[section.ref].level),
        before=next((line for line in reversed(contents.lines[:place]) if line.is_readable), None),
        after=beneath if beneath and beneath.is_readable else None,
        coordinates=texts.has_tables and section.draft.coordination_items.exists(),
    )


def _threads(sections: Sequence[Section], *, at: datetime) -> dict[str, ThreadState]:
    """How far the thread on each reference is, and how many earlier comments stand there."""
    found = {state.ref: state for state in states_in(sections)}
    for ref, count in carried_counts(sections, at=at).items():
        found[ref] = replace(found.get(ref, ThreadState(ref, 0, 0)), carried=count)
    return found


def preview_page(section: Section) -> PreviewPage:
    """The same text as readers get, of every section whatever its window; no talk is asked for."""
    sections = list(Section.objects.within(section).in_reading_order())
    texts = _texts(sections, threads={})
    return PreviewPage(
        draft=section.draft,
        views=[
            PreviewPart(found, found.depth - section.depth, texts.blocks.get(found.pk, ()))
            for found in sections
        ],
        coordinates=texts.has_tables and section.draft.coordination_items.exists(),
    )


def _above(before: Sequence[ContentsLine], *, level: int) -> list[ContentsLine]:
    """The listed sections that a line at this level stands in, outermost first."""
    found: list[ContentsLine] = []
    for line in reversed(before):
        if line.level < level:
            found.insert(0, line)
            level = line.level
    return found


@dataclass(frozen=True)
class _Texts:
    blocks: Mapping[int, Sequence[Block]]
    threads: Mapping[str, ThreadState]

    @property
    def has_tables(self) -> bool:
        return any(
            block.kind == Provision.Kind.ROW for all_ in self.blocks.values() for block in all_
        )


def _texts(sections: Sequence[Section], *, threads: Mapping[str, ThreadState]) -> _Texts:
    """The text of these sections; the words marked in it are those of the threads given."""
    if not sections:
        return _Texts({}, {})
    stretches = anchored_stretches(sections) if threads else {}
    provisions = Provision.objects.filter(section__in=sections).order_by("section_id", "position")
    views: dict[int, list[ProvisionView]] = {}
    for provision in provisions:
        beside = views.setdefault(provision.section_id, [])
        beside.append(
            ProvisionView(
                provision=provision,
                cells=_cells(provision, stretches.get(provision.pk, [])),
                number=str(len(beside) + 1),
                thread=threads.get(provision.ref, ThreadState(provision.ref, 0, 0)),
            )
        )
    return _Texts({section: _blocks(found) for section, found in views.items()}, threads)


def _cells(provision: Provision, stretches: Iterable[tuple[int, int, int]]) -> list[Cell]:
    parts = (
        provision.text.split(CELL_BREAK)
        if provision.kind == Provision.Kind.ROW
        else [provision.text]
    )
    stretches = list(stretches)
    cells: list[Cell] = []
    start = 0
    for part in parts:
        beside = [(begin - start, end - start, comments) for begin, end, comments in stretches]
        cells.append(Cell(start, segments(part, beside)))
        start += len(part) + len(CELL_BREAK)
    return cells


def _blocks(provisions: Sequence[ProvisionView]) -> list[Block]:
    blocks: list[Block] = []
    for kind, run in groupby(provisions, key=lambda view: view.provision.kind):
        if kind == Provision.Kind.ROW:
            rows = list(run)
            blocks.append(Block(kind, rows, _row_groups(rows)))
        else:
            blocks.extend(Block(kind, [view]) for view in run)
    return blocks


def _row_groups(rows: Sequence[ProvisionView]) -> list[RowGroup]:
    """Rows of three cells, gathered under their first; none where a row has another number."""
    if any(len(row.cells) != COORDINATION_CELLS for row in rows):
        return []
    groups = []
    for _, run in groupby(rows, key=lambda row: row.cells[0].text):
        together = list(run)
        groups.append(RowGroup(together[0].cells[0], together))
    return groups
