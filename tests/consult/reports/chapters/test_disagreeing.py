"""Groups of opinion and conflicts as a report shows them."""

import re
from collections.abc import Callable, Sequence

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.access import Visitor
from accounts.groups import StakeholderGroup
from accounts.models import User
from comments.models import Comment, Endorsement
from comments.moderating import hide
from comments.numbering import add_to_tally
from consult.document.models import Draft, Drafter
from consult.reports.chapters.conflicts import Conflicts
from consult.reports.chapters.opinions import Opinions
from consult.reports.figures import Ledger
from consult.reports.models import Report
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import (
    a_comment,
    a_draft,
    a_person,
    an_organisation,
    endorse,
)
from tests.consult.reports.making import report_at

SHOWN = {"opinions": Opinions, "conflicts": Conflicts}
NAMES = [f"{letter}{number}" for letter in "pq" for number in range(8)]
# A cell of who is for and against: the group is the row's, the number and its address the cell's.
CELL = re.compile(r'<td class="number[^"]*"><a class="figure" href="([^"]+)">([\d,]+)</a></td>')


@pytest.fixture
def draft(db: None) -> Draft:  # noqa: ARG001 - the database
    return a_draft()


@pytest.fixture
def asker(draft: Draft) -> User:
    user = with_second_factor(person("asker"))
    Drafter.objects.create(framework=draft.framework, user=user)
    return user


@pytest.fixture
def said(draft: Draft) -> Sequence[Comment]:
    """Schools (p) endorse what the public (q) opposes, and the other way round; all like the last.

    On one provision, schools are for it and the public is against it.
    """
    school = an_organisation("大安高工", StakeholderGroup.SCHOOL)
    found = []
    for number in range(6):
        mine, theirs = (NAMES[:8], NAMES[8:]) if number % 2 else (NAMES[8:], NAMES[:8])
        comment = a_comment(
            draft, "貳-1", author=a_person(mine[0]), stance="other", body=f"<i>意見</i>{number}"
        )
        endorse(comment, *mine[1:])
        for name in theirs:
            a_comment(draft, "貳-1", author=a_person(name), stance="oppose", parent=comment)
        found.append(comment)
    liked = a_comment(draft, "貳-2", author=a_person(NAMES[0]), stance="other", body="大家都要")
    endorse(liked, *NAMES[1:])
    for name in NAMES[:8]:
        a_comment(draft, "壹-1", author=a_person(name), organisation=school, body="學校贊成")
    for name in NAMES[8:]:
        a_comment(draft, "壹-1", author=a_person(name), stance="oppose", body="不該如此")
    a_comment(draft, "壹", author=a_person("x"), stance="oppose")
    return [*found, liked]


def page(report: Report, name: str) -> str:
    found = (report.result or {})["chapters"][name]
    chapter = SHOWN[name](found, Ledger(report))
    return str(render_to_string(f"consult/_report_{name}.html", {"chapter": chapter}))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.usefixtures("said")
def test_every_number_of_people_opens_what_they_said(
    draft: Draft, asker: User, client_for: Callable[[Visitor], Client], name: str
) -> None:
    cells = CELL.findall(page(report_at(draft, asker), name))
    assert len(cells) > 1
    browser = client_for(asker)
    for address, number in cells:
        listed = browser.get(address.replace("&amp;", "&")).content.decode()
        references = re.findall(r'class="permalink">(\w+)<', listed)
        assert references
        people = set(
            Comment.objects.filter(reference__in=references).values_list("author", flat=True)
        ) | set(
            Endorsement.objects.filter(comment__reference__in=references).values_list(
                "user", flat=True
            )
        )
        assert len(people) >= int(number)


def test_groups_of_opinion_are_drawn_and_told(
    draft: Draft, asker: User, said: Sequence[Comment]
) -> None:
    drawn = page(report_at(draft, asker), "opinions")
    assert drawn.count('<use href="#opinion-A" transform') == 1
    assert drawn.count('<use href="#opinion-B" transform') == 1
    assert "&lt;i&gt;意見" in drawn
    assert "大家都要" in drawn
    assert said[0].reference in drawn
    # Nobody stands on the map by name.
    assert "p3" not in drawn


def test_conflicts_say_who_is_on_which_side(
    draft: Draft,
    asker: User,
    said: Sequence[Comment],  # noqa: ARG001
) -> None:
    drawn = page(report_at(draft, asker), "conflicts")
    assert "學校贊成" in drawn
    assert "不該如此" in drawn
    assert "壹-1" in drawn
    assert CELL.findall(drawn)[0][1] == "8"


def test_words_that_are_gone_are_gone(
    draft: Draft, asker: User, said: Sequence[Comment], moderator: User
) -> None:
    report = report_at(draft, asker)
    liked = said[-1]
    add_to_tally(liked.thread, group=liked.group, stance=liked.stance, by=1)
    hide(liked, moderator=moderator, rule="attack")
    assert "大家都要" not in page(report, "opinions")


@pytest.mark.usefixtures("said")
def test_no_query_a_statement(
    draft: Draft, asker: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = report_at(draft, asker)
    for name in SHOWN:
        fresh = Report.objects.select_related("draft__framework").get(pk=report.pk)
        with django_assert_max_num_queries(3):
            page(fresh, name)


def test_with_nothing_said_each_says_so(draft: Draft, asker: User) -> None:
    report = report_at(draft, asker)
    for name in SHOWN:
        drawn = page(report, name)
        assert "<table" not in drawn
        assert "<svg" not in drawn
