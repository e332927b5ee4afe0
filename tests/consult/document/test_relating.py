"""Lineage between the drafts of a framework, proposed by the machine and declared by a drafter."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from consult.document.alignment import Link, align, pieces_of
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework, Lineage, LineageRecord
from consult.document.publishing import open_section
from consult.document.relating import (
    LineageRefused,
    confirm_links,
    declare_link,
    earlier_draft_of,
    links_between,
    propose_lineage,
    stored_links,
)
from tests.cast import next_outline, small_outline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def shape(links: list[Link]) -> dict[tuple[str, ...], tuple[tuple[str, ...], str]]:
    return {link.old or ("new", *link.new): (link.new, link.kind) for link in links}


def number_of(draft: Draft, next_draft: Draft, ref: str) -> int:
    (found,) = [each for each in stored_links(draft, next_draft) if ref in each.link.old]
    return found.number


@pytest.fixture
def proposed(draft: Draft, next_draft: Draft) -> Draft:
    assert earlier_draft_of(next_draft) == draft
    return next_draft


def test_what_became_of_every_provision_is_proposed(draft: Draft, proposed: Draft) -> None:
    found = shape(links_between(draft, proposed))
    assert found["壹-1",] == (("壹-1",), "edited")
    assert found["壹-2",] == (("壹-2", "壹-3"), "split")
    assert found["參-1",] == (("肆-一-2",), "moved")
    assert found["肆-1",] == (("肆-1",), "kept")
    assert found["附錄二-2",] == ((), "deleted")
    assert found["new", "伍-1"] == (("伍-1",), "new")
    record = LineageRecord.objects.get()
    assert (record.act, record.actor, record.links["kept"]) == ("propose", None, 5)


def test_what_was_proposed_once_stays(draft: Draft, proposed: Draft, drafter: User) -> None:
    declare_link(proposed, old=["參-1"], new=[], actor=drafter)
    propose_lineage(proposed)
    assert shape(links_between(draft, proposed))["參-1",] == ((), "deleted")


def test_only_what_stayed_the_same_beyond_doubt_needs_nobody(
    draft: Draft, proposed: Draft, drafter: User
) -> None:
    waiting = {each.link.old for each in stored_links(draft, proposed) if each.is_waiting}
    assert ("壹-1",) in waiting
    assert ("肆-1",) not in waiting
    rows = set(Lineage.objects.between(draft, proposed).waiting().values_list("number", flat=True))
    assert rows == {each.number for each in stored_links(draft, proposed) if each.is_waiting}
    numbers = [number_of(draft, proposed, "壹-1"), number_of(draft, proposed, "壹-2")]
    assert confirm_links(proposed, numbers=numbers, actor=drafter) == 2
    assert confirm_links(proposed, numbers=numbers, actor=drafter) == 0
    assert waiting - {
        each.link.old for each in stored_links(draft, proposed) if each.is_waiting
    } == {("壹-1",), ("壹-2",)}
    record = LineageRecord.objects.get(act="confirm")
    assert (record.actor, len(record.links)) == (drafter, 2)


def test_a_drafter_declares_something_else(draft: Draft, proposed: Draft, drafter: User) -> None:
    declare_link(proposed, old=["附錄二-2"], new=["壹-3"], actor=drafter)
    found = shape(links_between(draft, proposed))
    assert found["附錄二-2",] == (("壹-3",), "edited")
    # What it was taken out of stands without it, and is to be looked at.
    assert found["壹-2",] == (("壹-2",), "edited")
    (left,) = [each for each in stored_links(draft, proposed) if "壹-2" in each.link.old]
    assert left.is_waiting
    (link,) = [link for link in links_between(draft, proposed) if "附錄二-2" in link.old]
    assert link.is_certain


def test_a_merger_and_new_text_are_declared(draft: Draft, proposed: Draft, drafter: User) -> None:
    declare_link(proposed, old=["附錄二-1", "附錄二-2"], new=["附錄二-1"], actor=drafter)
    declare_link(proposed, old=[], new=["肆-一-2"], actor=drafter)
    found = shape(links_between(draft, proposed))
    assert found["附錄二-1", "附錄二-2"] == (("附錄二-1",), "merged")
    assert found["參-1",] == ((), "deleted")
    assert found["new", "肆-一-2"][1] == "new"
    every = [ref for link in links_between(draft, proposed) for ref in link.new]
    assert sorted(every) == sorted(proposed.provisions.values_list("ref", flat=True))


def test_what_the_drafts_do_not_have_is_refused(proposed: Draft, drafter: User) -> None:
    with pytest.raises(LineageRefused, match="Draft 2 has no provision 玖-9"):
        declare_link(proposed, old=["壹-1"], new=["玖-9"], actor=drafter)
    with pytest.raises(LineageRefused, match="Choose a provision"):
        declare_link(proposed, old=[], new=[], actor=drafter)
    assert not LineageRecord.objects.filter(act="declare").exists()


def test_the_first_draft_follows_none(draft: Draft, drafter: User) -> None:
    assert propose_lineage(draft) is None
    with pytest.raises(LineageRefused, match="follows no other"):
        confirm_links(draft, numbers=[0], actor=drafter)


def test_a_draft_that_was_never_shown_is_passed_over(
    framework: Framework, draft: Draft, next_draft: Draft
) -> None:
    third = import_draft(framework=framework, outline=small_outline(), source="third")
    assert earlier_draft_of(third) == draft
    assert {link.kind for link in links_between(draft, third)} == {"kept"}
    assert earlier_draft_of(next_draft) == draft


def test_lineage_leads_over_the_drafts_in_between(
    framework: Framework, draft: Draft, proposed: Draft, drafter: User
) -> None:
    declare_link(proposed, old=["附錄二-2"], new=["附錄二-1"], actor=drafter)
    open_section(proposed.sections.get(ref="壹"), actor=drafter)
    third = import_draft(framework=framework, outline=next_outline(), source="third")
    assert earlier_draft_of(third) == proposed
    found = shape(links_between(draft, third))
    assert found["壹-1",] == (("壹-1",), "edited")
    assert found["附錄二-2",] == (("附錄二-1",), "edited")


def test_drafts_without_stored_lineage_are_aligned(draft: Draft, next_draft: Draft) -> None:
    Lineage.objects.all().delete()
    found = shape(links_between(draft, next_draft))
    assert found["參-1",] == (("肆-一-2",), "moved")
    assert not Lineage.objects.exists()
    assert shape(links_between(draft, next_draft)) == found


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_make_one(next_draft: Draft) -> None:
    Lineage.objects.all().delete()
    LineageRecord.objects.all().delete()

    def propose() -> None:
        propose_lineage(next_draft)
        connection.close()

    threads = [threading.Thread(target=propose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LineageRecord.objects.count() == 1
    olds = Lineage.objects.filter(later__isnull=False).values_list("later__ref", flat=True)
    assert sorted(olds) == sorted(next_draft.provisions.values_list("ref", flat=True))


def test_the_outlines_say_the_same(draft: Draft, next_draft: Draft) -> None:
    """Aligning what is stored is aligning what was imported."""
    links = align(pieces_of(small_outline()), pieces_of(next_outline()))
    assert links == links_between(draft, next_draft)
