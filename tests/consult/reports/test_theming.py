"""What drafters do with themes: it is checked, recorded, taken back, and kept by later reports."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditRecord, User
from consult.document.models import Draft
from consult.reports.models import Report, ReportSet, ThemeDecision
from consult.reports.replaying import Json, default_name
from consult.reports.theming import (
    MOST_MOVED,
    ThemesRefused,
    decisions_of,
    merge_themes,
    move_comments,
    rename_theme,
    split_theme,
    themes_in,
    undo_decision,
)
from tests.consult.reports.comments import CUTOFF, a_comment, a_draft, a_person
from tests.consult.reports.labelled import comments
from tests.consult.reports.making import report_at

LATER = CUTOFF + timedelta(days=1)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return list(comments(1, 120, of_nothing=0).texts)


@pytest.fixture
def draft(db: None, said: list[str]) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    for number, text in enumerate(said[:60]):
        a_comment(draft, "壹-1", author=a_person(f"p{number % 7}"), stance="other", body=text)
    return draft


@pytest.fixture
def report(draft: Draft, asker: User) -> Report:
    return report_at(draft, asker)


def first(report: Report, section: str = "") -> Json:
    return themes_in(report, section)[0]


def references(report: Report, key: str, scope: str = "all") -> set[str]:
    found = ReportSet.objects.filter(report=report, key=f"themes/{scope}/{key}").first()
    return set(found.references) if found else set()


def test_a_report_has_themes_of_all_and_of_each_section(report: Report) -> None:
    assert first(report)["comments"] == len(references(report, first(report)["key"]))
    of_section = first(report, "壹")
    assert of_section["comments"] == len(references(report, of_section["key"], "壹"))


def test_a_name_stands_in_the_next_report(draft: Draft, report: Report, asker: User) -> None:
    theme = first(report)
    rename_theme(report, section="", key=theme["key"], name="  實習 權益 ", by=asker)
    for number, text in enumerate(comments(2, 40, of_nothing=0).texts):
        author = a_person(f"q{number}")
        a_comment(draft, "壹-2", author=author, stance="other", body=text)
    later = report_at(draft, asker, cutoff=LATER)
    (named,) = [each for each in themes_in(later, "") if each["key"] == theme["key"]]
    assert named["name"] == "實習 權益"
    assert not any(each["name"] for each in themes_in(later, "壹"))
    assert references(report, theme["key"]) < references(later, theme["key"])


def test_every_act_is_recorded_and_can_be_taken_back(report: Report, asker: User) -> None:
    one, two, three = themes_in(report, "")[:3]
    decided = [
        rename_theme(report, section="", key=one["key"], name="甲", by=asker),
        merge_themes(report, section="", keys=[two["key"]], into=one["key"], by=asker),
        split_theme(
            report, section="", key=three["key"], terms=three["keywords"][:1], name="乙", by=asker
        ),
        move_comments(report, section="", references=three["quotes"][:1], into="", by=asker),
    ]
    assert [line["name"] for line in decisions_of(report.draft) if line["key"]]
    for decision in decided:
        undo_decision(report, key=decision.pk, by=asker)
    assert decisions_of(report.draft) == []
    records = AuditRecord.objects.filter(act=AuditRecord.Act.THEMES_CHANGED, actor=asker)
    assert records.count() == 8
    with pytest.raises(ThemesRefused):
        undo_decision(report, key=decided[0].pk, by=asker)


def test_undoing_one_act_leaves_the_others(report: Report, asker: User) -> None:
    one, two = themes_in(report, "")[:2]
    named = rename_theme(report, section="", key=one["key"], name="甲", by=asker)
    rename_theme(report, section="", key=two["key"], name="乙", by=asker)
    undo_decision(report, key=named.pk, by=asker)
    assert [line["name"] for line in decisions_of(report.draft)] == ["乙"]


def test_what_cannot_be_done_changes_nothing(report: Report, asker: User) -> None:
    one, two = themes_in(report, "")[:2]
    key, words = one["key"], one["keywords"]
    everyone = [f"{number:08d}" for number in range(MOST_MOVED + 1)]
    acts: tuple[Callable[[], ThemeDecision], ...] = (
        lambda: rename_theme(report, section="", key=key, name=" ", by=asker),
        lambda: rename_theme(report, section="", key=key, name="字" * 41, by=asker),
        lambda: rename_theme(report, section="", key=key, name=default_name(two), by=asker),
        lambda: rename_theme(report, section="", key="none", name="甲", by=asker),
        lambda: merge_themes(report, section="", keys=[key], into=key, by=asker),
        lambda: merge_themes(report, section="", keys=[key], into="none", by=asker),
        lambda: split_theme(report, section="", key=key, terms=[], name="甲", by=asker),
        lambda: split_theme(report, section="", key=key, terms=words, name="甲", by=asker),
        lambda: split_theme(report, section="", key=key, terms=["甲"], name="甲", by=asker),
        lambda: move_comments(report, section="", references=[], into=key, by=asker),
        lambda: move_comments(report, section="", references=["00000000"], into=key, by=asker),
        lambda: move_comments(report, section="", references=everyone, into=key, by=asker),
    )
    for act in acts:
        with pytest.raises(ThemesRefused):
            act()
    assert not ThemeDecision.objects.exists()


def test_what_was_split_off_can_be_named_at_once(report: Report, asker: User) -> None:
    theme = first(report)
    made = split_theme(
        report, section="", key=theme["key"], terms=theme["keywords"][:1], name="乙", by=asker
    )
    rename_theme(report, section="", key=made.payload["key"], name="丙", by=asker)
    assert {line["name"] for line in decisions_of(report.draft)} == {"丙", default_name(theme)}


def test_a_decision_is_undone_by_someone(report: Report, asker: User) -> None:
    decision = rename_theme(report, section="", key=first(report)["key"], name="甲", by=asker)
    decision.undone_at = timezone.now()
    with pytest.raises(Exception, match="theme_decision_undone_by_someone"):
        decision.save()
