"""How well lineage and placements are found on sixty real amendments, and how fast.

Outlines are built with references and headings that tell nothing; the articles' numbers are the
truth. Lines are joined as reading a draft joins them. What is left of a quote is a matter of how
one compares: the rows that must hold ask Ratcliff and Obershelp's method, by which quotes are
placed, and Myers' is asked for comparison.
"""

import json
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

from diff_match_patch import diff_match_patch

from comments.placing import Carriage, Placed
from consult.document.alignment import Link, Piece, align
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_least, at_most

LAWS = Path(__file__).parents[1] / "consult/document/data/law-amendments.jsonl"
SEED = 20261125
HARD_SEEDS = range(4)
QUOTES_AN_ARTICLE = 4
ENOUGH_LEFT = 0.6
ENOUGH_OVERLAP = 0.5


# Start in the old text, start in the new one, length of what is the same.
Stretches = Sequence[tuple[int, int, int]]
Referee = Callable[[str, str], Stretches]


@dataclass(frozen=True)
class Stand:
    """A provision made for measuring: its piece, and the articles that its words come from."""

    piece: Piece
    articles: frozenset[str]


@dataclass(frozen=True)
class Law:
    """One amendment: what stood before it, and after."""

    old: Sequence[Stand]
    new: Sequence[Stand]

    @property
    def truth(self) -> set[tuple[str, str]]:
        return {
            (old.piece.ref, new.piece.ref)
            for old in self.old
            for new in self.new
            if old.articles & new.articles
        }

    def links(self) -> list[Link]:
        return align([each.piece for each in self.old], [each.piece for each in self.new])


def measure(_ground: Ground) -> Iterator[Row]:
    """The rows of `make bench WHAT=drafts`."""
    yield from _lineage("as amended", list(_laws()), least_found=99.9, most_wrong=0.0)
    for seed in HARD_SEEDS:
        hard = [_harder(law, random.Random(f"{SEED} {seed}")) for law in _laws()]  # noqa: S311
        yield from _lineage(f"made harder, seed {seed}", hard, least_found=98.0, most_wrong=0.2)
    yield from _quotes("", _same_by_ratcliff_obershelp)
    for row in _quotes(", by Myers' difference", _same_by_myers):
        yield replace(row, holds=None)
    yield from _large()


def _laws() -> Iterator[Law]:
    with LAWS.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            yield Law(*(_side(data[when], when) for when in ("before", "after")))


def _side(articles: list[dict[str, str]], when: str) -> list[Stand]:
    return [
        Stand(
            Piece(f"{when}-{place}", "".join(article["text"].split())),
            frozenset({article["number"]}),
        )
        for place, article in enumerate(articles)
    ]


# --- lineage ----------------------------------------------------------------------------------


def _lineage(
    name: str, laws: Sequence[Law], *, least_found: float, most_wrong: float
) -> Iterator[Row]:
    count = Counter[str]()
    for law in laws:
        truth = law.truth
        sure = {
            (old, new): link.is_certain
            for link in law.links()
            for old in link.old
            for new in link.new
        }
        certain = {pair for pair, is_certain in sure.items() if is_certain}
        count["true"] += len(truth)
        count["found"] += len(truth & sure.keys())
        count["links"] += len(sure)
        count["certain"] += len(certain)
        count["wrong"] += len(certain - truth)
    yield at_least(
        f"true links found, {name}",
        least_found,
        100 * count["found"] / count["true"],
        unit="%",
        note=f" of {count['true']:,}",
    )
    yield at_most(
        f"certain links that are wrong, {name}",
        most_wrong,
        100 * count["wrong"] / count["certain"],
        unit="%",
        note=f" ({count['wrong']})",
    )
    share = 100 * count["certain"] / count["links"]
    least = 97.0 if most_wrong == 0 else 0.0
    yield at_least(f"links marked certain, {name}", least, share, unit="%")


def _harder(law: Law, rng: random.Random) -> Law:
    """The new text with 5 % merged into the next, 10 % of long ones split, 15 % moved anywhere."""
    pieces = list(_split_and_merged(law.new, rng))
    moved = [each for each in pieces if rng.random() < 0.15]
    stay = [each for each in pieces if each not in moved]
    rng.shuffle(moved)
    for each in moved:
        stay.insert(rng.randrange(len(stay) + 1), each)
    return Law(
        law.old,
        [
            Stand(Piece(f"after-{place}", text), articles)
            for place, (text, articles) in enumerate(stay)
        ],
    )


