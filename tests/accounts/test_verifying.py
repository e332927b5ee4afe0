"""Who may apply, what an administrator decides, and what each step leaves behind."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation

from accounts import rates, verifying
from accounts.access import may_speak
from accounts.applications import described, tidied
from accounts.auditing import Act
from accounts.groups import StakeholderGroup
from accounts.letters import tell_of_verification, tell_of_waiting_verifications
from accounts.limits import LimitReached
from accounts.models import (
    AuditRecord,
    EvidenceFile,
    Mandate,
    Membership,
    Organisation,
    OrganisationRecord,
    User,
)
from accounts.scrutiny import AUDITED_AS, VerifyingRefused
from accounts.verifying import (
    ALLOWED,
    accept_name,
    apply_for_organisation,
    ask_more,
    complete_application,
    propose_name,
    refuse,
    refuse_name,
    verify,
    withdraw_verification,
)
from accounts.voices import may_speak_for, voices_of
from tests.accounts.evidence import LETTER, RIGHT_NUMBER, application, applied, private
from tests.cast import organisation, person
from tests.comments.talk import at_once

__all__ = ["private"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private", "english")]

Step = OrganisationRecord.Act
State = Organisation.State
TODAY = timezone.localdate


def steps(found: Organisation) -> list[str]:
    return list(found.records.in_order().values_list("act", flat=True))


def audited(found: Organisation) -> list[str]:
    lines = AuditRecord.objects.filter(
        object_kind="organisation", object_key=str(found.public_id)
    ).order_by("pk")
    return list(lines.values_list("act", flat=True))


def fresh(found: Organisation) -> Organisation:
    return Organisation.objects.get(pk=found.pk)


# --- the table --------------------------------------------------------------------------------


def completed(found: Organisation, actor: User) -> Organisation:
    return complete_application(
        found, actor=actor, application=described(found), evidence="理事會決議"
    )


def in_state(state: Organisation.State, *, applicant: User, administrator: User) -> Organisation:
    """An organisation brought there by the verbs, with a name under review where it can be."""
    found = applied(applicant)
    if state == State.INCOMPLETE:
        return ask_more(found, actor=administrator, reason="請補章程")
    if state == State.REFUSED:
        return refuse(found, actor=administrator, reason="查無此會")
    if state == State.VERIFIED:
        verify(found, actor=administrator)
        return propose_name(found, actor=applicant, name="臺灣茶業協會", reason="會員大會決議")
    if state == State.WITHDRAWN:
        verify(found, actor=administrator)
        return withdraw_verification(found, actor=administrator, reason="已解散")
    return found


def act_on(
    found: Organisation, step: OrganisationRecord.Act, *, applicant: User, administrator: User
) -> Organisation:
    decides: dict[str, Any] = {"actor": administrator}
    with_reason: dict[str, Any] = decides | {"reason": "理由"}
    acts: dict[OrganisationRecord.Act, Callable[[], Organisation]] = {
        Step.COMPLETE: lambda: completed(found, applicant),
        Step.ASK_MORE: lambda: ask_more(found, **with_reason),
        Step.VERIFY: lambda: verify(found, **decides),
        Step.REFUSE: lambda: refuse(found, **with_reason),
        Step.WITHDRAW: lambda: withdraw_verification(found, **with_reason),
        Step.PROPOSE_NAME: lambda: propose_name(
            found, actor=applicant, name="新名稱協會", reason="理由"
        ),
        Step.ACCEPT_NAME: lambda: accept_name(found, **decides),
        Step.REFUSE_NAME: lambda: refuse_name(found, **with_reason),
    }
    return acts[step]()


ACTS = [step for step in Step if step != Step.APPLY]


@pytest.mark.parametrize("step", ACTS)
@pytest.mark.parametrize("state", list(State))
def test_the_transition_table_holds(
    visitor: User,
    administrator: User,
    state: Organisation.State,
    step: OrganisationRecord.Act,
) -> None:
    found = in_state(state, applicant=visitor, administrator=administrator)
    before = (steps(found), audited(found))
    if step not in ALLOWED[state]:
        with pytest.raises(VerifyingRefused):
            act_on(found, step, applicant=visitor, administrator=administrator)
        assert fresh(found).state == state
        assert (steps(found), audited(found)) == before
        return
    act_on(found, step, applicant=visitor, administrator=administrator)
    assert fresh(found).state == ALLOWED[state][step]
    assert (steps(found), audited(found)) == ([*before[0], step], [*before[1], AUDITED_AS[step]])
    last = found.records.in_order().last()
    assert last is not None
    assert last.actor == (visitor if step in (Step.COMPLETE, Step.PROPOSE_NAME) else administrator)


def test_the_table_in_the_docstring_is_the_table_in_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \|(.+)\|$", verifying.__doc__ or "", re.MULTILINE)
    told = {
        State(state): {
            step: State(cell.strip())
            for step, cell in zip(ACTS_IN_TABLE, cells.split("|"), strict=True)
            if cell.strip() != "–"
        }
        for state, cells in rows
    }
    assert told == ALLOWED


ACTS_IN_TABLE = [
    Step.COMPLETE,
    Step.ASK_MORE,
    Step.VERIFY,
    Step.REFUSE,
    Step.WITHDRAW,
    Step.PROPOSE_NAME,
    Step.ACCEPT_NAME,
    Step.REFUSE_NAME,
]


# --- applying ---------------------------------------------------------------------------------


def test_applying_makes_a_representative_with_a_proposed_mandate(
    visitor: User, private: Path
) -> None:
    found = applied(visitor, business_number="0459 5257", email_domain="@TEA.org.tw", sector="A")
    assert (found.state, found.applied_by, found.verified_at) == (State.APPLIED, visitor, None)
    assert (found.business_number, found.email_domain) == (RIGHT_NUMBER, "tea.org.tw")
    membership = found.memberships.get()
    assert (membership.user, membership.role) == (visitor, Membership.Role.REPRESENTATIVE)
    mandate = membership.mandates.get()
    assert (mandate.state, mandate.starts_on, mandate.ends_on) == ("proposed", TODAY(), None)
    file = found.evidence_files.get()
    assert (file.shown_name, file.kind, file.size) == ("授權書.pdf", "pdf", LETTER.size)
    assert (private / file.stored_name).read_bytes() == LETTER.content
    assert audited(found) == [Act.ORGANISATION_APPLIED]
    assert AuditRecord.objects.filter(act=Act.MANDATE_PROPOSED).count() == 1


def test_nobody_speaks_for_it_before_it_is_verified(visitor: User, administrator: User) -> None:
    found = applied(visitor)
    assert not may_speak_for(visitor, found, framework_code="tve")
    verify(found, actor=administrator)
    assert may_speak_for(visitor, found, framework_code="tve")
    assert [voice.name for voice in voices_of(visitor, framework_code="tve")] == [
        "visitor",
        "臺灣茶業改進協會",
    ]


def test_refusing_refuses_the_mandate_too(visitor: User, administrator: User) -> None:
    found = applied(visitor)
    refuse(found, actor=administrator, reason="查無此會", seen=None)
    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.reason, mandate.decided_by) == (
        "refused",
        "查無此會",
        administrator,
    )
    assert AuditRecord.objects.filter(act=Act.MANDATE_REFUSED).count() == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("name", {"name": " \u200b"}),
        ("name", {"name": "1234"}),
        ("name", {"name": "協" * 121}),
        ("group", {"group": "public"}),
        ("group", {"group": "nobody"}),
        ("school_level", {"group": "school"}),
        ("sector", {"sector": "?"}),
        ("county", {"county": ""}),
        ("county", {"county": "TOKYO"}),
        ("business_number", {"business_number": "12345678"}),
        ("business_number", {"group": "enterprise"}),
        ("email_domain", {"email_domain": "gmail.com"}),
        ("email_domain", {"email_domain": "not a domain"}),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    visitor: User, field: str, changed: dict[str, str]
) -> None:
    with pytest.raises(VerifyingRefused) as refused:
        apply_for_organisation(
            applicant=visitor,
            application=replace(application(), **changed),
            evidence="決議",
            files=[LETTER],
        )
    assert refused.value.field == field
    assert not Organisation.objects.exists()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("field", "evidence", "files"),
    [
        ("papers", "決議", []),
        ("papers", "決議", [LETTER] * 4),
        ("evidence", " \n ", [LETTER]),
        ("evidence", "字" * 2001, [LETTER]),
    ],
)
def test_evidence_is_needed_in_words_and_on_paper(
    visitor: User, field: str, evidence: str, files: Sequence[object], private: Path
) -> None:
    with pytest.raises(VerifyingRefused) as refused:
        apply_for_organisation(
            applicant=visitor,
            application=application(),
            evidence=evidence,
            files=files,  # type: ignore[arg-type]
        )
    assert refused.value.field == field
    assert not private.exists()


def test_only_a_school_has_a_level() -> None:
    """Without JavaScript the field stands there for everyone."""
    assert tidied(application(school_level="technical")).school_level == ""
    assert tidied(application(group="school", school_level="technical")).school_level == "technical"


def test_a_name_is_written_in_one_way() -> None:
    assert tidied(application("  臺灣\u3000茶業\u200b \u202e協會\n")).name == "臺灣 茶業 協會"


def test_without_a_verified_address_nobody_applies(outsider: User) -> None:
    assert not may_speak(outsider)
    with pytest.raises(VerifyingRefused, match="Confirm your e-mail address"):
        applied(outsider)


def test_one_person_waits_for_three_at_most(visitor: User, administrator: User) -> None:
    first = applied(visitor, "一號協會")
    with pytest.raises(VerifyingRefused, match="applied for this organisation already"):
        applied(visitor, "一號協會")
    applied(visitor, "二號協會")
    applied(visitor, "三號協會")
    with pytest.raises(VerifyingRefused, match="not decided on yet"):
        applied(visitor, "四號協會")
    refuse(first, actor=administrator, reason="查無此會")
    assert applied(visitor, "四號協會", at=timezone.now() + dt.timedelta(days=1))


def test_one_person_applies_five_times_a_day_at_most(visitor: User, administrator: User) -> None:
    for number in range(rates.APPLICATION.times):
        refuse(applied(visitor, f"{number}號協會"), actor=administrator, reason="查無此會")
    with pytest.raises(LimitReached):
        applied(visitor, "又一個協會")
    # What can't be handed in anyway doesn't count.
    with pytest.raises(VerifyingRefused):
        applied(visitor, "")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_application(visitor: User) -> None:
    results = at_once(*[lambda: applied(visitor)] * 4)
    assert Organisation.objects.count() == EvidenceFile.objects.count() == 1
    assert sum(isinstance(result, Organisation) for result in results) == 1, results
    assert sum(isinstance(result, VerifyingRefused) for result in results) == 3, results


def test_a_name_that_is_verified_is_taken_in_its_group(visitor: User) -> None:
    organisation("臺灣茶業改進協會")
    with pytest.raises(VerifyingRefused, match="verified in this group already") as refused:
        applied(visitor)
    assert refused.value.field == "name"
    assert applied(visitor, group="ngo")


# --- more is asked for ------------------------------------------------------------------------


def test_what_was_asked_for_is_added(visitor: User, administrator: User) -> None:
    found = applied(visitor)
    ask_more(found, actor=administrator, reason="請補章程")
    complete_application(
        found,
        actor=visitor,
        application=application("臺灣茶業改進協會總會", county="NWT"),
        evidence="理事會決議與章程",
        files=[replace(LETTER, name="章程.pdf")],
        answer="章程如附件",
    )
    now = fresh(found)
    assert (now.state, now.name, now.county) == (State.APPLIED, "臺灣茶業改進協會總會", "NWT")
    assert [file.shown_name for file in now.evidence_files.all()] == ["授權書.pdf", "章程.pdf"]
    assert Mandate.objects.get().evidence == "理事會決議與章程"
    assert [(r.act, r.reason, r.name) for r in now.records.in_order()] == [
        ("apply", "", "臺灣茶業改進協會"),
        ("ask_more", "請補章程", "臺灣茶業改進協會"),
        ("complete", "章程如附件", "臺灣茶業改進協會總會"),
    ]


def test_only_the_applicant_completes_it(
    visitor: User, administrator: User, moderator: User
) -> None:
    found = applied(visitor)
    ask_more(found, actor=administrator, reason="請補章程")
    for other in (moderator, administrator):
        with pytest.raises(VerifyingRefused, match="Only whoever applied"):
            completed(found, other)


# --- deciding ---------------------------------------------------------------------------------


def test_only_administrators_decide(
    visitor: User, moderator: User, drafter: User, outsider: User
) -> None:
    found = applied(visitor)
    for other in (visitor, moderator, drafter, outsider):
        with pytest.raises(VerifyingRefused, match="Only an administrator"):
            verify(found, actor=other)
    assert fresh(found).state == State.APPLIED


def test_nobody_decides_on_their_own(administrator: User) -> None:
    found = applied(administrator)
    with pytest.raises(VerifyingRefused, match="another administrator"):
        verify(found, actor=administrator)
    assert verify(found, actor=person("second", is_staff=True)).is_verified()


@pytest.mark.parametrize("verb", [ask_more, refuse, withdraw_verification, refuse_name])
def test_a_reason_is_needed(
    visitor: User, administrator: User, verb: Callable[..., Organisation]
) -> None:
    found = applied(visitor)
    if verb in (withdraw_verification, refuse_name):
        verify(found, actor=administrator)
        propose_name(found, actor=visitor, name="新名稱協會", reason="決議")
    before = fresh(found).state
    for reason in (" ", "字" * 1001):
        with pytest.raises(VerifyingRefused) as refused:
            verb(found, actor=administrator, reason=reason)
        assert refused.value.field == "reason"
    assert fresh(found).state == before


def test_what_came_since_is_not_decided_on_unseen(visitor: User, administrator: User) -> None:
    found = applied(visitor)
    seen = found.records.get().pk
    ask_more(found, actor=administrator, reason="請補章程", seen=seen)
    completed(found, visitor)
    with pytest.raises(VerifyingRefused, match="Something has changed since") as refused:
        verify(found, actor=administrator, seen=seen)
    assert "Completed" in str(refused.value)
    assert verify(found, actor=administrator, seen=found.records.latest("pk").pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(visitor: User, administrator: User) -> None:
    second = person("second", is_staff=True)
    found = applied(visitor)
    results = at_once(
        lambda: verify(found, actor=administrator),
        lambda: refuse(found, actor=second, reason="查無此會"),
    )
    assert sum(isinstance(result, Organisation) for result in results) == 1, results
    assert sum(isinstance(result, VerifyingRefused) for result in results) == 1, results
    state, mandate = fresh(found).state, Mandate.objects.get().state
    assert (state, mandate) in ((State.VERIFIED, "accepted"), (State.REFUSED, "refused"))
    assert steps(found) == ["apply", "verify" if state == State.VERIFIED else "refuse"]


@pytest.mark.django_db(transaction=True)
def test_of_two_of_one_name_one_is_verified(
    visitor: User, member: User, administrator: User
) -> None:
    second = person("second", is_staff=True)
    first, other = applied(visitor), applied(member)
    results = at_once(
        lambda: verify(first, actor=administrator), lambda: verify(other, actor=second)
    )
    assert sum(isinstance(result, Organisation) for result in results) == 1, results
    refusals = [result for result in results if isinstance(result, VerifyingRefused)]
    assert len(refusals) == 1, results
    assert Organisation.objects.public().filter(name=first.name).count() == 1
    assert (
        Mandate.objects.filter(state="accepted", membership__user__in=[visitor, member]).count()
        == 1
    )


def test_the_second_of_one_name_is_refused_in_a_sentence(
    visitor: User, member: User, administrator: User
) -> None:
    first, other = applied(visitor), applied(member)
    verify(first, actor=administrator)
    with pytest.raises(VerifyingRefused, match="verified in this group already"):
        verify(other, actor=administrator)
    assert fresh(other).state == State.APPLIED


def test_a_verification_lapses_by_its_date_and_is_renewed(
    visitor: User, administrator: User
) -> None:
    found = applied(visitor)
    now = timezone.now()
    last_day = TODAY() + dt.timedelta(days=30)
    verify(found, actor=administrator, until=last_day)
    for days, holds in ((0, True), (30, True), (31, False)):
        at = now + dt.timedelta(days=days)
        assert fresh(found).is_verified(on=timezone.localdate(at)) == holds
        assert may_speak_for(visitor, found, framework_code="tve", at=at) == holds
        phase = fresh(found).phase(on=timezone.localdate(at))
        assert phase == (Organisation.Phase.VERIFIED if holds else Organisation.Phase.LAPSED)
    since = fresh(found).verified_at
    verify(found, actor=administrator, until=last_day + dt.timedelta(days=365))
    assert fresh(found).verified_at == since
    assert may_speak_for(visitor, found, framework_code="tve", at=now + dt.timedelta(days=31))
    # One that had lapsed holds anew from the day on which it is renewed.
    late = now + dt.timedelta(days=1000)
    verify(found, actor=administrator, at=late)
    assert fresh(found).verified_at == late
    assert steps(found) == ["apply", "verify", "verify", "verify"]


def test_a_last_day_that_has_passed_is_refused(visitor: User, administrator: User) -> None:
    with pytest.raises(VerifyingRefused) as refused:
        verify(applied(visitor), actor=administrator, until=TODAY() - dt.timedelta(days=1))
    assert refused.value.field == "until"


def test_withdrawing_silences_and_verifying_again_gives_the_voice_back(
    visitor: User, administrator: User
) -> None:
    found = applied(visitor)
    verify(found, actor=administrator)
    withdraw_verification(found, actor=administrator, reason="已解散")
    assert not may_speak_for(visitor, found, framework_code="tve")
    assert Mandate.objects.get().state == "accepted"
    verify(found, actor=administrator)
    assert may_speak_for(visitor, found, framework_code="tve")


def test_an_organisation_of_someone_who_left_gets_no_mandate_accepted(
    visitor: User, administrator: User
) -> None:
    found = applied(visitor)
    found.memberships.update(left_at=timezone.now())
    verify(found, actor=administrator)
    assert Mandate.objects.get().state == "proposed"


# --- another name -----------------------------------------------------------------------------


@pytest.fixture
def tea(visitor: User, administrator: User) -> Organisation:
    """A verified association, represented by the visitor."""
    return verify(applied(visitor), actor=administrator)


def test_a_new_name_counts_once_it_is_accepted(
    tea: Organisation, visitor: User, administrator: User
) -> None:
    propose_name(tea, actor=visitor, name=" 臺灣茶業協會 ", reason="會員大會決議", files=[LETTER])
    now = fresh(tea)
    assert (now.name, now.proposed_name) == ("臺灣茶業改進協會", "臺灣茶業協會")
    assert list(Organisation.objects.awaiting_decision()) == [tea]
    accept_name(tea, actor=administrator)
    now = fresh(tea)
    assert (now.name, now.proposed_name) == ("臺灣茶業協會", "")
    assert not Organisation.objects.awaiting_decision().exists()
    assert [(r.act, r.name) for r in tea.records.in_order()][2:] == [
        ("propose_name", "臺灣茶業協會"),
        ("accept_name", "臺灣茶業協會"),
    ]


def test_a_refused_name_leaves_the_old_one(
    tea: Organisation, visitor: User, administrator: User
) -> None:
    propose_name(tea, actor=visitor, name="臺灣茶業協會", reason="會員大會決議")
    refuse_name(tea, actor=administrator, reason="未附決議")
    now = fresh(tea)
    assert (now.name, now.proposed_name) == ("臺灣茶業改進協會", "")
    last = tea.records.in_order().last()
    assert last is not None
    assert (last.name, last.reason) == ("臺灣茶業協會", "未附決議")


def test_only_a_mandated_representative_proposes_a_name(
    tea: Organisation, administrator: User
) -> None:
    belongs = person("belongs")
    Membership.objects.create(user=belongs, organisation=tea)
    for other in (administrator, belongs):
        with pytest.raises(VerifyingRefused, match="Only a representative"):
            propose_name(tea, actor=other, name="臺灣茶業協會", reason="決議")


def test_the_same_name_or_a_taken_one_is_refused(tea: Organisation, visitor: User) -> None:
    organisation("臺灣茶業協會")
    organisation("臺灣茶葉協會", StakeholderGroup.NGO)
    for name in (tea.name, "臺灣茶業協會", ""):
        with pytest.raises(VerifyingRefused) as refused:
            propose_name(tea, actor=visitor, name=name, reason="決議")
        assert refused.value.field == "name"
    assert propose_name(tea, actor=visitor, name="臺灣茶葉協會", reason="決議")


def test_a_name_taken_meanwhile_is_refused(
    tea: Organisation, visitor: User, administrator: User
) -> None:
    propose_name(tea, actor=visitor, name="臺灣茶業協會", reason="決議")
    organisation("臺灣茶業協會")
    with pytest.raises(VerifyingRefused, match="verified in this group already"):
        accept_name(tea, actor=administrator)
    assert fresh(tea).name == "臺灣茶業改進協會"


def test_a_name_proposed_meanwhile_is_not_accepted_unseen(
    tea: Organisation, visitor: User, administrator: User
) -> None:
    propose_name(tea, actor=visitor, name="臺灣茶業協會", reason="決議")
    seen = tea.records.latest("pk").pk
    propose_name(tea, actor=visitor, name="世界茶業協會", reason="決議")
    with pytest.raises(VerifyingRefused, match="Something has changed since"):
        accept_name(tea, actor=administrator, seen=seen)


def test_withdrawing_drops_a_name_under_review(
    tea: Organisation, visitor: User, administrator: User
) -> None:
    propose_name(tea, actor=visitor, name="臺灣茶業協會", reason="決議")
    withdraw_verification(tea, actor=administrator, reason="已解散")
    verify(tea, actor=administrator)
    with pytest.raises(VerifyingRefused, match="No new name"):
        accept_name(tea, actor=administrator)


# --- what is left behind ----------------------------------------------------------------------


def test_nothing_stays_of_what_is_taken_back(visitor: User, private: Path) -> None:
    def apply_in_vain() -> None:
        with transaction.atomic():
            applied(visitor)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apply_in_vain()
    assert list(private.iterdir()) == []
    assert not Organisation.objects.exists()


def test_the_audit_log_says_until_when_and_holds_no_address(
    visitor: User, administrator: User
) -> None:
    found = applied(visitor)
    until = TODAY() + dt.timedelta(days=730)
    verify(found, actor=administrator, until=until)
    line = AuditRecord.objects.get(act=Act.ORGANISATION_VERIFIED)
    assert (line.actor, line.details) == (administrator, {"until": until.isoformat()})
    everything = str(list(AuditRecord.objects.values_list("details", flat=True)))
    assert visitor.email not in everything


# --- letters ----------------------------------------------------------------------------------


def test_representatives_are_told_once_and_in_their_language(
    visitor: User, administrator: User, mailoutbox: list[EmailMessage]
) -> None:
    found = applied(visitor)
    with translation.override("zh-hant"):
        ask_more(found, actor=administrator, reason="請補章程")
    asked = found.records.get(act=Step.ASK_MORE)
    assert tell_of_verification(asked.pk)
    assert not tell_of_verification(asked.pk)
    (letter,) = mailoutbox
    assert letter.to == [visitor.email]
    assert letter.subject == "More is needed for 臺灣茶業改進協會"
    assert "請補章程" in letter.body
    assert f"/my/organisations/{found.public_id}/" in letter.body
    assert administrator.email not in letter.body
    completed_later = complete_application(
        found, actor=visitor, application=described(found), evidence="決議"
    )
    assert completed_later.language == "en"


@pytest.mark.parametrize("step", list(OrganisationRecord.TOLD))
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_each_letter_is_whole(
    tea: Organisation, mailoutbox: list[EmailMessage], step: str, language: str
) -> None:
    Organisation.objects.filter(pk=tea.pk).update(language=language)
    told = OrganisationRecord.objects.create(
        organisation=tea, act=step, name="Tea & Co 協會", reason="因為 <b> & 理由"
    )
    assert tell_of_verification(told.pk)
    (letter,) = mailoutbox
    assert "Tea & Co 協會" in f"{letter.subject}{letter.body}"
    assert "\n\n\n" not in letter.body
    if step in ("ask_more", "refuse", "withdraw", "refuse_name"):
        assert "因為 <b> & 理由" in letter.body
    assert letter.body.count("http") == 2
    assert ("您" in letter.body or "的" in letter.body) == (language == "zh-hant")


def test_a_letter_that_was_lost_goes_out_later(
    visitor: User, administrator: User, mailoutbox: list[EmailMessage]
) -> None:
    found = applied(visitor)
    assert tell_of_waiting_verifications() == 0
    later = timezone.now() + dt.timedelta(minutes=3)
    assert tell_of_waiting_verifications(at=later) == 1
    assert tell_of_waiting_verifications(at=later) == 0
    verify(found, actor=administrator)
    propose_name(found, actor=visitor, name="臺灣茶業協會", reason="決議")
    # The verification, and not the proposal: that is for administrators.
    assert tell_of_waiting_verifications(at=later + dt.timedelta(minutes=9)) == 1
    assert len(mailoutbox) == 2
