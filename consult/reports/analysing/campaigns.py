"""The chapter on campaigns: near-identical comments, counted both ways."""

import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from comments.nearness import Texts, bare, groups, is_long_enough, signatures, stands_in
from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line

NAME = "campaigns"
BY_SECTION = False

DECISION = "campaign"
MOST_SHOWN = 60
MOST_VARIANTS = 6
MOST_OWN_SENTENCES = 12
# A campaign's texts that are looked through for sentences of their own.
MOST_LOOKED_THROUGH = 200
SHORTEST_SENTENCE = 8


class Row(NamedTuple):
    """What is remembered of a comment."""

    reference: str
    author: str
    organisation: str | None
    group: str
    stance: str
    section: str
    created_at: str
    bare: str


class CampaignTally:
    """The comments of a part, and signatures of those long enough to be handed on."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def add(self, comment: Line) -> None:
        if comment["as_drafter"]:
            return
        told = bare(f"{comment['body']}\n{comment['proposed_text']}")
        self._rows.append(
            Row(
                comment["reference"],
                comment["author"],
                comment["organisation"],
                comment["group"],
                comment["stance"],
                comment["section"],
                comment["created_at"],
                # What is too short to be a campaign is counted without its words.
                told if is_long_enough(told) else "",
            )
        )

    def kept(self) -> bytes:
        texts = sorted({row.bare for row in self._rows if row.bare})
        rows = zlib.compress(json.dumps([self._rows, texts], ensure_ascii=False).encode(), 1)
        file = io.BytesIO()
        np.savez(file, rows=np.frombuffer(rows, dtype=np.uint8), signatures=signatures(texts))
        return file.getvalue()


def tally(head: Head) -> CampaignTally:  # noqa: ARG001 - every chapter is given it
    return CampaignTally()


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """Campaigns in all, the largest first, and each number with every campaign counted once."""
    rows, texts = _read(kept)
    members = _members(rows, texts)
    decided = _decided(head)
    campaigns = [
        campaign for group in members for campaign in _campaign(group, decided) if campaign
    ]
    campaigns.sort(key=lambda each: (-len(each.rows), each.key))
    shown = campaigns[:MOST_SHOWN]
    written = [campaign.written for campaign in shown]
    return Chapter(
        found={
            "campaigns": written,
            "not_shown": len(campaigns) - len(shown),
            "counted": _both_ways(rows, campaigns),
        },
        sets={
            f"{NAME}/{campaign.key}": [row.reference for row in campaign.rows] for campaign in shown
        },
        quotes=sorted({reference for each in written for reference in _quoted(each)}),
    )


def _read(kept: Iterable[Kept]) -> tuple[list[Row], Texts]:
    rows: list[Row] = []
    found: dict[str, Any] = {}
    for part in kept:
        data = np.load(io.BytesIO(part.data), allow_pickle=False)
        some, texts = json.loads(zlib.decompress(data["rows"].tobytes()))
        known = {text: text for text in texts}
        # The same text of many is one string in memory.
        rows.extend(Row._make([*row[:-1], known.get(row[-1], "")]) for row in some)
        for text, signature in zip(texts, data["signatures"], strict=True):
            found.setdefault(text, signature)
    distinct = sorted(found)
    table = np.array([found[text] for text in distinct], dtype=np.uint32)
    return rows, Texts(distinct, table.reshape(len(distinct), -1) if distinct else signatures([]))


def _members(rows: Sequence[Row], texts: Texts) -> list[list[Row]]:
    """Comments that are nearly the same, each group by time."""
    group_of: dict[str, int] = {}
    for number, places in enumerate(groups(texts)):
        group_of |= {texts.bare[place]: number for place in places}
    found: dict[Any, list[Row]] = {}
    for row in rows:
        if row.bare:
            found.setdefault(group_of.get(row.bare, row.bare), []).append(row)
    return [
        sorted(group, key=lambda row: (row.created_at, row.reference))
        for group in found.values()
        if len(group) > 1
    ]


@dataclass(frozen=True)
class Campaign:
    """Near-identical comments, the earliest first; its reference is the campaign's key."""

    rows: Sequence[Row]
    state: str

    @property
    def key(self) -> str:
        return self.rows[0].reference

    @property
    def shared(self) -> str:
        """The text that most posted, the earliest of these."""
        times = Counter(row.bare for row in self.rows)
        return max(self.rows, key=lambda row: times[row.bare]).bare

    @property
    def written(self) -> Json:
        rows, shared = self.rows, self.shared
        first_of = {row.bare: row.reference for row in reversed(rows)}
        times = Counter(row.bare for row in rows)
        variants = sorted(
            (text for text in first_of if text != shared),
            key=lambda text: (-times[text], first_of[text]),
        )
        return {
            "key": self.key,
            "state": self.state,
            "comments": len(rows),
            "people": len({row.author for row in rows}),
            "organisations": len({row.organisation for row in rows if row.organisation}),
            "first": rows[0].created_at,
            "last": rows[-1].created_at,
            "shared": first_of[shared],
            "sharing": times[shared],
            "texts": len(first_of),
            "variants": [
                {"reference": first_of[text], "comments": times[text]}
                for text in variants[:MOST_VARIANTS]
            ],
            "own_sentences": list(_own_sentences([shared, *variants], first_of)),
            **{
                f"{name}s": dict(sorted(Counter(getattr(row, name) for row in rows).items()))
                for name in ("group", "stance", "section")
            },
        }