def _split_and_merged(
    stands: Sequence[Stand], rng: random.Random
) -> Iterator[tuple[str, frozenset[str]]]:
    left = [(each.piece.text, each.articles) for each in stands]
    while left:
        text, articles = left.pop(0)
        if left and rng.random() < 0.05:
            text_behind, articles_behind = left.pop(0)
            yield text + text_behind, articles | articles_behind
            continue
        middle = range(len(text) // 5 + 1, len(text) * 4 // 5)
        cuts = [found.end() for found in re.finditer("。", text) if found.end() in middle]
        if len(text) >= 60 and cuts and rng.random() < 0.1:
            cut = rng.choice(cuts)
            yield text[:cut], articles
            yield text[cut:], articles
        else:
            yield text, articles


# --- quotes -----------------------------------------------------------------------------------


def _quotes(by: str, referee: Referee) -> Iterator[Row]:
    rng = random.Random(SEED)  # noqa: S311 - drawn to measure, not to hide
    count = Counter[Any]()
    for law in _laws():
        _quotes_of(law, rng, count, referee)
    for what, limit, name in (
        ("unchanged", 99.8, "quotes that stand unchanged, found at their words"),
        ("left", 97.0, "quotes with 60 % or more left, found"),
        ("gone", 99.0, "quotes with less left, not placed"),
    ):
        share = 100 * count[what, "right"] / count[what]
        yield at_least(name + by, limit, share, unit="%", note=f" of {count[what]:,}")
    share = 100 * count["elsewhere"] / count["all"]
    yield at_most(
        f"quotes put into a wrong article{by}", 0.1, share, unit="%", note=f" of {count['all']:,}"
    )


def _quotes_of(law: Law, rng: random.Random, count: Counter[Any], referee: Referee) -> None:
    texts = [{each.piece.ref: each.piece.text for each in side} for side in (law.old, law.new)]
    carriage = Carriage(law.links(), old=texts[0], new=texts[1])
    article_of = {each.piece.ref: each.articles for each in law.new}
    text_of = {number: each.piece.text for each in law.new for number in each.articles}
    for stand in law.old:
        (article,) = stand.articles
        text, became = stand.piece.text, text_of.get(article, "")
        if text == became or len(text) < 6:
            continue
        for _ in range(QUOTES_AN_ARTICLE):
            length = rng.randint(6, min(30, len(text)))
            start = rng.randrange(len(text) - length + 1)
            placed = carriage.place(stand.piece.ref, start, start + length)
            count["all"] += 1
            in_article = placed.ref is not None and article in article_of[placed.ref]
            if placed.ref is not None and not in_article:
                count["elsewhere"] += 1
            words = _Words(text, became, start, start + length)
            what, is_right = words.judge(placed, referee)
            count[what] += 1
            count[what, "right"] += is_right and (what == "gone" or in_article)


@dataclass(frozen=True)
class _Words:
    """A quote: the stretch of its article, and what became of that."""

    text: str
    became: str
    start: int
    end: int

    def judge(self, placed: Placed, referee: Referee) -> tuple[str, bool]:
        """What became of the words (unchanged, left, gone), and whether the placing agrees."""
        length = self.end - self.start
        spans = [
            (new + max(self.start - old, 0), new + min(self.end - old, size))
            for old, new, size in referee(self.text, self.became)
            if old < self.end and self.start < old + size
        ]
        left = sum(behind - first for first, behind in spans)
        words = self.text[self.start : self.end]
        if (left == length and len(spans) == 1) or self.became.count(words) == 1:
            place = (self.became.find(words), self.became.find(words) + length)
            if left == length and len(spans) == 1:
                place = spans[0]
            return "unchanged", (placed.start, placed.end) == place
        if left < ENOUGH_LEFT * length:
            return "gone", placed.status == "orphaned"
        return "left", _overlap((placed.start, placed.end), (spans[0][0], spans[-1][1]))


def _overlap(placed: tuple[int | None, int | None], true: tuple[int, int]) -> bool:
    start, end = placed
    if start is None or end is None:
        return False
    shared = max(0, min(true[1], end) - max(true[0], start))
    return shared >= ENOUGH_OVERLAP * (max(true[1], end) - min(true[0], start))


@lru_cache
def _same_by_ratcliff_obershelp(old: str, new: str) -> Stretches:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks]


@lru_cache
def _same_by_myers(old: str, new: str) -> Stretches:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    stretches, at_old, at_new = [], 0, 0
    for kind, text in engine.diff_main(old, new, checklines=False):
        if kind == engine.DIFF_EQUAL:
            stretches.append((at_old, at_new, len(text)))
        at_old += len(text) if kind != engine.DIFF_INSERT else 0
        at_new += len(text) if kind != engine.DIFF_DELETE else 0
    return stretches


# --- size -------------------------------------------------------------------------------------


def _large() -> Iterator[Row]:
    """5,000 provisions against the same with three in ten changed."""
    rng = random.Random(SEED)  # noqa: S311
    texts = [each.piece.text for law in _laws() for each in law.old]
    old = [_changed(rng.choice(texts), rng) for _ in range(5_000)]
    new = [_changed(text, rng) if rng.random() < 0.3 else text for text in old]
    sides = [[Piece(str(place), text) for place, text in enumerate(side)] for side in (old, new)]
    began = time.perf_counter()
    align(*sides)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield at_most("aligning two drafts of 5,000 provisions", 10.0, took, unit="s")
    yield at_most("memory of the process that did", 500.0, peak, unit="MB")


def _changed(text: str, rng: random.Random) -> str:
    characters = list(text)
    for _ in range(max(1, len(text) // 12)):
        characters[rng.randrange(len(characters))] = rng.choice("的之與及或應得")
    return "".join(characters)
