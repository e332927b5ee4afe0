"""Look, once a comment is posted or changed, whether others on the draft say the same.

By the same text first. Else an index is asked who shares a band of its signature, and of those the
ones whose signatures are alike are read and compared. A report compares all comments with all,
whatever this proposed: what is found here is for moderators, while the consultation runs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone
from numpy.typing import NDArray

from comments import prepared
from comments.campaigning import let_go
from comments.models import (
    Campaign,
    CampaignMember,
    CampaignRecord,
    Comment,
    ComparisonDue,
    TextSignature,
)
from comments.near_groups import EQUAL_IN_BAND, EQUAL_TO_EXEMPLAR
from comments.nearness import (
    BANDS,
    ROWS,
    SIGNATURE,
    Quotable,
    are_near,
    bands,
    bare,
    is_long_enough,
    signatures,
)
from consult.document.models import Provision

# A task that was lost is made up for after this.
WAITS_FOR = timedelta(minutes=1)
AT_ONCE = 1000
# So many comments that share a band are looked at, and so many of these, the most alike, are read.
MOST_MET = 2_000
MOST_READ = 12
MOST_TWINS = 4
# What is near a campaign is near one of so many of its texts: the rest needs no bands, and a
# campaign of a hundred thousand costs no more to meet than one of ten.
EXEMPLARS = 10
# Half of its numbers are met by two; all, as a report has it, find little more for twice the work.
PAIRS = SIGNATURE // 4
# By the length of the shorter of two texts, so much of their signatures must be equal before they
# are read: to be near, short ones must share more. One in two hundred of those is missed by it.
LEAST_EQUAL = {25: 0.25, 60: 0.16, 10**9: EQUAL_IN_BAND}
# A band that so many have is a phrase of the topic; who has it, too, is no longer met by it.
CROWDED = 16
BYTE = 256


def compare(comment_id: int, *, at: datetime | None = None) -> bool:
    """Put a shown comment into the campaign of what is near it; False where that is done.

    May run twice and at once: the draft is locked, so that of two alike the later one finds the
    earlier one.
    """
    try:
        with transaction.atomic():
            return _compare(comment_id, at=at or timezone.now())
    except (_Busy, IntegrityError):
        # Beat comes back to it. To wait could go on for ever: who changes a comment changes those
        # it replies to, which may be held here. And one that was compared and changed once more
        # while this waited for the draft has its signature already, of the text before.
        return False


class _Busy(Exception):
    """A comment that is near is being changed by somebody."""


def _compare(comment_id: int, *, at: datetime) -> bool:
    claimed = _claim(comment_id)
    if claimed is None:
        return False
    if claimed.was_compared:
        let_go(comment_id)
    # Drafters' words are in no number of a report, and in no campaign.
    text = "" if claimed.as_drafter else bared(claimed.body, draft_id=claimed.draft_id)
    if is_long_enough(text):
        _place(claimed, text, at=at)
    return True


def uncompared_comments(*, at: datetime) -> list[int]:
    """Keys of comments that should have been compared by now."""
    due = ComparisonDue.objects.filter(since__lt=at - WAITS_FOR)
    return list(due.order_by("since").values_list("pk", flat=True)[:AT_ONCE])


def bared(body: str, *, draft_id: int) -> str:
    """What a comment says in words of its own, as it is compared.

    Neither what it quotes nor the wording it proposes: all who want one provision to be different
    have most of its text in common.
    """
    return _quotable(draft_id).left_of(bare(body))


@lru_cache(maxsize=8)
def _quotable(draft_id: int) -> Quotable:
    """The words of a draft, which are never changed once they can be commented on."""
    return Quotable(Provision.objects.filter(draft=draft_id).values_list("text", flat=True))


# --- what a text is met by --------------------------------------------------------------------


def key_of(text: str) -> int:
    """The same number for the same bare text."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True)
