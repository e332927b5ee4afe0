"""The letter that reminds an invited organisation of what is open, by when, and where."""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from consult.document.dates import moment_in_words
from consult.document.models import Draft, Section
from consult.reports.models import Reminder

SALT = "consult.reports.reminder_letters"
# From this code on, a mail server's answer is for good.
FOR_GOOD = 500


class LetterNotSent(Exception):
    """The mail server is away, or won't; the message names no address."""


class AddressRefused(Exception):
    """The mail server knows no such address."""


@dataclass(frozen=True)
class OpenLine:
    """One open section as the letter says it; `until` is empty where no end is set."""

    heading: str
    until: str
    address: str


def write_letter(reminder: Reminder, *, to: str, digest: str, language: str, at: datetime) -> None:
    """Send the letter. Raises AddressRefused and LetterNotSent."""
    with translation.override(language):
        message = _letter(reminder, digest=digest, at=at)
    message.to = [to]
    # What the server says may name the address: it stands in no error of ours.
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _words in refusal.recipients.values()]
        if all(code >= FOR_GOOD for code in codes):
            raise AddressRefused from None
        raise LetterNotSent("SMTPRecipientsRefused") from None
    except OSError as error:
        raise LetterNotSent(type(error).__name__) from None


def ticket_of(digest: str) -> str:
    """What ends reminders to the address of this digest without signing in."""
    return signing.dumps(digest, salt=SALT)


def digest_in(ticket: str) -> str | None:
    """The digest that a ticket is of; None for a ticket of ours to nobody."""
    try:
        found = signing.loads(ticket, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None


def open_lines(draft: Draft, *, at: datetime) -> list[OpenLine]:
    """What is open, in reading order; what closes with the section it stands in isn't repeated."""
    sections = list(
        Section.objects.open(at=at)
        .filter(draft=draft)
        .select_related("window", "draft__framework")
        .in_reading_order()
    )
    together = {(section.pk, section.window_dates.closes_at) for section in sections}
    return list(_lines(sections, together))


def _lines(
    sections: Iterable[Section], together: set[tuple[int, datetime | None]]
) -> Iterable[OpenLine]:
    for section in sections:
        closes_at = section.window_dates.closes_at
        if (section.parent_id, closes_at) in together:
            continue
        draft = section.draft
        path = reverse("section", args=[draft.framework.code, draft.number, section.ref])
        yield OpenLine(
            heading=f"{section.number} {section.title}".strip() or section.ref,
            until=moment_in_words(closes_at) if closes_at else "",
            address=_full(path),
        )


def _letter(reminder: Reminder, *, digest: str, at: datetime) -> EmailMessage:
    draft, off = reminder.draft, _full(reverse("reminders_off", args=[ticket_of(digest)]))
    context = {
        "name": reminder.voice.name,
        "draft": draft,
        "framework": draft.framework,
        "lines": open_lines(draft, at=at),
        "page": _full(reverse("draft", args=[draft.framework.code, draft.number])),
        "has_account": reminder.user is not None,
        "off": off,
        "site": settings.SITE_URL,
    }
    subject = render_to_string("consult/letters/reminder_subject.txt", context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("consult/letters/reminder_message.txt", context),
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _full(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"
