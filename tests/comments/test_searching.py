# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""Comments are found by their words, and only those that anyone may read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.voices import Voice
from comments import finding
from comments.editing import edit_comment, withdraw_comment
from comments.finding import Filters, FoundComments, find_comments
from comments.models import Comment, SearchEntry, Thread
from comments.moderating import hide, release, restore
from comments.rules import Rule
from comments.searching import add_missing, bring_up_to_date
from comments.tasks import bring_search_up_to_date
from consult.document.finding import Cursor, ask
from consult.document.models import Draft, Framework, Provision, Section
from consult.document.publishing import open_section, withdraw_section
from consult.document.terms import change_terms
from tests.comments.talk import at_once, say

NamedProvision = Callable[[str], Provision]
Named = Callable[[str], Section]


@pytest.fixture(autouse=True)
def _terms(framework: Framework) -> None:
    change_terms(framework, terms=["技職教育", "技職", "產學合作"])


def find(typed: str, **wanted: Any) -> FoundComments:
    settings: dict[str, Any] = {"at": timezone.now(), "filters": Filters()} | wanted
    return find_comments(ask(typed, frameworks=Framework.objects.all()), **settings)


def texts(found: FoundComments) -> list[str]:
    return [each.comment.body for each in found.comments]


def said(target: Provision | Section | Draft, user: User, body: str, **changes: Any) -> Comment:
    target.refresh_from_db()
    return say(target, user, body=body, at=timezone.now(), **changes)


# --- what is found ----------------------------------------------------------------------------


def test_two_words_are_both_asked_for(provision: NamedProvision, visitor: User) -> None:
    said(provision("壹-1"), visitor, "產學合作要落實，技職教育才有出路。")
    said(provision("壹-1"), visitor, "產學合作要落實。")
    assert texts(find("技職教育 產學合作")) == ["產學合作要落實，技職教育才有出路。"]
    assert find("產學合作").total == 2


def test_simplified_finds_traditional_and_the_text_stays_as_written(
    provision: NamedProvision, visitor: User
) -> None:
    said(provision("壹-1"), visitor, "職業學校的實習機會不足。")
    (found,) = find("职业学校").comments
    assert [part.text for part in found.excerpt.parts if part.is_hit] == ["職業學校"]
    assert found.comment.body == "職業學校的實習機會不足。"


def test_a_term_is_one_word_and_its_parts_find_it(provision: NamedProvision, visitor: User) -> None:
    comment = said(provision("壹-1"), visitor, "重視技職教育。")
    assert "'技职教育'" in SearchEntry.objects.get(pk=comment.pk).words
    assert all(find(typed).total == 1 for typed in ("技職教育", "技職", "教育"))
    # What the words don't say is not found: 職業 stands nowhere.
    assert find("職業").total == 0


def test_words_typed_as_one_must_stand_together(provision: NamedProvision, visitor: User) -> None:
    said(provision("壹-1"), visitor, "純淨的水，零件要換。")
    said(provision("壹-1"), visitor, "淨零轉型。")
    assert texts(find("淨零")) == ["淨零轉型。"]
    assert texts(find("「零件要換」")) == ["純淨的水，零件要換。"]
    assert texts(find("「換零件」")) == []


def test_a_proposed_wording_is_found_and_shown(provision: NamedProvision, visitor: User) -> None:
    said(
        provision("壹-1"),
        visitor,
        "建議修改。",
        stance="suggest",
        proposed_text="技職教育肩負促進產業升級之責任，並兼顧永續。",
    )
    (found,) = find("永續").comments
    assert found.is_of_wording
    assert [part.text for part in found.excerpt.parts if part.is_hit] == ["永續"]
    assert not find("修改").comments[0].is_of_wording


def test_the_best_comes_first_or_the_newest(provision: NamedProvision, visitor: User) -> None:
    best = said(provision("壹-1"), visitor, "產學合作實習。")
    other = said(provision("壹-1"), visitor, f"產學合作{'，其他的話很多' * 40}，最後才說實習。")
    assert texts(find("產學合作 實習")) == [best.body, other.body]
    assert texts(find("產學合作 實習", newest_first=True)) == [other.body, best.body]


