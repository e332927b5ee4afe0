"""The pages on which drafters work on themes, and the chapter that they stand in."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import Visitor
from accounts.models import User
from consult.document.models import Draft, Drafter
from consult.reports.models import Report, ReportQuote
from consult.reports.publishing import publish_report
from consult.reports.replaying import default_name
from consult.reports.theming import decisions_of, themes_in
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import a_comment, a_draft, a_person
from tests.consult.reports.labelled import comments
from tests.consult.reports.making import report_at

ClientFor = Callable[[Visitor], Client]


@pytest.fixture
def draft(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    for number, text in enumerate(comments(1, 60, of_nothing=0.1).texts):
        author = a_person(f"p{number % 7}")
        a_comment(draft, ("壹-1", "貳-1")[number % 2], author=author, stance="other", body=text)
    return draft


@pytest.fixture
def drafter(draft: Draft) -> User:
    user = with_second_factor(person("drafter"))
    Drafter.objects.create(framework=draft.framework, user=user)
    return user


@pytest.fixture
def report(draft: Draft, drafter: User) -> Report:
    return report_at(draft, drafter)


@pytest.fixture
def signed_in(client_for: ClientFor, drafter: User) -> Client:
    return client_for(drafter)


def address(report: Report, section: str = "") -> str:
    return f"{reverse('report_themes', args=[report.public_id])}?{urlencode({'in': section})}"


def listing(report: Report, key: str, section: str = "") -> str:
    query = urlencode({"in": section, "theme": key})
    return f"{reverse('report_theme_comments', args=[report.public_id])}?{query}"


def test_the_report_shows_themes_of_all_and_of_each_section(
    signed_in: Client, report: Report
) -> None:
    page = signed_in.get(reverse("report", args=[report.public_id])).content.decode()
    for section in ("", "壹", "貳"):
        for theme in themes_in(report, section):
            assert default_name(theme) in page
            assert all(f">{word}<" in page for word in theme["keywords"])
            assert all(f"/c/{reference}/" in page for reference in theme["quotes"])


def test_who_reads_a_published_report_is_not_asked_to_change_its_themes(
    client: Client, signed_in: Client, report: Report, drafter: User
) -> None:
    page = signed_in.get(reverse("report", args=[report.public_id])).content.decode()
    assert address(report) in page
    publish_report(report, actor=drafter)
    page = client.get(reverse("report", args=[report.public_id])).content.decode()
    assert default_name(themes_in(report, "")[0]) in page
    assert reverse("report_themes", args=[report.public_id]) not in page


def test_a_quote_that_is_no_longer_shown_is_gone_from_the_page(
    signed_in: Client, report: Report
) -> None:
    reference = themes_in(report, "")[0]["quotes"][0]
    stored = ReportQuote.objects.get(report=report, reference=reference)
    stored.delete()
    page = signed_in.get(reverse("report", args=[report.public_id])).content.decode()
    assert f"/c/{reference}/" not in page
    assert "有 1 則引用的意見已不再顯示" in page


def test_name_put_together_split_and_undo(signed_in: Client, report: Report) -> None:
    one, two = themes_in(report, "壹")[:2]
    page = address(report, "壹")
    sent = {"act": "rename", "theme": one["key"], "name": "實習權益"}
    assert signed_in.post(page, sent).headers["Location"] == page
    shown = signed_in.get(page).content.decode()
    assert "下一份報告起稱為「實習權益」" in shown
    sent = {"act": "split", "theme": one["key"], "name": "津貼", "terms": one["keywords"][:1]}
    assert signed_in.post(page, sent).status_code == 302
    sent = {"act": "merge", "theme": two["key"], "into": one["key"]}
    assert signed_in.post(page, sent).status_code == 302
    assert "下一份報告起併入其他主題" in signed_in.get(page).content.decode()
    lines = decisions_of(report.draft)
    assert {line["name"] for line in lines} == {"實習權益", "津貼"}
    assert {line["section"] for line in lines} == {"壹"}
    for decision in report.draft.theme_decisions.all():
        signed_in.post(page, {"act": "undo", "decision": decision.pk})
    assert decisions_of(report.draft) == []


def test_comments_are_moved_from_one_theme_to_another_and_to_none(
    signed_in: Client, report: Report
) -> None:
    one, two = themes_in(report, "")[:2]
    page = listing(report, one["key"])
    shown = signed_in.get(page).content.decode()
    assert all(f'value="{reference}"' in shown for reference in one["quotes"])
    moved = one["quotes"][:1]
    signed_in.post(page, {"comments": moved, "into": two["key"]})
    (line,) = decisions_of(report.draft)
    assert (line["key"], line["comments"]) == (two["key"], moved)
    signed_in.post(page, {"comments": moved, "into": ""})
    assert decisions_of(report.draft)[-1]["comments"] == moved


def test_what_is_refused_says_why(signed_in: Client, report: Report) -> None:
    key = themes_in(report, "")[0]["key"]
    refused = signed_in.post(address(report), {"act": "rename", "theme": key, "name": ""})
    assert refused.status_code == 409
    assert "請為這個主題取名" in refused.content.decode()
    refused = signed_in.post(listing(report, key), {"into": ""})
    assert refused.status_code == 409
    assert "請選擇要移動的意見" in refused.content.decode()


@pytest.mark.parametrize("section", ["肆", "no"])
def test_no_themes_of_a_section_without_any(
    signed_in: Client, report: Report, section: str
) -> None:
    assert signed_in.get(address(report, section)).status_code == 404
    assert signed_in.get(listing(report, "x", section)).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"act": "other"}, {"act": "undo", "decision": "x"}])
def test_what_no_form_sends_is_not_found(
    signed_in: Client, report: Report, sent: dict[str, str]
) -> None:
    assert signed_in.post(address(report), sent).status_code == 404


def test_many_decisions_cost_no_more_than_one(signed_in: Client, report: Report) -> None:
    key = themes_in(report, "")[0]["key"]
    costs = []
    for number in range(12):
        signed_in.post(address(report), {"act": "rename", "theme": key, "name": f"名{number}"})
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(address(report)).status_code == 200
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert costs[0] <= 10
