"""Change or withdraw one's own comment.

For a quarter of an hour a comment may be changed without a trace, as long as nobody has answered
or endorsed it; later each change leaves what stood before to be read by everyone. Withdrawing
leaves a tombstone, and what others replied.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.campaigning import compare_soon
from comments.models import Comment, CommentVersion, ModerationRecord
from comments.moderating import flag_findings
from comments.numbering import add_to_tally, locked_comment, take_number
from comments.searching import index
from comments.standing import change_standing
from comments.targets import state_of, target_of
from comments.writing import checked_body, checked_proposal, checked_stance
from consult.document.windows import WindowState

WITHOUT_TRACE = dt.timedelta(minutes=15)
CHANGED = ("body", "stance", "proposed_text", "edited_at", "changed_sequence")


class EditingRefused(Exception):
    """The comment was not changed; the message says why and what to do."""


def edit_comment(
    comment: Comment,
    *,
    author: User,
    body: str,
    stance: str,
    proposed_text: str = "",
    at: dt.datetime | None = None,
) -> Comment:
    """The comment with its new text. Raises EditingRefused, or what `writing` raises."""
    target = target_of(comment.thread)
    stance, body = checked_stance(stance), checked_body(body)
    proposed_text = checked_proposal(target, stance=stance, proposed_text=proposed_text)
    with transaction.atomic():
        locked = locked_comment(comment)
        now = at or timezone.now()
        _refuse_others(locked, author)
        if not locked.is_shown:
            raise EditingRefused(_("This comment is no longer there."))
        if state_of(target, at=now) != WindowState.OPEN:
            raise EditingRefused(_("This section takes no comments now: yours stands as it is."))
        if (locked.body, locked.stance, locked.proposed_text) == (body, stance, proposed_text):
            return locked
        if leaves_trace(locked, at=now):
            _keep_version(locked, at=now)
        _count_stance(locked, stance)
        locked.body, locked.stance, locked.proposed_text = body, stance, proposed_text
        locked.changed_sequence = take_number(locked.thread)
        locked.save(update_fields=CHANGED)
        index(locked, due_since=now)
        compare_soon(locked.pk)
        flag_findings(locked, at=now)
    return locked


def withdraw_comment(comment: Comment, *, author: User, at: dt.datetime | None = None) -> Comment:
    """The comment's tombstone; its text goes to where moderators alone find it.

    Also after the section has closed: nobody is held to what they no longer want to say. Raises
    EditingRefused, or StandingRefused where it is withdrawn already.
    """
    with transaction.atomic():
        locked = locked_comment(comment)
        _refuse_others(locked, author)
        change_standing(locked, to=Comment.State.WITHDRAWN)
        ModerationRecord.objects.create(
            comment=locked,
            act=ModerationRecord.Act.WITHDRAW,
            actor=author,
            recorded_at=at or timezone.now(),
        )
    return locked


def leaves_trace(comment: Comment, *, at: dt.datetime) -> bool:
    """Whether a change now keeps what stood before for everyone to read."""
    was_answered = comment.reply_count or comment.endorsement_count
    return bool(was_answered) or at > comment.created_at + WITHOUT_TRACE


def _refuse_others(comment: Comment, author: User) -> None:
    if comment.author_id != author.pk:
        raise EditingRefused(_("Only its author can change a comment."))


def _keep_version(comment: Comment, *, at: dt.datetime) -> None:
    last = comment.versions.aggregate(last=Max("number"))["last"] or 0
    CommentVersion.objects.create(
        comment=comment,
        number=last + 1,
        stance=comment.stance,
        body=comment.body,
        proposed_text=comment.proposed_text,
        written_at=comment.edited_at or comment.created_at,
        replaced_at=at,
    )
    comment.edited_at = at


def _count_stance(comment: Comment, stance: str) -> None:
    if comment.stance != stance:
        add_to_tally(comment.thread, group=comment.group, stance=comment.stance, by=-1)
        add_to_tally(comment.thread, group=comment.group, stance=stance, by=1)
