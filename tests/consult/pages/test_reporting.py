"""The pages of a report: who may see them, what they cost, and that no number lies."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.access import Visitor
from accounts.groups import StakeholderGroup
from accounts.models import User
from comments.models import Comment
from consult.document.dates import moment_in_words
from consult.document.models import Draft, Drafter
from consult.document.publishing import withdraw_section
from consult.reports import aggregating
from consult.reports.listing import PAGE
from consult.reports.models import Report, ReportFlag
from consult.reports.publishing import publish_report
from consult.reports.recounting import recount
from consult.reports.requesting import request_report
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import (
    CUTOFF,
    a_comment,
    a_draft,
    a_person,
    an_organisation,
    some_comments,
)
from tests.consult.reports.making import make, report_at

ClientFor = Callable[[Visitor], Client]


@pytest.fixture
def commented(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    some_comments(draft)
    return draft


@pytest.fixture
def asker(commented: Draft) -> User:
    """A drafter of the commented draft."""
    user = with_second_factor(person("asker"))
    Drafter.objects.create(framework=commented.framework, user=user)
    return user


@pytest.fixture
def signed_in(client_for: ClientFor, asker: User) -> Client:
    return client_for(asker)


made = report_at


class Figures(HTMLParser):
    """The links that carry a number: what they count, the number, and where they lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, int, str]] = set()
        self.stated: dict[str, int] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        counts = {
            name.removeprefix("data-"): int(value)
            for name, value in attrs
            if name.startswith("data-") and value and value.isdecimal()
        }
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found |= {(name, value, address) for name, value in counts.items()}
        elif counts:
            self.stated = counts


