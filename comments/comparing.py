"""Look, once a comment is posted or changed, whether others on the draft say the same.

By the same text first; then what shares a band of its signature is read and compared. A report
compares all comments with all, whatever this proposed: what is found here is for moderators, while
the consultation runs.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from comments.models import Campaign, CampaignMember, CampaignRecord, Comment, TextSignature
from comments.nearness import bands, bare, is_long_enough, is_near, signatures
from consult.document.models import Draft

# A task that was lost is made up for after this.
WAITS_FOR = timedelta(minutes=1)
AT_ONCE = 1000
# So many comments that share most bands are read; strangers share one.
MOST_READ = 24
MOST_MET = 2_000
# What is near a campaign is near one of so many of its texts: the rest needs no bands, and a
# campaign of a hundred thousand costs no more to meet than one of ten.
EXEMPLARS = 16


def compare(comment_id: int, *, at: datetime | None = None) -> bool:
    """Put a shown comment into the campaign of what is near it; False where that is done.

    May run twice and at once: the draft is locked, so that of two alike the later one finds the
    earlier one.
    """
    try:
        with transaction.atomic():
            return _compare(comment_id, at=at or timezone.now())
    except _Busy:
        # Beat comes back to it. To wait could go on for ever: who changes a comment changes those
        # it replies to, which may be held here.
        return False


class _Busy(Exception):
    """A comment that is near is being changed by somebody."""


def _compare(comment_id: int, *, at: datetime) -> bool:
    drafts = Draft.objects.select_for_update(no_key=True, of=("self",))
    locked = drafts.filter(threads__comments=comment_id).first()
    waiting = Comment.objects.shown().filter(pk=comment_id, compared_at=None)
    if locked is None or waiting.update(compared_at=at) != 1:
        return False
    comment = Comment.objects.get(pk=comment_id)
    TextSignature.objects.filter(pk=comment_id).delete()
    CampaignMember.objects.filter(pk=comment_id, left_out=False).delete()
    # Drafters' words are in no number of a report, and in no campaign.
    text = "" if comment.as_drafter else bared(comment)
    if is_long_enough(text):
        _place(comment, locked, text, at=at)
    return True


def uncompared_comments(*, at: datetime) -> list[int]:
    """Keys of comments that should have been compared by now."""
    waiting = Comment.objects.shown().filter(compared_at=None, created_at__lt=at - WAITS_FOR)
    return list(waiting.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])


def bared(comment: Comment) -> str:
    """All that it says, as it is compared."""
    return bare(f"{comment.body}\n{comment.proposed_text}")


def key_of(text: str) -> int:
    """The same number for the same bare text."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def bands_of(text: str) -> list[int]:
    """The bands of a bare text, as many bits of each as a column takes."""
    hashes = bands(signatures([text]))[0]
    found: list[int] = sorted(set(hashes.astype(np.int32).tolist()))
    return found


def _place(comment: Comment, draft: Draft, text: str, *, at: datetime) -> None:
    signature = TextSignature(comment=comment, draft=draft, text=key_of(text), bands=[])
    same = TextSignature.objects.filter(draft=draft, text=signature.text)
    twins = list(same.order_by("pk").values_list("pk", "bands")[:MOST_READ])
    if any(kept for _, kept in twins):
        near = [pk for pk, _ in twins]
    else:
        signature.bands = bands_of(text)
        near = [*(pk for pk, _ in twins), *_near(signature, text)]
    campaign = _campaign_of(comment, near, draft, at=at)
    if campaign and signature.bands and _is_known(campaign):
        signature.bands = []
    signature.save(force_insert=True)


def _near(signature: TextSignature, text: str) -> list[int]:
    """Keys of comments whose text is near, of those that share most bands with it."""
    ours = set(signature.bands)
    met = TextSignature.objects.filter(draft=signature.draft, bands__overlap=signature.bands)
    shared = {
        pk: len(ours.intersection(theirs))
        for pk, theirs in met.order_by("pk").values_list("pk", "bands")[:MOST_MET]
    }
    closest = sorted(shared, key=lambda pk: (-shared[pk], pk))[:MOST_READ]
    found = Comment.objects.shown().filter(pk__in=closest).only("body", "proposed_text")
    return sorted(each.pk for each in found if is_near(bared(each), text))


def _campaign_of(
    comment: Comment, near: Collection[int], draft: Draft, *, at: datetime
) -> Campaign | None:
    """The campaign that the comment is put into: of what is near it, or a new one."""
    _hold(near)
    known = {
        member.pk: member for member in CampaignMember.objects.filter(pk__in=[*near, comment.pk])
    }
    # What a moderator took out is not put back, nor does it draw others after it.
    alike = [pk for pk in near if pk not in known or not known[pk].left_out]
    if not alike or comment.pk in known:
        return None
    campaigns = {known[pk].campaign_id for pk in alike if pk in known}
    campaign = _made_one(campaigns) or Campaign.objects.create(draft=draft, proposed_at=at)
    CampaignMember.objects.bulk_create(
        CampaignMember(comment_id=pk, campaign=campaign)
        for pk in [*alike, comment.pk]
        if pk not in known
    )
    return campaign


def _hold(keys: Collection[int]) -> None:
    """Let nobody hide or change these until all is written. Raises _Busy where somebody does."""
    free = (
        Comment.objects.shown().filter(pk__in=keys).select_for_update(no_key=True, skip_locked=True)
    )
    left = set(keys).difference(free.order_by("pk").values_list("pk", flat=True))
    if left:
        raise _Busy


def _made_one(keys: Iterable[int]) -> Campaign | None:
    """The campaign that a moderator decided on, or else the oldest, with the others in it.

    What was decided on is never made part of another.
    """
    campaigns = list(
        Campaign.objects.filter(pk__in=keys)
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    if not campaigns:
        return None
    of_these = CampaignRecord.objects.filter(campaign__in=campaigns)
    decided = set(of_these.values_list("campaign_id", flat=True))
    first = min(campaigns, key=lambda campaign: (campaign.pk not in decided, campaign.pk))
    merged = [each.pk for each in campaigns if each != first and each.pk not in decided]
    if merged:
        CampaignMember.objects.filter(campaign__in=merged).update(campaign=first)
        Campaign.objects.filter(pk__in=merged).delete()
    return first


def _is_known(campaign: Campaign) -> bool:
    """Whether enough of its texts have bands to be met by."""
    with_bands = TextSignature.objects.filter(comment__campaign_member__campaign=campaign)
    return with_bands.exclude(bands=[])[:EXEMPLARS].count() == EXEMPLARS
