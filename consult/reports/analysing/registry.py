"""The chapters of a report besides its counts, in the order in which readers meet them."""

from consult.reports.analysing import (
    campaigns,
    coordination,
    coverage,
    hot_spots,
    questions,
    themes,
    wordings,
)
from consult.reports.analysing.chapter import ChapterModule

CHAPTERS: tuple[ChapterModule, ...] = (
    coverage,
    themes,
    hot_spots,
    wordings,
    campaigns,
    questions,
    coordination,
)


def chapter_named(name: str) -> ChapterModule:
    """Raises KeyError."""
    return {chapter.NAME: chapter for chapter in CHAPTERS}[name]