# --- filters ----------------------------------------------------------------------------------


def test_filters(
    provision: NamedProvision,
    section: Named,
    draft: Draft,
    visitor: User,
    representative: User,
    association: Organisation,
) -> None:
    first = said(provision("壹-1"), visitor, "產業人才一。")
    voice = Voice(representative, association)
    second = said(
        provision("肆-一-1"),
        representative,
        "產業人才二。",
        voice=voice,
        stance="suggest",
        proposed_text="發展跨域課程。",
    )
    reply = said(provision("壹-1"), visitor, "產業人才三。", parent=first, stance="oppose")
    whole = said(draft, visitor, "產業人才四。", stance="question")
    everything = {first, second, reply, whole}
    cases: list[tuple[Filters, set[Comment]]] = [
        (Filters(), everything),
        (Filters(draft=draft), everything),
        (Filters(section=section("壹")), {first, reply}),
        # With all that stands beneath it.
        (Filters(section=section("肆")), {second}),
        (Filters(group="association"), {second}),
        (Filters(group="school"), set()),
        (Filters(stance="oppose"), {reply}),
        (Filters(organisations=[association.pk]), {second}),
        (Filters(organisations=[]), set()),
        (Filters(author_id=representative.pk), {second}),
        (Filters(with_wording=True), {second}),
        (Filters(unanswered=True), {second, reply, whole}),
        (Filters(section=section("壹"), stance="oppose", author_id=visitor.pk), {reply}),
    ]
    for filters, wanted in cases:
        found = find("產業 人才", filters=filters)
        assert {each.comment for each in found.comments} == wanted, filters
        assert found.total == len(wanted)


def test_a_changed_stance_is_filtered_by_as_it_is_now(
    provision: NamedProvision, visitor: User
) -> None:
    comment = said(provision("壹-1"), visitor, "產業人才。")
    edit_comment(comment, author=visitor, body="產業升級。", stance="oppose")
    assert find("產業", filters=Filters(stance="support")).total == 0
    assert find("產業", filters=Filters(stance="oppose")).total == 1
    assert find("人才").total == 0


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_show_each_once(
    provision: NamedProvision, visitor: User, *, newest_first: bool
) -> None:
    for number in range(7):
        said(provision("壹-1"), visitor, f"產業{'很' * number}人才。")
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = find("產業 人才", newest_first=newest_first, after=after, page_size=2)
        seen += [each.comment.reference for each in page.comments]
        after = Cursor.read(page.next_after)
    assert after is None
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_very_many_the_newest_are_ranked_and_the_reader_is_told(
    provision: NamedProvision,
    visitor: User,
    monkeypatch: pytest.MonkeyPatch,
    *,
    newest_first: bool,
) -> None:
    monkeypatch.setattr(finding, "MOST_RANKED", 3)
    monkeypatch.setattr(finding, "NEWEST_READ", 5)
    for number in range(9):
        said(provision("壹-1"), visitor, f"產業{number}。")
    found = find("產業", newest_first=newest_first)
    assert (found.total, found.is_more) == (3, True)
    assert sorted(texts(found)) == ["產業6。", "產業7。", "產業8。"]
    # What is not among the newest is found by the index.
    assert texts(find("產業 1")) == ["產業1。"]
    assert not find("產業 1").is_more


