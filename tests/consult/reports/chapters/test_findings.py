"""Hot spots, wordings and questions as a report shows them."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.access import Visitor
from accounts.groups import StakeholderGroup
from accounts.models import User
from comments.models import Comment, Endorsement
from comments.moderating import hide
from comments.numbering import add_to_tally
from consult.document.difference import Stretch
from consult.document.models import Draft, Drafter, Provision, Window
from consult.reports import charts
from consult.reports.chapters.hot_spots import HotSpots
from consult.reports.chapters.questions import Questions
from consult.reports.chapters.wordings import AROUND, Wordings, around_changes
from consult.reports.figures import Ledger
from consult.reports.models import Report
from tests.cast import person, with_second_factor
from tests.consult.pages.test_reporting import Figures
from tests.consult.reports.comments import (
    a_comment,
    a_draft,
    a_person,
    an_organisation,
    endorse,
)
from tests.consult.reports.making import report_at

SHOWN = {"hot_spots": HotSpots, "wordings": Wordings, "questions": Questions}
TEXT = "技職教育肩負責任。學校要開放！產業應參與。"


@pytest.fixture
def draft(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    Provision.objects.filter(draft=draft).update(text=TEXT)
    return draft


@pytest.fixture
def asker(draft: Draft) -> User:
    user = with_second_factor(person("asker"))
    Drafter.objects.create(framework=draft.framework, user=user)
    return user


def on_words(comment: Comment, start: int, end: int) -> Comment:
    """The same comment, on these words."""
    Comment.objects.filter(pk=comment.pk).update(
        anchor_exact=TEXT[start:end], anchor_start=start, anchor_end=end
    )
    return comment


@pytest.fixture
def said(draft: Draft) -> Sequence[Comment]:
    """A little of everything."""
    ann, bob, chi = a_person("ann"), a_person("bob"), a_person("chi")
    school = an_organisation("大安高工", StakeholderGroup.SCHOOL)
    first = a_comment(
        draft,
        "壹-1",
        author=ann,
        proposed_text=TEXT.replace("開放", "<b>開放</b>"),
        stance="suggest",
    )
    other = a_comment(
        draft,
        "壹-1",
        author=bob,
        organisation=school,
        proposed_text=TEXT.replace("應參與", "應該要參與"),
        stance="suggest",
    )
    asked = a_comment(draft, "壹-2", author=chi, stance="question", body="經費<誰>負擔？")
    answered = a_comment(draft, "壹", author=chi, stance="question", body="何時開始？")
    a_comment(draft, "壹", author=a_person("dora"), as_drafter=True, parent=answered)
    endorse(other, "eve", "fay")
    endorse(asked, "eve")
    return [
        first,
        other,
        asked,
        answered,
        on_words(a_comment(draft, "壹-1", author=ann), 0, 3),
        on_words(a_comment(draft, "壹-1", author=bob, stance="oppose"), 8, 11),
        a_comment(draft, "貳-1", author=bob, organisation=school),
        a_comment(draft, "", author=bob, stance="question", body="整體呢？"),
    ]


def page(report: Report, name: str) -> str:
    found = (report.result or {})["chapters"][name]
    chapter = SHOWN[name](found, Ledger(report))
    return str(render_to_string(f"consult/_report_{name}.html", {"chapter": chapter}))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.usefixtures("said")
def test_every_number_opens_exactly_what_it_counts(
    draft: Draft, asker: User, client_for: Callable[[Visitor], Client], name: str
) -> None:
    figures = Figures(page(report_at(draft, asker), name)).found
    assert len(figures) > 3
    browser = client_for(asker)
    for counts, value, address in figures:
        listed = browser.get(address).content.decode()
        references = re.findall(r'class="permalink">(\w+)<', listed)
        stated = Figures(listed).stated | {
            "endorsements": Endorsement.objects.filter(comment__reference__in=references).count()
        }
        assert stated[counts] == value, unquote(address)


def test_words_that_are_gone_are_gone(
    draft: Draft, asker: User, said: Sequence[Comment], moderator: User
) -> None:
    report = report_at(draft, asker)
    assert "經費&lt;誰&gt;負擔" in page(report, "questions")
    assert "&lt;b&gt;" in page(report, "wordings")
    for comment in said[:3]:
        add_to_tally(comment.thread, group=comment.group, stance=comment.stance, by=1)
        hide(comment, moderator=moderator, rule="attack")
    for name, words in (("questions", "負擔"), ("wordings", "&lt;b&gt;")):
        shown = page(Report.objects.get(pk=report.pk), name)
        assert words not in shown
        assert "gone" in shown


@pytest.mark.usefixtures("said")
def test_a_text_that_was_withdrawn_is_not_shown(draft: Draft, asker: User) -> None:
    report = report_at(draft, asker)
    assert "產業應參與" in page(report, "hot_spots")
    Window.objects.filter(section__ref="壹").update(withdrawn_at=timezone.now())
    for name in ("hot_spots", "wordings"):
        shown = page(Report.objects.get(pk=report.pk), name)
        # Of 壹 alone: the same words stand in 貳.
        assert "壹-1" not in shown or name == "wordings"
        assert "<ins>" not in shown
    chapter = HotSpots(
        (report.result or {})["chapters"]["hot_spots"], Ledger(Report.objects.get(pk=report.pk))
    )
    assert chapter.not_shown == 2
    assert chapter.sections[0].heading.startswith("壹")
    assert not chapter.sections[0].runs


@pytest.mark.usefixtures("said")
def test_the_text_stands_there_whole(draft: Draft, asker: User) -> None:
    report = report_at(draft, asker)
    chapter = HotSpots((report.result or {})["chapters"]["hot_spots"], Ledger(report))
    provisions = [
        provision
        for section in chapter.sections
        for run in section.runs
        for provision in run.provisions
    ]
    assert [provision.ref for provision in provisions] == ["壹-1", "壹-2", "貳-1", "貳-2"]
    for provision in provisions:
        assert "".join(each.text for each in provision.sentences) == TEXT
    first = provisions[0]
    assert [each.heat for each in first.sentences if each.figure] == [3, 1]
    assert chapter.sections[0].runs[0].is_quiet is False
    # Nothing was said on the section's second: it is folded.
    assert provisions[3].is_quiet


@pytest.mark.usefixtures("said")
def test_chapters_ask_nothing_of_the_comments(
    draft: Draft, asker: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = Report.objects.select_related("draft").get(pk=report_at(draft, asker).pk)
    ledger = Ledger(report)
    with django_assert_max_num_queries(2) as queries:
        for name, kind in SHOWN.items():
            chapter = kind((report.result or {})["chapters"][name], ledger)
            render_to_string(f"consult/_report_{name}.html", {"chapter": chapter})
    assert not [query for query in queries.captured_queries if "comments_comment" in query["sql"]]


@pytest.mark.parametrize("name", SHOWN)
def test_a_chapter_of_nothing_is_a_chapter_too(draft: Draft, asker: User, name: str) -> None:
    shown = page(report_at(draft, asker), name)
    assert "<h2" in shown
    assert "<ol" not in shown


def a_chapter(*numbers: int) -> HotSpots:
    rows = [{"comments": number} for number in numbers]
    return HotSpots({"provisions": [{"sentences": rows}]}, Ledger(Report()))


@given(st.integers(0, 300))
def test_the_legend_says_what_the_tints_say(highest: int) -> None:
    steps = a_chapter(highest).steps
    for number in range(1, highest + 1):
        heat = charts.heat(number, highest=highest)
        assert [step.heat for step in steps if step.least <= number <= step.most] == [heat]


STRETCHES = st.lists(
    st.builds(
        Stretch,
        st.sampled_from(["same", "deleted", "inserted"]),
        st.text(min_size=1, max_size=200),
    ),
    max_size=6,
)


@given(STRETCHES)
def test_of_a_difference_only_what_stays_is_left_out(stretches: Sequence[Stretch]) -> None:
    shown = list(around_changes(stretches))
    assert [each.kind for each in shown] == [each.kind for each in stretches]
    for before, after in zip(stretches, shown, strict=True):
        if before.kind != "same":
            assert before == after
        else:
            assert len(after.text) <= min(len(before.text), 2 * AROUND + 3)
            assert after.text == before.text or " … " in after.text
