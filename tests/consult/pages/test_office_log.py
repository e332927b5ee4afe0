"""The audit log as administrators read it: sentences, filters, pages, and a file of it."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.auditing import Act, record
from accounts.models import AuditRecord, Membership, Organisation, User
from accounts.roles import Role, give_role
from consult.document.models import Draft
from consult.pages.log_lines import SENTENCES, lines_of
from consult.pages.log_selecting import LINES_A_PAGE
from consult.reports.requesting import request_report
from tests.accounts.visits import confirmed
from tests.cast import mandate, organisation, person

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LOG = "/office/log/"


def read(client: Client, query: str = "") -> str:
    answer = client.get(f"{LOG}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def table(client: Client, query: str = "") -> list[list[str]]:
    answer = client.get(f"/office/log.csv{query}")
    assert isinstance(answer, StreamingHttpResponse)

    async def sent() -> bytes:
        return b"".join([piece async for piece in answer])

    text = async_to_sync(sent)().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_act_has_a_sentence(visitor: User, association: Organisation, language: str) -> None:
    with translation.override(language):
        for act in Act:
            line = record(act, actor=visitor, about=association)
            (said,) = lines_of([line])
            assert "visitor" in said.sentence, act
            assert "%(" not in said.sentence
    assert set(SENTENCES) == set(Act)


def test_a_line_says_who_what_to_whom_and_from_where(
    client_for: Browser, administrator: User, visitor: User
) -> None:
    client = confirmed(client_for(administrator))
    sent = {"email": visitor.email, "role": "moderator"}
    client.post("/office/roles/", sent, REMOTE_ADDR="192.0.2.7")
    page = read(client)
    assert "administrator 授予 visitor 角色。" in page
    assert "討論管理員" in page
    assert "192.0.2.7" in page


def test_objects_go_by_their_names(visitor: User, association: Organisation, draft: Draft) -> None:
    report = request_report(draft, requested_by=visitor)
    given = mandate(visitor, association)
    lines = [
        record(Act.MANDATE_ACCEPTED, actor=None, about=given),
        record(Act.EXPORTED, actor=visitor, about=report),
        record(
            Act.MEMBER_REMOVED,
            actor=visitor,
            about=association,
            details={"membership": given.membership_id, "how": "left"},
        ),
        record(Act.EXPORTED, actor=visitor, details={"what": "audit log"}),
        record(Act.ROLE_GIVEN, actor=visitor, about=person("gone")),
    ]
    User.objects.filter(display_name="gone").update(closed_at=timezone.now())
    said = [line.sentence for line in lines_of(lines)]
    assert said[0] == "系統 同意了授權：visitor · 臺灣機械工業同業公會。"
    assert "tve 1" in said[1]
    assert lines_of(lines)[2].particulars == ["visitor", "how: left"]
    assert "稽核紀錄" in said[3]
    assert "gone" not in said[4]


def test_filters_stand_in_the_address(
    client_for: Browser, administrator: User, visitor: User, association: Organisation
) -> None:
    now = timezone.now()
    record(Act.SIGN_IN, actor=visitor)
    give_role(Role.MODERATOR, to=visitor, actor=administrator)
    record(Act.ORGANISATION_VERIFIED, actor=administrator, about=association)
    AuditRecord.objects.create(
        act=Act.PASSWORD_CHANGED, actor=visitor, recorded_at=now - dt.timedelta(days=40)
    )
    client = client_for(administrator)

    def acts(query: str) -> set[str]:
        return {row[4] for row in table(client, query)[1:]} - {Act.EXPORTED}

    everything = {Act.SIGN_IN, Act.ROLE_GIVEN, Act.ORGANISATION_VERIFIED, Act.PASSWORD_CHANGED}
    assert acts("") == everything
    assert acts("?act=role_given") == {Act.ROLE_GIVEN}
    assert acts("?actor=Visitor@example.org") == {Act.SIGN_IN, Act.PASSWORD_CHANGED}
    assert acts("?about=visitor@example.org") == {Act.ROLE_GIVEN}
    assert acts("?about=機械工業") == {Act.ORGANISATION_VERIFIED}
    assert acts(f"?about={association.public_id}") == {Act.ORGANISATION_VERIFIED}
    today = timezone.localdate()
    assert acts(f"?since={today}") == everything - {Act.PASSWORD_CHANGED}
    assert acts(f"?until={today - dt.timedelta(days=1)}") == {Act.PASSWORD_CHANGED}
    assert acts(f"?until={today}") == everything
    # What can't be read leaves nothing out, and is said.
    assert "請" in read(client, "?since=yesterday&act=nothing")
    assert "沒有符合條件的紀錄" in read(client, "?actor=nobody@example.org")


@pytest.mark.parametrize("after", ["0", "x", "99999999999999999999999", "²", ""])
def test_an_odd_page_is_the_first(client_for: Browser, administrator: User, after: str) -> None:
    record(Act.SIGN_IN, actor=administrator)
    assert "administrator 登入。" in read(client_for(administrator), f"?after={after}")


def test_pages_follow_each_other_without_gap_or_repeat(
    client_for: Browser, administrator: User
) -> None:
    """Also where many lines bear one time."""
    now = timezone.now()
    AuditRecord.objects.bulk_create(
        AuditRecord(
            act=Act.SIGN_IN, actor=administrator, recorded_at=now, address=f"192.0.2.{number}"
        )
        for number in range(2 * LINES_A_PAGE + 5)
    )
    client = client_for(administrator)
    query, seen = "?act=sign_in", []
    while query:
        page = client.get(f"{LOG}{query}").context["page"]
        seen += [line.record.pk for line in page.lines]
        query = f"?{page.next_query}" if page.next_query else ""
        assert not query or "act=sign_in" in query
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 2 * LINES_A_PAGE + 5


def test_a_page_costs_the_same_whatever_stands_on_it(
    client_for: Browser, administrator: User, association: Organisation
) -> None:
    def more(number: int) -> None:
        actor = person(f"person-{number}")
        group = organisation(f"organisation-{number}")
        joined = Membership.objects.create(user=actor, organisation=group)
        record(Act.MEMBER_REMOVED, actor=actor, about=group, details={"membership": joined.pk})
        record(Act.ROLE_GIVEN, actor=actor, about=actor, details={"role": "moderator"})
        record(Act.MANDATE_ACCEPTED, actor=actor, about=mandate(actor, association))

    client = client_for(administrator)
    more(0)
    client.get(LOG)
    with CaptureQueriesContext(connection) as before:
        client.get(LOG)
    for number in range(1, 12):
        more(number)
    with CaptureQueriesContext(connection) as after:
        client.get(LOG)
    assert len(after) == len(before)


def test_taking_it_out_is_written_into_it(client_for: Browser, administrator: User) -> None:
    client = client_for(administrator)
    table(client, "?act=sign_in&actor=secret@example.org&since=2026-01-01")
    line = AuditRecord.objects.get()
    assert (line.act, line.actor) == (Act.EXPORTED, administrator)
    assert line.details == {"what": "audit log", "act": "sign_in", "since": "2026-01-01"}


def test_a_spreadsheet_calculates_nothing(client_for: Browser, administrator: User) -> None:
    visitor = person("visitor")
    visitor.display_name = "=HYPERLINK(1)"
    visitor.save()
    record(Act.SIGN_IN, actor=visitor)
    rows = table(client_for(administrator))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_downloading_a_reports_inputs_is_recorded(
    client_for: Browser, drafter: User, draft: Draft
) -> None:
    report = request_report(draft, requested_by=drafter)
    answer = client_for(drafter).get(f"/reports/{report.public_id}/inputs.jsonl")
    assert answer.status_code == 200
    line = AuditRecord.objects.get()
    assert (line.act, line.actor, line.object_key) == (
        Act.EXPORTED,
        drafter,
        str(report.public_id),
    )
