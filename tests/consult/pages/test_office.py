"""The office: for administrators alone; what waits, the evidence, and the decisions."""

import datetime as dt
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.auditing import Act
from accounts.models import AuditRecord, Organisation, User
from accounts.uploads import private_files
from accounts.verifying import ask_more, propose_name, verify, withdraw_verification
from consult.pages.organisation_contexts import LISTED
from tests.accounts.evidence import LETTER, RIGHT_NUMBER, applied, private
from tests.cast import organisation, person

__all__ = ["private"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private")]

OFFICE = "/office/"


@pytest.fixture
def office(administrator: User) -> Client:
    """The site as the administrator sees it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    return client


def page_of(found: Organisation) -> str:
    return f"/office/organisations/{found.public_id}/"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def decide(client: Client, found: Organisation, act: str, **chosen: object) -> str:
    """Press the button on the page as it is now; what the office says then."""
    seen = re.search(r'name="seen" value="(\d+)"', read(client, page_of(found)))
    posted = {"act": act, "seen": seen[1] if seen else "", "until": "", "reason": ""} | chosen
    answer = client.post(page_of(found), posted)
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert answer["Location"] == OFFICE
        return read(client, OFFICE)
    return answer.content.decode()


def state_of(found: Organisation) -> str:
    return Organisation.objects.get(pk=found.pk).state


# --- who may enter ----------------------------------------------------------------------------


def test_administrators_alone_find_the_office(
    visitor: User,
    moderator: User,
    drafter: User,
    client_for: Callable[[User], Client],
) -> None:
    found = applied(visitor)
    file = found.evidence_files.get()
    for address in (OFFICE, page_of(found), f"/office/evidence/{file.public_id}/"):
        for someone in (visitor, moderator, drafter):
            assert client_for(someone).get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert client_for(moderator).post(page_of(found), {"act": "verify"}).status_code == 404
    assert state_of(found) == "applied"
    assert not AuditRecord.objects.filter(act=Act.EVIDENCE_OPENED).exists()


def test_the_menu_leads_there(visitor: User, office: Client) -> None:
    assert f'href="{OFFICE}"' in read(office, "/")
    client = Client()
    client.force_login(visitor)
    page = read(client, "/")
    assert f'href="{OFFICE}"' not in page
    assert 'href="/my/organisations/"' in page


# --- the list ---------------------------------------------------------------------------------


def test_what_waits_stands_longest_waiting_first(
    office: Client, visitor: User, member: User, administrator: User
) -> None:
    renaming = verify(applied(visitor, "更名協會"), actor=administrator)
    first, second = applied(visitor, "甲協會"), applied(member, "乙協會")
    asked = applied(member, "丙協會")
    ask_more(asked, actor=administrator, reason="請補章程")
    propose_name(renaming, actor=visitor, name="新名協會", reason="決議")
    # It came again with what was asked for: from then on it waits.
    ask_more(first, actor=administrator, reason="請補章程")
    office_page = read(office, OFFICE)
    assert "甲協會" not in office_page
    later = timezone.now() + dt.timedelta(minutes=1)
    first.records.filter(act="apply").update(recorded_at=timezone.now() - dt.timedelta(days=9))
    Organisation.objects.filter(pk=first.pk).update(state="applied")
    first.records.create(act="complete", recorded_at=later, name=first.name)
    rows = re.findall(r'scope="row"><a [^>]*>([^<]+)</a>', read(office, OFFICE))
    assert rows == ["乙協會", "更名協會", "甲協會"]
    assert second.state == "applied"
    assert "New name: 新名協會" in read(office, OFFICE)
    assert "丙協會" in read(office, f"{OFFICE}?show=incomplete")


def test_each_state_has_its_list(office: Client, visitor: User, administrator: User) -> None:
    withdrawn = verify(applied(visitor, "撤銷協會"), actor=administrator)
    withdraw_verification(withdrawn, actor=administrator, reason="已解散")
    soon = timezone.localdate() + dt.timedelta(days=30)
    ending = verify(applied(visitor, "將到期協會"), actor=administrator, until=soon)
    organisation("無期限協會")
    assert "Nothing waits" in read(office, OFFICE)
    assert withdrawn.name in read(office, f"{OFFICE}?show=withdrawn")
    listed = read(office, f"{OFFICE}?show=ending")
    assert ending.name in listed
    assert "無期限協會" not in listed
    assert "無期限協會" in read(office, f"{OFFICE}?show=verified&q=期限")
    assert "has “不存在” in its name" in read(office, f"{OFFICE}?show=verified&q=不存在")
    assert read(office, f"{OFFICE}?show=nonsense&after=x&q=%00")


def test_a_list_goes_on_by_name(office: Client) -> None:
    names = [f"協會{number:03}" for number in range(LISTED + 2)]
    for name in names:
        organisation(name)
    first = read(office, f"{OFFICE}?show=verified")
    following = re.search(r"&amp;after=([0-9a-f-]{36})", first)
    assert following is not None
    rest = read(office, f"{OFFICE}?show=verified&after={following[1]}")
    assert re.findall(r">(協會\d{3})<", first) + re.findall(r">(協會\d{3})<", rest) == names


def test_the_office_costs_the_same_whatever_waits(office: Client, visitor: User) -> None:
    found = applied(visitor)
    read(office, OFFICE)
    with CaptureQueriesContext(connection) as few:
        read(office, OFFICE)
    with CaptureQueriesContext(connection) as short:
        read(office, page_of(found))
    for number in range(20):
        applied(person(f"applicant{number}"), f"協會{number}")
        found.records.create(act="complete", name=found.name, actor=person(f"other{number}"))
    with CaptureQueriesContext(connection) as many:
        read(office, OFFICE)
    with CaptureQueriesContext(connection) as long:
        read(office, page_of(found))
    assert len(many) == len(few) <= 12
    assert len(long) == len(short) <= 12


# --- one organisation -------------------------------------------------------------------------


def test_everything_stands_in_one_page(office: Client, visitor: User) -> None:
    found = applied(visitor, business_number=RIGHT_NUMBER, email_domain="tea.org.tw", sector="A")
    page = read(office, page_of(found))
    for shown in (
        *("臺灣茶業改進協會", RIGHT_NUMBER, "tea.org.tw", "Taipei City", "Agriculture"),
        *("授權書.pdf", "理事會 114 年 3 月 1 日決議", visitor.display_name, visitor.email),
        "has no verified address on the organisation's domain",
    ):
        assert shown in page, shown
    EmailAddress.objects.create(user=visitor, email="me@TEA.org.tw", verified=True)
    assert "has a verified address on the organisation's domain" in read(office, page_of(found))


@pytest.mark.parametrize(
    "alike",
    [
        {"name": "台灣茶業改進協會"},
        {"name": "別的名字", "business_number": RIGHT_NUMBER},
        {"name": "別的名字", "email_domain": "tea.org.tw"},
    ],
)
def test_what_may_be_the_same_body_is_shown(
    office: Client, visitor: User, alike: dict[str, str]
) -> None:
    Organisation.objects.create(group="ngo", state="refused", **alike)
    Organisation.objects.create(group="ngo", state="refused", name="無關的協會")
    found = applied(visitor, business_number=RIGHT_NUMBER, email_domain="tea.org.tw")
    page = read(office, page_of(found))
    assert "May be the same body" in page
    assert f">{alike['name']}</a>" in page
    assert "無關的協會" not in page


def test_evidence_is_saved_not_shown_and_the_log_knows(
    office: Client, visitor: User, administrator: User
) -> None:
    file = applied(visitor).evidence_files.get()
    answer = office.get(f"/office/evidence/{file.public_id}/")
    assert answer.content == LETTER.content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    line = AuditRecord.objects.get(act=Act.EVIDENCE_OPENED)
    assert (line.actor, line.object_kind, line.object_key) == (
        administrator,
        "evidencefile",
        str(file.public_id),
    )
    assert line.details == {"organisation": str(file.organisation.public_id)}


def test_evidence_that_is_gone_is_not_found(office: Client, visitor: User) -> None:
    file = applied(visitor).evidence_files.get()
    private_files().delete(file.stored_name)
    assert office.get(f"/office/evidence/{file.public_id}/").status_code == 404
    assert office.get(f"/office/evidence/{uuid4()}/").status_code == 404
    assert not AuditRecord.objects.filter(act=Act.EVIDENCE_OPENED).exists()


# --- deciding ---------------------------------------------------------------------------------


def test_verifying(office: Client, visitor: User) -> None:
    found = applied(visitor)
    until = timezone.localdate() + dt.timedelta(days=730)
    assert f'value="{until.isoformat()}"' in read(office, page_of(found))
    said = decide(office, found, "verify", until=until.isoformat())
    assert "臺灣茶業改進協會 is verified" in said
    assert "Nothing waits" in said
    found.refresh_from_db()
    assert (found.state, found.verified_until) == ("verified", until)


def test_asking_for_more_refusing_and_withdrawing_need_a_reason(
    office: Client, visitor: User
) -> None:
    found = applied(visitor)
    assert "Say what is missing" in decide(office, found, "ask_more")
    assert state_of(found) == "applied"
    assert "More is asked" in decide(office, found, "ask_more", reason="請補章程")
    assert "refused" in decide(office, found, "refuse", reason="查無此會")
    other = applied(visitor, "另一個協會")
    decide(office, other, "verify")
    assert "Give the reason" in decide(office, other, "withdraw")
    assert "is withdrawn" in decide(office, other, "withdraw", reason="已解散")
    assert (state_of(found), state_of(other)) == ("refused", "withdrawn")


def test_a_name_is_accepted_or_refused(office: Client, visitor: User, administrator: User) -> None:
    found = verify(applied(visitor), actor=administrator)
    propose_name(found, actor=visitor, name="臺灣茶業協會", reason="決議")
    assert "It keeps the name" in decide(office, found, "refuse_name", reason="未附決議")
    propose_name(found, actor=visitor, name="臺灣茶業協會", reason="決議")
    assert "It is called 臺灣茶業協會 now" in decide(office, found, "accept_name")
    found.refresh_from_db()
    assert found.name == "臺灣茶業協會"


def test_what_came_since_the_page_was_opened_stops_the_decision(
    office: Client, visitor: User
) -> None:
    found = applied(visitor)
    seen = found.records.get().pk
    ask_more(found, actor=person("second", is_staff=True), reason="請補章程")
    answer = office.post(page_of(found), {"act": "refuse", "seen": seen, "reason": "查無此會"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Something has changed since you opened this page" in page
    assert "查無此會" in page
    assert state_of(found) == "incomplete"


@pytest.mark.parametrize("act", ["", "delete", "verify_all"])
def test_only_what_there_is_can_be_done(office: Client, visitor: User, act: str) -> None:
    found = applied(visitor)
    assert office.post(page_of(found), {"act": act}).status_code == 422
    assert state_of(found) == "applied"


def test_buttons_fit_the_state(office: Client, visitor: User, administrator: User) -> None:
    found = applied(visitor)

    def offered() -> list[str]:
        return re.findall(r'name="act" value="(\w+)"', read(office, page_of(found)))

    assert offered() == ["verify", "ask_more", "refuse"]
    ask_more(found, actor=administrator, reason="請補章程")
    assert offered() == ["refuse"]
    Organisation.objects.filter(pk=found.pk).update(state="applied")
    verify(found, actor=administrator)
    assert offered() == ["verify", "withdraw"]
    propose_name(found, actor=visitor, name="臺灣茶業協會", reason="決議")
    assert offered() == ["accept_name", "refuse_name", "verify", "withdraw"]
    withdraw_verification(found, actor=administrator, reason="已解散")
    assert offered() == ["verify"]


def test_ones_own_organisation_is_anothers_to_decide(office: Client, administrator: User) -> None:
    found = applied(administrator)
    page = read(office, page_of(found))
    assert "another administrator decides on it" in page
    assert 'name="act"' not in page
    assert office.post(page_of(found), {"act": "verify"}).status_code == 422
    assert state_of(found) == "applied"
