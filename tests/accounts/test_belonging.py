"""Leave, be removed, change roles; an organisation never loses its last representative so."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone

from accounts import belonging, letters
from accounts.auditing import Act
from accounts.belonging import change_role, leave, remove_member, restore_member
from accounts.mandating import withdraw_mandate
from accounts.models import Mandate, Membership, Organisation, User
from accounts.representing import LastRepresentative, MembershipRefused, may_manage
from accounts.voices import voices_of
from tests.accounts.test_joining import acts_about, at_once
from tests.cast import mandate, organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Role = Membership.Role


def membership_of(user: User) -> Membership:
    return Membership.objects.select_related("user").get(user=user)


@pytest.fixture
def second(association: Organisation) -> User:
    """Another representative of the association, with a mandate."""
    user = person("second")
    mandate(user, association)
    return user


def test_a_member_leaves(association: Organisation, member: User) -> None:
    left = leave(membership_of(member))
    assert left.left_at is not None
    assert left.removed_by is None
    assert acts_about(association) == [Act.MEMBER_LEFT]
    assert leave(left).left_at == left.left_at


def test_the_last_representative_stays(
    association: Organisation, representative: User, member: User
) -> None:
    own = membership_of(representative)
    acts: list[Callable[[], object]] = [
        partial(leave, own),
        partial(remove_member, own, actor=representative),
        partial(change_role, own, actor=representative, role=Role.MEMBER),
        partial(withdraw_mandate, own.mandates.get(), actor=representative),
    ]
    for act in acts:
        with pytest.raises(LastRepresentative, match="First make another member"):
            act()
    # A representative without a mandate is no help: nobody could manage the members.
    change_role(membership_of(member), actor=representative, role=Role.REPRESENTATIVE)
    for act in acts:
        with pytest.raises(LastRepresentative):
            act()
    assert may_manage(representative, association, on=timezone.localdate())


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize("way", ["leave", "remove", "demote", "withdraw"])
def test_with_another_representative_one_may_go(
    association: Organisation, representative: User, second: User, way: str
) -> None:
    own = membership_of(representative)
    ways: dict[str, Callable[[], object]] = {
        "leave": partial(leave, own),
        "remove": partial(remove_member, own, actor=second),
        "demote": partial(change_role, own, actor=second, role=Role.MEMBER),
        "withdraw": partial(withdraw_mandate, own.mandates.get(), actor=second),
    }
    ways[way]()
    assert not may_manage(representative, association, on=timezone.localdate())
    with pytest.raises(LastRepresentative):
        leave(membership_of(second))


def test_one_whose_mandate_has_run_out_is_no_other_representative(
    representative: User, second: User
) -> None:
    Mandate.objects.filter(membership__user=second).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(LastRepresentative):
        leave(membership_of(representative))
    leave(membership_of(second))


def test_where_nobody_has_a_mandate_the_last_by_role_stays(visitor: User) -> None:
    applied = organisation("申請中的公會", verified=False)
    own = Membership.objects.create(user=visitor, organisation=applied, role=Role.REPRESENTATIVE)
    with pytest.raises(LastRepresentative):
        leave(own)
    Organisation.objects.filter(pk=applied.pk).update(state=Organisation.State.REFUSED)
    leave(own)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_representatives_who_go_at_once_one_stays(
    association: Organisation, representative: User, second: User
) -> None:
    pair = [membership_of(user) for user in (representative, second)]
    for _round in range(5):
        assert at_once(*(partial(leave, own) for own in pair)) == ["LastRepresentative", "done"]
        assert association.memberships.current().count() == 1
        Membership.objects.update(left_at=None)


@pytest.mark.django_db(transaction=True)
def test_two_who_remove_each_other_at_once_do_not_both_succeed(
    association: Organisation, representative: User, second: User
) -> None:
    ends = at_once(
        partial(remove_member, membership_of(second), actor=representative),
        partial(remove_member, membership_of(representative), actor=second),
    )
    assert ends == ["MembershipRefused", "done"]
    assert association.memberships.current().count() == 1


def test_a_removed_member_is_told_and_can_be_restored_for_a_day(
    association: Organisation, representative: User, second: User
) -> None:
    now = timezone.now()
    removed = remove_member(membership_of(second), actor=representative, at=now)
    assert removed.removed_by == representative
    letters.tell_of_removal(removed.pk, language="en")
    assert mail.outbox[-1].to == [second.email]
    with pytest.raises(MembershipRefused, match="no longer be undone"):
        restore_member(removed, actor=representative, at=now + timedelta(days=1))
    restored = restore_member(removed, actor=representative, at=now + timedelta(hours=23))
    assert (restored.left_at, restored.removed_by) == (None, None)
    assert may_manage(second, association, on=timezone.localdate())
    assert acts_about(association) == [Act.MEMBER_REMOVED, Act.MEMBER_JOINED]
    letters.tell_of_removal(removed.pk, language="en")
    assert len(mail.outbox) == 1


def test_nobody_who_left_is_put_back(representative: User, member: User) -> None:
    left = leave(membership_of(member))
    with pytest.raises(MembershipRefused):
        restore_member(left, actor=representative)


def test_a_role_without_a_mandate_manages_nothing(
    association: Organisation, representative: User, member: User
) -> None:
    own = membership_of(member)
    change_role(own, actor=representative, role=Role.REPRESENTATIVE)
    assert not may_manage(member, association, on=timezone.localdate())
    change_role(own, actor=representative, role=Role.REPRESENTATIVE)
    assert acts_about(association) == [Act.MEMBER_ROLE_CHANGED]
    with pytest.raises(MembershipRefused):
        remove_member(membership_of(representative), actor=member)


def test_others_change_nothing(
    representative: User, member: User, visitor: User, administrator: User, school: Organisation
) -> None:
    elsewhere = person("elsewhere")
    mandate(elsewhere, school)
    own = membership_of(member)
    for actor in (member, visitor, administrator, elsewhere):
        with pytest.raises(MembershipRefused):
            remove_member(own, actor=actor)
        with pytest.raises(MembershipRefused):
            change_role(own, actor=actor, role=Role.REPRESENTATIVE)
    own.refresh_from_db()
    assert (own.left_at, own.role) == (None, Role.MEMBER)
    assert membership_of(representative).left_at is None


def test_who_is_gone_gets_no_role(representative: User, member: User) -> None:
    own = leave(membership_of(member))
    for act in (
        partial(remove_member, own, actor=representative),
        partial(change_role, own, actor=representative, role=Role.REPRESENTATIVE),
    ):
        with pytest.raises(MembershipRefused, match="no longer a member"):
            act()


def test_a_voice_ends_with_the_membership(
    association: Organisation, representative: User, second: User
) -> None:
    assert [voice.name for voice in voices_of(second, framework_code="tve")] == [
        "second",
        association.name,
    ]
    remove_member(membership_of(second), actor=representative)
    assert [voice.name for voice in voices_of(second, framework_code="tve")] == ["second"]


def test_the_table_in_the_docstring_names_every_act() -> None:
    head = re.search(r"^\| from \\ act \|(.+)\|$", belonging.__doc__ or "", re.MULTILINE)
    assert head
    acts = [cell.strip() for cell in head[1].split("|")]
    assert acts == ["leave", "remove", "restore", "make representative", "make member"]
