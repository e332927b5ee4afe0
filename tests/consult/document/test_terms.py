# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""A framework's terms are its drafters' to keep, and the text's words follow them."""

from typing import Any

import pytest
from django.utils import timezone

from consult.document.finding import Cursor, FoundProvisions, ask, find_provisions
from consult.document.models import Draft, Framework, Provision, Section
from consult.document.publishing import withdraw_section
from consult.document.terms import TermsRefused, change_terms, discover_terms
from tests.cast import SECRET


def find(typed: str, **wanted: Any) -> FoundProvisions:
    asked = ask(typed, frameworks=Framework.objects.all())
    return find_provisions(asked, at=timezone.now(), **wanted)


def refs(found: FoundProvisions) -> list[str]:
    return [each.provision.ref for each in found.provisions]


def test_provisions_are_found_as_soon_as_they_are_imported(draft: Draft) -> None:
    assert refs(find("臺灣 產業環境")) == ["肆-1"]
    assert refs(find("台湾产业")) == ["肆-1"]
    assert refs(find("职业训练")) == ["附錄二-1"]
    (found,) = find("ｅ化人才").provisions
    assert [part.text for part in found.excerpt.parts if part.is_hit] == ["ｅ化人才é"]


def test_a_term_becomes_one_word(draft: Draft, framework: Framework) -> None:
    assert change_terms(framework, terms=[" 技職教育 ", "跨域素養", "", "技職教育"])
    framework.refresh_from_db()
    assert (framework.terms, framework.terms_version) == (["技職教育", "跨域素養"], 1)
    words = Provision.objects.get(draft=draft, ref="肆-一-1").search
    assert "'跨域素养'" in words
    assert refs(find("跨域素養")) == ["肆-一-1"]
    assert refs(find("素養")) == ["肆-一-1"]


def test_the_same_terms_change_nothing(framework: Framework) -> None:
    assert change_terms(framework, terms=["技職教育"])
    assert not change_terms(framework, terms=["技職教育"])
    framework.refresh_from_db()
    assert framework.terms_version == 1


@pytest.mark.parametrize("term", ["教", "AI", "e化", "技職 教育", "職" * 13, "技職，教育"])
def test_what_is_no_term_is_refused(framework: Framework, term: str) -> None:
    with pytest.raises(TermsRefused):
        change_terms(framework, terms=["技職教育", term])
    framework.refresh_from_db()
    assert framework.terms == []


def test_too_many_terms_are_refused(framework: Framework) -> None:
    # More than enough, though some stand for others.
    characters = [chr(0x4E00 + n) for n in range(2000)]
    with pytest.raises(TermsRefused):
        change_terms(framework, terms=[f"{character}職業訓" for character in characters])


def test_unpublished_text_is_found_by_nobody(draft: Draft, drafter: object) -> None:
    assert Provision.objects.filter(text__contains=SECRET).count() > 2
    for typed in (SECRET, "內文", "「尚未公開的內文」", "願景"):
        found = find(typed)
        assert (refs(found), found.total, found.is_more) == ([], 0, False)
        assert find(typed, draft=draft).total == 0
        for section in draft.sections.all():
            assert find(typed, section=section).total == 0


def test_withdrawn_text_is_found_no_more(draft: Draft) -> None:
    assert find("臺灣").total == 1
    withdraw_section(Section.objects.get(draft=draft, ref="肆"), actor=None)
    assert find("臺灣").total == 0


def test_within_a_section(draft: Draft) -> None:
    within = {
        ref: find("發展", section=draft.sections.get(ref=ref)).total
        for ref in ("壹", "肆", "肆-一")
    }
    assert within == {"壹": 1, "肆": 1, "肆-一": 1}


def test_pages_of_the_text(draft: Draft) -> None:
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = find("技職教育", page_size=1, after=after)
        seen += refs(page)
        after = Cursor.read(page.next_after)
    assert sorted(seen) == ["參-1", "壹-1", "壹-3"]
    assert after is None


@pytest.mark.parametrize(
    "text", ["", "-", "1", "1-", "-1", "a-b", "1-2-3", "9" * 40 + "-1", "１-２"]
)
def test_no_cursor(text: str) -> None:
    assert Cursor.read(text) is None


def test_terms_are_discovered_in_the_newest_draft(draft: Draft, framework: Framework) -> None:
    assert [found.term for found in discover_terms(framework)] == ["技職教育"]
    change_terms(framework, terms=["技職教育"])
    framework.refresh_from_db()
    assert discover_terms(framework) == []


def test_nothing_is_discovered_where_there_is_no_draft(framework: Framework) -> None:
    assert discover_terms(framework) == []
