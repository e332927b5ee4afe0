"""What it costs to take in one more comment where a hundred thousand stand.

The search takes it apart in the transaction that posts it, which also notes that it is to be
compared with the others; that is done in one of its own, which makes its signature, looks for
others that say the same, and keeps it. Both by the functions that posting and its task call. All of
it is held against the limit, which names but what is of the text alone: to take it apart, its entry
and its signature. One in fifty is a letter that many sign, every second of these changed here and
there; the others are sentences of the draft's words, each made for one comment. The floor is a row
inserted and committed.
"""

import gc
import itertools
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction

from comments.comparing import CROWDED, bared, compare, key_of, pairs_of
from comments.models import Campaign, CampaignMember, Comment, TextSignature
from comments.nearness import bands, is_long_enough, signatures
from comments.searching import add_missing, index
from consult.document.models import Draft
from tests.benchmarks.ground import Ground
from tests.benchmarks.letters import changed
from tests.benchmarks.search import LENGTHS, Library, sentence_of, stocked_library, weights_of
from tests.benchmarks.table import Row, at_most
from tests.benchmarks.whole_reports import SIGNED, Talk

STORED = 100_000
POSTED, WARMING_UP, ROUNDS = 600, 100, 3
AT_ONCE = 10_000
ANALYSED = 20
LIMIT = 5.0
CHANGED = 0.1
MILLI = 1000
# The statement that keeps a signature.
KEEPING = f"INSERT INTO {TextSignature._meta.db_table}"


def measure(ground: Ground) -> Iterator[Row]:
    """The row on the work done per comment, and what it is made of."""
    chance = random.Random(7)  # noqa: S311
    stock = stocked_library(chance, code="posting")
    talk = OwnWords(stock)
    talk.grow(STORED)
    remember(stock.draft)
    talk.grow(STORED + WARMING_UP + POSTED)
    new = list(
        Comment.objects.filter(search_entry=None)
        .order_by("pk")
        .select_related("thread__draft__framework")
    )
    _vary(new, chance)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE floor (id serial PRIMARY KEY, at timestamptz)")
    # No process of the site holds all these sentences, and looks through them for garbage.
    gc.collect()
    gc.freeze()
    times = [_taken(comment) for comment in new][WARMING_UP:]
    of_text = [each.entry + each.signature for each in times]
    whole = [each.entry + each.comparison for each in times]
    what = f"work done per comment when posted, {STORED:,} stored"
    for parts, taken in (("segmenting, search vector, signature", of_text), ("all of it", whole)):
        yield at_most(f"{what}: {parts}, p95", LIMIT, _p95(taken), unit="ms", note=_median(taken))
    names = (
        "its entry in the search, and a note that it is due",
        "its signature, made and kept",
        "the look for others that say the same, its signature in it",
        "the floor: INSERT and COMMIT of one row",
    )
    for name, column in zip(names, zip(*times, strict=True), strict=True):
        yield Row(f"  {name}, p95", "", f"{_p95(column):.2f} ms{_median(column)}", None)
    ground.remove_comments()


class OwnWords(Talk):
    """As in whole reports, but nobody but who signs a letter says what another one says."""

    def __init__(self, stock: Library) -> None:
        super().__init__(stock)
        self._stock = stock
        self._weights = weights_of(stock.words)

    def _words(self, number: int) -> str:
        if number % SIGNED == 0:
            return super()._words(number)
        chance = self._chance
        (length,) = chance.choices(range(1, len(LENGTHS) + 1), LENGTHS)
        return "".join(sentence_of(self._stock.words, self._weights, chance) for _ in range(length))


def _vary(comments: Sequence[Comment], chance: random.Random) -> None:
    """Let every second who signs a letter change it here and there."""
    for comment in comments:
        if comment.idempotency_key.int % (2 * SIGNED) == 0:
            comment.body = changed(comment.body, CHANGED, chance)
    Comment.objects.bulk_update(comments, ["body"])


class _Taken(NamedTuple):
    """Milliseconds that one comment took."""

    entry: float
    # Within the comparison.
    signature: float
    comparison: float
    floor: float


