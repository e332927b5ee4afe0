"""The sheets of conflicts and groups of opinion: who is for and who against what, a row each."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consult.reports.chapters.conflicts import Conflicts
from consult.reports.chapters.opinions import OpinionGroup, Opinions, Statement
from consult.reports.chapters.sides import People
from consult.reports.contexts import ReportContext
from consult.reports.exporting.sheet import Column, Kind, Layout, Row
from consult.reports.files.columns import (
    GROUP_COLUMN,
    HEADING_COLUMN,
    LINK_TO_COMMENTS,
    MEASURES,
    PERSON,
    choices_of,
)
from consult.reports.printing import absolute

COMMENTS = MEASURES[0]
SIDE_TAKEN = choices_of((("agree", _("Agree")), ("disagree", _("Disagree"))))
PLACE = Column(
    "provision",
    Kind.TEXT,
    _("Provision"),
    _("The provision's reference; empty for a comment, a whole section and the whole draft."),
    example="肆-一-2",
    width=12,
)
OPINION_GROUP = Column(
    "opinion_group",
    Kind.TEXT,
    _("Group of opinion"),
    _("The letter of people who judge alike."),
    example="A",
    width=10,
)


def _people(name: str, heading: Promise, meaning: Promise, example: str) -> Column:
    return Column(name, Kind.NUMBER, heading, meaning, PERSON, example, width=10)


def _link(name: str, heading: Promise, meaning: Promise, within: str) -> Column:
    example = f"https://example.org/reports/…/comments/?within={within}"
    return Column(name, Kind.LINK, heading, meaning, example=example, width=40)


CONFLICTS = Layout(
    "conflicts",
    _("Where groups disagree"),
    _("One stakeholder group on one piece of the text a row, the surest disagreement first."),
    (
        PLACE,
        HEADING_COLUMN,
        GROUP_COLUMN,
        _people("support", _("Support"), _("People of the group who are for it."), "12"),
        _people("oppose", _("Oppose"), _("People of the group who are against it."), "3"),
        Column(
            "apart_from",
            Kind.CHOICE,
            _("Furthest from"),
            _("The group it disagrees with most surely; empty for groups between these two."),
            example="association",
            choices=GROUP_COLUMN.choices,
        ),
        Column(
            "apart",
            Kind.NUMBER,
            _("Apart"),
            _("How far the two groups' shares of support are apart; the same in each row of it."),
            _("percentage points"),
            "64",
            width=10,
        ),
        Column(
            "at_least",
            Kind.NUMBER,
            _("At least"),
            _(
                "How far they are apart at least, with a confidence of 95 percent; 0 where it may"
                " be chance."
            ),
            _("percentage points"),
            "31",
            width=10,
        ),
        _link(
            "support_address",
            _("Address of support"),
            _("Where the comments in which they are for it are listed."),
            "conflicts/…/support",
        ),
        _link(
            "oppose_address",
            _("Address of opposition"),
            _("Where the comments in which they are against it are listed."),
            "conflicts/…/oppose",
        ),
    ),
)
OPINION_GROUPS = Layout(
    "opinion_groups",
    _("Groups of opinion"),
    _("One group of opinion a row, then each stakeholder group in it."),
    (
        OPINION_GROUP,
        Column(
            "group",
            Kind.CHOICE,
            _("Stakeholder group"),
            _("For whom its people spoke most often; empty for all of them."),
            example="school",
            choices=GROUP_COLUMN.choices,
        ),
        _people("people", _("People"), _("How many people are in it."), "31"),
        Column(
            "comments",
            Kind.NUMBER,
            _("Comments"),
            _("How many comments they wrote, for that stakeholder group where one is named."),
            COMMENTS.unit,
            "38",
            width=10,
        ),
        LINK_TO_COMMENTS,
    ),
)
OPINIONS = Layout(
    "opinions",
    _("What groups of opinion share"),
    _("One statement and one group of opinion a row: all statements that the report shows."),
    (
        Column(
            "reference",
            Kind.TEXT,
            _("Receipt number"),
            _("The comment that was judged; empty for a piece of the text, and for hidden words."),
            example="K7XQ2M9A",
            width=12,
        ),
        PLACE,
        HEADING_COLUMN,
        Column(
            "shared",
            Kind.CHOICE,
            _("Shared by all"),
            _("The side that all groups take; empty where they don't."),
            example="agree",
            choices=SIDE_TAKEN,
        ),
        Column(
            "divides",
            Kind.FLAG,
            _("Divides them"),
            _("Whether it is one of those that divide the groups most."),
            example="true",
            width=10,
        ),
        OPINION_GROUP,
        Column(
            "typical",
            Kind.CHOICE,
            _("Typical of the group"),
            _("The side that tells this group from the others; empty where it doesn't."),
            example="disagree",
            choices=SIDE_TAKEN,
        ),
        _people("agree", _("Agree"), _("People of the group who agree with it."), "12"),
        _people("disagree", _("Disagree"), _("People of the group who disagree with it."), "3"),
        _people("passed", _("Passed"), _("Those who judged it and took no side."), "1"),
        _link(
            "agree_address",
            _("Address of agreement"),
            _("Where those who agree said or endorsed it."),
            "opinions/A/…/agree",
        ),
        _link(
            "disagree_address",
            _("Address of disagreement"),
            _("Where those who disagree said or endorsed it."),
            "opinions/A/…/disagree",
        ),
    ),
)


def conflicts_rows(page: ReportContext) -> Iterator[Row]:
    """The sure ones first; of each, the group most for it first."""
    chapter: Conflicts | None = page.content_of("conflicts")
    for clash in (*chapter.sure, *chapter.unsure) if chapter else ():
        other = {
            clash.for_group: clash.against_group,
            clash.against_group: clash.for_group,
        }
        for row in clash.rows:
            yield (
                clash.place.ref,
                clash.place.heading,
                row.key,
                row.for_it.value,
                row.against.value,
                other.get(row.key, ""),
                clash.apart,
                clash.at_least,
                _address(row.for_it),
                _address(row.against),
            )


def opinion_groups_rows(page: ReportContext) -> Iterator[Row]:
    """In the order of their letters."""
    chapter: Opinions | None = page.content_of("opinions")
    for group in chapter.groups if chapter else ():
        comments = group.comments
        address = absolute(comments.address) if comments.value else ""
        yield group.key, "", group.people.value, comments.value, address
        for share in group.shares:
            if share.people.value or share.comments:
                people = share.people
                yield group.key, share.key, people.value, share.comments, _address(people)


def opinions_rows(page: ReportContext) -> Iterator[Row]:
    """What all share first, then what divides them, then what is typical of one."""
    chapter: Opinions | None = page.content_of("opinions")
    if not chapter or not chapter.groups:
        return
    shared = {each.statement.name: _side(agrees=each.agrees) for each in chapter.shared}
    divide = {each.name for each in chapter.dividing}
    for statement in _in_order(chapter):
        for group, row in zip(chapter.groups, statement.rows, strict=True):
            yield (
                *_what(statement),
                shared.get(statement.name, ""),
                statement.name in divide,
                group.key,
                _typical(group, statement),
                row.for_it.value,
                row.against.value,
                row.passed.value if row.passed else 0,
                _address(row.for_it),
                _address(row.against),
            )


def _in_order(chapter: Opinions) -> list[Statement]:
    """Each once."""
    shared = [each.statement for each in chapter.shared]
    typical = [each.statement for group in chapter.groups for each in group.typical]
    return list({each.name: each for each in (*shared, *chapter.dividing, *typical)}.values())


def _what(statement: Statement) -> tuple[str, str, str]:
    place, quote = statement.place, statement.quote
    return (
        quote.reference if quote else "",
        place.ref if place else "",
        place.heading if place else "",
    )


def _typical(group: OpinionGroup, statement: Statement) -> str:
    sides = (each for each in group.typical if each.statement.name == statement.name)
    return next((_side(agrees=each.agrees) for each in sides), "")


def _side(*, agrees: bool) -> str:
    return "agree" if agrees else "disagree"


def _address(people: People) -> str:
    """Nobody's comments lead nowhere, nor those of people who only endorsed."""
    return absolute(people.address) if people.value and people.address else ""
