"""Endorse a comment: once an account, undoable, counted by stakeholder group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may_speak
from accounts.groups import StakeholderGroup
from accounts.models import User
from accounts.voices import Voice, may_speak_for
from comments.models import Comment, Endorsement
from comments.notifying import tell_endorsed
from comments.numbering import locked_comment, take_number
from comments.targets import state_of, target_of
from consult.document.windows import WindowState


class EndorsingRefused(Exception):
    """The comment was not endorsed; the message says why and what to do."""


def endorse(comment: Comment, *, voice: Voice, at: datetime | None = None) -> Endorsement:
    """The voice's support for the comment; a second time gives the one that is there.

    Raises EndorsingRefused.
    """
    _refuse_voice(voice, comment, at=at)
    with transaction.atomic():
        locked = locked_comment(comment)
        given = Endorsement.objects.filter(comment=locked, user=voice.user).first()
        if given is not None:
            return given
        now = at or timezone.now()
        _refuse_comment(locked, voice.user, at=now)
        endorsement = Endorsement.objects.create(
            comment=locked,
            user=voice.user,
            organisation=voice.organisation,
            organisation_name=voice.snapshot["organisation_name"],
            group=voice.group,
            created_at=now,
        )
        _count(locked, by=1)
        tell_endorsed(locked, at=now)
    return endorsement


def take_back_endorsement(comment: Comment, *, user: User, at: datetime | None = None) -> None:
    """Endorse no more; nothing happens where this person doesn't. Raises EndorsingRefused."""
    with transaction.atomic():
        locked = locked_comment(comment)
        given = Endorsement.objects.filter(comment=locked, user=user).first()
        if given is None:
            return
        _refuse_closed(locked, at=at or timezone.now())
        given.delete()
        _count(locked, by=-1)


def _count(comment: Comment, *, by: int) -> None:
    comment.endorsement_count += by
    comment.changed_sequence = take_number(comment.thread)
    comment.save(update_fields=["endorsement_count", "changed_sequence"])


def _refuse_voice(voice: Voice, comment: Comment, *, at: datetime | None) -> None:
    if not may_speak(voice.user):
        raise EndorsingRefused(_("Confirm your e-mail address first; then you can endorse."))
    code = comment.thread.draft.framework.code
    if voice.organisation is not None and not may_speak_for(
        voice.user, voice.organisation, framework_code=code, at=at
    ):
        raise EndorsingRefused(
            _("You may not speak for %(name)s at present.") % {"name": voice.organisation.name}
        )


def _refuse_comment(comment: Comment, user: User, *, at: datetime) -> None:
    if not comment.is_shown:
        raise EndorsingRefused(_("This comment is no longer there."))
    if comment.author_id == user.pk:
        raise EndorsingRefused(_("This is your own comment; others may endorse it."))
    _refuse_closed(comment, at=at)


def _refuse_closed(comment: Comment, *, at: datetime) -> None:
    if state_of(target_of(comment.thread), at=at) != WindowState.OPEN:
        raise EndorsingRefused(_("This section takes no comments or endorsements now."))


@dataclass(frozen=True)
class Support:
    """Who endorses a comment: how many of each stakeholder group, and which organisations."""

    by_group: tuple[tuple[str, int], ...]
    organisations: tuple[str, ...]


def support_of(comment: Comment) -> Support:
    """Counted by group, in the framework's order; an organisation is named as one."""
    counted = dict(
        comment.endorsements.values_list("group").annotate(total=Count("pk")).order_by("group")
    )
    names = comment.endorsements.exclude(organisation=None).values_list(
        "organisation_name", flat=True
    )
    return Support(
        by_group=tuple(
            (str(group.label), counted[group]) for group in StakeholderGroup if group in counted
        ),
        organisations=tuple(sorted(set(names))),
    )


def endorsed_by(user: User, comments: Iterable[Comment]) -> set[int]:
    """Which of these comments the person endorses, by key."""
    keys = [comment.pk for comment in comments]
    found = Endorsement.objects.filter(user=user, comment__in=keys)
    return set(found.values_list("comment_id", flat=True))
