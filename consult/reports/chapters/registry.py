"""Which context and which template show which chapter of a report."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from consult.reports.chapters.campaigns import Campaigns
from consult.reports.chapters.conflicts import Conflicts
from consult.reports.chapters.coordination import Coordination
from consult.reports.chapters.coverage import Coverage
from consult.reports.chapters.hot_spots import HotSpots
from consult.reports.chapters.opinions import Opinions
from consult.reports.chapters.questions import Questions
from consult.reports.chapters.themes import ThemesChapter
from consult.reports.chapters.wordings import Wordings
from consult.reports.figures import Ledger
from consult.reports.tallying import Json


class Shown(NamedTuple):
    """A template, and what makes its `chapter`; the counts' chapters are shown from the page."""

    template: str
    context: Callable[[Json, Ledger], Any] | None = None


CHAPTERS: Mapping[str, Shown] = {
    "sections": Shown("consult/_report_by_section.html"),
    "matrix": Shown("consult/_report_matrix.html"),
    "coverage": Shown("consult/_report_coverage.html", Coverage),
    "themes": Shown("consult/_report_themes.html", ThemesChapter),
    "hot_spots": Shown("consult/_report_hot_spots.html", HotSpots),
    "wordings": Shown("consult/_report_wordings.html", Wordings),
    "campaigns": Shown("consult/_report_campaigns.html", Campaigns),
    "conflicts": Shown("consult/_report_conflicts.html", Conflicts),
    "opinions": Shown("consult/_report_opinions.html", Opinions),
    "questions": Shown("consult/_report_questions.html", Questions),
    "coordination": Shown("consult/_report_coordination.html", Coordination),
    "days": Shown("consult/_report_days.html"),
    "chapters": Shown("consult/_report_chapters.html"),
}
