"""What is kept for a time only goes in time; what anything hangs on stays."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from accounts.auditing import Act, record
from accounts.models import Invitation, Organisation, User
from accounts.retention import (
    INVITATION_KEPT,
    UNVERIFIED_KEPT,
    purge,
    purge_invitations,
    purge_unverified_accounts,
)
from accounts.tasks import purge_what_is_over
from config.celery import app
from tests.cast import person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SOON_DUE = NOW - UNVERIFIED_KEPT + dt.timedelta(minutes=1)
DUE = NOW - UNVERIFIED_KEPT - dt.timedelta(minutes=1)


def joined(name: str, at: dt.datetime, *, verified: bool = False, **also: Any) -> User:
    user = person(name, verified=verified)
    User.objects.filter(pk=user.pk).update(date_joined=at, **also)
    return user


def test_an_account_that_was_never_confirmed_goes() -> None:
    joined("due", DUE)
    joined("not-due", SOON_DUE)
    joined("confirmed", DUE, verified=True)
    joined("signed-in", DUE, last_login=NOW)
    joined("moderates", DUE, is_moderator=True)
    joined("closed", DUE, closed_at=NOW)
    assert purge_unverified_accounts(at=NOW) == 1
    assert not User.objects.filter(display_name="due").exists()
    assert not EmailAddress.objects.filter(email="due@example.org").exists()
    assert User.objects.count() == 5
    assert purge_unverified_accounts(at=NOW) == 0


def test_what_something_hangs_on_stays(association: Organisation) -> None:
    recorded, asked = joined("recorded", DUE), joined("asked", DUE)
    record(Act.SIGN_IN, actor=recorded)
    association.join_requests.create(user=asked)
    due = joined("due", DUE)
    assert purge_unverified_accounts(at=NOW) == 1
    assert not User.objects.filter(pk=due.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_who_confirms_at_that_moment_keeps_the_account() -> None:
    user = joined("late", DUE)
    held, purged = threading.Event(), []

    def run() -> None:
        held.wait(5)
        purged.append(purge_unverified_accounts(at=NOW))
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).update(verified=True)
        held.set()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    assert purged == [0]
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_purge_once() -> None:
    for number in range(5):
        joined(f"due-{number}", DUE)
    purged: list[int] = []
    barrier = threading.Barrier(3)

    def run() -> None:
        barrier.wait(5)
        purged.append(purge_unverified_accounts(at=NOW))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(purged) == 5
    assert not User.objects.exists()


@pytest.fixture
def invited(association: Organisation, visitor: User) -> Callable[..., Invitation]:
    def invite(name: str, **fields: Any) -> Invitation:
        return Invitation.objects.create(
            organisation=association,
            email=f"{name}@example.org",
            token_sha256=name,
            invited_by=visitor,
            **{"expires_at": NOW + dt.timedelta(days=1), **fields},
        )

    return invite


def test_invitations_that_led_to_nothing_go(
    invited: Callable[..., Invitation], visitor: User
) -> None:
    over = NOW - INVITATION_KEPT - dt.timedelta(minutes=1)
    lately = NOW - INVITATION_KEPT + dt.timedelta(minutes=1)
    invited("expired", expires_at=over)
    invited("declined", cancelled_at=over)
    invited("expired-lately", expires_at=lately)
    invited("declined-lately", cancelled_at=lately, expires_at=over)
    invited("accepted", expires_at=over, accepted_at=over, accepted_by=visitor)
    invited("open")
    assert purge_invitations(at=NOW) == 2
    assert set(Invitation.objects.values_list("token_sha256", flat=True)) == {
        "expired-lately",
        "declined-lately",
        "accepted",
        "open",
    }
    assert purge_invitations(at=NOW) == 0


def test_sessions_that_ran_out_go() -> None:
    Session.objects.create(
        session_key="old", session_data="", expire_date=NOW - dt.timedelta(days=1)
    )
    Session.objects.create(
        session_key="new", session_data="", expire_date=NOW + dt.timedelta(days=1)
    )
    assert purge(at=NOW)["sessions"] == 1
    assert Session.objects.get().session_key == "new"


def test_beat_does_it_every_hour() -> None:
    (entry,) = (
        each
        for each in settings.CELERY_BEAT_SCHEDULE.values()
        if each["task"] == purge_what_is_over.name
    )
    assert entry["schedule"] == 3600.0
    app.loader.import_default_modules()
    assert purge_what_is_over.name in app.tasks
    joined("due", timezone.now() - UNVERIFIED_KEPT - dt.timedelta(days=1))
    assert purge_what_is_over()["accounts"] == 1
