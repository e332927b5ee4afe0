"""What changed from one draft to another, in what anyone may read of both.

The lineage knows all of both drafts; here it is cut down to the readable sections. Where not all
of a draft is readable, nothing is said about what has no counterpart in its readable part: whether
that is gone, or stands in a section that isn't published, is nobody's to know yet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Func, TextChoices, TextField, Value
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _

from consult.document.alignment import Link
from consult.document.difference import Stretch, difference
from consult.document.models import Draft, Provision, Section
from consult.document.relating import links_between


class RowKind(TextChoices):
    """What became of a provision."""

    KEPT = "kept", _("Unchanged")
    EDITED = "edited", _("Reworded")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    MOVED = "moved", _("Moved")
    DELETED = "deleted", _("Deleted")
    NEW = "new", _("Added")
    UNMATCHED = "unmatched", _("Without counterpart")


@dataclass(frozen=True)
class Place:
    """A provision that anyone may read, and the section it stands in."""

    key: int
    ref: str
    section: Section
    position: int
    # Of the text without white space, which says where lines break and nothing else.
    digest: str

    @property
    def order(self) -> tuple[int, int]:
        """Its place in reading order."""
        return self.section.position, self.position


@dataclass(frozen=True)
class Row:
    """Provisions of the old draft and what they are in the new one; one side may be empty."""

    old: tuple[Place, ...]
    new: tuple[Place, ...]
    kind: RowKind
    # Whether the lineage stands beyond doubt or a drafter decided it.
    is_certain: bool = True

    @property
    def is_changed(self) -> bool:
        return self.kind != RowKind.KEPT

    @property
    def is_reworded(self) -> bool:
        """Whether both sides have words, and not the same."""
        digests = [[place.digest for place in side] for side in (self.old, self.new)]
        return all(digests) and digests[0] != digests[1]


@dataclass(frozen=True)
class Chapter:
    """A section of the new draft, what it was in the old one, and its rows in reading order."""

    section: Section
    was: Section | None
    rows: tuple[Row, ...]

    @property
    def heading(self) -> str:
        """The section's number and title."""
        return _heading(self.section)

    @property
    def former_heading(self) -> str:
        """What its heading was; the same where nothing is known of it."""
        return _heading(self.was or self.section)

    @property
    def is_renamed(self) -> bool:
        return self.heading != self.former_heading


@dataclass(frozen=True)
class Comparison:
    """Two drafts side by side; `left` are the rows of old sections that no new one answers to.

    `homes` are the new sections that old ones became, by the old one's key.
    """

    old: Draft
    new: Draft
    chapters: tuple[Chapter, ...]
    left: tuple[Row, ...]
    homes: Mapping[int, Section]
    is_whole: bool

    @property
    def rows(self) -> Iterator[Row]:
        """Every row, those left over last."""
        for chapter in self.chapters:
            yield from chapter.rows
        yield from self.left

    def counts(self) -> Mapping[RowKind, int]:
        """How many rows there are of each kind."""
        return Counter(row.kind for row in self.rows)


@dataclass(frozen=True)
class _Side:
    """What anyone may read of one draft, in reading order."""

    sections: Sequence[Section]
    places: Mapping[str, Place]
    is_whole: bool


def compare(old: Draft, new: Draft, *, at: datetime) -> Comparison:
    """What changed from the old draft to the new one, in five queries and those of the lineage."""
    before, after = _side(old, at=at), _side(new, at=at)
    rows = [
        row for link in links_between(old, new) if (row := _row(link, before, after)) is not None
    ]
    forward, backward = _ties(rows)
    homes = _counterparts(before.sections, forward, after.sections)
    origins = _counterparts(after.sections, backward, before.sections)
    grouped: dict[int | None, list[Row]] = {}
    for row in rows:
        home = row.new[0].section if row.new else homes.get(row.old[0].section.pk)
        grouped.setdefault(home.pk if home else None, []).append(row)
    return Comparison(
        old=old,
        new=new,
        chapters=tuple(
            Chapter(each, origins.get(each.pk), tuple(_in_order(grouped.get(each.pk, ()))))
            for each in after.sections
        ),
        left=tuple(_in_order(grouped.get(None, ()))),
        homes=homes,
        is_whole=before.is_whole and after.is_whole,
    )