class Marks:
    """A text's signature as it is kept, a byte a number, and by what it is met: a band a place."""

    length: int
    numbers: bytes
    bands: Sequence[int]
    exemplar_of: int | None = None

    @classmethod
    def of(cls, text: str) -> "Marks":
        signature = signatures([text])
        hashes = bands(signature)[0].astype(np.int32)
        return cls(len(text), signature[0].astype(np.uint8).tobytes(), hashes.tolist())

    def as_exemplar(self, campaign_id: int) -> "Marks":
        """The same of an exemplar, so that what changed a lot still meets it."""
        return replace(self, bands=pairs_of(self.numbers), exemplar_of=campaign_id)

    def met_by_others(self) -> "Marks":
        """The same of a text that needs none: what is near it is near others that have some."""
        return replace(self, numbers=b"", bands=())

    def equal_to(self, others: Iterable[bytes]) -> NDArray[np.bool_]:
        """Which numbers of other texts' are the same: a row a text, a column a number."""
        theirs = np.frombuffer(b"".join(others), np.uint8).reshape(-1, SIGNATURE)
        equal: NDArray[np.bool_] = theirs == np.frombuffer(self.numbers, np.uint8)
        return equal


def pairs_of(numbers: bytes) -> list[int]:
    """The bands of an exemplar: two numbers each."""
    pairs = np.frombuffer(numbers, np.uint8, 2 * PAIRS).reshape(-1, 2).astype(np.int32)
    places = np.arange(len(pairs), dtype=np.int32)
    found: list[int] = ((places * BYTE + pairs[:, 0]) * BYTE + pairs[:, 1]).tolist()
    return found


# --- who says the same ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Claimed:
    """A comment that is being compared, as it is now."""

    pk: int
    draft_id: int
    body: str
    as_drafter: bool
    has_signature: bool
    # None where it is in no campaign.
    left_out: bool | None

    @property
    def was_compared(self) -> bool:
        return self.has_signature or self.left_out is not None


# Of two alike on a draft the later one waits here; what it then reads is as the other one left it.
# Until the end all is found by indexes: of seventy bands, each of them rare, PostgreSQL expects a
# tenth of the table, and would rather compare all of it. Nor does it plan anew for other values.
# The comment is locked, and read as it then is, before it is known whether it is due: whoever
# changes one does it in that order.
# Nobody waits for the disk: what is lost with the machine's power is still due.
_CLAIM = """
    WITH draft AS MATERIALIZED (
        SELECT id, set_config('enable_seqscan', 'off', true),
            set_config('plan_cache_mode', 'force_generic_plan', true),
            set_config('synchronous_commit', 'off', true)
        FROM consult_draft WHERE id = (
            SELECT draft_id FROM comments_thread WHERE id = (
                SELECT thread_id FROM comments_comment WHERE id = %(pk)s
            )
        ) FOR NO KEY UPDATE
    ), comment AS MATERIALIZED (
        SELECT comment.id, draft.id AS draft_id, body, as_drafter, state
        FROM draft, comments_comment comment
        WHERE comment.id = %(pk)s FOR NO KEY UPDATE OF comment
    ), due AS (
        DELETE FROM comments_comparisondue USING comment WHERE comment_id = comment.id
        RETURNING comment_id
    )
    SELECT id, draft_id, body, as_drafter,
        EXISTS (SELECT FROM comments_textsignature WHERE comment_id = comment.id),
        (SELECT left_out FROM comments_campaignmember WHERE comment_id = comment.id)
    FROM comment, due WHERE state = %(shown)s
"""


def _claim(comment_id: int) -> _Claimed | None:
    """Take a comment that is due to be compared, if it is shown, and lock its draft."""
    shown = Comment.State.SHOWN.value
    rows = prepared.rows(_CLAIM, {"pk": comment_id, "shown": shown})
    return _Claimed(*rows[0]) if rows else None


class _Met(NamedTuple):
    """What shares a band, or has the same text."""

    pk: int
    length: int
    numbers: bytes
    has_bands: bool
    is_exemplar: bool
    is_twin: bool


@dataclass(frozen=True)
class _Near:
    """A comment that says the same, which nobody changes now, and where it belongs."""

    met: _Met
    campaign_id: int | None
    left_out: bool


