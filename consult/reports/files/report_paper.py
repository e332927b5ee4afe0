"""A report as a finished document: overview, tables, chapters, and how to count again."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.document.dates import day_in_words, moment_in_words
from consult.reports.contexts import ChapterView, GroupRow, ReportContext
from consult.reports.exporting.paper import Block, Cell, Heading, Paper, Paragraph, Run
from consult.reports.figures import Figure, Figures
from consult.reports.files.chapters_on_paper import ON_PAPER
from consult.reports.files.counts_sheets import NOT_VOTES
from consult.reports.files.sheets import language_tag, title_of
from consult.reports.models import Report, ReportNote
from consult.reports.printing import (
    OnPaper,
    number,
    number_cell,
    table,
    with_whole_addresses,
    words,
)

COMMAND = "manage.py recount BUNDLE"


def report_paper(page: ReportContext) -> Paper:
    """The document in the reader's language, but for the chapters withheld from them."""
    report = page.report
    blocks: list[Block] = [*_facts(report), Heading(_("In one minute")), *_overview(page)]
    blocks += _note(page.note)
    for chapter in page.chapter_views:
        found = list(_chapter(page, chapter))
        if found:
            blocks += [Heading(chapter.title), *_note(chapter.note), *found]
    blocks += [Heading(_("Count it again yourself")), *_recounting(page)]
    return Paper(
        title=title_of(page),
        language=language_tag(),
        author=report.draft.framework.owner_body,
        made_at=report.finished_at or report.requested_at,
        blocks=[with_whole_addresses(block) for block in blocks],
        is_wide=True,
        footer=f"SHA-256 {report.inputs_sha256}",
    )


def _chapter(page: ReportContext, chapter: ChapterView) -> Iterable[Block]:
    """What the chapter puts on paper; nothing, where it has nothing for it."""
    if chapter.name in OF_COUNTS:
        return OF_COUNTS[chapter.name](page)
    if chapter.name in ON_PAPER:
        return ON_PAPER[chapter.name](chapter.content)
    return chapter.content.paper_blocks() if isinstance(chapter.content, OnPaper) else ()


def _note(note: ReportNote | None) -> Iterator[Block]:
    """What drafters wrote beside a chapter."""
    if note:
        lead = Run(_("The drafters' note") + _(": "), is_bold=True)
        yield Paragraph((lead, Run(note.text)))


def _facts(report: Report) -> Iterator[Block]:
    """What the report is about, when it was made, and by which hash it is known."""
    draft = report.draft
    scope = _(", ").join(report.sections) or _("The whole draft")
    if report.group:
        scope = f"{scope} · {report.get_group_display()}"
    facts = {
        _("Framework"): draft.framework.title,
        _("Draft"): draft.label or str(draft.number),
        _("What it is about"): scope,
        _("Cutoff"): moment_in_words(report.cutoff),
        _("Made"): moment_in_words(report.finished_at) if report.finished_at else "",
        _("SHA-256 of the inputs"): report.inputs_sha256,
    }
    yield from _pairs(facts)
    link = Run(_("This report on the site"), address=reverse("report", args=[report.public_id]))
    yield Paragraph((link,))


def _pairs(facts: Mapping[str, str]) -> Iterator[Paragraph]:
    for name, value in facts.items():
        if value:
            yield Paragraph((Run(f"{name}{_(': ')}", is_bold=True), Run(value)))


def _overview(page: ReportContext) -> Iterator[Block]:
    figures = page.figures
    yield words(
        _("{} comments by {} people, for {} organisations; {} endorsements, {} proposed wordings."),
        figures.comments,
        figures.authors,
        figures.organisations,
        figures.endorsements,
        figures.wordings,
    )
    if page.chapters:
        yield Paragraph.of(page.where_spoken)
        yield _listed(_("Who spoke:"), page.loudest)
        yield _listed(_("How:"), page.stance_totals)
    if page.silent_groups:
        silent = _(", ").join(group.label for group in page.silent_groups)
        yield Paragraph((Run(f"{_('Not one comment from:')} "), Run(silent, is_bold=True)))
    if page.silent_sections:
        silent = _(", ").join(row.heading for row in page.silent_sections)
        yield Paragraph.of(f"{_('Not one comment on:')} {silent}")
    if page.by_drafters.value:
        text = _("The drafters themselves wrote {}; those stand in no other number.")
        yield words(text, page.by_drafters)
    yield Paragraph.of(str(NOT_VOTES))


