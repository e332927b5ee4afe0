"""Campaigns as moderators decide on them, and what happens to them as comments come and go.

| from \\ to | proposed | confirmed | rejected |
|---|---|---|---|
| proposed | – | confirm | reject |
| confirmed | reopen | – | – |
| rejected | reopen | – | – |

A comment may be taken out of a campaign and put back, however that stands. Which comments belong
together is found by `comments.comparing`.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app, signature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments import prepared
from comments.models import Campaign, CampaignMember, CampaignRecord, Comment, TextSignature
from consult.document.models import Draft

State = Campaign.State
Act = CampaignRecord.Act

ALLOWED: dict[State, dict[State, CampaignRecord.Act]] = {
    State.PROPOSED: {State.CONFIRMED: Act.CONFIRM, State.REJECTED: Act.REJECT},
    State.CONFIRMED: {State.PROPOSED: Act.REOPEN},
    State.REJECTED: {State.PROPOSED: Act.REOPEN},
}
COMPARE = "comments.tasks.compare"
# A report may be on one section, where the earliest comments of a campaign don't stand.
MOST_NAMED = 1_000


class CampaignRefused(Exception):
    """The campaign was left as it is; the message says why."""


# --- what moderators decide -------------------------------------------------------------------


def decide(
    campaign: Campaign, *, to: Campaign.State, moderator: User, at: datetime | None = None
) -> Campaign:
    """Confirm or reject a campaign, or take that back. Raises CampaignRefused."""
    with transaction.atomic():
        locked = _locked(campaign)
        act = ALLOWED[State(locked.state)].get(to)
        if act is None:
            raise CampaignRefused(
                _("Somebody else has decided on this campaign meanwhile; reload the page.")
            )
        locked.state = to
        locked.save(update_fields=["state"])
        _record(locked, act, moderator=moderator, at=at)
    return locked


def take_out(
    campaign: Campaign, *, comment: Comment, moderator: User, at: datetime | None = None
) -> None:
    """Say that a comment does not belong to the campaign. Raises CampaignRefused."""
    _set_left_out(campaign, comment, Act.TAKE_OUT, moderator=moderator, at=at)


def put_back(
    campaign: Campaign, *, comment: Comment, moderator: User, at: datetime | None = None
) -> None:
    """Take that back. Raises CampaignRefused."""
    _set_left_out(campaign, comment, Act.PUT_BACK, moderator=moderator, at=at)


def _set_left_out(
    campaign: Campaign,
    comment: Comment,
    act: CampaignRecord.Act,
    *,
    moderator: User,
    at: datetime | None,
) -> None:
    left_out = act == Act.TAKE_OUT
    with transaction.atomic():
        locked = _locked(campaign)
        member = CampaignMember.objects.filter(campaign=locked, comment=comment)
        if member.filter(left_out=not left_out).update(left_out=left_out) != 1:
            raise CampaignRefused(
                _("Somebody else has decided on this comment meanwhile; reload the page.")
            )
        _record(locked, act, moderator=moderator, at=at, comment=comment)


def _locked(campaign: Campaign) -> Campaign:
    """The campaign as it is now, locked; one that became part of another is no more."""
    found = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).first()
    if found is None:
        raise CampaignRefused(_("This campaign has become part of another one."))
    return found


def _record(
    campaign: Campaign,
    act: CampaignRecord.Act,
    *,
    moderator: User,
    at: datetime | None,
    comment: Comment | None = None,
) -> None:
    CampaignRecord.objects.create(
        campaign=campaign,
        act=act,
        comment=comment,
        actor=moderator,
        recorded_at=at or timezone.now(),
    )


# --- as comments come and go ------------------------------------------------------------------


# Lets a comment that is locked be compared: by a task, or by beat a minute after that moment.
# Where its text is new, `searching.index` does it with what it writes itself.
COMPARISON_IS_DUE = """
    INSERT INTO comments_comparisondue (comment_id, since) VALUES (%s, %s)
    ON CONFLICT (comment_id) DO UPDATE SET since = EXCLUDED.since
"""


def compare_soon(comment_id: int) -> None:
    """Have a comment compared that waits for it, once that is committed."""
    transaction.on_commit(partial(_enqueue_comparing, comment_id), robust=True)


def _enqueue_comparing(comment_id: int) -> None:
    signature(COMPARE, (comment_id,), app=current_app).delay()


def let_go(comment_id: int) -> None:
    """Know nothing of a text that is no longer there; what a moderator said of it stays."""
    gone = TextSignature.objects.filter(pk=comment_id).first()
    if gone is None:
        return
    gone.delete()
    member = CampaignMember.objects.filter(pk=comment_id).first()
    if member is not None and not member.left_out:
        member.delete()
        # Also where it was none: it may be the one that was to have some next.
        _see_to_bands(member.campaign_id)


def _see_to_bands(campaign_id: int) -> None:
    """Where a campaign has no exemplar any more to be met by, compare one of its texts anew."""
    if TextSignature.objects.filter(exemplar_of=campaign_id).exists():
        return
    texts = TextSignature.objects.filter(comment__campaign_member__campaign=campaign_id)
    # Not one that is being changed or compared now: neither waits for the other.
    free = Comment.objects.filter(text_signature__in=texts).select_for_update(
        no_key=True, of=("self",), skip_locked=True
    )
    heir = free.order_by("pk").first()
    if heir:
        prepared.run(COMPARISON_IS_DUE, (heir.pk, timezone.now()))


# --- for reports ------------------------------------------------------------------------------


def decisions_of(draft: Draft) -> list[dict[str, Any]]:
    """What moderators decided on the draft's campaigns, as lines for a report's inputs."""
    return list(_decisions_of(draft))


def _decisions_of(draft: Draft) -> Iterator[dict[str, Any]]:
    for campaign in draft.campaigns.decided().order_by("pk"):
        members = campaign.members.belonging()
        references = list(members.values_list("comment__reference", flat=True)[:MOST_NAMED])
        if references:
            yield {
                "kind": "campaign",
                "key": references[0],
                "members": references,
                "state": campaign.state,
                "left_out": list(
                    campaign.members.left_out().values_list("comment__reference", flat=True)
                ),
            }
