"""What the pages on who is expected to speak show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from consult.document.models import Draft, Framework, Section
from consult.reports.expected_import import ReadLine, read_list
from consult.reports.models import ExpectedVoice, Reminder
from consult.reports.reminding import NOT_WITHIN, Reach, reach_of
from consult.reports.silence import Standing, draft_in_question, standings_on

# How long what was taken off can be put back from the page.
UNDONE_WITHIN = timedelta(days=7)
CANDIDATES_SHOWN = 20
# What is alike of two names may be as little as their first characters.
ALIKE = 4


@dataclass(frozen=True)
class ExpectedLine:
    """An invited organisation: what it has said, and how it stands with reminders."""

    standing: Standing
    reach: Reach
    obstacle: str
    reminders: Sequence[Reminder]

    @property
    def voice(self) -> ExpectedVoice:
        return self.standing.voice

    @property
    def can_be_reminded(self) -> bool:
        return self.standing.is_silent and not self.obstacle


@dataclass(frozen=True)
class ExpectedPage:
    """The list with who has spoken on the draft in question and who has not."""

    framework: Framework
    draft: Draft | None
    is_open: bool
    organisations: Sequence[ExpectedLine]
    kinds: Sequence[Standing]
    only_silent: bool
    removed: Sequence[ExpectedVoice]

    @property
    def silent(self) -> list[ExpectedLine]:
        return [line for line in self.organisations if line.standing.is_silent]

    @property
    def shown(self) -> Sequence[ExpectedLine]:
        return self.silent if self.only_silent else self.organisations

    @property
    def shown_kinds(self) -> list[Standing]:
        return [each for each in self.kinds if each.is_silent or not self.only_silent]

    @property
    def silent_kinds(self) -> list[Standing]:
        return [standing for standing in self.kinds if standing.is_silent]

    @property
    def unlinked(self) -> list[ExpectedLine]:
        return [line for line in self.organisations if line.voice.organisation is None]

    @property
    def to_remind(self) -> int:
        """How many organisations a press on the button for all would remind."""
        return sum(line.can_be_reminded for line in self.organisations)

    @property
    def days_between(self) -> int:
        return NOT_WITHIN.days

    @property
    def is_empty(self) -> bool:
        return not self.organisations and not self.kinds


def expected_page(framework: Framework, *, only_silent: bool, at: datetime) -> ExpectedPage:
    """The list in as many queries for ten entries as for a thousand."""
    draft = draft_in_question(framework, at=at)
    standings = standings_on(draft, at=at) if draft else _unheard(framework)
    is_open = bool(draft) and Section.objects.open(at=at).filter(draft=draft).exists()
    invited = [standing for standing in standings if standing.voice.is_organisation]
    reaches = reach_of(standing.voice for standing in invited)
    reminders = _reminders(reaches)
    removed = framework.expected_voices.filter(removed_at__gt=at - UNDONE_WITHIN)
    return ExpectedPage(
        framework=framework,
        draft=draft,
        is_open=is_open,
        organisations=[
            ExpectedLine(
                standing=standing,
                reach=reaches[standing.voice.pk],
                obstacle=_obstacle(reaches[standing.voice.pk], is_open=is_open, at=at),
                reminders=reminders.get(standing.voice.pk, []),
            )
            for standing in invited
        ],
        kinds=[standing for standing in standings if not standing.voice.is_organisation],
        only_silent=only_silent,
        removed=list(removed.select_related("removed_by").order_by("-removed_at", "pk")),
    )


def _unheard(framework: Framework) -> list[Standing]:
    voices = framework.expected_voices.listed().select_related("organisation").in_order()
    return [Standing(voice, 0, ()) for voice in voices]


def _obstacle(reach: Reach, *, is_open: bool, at: datetime) -> str:
    return reach.obstacle(at=at) if is_open else _("Nothing is open for comments now.")


def _reminders(reaches: Mapping[int, Reach]) -> dict[int, list[Reminder]]:
    """The letters of the last reminder of each."""
    asked = {reach.last.asked_at for reach in reaches.values() if reach.last}
    found = Reminder.objects.filter(voice__in=reaches, asked_at__in=asked)
    last: dict[int, list[Reminder]] = {}
    for reminder in found.select_related("asked_by").order_by("pk"):
        newest = reaches[reminder.voice_id].last
        if newest and newest.asked_at == reminder.asked_at:
            last.setdefault(reminder.voice_id, []).append(reminder)
    return last


@dataclass(frozen=True)
class ImportPreview:
    """What a list says, line by line."""

    framework: Framework
    text: str
    lines: Sequence[ReadLine]

    @cached_property
    def taken(self) -> list[ReadLine]:
        return [line for line in self.lines if line.entry]

    @cached_property
    def wrong(self) -> list[ReadLine]:
        return [line for line in self.lines if not line.entry]

    @cached_property
    def unsure(self) -> list[ReadLine]:
        return [line for line in self.taken if line.candidates]


def import_preview(
    framework: Framework, *, text: str, chosen: Mapping[int, str] | None = None
) -> ImportPreview:
    """The list as it would be taken. Raises ListTooLong."""
    picked = _organisations(chosen or {})
    return ImportPreview(framework, text, read_list(text, framework=framework, chosen=picked))


def _organisations(chosen: Mapping[int, str]) -> dict[int, Organisation]:
    """Those chosen for a line; what is no key of any is no choice."""
    verified = Organisation.objects.verified(on=timezone.localdate())
    wanted = {key for key in chosen.values() if key.isdecimal()}
    found = {str(each.pk): each for each in verified.filter(pk__in=wanted)}
    return {line: found[key] for line, key in chosen.items() if key in found}


def candidates_for(voice: ExpectedVoice, *, words: str) -> list[Organisation]:
    """Verified organisations that the invited one may be: named like it, or as was searched."""
    verified = Organisation.objects.verified(on=timezone.localdate())
    asked = words.strip() or voice.name
    found = verified.named_like(asked)
    if not words.strip():
        beginning, end = voice.name[:ALIKE], voice.name[-ALIKE:]
        found = verified.filter(
            Q(pk__in=found.values("pk"))
            | Q(pk__in=verified.named_like(beginning).values("pk"))
            | Q(pk__in=verified.named_like(end).values("pk"))
        )
    return list(found.by_name()[:CANDIDATES_SHOWN])
