"""Read a list of who is expected, line by line: what each says, whom it is, and what is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, TextChoices, Value
from django.db.models.functions import Replace
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.business_numbers import normalised
from accounts.groups import SchoolLevel, StakeholderGroup
from accounts.models import Organisation
from accounts.places import County, Sector
from consult.document.models import Framework
from consult.reports.expected_rows import Row, alike, rows_of
from consult.reports.expecting import Entry, linked_to
from consult.reports.models import ExpectedVoice

Kind = ExpectedVoice.Kind
MOST_LINES = 2000
LONGEST_NAME = 120
CHOICES: Mapping[str, type[TextChoices]] = {
    "group": StakeholderGroup,
    "school_level": SchoolLevel,
    "sector": Sector,
    "county": County,
}
KIND_OF_FIELD = {
    "group": Kind.GROUP,
    "school_level": Kind.LEVEL,
    "sector": Kind.SECTOR,
    "county": Kind.COUNTY,
}


class ListTooLong(Exception):
    """More lines than are taken at once."""


class _Wrong(Exception):
    """A line can't be taken; the message says why."""


@dataclass(frozen=True)
class ReadLine:
    """One line of the list as it was read.

    `entry` is what it would put on the list; None where `problem` says why it puts nothing.
    `candidates` are organisations of this site that it may be, where that isn't sure.
    """

    line: int
    words: str
    entry: Entry | None
    problem: str = ""
    candidates: Sequence[Organisation] = ()


def read_list(
    text: str, *, framework: Framework, chosen: Mapping[int, Organisation] | None = None
) -> list[ReadLine]:
    """What each line of the list says. Raises ListTooLong.

    An organisation is found by its name or its business number, where these lead to one that is
    verified; `chosen` says which of the candidates the one on a line is.
    """
    rows = rows_of(text)
    if len(rows) > MOST_LINES:
        raise ListTooLong
    words = _vocabulary()
    matches = _Matches.of(rows)
    read = [_read(row, words, matches, chosen or {}) for row in rows]
    return list(_without_doubles(read, framework))


def _read(
    row: Row,
    words: Mapping[str, Mapping[str, str]],
    matches: "_Matches",
    chosen: Mapping[int, Organisation],
) -> ReadLine:
    said = " · ".join(row.cells.values())
    try:
        entry = _entry(row, words)
    except _Wrong as wrong:
        return ReadLine(row.line, said, None, problem=str(wrong))
    if entry.kind != Kind.ORGANISATION:
        return ReadLine(row.line, said, entry)
    organisation, candidates = matches.whom(row, entry.group)
    picked = chosen.get(row.line)
    if picked is not None and picked in candidates:
        organisation, candidates = picked, []
    return ReadLine(row.line, said, linked_to(entry, organisation), candidates=candidates)


def _entry(row: Row, words: Mapping[str, Mapping[str, str]]) -> Entry:
    """Raises _Wrong."""
    if row.is_too_long:
        raise _Wrong(_("The line has more cells than the head of the list has columns."))
    values: dict[str, Any] = {
        field: _known(field, row.cells[field], words) for field in CHOICES if field in row.cells
    }
    name, email = row.cells.get("name", ""), row.cells.get("email", "")
    if len(name) > LONGEST_NAME:
        raise _Wrong(_("The name is longer than %(most)s characters.") % {"most": LONGEST_NAME})
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise _Wrong(_("“%(words)s” is no e-mail address.") % {"words": email}) from None
    if name:
        return replace(Entry(Kind.ORGANISATION, name=name, email=email), **values)
    if len(values) != 1 or email:
        raise _Wrong(_("The line has no name, and isn't one group, level, sector or county alone."))
    ((field, value),) = values.items()
    return replace(Entry(KIND_OF_FIELD[field]), **{str(field): value})


def _known(field: str, said: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """Raises _Wrong."""
    try:
        return words[field][alike(said)]
    except KeyError:
        labels = {
            "group": _("a stakeholder group"),
            "school_level": _("a school level"),
            "sector": _("a sector"),
            "county": _("a county or city"),
        }
        raise _Wrong(
            _("“%(words)s” is not known as %(what)s.") % {"words": said, "what": labels[field]}
        ) from None


def _vocabulary() -> Mapping[str, Mapping[str, str]]:
    """By field, the value that each name means: its key, or its label in any language."""
    words: dict[str, dict[str, str]] = {field: {} for field in CHOICES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for field, choices in CHOICES.items():
                for choice in choices:
                    words[field][alike(str(choice.label))] = choice.value
                    words[field][alike(choice.value)] = choice.value
    return words


@dataclass(frozen=True)
class _Matches:
    """The verified organisations that the list's names and numbers lead to."""

    by_name: Mapping[str, Sequence[Organisation]]
    by_number: Mapping[str, Sequence[Organisation]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "_Matches":
        rows = list(rows)
        names = {_plain(row.cells["name"]) for row in rows if "name" in row.cells}
        numbers = {_number(row) for row in rows} - {""}
        found = (
            Organisation.objects.verified(on=timezone.localdate())
            .annotate(plain_name=Replace("name", Value("台"), Value("臺")))
            .filter(Q(plain_name__in=names) | Q(business_number__in=numbers))
            .by_name()
        )
        by_name: dict[str, list[Organisation]] = {}
        by_number: dict[str, list[Organisation]] = {}
        for organisation in found:
            by_name.setdefault(_plain(organisation.name), []).append(organisation)
            if organisation.business_number:
                by_number.setdefault(organisation.business_number, []).append(organisation)
        return cls(by_name, by_number)

    def whom(self, row: Row, group: str) -> tuple[Organisation | None, list[Organisation]]:
        """The one that it surely is, or those that it may be."""
        named = list(self.by_name.get(_plain(row.cells["name"]), ()))
        numbered = list(self.by_number.get(_number(row), ()))
        if _number(row) and numbered:
            both = [each for each in named if each in numbered]
            found = both or [*numbered, *(each for each in named if each not in numbered)]
            is_sure = len(both) == 1
        else:
            found = [each for each in named if not group or each.group == group]
            is_sure = len(found) == 1
            found = found or named
        return (found[0], []) if is_sure else (None, found)


def _plain(name: str) -> str:
    return name.strip().replace("台", "臺")


def _number(row: Row) -> str:
    return normalised(row.cells.get("business_number", ""))


def _without_doubles(read: Iterable[ReadLine], framework: Framework) -> Iterable[ReadLine]:
    """The lines, with a problem for each that says what the list or an earlier line says."""
    listed = framework.expected_voices.listed()
    there = {_key(voice) for voice in listed}
    linked = {voice.organisation_id for voice in listed if voice.organisation_id}
    lines: dict[tuple[str, ...] | int, int] = {}
    for line in read:
        if line.entry is None:
            yield line
            continue
        keys: list[tuple[str, ...] | int] = [_key(line.entry)]
        if line.entry.organisation:
            keys.append(line.entry.organisation.pk)
        earlier = next((lines[key] for key in keys if key in lines), None)
        if any(key in there or key in linked for key in keys):
            yield replace(line, entry=None, candidates=(), problem=_("It is on the list already."))
        elif earlier is not None:
            said = _("It is the same as line %(line)s.") % {"line": earlier}
            yield replace(line, entry=None, candidates=(), problem=said)
        else:
            lines |= dict.fromkeys(keys, line.line)
            yield line


def _key(entry: Entry | ExpectedVoice) -> tuple[str, ...]:
    return (
        str(entry.kind),
        entry.name,
        entry.group,
        entry.school_level,
        entry.sector,
        entry.county,
    )