def texts_of(rows: Iterable[Row]) -> dict[int, str]:
    """The texts of the rows' provisions, by key, in one query."""
    keys = {place.key for row in rows for place in (*row.old, *row.new)}
    return dict(Provision.objects.filter(pk__in=keys).values_list("pk", "text"))


def stretches_of(row: Row, texts: Mapping[int, str]) -> list[Stretch]:
    """The difference between the two sides of a row."""
    old, new = ("".join(texts[place.key] for place in side) for side in (row.old, row.new))
    return difference(old, new)


def _heading(section: Section) -> str:
    return f"{section.number} {section.title}".strip()


def _side(draft: Draft, *, at: datetime) -> _Side:
    sections = list(draft.sections.readable(at=at).select_related("window").in_reading_order())
    by_key = {section.pk: section for section in sections}
    bare = Func(
        *(F("text"), Value(r"\s+"), Value(""), Value("g")),
        function="REGEXP_REPLACE",
        output_field=TextField(),
    )
    provisions = draft.provisions.order_by("section__position", "position")
    every = list(provisions.values_list("pk", "ref", "section_id", "position", MD5(bare)))
    places = {
        ref: Place(key, ref, by_key[section], position, digest)
        for key, ref, section, position, digest in every
        if section in by_key
    }
    return _Side(sections, places, is_whole=len(places) == len(every))


def _row(link: Link, before: _Side, after: _Side) -> Row | None:
    old = tuple(before.places[ref] for ref in link.old if ref in before.places)
    new = tuple(after.places[ref] for ref in link.new if ref in after.places)
    if not old and not new:
        return None
    row = Row(old, new, _kind(link, old, new, before, after), is_certain=link.is_certain)
    # What the lineage takes for the same may still differ in a mark or a letter's form.
    return replace(row, kind=RowKind.EDITED) if not row.is_changed and row.is_reworded else row


def _kind(
    link: Link, old: Sequence[Place], new: Sequence[Place], before: _Side, after: _Side
) -> RowKind:
    if not new:
        return RowKind.DELETED if after.is_whole else RowKind.UNMATCHED
    if not old:
        return RowKind.NEW if before.is_whole else RowKind.UNMATCHED
    if len(old) == len(new) == 1 and link.kind in (RowKind.SPLIT, RowKind.MERGED):
        # Its other parts can't be read.
        return RowKind.EDITED
    return RowKind(link.kind)


Ties = Mapping[int, Counter[Section]]


def _ties(rows: Iterable[Row]) -> tuple[Ties, Ties]:
    """How many provisions lead from a section to each of the other draft, there and back."""
    forward: dict[int, Counter[Section]] = {}
    backward: dict[int, Counter[Section]] = {}
    for row in rows:
        for old in row.old:
            for new in row.new:
                forward.setdefault(old.section.pk, Counter())[new.section] += 1
                backward.setdefault(new.section.pk, Counter())[old.section] += 1
    return forward, backward


def _counterparts(
    sections: Sequence[Section], ties: Ties, others: Sequence[Section]
) -> dict[int, Section]:
    """The section that each became: where most of its provisions are.

    Where none is, the one of the same reference and title.
    """
    named = {(other.ref, other.title): other for other in others}
    found: dict[int, Section] = {}
    for section in sections:
        if section.pk in ties:
            found[section.pk] = _most(section, ties[section.pk])
        elif (section.ref, section.title) in named:
            found[section.pk] = named[section.ref, section.title]
    return found


def _most(section: Section, ties: Counter[Section]) -> Section:
    """Of several with as many, the one of the same reference, or else the first."""
    return min(ties, key=lambda one: (-ties[one], one.ref != section.ref, one.position))


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """As the new draft reads; what is gone stands behind what it stood behind."""
    places: dict[tuple[int, int], tuple[int, int]] = {
        place.order: row.new[0].order for row in rows if row.new for place in row.old
    }
    keys: dict[int, tuple[tuple[int, int], bool, tuple[int, int]]] = {}
    behind = (-1, -1)
    for row in sorted((row for row in rows if row.old), key=lambda row: row.old[0].order):
        if row.new:
            behind = places[row.old[0].order]
        else:
            keys[id(row)] = (behind, True, row.old[0].order)
    return sorted(
        rows, key=lambda row: keys.get(id(row)) or (row.new[0].order, False, row.new[0].order)
    )