def _place(claimed: _Claimed, text: str, *, at: datetime) -> None:
    key, marks = key_of(text), Marks.of(text)
    met = _met(claimed, key, marks)
    twins = [each for each in met if each.is_twin]
    if any(twin.has_bands for twin in twins):
        marks = marks.met_by_others()
        near = [_near(row, twin) for row, twin in _held(twins)]
    else:
        near = _compared(claimed, text, [*twins, *_most_alike(met, marks)])
    campaign_id = _campaign_of(claimed, near, at=at)
    if marks.bands and campaign_id:
        is_new = all(each.campaign_id is None for each in near)
        is_wanted = is_new or not _is_known(campaign_id)
        marks = marks.as_exemplar(campaign_id) if is_wanted else marks.met_by_others()
    elif marks.bands and len(met) >= CROWDED:
        marks = _uncrowded(marks, met)
    _keep(claimed, key, marks)


_KEEP = """
    INSERT INTO comments_textsignature
        (comment_id, draft_id, text, length, numbers, bands, exemplar_of_id)
    VALUES (%s, %s, %s, %s, %s, %s::integer[], %s)
"""


def _keep(claimed: _Claimed, key: int, marks: Marks) -> None:
    of_text: list[Any] = [claimed.pk, claimed.draft_id, key, marks.length]
    prepared.run(_KEEP, [*of_text, marks.numbers, _array(marks.bands), marks.exemplar_of])