def test_every_number_opens_exactly_what_it_counts(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    report = made(commented, asker)
    page = signed_in.get(reverse("report", args=[report.public_id])).content.decode()
    figures = Figures(page).found
    assert len(figures) > 30
    assert {"comments", "authors", "organisations"} <= {counts for counts, _, _ in figures}
    for counts, value, address in figures:
        listed = signed_in.get(address).content.decode()
        assert Figures(listed).stated[counts] == value, unquote(address)
        if counts == "comments":
            assert listed.count('class="permalink"') == value, unquote(address)


def test_every_number_in_the_tables_is_a_link(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    page = signed_in.get(reverse("report", args=[made(commented, asker).public_id]))
    cells = re.findall(r'<td class="number[^"]*">(.*?)</td>', page.content.decode())
    assert cells
    for cell in cells:
        assert cell.startswith(('<a class="figure"', '<span class="zero">0<', "<span")), cell
        assert "<a" in cell or "0" in cell or "–" in cell


def test_what_was_said_later_is_not_listed(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    report = made(commented, asker)
    address = reverse("report_comments", args=[report.public_id])
    before = signed_in.get(address).content
    a_comment(commented, "壹-1", author=asker, at=CUTOFF.replace(microsecond=9))
    assert signed_in.get(address).content.count(b"permalink") == before.count(b"permalink") == 6


def test_long_lists_come_in_pages(commented: Draft, asker: User, signed_in: Client) -> None:
    for number in range(120):
        a_comment(commented, ("壹", "貳-2", "貳-1")[number % 3], author=a_person(f"p{number}"))
    report = made(commented, asker)
    seen: list[str] = []
    address: str | None = reverse("report_comments", args=[report.public_id])
    while address:
        page = signed_in.get(address).content.decode()
        assert Figures(page).stated["comments"] == 126
        seen += re.findall(r'class="permalink">(\w+)<', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == 126


def test_a_report_page_never_counts(
    commented: Draft,
    asker: User,
    signed_in: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    report = made(commented, asker)
    with django_assert_max_num_queries(10) as queries:
        signed_in.get(reverse("report", args=[report.public_id]))
    assert not [query for query in queries.captured_queries if "comments_comment" in query["sql"]]


def test_a_list_costs_the_same_however_long(
    commented: Draft,
    asker: User,
    signed_in: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    report = made(commented, asker)
    address = reverse("report_comments", args=[report.public_id])
    with django_assert_max_num_queries(10) as few:
        signed_in.get(address)
    for number in range(45):
        a_comment(commented, "壹-1", author=a_person(f"p{number}"))
    with django_assert_max_num_queries(10) as many:
        signed_in.get(address)
    assert len(few) == len(many)


def flagged(report: Report, comments: int) -> list[Comment]:
    """So many of its comments were changed since, the first one twice over."""
    found = list(Comment.objects.order_by("reference")[:comments])
    reasons = [ReportFlag.Reason.EDITED, ReportFlag.Reason.RESTORED]
    ReportFlag.objects.bulk_create(
        ReportFlag(report=report, comment=comment, reason=reason)
        for number, comment in enumerate(found)
        for reason in reasons[: 1 if number else 2]
    )
    return found


def test_the_number_of_flags_opens_what_became_of_which_comment(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    report = made(commented, asker)
    other = made(commented, asker)
    unchanged = signed_in.get(
        f"/reports/{report.public_id}/flags/", headers={"Accept-Language": "en"}
    )
    assert "still stands as it was" in unchanged.content.decode()
    assert "0 comments" not in unchanged.content.decode()
    counted = f"/reports/{report.public_id}/comments/"
    also = "/flags/"
    assert also not in signed_in.get(counted).content.decode()
    comments = flagged(report, 2)
    flagged(other, 3)
    assert also in signed_in.get(counted).content.decode()
    page = signed_in.get(f"/reports/{report.public_id}/").content.decode()
    assert f'href="/reports/{report.public_id}/flags/"' in page
    listed = signed_in.get(f"/reports/{report.public_id}/flags/").content.decode()
    assert re.findall(r'<a href="/c/(\w+)/">', listed) == [
        comments[0].reference,
        comments[0].reference,
        comments[1].reference,
    ]
    # What a comment says stands where it is shown, and nowhere else.
    assert comments[0].body not in listed


def test_many_flags_come_in_pages_that_cost_the_same(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    for number in range(PAGE + 5):
        a_comment(commented, "壹-1", author=a_person(f"more{number}"))
    report = made(commented, asker)
    address = f"/reports/{report.public_id}/flags/"
    flagged(report, 1)
    with CaptureQueriesContext(connection) as few:
        signed_in.get(address)
    ReportFlag.objects.all().delete()
    comments = flagged(report, PAGE + 3)
    with CaptureQueriesContext(connection) as many:
        first = signed_in.get(address).content.decode()
    assert len(many) == len(few)
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    rest = signed_in.get(address + following).content.decode()
    found = [*re.findall(r'"/c/(\w+)/"', first), *re.findall(r'"/c/(\w+)/"', rest)]
    assert list(dict.fromkeys(found)) == [comment.reference for comment in comments]


def test_published_reports_stand_on_their_drafts_page(commented: Draft, asker: User) -> None:
    address = f"/{commented.framework.code}/{commented.number}/"
    whole, part = made(commented, asker), made(commented, asker, sections=["壹"])
    path = reverse("report", args=[part.public_id])
    assert path not in Client().get(address).content.decode()
    publish_report(part, actor=asker)
    page = Client().get(address).content.decode()
    assert path in page
    assert reverse("report", args=[whole.public_id]) not in page
    withdraw_section(commented.sections.get(ref="壹"), actor=None)
    assert path not in Client().get(address).content.decode()


def test_published_reports_stand_in_the_feed(
    commented: Draft,
    asker: User,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    address = f"/{commented.framework.code}/feed/"
    report = made(commented, asker, sections=["壹"])
    path = reverse("report", args=[report.public_id])
    assert path not in Client().get(address).content.decode()
    publish_report(report, actor=asker)
    with django_assert_max_num_queries(4):
        feed = Client().get(address).content.decode()
    # Published last, so it comes first.
    entry = feed.split("<entry>")[1]
    assert path in entry
    assert f"截至 {moment_in_words(report.cutoff)} 的彙整報告" in entry
    withdraw_section(commented.sections.get(ref="壹"), actor=None)
    assert path not in Client().get(address).content.decode()


def test_the_overview_says_what_divides_most(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    """With the comments behind it, and only to who gets the chapter on conflicts."""
    for number in range(12):
        school = an_organisation(f"school{number}", StakeholderGroup.SCHOOL)
        body = an_organisation(f"association{number}", StakeholderGroup.ASSOCIATION)
        for organisation, stance in ((school, "support"), (body, "oppose")):
            writer = a_person(organisation.name)
            a_comment(commented, "壹-2", author=writer, organisation=organisation, stance=stance)
    report = made(commented, asker)
    address = f"/reports/{report.public_id}/"
    overview = overview_of(signed_in, address)
    assert "What divides most:" in overview
    (line,) = re.findall(r'<a href="#clash-1">.*?</li>', overview, re.DOTALL)
    assert "壹-2" in line
    leading = [href.replace("&amp;", "&") for href in re.findall(r'href="([^"#]+)"', line)]
    assert [
        Figures(signed_in.get(href).content.decode()).stated["comments"] for href in leading
    ] == [
        12,
        12,
    ]
    publish_report(report, actor=asker, withheld={"conflicts"})
    assert "What divides most:" in overview_of(signed_in, address)
    assert "What divides most:" not in overview_of(Client(), address)


def overview_of(browser: Client, address: str) -> str:
    page = browser.get(address, headers={"Accept-Language": "en"}).content.decode()
    (overview,) = re.findall(r'<section class="overview".*?</section>', page, re.DOTALL)
    return str(overview)


def test_asking_leads_to_the_progress(commented: Draft, signed_in: Client) -> None:
    answer = signed_in.post(reverse("desk_reports", args=["tve", commented.number]))
    report = Report.objects.get()
    assert answer.headers["Location"] == reverse("report", args=[report.public_id])
    page = signed_in.get(answer.headers["Location"]).content.decode()
    assert 'value="0"' in page
    assert reverse("report_progress", args=[report.public_id]) in page
    aggregating.plan_report(report.pk)
    part = report.parts.reading()[0]
    aggregating.make_part(part.pk)
    fragment = signed_in.get(reverse("report_progress", args=[report.public_id])).content.decode()
    assert 'value="1"' in fragment
    assert "<html" not in fragment


def test_asking_again_gives_the_same_hash(commented: Draft, asker: User, signed_in: Client) -> None:
    first = made(commented, asker)
    page = signed_in.get(reverse("report", args=[first.public_id])).content.decode()
    cutoff = re.search(r'name="cutoff" value="([^"]+)"', page)
    assert cutoff
    signed_in.post(reverse("desk_reports", args=["tve", 5]), {"cutoff": cutoff[1]})
    again = Report.objects.running().get()
    assert again.cutoff == first.cutoff
    make(again)
    page = signed_in.get(reverse("report", args=[again.public_id])).content.decode()
    assert first.inputs_sha256 in page
    assert 'class="same"' in page


def test_a_cutoff_ahead_is_refused_in_place(commented: Draft, signed_in: Client) -> None:
    answer = signed_in.post(
        reverse("desk_reports", args=["tve", commented.number]), {"cutoff": "2999-01-01T00:00"}
    )
    assert answer.status_code == 409
    assert b"2999-01-01" in answer.content
    assert b"errorlist" in answer.content
    assert not Report.objects.exists()


def test_a_cutoff_before_all_time_is_refused_in_place(commented: Draft, signed_in: Client) -> None:
    desk = reverse("desk_reports", args=["tve", commented.number])
    answer = signed_in.post(desk, {"cutoff": "0001-01-01T00:00"})
    assert answer.status_code == 409
    assert b"0001-01-01" in answer.content
    assert not Report.objects.exists()


def test_a_list_goes_on_behind_no_nonsense(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    report = made(commented, asker)
    address = reverse("report_comments", args=[report.public_id])
    assert signed_in.get(f"{address}?after=%00").status_code == 200


def test_a_failed_report_says_what_to_do(commented: Draft, asker: User, signed_in: Client) -> None:
    report = request_report(commented, requested_by=asker, cutoff=CUTOFF)
    Report.objects.filter(pk=report.pk).update(state="failed", failure="counting")
    report.refresh_from_db()
    page = signed_in.get(reverse("report", args=[report.public_id])).content.decode()
    assert str(report.get_failure_display()) in page
    assert 'name="cutoff"' in page


async def whole(answer: StreamingHttpResponse) -> bytes:
    """The download as an ASGI server sends it: piece by piece."""
    return b"".join([piece async for piece in answer])


def test_the_download_can_be_counted_again(
    commented: Draft, asker: User, signed_in: Client
) -> None:
    report = made(commented, asker)
    answer: Any = signed_in.get(reverse("report_inputs", args=[report.public_id]))
    recounted = recount(BytesIO(async_to_sync(whole)(answer)))
    assert recounted.inputs_sha256 == report.inputs_sha256
    assert recounted.result == report.result


@pytest.mark.parametrize("name", ["report", "report_progress", "report_comments", "report_inputs"])
def test_reports_are_for_the_frameworks_drafters(
    commented: Draft, asker: User, client_for: ClientFor, name: str
) -> None:
    report = made(commented, asker)
    address = reverse(name, args=[report.public_id])
    stranger = person("stranger")
    Drafter.objects.create(framework=a_draft("other").framework, user=stranger)
    assert client_for(stranger).get(address).status_code == 404
    assert client_for(person("mod", is_moderator=True)).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert client_for(asker).get(address).status_code == 200


def test_only_drafters_ask(commented: Draft, client_for: ClientFor) -> None:
    address = reverse("desk_reports", args=["tve", commented.number])
    assert client_for(person("stranger")).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "query", ["?stance=maybe", "?group=friends", "?day=yesterday", "?day=9999-12-31"]
)
def test_a_number_that_does_not_exist_is_not_found(
    commented: Draft, asker: User, signed_in: Client, query: str
) -> None:
    report = made(commented, asker)
    address = reverse("report_comments", args=[report.public_id])
    assert signed_in.get(address + query).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_an_empty_report_is_a_page_too(
    asker: User, commented: Draft, signed_in: Client, language: str
) -> None:
    early = CUTOFF.replace(year=2020)
    report = made(commented, asker, cutoff=early)
    answer = signed_in.get(
        reverse("report", args=[report.public_id]), headers={"accept-language": language}
    )
    assert answer.status_code == 200
    assert '<svg class="chart' not in answer.content.decode()
