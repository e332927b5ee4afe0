"""Roles of the site: who may give one, what is written down, and that one administrator stays."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import translation

from accounts.auditing import Act
from accounts.models import AuditRecord, User
from accounts.roles import (
    LastAdministrator,
    Role,
    RoleRefused,
    account_for_role,
    give_role,
    has_role,
    take_role,
)
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def lines() -> list[tuple[str, int | None, str, object]]:
    return [
        (line.act, line.actor_id, line.object_key, line.details)
        for line in AuditRecord.objects.order_by("pk")
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_given_and_taken_away(administrator: User, visitor: User, role: Role) -> None:
    assert has_role(give_role(role, to=visitor, actor=administrator), role)
    visitor.refresh_from_db()
    assert has_role(visitor, role)
    assert not visitor.is_superuser
    take_role(role, away_from=visitor, actor=administrator)
    visitor.refresh_from_db()
    assert not has_role(visitor, role)
    key = str(visitor.public_id)
    assert lines() == [
        (Act.ROLE_GIVEN, administrator.pk, key, {"role": role.value}),
        (Act.ROLE_TAKEN, administrator.pk, key, {"role": role.value}),
    ]


def test_what_is_so_already_is_refused(administrator: User, moderator: User) -> None:
    with pytest.raises(RoleRefused, match="already"):
        give_role(Role.MODERATOR, to=moderator, actor=administrator)
    take_role(Role.MODERATOR, away_from=moderator, actor=administrator)
    with pytest.raises(RoleRefused, match="no longer"):
        take_role(Role.MODERATOR, away_from=moderator, actor=administrator)
    assert AuditRecord.objects.count() == 1


def test_only_an_administrator_gives_roles(moderator: User, visitor: User) -> None:
    with pytest.raises(RoleRefused, match="no longer an administrator"):
        give_role(Role.ADMINISTRATOR, to=moderator, actor=moderator)
    with pytest.raises(RoleRefused, match="no longer an administrator"):
        give_role(Role.MODERATOR, to=visitor, actor=visitor)
    assert lines() == []


def test_the_last_administrator_stays(administrator: User, visitor: User) -> None:
    gone = person("gone", is_staff=True)
    gone.is_active = False
    gone.save()
    with pytest.raises(LastAdministrator):
        take_role(Role.ADMINISTRATOR, away_from=administrator, actor=administrator)
    give_role(Role.ADMINISTRATOR, to=visitor, actor=administrator)
    take_role(Role.ADMINISTRATOR, away_from=administrator, actor=administrator)
    administrator.refresh_from_db()
    assert not administrator.is_staff
    assert not administrator.is_superuser


def test_a_role_goes_to_a_live_account_with_a_confirmed_address(
    visitor: User, outsider: User
) -> None:
    assert account_for_role(" Visitor@example.org ") == visitor
    closed = person("closed")
    closed.is_active = False
    closed.save()
    said = set()
    for address in (outsider.email, closed.email, "nobody@example.org"):
        with pytest.raises(RoleRefused) as refusal:
            account_for_role(address)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_a_closed_account_gets_none(administrator: User, visitor: User) -> None:
    User.objects.filter(pk=visitor.pk).update(is_active=False)
    with pytest.raises(RoleRefused, match="closed"):
        give_role(Role.MODERATOR, to=visitor, actor=administrator)


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """Run them at the same moment, each in a connection of its own; what each raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait(5)
        try:
            act()
        except RoleRefused as refusal:
            raised[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one(administrator: User) -> None:
    other = person("other", is_staff=True)
    for _ in range(5):
        User.objects.filter(pk__in=[administrator.pk, other.pk]).update(is_staff=True)
        raised = at_once(
            lambda: take_role(Role.ADMINISTRATOR, away_from=other, actor=administrator),
            lambda: take_role(Role.ADMINISTRATOR, away_from=administrator, actor=other),
        )
        assert User.objects.filter(is_staff=True).count() == 1
        assert sum(isinstance(error, RoleRefused) for error in raised) == 1


@pytest.mark.django_db(transaction=True)
def test_whose_role_is_taken_gives_none_meanwhile(administrator: User, visitor: User) -> None:
    """Whichever comes first, no role comes from someone who is an administrator no longer."""
    other = person("other", is_staff=True)
    for _ in range(5):
        User.objects.filter(pk=other.pk).update(is_staff=True)
        User.objects.filter(pk=visitor.pk).update(is_moderator=False)
        before = AuditRecord.objects.count()
        at_once(
            lambda: take_role(Role.ADMINISTRATOR, away_from=other, actor=administrator),
            lambda: give_role(Role.MODERATOR, to=visitor, actor=other),
        )
        written = list(AuditRecord.objects.order_by("pk").values_list("act", flat=True))[before:]
        visitor.refresh_from_db()
        gave = [Act.ROLE_GIVEN] if visitor.is_moderator else []
        assert written == [*gave, Act.ROLE_TAKEN]
