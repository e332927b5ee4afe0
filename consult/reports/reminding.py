"""Remind invited organisations that have said nothing yet: seldom, once each, and only them.

| from \\ verb | send |
|---|---|
| waiting | sent, or why not: they have spoken, nothing is open, they want no more, refused, gone |
| any other | – |

A reminder is asked for and sent in two steps: what is true is asked again before it goes out.
Addresses stand in the list and in the letters, and nowhere else: not in a log, nor in an error.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from celery import current_app, signature
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.auditing import Act, record
from accounts.limits import spend
from accounts.models import Membership, User
from accounts.rates import REMINDER
from comments.models import NotificationChoice
from consult.document.dates import day_in_words
from consult.document.models import Draft, Framework, Section
from consult.reports.models import ExpectedVoice, NoMoreReminders, Reminder
from consult.reports.reminder_letters import AddressRefused, LetterNotSent, write_letter
from consult.reports.silence import draft_in_question, has_spoken, silent_invitees

Outcome = Reminder.Outcome
# An organisation is reminded no sooner than this after the last time.
NOT_WITHIN = timedelta(days=7)
# A task that was lost with Redis, or a mail server that was away, is made up for after this.
WAITS_FOR = timedelta(minutes=2)
# So many letters that can't be sent say that none can.
FAILURES = 3
SEND_REMINDER = "consult.reports.tasks.send_reminder"

__all__ = ["LetterNotSent", "ReminderRefused", "remind", "remind_all", "send_reminder"]


class ReminderRefused(Exception):
    """Nobody is reminded; the message says why."""


@dataclass(frozen=True)
class Reader:
    """Who reads a reminder: a representative, or whoever reads the contact's mail."""

    user: User | None
    address: str


@dataclass(frozen=True)
class Reach:
    """How an invited organisation can be reminded: by whom it reads, and when that last was."""

    readers: Sequence[Reader]
    wants_none: bool
    last: Reminder | None

    def obstacle(self, *, at: datetime) -> str:
        """Why it can't be reminded now, in words; empty where it can."""
        if self.last and self.last.asked_at > at - NOT_WITHIN:
            again = timezone.localdate(self.last.asked_at + NOT_WITHIN)
            return _("Reminded less than %(days)s days ago; again from %(day)s on.") % {
                "days": NOT_WITHIN.days,
                "day": day_in_words(again),
            }
        if self.wants_none:
            return _("They want no more reminders.")
        if not self.readers:
            return _("No address: nobody represents it here, and the list names no contact.")
        return ""


def reach_of(voices: Iterable[ExpectedVoice]) -> Mapping[int, Reach]:
    """By the entry's key, how each can be reminded; in a fixed number of queries."""
    voices = list(voices)
    readers = _readers_of(voices)
    ended = _ended(reader.address for found in readers.values() for reader in found)
    last = {
        reminder.voice_id: reminder
        for reminder in Reminder.objects.counting()
        .filter(voice__in=voices)
        .order_by("voice_id", "-asked_at", "-pk")
        .distinct("voice_id")
        .select_related("asked_by")
    }
    return {
        voice.pk: Reach(
            readers=[each for each in found if digest_of(each.address) not in ended],
            wants_none=bool(found) and all(digest_of(each.address) in ended for each in found),
            last=last.get(voice.pk),
        )
        for voice in voices
        for found in [readers[voice.pk]]
    }


def remind(voice: ExpectedVoice, *, actor: User, at: datetime | None = None) -> list[Reminder]:
    """Remind an invited organisation that has said nothing yet; one letter a reader.

    Raises ReminderRefused where it has spoken, nothing is open, it can't be reached, was reminded
    lately or wants no more; LimitReached.
    """
    spend(REMINDER, whom=actor)
    now = at or timezone.now()
    with transaction.atomic():
        draft = _draft_with_something_open(voice.framework, at=now)
        # Two presses take turns: the second finds the first one's reminder.
        found = ExpectedVoice.objects.listed().select_for_update(of=("self",)).filter(pk=voice.pk)
        held = found.select_related("organisation", "framework").first()
        if held is None or not held.is_organisation:
            raise ReminderRefused(_("It is no organisation on the list of those expected."))
        if has_spoken(held, draft):
            raise ReminderRefused(_("They have spoken meanwhile."))
        reach = reach_of([held])[held.pk]
        if obstacle := reach.obstacle(at=now):
            raise ReminderRefused(obstacle)
        reminders = _asked_for(held, reach, draft=draft, actor=actor, at=now)
        record(Act.VOICE_REMINDED, actor=actor, about=held)
    return reminders


def remind_all(framework: Framework, *, actor: User, at: datetime | None = None) -> int:
    """Remind every silent invitee that can be; how many organisations those are.

    Raises ReminderRefused where nothing is open, or nobody can be reminded; LimitReached.
    """
    spend(REMINDER, whom=actor)
    now = at or timezone.now()
    with transaction.atomic():
        draft = _draft_with_something_open(framework, at=now)
        silent = silent_invitees(draft).order_by("pk").select_related("organisation")
        voices = list(silent.select_for_update(of=("self",)))
        reaches = reach_of(voices)
        due = [voice for voice in voices if not reaches[voice.pk].obstacle(at=now)]
        if not due:
            raise ReminderRefused(_("Nobody who is silent can be reminded now."))
        for voice in due:
            _asked_for(voice, reaches[voice.pk], draft=draft, actor=actor, at=now)
        record(
            Act.VOICE_REMINDED,
            actor=actor,
            about=framework,
            details={"organisations": len(due)},
        )
    return len(due)


