"""How fast the search is among a million comments, and what its words cost who posts.

The comments are made of the real draft's words and of those of a real consultation in Taiwan where
that file is beside the checkout, some frequent and most rare, as Zipf has it.
"""

import csv
import datetime as dt
import gc
import itertools
import random
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Field, Max, Model
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.groups import StakeholderGroup
from accounts.models import Organisation, User
from comments.models import MAXIMUM_BODY_LENGTH, Comment, SearchEntry, Thread
from comments.paths import path_of
from comments.searching import WITH_WORDING, index, label
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework, Section
from consult.document.publishing import open_section
from consult.document.reading import read_outline
from consult.document.segmenting import BETWEEN_TEXTS, segments_of, words_of
from consult.document.terms import framework_label, vocabulary_of, words_for_search
from consult.document.vectors import vector
from consult.pages.demonstration.loading import TERMS
from consult.pages.demonstration.script import TEXT
from consult.pages.search_contexts import search_page
from tests.benchmarks.floor import ROWS as FLOOR_ROWS
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_most
from tests.benchmarks.talk import REAL

MILLION = 1_000_000
SENTENCES = 50_000
PEOPLE, ORGANISATIONS = 5000, 300
LIMIT, SEGMENTING_LIMIT = 100.0, 5.0
QUERIES, WARMING_UP, ROUNDS = 300, 60, 3
AT_ONCE = 20_000
CHECKED = 200
MILLI = 1000
GROUPS = [*StakeholderGroup.values]
GROUP_WEIGHTS = [20, 8, 10, 5, 5, 4, 48]
STANCES = [*Comment.Stance.values]
STANCE_WEIGHTS = [35, 25, 20, 12, 8]
LENGTHS = [25, 30, 25, 15, 5]
HAS_REPLIES = 0.3
FOLLOWING = "尾"
OK = 200
PAGES = 100
FREQUENT, RARE = 30, 400
# By the rank of the rarer word among all.
CLASSES: dict[str, Callable[[int], bool]] = {
    "both words frequent": lambda rank: rank < FREQUENT,
    "between": lambda rank: FREQUENT <= rank < RARE,
    "one word rare at least": lambda rank: rank >= RARE,
}
FILTERS = {
    "group": ["school", "public", "ngo"],
    "stance": ["support", "question"],
    "organisation": ["第17會", "第4會", "第2"],
    "section": ["肆", "參", "肆-一", "壹"],
    "wording": ["on"],
    "unanswered": ["on"],
}


@dataclass(frozen=True)
class Sentence:
    """A sentence taken apart: its words with their places, and how many places it takes."""

    text: str
    words: Sequence[tuple[str, int]]
    places: int


@dataclass
class Library:
    """A draft that is open, who speaks on it, and what they may say."""

    draft: Draft
    threads: Sequence[Thread]
    people: Sequence[int]
    organisations: Sequence[tuple[int, str]]
    words: Sequence[str]
    sentences: Sequence[Sentence]
    chance: random.Random


def measure(ground: Ground) -> Iterator[Row]:  # noqa: ARG001 - measured in this process
    """Every row of the table of speed that is about the search."""
    library = stocked_library(random.Random(8))  # noqa: S311
    _fill(library)
    _check(library)
    # No process of the site holds all these sentences, and looks through them for garbage.
    gc.collect()
    gc.freeze()
    yield from _queries(library)
    yield from _segmenting(library)


# --- a million comments -----------------------------------------------------------------------


def stocked_library(chance: random.Random, *, code: str = "library") -> Library:
    framework = Framework.objects.create(
        code=code, title="綱領", owner_body="教育部", terms=sorted(TERMS)
    )
    source = TEXT.read_text(encoding="utf-8")
    draft = import_draft(framework=framework, outline=read_outline(source), source=source)
    for section in Section.objects.filter(draft=draft, parent=None):
        open_section(section, actor=None, at=timezone.now() - dt.timedelta(days=400))
    provisions = draft.provisions.select_related("section").order_by("pk")
    threads = Thread.objects.bulk_create(
        Thread(draft=draft, section=provision.section, provision=provision)
        for provision in provisions
    )
    people = User.objects.bulk_create(
        User(email=f"{code}-{number}@example.org", display_name=f"王小明{number}")
        for number in range(PEOPLE)
    )
    groups = itertools.cycle(group for group in GROUPS if group != "public")
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"臺灣職業教育第{number}會（{code}）",
            group=next(groups),
            state=Organisation.State.VERIFIED,
            verified_at=timezone.now(),
        )
        for number in range(ORGANISATIONS)
    )
    words = _words(framework, source)
    return Library(
        draft=draft,
        threads=threads,
        people=[person.pk for person in people],
        organisations=[(each.pk, each.name) for each in organisations],
        words=words,
        sentences=_sentences(framework, words, chance),
        chance=chance,
    )


