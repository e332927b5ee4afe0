"""Hot spots: how much was said on each sentence of the draft.

A comment counts for every sentence that its words reach into. One without words of its own counts
where the comment stands that it replies to; where none of those has any, on the whole provision.
"""

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from comments.anchors import sentences
from consult.reports.analysing.chapter import Chapter, Head, Json, Kept, Line

NAME = "hot_spots"
BY_SECTION = False

# So many of the most commented sentences stand in the overview.
HOTTEST = 10
DRAFTER = -1
NO_WORDS = -1

# The first sentence that words reach into, and the one behind the last; the same: into none.
Reach = tuple[int, int]
NONE: Reach = (0, 0)


class SpotTally:
    """Each comment of one part with its place, and with what it replies to."""

    def __init__(self) -> None:
        self._authors: dict[str, int] = {}
        self._provisions: dict[str, list[Sequence[object]]] = {}

    def add(self, comment: Line) -> None:
        """Note where the comment stands; a drafter's is noted too, for the replies to it."""
        anchor, authors = comment["anchor"], self._authors
        author = (
            DRAFTER
            if comment["as_drafter"]
            else authors.setdefault(comment["author"], len(authors))
        )
        self._provisions.setdefault(comment["provision"] or "", []).append(
            (
                comment["reference"],
                comment["parent"],
                anchor["start"] if anchor else NO_WORDS,
                anchor["end"] if anchor else NO_WORDS,
                author,
                comment["group"],
                comment["stance"],
            )
        )

    def kept(self) -> bytes:
        """As JSON."""
        kept = {"authors": list(self._authors), "provisions": self._provisions}
        return json.dumps(kept, separators=(",", ":")).encode()


def tally(head: Head) -> SpotTally:  # noqa: ARG001 - a chapter's contract
    """An empty tally."""
    return SpotTally()


def conclude(kept: Iterable[Kept], head: Head) -> Chapter:
    """Every sentence something was said on, in reading order, and the most commented ones."""
    texts = {provision["ref"]: _Sentences(provision["text"]) for provision in head.provisions}
    sets: dict[str, Sequence[str]] = {}
    provisions: dict[str, Json] = {}
    wholes: list[Json] = []
    for section, parts in groupby(kept, key=attrgetter("section")):
        for spots in _of_section(section, parts, texts):
            found = spots.found(sets)
            if spots.provision:
                provisions[spots.provision] = found
            elif found["whole"]:
                wholes.append({"section": section, **found["whole"]})
    in_order = [
        provisions[ref]
        for ref in texts
        if ref in provisions and (provisions[ref]["whole"] or provisions[ref]["sentences"])
    ]
    found = {
        "provisions": in_order,
        "wholes": wholes,
        "hottest": _hottest(in_order),
        "commented": sum(len(each["sentences"]) for each in in_order),
        "sentences": sum(len(text.starts) for text in texts.values()),
    }
    return Chapter(found, sets)


class _Sentences:
    """Where the sentences of a provision's text begin and end, in code points."""

    def __init__(self, text: str) -> None:
        found = sentences(text)
        self.starts = [sentence.start for sentence in found]
        self.ends = [sentence.end for sentence in found]

    def reach(self, start: int, end: int) -> Reach:
        """The sentences that these words share a character with."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


class _Counted:
    """The comments on one sentence, or on a whole provision."""

    def __init__(self) -> None:
        self.references: list[str] = []
        self._authors: set[str] = set()
        self._groups: Counter[str] = Counter()
        self._stances: Counter[str] = Counter()

    def add(self, reference: str, author: str, group: str, stance: str) -> None:
        self.references.append(reference)
        self._authors.add(author)
        self._groups[group] += 1
        self._stances[stance] += 1

    @property
    def counts(self) -> Json:
        return {
            "comments": len(self.references),
            "authors": len(self._authors),
            "groups": dict(sorted(self._groups.items())),
            "stances": dict(sorted(self._stances.items())),
        }


class _Spots:
    """What was said on one provision; without one, on a section, or the draft, as a whole."""

    def __init__(self, section: str, provision: str, text: _Sentences) -> None:
        self.section, self.provision = section, provision
        self._text = text
        self._whole = _Counted()
        self._sentences: dict[int, _Counted] = {}
        # Where each comment stands, for its replies.
        self._reaches: dict[str, Reach] = {}

    def add(self, row: Sequence[Any], authors: Sequence[str]) -> None:
        reference, parent, start, end, author, group, stance = row
        reach = self._text.reach(start, end) if start >= 0 else NONE
        if reach[0] >= reach[1]:
            reach = self._reaches.get(parent, NONE)
        self._reaches[reference] = reach
        if author == DRAFTER:
            return
        for place in range(*reach):
            if place not in self._sentences:
                self._sentences[place] = _Counted()
            self._sentences[place].add(reference, authors[author], group, stance)
        if reach == NONE:
            self._whole.add(reference, authors[author], group, stance)

    def found(self, sets: dict[str, Sequence[str]]) -> Json:
        """The counts; the comments themselves go to the sets, number 0 for the whole."""
        key = f"{NAME}/{self.provision}" if self.provision else f"{NAME}//{self.section}"
        if self._whole.references:
            sets[f"{key}/0"] = self._whole.references
        rows = []
        for place, counted in sorted(self._sentences.items()):
            sets[f"{key}/{place + 1}"] = counted.references
            where = {"start": self._text.starts[place], "end": self._text.ends[place]}
            rows.append({"n": place + 1, **where, **counted.counts})
        return {
            "ref": self.provision,
            "section": self.section,
            "whole": self._whole.counts if self._whole.references else None,
            "sentences": rows,
        }


def _of_section(
    section: str, parts: Iterable[Kept], texts: dict[str, _Sentences]
) -> Iterable[_Spots]:
    """What the parts of one section come to; a thread may go on from one part to the next."""
    spots: dict[str, _Spots] = {}
    for part in parts:
        data = json.loads(part.data)
        for provision, rows in data["provisions"].items():
            if provision not in spots:
                text = texts.get(provision) or _Sentences("")
                spots[provision] = _Spots(section, provision, text)
            for row in rows:
                spots[provision].add(row, data["authors"])
    return spots.values()


def _hottest(provisions: Sequence[Json]) -> list[Json]:
    """The most commented sentences, by comments, then by people; the first of equals."""
    every: Iterator[tuple[Json, Json]] = (
        (provision, sentence) for provision in provisions for sentence in provision["sentences"]
    )
    first = sorted(every, key=lambda pair: (-pair[1]["comments"], -pair[1]["authors"]))[:HOTTEST]
    return [{"provision": provision["ref"], "n": sentence["n"]} for provision, sentence in first]
