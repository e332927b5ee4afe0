"""The sheets of a report's files: the registry, and the book that is made of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from consult.document.dates import moment_in_words
from consult.reports.contexts import ReportContext
from consult.reports.exporting.sheet import Book, Layout, Row, Sheet
from consult.reports.files import chapter_sheets as chapters
from consult.reports.files import counts_sheets as counts
from consult.reports.files import judgement_sheets as judgements
from consult.reports.files.comments_sheet import COMMENTS, belonging, comments_rows
from consult.reports.files.dictionary import DICTIONARY, dictionary_rows
from consult.reports.tallying import Json

Tell = Callable[[int], None]
# Of what a chapter found: the names of its sets, by their keys.
BELONGING: Mapping[str, Callable[[Json], Mapping[str, str]]] = {
    "themes": chapters.theme_names,
    "campaigns": chapters.campaign_names,
}
# After so many rows whoever waits is told.
TOLD_EVERY = 2000


@dataclass(frozen=True)
class ReportSheet:
    """A sheet of every report; `chapter` is what it belongs to and is withheld with."""

    layout: Layout
    rows: Callable[[ReportContext], Iterable[Row]]
    chapter: str = ""


def _comments(page: ReportContext) -> Iterator[Row]:
    """With what each belongs to, as far as this reader gets the chapters that say so."""
    themes, campaigns = (
        belonging(page.report, names(page.result["chapters"][chapter]))
        if chapter in page.result["chapters"] and page.reading.shows(chapter)
        else {}
        for chapter, names in BELONGING.items()
    )
    return comments_rows(page.report, themes=themes, campaigns=campaigns)


# The chapters' sheets come after those of the counts.
CHAPTER_SHEETS: tuple[ReportSheet, ...] = (
    ReportSheet(chapters.THEMES, chapters.themes_rows, "themes"),
    ReportSheet(chapters.HOT_SPOTS, chapters.hot_spots_rows, "hot_spots"),
    ReportSheet(chapters.WORDINGS, chapters.wordings_rows, "wordings"),
    ReportSheet(judgements.CONFLICTS, judgements.conflicts_rows, "conflicts"),
    ReportSheet(judgements.OPINION_GROUPS, judgements.opinion_groups_rows, "opinions"),
    ReportSheet(judgements.OPINIONS, judgements.opinions_rows, "opinions"),
    ReportSheet(chapters.QUESTIONS, chapters.questions_rows, "questions"),
    ReportSheet(chapters.CAMPAIGNS, chapters.campaigns_rows, "campaigns"),
    ReportSheet(chapters.COVERAGE, chapters.coverage_rows, "coverage"),
    ReportSheet(chapters.COORDINATION, chapters.coordination_rows, "coordination"),
)
SHEETS = (
    ReportSheet(counts.ABOUT, counts.about_rows),
    ReportSheet(COMMENTS, _comments),
    ReportSheet(counts.COUNTS, counts.counts_rows, "sections"),
    ReportSheet(counts.DAYS, counts.days_rows, "days"),
    ReportSheet(counts.MATRIX, counts.matrix_rows, "matrix"),
    ReportSheet(counts.COUNTIES, counts.counties_rows, "sections"),
    *CHAPTER_SHEETS,
)
LAYOUTS = (*(each.layout for each in SHEETS), DICTIONARY)


def book_of(page: ReportContext, *, tell: Tell | None = None) -> Book:
    """The report's sheets in the reader's language, but for the chapters withheld from them."""
    report = page.report
    sheets = [
        Sheet(each.layout, each.rows(page))
        for each in SHEETS
        if not each.chapter or page.reading.shows(each.chapter)
    ]
    layouts = [*(sheet.layout for sheet in sheets), DICTIONARY]
    sheets.append(Sheet(DICTIONARY, dictionary_rows(layouts)))
    if tell:
        done = _Done(tell)
        sheets = [Sheet(sheet.layout, done.counted(sheet.rows)) for sheet in sheets]
    return Book(
        title=title_of(page),
        author=report.draft.framework.owner_body,
        language=language_tag(),
        made_at=report.finished_at or report.requested_at,
        sheets=sheets,
    )


def title_of(page: ReportContext) -> str:
    """What the report is called on its files."""
    draft = page.report.draft
    return _("%(framework)s, %(draft)s: report on what was said up to %(cutoff)s") % {
        "framework": draft.framework.title,
        "draft": draft.label or draft.number,
        "cutoff": moment_in_words(page.report.cutoff),
    }


def language_tag() -> str:
    """The reader's language as files name it."""
    language = translation.get_language() or "en"
    return "zh-TW" if language.startswith("zh") else language


class _Done:
    """How many rows are written, over all sheets."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._rows = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            yield row
            self._rows += 1
            if self._rows % TOLD_EVERY == 0:
                self._tell(self._rows)
