"""Moderate: report, hold, hide by a rule, release, restore, appeal. Evidence is kept throughout.

| act | by | from | to |
|---|---|---|---|
| hold | a setting, for a new account's first comments | – | held |
| release | a moderator | held | shown |
| hide | a moderator, citing a rule | shown, held | hidden |
| restore | a moderator | hidden | shown |
| keep | a moderator, dismissing what was reported | shown | shown |
| appeal | the author, once a hiding | hidden | hidden |
| uphold | a moderator, refusing an appeal | hidden | hidden |

Each act locks the comment, checks, changes how it stands, closes its flags and appends a record;
then the author is told.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.models import Comment, Flag, ModerationRecord
from comments.notifying import tell_author
from comments.numbering import locked_comment
from comments.personal_data import Finding, find
from comments.rules import Rule
from comments.standing import StandingRefused, change_standing

Act = ModerationRecord.Act
State = Comment.State

LONGEST_WORDS = 2000
RULE_OF_FINDING = {
    Finding.IDENTITY_NUMBER: Rule.PERSONAL_DATA,
    Finding.TELEPHONE: Rule.PERSONAL_DATA,
    Finding.CARD_NUMBER: Rule.PERSONAL_DATA,
    Finding.LINKS: Rule.ADVERTISING,
}


class ModeratingRefused(Exception):
    """The act was not done; the message says why and what to do."""


# --- what comes in ----------------------------------------------------------------------------


def flag_comment(
    comment: Comment, *, reporter: User, rule: str, words: str = "", at: datetime | None = None
) -> Flag:
    """Report a comment; reporting it again while that waits gives the flag that is there.

    Raises ModeratingRefused.
    """
    _check_rule(rule)
    words = _checked_words(words)
    with transaction.atomic():
        locked = locked_comment(comment)
        if not locked.is_shown:
            raise ModeratingRefused(_("This comment is no longer there."))
        waiting = Flag.objects.waiting().filter(comment=locked, reporter=reporter).first()
        return waiting or Flag.objects.create(
            comment=locked,
            reporter=reporter,
            rule=rule,
            words=words,
            created_at=at or timezone.now(),
        )


def flag_findings(comment: Comment, *, at: datetime) -> None:
    """Flag for a moderator what the software itself sees in a comment just written."""
    found: set[str] = {RULE_OF_FINDING[each.finding] for each in find(comment.body)}
    if not found:
        return
    waiting = set(
        Flag.objects.waiting().filter(comment=comment, reporter=None).values_list("rule", flat=True)
    )
    Flag.objects.bulk_create(
        Flag(comment=comment, reporter=None, rule=rule, created_at=at)
        for rule in sorted(found - waiting)
    )


def must_be_held(author: User) -> bool:
    """Whether the site holds this author's comment: one of their first, by the setting."""
    first: int = settings.HOLD_FIRST_COMMENTS
    if not first or author.is_moderator:
        return False
    return Comment.objects.shown().filter(author=author)[:first].count() < first


def record_hold(comment: Comment, *, at: datetime) -> None:
    """Note that a setting held the comment."""
    _record(comment, Act.HOLD, actor=None, at=at)


# --- what moderators decide -------------------------------------------------------------------


def release(comment: Comment, *, moderator: User, at: datetime | None = None) -> None:
    """Show a comment that was held. Raises ModeratingRefused or StandingRefused."""
    _decide(comment, Act.RELEASE, moderator, at, frm=State.HELD, to=State.SHOWN)


def hide(
    comment: Comment, *, moderator: User, rule: str, reason: str = "", at: datetime | None = None
) -> None:
    """Hide a comment by a rule of the published list, which its tombstone names.

    Raises ModeratingRefused or StandingRefused.
    """
    _check_rule(rule)
    _decide(comment, Act.HIDE, moderator, at, to=State.HIDDEN, rule=rule, reason=reason)


def restore(
    comment: Comment, *, moderator: User, reason: str = "", at: datetime | None = None
) -> None:
    """Show a hidden comment again, on appeal or not. Raises as `release` does."""
    _decide(comment, Act.RESTORE, moderator, at, frm=State.HIDDEN, to=State.SHOWN, reason=reason)


def keep(
    comment: Comment, *, moderator: User, reason: str = "", at: datetime | None = None
) -> None:
    """Leave a reported comment as it is. Raises ModeratingRefused."""
    _decide(comment, Act.KEEP, moderator, at, frm=State.SHOWN, reason=reason)


