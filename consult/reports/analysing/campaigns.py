"""The chapter on campaigns: near-identical comments, counted both ways."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from comments.near_groups import groups
from comments.nearness import own_sentences
from consult.reports.analysing.campaign_columns import (
    CODED,
    NO_TEXT,
    CampaignTally,
    Integers,
    Said,
)
from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line

NAME = "campaigns"
BY_SECTION = False

DECISION = "campaign"
MOST_SHOWN = 60
MOST_VARIANTS = 6
# A campaign's texts that are looked through for sentences of their own.
MOST_LOOKED_THROUGH = 200
# Each is compared with all others: these take a third of a second.
MOST_SENTENCES = 400


def tally(head: Head) -> CampaignTally:
    return CampaignTally(head)


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """Campaigns in all, the largest first, and each number with every campaign counted once."""
    said = Said.of(kept)
    decided = _Decided(said, head.decisions.get(DECISION, ()))
    found = (decided.campaign(rows) for rows in _members(said, head))
    campaigns = [campaign for campaign in found if campaign]
    campaigns.sort(key=lambda each: (-len(each.rows), each.key))
    shown = campaigns[:MOST_SHOWN]
    written = [campaign.written for campaign in shown]
    return Chapter(
        found={
            "campaigns": written,
            "not_shown": len(campaigns) - len(shown),
            "counted": _both_ways(said, campaigns),
        },
        sets={
            f"{NAME}/{campaign.key}": [said.reference(row) for row in campaign.rows.tolist()]
            for campaign in shown
        },
        quotes=sorted({reference for each in written for reference in _quoted(each)}),
    )


def _members(said: Said, head: Head) -> list[Integers]:
    """Comments that are nearly the same, each group by time."""
    group_of = np.arange(len(said.told))
    for places in groups(said.compared(head)):
        group_of[places] = places[0]
    rows = np.flatnonzero(said.texts != NO_TEXT)
    group = group_of[said.texts[rows]]
    order = np.lexsort((said.references[rows], said.moments[rows], group))
    _, starts, counts = np.unique(group[order], return_index=True, return_counts=True)
    several = counts > 1
    return [
        rows[order[start : start + count]]
        for start, count in zip(starts[several].tolist(), counts[several].tolist(), strict=True)
    ]


@dataclass(frozen=True)
class Campaign:
    """Near-identical comments, the earliest first; its reference is the campaign's key."""

    said: Said
    rows: Integers
    state: str

    @property
    def key(self) -> str:
        return self.said.reference(self.rows[0])

    @property
    def written(self) -> Json:
        said, rows = self.said, self.rows
        texts, first, times = np.unique(said.texts[rows], return_index=True, return_counts=True)
        # Those that most posted first, and the earliest of these.
        order = np.lexsort((first, -times))
        firsts = [said.reference(row) for row in rows[first[order]].tolist()]
        times = times[order].tolist()
        told = [said.told[place] for place in texts[order[:MOST_LOOKED_THROUGH]].tolist()]
        sentences = accumulate(text.count("\n") + 1 for text in told)
        looked = [
            text for text, upto in zip(told, sentences, strict=True) if upto <= MOST_SENTENCES
        ]
        own = [
            {"reference": firsts[place], "sentence": sentence}
            for place, sentence in own_sentences(looked)
        ]
        return {
            "key": self.key,
            "state": self.state,
            "comments": len(rows),
            "people": len(np.unique(said.authors[rows])),
            "organisations": len(np.setdiff1d(said.organisations[rows], [0])),
            "first": said.moments[rows[0]].decode(),
            "last": said.moments[rows[-1]].decode(),
            "shared": firsts[0],
            "sharing": times[0],
            "texts": len(firsts),
            "variants": [
                {"reference": reference, "comments": comments}
                for reference, comments in zip(firsts[1:], times[1:], strict=True)
            ][:MOST_VARIANTS],
            "own_sentences": own,
            **{f"{name}s": said.tallied(name, rows) for name in CODED},
        }


class _Decided:
    """What moderators decided on campaigns, by the comments in them."""

    def __init__(self, said: Said, decisions: Iterable[Line]) -> None:
        self._said = said
        # A report on one section may lack the comment that gives the campaign its key.
        self._line_of = {
            reference.encode(): line for line in decisions for reference in line["members"]
        }

    def campaign(self, rows: Integers) -> Campaign | None:
        """The group as moderators left it; nothing where they rejected it."""
        lines = self._lines(rows)
        left_out = [reference.encode() for line in lines for reference in line["left_out"]]
        rest = rows[~np.isin(self._said.references[rows], left_out)] if left_out else rows
        states = {line["state"] for line in lines}
        if "rejected" in states or len(rest) < 2:  # noqa: PLR2004 - two make a campaign
            return None
        return Campaign(self._said, rest, "confirmed" if "confirmed" in states else "proposed")

    def _lines(self, rows: Integers) -> list[Line]:
        if not self._line_of:
            return []
        references = self._said.references[rows].tolist()
        return [self._line_of[each] for each in references if each in self._line_of]


def _both_ways(said: Said, campaigns: Sequence[Campaign]) -> Json:
    """All comments, and with each campaign counted once: in all and by each column."""
    texts = np.arange(len(said.references))
    for campaign in campaigns:
        texts[campaign.rows] = campaign.rows[0]
    found: Json = {"comments": len(texts), "texts": len(_different(texts))}
    for name in CODED:
        names, codes = said.names[name], said.coded[name].astype(np.int64)
        comments = np.bincount(codes, minlength=len(names)).tolist()
        once = _different(codes * len(texts) + texts) // max(len(texts), 1)
        different = np.bincount(once, minlength=len(names)).tolist()
        found[f"{name}s"] = {
            each: {"comments": comments[place], "texts": different[place]}
            for place, each in enumerate(names)
            if comments[place]
        }
    return found


def _different(numbers: Integers) -> Integers:
    # Sorted: numpy's own way hashes a million of them, three times as long.
    sorted_numbers = np.sort(numbers)
    different: Integers = sorted_numbers[np.diff(sorted_numbers, prepend=-1) != 0]
    return different


def _quoted(campaign: Json) -> Iterator[str]:
    yield campaign["shared"]
    for each in (*campaign["variants"], *campaign["own_sentences"]):
        yield each["reference"]
