"""Who takes part, what they said, applying, and what a later decision leaves untouched."""

import datetime as dt
import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import rates
from accounts.groups import StakeholderGroup
from accounts.models import Membership, Organisation, User
from accounts.verifying import (
    accept_name,
    ask_more,
    propose_name,
    refuse,
    verify,
    withdraw_verification,
)
from accounts.voices import Voice
from comments.models import Comment
from comments.moderating import hide
from comments.posting import post_comment
from comments.rules import Rule
from consult.document.models import Provision, Section
from consult.document.publishing import withdraw_section
from consult.pages.organisation_contexts import LISTED, SAID_A_PAGE, organisation_page
from tests.accounts.evidence import applied, private
from tests.accounts.files import pdf
from tests.cast import SECRET, organisation, person

__all__ = ["private"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private")]

ENGLISH = {"accept-language": "en"}
LIST = "/organisations/"
APPLY = "/organisations/apply/"
MINE = "/my/organisations/"

NamedProvision = Callable[[str], Provision]
OpenAs = Callable[[User], Client]


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def public_page(found: Organisation) -> str:
    return f"/organisations/{found.public_id}/"


def own_page(found: Organisation) -> str:
    return f"/my/organisations/{found.public_id}/"


def say(
    provision: Provision,
    user: User,
    found: Organisation,
    body: str = "本會意見",
    *,
    at: datetime | None = None,
) -> Comment:
    return post_comment(
        provision,
        voice=Voice(user, Organisation.objects.get(pk=found.pk)),
        body=body,
        stance="support",
        idempotency_key=uuid4(),
        at=at,
    )


def letter(name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(), content_type="application/pdf")


def filled(**changed: object) -> dict[str, object]:
    """The application form, as it can be sent."""
    return {
        "group": "association",
        "name": "臺灣茶業改進協會",
        "county": "TPE",
        "evidence": "理事會 114 年 3 月 1 日決議",
        "papers": letter(),
    } | changed


# --- the list ---------------------------------------------------------------------------------


def test_verified_ones_are_listed_by_group_and_found_by_name(
    association: Organisation, school: Organisation, visitor: User
) -> None:
    waiting = applied(visitor, "尚未驗證協會")
    lapsed = organisation("已到期協會")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Organisation.objects.filter(pk=lapsed.pk).update(verified_until=yesterday)
    page = read(Client(), LIST)
    assert association.name in page
    assert school.name in page
    assert waiting.name not in page
    assert lapsed.name not in page
    assert re.findall(r'number">(\d+)</span></a>', page) == ["2", "1", "1"]
    schools = read(Client(), f"{LIST}?group=school")
    assert school.name in schools
    assert association.name not in schools
    assert association.name in read(Client(), f"{LIST}?q=台灣機械")
    assert "has “不存在” in its name" in read(Client(), f"{LIST}?q=不存在")


def test_the_list_goes_on_by_name() -> None:
    names = [f"協會{number:03}" for number in range(LISTED + 3)]
    for name in reversed(names):
        organisation(name)
    first = read(Client(), LIST)
    assert re.findall(r"協會\d{3}", first) == names[:LISTED]
    following = re.search(r"\?after=[0-9a-f-]{36}", first)
    assert following is not None
    rest = read(Client(), LIST + following[0])
    assert re.findall(r"協會\d{3}", rest) == names[LISTED:]
    assert "More organisations" not in rest


@pytest.mark.parametrize(
    "query", ["after=x", "group=x", "q=%00%27%25", "after=00000000-0000-4000-8000-000000000000"]
)
def test_any_query_is_answered(query: str, association: Organisation) -> None:
    assert Client().get(f"{LIST}?{query}").status_code == 200
    assert Client().get(f"{public_page(association)}?{query}&before=%00x").status_code == 200


def test_the_list_costs_the_same_whatever_its_length(association: Organisation) -> None:
    assert association.is_verified()
    with CaptureQueriesContext(connection) as few:
        read(Client(), LIST)
    for number in range(30):
        organisation(f"協會{number}", StakeholderGroup.values[number % 6])
    with CaptureQueriesContext(connection) as many:
        read(Client(), LIST)
    assert len(many) == len(few) <= 4


# --- one's own page, as everyone sees it ------------------------------------------------------


def test_only_verified_ones_have_a_page(visitor: User, administrator: User) -> None:
    found = applied(visitor)
    read(Client(), public_page(found), 404)
    refuse(found, actor=administrator, reason="查無此會")
    read(Client(), public_page(found), 404)
    read(Client(), f"/organisations/{uuid4()}/", 404)


def test_it_shows_what_was_said_newest_first_and_goes_on(
    association: Organisation, representative: User, provision: NamedProvision
) -> None:
    target = provision("壹-1")
    # Since the mandate began, and in the order of numbers.
    start = timezone.now() - dt.timedelta(minutes=SAID_A_PAGE)
    for number in range(SAID_A_PAGE + 2):
        # Pairs of one moment: the page's edge must not lose one.
        at = start + dt.timedelta(minutes=(number + 1) // 2)
        say(target, representative, association, f"意見{number:02}。", at=at)
    expected = [f"意見{number:02}" for number in reversed(range(SAID_A_PAGE + 2))]
    first = read(Client(), public_page(association))
    assert re.findall(r"意見\d\d", first) == expected[:SAID_A_PAGE]
    following = re.search(r"\?before=\w+", first)
    assert following is not None
    rest = read(Client(), public_page(association) + following[0])
    assert re.findall(r"意見\d\d", rest) == expected[SAID_A_PAGE:]
    assert "Earlier comments" not in rest


def test_it_shows_nothing_that_readers_may_not_see(
    association: Organisation,
    representative: User,
    moderator: User,
    drafter: User,
    provision: NamedProvision,
    section: Callable[[str], Section],
) -> None:
    shown = say(provision("壹-1"), representative, association)
    hidden = say(provision("壹-1"), representative, association, f"{SECRET}粗話")
    hide(hidden, moderator=moderator, rule=Rule.ATTACK)
    away = say(provision("肆-一-1"), representative, association, f"{SECRET}撤回的章節")
    withdraw_section(section("肆-一"), actor=drafter)
    page = read(Client(), public_page(association))
    assert shown.reference in page
    assert away.reference not in page
    assert SECRET not in page
    assert organisation_page(association, before="", at=timezone.now()).said_count == 1


def test_a_stranger_to_it_is_no_edge(
    association: Organisation, school: Organisation, representative: User, provision: NamedProvision
) -> None:
    made = say(provision("壹-1"), representative, association)
    page = read(Client(), f"{public_page(school)}?before={made.reference}")
    assert "It has not commented yet" in page


def test_a_page_costs_the_same_whatever_was_said(
    association: Organisation, representative: User, provision: NamedProvision
) -> None:
    say(provision("壹-1"), representative, association)
    with CaptureQueriesContext(connection) as few:
        read(Client(), public_page(association))
    for ref in ("壹-1", "壹-2", "肆-1", "肆-一-1") * 5:
        say(provision(ref), representative, association, at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        read(Client(), public_page(association))
    assert len(many) == len(few) <= 7


# --- what was said stays as it was said -------------------------------------------------------


def test_a_rename_or_a_withdrawal_changes_nothing_in_what_was_said(
    visitor: User, administrator: User, provision: NamedProvision
) -> None:
    found = verify(
        applied(visitor, "青禾高工", group="school", school_level="technical"), actor=administrator
    )
    target = provision("壹-1")
    said = say(target, visitor, found)
    kept = ("group", "organisation_name", "school_level", "public_role", "body", "stance")
    before = Comment.objects.filter(pk=said.pk).values(*kept, "changed_sequence").get()
    propose_name(found, actor=visitor, name="青禾科技大學", reason="改制")
    accept_name(found, actor=administrator)
    Organisation.objects.filter(pk=found.pk).update(group="ngo", school_level="")
    later = say(target, visitor, found, "改制後的意見")
    withdraw_verification(found, actor=administrator, reason="停辦")
    assert Comment.objects.filter(pk=said.pk).values(*kept, "changed_sequence").get() == before
    assert before["organisation_name"] == "青禾高工"
    assert (later.organisation_name, later.group, later.school_level) == ("青禾科技大學", "ngo", "")
    thread = read(Client(), "/tve/1/壹-1/comments/")
    assert "青禾高工</a>" in thread
    assert "青禾科技大學</a>" in thread
    page = read(Client(), public_page(found))
    assert "<h1>青禾科技大學</h1>" in page
    assert "said as 青禾高工" in page
    assert re.search(r"Formerly:\s*青禾高工", page)


def test_a_comment_says_how_the_organisation_stands_now(
    association: Organisation,
    representative: User,
    visitor: User,
    administrator: User,
    provision: NamedProvision,
) -> None:
    say(provision("壹-1"), representative, association)
    post_comment(
        provision("壹-1"),
        voice=Voice(visitor, None),
        body="我自己的意見",
        stance="other",
        idempotency_key=uuid4(),
    )
    address = "/tve/1/壹-1/comments/"
    page = read(Client(), address)
    assert page.count(f'<a href="{public_page(association)}">') == 1
    assert "Verified" in page
    Organisation.objects.filter(pk=association.pk).update(
        verified_until=timezone.localdate() - dt.timedelta(days=1)
    )
    # As on another day: what was rendered on one is not shown on the next.
    cache.clear()
    page = read(Client(), address)
    assert "Verification lapsed" in page
    assert "Verified" not in page
    verify(association, actor=administrator)
    withdraw_verification(association, actor=administrator, reason="已解散")
    page = read(Client(), address)
    assert "Verification withdrawn" in page
    assert "本會意見" in page
    assert "Verification withdrawn" in read(Client(), public_page(association))
    assert "已解散" not in read(Client(), public_page(association))


# --- applying ---------------------------------------------------------------------------------


def test_an_application_is_sent_with_its_letter(visitor: User, client_for: OpenAs) -> None:
    client = client_for(visitor)
    read(client, APPLY)
    answer = client.post(APPLY, filled(), headers=ENGLISH)
    found = Organisation.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == own_page(found)
    assert (found.state, found.applied_by, found.language) == ("applied", visitor, "en")
    assert found.evidence_files.get().shown_name == "letter.pdf"
    page = read(client, own_page(found))
    assert "Your application has arrived" in page
    assert "An administrator looks at the application" in page
    assert "letter.pdf" in page
    assert found.name in read(client, MINE)


def test_everything_that_is_wrong_is_said_at_once(visitor: User, client_for: OpenAs) -> None:
    client = client_for(visitor)
    answer = client.post(APPLY, {"email_domain": "gmail.com"}, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422
    fields = ("group_0", "name", "county", "email_domain", "evidence", "papers")
    for field in fields:
        assert f'href="#id_{field}"' in page, field
    assert 'value="gmail.com"' in page
    assert client.post(APPLY, {}, headers=ENGLISH).status_code == 422
    assert not Organisation.objects.exists()


def test_a_file_that_is_none_is_refused_with_a_sentence(visitor: User, client_for: OpenAs) -> None:
    client = client_for(visitor)
    hostile = SimpleUploadedFile("letter.pdf", b"#!/bin/sh")
    answer = client.post(APPLY, filled(papers=hostile), headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "letter.pdf" in page
    assert "Choose the files again" in page
    assert "臺灣茶業改進協會" in page
    assert not Organisation.objects.exists()


def test_what_the_verb_refuses_stands_with_its_field(visitor: User, client_for: OpenAs) -> None:
    organisation("臺灣茶業改進協會")
    answer = client_for(visitor).post(APPLY, filled(), headers=ENGLISH)
    assert answer.status_code == 422
    assert "is verified in this group already" in answer.content.decode()


def test_too_many_files_or_applications_are_refused_in_a_sentence(
    visitor: User, client_for: OpenAs
) -> None:
    client = client_for(visitor)
    for number in range(rates.APPLICATION.times):
        client.post(APPLY, filled(name=f"協會{number}"))
        Organisation.objects.update(state="refused")
    assert Organisation.objects.count() == rates.APPLICATION.times
    answer = client.post(APPLY, filled(name="再一個協會"), headers=ENGLISH)
    assert answer.status_code == 422
    assert "You have done this very often" in answer.content.decode()
    for _more in range(rates.UPLOAD.times):
        answer = client.post(APPLY, filled(name=""), headers=ENGLISH)
    assert "You have done this very often" in answer.content.decode()
    assert Organisation.objects.count() == rates.APPLICATION.times


def test_a_school_has_its_level_without_javascript(visitor: User, client_for: OpenAs) -> None:
    client = client_for(visitor)
    answer = client.post(APPLY, filled(group="school"), headers=ENGLISH)
    assert 'href="#id_school_level"' in answer.content.decode()
    client.post(APPLY, filled(group="school", school_level="technical"))
    # What another group leaves in the field is not an error.
    client.post(APPLY, filled(school_level="technical", name="臺灣咖啡協會"))
    levels = Organisation.objects.order_by("pk").values_list("school_level", flat=True)
    assert list(levels) == ["technical", ""]


# --- my organisations -------------------------------------------------------------------------


@pytest.mark.parametrize("address", [APPLY, MINE])
def test_own_pages_ask_to_sign_in_and_are_not_kept(
    address: str, visitor: User, client_for: OpenAs
) -> None:
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert "no-store" in client_for(visitor).get(address)["Cache-Control"]


def test_others_find_no_application(visitor: User, member: User, client_for: OpenAs) -> None:
    found = applied(visitor)
    for address in (own_page(found), f"{own_page(found)}complete/", f"{own_page(found)}name/"):
        read(client_for(member), address, 404)
        assert client_for(member).post(address, {}).status_code in (404, 405)


def test_more_is_asked_for_and_given(
    visitor: User, administrator: User, client_for: OpenAs
) -> None:
    client, found = client_for(visitor), applied(visitor)
    read(client, f"{own_page(found)}complete/", 404)
    ask_more(found, actor=administrator, reason="請補蓋章的公函")
    assert "Complete the application" in read(client, MINE)
    page = read(client, own_page(found))
    assert page.count("請補蓋章的公函") == 2
    assert administrator.email not in page
    form = read(client, f"{own_page(found)}complete/")
    assert 'value="臺灣茶業改進協會"' in form
    assert "理事會 114 年 3 月 1 日決議" in form
    answer = client.post(
        f"{own_page(found)}complete/",
        filled(answer="已補上", papers=letter("sealed.pdf")),
        headers=ENGLISH,
    )
    assert answer["Location"] == own_page(found)
    found.refresh_from_db()
    assert found.state == Organisation.State.APPLIED
    assert [file.shown_name for file in found.evidence_files.all()] == ["授權書.pdf", "sealed.pdf"]
    assert "已補上" in read(client, own_page(found))


def test_what_completing_refuses_is_said(
    visitor: User, administrator: User, client_for: OpenAs
) -> None:
    client, found = client_for(visitor), applied(visitor)
    answer = client.post(f"{own_page(found)}complete/", filled(), headers=ENGLISH)
    assert answer.status_code == 422
    assert "the organisation is “Under review”" in answer.content.decode()
    ask_more(found, actor=administrator, reason="請補章程")
    answer = client.post(f"{own_page(found)}complete/", filled(name=""), headers=ENGLISH)
    assert answer.status_code == 422


def test_each_phase_says_what_comes_next(
    visitor: User, administrator: User, client_for: OpenAs
) -> None:
    client, found = client_for(visitor), applied(visitor)
    page = own_page(found)
    verify(found, actor=administrator, until=timezone.localdate())
    shown = read(client, page)
    for address in (f"{page}members/", public_page(found), f"{page}name/"):
        assert f'href="{address}"' in shown
    Organisation.objects.filter(pk=found.pk).update(
        verified_until=timezone.localdate() - dt.timedelta(days=1)
    )
    assert "until an administrator renews the verification" in read(client, page)
    read(client, f"{page}name/", 404)
    withdraw_verification(found, actor=administrator, reason="已解散")
    shown = read(client, page)
    assert "已解散" in shown
    assert "Nobody can speak in its name" in shown
    second = applied(visitor, "另一個協會")
    refuse(second, actor=administrator, reason="查無此會")
    shown = read(client, own_page(second))
    assert "查無此會" in shown
    assert APPLY in shown


def test_a_member_sees_no_evidence_and_no_steps(
    visitor: User, administrator: User, client_for: OpenAs
) -> None:
    found = verify(applied(visitor), actor=administrator)
    belongs = person("belongs")
    Membership.objects.create(user=belongs, organisation=found)
    page = read(client_for(belongs), own_page(found))
    assert "授權書.pdf" not in page
    assert "Steps so far" not in page
    assert "/name/" not in page
    assert f'href="{own_page(found)}members/"' in page


def test_a_new_name_is_proposed(visitor: User, administrator: User, client_for: OpenAs) -> None:
    client = client_for(visitor)
    found = verify(applied(visitor), actor=administrator)
    address = f"{own_page(found)}name/"
    read(client, address)
    answer = client.post(address, {"name": found.name, "reason": "決議"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "goes by this name already" in answer.content.decode()
    answer = client.post(address, {"name": "臺灣茶業協會", "reason": "決議", "papers": letter()})
    assert answer["Location"] == own_page(found)
    assert "Under review: 臺灣茶業協會" in read(client, own_page(found))
    assert found.name in read(Client(), public_page(found))


def test_own_pages_cost_the_same_whatever_there_is(
    visitor: User, administrator: User, client_for: OpenAs
) -> None:
    client = client_for(visitor)
    found = applied(visitor)
    with CaptureQueriesContext(connection) as few:
        read(client, MINE)
    with CaptureQueriesContext(connection) as short:
        read(client, own_page(found))
    for number in range(9):
        day = timezone.now() + dt.timedelta(days=2 * number + 2)
        other = applied(visitor, f"協會{number}", at=day)
        refuse(other, actor=administrator, reason="查無此會")
        ask_more(found, actor=administrator, reason="再補")
        client.post(f"{own_page(found)}complete/", filled(papers=""))
    with CaptureQueriesContext(connection) as many:
        read(client, MINE)
    with CaptureQueriesContext(connection) as long:
        read(client, own_page(found))
    assert len(many) == len(few) <= 7
    assert len(long) == len(short) <= 10
