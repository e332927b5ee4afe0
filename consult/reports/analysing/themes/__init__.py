"""What people talk about: comments on the same matter, put together by the words they use."""

from collections.abc import Iterable

from consult.reports.analysing.chapter import Chapter, Head, Kept
from consult.reports.analysing.themes.concluding import conclude_themes
from consult.reports.analysing.themes.reading import PartTally

NAME = "themes"
BY_SECTION = True


def tally(head: Head) -> PartTally:
    """An empty tally."""
    return PartTally(head)


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """The themes of the comments in these parts."""
    return conclude_themes((each.data for each in kept), head, name=NAME)
