"""Columns that several sheets have: one meaning wherever the name stands."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from comments.models import Comment
from consult.reports.exporting.sheet import Column, Kind

KINDS: Mapping[Kind, Promise] = {
    Kind.TEXT: _("any text"),
    Kind.NUMBER: _("a number"),
    Kind.DAY: _("day, ISO 8601"),
    Kind.MOMENT: _("moment, ISO 8601 in UTC"),
    Kind.FLAG: _("true or false"),
    Kind.CHOICE: _("one of a list"),
    Kind.LINK: _("web address"),
}
COMMENT, PERSON, BODY = _("comments"), _("people"), _("organisations")


def choices_of(choices: Iterable[tuple[str, str | Promise]]) -> dict[str, str | Promise]:
    """What a column may hold; an empty value has no name."""
    return {value: label for value, label in choices if value}


GROUPS = choices_of(StakeholderGroup.choices)
STANCES = choices_of(Comment.Stance.choices)
LINK_TO_COMMENTS = Column(
    "address",
    Kind.LINK,
    _("Address"),
    _("Where the counted comments are listed, exactly these."),
    example="https://example.org/reports/…/comments/?group=school",
    width=40,
)
SECTION_COLUMN = Column(
    "section",
    Kind.TEXT,
    _("Section"),
    _("The section's reference; empty for the draft as a whole."),
    example="肆-一",
)
HEADING_COLUMN = Column(
    "heading",
    Kind.TEXT,
    _("Heading"),
    _("The section's heading."),
    example="肆、發展重點",
    width=32,
)
GROUP_COLUMN = Column(
    "group",
    Kind.CHOICE,
    _("Stakeholder group"),
    _("For whom the comment was made, as it was when it was posted."),
    example="school",
    choices=GROUPS,
)
STANCE_COLUMN = Column(
    "stance",
    Kind.CHOICE,
    _("Stance"),
    _("How the comment stands to the text, as its author chose."),
    example="suggest",
    choices=STANCES,
)
MEASURES = (
    Column(
        "comments",
        Kind.NUMBER,
        _("Comments"),
        _("How many comments. What drafters said as such isn't counted. Not votes."),
        COMMENT,
        "38",
        width=10,
    ),
    Column(
        "authors",
        Kind.NUMBER,
        _("People"),
        _("How many different people wrote them; such numbers don't add up."),
        PERSON,
        "31",
        width=10,
    ),
    Column(
        "organisations",
        Kind.NUMBER,
        _("Organisations"),
        _("In the name of how many different organisations; such numbers don't add up."),
        BODY,
        "7",
        width=10,
    ),
    Column(
        "endorsements",
        Kind.NUMBER,
        _("Endorsements"),
        _("How often these comments were endorsed up to the cutoff."),
        _("endorsements"),
        "112",
        width=10,
    ),
    Column(
        "wordings",
        Kind.NUMBER,
        _("Proposed wordings"),
        _("How many of these comments propose another wording."),
        COMMENT,
        "5",
        width=10,
    ),
)
