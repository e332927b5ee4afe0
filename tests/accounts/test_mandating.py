"""Mandates: proposed on evidence, decided by an administrator, in force for their days only."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import letters, mandating, uploads
from accounts.auditing import Act
from accounts.belonging import leave, remove_member
from accounts.inspecting.kinds import FileKind
from accounts.mandating import (
    ALLOWED_ACTS,
    LONGEST_EVIDENCE,
    MandateAct,
    MandateRefused,
    accept_mandate,
    members_to_propose,
    propose_mandate,
    refuse_mandate,
    withdraw_mandate,
)
from accounts.models import AuditRecord, Mandate, Membership, Organisation, User
from accounts.representing import MembershipRefused, may_manage
from accounts.uploads import GuardedFile
from accounts.voices import may_speak_for, voices_of
from tests.accounts.files import picture
from tests.accounts.test_belonging import membership_of
from tests.accounts.test_joining import at_once, table_of
from tests.cast import mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

State = Mandate.State


def a_file(name: str = "授權書.png") -> GuardedFile:
    return GuardedFile(name=name, kind=FileKind.PNG, content=picture("PNG"))


@pytest.fixture
def proposed(representative: User, member: User) -> Mandate:
    """A mandate of the member's, under review."""
    return proposal(member, actor=representative)


def proposal(user: User, *, actor: User, **what: Any) -> Mandate:
    wanted: dict[str, Any] = {
        "evidence": "114 年第 3 次理事會決議",
        "starts_on": timezone.localdate(),
    } | what
    return propose_mandate(membership_of(user), actor=actor, **wanted)


def acts_about(found: Mandate) -> list[str]:
    lines = AuditRecord.objects.filter(object_kind="mandate", object_key=str(found.pk))
    return list(lines.order_by("pk").values_list("act", flat=True))


def names(user: User, *, code: str = "tve") -> list[str]:
    return [voice.name for voice in voices_of(user, framework_code=code)]


# --- proposing --------------------------------------------------------------------------------


def test_a_representative_proposes_a_mandate_with_its_evidence(
    association: Organisation, representative: User, member: User
) -> None:
    last = timezone.localdate() + timedelta(days=365)
    found = proposal(
        member,
        actor=representative,
        ends_on=last,
        framework_codes=["tve", "skills", "tve"],
        files=[a_file(), a_file("會議紀錄.png")],
    )
    found.refresh_from_db()
    assert (found.state, found.ends_on) == (State.PROPOSED, last)
    assert found.framework_codes == ["skills", "tve"]
    kept = list(found.evidence_files.all())
    assert [file.shown_name for file in kept] == ["授權書.png", "會議紀錄.png"]
    assert {(file.organisation, file.uploaded_by) for file in kept} == {
        (association, representative)
    }
    assert uploads.read(kept[0].stored_name) == picture("PNG")
    assert acts_about(found) == [Act.MANDATE_PROPOSED]
    assert names(member) == ["member"]


def test_a_proposal_that_fails_keeps_no_file(representative: User, member: User) -> None:
    def files_there() -> set[str]:
        storage = uploads.private_files()
        return set(storage.listdir("")[1]) if storage.exists("") else set()

    before = files_there()
    with transaction.atomic():
        proposal(member, actor=representative, files=[a_file()])
        assert files_there() != before
        transaction.set_rollback(True)
    assert files_there() == before