def _words(framework: Framework, source: str) -> list[str]:
    """The words of real texts as they are written, the most frequent first."""
    if REAL.exists():
        with REAL.open(encoding="utf-8", newline="") as file:
            source += "\n".join(row["comment-body"] for row in csv.DictReader(file))
    tokens = segments_of(source, vocabulary_of(framework))
    counts = Counter(source[token.start : token.end] for token in tokens)
    return [word for word, _ in counts.most_common()]


def _sentences(framework: Framework, words: Sequence[str], chance: random.Random) -> list[Sentence]:
    weights = weights_of(words)
    sentences = []
    for _ in range(SENTENCES):
        text = sentence_of(words, weights, chance)
        # What would follow tells how many places the sentence takes.
        *tokens, following = words_of(f"{text}{FOLLOWING}", vocabulary_of(framework))
        sentences.append(
            Sentence(text, [(token.word, token.place) for token in tokens], following.place)
        )
    return sentences


def weights_of(words: Sequence[str]) -> list[float]:
    """How often words are said, added up: the more frequent ones first, as Zipf has it."""
    return list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def sentence_of(words: Sequence[str], weights: Sequence[float], chance: random.Random) -> str:
    """A sentence of some of these words."""
    return f"{''.join(chance.choices(words, cum_weights=weights, k=chance.randint(4, 14)))}。"


def _fill(library: Library) -> None:
    """A million comments with what the search knows of them, as the verbs would write them."""
    with connection.schema_editor() as editor:
        for model in (Comment, SearchEntry):
            for each in model._meta.indexes:
                editor.remove_index(model, each)
    begun = timezone.now() - dt.timedelta(days=365)
    first_key = (Comment.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    comment_row, entry_row = _row_of(Comment()), _row_of(SearchEntry())
    entry_row |= {"draft_id": library.draft.pk, "terms_version": 0}
    for first in range(0, MILLION, AT_ONCE):
        comments, entries = [], []
        for number in range(first, first + AT_ONCE):
            key, at = first_key + number, begun + dt.timedelta(seconds=30 * number)
            said, found = _said(library, key, number + 1, at)
            comments.append(comment_row | said)
            entries.append(entry_row | found)
        _copy(Comment, comments)
        _copy(SearchEntry, entries)
    with connection.schema_editor() as editor:
        for model in (Comment, SearchEntry):
            for each in model._meta.indexes:
                editor.add_index(model, each)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('comments_comment', 'id'), %s)", [key])
        cursor.execute("VACUUM ANALYZE comments_comment, comments_searchentry")


def _row_of(instance: Model) -> dict[str, object]:
    """The columns of a row that has but its defaults."""
    return {field.column: getattr(instance, field.attname) for field in _columns(type(instance))}


def _columns(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _copy(model: type[Model], rows: Sequence[dict[str, object]]) -> None:
    columns = ", ".join(f'"{column}"' for column in rows[0])
    lines = ("\t".join(map(_as_text, row.values())) for row in rows)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        copy.write("\n".join(lines) + "\n")


def _as_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return "\\N" if value is None else str(value)


def _said(
    library: Library, key: int, number: int, at: dt.datetime
) -> tuple[dict[str, object], dict[str, object]]:
    """One comment and its entry, as columns that differ from the defaults."""
    chance = library.chance
    thread = library.threads[int(len(library.threads) * chance.random() ** 2)]
    organisation, name = chance.choice(library.organisations) if number % 3 == 0 else (None, "")
    facts: dict[str, object] = {
        "section": thread.section_id,
        "group": chance.choices(GROUPS, GROUP_WEIGHTS)[0] if organisation else "public",
        "stance": chance.choices(STANCES, STANCE_WEIGHTS)[0],
        "organisation": organisation,
        "author": chance.choice(library.people),
    }
    body = chance.choices(library.sentences, k=chance.choices((1, 2, 3, 4, 6), LENGTHS)[0])
    wording = chance.choices(library.sentences, k=1) if facts["stance"] == "suggest" else []
    said = {
        "id": key,
        "thread_id": thread.pk,
        "path": path_of(number),
        "depth": 0,
        "sequence": number,
        "changed_sequence": number,
        "reference": f"{key:X}",
        "author_id": facts["author"],
        "organisation_id": organisation,
        "organisation_name": name,
        "group": facts["group"],
        "stance": facts["stance"],
        "body": "".join(sentence.text for sentence in body),
        "proposed_text": "".join(sentence.text for sentence in wording),
        "created_at": at,
        "reply_count": int(chance.random() < HAS_REPLIES),
        "idempotency_key": uuid.UUID(int=key),
    }
    labels = [label(kind, value) for kind, value in facts.items() if value is not None]
    labels += [framework_label(library.draft.framework_id), *([WITH_WORDING] if wording else [])]
    found = {
        "comment_id": key,
        "thread_id": thread.pk,
        "words": vector(_places(body, wording), labels=labels),
    }
    return said, found


def _places(body: Sequence[Sentence], wording: Sequence[Sentence]) -> dict[str, list[int]]:
    """The words of the sentences one behind the other; the wording is a text of its own."""
    found: dict[str, list[int]] = {}
    place = last = 0
    for part, is_wording in [(each, False) for each in body] + [(each, True) for each in wording]:
        if is_wording:
            place = last + BETWEEN_TEXTS
        for word, within in part.words:
            last = place + within
            found.setdefault(word, []).append(last)
        place += part.places
    return found


def _check(library: Library) -> None:
    """That the entries are what posting would have written."""
    keys = library.chance.sample(
        list(SearchEntry.objects.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE]), CHECKED
    )
    for entry in SearchEntry.objects.filter(pk__in=keys).select_related("comment__thread"):
        index(entry.comment, due_since=entry.comment.created_at)
        again = SearchEntry.objects.get(pk=entry.pk)
        assert again.words == entry.words, entry.comment.body


