"""The socket of a report's page."""

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client

from accounts.models import User
from comments.consumers import NOT_FOUND
from consult.document.models import Draft, Drafter
from consult.reports import aggregating
from consult.reports.requesting import request_report
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import a_comment, a_draft
from tests.sockets import Socket, in_loop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def commented() -> Draft:
    draft = a_draft()
    a_comment(draft, "壹-1", author=person("ann"))
    return draft


@pytest.fixture
def drafter(commented: Draft) -> User:
    user = with_second_factor(person("drafter"))
    Drafter.objects.create(framework=commented.framework, user=user)
    return user


def socket_of(user: User, path: str) -> Socket:
    """The socket of a page that this person has open."""
    browser = Client()
    browser.force_login(user)
    return Socket(path, session=browser.cookies[settings.SESSION_COOKIE_NAME].value)


def test_a_report_tells_that_it_goes_forward(commented: Draft, drafter: User) -> None:
    report = request_report(commented, requested_by=drafter)
    aggregating.plan_report(report.pk)
    part = report.parts.reading()[0]

    async def scenario() -> None:
        socket = await sync_to_async(socket_of)(drafter, f"/ws/reports/{report.public_id}/")
        await socket.listen()
        await sync_to_async(aggregating.make_part)(part.pk)
        assert await socket.hear() == {"report": str(report.public_id)}
        await socket.leave()

    in_loop(scenario)


def test_nobody_else_hears_of_a_report(commented: Draft, drafter: User) -> None:
    report = request_report(commented, requested_by=drafter)
    stranger = person("stranger")
    without_factor = person("careless")
    commented.framework.drafters.add(without_factor)

    async def scenario() -> None:
        for socket in (
            Socket(f"/ws/reports/{report.public_id}/"),
            await sync_to_async(socket_of)(stranger, f"/ws/reports/{report.public_id}/"),
            await sync_to_async(socket_of)(without_factor, f"/ws/reports/{report.public_id}/"),
        ):
            await socket.open()
            assert await socket.closing_code() == NOT_FOUND

    in_loop(scenario)
