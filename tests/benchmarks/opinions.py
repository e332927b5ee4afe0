"""How well Polis's groups of opinion are found again, and how fast groups are found at all.

The floor is k-means on the same table, each gap filled with its statement's mean, told that there
are two groups. Some of what was tried on the way is measured again: the votes added before people
are moved outwards, and what becomes of the index where a tenth of people and statements is missing.
"""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from unittest import mock

import numpy as np
from sklearn.cluster import KMeans

from consult.reports.analysing import conflicts, opinion_map, opinions
from consult.reports.analysing.chapter import ChapterModule, Kept, Line
from consult.reports.analysing.opinion_map import Floats, Integers, Votes
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_least, at_most
from tests.consult.reports.lines import a_comment, a_head, reference
from tests.consult.reports.polis import Conversation, agreement, vtaiwan

LEAST = 0.8
ADDED = (0, 3, 15, 30)
DRAWS = 12
PEOPLE, STATEMENTS, VOTES = 300_000, 50_000, 3_000_000
COMMENTS, IN_A_PART, SPEAKERS = 1_000_000, 10_000, 300_000


def measure(_ground: Ground) -> Iterator[Row]:
    """The rows of `make bench WHAT=reports` on groups of opinion and conflicts."""
    yield from _quality(vtaiwan())
    yield from _in_a_process(_many_votes)
    for module, seconds in ((opinions, 30.0), (conflicts, 15.0)):
        yield from _in_a_process(_chapter, module.NAME, seconds)


# --- quality ----------------------------------------------------------------------------------


def _quality(conversation: Conversation) -> Iterator[Row]:
    name = "Polis's groups on vTaiwan UberX, adjusted Rand index"
    votes, groups = conversation.votes, np.array(conversation.groups)
    yield at_least(f"{name}", LEAST, _index(votes, groups), unit="")
    floor = _floor(votes, groups)
    yield Row(f"{name}: k-means on the filled table", "–", f"{floor:.2f}", None)
    for added in ADDED:
        with mock.patch.object(opinion_map, "ADDED_VOTES", added):
            found = _index(votes, groups)
        yield Row(f"{name}: with {added} votes added instead of 7", "–", f"{found:.2f}", None)
    without_passes = _index(votes.where(votes.value != 0), groups)
    yield Row(f"{name}: a pass as no vote", "–", f"{without_passes:.2f}", None)
    drawn = [_index(_nine_tenths(votes, seed), groups) for seed in range(DRAWS)]
    yield Row(
        f"{name}: of nine tenths of people and statements",
        "–",
        f"{statistics.mean(drawn):.2f} ({min(drawn):.2f} to {max(drawn):.2f})",
        None,
    )


def _index(votes: Votes, groups: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> float:
    found = opinion_map.opinion_map(votes)
    if found is None:
        return 0.0
    grouped = groups[found.voters] != ""
    return agreement(groups[found.voters][grouped].tolist(), found.groups[grouped].tolist())


def _floor(votes: Votes, groups: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> float:
    voters = opinion_map.voters_with_enough(votes)
    table: Floats = np.full((votes.voters, votes.statements), np.nan)
    table[votes.voter, votes.statement] = votes.value
    table = table[voters]
    table = table[:, ~np.isnan(table).all(axis=0)]
    table = np.where(np.isnan(table), np.nanmean(table, axis=0), table)
    found = KMeans(2, n_init=10, random_state=0).fit_predict(table)
    grouped = groups[voters] != ""
    return agreement(groups[voters][grouped].tolist(), found[grouped].tolist())


def _nine_tenths(votes: Votes, seed: int) -> Votes:
    chance = np.random.default_rng(seed)
    people, statements = chance.random(votes.voters) < 0.9, chance.random(votes.statements) < 0.9
    return votes.where(people[votes.voter] & statements[votes.statement])


# --- speed ------------------------------------------------------------------------------------


def _in_a_process(of: Callable[..., list[Row]], *arguments: object) -> Iterator[Row]:
    """Measured alone, so that the peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        yield from pool.apply(of, arguments)


def _many_votes() -> list[Row]:
    votes = _votes()
    before = _peak()
    start = time.perf_counter()
    found = opinion_map.opinion_map(votes)
    seconds = time.perf_counter() - start
    what = f"groups of {PEOPLE:,} people on {STATEMENTS:,} statements"
    note = f" ({votes.voter.size:,} votes, {found.voters.size if found else 0:,} people placed)"
    return [
        at_most(what, 20.0, seconds, unit="s", note=note),
        at_most(f"{what}: peak memory", 800.0, _peak(), unit="MB", note=f" ({before:.0f} before)"),
    ]


def _votes() -> Votes:
    """A few votes each, most of them on what many vote on; two camps that lean apart."""
    chance = np.random.default_rng(0)
    who: Integers = (PEOPLE * chance.random(VOTES) ** 1.5).astype(np.int64)
    what: Integers = (STATEMENTS * chance.random(VOTES) ** 2).astype(np.int64)
    pairs = np.unique(who * STATEMENTS + what)
    who, what = pairs // STATEMENTS, pairs % STATEMENTS
    camp = np.where(chance.random(PEOPLE) < 0.6, 1, -1)
    lean = chance.normal(0, 1, STATEMENTS)
    agrees = chance.random(who.size) < 1 / (1 + np.exp(-2 * lean[what] * camp[who]))
    return Votes(who, what, np.where(agrees, 1, -1), PEOPLE, STATEMENTS)


def _chapter(name: str, seconds: float) -> list[Row]:
    """The chapter on a million comments with two endorsements each: its parts, then all of it."""
    modules: Mapping[str, ChapterModule] = {each.NAME: each for each in (opinions, conflicts)}
    module, head = modules[name], a_head()
    kept: list[Kept] = []
    adding = 0.0
    for part in range(COMMENTS // IN_A_PART):
        lines = _lines(part)
        tally = module.tally(head)
        start = time.perf_counter()
        for line in lines:
            tally.add(line)
        kept.append(Kept("壹", tally.kept()))
        adding += time.perf_counter() - start
    size = sum(len(each.data) for each in kept) / 2**20
    start = time.perf_counter()
    chapter = module.conclude(kept, head)
    took = time.perf_counter() - start
    what = f"{name} of {COMMENTS:,} comments"
    note = f" ({sum(map(len, chapter.sets.values())):,} references in {len(chapter.sets):,} sets)"
    return [
        at_most(f"{what}: a comment's tally", 10.0, 1e6 * adding / COMMENTS, unit="µs"),
        at_most(f"{what}: made from its tallies", seconds, took, unit="s", note=note),
        at_most(f"{what}: peak memory", 1200.0, _peak(), unit="MB", note=f" ({size:.0f} tallied)"),
    ]


def _lines(part: int) -> list[Line]:
    chance = np.random.default_rng(part)
    people = (SPEAKERS * chance.random((IN_A_PART, 3)) ** 2).astype(np.int64).tolist()
    stances = chance.choice(["support", "oppose", "suggest", "other"], IN_A_PART).tolist()
    replies = (chance.random(IN_A_PART) < 0.4).tolist()
    first = part * IN_A_PART
    return [
        a_comment(
            first + place,
            author=_person(each[0]),
            group="school" if each[0] % 3 else "enterprise",
            provision=f"壹-{(first + place) // 500}",
            parent=reference(first + place // 2) if is_reply and place else None,
            stance=stance,
            endorsed_by=sorted([_person(one), "ngo", None] for one in set(each[1:])),
        )
        for place, (each, stance, is_reply) in enumerate(zip(people, stances, replies, strict=True))
    ]


def _person(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
