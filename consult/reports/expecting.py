"""Keep the list of who is expected to speak on a framework: add, change, take off, put back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.auditing import Act, record
from accounts.models import Organisation, User
from consult.document.models import Draft, Framework
from consult.reports.models import ExpectedVoice

Kind = ExpectedVoice.Kind
# How long an address stays where its entry was taken off, so that this can be undone.
ADDRESS_KEPT = timedelta(days=30)


class ExpectingRefused(Exception):
    """The list stays as it was; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry of the list as it is written down."""

    kind: str
    name: str = ""
    organisation: Organisation | None = None
    group: str = ""
    school_level: str = ""
    sector: str = ""
    county: str = ""
    email: str = ""


@transaction.atomic
def expect_voice(framework: Framework, *, entry: Entry, actor: User) -> ExpectedVoice:
    """Put one on the list. Raises ExpectingRefused where it stands there, or is no one thing."""
    framework = _locked(framework)
    added = _stored(ExpectedVoice(framework=framework, added_by=actor), entry)
    record(Act.VOICE_EXPECTED, actor=actor, about=added)
    return added


@transaction.atomic
def import_voices(
    framework: Framework, *, entries: Iterable[Entry], actor: User
) -> list[ExpectedVoice]:
    """Put all of these on the list that don't stand there yet; who was added.

    Raises ExpectingRefused, and then adds none.
    """
    framework = _locked(framework)
    there = {_key(voice) for voice in framework.expected_voices.listed()}
    organisations = framework.expected_voices.listed().exclude(organisation=None)
    linked = set(organisations.values_list("organisation_id", flat=True))
    added = []
    for entry in entries:
        organisation = entry.organisation
        if _key(entry) in there or (organisation is not None and organisation.pk in linked):
            continue
        there.add(_key(entry))
        if organisation is not None:
            linked.add(organisation.pk)
        added.append(_stored(ExpectedVoice(framework=framework, added_by=actor), entry))
    if added:
        record(Act.VOICES_IMPORTED, actor=actor, about=framework, details={"entries": len(added)})
    return added


@transaction.atomic
def change_voice(voice: ExpectedVoice, *, to: Entry, actor: User) -> ExpectedVoice:
    """Write the entry anew. Raises ExpectingRefused as `expect_voice` does, and once it is off."""
    found = _still_listed(voice)
    if to.kind != found.kind:
        raise ExpectingRefused(_("An entry stays of its kind. Take it off and add another."))
    changed = _stored(found, to)
    record(Act.VOICE_CHANGED, actor=actor, about=changed)
    return changed


def link_voice(
    voice: ExpectedVoice, *, organisation: Organisation | None, actor: User
) -> ExpectedVoice:
    """Say which organisation of this site an invited one is; None says that it is none yet.

    What the list doesn't say of it is taken from the organisation.
    """
    return change_voice(voice, to=linked_to(as_written(voice), organisation), actor=actor)


@transaction.atomic
def remove_voice(voice: ExpectedVoice, *, actor: User, at: datetime | None = None) -> ExpectedVoice:
    """Take it off the list, until it is put back. Taking it off twice is once."""
    _locked(voice.framework)
    found = ExpectedVoice.objects.get(pk=voice.pk)
    if found.removed_at is None:
        found.removed_at, found.removed_by = at or timezone.now(), actor
        found.save(update_fields=["removed_at", "removed_by"])
        record(Act.VOICE_REMOVED, actor=actor, about=found)
    return found


@transaction.atomic
def restore_voice(voice: ExpectedVoice, *, actor: User) -> ExpectedVoice:
    """Put back what was taken off. Raises ExpectingRefused where it was added again meanwhile."""
    _locked(voice.framework)
    found = ExpectedVoice.objects.get(pk=voice.pk)
    if found.removed_at is not None:
        found.removed_at = found.removed_by = None
        _save(found)
        record(Act.VOICE_RESTORED, actor=actor, about=found)
    return found


def forget_addresses(*, at: datetime) -> int:
    """Forget the addresses of entries that were taken off some time ago; how many."""
    over = ExpectedVoice.objects.removed_before(at - ADDRESS_KEPT).with_address()
    return over.update(email="")


def as_written(voice: ExpectedVoice) -> Entry:
    """The entry as values."""
    names = (*_KEY, "organisation", "email")
    return Entry(**{name: getattr(voice, name) for name in names})


def linked_to(entry: Entry, organisation: Organisation | None) -> Entry:
    """The entry with its organisation, and what that says where the entry says nothing."""
    if organisation is None:
        return replace(entry, organisation=None)
    known = ("group", "school_level", "sector", "county")
    said = {name: getattr(entry, name) or getattr(organisation, name) for name in known}
    if said["group"] != organisation.group:
        said["school_level"] = entry.school_level
    return replace(entry, organisation=organisation, **said)


def decisions_of(draft: Draft) -> list[dict[str, Any]]:
    """Who is expected, as lines of a report's inputs: public, so without any address."""
    voices = draft.framework.expected_voices.listed().select_related("organisation").in_order()
    return [
        {
            **{name: getattr(voice, name) for name in _KEY},
            "organisation": str(voice.organisation.public_id) if voice.organisation else None,
        }
        for voice in voices
    ]


# What tells one entry from another.
_KEY = ("kind", "name", "group", "school_level", "sector", "county")


def _key(entry: ExpectedVoice | Entry) -> tuple[str, ...]:
    return tuple(getattr(entry, name) for name in _KEY)


def _locked(framework: Framework) -> Framework:
    """Acts on one list take turns; what hangs on the framework need not wait."""
    return Framework.objects.select_for_update(no_key=True).get(pk=framework.pk)


def _still_listed(voice: ExpectedVoice) -> ExpectedVoice:
    _locked(voice.framework)
    found = ExpectedVoice.objects.listed().filter(pk=voice.pk).first()
    if found is None:
        raise ExpectingRefused(_("It was taken off the list meanwhile. Put it back first."))
    return found


def _stored(row: ExpectedVoice, entry: Entry) -> ExpectedVoice:
    fields = asdict(replace(entry, organisation=None)) | {"organisation": entry.organisation}
    for name, value in fields.items():
        setattr(row, name, value)
    return _save(row)


def _save(row: ExpectedVoice) -> ExpectedVoice:
    """Raises ExpectingRefused with what is wrong in words."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise ExpectingRefused(" ".join(error.messages)) from error
    row.save()
    return row
