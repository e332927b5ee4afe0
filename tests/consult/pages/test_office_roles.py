"""The page on which an administrator gives and takes away roles, without a script."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.auditing import Act
from accounts.models import AuditRecord, User
from consult.document.access import may_draft
from consult.document.models import Draft, Drafter, Framework, Section
from consult.pages.window_acts import act_on_section
from tests.accounts.visits import PASSWORD, confirmed, with_password
from tests.cast import person

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
ROLES = "/office/roles/"
TAKE = "/office/roles/take/"


@pytest.mark.parametrize("role", ["moderator", "administrator", "drafts:tve"])
def test_a_role_by_the_address_and_back(
    client_for: Browser, administrator: User, visitor: User, framework: Framework, role: str
) -> None:
    client = confirmed(client_for(administrator))
    answer = client.post(ROLES, {"email": "VISITOR@example.org", "role": role}, follow=True)
    assert "visitor 有新的角色" in answer.content.decode()
    assert holds(visitor, framework) == role
    sent = {"person": visitor.public_id, "role": role}
    answer = client.post(TAKE, sent, follow=True)
    assert "visitor 不再有這個角色" in answer.content.decode()
    assert holds(visitor, framework) == ""
    assert [*AuditRecord.objects.order_by("pk").values_list("act", flat=True)] == [
        Act.ROLE_GIVEN,
        Act.ROLE_TAKEN,
    ]


def holds(user: User, framework: Framework) -> str:
    user.refresh_from_db()
    if may_draft(user, framework):
        return "drafts:tve"
    return "moderator" if user.is_moderator else "administrator" if user.is_staff else ""


def test_no_address_tells_whether_there_is_an_account(
    client_for: Browser, administrator: User, outsider: User
) -> None:
    client = confirmed(client_for(administrator))
    answers = []
    for address in (outsider.email, "nobody99@example.org"):
        answer = client.post(ROLES, {"email": address, "role": "moderator"})
        assert answer.status_code == 422
        answers.append(answer.content.decode().replace(address, "…"))
    without_tokens = [
        [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
        for page in answers
    ]
    assert without_tokens[0] == without_tokens[1]


def test_the_last_administrator_is_told_why(client_for: Browser, administrator: User) -> None:
    sent = {"person": administrator.public_id, "role": "administrator"}
    answer = confirmed(client_for(administrator)).post(TAKE, sent)
    assert answer.status_code == 422
    assert "最後一位管理員" in answer.content.decode()


def test_who_gives_up_the_role_leaves_the_office(client_for: Browser, administrator: User) -> None:
    person("other", is_staff=True)
    client = confirmed(client_for(administrator))
    sent = {"person": administrator.public_id, "role": "administrator"}
    answer = client.post(TAKE, sent)
    assert answer["Location"] == "/"
    assert client.get(ROLES).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"role": "king", "person": "x"}, {"role": "drafts:none"}])
def test_what_cannot_be_read_changes_nothing(
    client_for: Browser, administrator: User, sent: dict[str, str]
) -> None:
    client = confirmed(client_for(administrator))
    assert client.post(TAKE, sent).status_code == 422
    assert client.post(ROLES, sent).status_code == 422
    assert not AuditRecord.objects.exists()


def test_a_password_is_asked_for_again(client_for: Browser, administrator: User) -> None:
    """And then the role is given as it was asked for."""
    with_password(administrator)
    visitor = person("newcomer")
    client = client_for(administrator)
    answer = client.post(ROLES, {"email": visitor.email, "role": "moderator"})
    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Foffice%2Froles%2F"
    visitor.refresh_from_db()
    assert not visitor.is_moderator
    client.post(answer["Location"], {"password": PASSWORD, "next": ROLES})
    visitor.refresh_from_db()
    assert visitor.is_moderator


def test_the_page_costs_the_same_with_many(
    client_for: Browser, administrator: User, framework: Framework
) -> None:
    client = client_for(administrator)
    client.get(ROLES)
    with CaptureQueriesContext(connection) as before:
        client.get(ROLES)
    for number in range(10):
        Drafter.objects.create(framework=framework, user=person(f"drafter-{number}"))
        person(f"moderator-{number}", is_moderator=True)
        Framework.objects.create(code=f"framework-{number}", title="綱領", owner_body="部")
    with CaptureQueriesContext(connection) as after:
        client.get(ROLES)
    assert len(after) == len(before)


def test_whose_drafting_was_taken_publishes_nothing(drafter: User, draft: Draft) -> None:
    """Also when the page had let them in before."""
    section = Section.objects.get(draft=draft, ref="肆-二")
    Drafter.objects.filter(user=drafter).delete()
    chosen = {"act": "open", "when": None, "closes_at": None}
    with pytest.raises(Http404):
        act_on_section(section, actor=drafter, chosen=chosen)
    assert not hasattr(Section.objects.get(pk=section.pk), "window")