# --- what is measured -------------------------------------------------------------------------


def _queries(library: Library) -> Iterator[Row]:
    asked = [_query(library) for _ in range(WARMING_UP + QUERIES)]
    for query, _ in asked[:WARMING_UP]:
        _seconds(query)
    times, slowest, floors = [], [], []
    for _ in range(ROUNDS):
        taken = [(_seconds(query) * MILLI, rank) for query, rank in asked[WARMING_UP:]]
        slowest.append(_p95([each for each, _ in taken]))
        floors.append(_p95([_floor(library) * MILLI for _ in range(QUERIES)]))
        times += taken
    what = "search in 1,000,000 comments, two words and a filter, p95"
    note = f"  ({min(slowest):.0f} to {max(slowest):.0f} in {ROUNDS} rounds)"
    yield at_most(what, LIMIT, statistics.median(slowest), unit="ms", note=note)
    yield Row(
        "  the floor's SELECT at the same time, p95",
        "",
        f"{statistics.median(floors):.2f} ms  ({min(floors):.1f} to {max(floors):.1f})",
        None,
    )
    for name, fits in CLASSES.items():
        some = [each for each, rank in times if fits(rank)]
        note = f" (median {statistics.median(some):.0f}, {len(some)} queries)"
        yield Row(f"  {name}, p95", "", f"{_p95(some):.2f} ms{note}", None)
    client = Client(headers={"host": "localhost"})
    pages = []
    for query, _ in asked[WARMING_UP : WARMING_UP + PAGES]:
        begun = time.perf_counter()
        assert client.get("/search/", QueryDict(query).dict()).status_code == OK
        pages.append((time.perf_counter() - begun) * MILLI)
    yield Row("  the whole page, p95", "", f"{_p95(pages):.2f} ms", None)


def _query(library: Library) -> tuple[str, int]:
    """An address with two words and a filter, and the rank of its rarer word.

    Frequent and rare words are asked for alike.
    """
    chance = library.chance
    candidates = [word for word in library.words if len(word) > 1]
    ranks = [int(len(candidates) ** chance.random()) - 1 for _ in range(2)]
    query = QueryDict(mutable=True)
    query["q"] = " ".join(candidates[rank] for rank in ranks)
    name, values = chance.choice(list(FILTERS.items()))
    query[name] = chance.choice(values)
    if name == "section":
        query["draft"] = "library/1"
    return query.urlencode(), max(ranks)


def _seconds(query: str) -> float:
    begun = time.perf_counter()
    search_page(QueryDict(query), reader=AnonymousUser(), at=timezone.now())
    return time.perf_counter() - begun


def _floor(library: Library) -> float:
    """One indexed SELECT of fifty rows: what the machine makes of the least there can be."""
    thread = library.chance.choice(library.threads)
    begun = time.perf_counter()
    list(Comment.objects.filter(thread=thread, parent=None).order_by("sequence")[:FLOOR_ROWS])
    return time.perf_counter() - begun


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _segmenting(library: Library) -> Iterator[Row]:
    framework = library.draft.framework
    bodies = Comment.objects.order_by("pk").values_list("body", flat=True)[:CHECKED]
    longest = "".join(sentence.text for sentence in library.sentences)[:MAXIMUM_BODY_LENGTH]
    times = []
    for body in bodies:
        begun = time.perf_counter()
        words_for_search([body], framework)
        times.append((time.perf_counter() - begun) * MILLI)
    yield at_most(
        "taking a comment apart for the search, p95", SEGMENTING_LIMIT, _p95(times), unit="ms"
    )
    begun = time.perf_counter()
    words_for_search([longest], framework)
    taken = (time.perf_counter() - begun) * MILLI
    yield Row(f"  one of {MAXIMUM_BODY_LENGTH:,} characters", "", f"{taken:.2f} ms", None)