def _taken(comment: Comment) -> _Taken:
    with transaction.atomic():
        # Posting has a transaction anyhow, which this is a part of; what compares has its own.
        Comment.objects.select_for_update().get(pk=comment.pk)
        entry = _milliseconds(lambda: index(comment, due_since=comment.created_at))
    watch = _Watch()
    with connection.execute_wrapper(watch):
        comparison = _milliseconds(lambda: compare(comment.pk))
    return _Taken(entry, watch.signature, comparison, _milliseconds(_floor))


class _Watch:
    """Tells what a comparison spends on the signature from when its statements begin and end."""

    def __init__(self) -> None:
        self._spans: list[tuple[str, float, float]] = []

    def __call__(
        self, execute: Callable[..., object], sql: str, params: object, *rest: object
    ) -> object:
        begun = time.perf_counter()
        try:
            return execute(sql, params, *rest)
        finally:
            self._spans.append((sql, begun, time.perf_counter()))

    @property
    def signature(self) -> float:
        """What is done with the text once it is claimed until it is looked for, and the writing."""
        (_, _, claimed), *rest = self._spans
        # A short text has none.
        made = rest[0][1] - claimed if rest else 0.0
        kept = sum(ended - begun for sql, begun, ended in rest if KEEPING in sql)
        return (made + kept) * MILLI


def _floor() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO floor (at) VALUES (now())")


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * MILLI


def _p95(times: Sequence[float]) -> float:
    """The 95th of a hundred, in a round that was neither the best nor the worst."""
    size = len(times) // ROUNDS
    rounds = (times[start * size : (start + 1) * size] for start in range(ROUNDS))
    return statistics.median(sorted(some)[int(len(some) * 0.95)] for some in rounds)


def _median(times: Sequence[float]) -> str:
    return f"  (median {statistics.median(times):.2f})"


# --- what a hundred thousand left behind ------------------------------------------------------


def remember(draft: Draft) -> None:
    """What search and comparison would have kept of all these comments, had they been posted.

    Each text that several have is a campaign.
    """
    with connection.cursor() as cursor:
        for number in itertools.count():
            if not add_missing(draft.framework):
                break
            if number % ANALYSED == 0:
                # Or else PostgreSQL takes the entries for few, and looks through them one by one.
                cursor.execute("ANALYZE comments_searchentry")
    comments = Comment.objects.order_by("pk").values_list("pk", "body")
    texts = {pk: bared(body, draft_id=draft.pk) for pk, body in comments}
    texts = {pk: text for pk, text in texts.items() if is_long_enough(text)}
    times = Counter(texts.values())
    campaigns = _write_campaigns(draft, texts, times)
    _write_signatures(draft, texts, campaigns)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_campaigns(
    draft: Draft, texts: dict[int, str], times: Counter[str]
) -> dict[str, Campaign]:
    members = defaultdict[str, list[int]](list)
    for pk, text in texts.items():
        if times[text] > 1:
            members[text].append(pk)
    campaigns = Campaign.objects.bulk_create(Campaign(draft=draft) for _ in members)
    CampaignMember.objects.bulk_create(
        (
            CampaignMember(comment_id=pk, campaign=campaign)
            for campaign, keys in zip(campaigns, members.values(), strict=True)
            for pk in keys
        ),
        batch_size=AT_ONCE,
    )
    return dict(zip(members, campaigns, strict=True))


def _write_signatures(draft: Draft, texts: dict[int, str], campaigns: dict[str, Campaign]) -> None:
    with connection.schema_editor() as editor:
        for each in TextSignature._meta.indexes:
            editor.remove_index(TextSignature, each)
    seen = set[str]()
    have_it = Counter[int]()
    keys = [*texts]
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        table = signatures([texts[pk] for pk in some])
        hashes = bands(table).astype(np.int32)
        kept = []
        for place, pk in enumerate(some):
            text = texts[pk]
            row = TextSignature(
                comment_id=pk, draft=draft, text=key_of(text), length=len(text), bands=[]
            )
            if text not in seen:
                seen.add(text)
                row.numbers = table[place].astype(np.uint8).tobytes()
                row.exemplar_of = campaigns.get(text)
                if row.exemplar_of:
                    row.bands = pairs_of(row.numbers)
                else:
                    row.bands = [each for each in hashes[place].tolist() if have_it[each] < CROWDED]
                    have_it.update(row.bands)
            kept.append(row)
        TextSignature.objects.bulk_create(kept)
    with connection.schema_editor() as editor:
        for each in TextSignature._meta.indexes:
            editor.add_index(TextSignature, each)
