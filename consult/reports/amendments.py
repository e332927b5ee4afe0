"""修正對照表: the amended text, the text until now and an explanation, provision by provision.

What was added is underlined in the first column, what was taken out in the second, as in official
tables. The explanations say what the comparison found; why it was done, the drafters add.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.document.comparing import (
    Chapter,
    Comparison,
    Place,
    Row,
    RowKind,
    stretches_of,
    texts_of,
)
from consult.document.dates import day_in_words, in_taipei
from consult.document.difference import Kind, Stretch, difference, in_parts
from consult.document.models import Draft
from consult.document.segmenting import HAN
from consult.reports.exporting.paper import Cell, Paper, Paragraph, Run, Table

# A longer table is nobody's to read; its sections have tables of their own.
MOST_ROWS = 3_000
# A text of which so much is Chinese is Chinese.
CHINESE_SHARE = 0.3
COLUMN_WIDTHS = (3, 3, 2)

Cells = tuple[Cell, Cell, Cell]
_HAN = re.compile(f"[{HAN}]")


class TableTooLong(Exception):
    """It has more rows than a table may have."""


def amendment_table(comparison: Comparison, *, is_short: bool, made_at: datetime) -> Paper:
    """The table of two drafts; a short one leaves out what stayed as it was.

    Raises TableTooLong.
    """
    rows = [row for row in comparison.rows if row.is_changed or not is_short]
    if len(rows) > MOST_ROWS:
        raise TableTooLong
    texts = texts_of(rows)
    return Paper(
        title=_("%(title)s: table of amendments") % {"title": comparison.new.framework.title},
        language=_language("".join(texts.values())),
        author=comparison.new.framework.owner_body,
        made_at=made_at,
        blocks=[
            *map(Paragraph.of, _preface(comparison, is_short=is_short, made_at=made_at)),
            Table(
                head=tuple(map(Cell.of, (_("Amended text"), _("Current text"), _("Explanation")))),
                rows=list(_rows(comparison, texts, is_short=is_short)),
                widths=COLUMN_WIDTHS,
            ),
        ],
    )


def _preface(comparison: Comparison, *, is_short: bool, made_at: datetime) -> Iterator[str]:
    yield _("Amended text: %(draft)s") % {"draft": name_of(comparison.new)}
    yield _("Current text: %(draft)s") % {"draft": name_of(comparison.old)}
    if not comparison.is_whole:
        yield _("Not all of both drafts is published: only what is can be compared.")
    if is_short:
        yield _("Provisions that were not amended are left out.")
    day = day_in_words(in_taipei(made_at))
    yield _("Compared by the computer on %(day)s.") % {"day": day}


def name_of(draft: Draft) -> str:
    """What a draft is called in the table and in the name of its file."""
    return draft.label or _("draft %(number)s") % {"number": draft.number}


def _language(text: str) -> str:
    if len(_HAN.findall(text)) >= CHINESE_SHARE * len(text):
        return "zh-TW"
    return get_language() or "en"


def _rows(comparison: Comparison, texts: Mapping[int, str], *, is_short: bool) -> Iterator[Cells]:
    for chapter in comparison.chapters:
        rows = [row for row in chapter.rows if row.is_changed or not is_short]
        if rows or chapter.is_renamed:
            yield _heading_row(chapter)
        yield from (_row(row, texts) for row in rows)
    for section, left in groupby(comparison.left, key=lambda row: row.old[0].section):
        rows = list(left)
        yield Cell(), Cell.of(Chapter(section, None, ()).heading, is_bold=True), Cell()
        yield from (_row(row, texts) for row in rows)


def _heading_row(chapter: Chapter) -> Cells:
    found = difference(chapter.former_heading, chapter.heading)
    said = _("The heading was amended.") if chapter.is_renamed else ""
    now = Cell((_paragraph(found, without="deleted", is_bold=True),))
    was = Cell((_paragraph(found, without="inserted", is_bold=True),)) if chapter.was else Cell()
    return now, was, Cell.of(said)


def _row(row: Row, texts: Mapping[int, str]) -> Cells:
    if row.is_changed:
        stretches = stretches_of(row, texts)
        new = [stretch for stretch in stretches if stretch.kind != "deleted"]
        old = [stretch for stretch in stretches if stretch.kind != "inserted"]
    else:
        # It may break its lines otherwise, which is no difference.
        old, new = (
            [Stretch("same", "".join(texts[place.key] for place in side))]
            for side in (row.old, row.new)
        )
    return (
        _side(row.new, new, texts, without="deleted"),
        _side(row.old, old, texts, without="inserted"),
        Cell.of(explanation(row)),
    )


def _side(
    places: Sequence[Place],
    stretches: Sequence[Stretch],
    texts: Mapping[int, str],
    *,
    without: Kind,
) -> Cell:
    lengths = [len(texts[place.key]) for place in places]
    parts = in_parts(stretches, lengths, beside=without)
    paragraphs = [
        paragraph
        for place, part in zip(places, parts, strict=True)
        for paragraph in (Paragraph.of(place.ref, is_bold=True), _paragraph(part, without=without))
    ]
    return Cell(tuple(paragraphs))


def _paragraph(stretches: Sequence[Stretch], *, without: Kind, is_bold: bool = False) -> Paragraph:
    return Paragraph(
        tuple(
            Run(each.text, is_underlined=each.kind != "same", is_bold=is_bold)
            for each in stretches
            if each.kind != without
        )
    )


def explanation(row: Row) -> str:
    """What became of the provisions, in the words of such tables."""
    old, new = (_(", ").join(place.ref for place in side) for side in (row.old, row.new))
    names = {"old": old, "new": new}
    if row.kind == RowKind.UNMATCHED:
        return (
            _("Nothing in what is published of the earlier draft answers to it.")
            if row.new
            else _("Nothing in what is published of the newer draft answers to it.")
        )
    if row.kind == RowKind.SPLIT:
        return _("%(old)s was split into %(new)s.") % names
    if row.kind == RowKind.MERGED:
        return _("Merged from %(old)s.") % names
    if old and new and (row.kind == RowKind.MOVED or old != new):
        if row.is_reworded:
            return _("Moved from %(old)s, and its wording amended.") % names
        return _("Moved from %(old)s; not amended.") % names
    return {
        RowKind.KEPT: _("Not amended."),
        RowKind.EDITED: _("Its wording was amended."),
        RowKind.DELETED: _("Deleted."),
    }.get(row.kind, _("New."))
