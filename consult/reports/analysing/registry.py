"""The chapters of a report besides its counts, in the order in which readers meet them."""

from consult.reports.analysing import (
    campaigns,
    conflicts,
    coordination,
    coverage,
    hot_spots,
    opinions,
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
    conflicts,
    opinions,
    campaigns,
    questions,
    coordination,
)


def chapter_named(name: str) -> ChapterModule:
    """Raises KeyError."""
    return {chapter.NAME: chapter for chapter in CHAPTERS}[name]
