"""Write to people about what they were told of: once a day, at once, or not, as they choose.

A message names sections, people and numbers, never a comment's text, and nothing that is no longer
shown when it is written. Each can be ended with one click (RFC 8058), without signing in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from comments.models import Notification, NotificationChoice, NotificationQuerySet
from consult.document.access import READABLE
from consult.document.dates import moment_in_words
from consult.document.models import Section

EMail = NotificationChoice.EMail

SALT = "comments.digesting"
# What one message lists; the rest is a number and a link.
MOST_LINES = 40


@dataclass(frozen=True)
class Line:
    """One notification as a message says it."""

    kind: str
    who: str
    when: str
    address: str


@dataclass(frozen=True)
class Chapter:
    """What a message says of one section."""

    heading: str
    lines: Sequence[Line]


def people_to_write_to(choice: EMail) -> list[int]:
    """Keys of those with something unsent who want messages this way."""
    chosen = Q(notification_choice__e_mail=choice)
    if choice == EMail.DIGEST:
        chosen |= Q(notification_choice=None)
    unsent = Notification.objects.not_mailed().values("user")
    people = User.objects.filter(chosen, pk__in=unsent, is_active=True)
    return list(people.order_by("pk").values_list("pk", flat=True))


def write_to(user_id: int, *, at: datetime | None = None) -> bool:
    """Send one message with all that is unsent; whether there was anything left to say.

    What was claimed is claimed again where the mail server refuses the message.
    """
    now = at or timezone.now()
    with transaction.atomic():
        unsent = Notification.objects.not_mailed().filter(user=user_id, created_at__lte=now)
        # Two that run at once take turns; the second finds nothing.
        keys = list(unsent.select_for_update().order_by("-created_at").values_list("pk", flat=True))
        Notification.objects.filter(pk__in=keys).update(mailed_at=now)
        user = User.objects.select_related("notification_choice").get(pk=user_id)
        choice = getattr(user, "notification_choice", None)
        with translation.override(choice.language if choice else settings.LANGUAGE_CODE):
            chapters = _chapters(Notification.objects.filter(pk__in=keys), at=now)
            if not chapters or not user.is_active:
                return False
            _send(user, chapters)
    return True


def leave_unsent(user_id: int, *, at: datetime) -> None:
    """Of who wants no mail, nothing waits to be sent."""
    Notification.objects.not_mailed().filter(user=user_id).update(mailed_at=at)


def _chapters(notifications: NotificationQuerySet, *, at: datetime) -> list[Chapter]:
    """By section, in the order of the newest line of each; newest first within."""
    found = (
        notifications.tellable(at=at)
        .select_related(
            "comment__author",
            "comment__organisation",
            "comment__thread__section__draft__framework",
            "comment__thread__section__window",
            "comment__thread__draft__framework",
            "section__draft__framework",
            "section__window",
        )
        .order_by("-created_at", "-pk")[:MOST_LINES]
    )
    by_section: dict[str, list[Line]] = {}
    for each in found:
        by_section.setdefault(_heading(each, at=at), []).append(_line(each))
    return [Chapter(heading, lines) for heading, lines in by_section.items()]


def _heading(notification: Notification, *, at: datetime) -> str:
    section = notification.section or (
        notification.comment.thread.section if notification.comment else None
    )
    # Of what a moderator did the author hears in any case, but no title that isn't published.
    if section is not None and section.state(at=at) in READABLE:
        return f"{section.draft.framework.title} · {section.number} {section.title}".strip()
    return notification.comment.thread.draft.framework.title if notification.comment else ""


def _line(notification: Notification) -> Line:
    comment, section = notification.comment, notification.section
    if comment is not None:
        path = reverse("comment", args=[comment.reference])
        # Who moderates or endorses isn't named.
        named = (
            Notification.Kind.REPLY,
            Notification.Kind.MENTION,
            Notification.Kind.NEW_COMMENT,
        )
        who = comment.speaker_name if notification.kind in named else ""
    else:
        path, who = _section_path(section), ""
    return Line(
        kind=str(notification.get_kind_display()),
        who=who,
        when=moment_in_words(notification.created_at),
        address=f"{settings.SITE_URL}{path}",
    )


def _section_path(section: Section | None) -> str:
    if section is None:
        return reverse("front")
    draft = section.draft
    return reverse("section", args=[draft.framework.code, draft.number, section.ref])


def _send(user: User, chapters: Sequence[Chapter]) -> None:
    off = f"{settings.SITE_URL}{reverse('notifications_off', args=[ticket_of(user)])}"
    context = {
        "user": user,
        "chapters": chapters,
        "count": sum(len(chapter.lines) for chapter in chapters),
        "settings_page": f"{settings.SITE_URL}{reverse('notifications')}",
        "off": off,
    }
    subject = render_to_string("comments/letters/digest_subject.txt", context)
    body = render_to_string("comments/letters/digest_message.txt", context)
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    ).send()


def choose_messages(*, user: User, e_mail: str, language: str | None) -> None:
    """Write to this person so, and in this language, from now on."""
    NotificationChoice.objects.update_or_create(
        user=user,
        defaults={"e_mail": e_mail, "language": language or settings.LANGUAGE_CODE},
    )


def ticket_of(user: User) -> str:
    """What ends this person's messages without signing in; good for nothing else."""
    return signing.dumps(str(user.public_id), salt=SALT)


def end_messages(ticket: str) -> bool:
    """End the messages of whom the ticket is of; False where it is nobody's."""
    try:
        public_id = signing.loads(ticket, salt=SALT)
    except signing.BadSignature:
        return False
    user = User.objects.filter(public_id=public_id).first()
    if user is None:
        return False
    NotificationChoice.objects.update_or_create(user=user, defaults={"e_mail": EMail.OFF})
    return True