def uphold(comment: Comment, *, moderator: User, reason: str, at: datetime | None = None) -> None:
    """Refuse an appeal, with a reason. Raises ModeratingRefused."""
    if not reason.strip():
        raise ModeratingRefused(_("Say why the appeal is refused: its author will read it."))

    def check(locked: Comment) -> None:
        if last_act(locked) != Act.APPEAL:
            raise ModeratingRefused(_("Nobody appeals against this hiding."))

    _decide(comment, Act.UPHOLD, moderator, at, frm=State.HIDDEN, reason=reason, also=check)


def appeal(comment: Comment, *, author: User, words: str, at: datetime | None = None) -> None:
    """Ask that one's own hidden comment be looked at again; once a hiding.

    Raises ModeratingRefused.
    """
    words = _checked_words(words)
    if not words:
        raise ModeratingRefused(_("Say why your comment breaks no rule."))
    with transaction.atomic():
        locked = locked_comment(comment)
        if locked.author_id != author.pk or locked.state != State.HIDDEN:
            raise ModeratingRefused(_("There is nothing to appeal against."))
        if last_act(locked) != Act.HIDE:
            raise ModeratingRefused(_("You have appealed already; a moderator will answer."))
        _record(locked, Act.APPEAL, actor=author, reason=words, at=at)


def each_of(
    comments: Iterable[Comment], act: Callable[[Comment], None]
) -> list[tuple[Comment, str]]:
    """Do one act to many comments, each by itself; which were refused, and why."""
    refused = []
    for comment in comments:
        try:
            act(comment)
        except (ModeratingRefused, StandingRefused) as refusal:
            refused.append((comment, str(refusal)))
    return refused


def _decide(
    comment: Comment,
    act: ModerationRecord.Act,
    moderator: User,
    at: datetime | None,
    *,
    frm: Comment.State | None = None,
    to: Comment.State | None = None,
    rule: str = "",
    reason: str = "",
    also: Callable[[Comment], None] | None = None,
) -> None:
    reason = _checked_words(reason)
    with transaction.atomic():
        locked = locked_comment(comment)
        if frm is not None and locked.state != frm:
            raise ModeratingRefused(
                _("Somebody else has decided on this comment meanwhile; reload the page.")
            )
        if also is not None:
            also(locked)
        if to is not None:
            change_standing(locked, to=to, rule=rule)
        now = at or timezone.now()
        Flag.objects.waiting().filter(comment=locked).update(handled_at=now)
        _record(locked, act, actor=moderator, rule=rule, reason=reason, at=now)
        if act != Act.KEEP:
            tell_author(locked, at=now)


def _record(
    comment: Comment,
    act: ModerationRecord.Act,
    *,
    actor: User | None,
    rule: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> None:
    ModerationRecord.objects.create(
        comment=comment,
        act=act,
        actor=actor,
        rule=rule,
        reason=reason,
        recorded_at=at or timezone.now(),
    )


def last_act(comment: Comment) -> str:
    """What was last done about the comment; empty where nothing was."""
    last = comment.moderation_records.order_by("-recorded_at", "-pk").first()
    return last.act if last else ""


# --- the queue --------------------------------------------------------------------------------


def waiting_comments() -> QuerySet[Comment]:
    """What a moderator must look at: held, reported, or appealed; the oldest number first.

    Annotated with `last_act`.
    """
    records = ModerationRecord.objects.filter(comment=OuterRef("pk")).order_by(
        "-recorded_at", "-pk"
    )
    flags = Flag.objects.waiting().filter(comment=OuterRef("pk"))
    return (
        Comment.objects.annotate(last_act=Subquery(records.values("act")[:1]))
        .filter(
            Q(state=State.HELD)
            | Q(state=State.HIDDEN, last_act=Act.APPEAL)
            | Q(state=State.SHOWN) & Exists(flags)
        )
        .order_by("pk")
    )


def _check_rule(rule: str) -> None:
    if rule not in Rule.values:
        raise ModeratingRefused(_("Choose which rule it breaks."))


def _checked_words(words: str) -> str:
    words = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > LONGEST_WORDS:
        raise ModeratingRefused(
            _("Shorten it to at most %(limit)s characters.") % {"limit": f"{LONGEST_WORDS:,}"}
        )
    return words
