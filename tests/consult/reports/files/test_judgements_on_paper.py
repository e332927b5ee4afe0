"""Conflicts and groups of opinion stand in the document, with who is for and who against."""

from django.utils import translation

from accounts.groups import StakeholderGroup
from accounts.models import User
from consult.document.models import Draft
from consult.reports.access import Reading
from consult.reports.contexts import ReportContext
from consult.reports.exporting.paper import Heading, Table
from consult.reports.files.report_paper import report_paper
from consult.reports.models import Report
from tests.consult.reports.comments import a_comment, a_person, an_organisation, endorse
from tests.consult.reports.making import report_at


def text_of(report: Report) -> str:
    with translation.override("en"):
        return report_paper(ReportContext(Reading(report, by_drafter=True))).text


def test_who_is_for_and_who_against_stands_beside_the_words(commented: Draft, asker: User) -> None:
    school = an_organisation("大安高工", StakeholderGroup.SCHOOL)
    guild = an_organisation("機械公會", StakeholderGroup.ASSOCIATION)
    for number in range(8):
        for organisation, stance in ((school, "support"), (guild, "oppose")):
            a_comment(
                commented,
                "貳-2",
                author=a_person(f"{stance}{number}"),
                organisation=organisation,
                stance=stance,
                body=f"{stance} 第 {number} 則",
            )
    report = report_at(commented, asker)
    assert "Where groups disagree\n" in text_of(report)
    assert "School / Industry association" in text_of(report)
    paper = report_paper(ReportContext(Reading(report, by_drafter=True)))
    place = next(
        number
        for number, block in enumerate(paper.blocks)
        if isinstance(block, Heading) and block.text.startswith("貳-2　") and block.level == 3
    )
    table = next(block for block in paper.blocks[place:] if isinstance(block, Table))
    numbers = [[cell.paragraphs[0].text for cell in row[1:]] for row in table.rows]
    assert ["8", "0"] in numbers
    assert ["0", "8"] in numbers


def test_groups_of_opinion_stand_with_what_they_share(commented: Draft, asker: User) -> None:
    """One half endorses what the other opposes, and all like the last."""
    names = [f"{half}{number}" for half in "pq" for number in range(8)]
    for number in range(6):
        mine, theirs = (names[:8], names[8:]) if number % 2 else (names[8:], names[:8])
        comment = a_comment(commented, "貳-1", author=a_person(mine[0]), stance="other")
        endorse(comment, *mine[1:])
        for name in theirs:
            a_comment(commented, "貳-1", author=a_person(name), stance="oppose", parent=comment)
    liked = a_comment(commented, "貳-2", author=a_person(names[0]), stance="other", body="大家都要")
    endorse(liked, *names[1:])
    report = report_at(commented, asker)
    assert (report.result or {})["chapters"]["opinions"]["groups"]
    text = text_of(report)
    assert "Group of opinion\nPeople\nComments by them" in text
    shared = text.partition("What all groups share")[2].partition("What divides them")
    assert "大家都要" in shared[0]
    assert "Agree\nDisagree" in shared[2]
