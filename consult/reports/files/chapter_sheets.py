"""The sheets of the chapters: what each found, a row each, with where its comments are listed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.reports.canonical import moment
from consult.reports.chapters.backing import Backing
from consult.reports.contexts import ReportContext
from consult.reports.exporting.sheet import Column, Kind, Layout, Row
from consult.reports.files.columns import (
    COMMENT,
    HEADING_COLUMN,
    LINK_TO_COMMENTS,
    MEASURES,
    SECTION_COLUMN,
)
from consult.reports.printing import absolute
from consult.reports.replaying import default_name

COMMENTS, PEOPLE, ORGANISATIONS, ENDORSEMENTS = MEASURES[:4]
PROVISION = Column(
    "provision",
    Kind.TEXT,
    _("Provision"),
    _("The provision's reference; empty where the comment is on the whole section."),
    example="肆-一-2",
    width=12,
)
REFERENCE = Column(
    "reference",
    Kind.TEXT,
    _("Receipt number"),
    _("The comment that speaks for it; the sheet of comments has its words."),
    example="K7XQ2M9A",
    width=12,
)
VARIANTS = Column(
    "variants",
    Kind.NUMBER,
    _("Variants"),
    _("How many different texts were taken for the same."),
    _("texts"),
    "2",
    width=10,
)
THEMES = Layout(
    "themes",
    _("Themes"),
    _("One theme a row: of all sections together first, then of each section."),
    (
        SECTION_COLUMN,
        Column("theme", Kind.TEXT, _("Theme"), _("Its name."), example="實習津貼", width=28),
        Column(
            "is_named",
            Kind.FLAG,
            _("Named by a person"),
            _("Whether a drafter named it, or its keywords do."),
            example="true",
            width=10,
        ),
        Column(
            "keywords",
            Kind.TEXT,
            _("Keywords"),
            _("The terms that tell it from other themes, separated by semicolons."),
            example="實習; 津貼; 工時",
            width=40,
        ),
        COMMENTS,
        PEOPLE,
        LINK_TO_COMMENTS,
    ),
)
HOT_SPOTS = Layout(
    "hot_spots",
    _("Hot spots"),
    _("One of the most commented sentences of the text a row, replies counted, too."),
    (
        PROVISION,
        Column(
            "sentence",
            Kind.NUMBER,
            _("Sentence"),
            _("The how manieth sentence of the provision it is."),
            _("position"),
            "2",
            width=10,
        ),
        Column(
            "text",
            Kind.TEXT,
            _("Text"),
            _("The sentence."),
            example="推動產學合作。",
            width=60,
        ),
        COMMENTS,
        PEOPLE,
        ORGANISATIONS,
        ENDORSEMENTS,
        LINK_TO_COMMENTS,
    ),
)
WORDINGS = Layout(
    "wordings",
    _("Proposed wordings"),
    _("One proposed wording a row, nearly equal ones together, as the report shows them."),
    (
        PROVISION,
        HEADING_COLUMN,
        REFERENCE,
        VARIANTS,
        COMMENTS,
        PEOPLE,
        ORGANISATIONS,
        ENDORSEMENTS,
        LINK_TO_COMMENTS,
    ),
)
QUESTIONS = Layout(
    "questions",
    _("Open questions"),
    _("One question a row that no drafter has answered, as the report shows them."),
    (
        PROVISION,
        HEADING_COLUMN,
        REFERENCE,
        COMMENTS,
        PEOPLE,
        ORGANISATIONS,
        ENDORSEMENTS,
        LINK_TO_COMMENTS,
    ),
)

CAMPAIGNS = Layout(
    "campaigns",
    _("Campaigns"),
    _("One group of near-identical comments a row: one text, and how many signed it."),
    (
        Column(
            "campaign",
            Kind.TEXT,
            _("Campaign"),
            _("Its key, which the sheet of comments names, too."),
            example="K7XQ2M9A",
            width=12,
        ),
        Column(
            "is_confirmed",
            Kind.FLAG,
            _("Confirmed"),
            _("Whether a moderator confirmed it, or the computer proposes it."),
            example="true",
            width=10,
        ),
        REFERENCE,
        Column(
            "sharing",
            Kind.NUMBER,
            _("With the very same text"),
            _("How many of its comments have the text that most of them share."),
            COMMENT,
            "96",
            width=10,
        ),
        VARIANTS,
        COMMENTS,
        PEOPLE,
        ORGANISATIONS,
        Column(
            "first",
            Kind.MOMENT,
            _("First (UTC)"),
            _("When the first of them was posted."),
            example="2026-11-23T06:05:00.000000Z",
            width=27,
        ),
        Column(
            "last",
            Kind.MOMENT,
            _("Last (UTC)"),
            _("When the last of them was posted."),
            example="2026-11-24T11:40:00.000000Z",
            width=27,
        ),
        LINK_TO_COMMENTS,
    ),
)
COVERAGE = Layout(
    "coverage",
    _("Who was expected"),
    _("One who was expected a row: an invited organisation, or a kind; zero has not spoken."),
    (
        Column("kind", Kind.TEXT, _("Kind"), _("What is expected."), example="組織", width=16),
        Column(
            "expected",
            Kind.TEXT,
            _("Who"),
            _("The organisation's name, or that of the kind."),
            example="臺灣機械工業同業公會",
            width=32,
        ),
        COMMENTS,
        Column(
            "not_on",
            Kind.TEXT,
            _("Nothing on"),
            _("The sections that they have not spoken on, separated by semicolons."),
            example="壹; 肆",
            width=24,
        ),
        LINK_TO_COMMENTS,
    ),
)
COORDINATION = Layout(
    "coordination",
    _("What concerns whom"),
    _("One responsible body a row, with how much was said that concerns it."),
    (
        Column("body", Kind.TEXT, _("Body"), _("The body's name."), example="勞動部", width=24),
        Column(
            "on_rows",
            Kind.NUMBER,
            _("On its rows"),
            _("Comments on its rows of the table of coordination."),
            COMMENT,
            "12",
            width=10,
        ),
        Column(
            "naming",
            Kind.NUMBER,
            _("That name it"),
            _("Comments that name it, wherever they are."),
            COMMENT,
            "31",
            width=10,
        ),
        Column(
            "questions",
            Kind.NUMBER,
            _("Open questions"),
            _("Questions that concern it and that no drafter has answered."),
            COMMENT,
            "4",
            width=10,
        ),
        Column(
            "address",
            Kind.LINK,
            _("Address"),
            _("Where the comments that name it are listed."),
            example="https://example.org/reports/…/comments/?within=…",
            width=40,
        ),
    ),
)


def _backed(backing: Backing) -> Iterator[int | str]:
    figures = (backing.comments, backing.authors, backing.organisations, backing.endorsements)
    yield from (figure.value for figure in figures)
    yield absolute(backing.comments.address)


def themes_rows(page: ReportContext) -> Iterator[Row]:
    """In the order in which the report shows them."""
    chapter = page.content_of("themes")
    for scope in (chapter.whole, *chapter.sections) if chapter else ():
        for theme in scope.themes:
            yield (
                scope.section,
                theme.name,
                theme.is_named,
                "; ".join(theme.keywords),
                theme.comments.value,
                theme.authors.value,
                absolute(theme.comments.address),
            )


def hot_spots_rows(page: ReportContext) -> Iterator[Row]:
    """The most commented first."""
    chapter = page.content_of("hot_spots")
    for spot in chapter.hottest if chapter else ():
        yield spot.provision, spot.number, spot.text, *_backed(spot.backing)


def wordings_rows(page: ReportContext) -> Iterator[Row]:
    """By provision, the one with the most people behind it first."""
    chapter = page.content_of("wordings")
    for provision in chapter.provisions if chapter else ():
        for wording in provision.shown:
            quote = wording.front.quote
            yield (
                provision.ref,
                provision.heading,
                quote.reference if quote else "",
                wording.versions,
                *_backed(wording.front.backing),
            )


def questions_rows(page: ReportContext) -> Iterator[Row]:
    """By place, what most people ask first."""
    chapter = page.content_of("questions")
    for place in chapter.places if chapter else ():
        for question in place.shown:
            reference = question.quote.reference if question.quote else ""
            yield place.ref, place.heading, reference, *_backed(question.backing)


def campaigns_rows(page: ReportContext) -> Iterator[Row]:
    """In the order in which the report shows them."""
    chapter = page.content_of("campaigns")
    for campaign in chapter.campaigns if chapter else ():
        yield (
            campaign.key,
            campaign.is_confirmed,
            campaign.shared.reference if campaign.shared else "",
            campaign.sharing,
            campaign.texts,
            campaign.comments.value,
            campaign.people.value,
            campaign.organisations.value,
            moment(campaign.first),
            moment(campaign.last),
            absolute(campaign.comments.address),
        )


def coverage_rows(page: ReportContext) -> Iterator[Row]:
    """Invited organisations first, then the kinds."""
    chapter = page.content_of("coverage")
    for each in (*chapter.organisations, *chapter.kinds) if chapter else ():
        # Nothing leads to what a stranger to the site might have said.
        address = absolute(each.figure.address) if each.figure.value else ""
        yield each.kind, each.title, each.figure.value, "; ".join(each.not_on), address


def coordination_rows(page: ReportContext) -> Iterator[Row]:
    """In the order of the table."""
    chapter = page.content_of("coordination")
    for body in chapter.bodies if chapter else ():
        figures = (body.on_rows, body.naming, body.questions)
        yield body.name, *(figure.value for figure in figures), absolute(body.naming.address)


def campaign_names(found: Mapping[str, Any]) -> Mapping[str, str]:
    """The campaigns' keys, by those of their sets."""
    return {f"campaigns/{each['key']}": each["key"] for each in found["campaigns"]}


def theme_names(found: Mapping[str, Any]) -> Mapping[str, str]:
    """What the themes of all sections are called, by the keys of their sets."""
    whole = found.get("", {})
    themes: Iterable[Mapping[str, Any]] = whole.get("themes", ())
    return {f"{whole['prefix']}/{theme['key']}": default_name(theme) for theme in themes}