def _own_sentences(texts: Sequence[str], first_of: Mapping[str, str]) -> Iterator[Json]:
    """Sentences that one variant alone has: what its writer added."""
    looked = [text.split("\n") for text in texts[:MOST_LOOKED_THROUGH]]
    found = 0
    for place, sentences in enumerate(looked):
        others = [each for at, text in enumerate(looked) if at != place for each in text]
        for number, sentence in enumerate(sentences):
            if len(sentence) < SHORTEST_SENTENCE or stands_in(sentence, others):
                continue
            yield {"reference": first_of[texts[place]], "sentence": number}
            found += 1
            if found == MOST_OWN_SENTENCES:
                return


def _decided(head: Head) -> Mapping[str, Line]:
    return {line["key"]: line for line in head.decisions.get(DECISION, ())}


def _campaign(rows: Sequence[Row], decided: Mapping[str, Line]) -> Iterator[Campaign]:
    """The group as moderators left it; nothing where they rejected it."""
    decisions = [decided[row.reference] for row in rows if row.reference in decided]
    left_out = {reference for line in decisions for reference in line["left_out"]}
    rest = [row for row in rows if row.reference not in left_out]
    states = {line["state"] for line in decisions}
    if "rejected" not in states and len(rest) > 1:
        yield Campaign(rest, "confirmed" if "confirmed" in states else "proposed")


def _both_ways(rows: Sequence[Row], campaigns: Sequence[Campaign]) -> Json:
    """All comments, and with each campaign counted once: in all and by each column."""
    campaign_of = {row.reference: campaign.key for campaign in campaigns for row in campaign.rows}
    texts = [campaign_of.get(row.reference, row.reference) for row in rows]
    found: Json = {"comments": len(rows), "texts": len(set(texts))}
    for name in ("section", "group", "stance"):
        comments: Counter[str] = Counter()
        different: dict[str, set[str]] = {}
        for row, text in zip(rows, texts, strict=True):
            value = getattr(row, name)
            comments[value] += 1
            different.setdefault(value, set()).add(text)
        found[f"{name}s"] = {
            value: {"comments": comments[value], "texts": len(different[value])}
            for value in sorted(comments)
        }
    return found


def _quoted(campaign: Json) -> Iterator[str]:
    yield campaign["shared"]
    for each in (*campaign["variants"], *campaign["own_sentences"]):
        yield each["reference"]