def _listed(lead: str, pairs: Iterable[tuple[object, Figures]]) -> Paragraph:
    runs = [Run(f"{lead} ")]
    for place, (heading, figures) in enumerate(pairs):
        runs.append(Run(f"{_(', ') if place else ''}{getattr(heading, 'label', '')} "))
        runs.append(number(figures.comments))
    return Paragraph(tuple(runs))


def _sections(page: ReportContext) -> Iterator[Block]:
    """Section × stance."""
    if not page.chapters:
        return
    rows = [(Cell.of(row.heading), *_numbers(row.stances, row.figures)) for row in page.chapters]
    total = (Cell.of(_("In all"), is_bold=True), *_numbers(page.all_stances, page.figures))
    yield table(_heads(page, _("Section")), [*rows, total])


def _groups(page: ReportContext) -> Iterator[Block]:
    """Section × group × stance."""
    for row in page.chapters:
        yield Heading(row.heading, level=2)
        yield _group_table(page, row.rows)
    if page.chapters:
        yield Heading(_("All sections"), level=2)
        yield _group_table(page, page.group_rows)
        yield Paragraph.of(
            _(
                "A section's row counts what was said on it, not on the sections beneath it. "
                "People and organisations who spoke on several sections count once in all."
            )
        )


def _group_table(page: ReportContext, rows: Iterable[GroupRow]) -> Block:
    cells = [(Cell.of(row.label), *_numbers(row.stances, row.figures)) for row in rows]
    return table(_heads(page, _("Stakeholder group")), cells)


def _heads(page: ReportContext, first: str) -> list[str]:
    counts = (_("Comments"), _("People"), _("Organisations"))
    return [first, *(stance.label for stance in page.stances), *counts]


def _numbers(stances: Iterable[Figure], figures: Figures) -> Iterator[Cell]:
    yield from map(number_cell, stances)
    yield from map(number_cell, (figures.comments, figures.authors, figures.organisations))


def _matrix(page: ReportContext) -> Iterator[Block]:
    """Section × group, zeros as zeros."""
    if not page.sections:
        return
    yield Paragraph.of(
        _(
            "Comments of each group on each section. A 0 is a group that has not been heard on a "
            "section that could be commented on; a dash is a section that could not."
        )
    )
    rows = [
        (
            Cell.of(row.heading),
            *(
                number_cell(cell.figure) if cell.figure.value or cell.is_silent else Cell.of("–")
                for cell in row.groups
            ),
            number_cell(row.figures.comments),
        )
        for row in page.sections
    ]
    totals = (figures.comments for _group, figures in page.group_totals)
    rows.append(
        (
            Cell.of(_("In all"), is_bold=True),
            *map(number_cell, totals),
            number_cell(page.figures.comments),
        )
    )
    yield table([_("Section"), *(group.label for group in page.groups), _("All groups")], rows)


def _days(page: ReportContext) -> Iterator[Block]:
    if page.days:
        rows = [(Cell.of(day_in_words(row.day)), number_cell(row.figure)) for row in page.days]
        yield table([_("Day"), _("Comments")], rows, first=2)


def _recounting(page: ReportContext) -> Iterator[Block]:
    """What anyone needs to come to the same numbers."""
    report = page.report
    yield Paragraph.of(
        _(
            "The inputs are the text, what was decided by hand, and every comment up to the "
            "cutoff, also on sections withdrawn since, one a line, with public fields only. The "
            "bundle holds them with the result and both SHA-256; this command computes everything "
            "again and compares:"
        )
    )
    yield Paragraph((Run(COMMAND, is_bold=True),))
    yield from _pairs(
        {
            _("Cutoff"): page.cutoff,
            _("SHA-256 of the inputs"): report.inputs_sha256,
            _("SHA-256 of the result"): report.result_sha256,
            _("SHA-256 of the draft's text"): report.draft.source_sha256,
        }
    )
    if page.may_download:
        bundle = reverse("report_bundle", args=[report.public_id])
        yield Paragraph((Run(_("Download the bundle"), address=bundle),))
    dictionary = reverse("data_dictionary")
    yield Paragraph((Run(_("What every column of the files means"), address=dictionary),))


OF_COUNTS: Mapping[str, Callable[[ReportContext], Iterable[Block]]] = {
    "sections": _sections,
    "matrix": _matrix,
    "days": _days,
    "chapters": _groups,
}
