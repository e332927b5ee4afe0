"""Who of those expected has spoken on a draft as of now, on what, and who has not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Organisation
from comments.models import Comment, CommentQuerySet
from consult.document.models import Draft, Framework, Section
from consult.reports.models import ExpectedVoice
from consult.reports.models.expected import FIELD_OF_KIND, ExpectedVoiceQuerySet

Kind = ExpectedVoice.Kind


@dataclass(frozen=True)
class Standing:
    """What one who was expected has said so far; `not_on` are chapters they said nothing on."""

    voice: ExpectedVoice
    comments: int
    not_on: Sequence[Section]

    @property
    def is_silent(self) -> bool:
        return not self.comments


@dataclass
class _Counts:
    """How many comments, by the section's key; None is the draft as a whole."""

    by_organisation: dict[int, Counter[int | None]] = field(default_factory=dict)
    by_kind: dict[tuple[str, str], Counter[int | None]] = field(default_factory=dict)

    def add(self, kind: str, name: str, section: int | None, count: int) -> None:
        self.by_kind.setdefault((kind, name), Counter())[section] += count


def draft_in_question(framework: Framework, *, at: datetime) -> Draft | None:
    """The newest draft of which text is shown; where none is, the newest; None without any."""
    drafts = framework.drafts.newest_first()
    return drafts.readable(at=at).first() or drafts.first()


def silent_invitees(draft: Draft) -> ExpectedVoiceQuerySet:
    """The invited organisations in whose name nothing was said on the draft."""
    said = stakeholders_comments(draft).filter(organisation=OuterRef("organisation"))
    invited = draft.framework.expected_voices.listed().organisations()
    return invited.exclude(Exists(said))


def invited_and_silent(draft: Draft) -> tuple[int, int]:
    """How many organisations are invited, and how many of them have said nothing on the draft."""
    said = stakeholders_comments(draft).filter(organisation=OuterRef("organisation"))
    invited = draft.framework.expected_voices.listed().organisations()
    counts = invited.annotate(has_spoken=Exists(said)).aggregate(
        invited=Count("pk"), silent=Count("pk", filter=Q(has_spoken=False))
    )
    return counts["invited"], counts["silent"]


def has_spoken(voice: ExpectedVoice, draft: Draft) -> bool:
    """Whether something was said on the draft in the invited organisation's name."""
    if voice.organisation_id is None:
        return False
    return stakeholders_comments(draft).filter(organisation=voice.organisation_id).exists()


def standings_on(draft: Draft, *, at: datetime) -> list[Standing]:
    """Everyone on the list with what they have said, in a fixed number of queries."""
    voices = list(
        draft.framework.expected_voices.listed().select_related("organisation").in_order()
    )
    sections = list(draft.sections.select_related("window").in_reading_order())
    tops = _tops(sections)
    asked = _asked(sections, tops, readable=set(_readable(draft, at=at)))
    counts = _counts(draft, voices)
    return [_standing(voice, counts, tops, asked) for voice in voices]


def sector_lines(draft: Draft) -> list[dict[str, str]]:
    """The sectors of organisations that have spoken on the draft, as lines of a report's inputs.

    Comments carry no sector of their own.
    """
    said = stakeholders_comments(draft).filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(Exists(said)).exclude(sector="").order_by("public_id")
    return [
        {"organisation": str(public_id), "sector": sector}
        for public_id, sector in rows.values_list("public_id", "sector")
    ]


def stakeholders_comments(draft: Draft) -> CommentQuerySet:
    """What was said on the draft by others than its drafters."""
    return Comment.objects.shown().filter(thread__draft=draft, as_drafter=False)


def _readable(draft: Draft, *, at: datetime) -> Iterable[int]:
    return Section.objects.readable(at=at).filter(draft=draft).values_list("pk", flat=True)


def _tops(sections: Sequence[Section]) -> Mapping[int, Section]:
    """Of each section, by its key, the one of the first depth that it stands in."""
    tops: dict[int, Section] = {}
    top: Section | None = None
    for section in sections:
        if top is None or section.depth == 0:
            top = section
        tops[section.pk] = top
    return tops


def _asked(
    sections: Sequence[Section], tops: Mapping[int, Section], *, readable: set[int]
) -> list[Section]:
    """The chapters of which something can, or could, be commented on."""
    return list(dict.fromkeys(tops[each.pk] for each in sections if each.pk in readable))


def _counts(draft: Draft, voices: Sequence[ExpectedVoice]) -> _Counts:
    counts = _Counts()
    said = stakeholders_comments(draft)
    if any(voice.kind == Kind.GROUP for voice in voices):
        for group, section, count in said.values_list("group", "thread__section_id").annotate(
            total=Count("pk")
        ):
            counts.add(Kind.GROUP, group, section, count)
    rows = list(
        said.exclude(organisation=None)
        .values_list("organisation_id", "school_level", "thread__section_id")
        .annotate(total=Count("pk"))
    )
    speakers = Organisation.objects.filter(pk__in={row[0] for row in rows})
    places = {row[0]: row[1:] for row in speakers.values_list("pk", "county", "sector")}
    for organisation, level, section, count in rows:
        county, sector = places[organisation]
        counts.by_organisation.setdefault(organisation, Counter())[section] += count
        for kind, name in ((Kind.LEVEL, level), (Kind.COUNTY, county), (Kind.SECTOR, sector)):
            counts.add(kind, name, section, count)
    return counts


def _standing(
    voice: ExpectedVoice, counts: _Counts, tops: Mapping[int, Section], asked: Sequence[Section]
) -> Standing:
    if voice.is_organisation:
        said = counts.by_organisation.get(voice.organisation_id or 0, Counter())
    else:
        name = getattr(voice, FIELD_OF_KIND[voice.kind])
        said = counts.by_kind.get((voice.kind, name), Counter())
    spoken_on = {tops[section].pk for section in said if section is not None}
    return Standing(
        voice=voice,
        comments=said.total(),
        not_on=tuple(section for section in asked if section.pk not in spoken_on),
    )
