"""What came in since an earlier report: who may see it, what it costs, and that it is so."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.access import Visitor
from accounts.groups import StakeholderGroup
from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft, Drafter
from consult.reports.comparing import Earlier
from consult.reports.models import Report
from consult.reports.publishing import publish_report
from tests.cast import person, with_second_factor
from tests.consult.pages.test_reporting import Figures
from tests.consult.reports.comments import (
    CUTOFF,
    a_comment,
    a_draft,
    a_person,
    an_organisation,
    some_comments,
)
from tests.consult.reports.making import report_at

ClientFor = Callable[[Visitor], Client]
MONDAY = CUTOFF - timedelta(days=2)
LATELY = CUTOFF - timedelta(days=1)


@pytest.fixture
def commented(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    some_comments(draft)
    return draft


@pytest.fixture
def asker(commented: Draft) -> User:
    user = with_second_factor(person("asker"))
    Drafter.objects.create(framework=commented.framework, user=user)
    return user


@pytest.fixture
def signed_in(client_for: ClientFor, asker: User) -> Client:
    return client_for(asker)


@pytest.fixture
def reports(commented: Draft, asker: User) -> tuple[Report, Report]:
    """The newer and the older one; three comments came in between them."""
    guild = an_organisation("機械公會", StakeholderGroup.ASSOCIATION)
    a_comment(commented, "壹-1", author=a_person("eve"), organisation=guild, at=LATELY)
    a_comment(commented, "", author=a_person("eve"), stance="oppose", at=LATELY)
    return report_at(commented, asker), report_at(commented, asker, cutoff=MONDAY)


def address_of(newer: Report, older: Report) -> str:
    return reverse("report_since", args=[newer.public_id, older.public_id])


def test_every_number_opens_exactly_what_it_counts(
    reports: tuple[Report, Report], signed_in: Client
) -> None:
    page = signed_in.get(address_of(*reports)).content.decode()
    figures = Figures(page).found
    # The two above, and one that was posted at the very cutoff.
    assert ("comments", 3, f"/reports/{reports[0].public_id}/comments/") in {
        (counts, value, address.partition("?")[0]) for counts, value, address in figures
    }
    assert len(figures) > 15
    for counts, value, address in figures:
        listed = Figures(signed_in.get(address).content.decode())
        assert listed.stated[counts] == value, unquote(address)


def test_first_voices_are_named(reports: tuple[Report, Report], signed_in: Client) -> None:
    page = signed_in.get(address_of(*reports), headers={"accept-language": "en"}).content.decode()
    assert "Heard for the first time" in page
    assert page.count("for the first time</span>") == 2
    assert "do not make now" not in page


def test_what_was_hidden_in_between_is_said(
    reports: tuple[Report, Report], signed_in: Client
) -> None:
    newer, older = reports
    Report.objects.filter(pk=older.pk).update(
        result={**(older.result or {}), "total": {**(older.result or {})["total"], "comments": 9}}
    )
    page = signed_in.get(address_of(newer, older), headers={"accept-language": "en"})
    assert "do not make now" in page.content.decode()


def test_nothing_new_is_a_page_too(commented: Draft, asker: User, signed_in: Client) -> None:
    Comment.objects.filter(created_at__gt=MONDAY).delete()
    newer, older = report_at(commented, asker), report_at(commented, asker, cutoff=MONDAY)
    page = signed_in.get(address_of(newer, older), headers={"accept-language": "en"})
    assert "Nothing has come in since." in page.content.decode()
    assert "<svg" not in page.content.decode().partition("<main")[2]


def test_only_earlier_reports_with_the_same_scope_are_compared(
    reports: tuple[Report, Report], commented: Draft, asker: User, signed_in: Client
) -> None:
    newer, older = reports
    elsewhere = report_at(commented, asker, cutoff=MONDAY, sections=["壹"])
    of_group = report_at(commented, asker, cutoff=MONDAY, group="school")
    for one, other in [(older, newer), (newer, newer), (newer, elsewhere), (newer, of_group)]:
        assert signed_in.get(address_of(one, other)).status_code == 404
    assert Earlier.of(newer).comparable == [older]
    choice = render_to_string(
        "consult/_report_since.html", {"report": newer, "comparable": Earlier.of(newer).comparable}
    )
    assert address_of(newer, older) in choice
    nothing = {"report": older, "comparable": Earlier.of(older).comparable}
    assert not render_to_string("consult/_report_since.html", nothing).strip()


def test_others_do_not_find_it(
    reports: tuple[Report, Report], client_for: ClientFor, moderator: User
) -> None:
    stranger = person("stranger")
    Drafter.objects.create(framework=a_draft("other").framework, user=stranger)
    for user in (stranger, moderator):
        assert client_for(user).get(address_of(*reports)).status_code == 404
    assert Client().get(address_of(*reports)).status_code == 302


def test_readers_get_what_both_reports_show(
    reports: tuple[Report, Report], asker: User, signed_in: Client
) -> None:
    newer, older = reports
    publish_report(newer, actor=asker)
    assert Client().get(address_of(newer, older)).status_code == 302
    assert Earlier.of(newer, published=True).comparable == []
    publish_report(older, actor=asker, withheld=["hot_spots", "matrix", "days"])
    assert Earlier.of(newer, published=True).comparable == [older]
    assert address_of(newer, older).encode() in Client().get(f"/reports/{newer.public_id}/").content
    for browser, is_whole in ((signed_in, True), (Client(), False)):
        answer = browser.get(address_of(newer, older), headers={"accept-language": "en"})
        page = answer.content.decode()
        assert "Section by section" in page
        assert "Group by group" in page
        assert ("Heard for the first time" in page) == is_whole
        assert ("Day by day" in page) == is_whole


def test_it_costs_the_same_however_much_came_in(
    reports: tuple[Report, Report],
    commented: Draft,
    signed_in: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(16) as few:
        signed_in.get(address_of(*reports))
    for number in range(20):
        a_comment(commented, "貳-2", author=a_person(f"p{number}"), at=LATELY)
    with django_assert_max_num_queries(16) as many:
        signed_in.get(address_of(*reports))
    assert len(few) == len(many)
