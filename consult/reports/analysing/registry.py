"""The chapters of a report besides its counts, those first that take longest to make."""

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

# Workers begin them in this order: what comes late must not be long.
CHAPTERS: tuple[ChapterModule, ...] = (
    campaigns,
    hot_spots,
    themes,
    opinions,
    questions,
    wordings,
    coordination,
    conflicts,
    coverage,
)


def chapter_named(name: str) -> ChapterModule:
    """Raises KeyError."""
    return {chapter.NAME: chapter for chapter in CHAPTERS}[name]
