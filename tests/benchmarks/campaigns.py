"""How well a report's campaigns are found: letters that many sign, among others on the same topic.

Of two comments that were put together, how many are one letter; of two that are one letter, how
many were put together. The worst of several sets counts.
"""

from collections.abc import Iterator, Sequence

from consult.reports.analysing import campaigns
from tests.benchmarks.ground import Ground
from tests.benchmarks.letters import FEW, Judgement, Said, judged, letters_among_others
from tests.benchmarks.table import Row, at_least
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

BOUND, BEYOND = (0.05, 0.10, 0.15, 0.20), (0.30, 0.40)
SEEDS = (1, 2, 3, 4, 5)
PRECISION, RECALL = 0.99, 0.95
IN_A_PART = 500


def measure(_ground: Ground) -> Iterator[Row]:
    """The rows of `make bench WHAT=reports` on the quality of campaigns."""
    for share in BOUND:
        precision, recall = _worst(share)
        what = f"campaigns, {share:.0%} of characters changed"
        yield at_least(f"{what}: precision", PRECISION, precision, unit="")
        yield at_least(f"{what}: recall", RECALL, recall, unit="")
    for share in BEYOND:
        yield _shown(f"  {share:.0%} changed", *_worst(share))
    for share in (FEW, *BOUND[1:]):
        words = f"  {share:.0%} changed, and sentences moved, added or left out by the same"
        yield _shown(words, *_worst(share, at_once=True))


def _shown(what: str, precision: float, recall: float) -> Row:
    return Row(what, "", f"precision {precision:.3f}, recall {recall:.3f}", None)


def _worst(share: float, *, at_once: bool = False) -> tuple[float, float]:
    """The lowest precision and the lowest recall of all sets."""
    found = [found_in(letters_among_others(seed, share, at_once=at_once)) for seed in SEEDS]
    return min(each.precision for each in found), min(each.recall for each in found)


def found_in(said: Said) -> Judgement:
    """How well the chapter on campaigns tells these letters from what others say."""
    places = {reference(number): number for number in range(len(said.texts))}
    comments = [
        a_comment(number, body=text, group="public") for number, text in enumerate(said.texts)
    ]
    chapter = conclude(campaigns, comments, a_head(), at_once=IN_A_PART)
    assert not chapter.found["not_shown"]
    groups: list[Sequence[int]] = [
        [places[each] for each in references] for references in chapter.sets.values()
    ]
    return judged(groups, said)