def _array(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL reads it: psycopg would look for the type of each number."""
    return f"{{{','.join(map(str, numbers))}}}"


# The same text is read in the order of an index: one that thousands posted costs no more than
# another.
_MET = """
    WITH twins AS MATERIALIZED (
        SELECT comment_id, length, numbers, bands, exemplar_of_id FROM comments_textsignature
        WHERE draft_id = %(draft)s AND text = %(text)s
        ORDER BY comment_id LIMIT %(twins)s
    ), met AS MATERIALIZED (
        SELECT comment_id, draft_id, text, length, numbers,
            exemplar_of_id IS NOT NULL AS is_exemplar
        FROM comments_textsignature WHERE bands && %(bands)s::integer[]
    )
    SELECT comment_id, length, numbers, bands <> '{}', exemplar_of_id IS NOT NULL, true FROM twins
    UNION ALL (
        SELECT comment_id, length, numbers, true, is_exemplar, false
        FROM met WHERE draft_id = %(draft)s AND text <> %(text)s LIMIT %(most)s
    )
"""


def _met(claimed: _Claimed, key: int, marks: Marks) -> list[_Met]:
    """Some that have the same text, among them the one that is met by it; and what it meets."""
    values = {
        "draft": claimed.draft_id,
        "text": key,
        "twins": MOST_TWINS,
        "bands": _array([*marks.bands, *pairs_of(marks.numbers)]),
        "most": MOST_MET,
    }
    return [_Met(*row) for row in prepared.rows(_MET, values)]


def _most_alike(met: Iterable[_Met], marks: Marks) -> list[_Met]:
    """Those whose signatures are alike enough for their texts to be compared."""
    others = [each for each in met if not each.is_twin]
    shares = marks.equal_to(each.numbers for each in others).mean(axis=1)
    alike = [
        (-share, each.pk, each)
        for share, each in zip(shares.tolist(), others, strict=True)
        if share >= (EQUAL_TO_EXEMPLAR if each.is_exemplar else _least_equal(each, marks))
    ]
    return [each for _, _, each in sorted(alike, key=itemgetter(0, 1))[:MOST_READ]]


def _least_equal(met: _Met, marks: Marks) -> float:
    shorter = min(met.length, marks.length)
    return next(least for length, least in LEAST_EQUAL.items() if shorter < length)


def _uncrowded(marks: Marks, met: Iterable[_Met]) -> Marks:
    """By what the text is to be met: an index of phrases would bring all together who use them."""
    equal = marks.equal_to(each.numbers for each in met if not (each.is_twin or each.is_exemplar))
    have_it = equal.reshape(-1, BANDS, ROWS).all(axis=2).sum(axis=0)
    kept = [hashed for hashed, have in zip(marks.bands, have_it, strict=True) if have < CROWDED]
    return replace(marks, bands=kept)


def _compared(claimed: _Claimed, text: str, met: Sequence[_Met]) -> list[_Near]:
    """Those of them whose text is near."""
    rows = _held(met)
    if not rows:
        return []
    texts = [text, *(bared(row[1], draft_id=claimed.draft_id) for row, _ in rows)]
    pairs = np.array([[0, place] for place in range(1, len(texts))], dtype=np.int64)
    near = are_near(texts, pairs).tolist()
    return [_near(*each) for each, is_near in zip(rows, near, strict=True) if is_near]


def _near(row: Sequence[Any], met: _Met) -> _Near:
    _, _, campaign_id, left_out = row
    return _Near(met, campaign_id, left_out)


_HOLD = """
    SELECT comment.id, comment.body, member.campaign_id, COALESCE(member.left_out, false)
    FROM comments_comment comment
    LEFT JOIN comments_campaignmember member ON member.comment_id = comment.id
    WHERE comment.id = ANY(%s) AND comment.state = %s
    FOR NO KEY UPDATE OF comment SKIP LOCKED
"""


def _held(met: Sequence[_Met]) -> list[tuple[Sequence[Any], _Met]]:
    """These as they are now; nobody hides or changes them until all is written.

    Raises _Busy where somebody does.
    """
    if not met:
        return []
    by_key = {each.pk: each for each in met}
    rows = prepared.rows(_HOLD, [list(by_key), Comment.State.SHOWN.value])
    if len(rows) < len(by_key):
        raise _Busy
    return [(row, by_key[row[0]]) for row in sorted(rows)]


def _campaign_of(claimed: _Claimed, near: Sequence[_Near], *, at: datetime) -> int | None:
    """The campaign that the comment is put into: of what is near it, or a new one."""
    # What a moderator took out is not put back, nor does it draw others after it.
    alike = [each for each in near if not each.left_out]
    if not alike or claimed.left_out:
        return None
    campaigns = {each.campaign_id for each in alike if each.campaign_id}
    campaign_id = _made_one(campaigns) if campaigns else None
    if campaign_id is None:
        campaign_id = Campaign.objects.create(draft_id=claimed.draft_id, proposed_at=at).pk
    joining = [each.met for each in alike if each.campaign_id is None]
    members = [*(each.pk for each in joining), claimed.pk]
    prepared.run_each(_JOIN, [(pk, campaign_id) for pk in members])
    for each in joining:
        if each.has_bands:
            wider = TextSignature.objects.filter(pk=each.pk)
            wider.update(bands=pairs_of(each.numbers), exemplar_of=campaign_id)
    return campaign_id


_JOIN = """
    INSERT INTO comments_campaignmember (comment_id, campaign_id, left_out) VALUES (%s, %s, false)
"""
_LOCK = "SELECT id FROM comments_campaign WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def _made_one(keys: Iterable[int]) -> int | None:
    """The campaign that a moderator decided on, or else the oldest, with the others in it.

    What was decided on is never made part of another.
    """
    campaigns: list[int] = [key for (key,) in prepared.rows(_LOCK, [list(keys)])]
    if len(campaigns) <= 1:
        return campaigns[0] if campaigns else None
    of_these = CampaignRecord.objects.filter(campaign__in=campaigns)
    decided = set(of_these.values_list("campaign_id", flat=True))
    first = min(campaigns, key=lambda key: (key not in decided, key))
    merged = [key for key in campaigns if key != first and key not in decided]
    if merged:
        CampaignMember.objects.filter(campaign__in=merged).update(campaign=first)
        TextSignature.objects.filter(exemplar_of__in=merged).update(exemplar_of=first)
        Campaign.objects.filter(pk__in=merged).delete()
    return first


_EXEMPLARS = "SELECT FROM comments_textsignature WHERE exemplar_of_id = %s LIMIT %s"


def _is_known(campaign_id: int) -> bool:
    """Whether enough of its texts have bands to be met by."""
    return len(prepared.rows(_EXEMPLARS, [campaign_id, EXEMPLARS])) == EXEMPLARS