def send_reminder(reminder_id: int, *, at: datetime | None = None) -> bool:
    """Send a reminder that waits, once, if it is still due; whether a letter went out.

    Raises LetterNotSent where the mail server is away: then it waits on.
    """
    now = at or timezone.now()
    with transaction.atomic():
        # Two who send at once take turns; the second finds it settled.
        reminder = (
            Reminder.objects.waiting()
            .select_for_update(of=("self",))
            .select_related("voice__organisation", "draft__framework", "user")
            .filter(pk=reminder_id)
            .first()
        )
        if reminder is None:
            return False
        reader, outcome = _still_due(reminder, at=now)
        if outcome == Outcome.SENT and reader is not None:
            outcome = _written(reminder, reader, at=now)
        reminder.outcome, reminder.settled_at = outcome, now
        reminder.save(update_fields=["outcome", "settled_at"])
    return outcome == Outcome.SENT


def send_waiting_reminders(*, at: datetime | None = None) -> int:
    """Send what should have gone out by now; how many letters that were."""
    now = at or timezone.now()
    waiting = Reminder.objects.waiting().filter(asked_at__lt=now - WAITS_FOR)
    sent = failed = 0
    for pk in list(waiting.order_by("asked_at").values_list("pk", flat=True)):
        try:
            sent += send_reminder(pk, at=now)
        except LetterNotSent:
            failed += 1
        if failed == FAILURES:
            # The server is away for the others, too: beat comes again.
            break
    return sent


def end_reminders(digest: str, *, at: datetime | None = None) -> None:
    """Send no more reminders to the address of this digest."""
    NoMoreReminders.objects.get_or_create(digest=digest, defaults={"said_at": at or timezone.now()})


def digest_of(address: str) -> str:
    """What is kept of an address that wants no more."""
    return sha256(address.strip().lower().encode()).hexdigest()


def _readers_of(voices: Sequence[ExpectedVoice]) -> dict[int, list[Reader]]:
    """The contact of each, or else the organisation's representatives who want mail at all."""
    organisations = {v.organisation_id for v in voices if v.organisation_id and not v.email}
    managing = (
        Membership.objects.managing(on=timezone.localdate())
        .filter(organisation__in=organisations, user__is_active=True)
        .exclude(user__notification_choice__e_mail=NotificationChoice.EMail.OFF)
        .select_related("user__notification_choice")
        .order_by("pk")
    )
    representatives: dict[int, list[Reader]] = {}
    for membership in managing:
        readers = representatives.setdefault(membership.organisation_id, [])
        readers.append(Reader(membership.user, membership.user.email))
    return {
        voice.pk: [Reader(None, voice.email)]
        if voice.email
        else representatives.get(voice.organisation_id or 0, [])
        for voice in voices
    }


def _ended(addresses: Iterable[str]) -> set[str]:
    digests = {digest_of(address) for address in addresses}
    found = NoMoreReminders.objects.filter(digest__in=digests)
    return set(found.values_list("digest", flat=True))


def _draft_with_something_open(framework: Framework, *, at: datetime) -> Draft:
    draft = draft_in_question(framework, at=at)
    if draft is None or not Section.objects.open(at=at).filter(draft=draft).exists():
        raise ReminderRefused(_("Nothing is open for comments now."))
    return draft


def _asked_for(
    voice: ExpectedVoice, reach: Reach, *, draft: Draft, actor: User, at: datetime
) -> list[Reminder]:
    reminders = [
        Reminder.objects.create(
            voice=voice,
            draft=draft,
            user=reader.user,
            language=_language_for(reader, voice),
            asked_by=actor,
            asked_at=at,
        )
        for reader in reach.readers
    ]
    for reminder in reminders:
        # Where Redis can't be reached it waits for beat.
        task = signature(SEND_REMINDER, (reminder.pk,), app=current_app)
        transaction.on_commit(partial(task.delay), robust=True)
    return reminders


def _language_for(reader: Reader, voice: ExpectedVoice) -> str:
    """The reader's own, or the organisation's, or that of whoever asks."""
    choice = getattr(reader.user, "notification_choice", None) if reader.user else None
    known = voice.organisation.language if voice.organisation else ""
    return str((choice.language if choice else "") or known or get_language() or "")


def _still_due(reminder: Reminder, *, at: datetime) -> tuple[Reader | None, Outcome]:
    """Who reads it now, and SENT if it may go out; what stands in the way otherwise."""
    voice = reminder.voice
    readers = [] if voice.removed_at else _readers_of([voice])[voice.pk]
    reader = next((each for each in readers if each.user == reminder.user), None)
    if reader is None:
        return None, Outcome.GONE
    if _ended([reader.address]):
        return None, Outcome.NO_MORE
    if has_spoken(voice, reminder.draft):
        return None, Outcome.SPOKE
    if not Section.objects.open(at=at).filter(draft=reminder.draft).exists():
        return None, Outcome.NOTHING_OPEN
    return reader, Outcome.SENT


def _written(reminder: Reminder, reader: Reader, *, at: datetime) -> Outcome:
    try:
        write_letter(
            reminder,
            to=reader.address,
            digest=digest_of(reader.address),
            language=reminder.language or settings.LANGUAGE_CODE,
            at=at,
        )
    except AddressRefused:
        return Outcome.REFUSED
    return Outcome.SENT
