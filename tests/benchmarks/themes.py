"""How well themes are found, and how fast: against TF-IDF and k-means on sets whose themes are
known, and on as many comments as a report may have.

k-means is told how many themes there are; ours has to find that out. What belongs to no theme
counts as one of its own, on both sides.
"""

import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from consult.document.segmenting import segments_of
from consult.reports.analysing import themes
from consult.reports.analysing.chapter import Kept, Line
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_least, at_most
from tests.consult.reports.labelled import (
    SAID,
    Labelled,
    articles,
    comments,
    descriptions,
    sentences,
)
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

SEEDS_OF_KMEANS = 5
SETS: dict[str, Callable[[int], Labelled]] = {
    "articles of 20 laws": lambda seed: articles(seed, 20),
    "articles of 60 laws": lambda seed: articles(seed, 60),
    "sentences of 12 laws": lambda seed: sentences(seed, 12),
    "sentences of 20 laws": lambda seed: sentences(seed, 20, most=100),
    "descriptions in English": lambda seed: descriptions(seed, 12),
    "short comments, 300": lambda seed: comments(seed, 300),
    "short comments, 3,000": lambda seed: comments(seed, 3_000),
}
DRAWS = {"articles of 60 laws": 1}
MOST_DRAWS = 3
IN_A_PART = 10_000
SIZES = {100_000: 4.0, 1_000_000: 15.0}
A_SECTION = 25_000
MOST_MEMORY = {100_000: 500.0, 1_000_000: 800.0}


def measure(_ground: Ground) -> Iterator[Row]:
    """The rows of `make bench WHAT=reports` on themes."""
    yield from _quality()
    for size, seconds in SIZES.items():
        yield from _in_a_process(_speed, size, seconds, MOST_MEMORY[size], None)
    yield from _in_a_process(_speed, A_SECTION, 1.0, MOST_MEMORY[100_000], "壹")


# --- quality ----------------------------------------------------------------------------------


def _quality() -> Iterator[Row]:
    for name, made in SETS.items():
        ours: list[float] = []
        theirs: list[float] = []
        for seed in range(DRAWS.get(name, MOST_DRAWS)):
            labelled = made(seed)
            ours.append(_our_agreement(labelled))
            theirs += _agreements_of_kmeans(labelled)
        yield at_least(
            f"adjusted mutual information, {name}",
            round(statistics.fmean(theirs), 3),
            statistics.fmean(ours),
            unit="",
            note=f" (TF-IDF and k-means {statistics.fmean(theirs):.2f})",
        )


def _our_agreement(labelled: Labelled) -> float:
    lines = [a_comment(n, body=text) for n, text in enumerate(labelled.texts)]
    chapter = conclude(themes, lines, a_head(), at_once=1_000)
    found = {each: key for key, references in chapter.sets.items() for each in references}
    labels = [found[reference(n)] for n in range(len(lines))]
    return float(adjusted_mutual_info_score(labelled.labels, labels))


def _agreements_of_kmeans(labelled: Labelled) -> Iterator[float]:
    words = [[token.word for token in segments_of(text)] for text in labelled.texts]
    table = TfidfVectorizer(analyzer=lambda each: each, min_df=2, sublinear_tf=True)
    vectors = table.fit_transform(words)
    how_many = len(set(labelled.labels))
    for seed in range(SEEDS_OF_KMEANS):
        found = KMeans(how_many, n_init=3, random_state=seed).fit_predict(vectors)
        yield float(adjusted_mutual_info_score(labelled.labels, found))


# --- speed ------------------------------------------------------------------------------------


def _in_a_process(made: Callable[..., list[Row]], *arguments: object) -> list[Row]:
    """Rows measured in a process of its own, whose memory is nobody else's."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(made, arguments)


def _speed(size: int, seconds: float, memory: float, section: str | None) -> list[Row]:
    head = replace(a_head(), section=section)
    tallied, kept = 0.0, []
    for start in range(0, size, IN_A_PART):
        lines = list(_lines(start, min(start + IN_A_PART, size)))
        tally = themes.tally(head)
        began = time.perf_counter()
        for line in lines:
            tally.add(line)
        kept.append(Kept("壹", tally.kept()))
        tallied += time.perf_counter() - began
    began = time.perf_counter()
    chapter = themes.conclude((each for each in kept), head)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"{size:,} comments" + (" of one section" if section else "")
    return [
        at_most(f"words kept of a comment, {what}", 40.0, tallied / size * 1e6, unit="µs"),
        at_most(
            f"themes of {what}",
            seconds,
            took,
            unit="s",
            note=f" ({len(chapter.found['themes'])} themes)",
        ),
        at_most(f"memory of the process that did, {what}", memory, peak, unit="MB"),
    ]


def _lines(start: int, end: int) -> Iterator[Line]:
    """Comments of some 55 characters on what people and laws say, with words of their own."""
    chance = random.Random(start)  # noqa: S311
    laws = sentences(0, 20).texts
    for number in range(start, end):
        said = [*chance.sample(chance.choice(SAID), 2), chance.choice(laws)]
        own = "".join(chance.choices(_CHARACTERS, k=2))
        text = f"{said[0]}，{own}{said[1]}。{said[2]}"[: chance.choice((24, 48, 60, 90))]
        yield a_comment(number, body=text, author=str(chance.randrange(200_000)))


_CHARACTERS = [chr(code) for code in range(0x4E00, 0x6E00, 7)]