def test_newest_first_goes_on_to_the_oldest(
    provision: NamedProvision, visitor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_RANKED", 3)
    monkeypatch.setattr(finding, "NEWEST_READ", 2)
    for number in range(8):
        said(provision("壹-1"), visitor, f"產業{number}。")
    seen: list[str] = []
    page = find("產業", newest_first=True, page_size=2)
    while page.comments:
        seen += texts(page)
        after = Cursor.read(page.next_after)
        page = (
            find("產業", newest_first=True, page_size=2, after=after) if after else FoundComments()
        )
    assert seen == [f"產業{number}。" for number in range(7, -1, -1)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_phrase_is_looked_for_further_back(
    provision: NamedProvision,
    visitor: User,
    monkeypatch: pytest.MonkeyPatch,
    *,
    newest_first: bool,
) -> None:
    monkeypatch.setattr(finding, "MOST_COMPARED", 2)
    said(provision("壹-1"), visitor, "零件要換。")
    for _ in range(6):
        said(provision("壹-1"), visitor, "要換零件。")
    found = find("「零件要換」", newest_first=newest_first)
    assert (texts(found), found.total, found.is_more) == (["零件要換。"], 1, False)
    # Not for ever: then the reader is told, and newest first may go on from there.
    monkeypatch.setattr(finding, "MOST_TIMES", 2)
    found = find("「零件要換」", newest_first=newest_first)
    assert (texts(found), found.is_more) == ([], True)
    if newest_first:
        further = find("「零件要換」", newest_first=True, after=Cursor.read(found.next_after))
        assert texts(further) == ["零件要換。"]


@pytest.mark.parametrize("read", [1, 6, 12, 1000])
def test_however_it_looks_it_finds_the_same(
    provision: NamedProvision,
    section: Named,
    visitor: User,
    monkeypatch: pytest.MonkeyPatch,
    read: int,
) -> None:
    """Among the newest or by the index: the newest that fit."""
    monkeypatch.setattr(finding, "NEWEST_READ", read)
    monkeypatch.setattr(finding, "MOST_RANKED", 4)
    for number in range(24):
        stance = "oppose" if number % 3 == 0 else "support"
        body = f"產業{number}。" if number % 2 else f"人才{number}。"
        said(provision("壹-1" if number < 12 else "壹-2"), visitor, body, stance=stance)
    assert texts(find("產業", newest_first=True)) == [f"產業{n}。" for n in (23, 21, 19, 17)]
    oppose = Filters(stance="oppose")
    found = find("產業", newest_first=True, filters=oppose)
    assert texts(found) == [f"產業{n}。" for n in (21, 15, 9, 3)]
    assert not found.is_more
    assert find("產業", filters=Filters(section=section("壹"), unanswered=True)).is_more


# --- who may not be found ---------------------------------------------------------------------

SECRET_WORDS = "機密內容"


def nothing_leaks() -> None:
    for newest_first in (False, True):
        found = find(SECRET_WORDS, newest_first=newest_first)
        assert (texts(found), found.total, found.is_more) == ([], 0, False)


def test_hidden_and_restored(provision: NamedProvision, visitor: User, moderator: User) -> None:
    comment = said(provision("壹-1"), visitor, SECRET_WORDS)
    assert find(SECRET_WORDS).total == 1
    hide(comment, moderator=moderator, rule=Rule.ATTACK)
    nothing_leaks()
    assert not SearchEntry.objects.exists()
    restore(comment, moderator=moderator)
    assert find(SECRET_WORDS).total == 1


def test_withdrawn(provision: NamedProvision, visitor: User) -> None:
    withdraw_comment(said(provision("壹-1"), visitor, SECRET_WORDS), author=visitor)
    nothing_leaks()
    assert not SearchEntry.objects.exists()


def test_held_and_released(
    provision: NamedProvision,
    visitor: User,
    moderator: User,
    settings: Any,  # noqa: ANN401
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    comment = say(provision("壹-1"), visitor, body=SECRET_WORDS)
    assert comment.state == Comment.State.HELD
    nothing_leaks()
    assert not SearchEntry.objects.exists()
    release(comment, moderator=moderator)
    assert find(SECRET_WORDS).total == 1


def test_an_entry_left_behind_shows_nothing(provision: NamedProvision, visitor: User) -> None:
    """Not even where somebody forgot to have it removed."""
    comment = said(provision("壹-1"), visitor, SECRET_WORDS)
    Comment.objects.filter(pk=comment.pk).update(state="withdrawn", body="")
    assert SearchEntry.objects.exists()
    nothing_leaks()


def test_on_text_that_is_withdrawn_and_shown_again(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    said(provision("壹-1"), visitor, SECRET_WORDS)
    withdraw_section(section("壹"), actor=drafter)
    nothing_leaks()
    # Nor by a filter that leads there.
    assert find(SECRET_WORDS, filters=Filters(section=section("壹"))).total == 0
    open_section(section("壹"), actor=drafter)
    assert find(SECRET_WORDS).total == 1


def test_on_text_that_opens_later(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    comment = said(provision("壹-1"), visitor, SECRET_WORDS)
    # As it was before the section was opened.
    assert find(SECRET_WORDS, at=timezone.now() - dt.timedelta(days=60)).total == 0
    assert comment.pk


def test_an_older_text_of_a_comment_is_not_found(provision: NamedProvision, visitor: User) -> None:
    comment = said(provision("壹-1"), visitor, SECRET_WORDS)
    later = timezone.now() + dt.timedelta(hours=1)
    edit_comment(comment, author=visitor, body="改過了。", stance="support", at=later)
    assert comment.versions.count() == 1
    nothing_leaks()


# --- after terms have changed -----------------------------------------------------------------


def test_new_terms_are_taken_up(
    provision: NamedProvision, visitor: User, framework: Framework
) -> None:
    comment = said(provision("壹-1"), visitor, "因應少子女化。")
    assert "'少子女化'" not in SearchEntry.objects.get(pk=comment.pk).words
    framework.refresh_from_db()
    change_terms(framework, terms=[*framework.terms, "少子女化"])
    assert bring_search_up_to_date() == 1
    assert "'少子女化'" in SearchEntry.objects.get(pk=comment.pk).words
    assert find("少子女化").total == 1
    assert bring_search_up_to_date() == 0


def test_it_goes_on_where_it_was_stopped(
    provision: NamedProvision,
    visitor: User,
    framework: Framework,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(5):
        said(provision("壹-1"), visitor, "因應少子女化。")
    change_terms(framework, terms=["少子女化"])
    monkeypatch.setattr("comments.searching.CHUNK", 2)
    assert [bring_up_to_date(framework) for _ in range(4)] == [2, 2, 1, 0]
    assert find("少子女化").total == 5


def test_another_frameworks_terms_are_its_own(
    provision: NamedProvision, visitor: User, framework: Framework
) -> None:
    """What is one word in one framework and two in another is found in both."""
    said(provision("壹-1"), visitor, "產學合作。")
    Framework.objects.create(code="skills", title="Skills", owner_body="MoE")
    found = find("產學合作")
    assert found.total == 1
    asked = ask("產學合作", frameworks=Framework.objects.all())
    assert "framework:" in asked.needed
    assert "framework:" not in ask("政府", frameworks=Framework.objects.all()).needed


def test_what_the_search_does_not_know_is_added(
    provision: NamedProvision, visitor: User, moderator: User, framework: Framework
) -> None:
    said(provision("壹-1"), visitor, "產業人才。")
    hide(said(provision("壹-1"), visitor, SECRET_WORDS), moderator=moderator, rule=Rule.ATTACK)
    SearchEntry.objects.all().delete()
    assert (add_missing(framework), add_missing(framework)) == (1, 0)
    assert find("產業").total == 1
    nothing_leaks()


@pytest.mark.django_db(transaction=True)
def test_a_change_and_new_terms_at_once(
    provision: NamedProvision, visitor: User, framework: Framework
) -> None:
    """Whichever comes last, the words are those of the text as it is."""
    comments = [said(provision("壹-1"), visitor, "因應少子女化。") for _ in range(4)]
    change_terms(framework, terms=["少子女化", "人才培育"])

    def edit(comment: Comment) -> None:
        edit_comment(comment, author=visitor, body="人才培育。", stance="support")

    acts = [lambda comment=comment: edit(comment) for comment in comments]
    results = at_once(*acts, *[lambda: bring_up_to_date(framework)] * 4)
    assert not [result for result in results if isinstance(result, Exception)], results
    while bring_up_to_date(framework):
        pass
    assert (find("少子女化").total, find("人才培育").total) == (0, 4)


def test_a_post_waits_for_nothing_and_is_found_at_once(
    provision: NamedProvision, visitor: User
) -> None:
    said(provision("壹-1"), visitor, "馬上找得到。")
    assert find("馬上").total == 1
    assert Thread.objects.get().comment_count == SearchEntry.objects.count()