YESTERDAY, TODAY = (timezone.localdate() - timedelta(days=days) for days in (1, 0))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"evidence": "  \n"}, "rests on"),
        ({"evidence": "字" * (LONGEST_EVIDENCE + 1)}, "too long"),
        ({"files": [a_file()] * 4}, "Up to 3 files"),
        ({"ends_on": YESTERDAY}, "before it starts"),
        ({"starts_on": YESTERDAY, "ends_on": YESTERDAY}, "has passed"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(
    representative: User, member: User, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(MandateRefused, match=sentence):
        proposal(member, actor=representative, **wrong)
    assert not Mandate.objects.filter(membership__user=member).exists()


def test_one_proposal_at_a_time(representative: User, member: User, proposed: Mandate) -> None:
    with pytest.raises(MandateRefused, match="under review"):
        proposal(member, actor=representative)
    withdraw_mandate(proposed, actor=member)
    proposal(member, actor=representative)


def test_others_propose_nothing(
    association: Organisation,
    representative: User,
    member: User,
    visitor: User,
    administrator: User,
) -> None:
    for actor in (member, visitor, administrator):
        assert members_to_propose(actor, association, on=TODAY) == []
        for whom in (member, representative):
            with pytest.raises(MandateRefused, match="Only a representative"):
                proposal(whom, actor=actor)


def test_nothing_is_proposed_for_who_has_left(representative: User, member: User) -> None:
    leave(membership_of(member))
    with pytest.raises(MandateRefused):
        proposal(member, actor=representative)


def test_nothing_is_proposed_where_the_organisation_is_not_verified(
    association: Organisation, representative: User, member: User
) -> None:
    association.verified_until = YESTERDAY
    association.save()
    with pytest.raises(MembershipRefused, match="not verified"):
        proposal(member, actor=representative)


def test_where_nobody_represents_it_a_member_proposes_for_themselves_alone(
    association: Organisation, representative: User, member: User, administrator: User
) -> None:
    Mandate.objects.update(ends_on=YESTERDAY, starts_on=YESTERDAY)
    assert members_to_propose(member, association, on=TODAY) == [membership_of(member)]
    with pytest.raises(MandateRefused):
        proposal(representative, actor=member)
    accept_mandate(proposal(member, actor=member), actor=administrator)
    # Or else nobody could ever manage the members again.
    assert membership_of(member).role == Membership.Role.REPRESENTATIVE
    assert may_manage(member, association, on=TODAY)


def test_a_representative_whose_mandate_ran_out_proposes_the_next_one(
    association: Organisation, representative: User, administrator: User
) -> None:
    mandate(person("second"), association)
    Mandate.objects.filter(membership__user=representative).update(
        ends_on=YESTERDAY, starts_on=YESTERDAY
    )
    accept_mandate(proposal(representative, actor=representative), actor=administrator)
    assert may_manage(representative, association, on=TODAY)


# --- deciding ---------------------------------------------------------------------------------


def test_an_accepted_mandate_lets_a_member_speak_and_not_manage(
    association: Organisation, member: User, proposed: Mandate, administrator: User
) -> None:
    found = accept_mandate(proposed, actor=administrator)
    assert (found.state, found.decided_by) == (State.ACCEPTED, administrator)
    assert names(member) == ["member", association.name]
    assert not may_manage(member, association, on=TODAY)
    assert acts_about(found) == [Act.MANDATE_PROPOSED, Act.MANDATE_ACCEPTED]
    letters.tell_of_mandate(found.pk, language="en")
    assert mail.outbox[-1].to == [member.email]
    assert association.name in mail.outbox[-1].subject


def test_a_refusal_gives_its_reason(member: User, proposed: Mandate, administrator: User) -> None:
    with pytest.raises(MandateRefused, match="Give the reason"):
        refuse_mandate(proposed, actor=administrator, reason=" ")
    found = refuse_mandate(proposed, actor=administrator, reason="缺理事長簽名")
    assert (found.state, found.reason) == (State.REFUSED, "缺理事長簽名")
    assert names(member) == ["member"]
    letters.tell_of_mandate(found.pk, language="en")
    assert "缺理事長簽名" in str(mail.outbox[-1].body)


def test_only_an_administrator_decides_and_never_on_their_own(
    association: Organisation, representative: User, proposed: Mandate, moderator: User
) -> None:
    for actor in (representative, moderator):
        with pytest.raises(MandateRefused, match="Only an administrator"):
            accept_mandate(proposed, actor=actor)
        with pytest.raises(MandateRefused, match="Only an administrator"):
            refuse_mandate(proposed, actor=actor, reason="否")
    insider = person("insider", is_staff=True)
    Membership.objects.create(user=insider, organisation=association)
    own = proposal(insider, actor=representative)
    with pytest.raises(MandateRefused, match="Another administrator"):
        accept_mandate(own, actor=insider)


def test_what_can_no_longer_hold_is_not_accepted(
    association: Organisation, representative: User, proposed: Mandate, administrator: User
) -> None:
    Mandate.objects.filter(pk=proposed.pk).update(starts_on=YESTERDAY, ends_on=YESTERDAY)
    with pytest.raises(MandateRefused, match="ended before"):
        accept_mandate(proposed, actor=administrator)
    Mandate.objects.filter(pk=proposed.pk).update(ends_on=None)
    remove_member(proposed.membership, actor=representative)
    assert not Mandate.objects.awaiting_decision().exists()
    with pytest.raises(MandateRefused, match="no longer a member"):
        accept_mandate(proposed, actor=administrator)
    Membership.objects.update(left_at=None, removed_by=None)
    Organisation.objects.filter(pk=association.pk).update(state=Organisation.State.WITHDRAWN)
    with pytest.raises(MembershipRefused, match="not verified"):
        accept_mandate(proposed, actor=administrator)
    assert Mandate.objects.get(pk=proposed.pk).state == State.PROPOSED


def test_who_may_withdraw(
    association: Organisation,
    representative: User,
    member: User,
    visitor: User,
    administrator: User,
    proposed: Mandate,
) -> None:
    other = person("other")
    Membership.objects.create(user=other, organisation=association)
    accept_mandate(proposed, actor=administrator)
    for actor in (other, visitor):
        with pytest.raises(MandateRefused, match="Only the mandated person"):
            withdraw_mandate(proposed, actor=actor)
    with pytest.raises(MandateRefused, match="Give the reason"):
        withdraw_mandate(proposed, actor=administrator)
    savepoints: list[Callable[[], object]] = [
        partial(withdraw_mandate, proposed, actor=member),
        partial(withdraw_mandate, proposed, actor=representative),
        partial(withdraw_mandate, proposed, actor=administrator, reason="查證不實"),
    ]
    for withdraw in savepoints:
        withdraw()
        assert names(member) == ["member"]
        assert acts_about(proposed)[-1] == Act.MANDATE_WITHDRAWN
        Mandate.objects.filter(pk=proposed.pk).update(state=State.ACCEPTED)


def test_an_administrator_may_leave_an_organisation_without_a_representative(
    association: Organisation, representative: User, administrator: User
) -> None:
    own = Mandate.objects.get(membership__user=representative)
    withdraw_mandate(own, actor=administrator, reason="授權書係偽造")
    assert not may_manage(representative, association, on=TODAY)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(MandateAct))
def test_every_act_from_every_state(
    proposed: Mandate, administrator: User, state: State, act: MandateAct
) -> None:
    Mandate.objects.filter(pk=proposed.pk).update(state=state, decided_at=timezone.now())
    verbs: dict[MandateAct, Callable[[], Mandate]] = {
        MandateAct.ACCEPT: partial(accept_mandate, proposed, actor=administrator),
        MandateAct.REFUSE: partial(refuse_mandate, proposed, actor=administrator, reason="否"),
        MandateAct.WITHDRAW: partial(withdraw_mandate, proposed, actor=administrator, reason="否"),
    }
    after = ALLOWED_ACTS[state].get(act)
    if after is None:
        with pytest.raises(MandateRefused, match="can't be done now"):
            verbs[act]()
    else:
        assert verbs[act]().state == after
    assert Mandate.objects.get(pk=proposed.pk).state == after or state


def test_the_table_in_the_docstring_is_the_table_in_the_code() -> None:
    told = {
        State(name): {
            act: State(cell) for act, cell in zip(MandateAct, row, strict=True) if cell != "–"
        }
        for name, row in table_of(mandating.__doc__ or "", of=len(MandateAct)).items()
    }
    assert told == ALLOWED_ACTS


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_decide_once(proposed: Mandate, administrator: User) -> None:
    second = person("second-administrator", is_staff=True)
    ends = at_once(
        partial(accept_mandate, proposed, actor=administrator),
        partial(refuse_mandate, proposed, actor=second, reason="否"),
    )
    assert ends == ["MandateRefused", "done"]
    assert len(acts_about(proposed)) == 2


# --- voices over time -------------------------------------------------------------------------

DAYS = st.integers(-4, 4)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@given(
    starts=DAYS,
    lasts=st.none() | st.integers(0, 5),
    scope=st.lists(st.sampled_from(["tve", "skills"]), unique=True),
    state=st.sampled_from(list(State)),
    verified_until=st.none() | DAYS,
    has_left=st.booleans(),
    asked=DAYS,
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_voice_is_there_exactly_while_all_of_it_holds(
    association: Organisation,
    member: User,
    starts: int,
    lasts: int | None,
    scope: list[str],
    state: State,
    verified_until: int | None,
    has_left: bool,  # noqa: FBT001 - by name, from hypothesis
    asked: int,
) -> None:
    own = membership_of(member)
    own.mandates.all().delete()
    Mandate.objects.create(
        membership=own,
        evidence="決議",
        framework_codes=scope,
        starts_on=day(starts),
        ends_on=None if lasts is None else day(starts + lasts),
        state=state,
        decided_at=timezone.now(),
    )
    association.verified_until = None if verified_until is None else day(verified_until)
    association.save()
    Membership.objects.filter(pk=own.pk).update(left_at=timezone.now() if has_left else None)
    expected = (
        state == State.ACCEPTED
        and starts <= asked
        and (lasts is None or asked <= starts + lasts)
        and (not scope or "tve" in scope)
        and (verified_until is None or asked <= verified_until)
        and not has_left
    )
    at = timezone.now() + timedelta(days=asked)
    found = voices_of(member, framework_code="tve", at=at)
    assert [voice.organisation for voice in found] == [None, *([association] if expected else [])]
    assert may_speak_for(member, association, framework_code="tve", at=at) == expected
    on = day(asked)
    running = state == State.ACCEPTED and Mandate.objects.get(membership=own).phase(on=on)
    if expected:
        assert running == Mandate.Phase.RUNNING
