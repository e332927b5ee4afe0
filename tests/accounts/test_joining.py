"""Join by invitation or by asking: once, in time, for one address only, and with no way round."""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import joining, letters, rates
from accounts.auditing import Act
from accounts.belonging import leave, remove_member
from accounts.joining import (
    ALLOWED_WITH_INVITATION,
    ALLOWED_WITH_REQUEST,
    GOOD_FOR,
    AnotherAddress,
    InvitationAct,
    InvitationClosed,
    RequestAct,
    accept_invitation,
    accept_request,
    addresses_on_domain,
    ask_to_join,
    cancel_invitation,
    decline_invitation,
    invitation_named,
    invite,
    masked,
    refuse_request,
    take_back_request,
)
from accounts.letters import digest_of
from accounts.limits import LimitReached
from accounts.models import AuditRecord, Invitation, JoinRequest, Membership, Organisation, User
from accounts.representing import MembershipRefused
from tests.cast import mandate, organisation, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = "new@example.net"
State = Invitation.State
Asked = JoinRequest.State


@pytest.fixture
def newcomer(db: None) -> User:  # noqa: ARG001 - must come first
    """Whoever the address that is invited belongs to."""
    return with_address("newcomer", NEW)


def with_address(name: str, address: str, *, verified: bool = True) -> User:
    """A person who has this address as well as their own."""
    user = person(name)
    EmailAddress.objects.create(user=user, email=address, primary=False, verified=verified)
    return user


def delivered(invitation: Invitation, *, at: datetime | None = None) -> str:
    """The link's secret, from the letter that goes out."""
    assert letters.send_invitation(invitation.pk, language="en", at=at)
    found = re.search(r"/invitations/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def named(token: str) -> Invitation:
    found = invitation_named(token)
    assert found is not None
    return found


def acts_about(about: Organisation) -> list[str]:
    lines = AuditRecord.objects.filter(object_key=str(about.public_id)).order_by("pk")
    return list(lines.values_list("act", flat=True))


def table_of(words: str, *, of: int) -> dict[str, list[str]]:
    """The rows of a table in a docstring that have so many cells after the first."""
    rows = re.findall(r"^\| ([^|\\]+) \|(.+)\|$", words, re.MULTILINE)
    cells = [(name, [cell.strip() for cell in row.split("|")]) for name, row in rows]
    return {name: row for name, row in cells if len(row) == of}


# --- invitations ------------------------------------------------------------------------------


def test_an_invited_person_accepts_by_the_link(
    association: Organisation, representative: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=" New@Example.net "))
    assert mail.outbox[-1].to == [NEW]
    assert association.name in mail.outbox[-1].subject
    membership = accept_invitation(named(token), user=newcomer)
    assert (membership.organisation, membership.user, membership.role) == (
        association,
        newcomer,
        Membership.Role.MEMBER,
    )
    found = named(token)
    assert (found.state(at=timezone.now()), found.accepted_by) == (State.ACCEPTED, newcomer)
    assert acts_about(association) == [Act.MEMBER_INVITED, Act.MEMBER_JOINED]


def test_only_the_digest_of_a_long_secret_is_stored(
    association: Organisation, representative: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    assert len(token) * 6 >= 128
    stored = Invitation.objects.values().get()
    assert token not in str(stored)
    assert stored["token_sha256"] == digest_of(token)


def test_a_letter_goes_out_once(association: Organisation, representative: User) -> None:
    invitation = invite(association, actor=representative, email=NEW)
    token = delivered(invitation)
    assert not letters.send_invitation(invitation.pk)
    assert len(mail.outbox) == 1
    assert named(token).pk == invitation.pk


def test_what_was_lost_on_the_way_is_sent_later(
    association: Organisation, representative: User
) -> None:
    now = timezone.now()
    invite(association, actor=representative, email=NEW, at=now)
    cancelled = invite(association, actor=representative, email="other@example.net", at=now)
    cancel_invitation(cancelled, actor=representative)
    assert letters.send_waiting_invitations(at=now + timedelta(seconds=30)) == 0
    assert letters.send_waiting_invitations(at=now + timedelta(minutes=3)) == 1
    assert letters.send_waiting_invitations(at=now + timedelta(minutes=6)) == 0
    assert [message.to for message in mail.outbox] == [[NEW]]


def test_no_link_works_for_another_address(
    association: Organisation, representative: User, visitor: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    unverified = with_address("impostor", NEW, verified=False)
    for someone in (visitor, unverified):
        with pytest.raises(AnotherAddress) as refusal:
            accept_invitation(named(token), user=someone)
        assert NEW not in str(refusal.value)
        assert masked(NEW) in str(refusal.value)
        with pytest.raises(AnotherAddress):
            decline_invitation(named(token), user=someone)
    assert named(token).state(at=timezone.now()) == State.OPEN


@pytest.mark.parametrize(
    ("email", "shown"), [("new@example.net", "n…@e….net"), ("a@b.tw", "a…@b….tw")]
)
def test_an_address_is_masked(email: str, shown: str) -> None:
    assert masked(email) == shown


def test_no_link_works_twice(
    association: Organisation, representative: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    membership = accept_invitation(named(token), user=newcomer)
    # Pressing twice is no mistake …
    assert accept_invitation(named(token), user=newcomer) == membership
    # … but whoever has left doesn't come back by it.
    leave(membership)
    with pytest.raises(InvitationClosed):
        accept_invitation(named(token), user=newcomer)
    assert Membership.objects.current().filter(user=newcomer).count() == 0


def test_no_link_works_late(
    association: Organisation, representative: User, newcomer: User
) -> None:
    sent = timezone.now()
    token = delivered(invite(association, actor=representative, email=NEW, at=sent), at=sent)
    with pytest.raises(InvitationClosed):
        accept_invitation(named(token), user=newcomer, at=sent + GOOD_FOR)
    accept_invitation(named(token), user=newcomer, at=sent + GOOD_FOR - timedelta(seconds=1))


def test_no_cancelled_link_works(
    association: Organisation, representative: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    cancel_invitation(named(token), actor=representative)
    with pytest.raises(InvitationClosed):
        accept_invitation(named(token), user=newcomer)
    assert acts_about(association)[-1] == Act.INVITATION_CANCELLED


def test_inviting_again_replaces_the_earlier_link(
    association: Organisation, representative: User, newcomer: User
) -> None:
    first, second = (
        delivered(invite(association, actor=representative, email=email))
        for email in (NEW, NEW.upper())
    )
    with pytest.raises(InvitationClosed):
        accept_invitation(named(first), user=newcomer)
    assert accept_invitation(named(second), user=newcomer)


def test_the_invited_person_declines_without_an_account(
    association: Organisation, representative: User, anonymous: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    decline_invitation(named(token), user=anonymous)
    with pytest.raises(InvitationClosed):
        accept_invitation(named(token), user=newcomer)
    letters.tell_of_decline(named(token).pk, language="en")
    assert mail.outbox[-1].to == [representative.email]
    assert NEW in str(mail.outbox[-1].body)


def test_only_a_representative_whose_mandate_is_in_force_invites(
    association: Organisation, school: Organisation, representative: User, member: User
) -> None:
    unmandated = person("unmandated")
    Membership.objects.create(
        user=unmandated, organisation=association, role=Membership.Role.REPRESENTATIVE
    )
    elsewhere = person("elsewhere")
    mandate(elsewhere, school)
    for someone in (member, unmandated, elsewhere):
        with pytest.raises(MembershipRefused):
            invite(association, actor=someone, email=NEW)
    with pytest.raises(MembershipRefused):
        invite(
            association,
            actor=representative,
            email=NEW,
            at=timezone.now() - timedelta(days=3),
        )
    assert not Invitation.objects.exists()


def test_nobody_is_invited_who_is_there(
    association: Organisation, representative: User, member: User
) -> None:
    with pytest.raises(MembershipRefused, match="member already"):
        invite(association, actor=representative, email=member.email.upper())


def test_an_organisation_keeps_a_bound_on_open_invitations(
    association: Organisation, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_OPEN_INVITATIONS", 2)
    for name in ("a", "b"):
        invite(association, actor=representative, email=f"{name}@example.net")
    with pytest.raises(MembershipRefused, match="waiting to be answered"):
        invite(association, actor=representative, email="c@example.net")
    invite(association, actor=representative, email="b@example.net")


def test_nobody_gets_letter_after_letter(
    association: Organisation, school: Organisation, representative: User
) -> None:
    head = person("head")
    mandate(head, school)
    for _turn in range(rates.INVITATION_TO_ONE.times - 1):
        invite(association, actor=representative, email=NEW)
    invite(school, actor=head, email=NEW.upper())
    for body, actor in ((association, representative), (school, head)):
        with pytest.raises(LimitReached):
            invite(body, actor=actor, email=NEW)
    invite(school, actor=head, email="another@example.net")


def test_an_account_sends_and_asks_so_much_a_day(
    on_domain: Organisation, representative: User, colleague: User
) -> None:
    for number in range(rates.INVITATION.times):
        invite(on_domain, actor=representative, email=f"{number}@example.net")
    with pytest.raises(LimitReached):
        invite(on_domain, actor=representative, email="one-more@example.net")
    assert not Invitation.objects.filter(email="one-more@example.net").exists()
    for _turn in range(rates.JOIN_REQUEST.times):
        take_back_request(ask_to_join(on_domain, user=colleague), user=colleague)
    with pytest.raises(LimitReached):
        ask_to_join(on_domain, user=colleague)


def test_an_organisation_that_is_not_verified_takes_nobody(
    association: Organisation, representative: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    Organisation.objects.filter(pk=association.pk).update(state=Organisation.State.WITHDRAWN)
    with pytest.raises(MembershipRefused, match="not verified"):
        accept_invitation(named(token), user=newcomer)
    with pytest.raises(MembershipRefused):
        invite(association, actor=representative, email="another@example.net")


def test_the_database_holds_one_open_invitation_for_an_address(
    association: Organisation, representative: User
) -> None:
    invitation = invite(association, actor=representative, email=NEW)
    invitation.pk, invitation.token_sha256 = None, digest_of("another")
    with pytest.raises(IntegrityError, match="invitation_once"), transaction.atomic():
        invitation.save(force_insert=True)


def test_the_tables_in_the_docstring_are_the_tables_in_the_code() -> None:
    words = joining.__doc__ or ""
    acts = list(InvitationAct)
    told = {
        State(name): {act for act, cell in zip(acts, row, strict=True) if cell != "–"}
        for name, row in table_of(words, of=len(acts)).items()
    }
    assert told == {state: set(allowed) for state, allowed in ALLOWED_WITH_INVITATION.items()}
    requests = {
        Asked(name.replace(" ", "_")): {
            act: Asked(cell.replace(" ", "_"))
            for act, cell in zip(RequestAct, row, strict=True)
            if cell != "–"
        }
        for name, row in table_of(words, of=len(RequestAct)).items()
    }
    assert requests == ALLOWED_WITH_REQUEST


# --- any order of events ----------------------------------------------------------------------

EVENTS = st.lists(
    st.sampled_from(["invite", "cancel", "decline", "accept", "steal", "wait", "leave", "reuse"]),
    min_size=3,
    max_size=12,
)


@dataclass
class Story:
    """What should be so after each event, kept beside what the database says."""

    body: Organisation
    representative: User
    invited: User
    thief: User
    now: datetime
    tokens: list[str] = field(default_factory=list)
    # The one link that should work, and until when.
    live: str = ""
    until: datetime | None = None
    is_member: bool = False

    def happen(self, event: str) -> None:
        getattr(self, event)()
        self.hold()

    def works(self, token: str) -> bool:
        return token == self.live and self.until is not None and self.now < self.until

    def invite(self) -> None:
        cache.clear()
        try:
            made = invite(
                self.body, actor=self.representative, email=self.invited.email, at=self.now
            )
        except MembershipRefused:
            assert self.is_member
            return
        assert not self.is_member
        self.live, self.until = delivered(made, at=self.now), self.now + GOOD_FOR
        self.tokens.append(self.live)

    def cancel(self) -> None:
        for token in self.tokens[-1:]:
            # One that has expired may be tidied away as well.
            possible = token == self.live
            assert (
                self.succeeds(
                    partial(cancel_invitation, named(token), actor=self.representative, at=self.now)
                )
                == possible
            )
            self.live = ""

    def decline(self) -> None:
        for token in self.tokens[-1:]:
            expected = self.works(token)
            assert expected == self.succeeds(
                partial(decline_invitation, named(token), user=self.invited, at=self.now)
            )
            self.live = "" if expected else self.live

    def accept(self) -> None:
        for token in self.tokens[-1:]:
            self.try_accepting(token)

    def reuse(self) -> None:
        for token in self.tokens:
            self.try_accepting(token)

    def try_accepting(self, token: str) -> None:
        expected = self.works(token)
        before = self.is_member
        done = self.succeeds(
            lambda: accept_invitation(named(token), user=self.invited, at=self.now)
        )
        # A member who follows the used link again is told so; nothing else comes of it.
        assert done == expected or (before and done)
        if expected:
            self.live, self.is_member = "", True

    def steal(self) -> None:
        for token in self.tokens:
            assert not self.succeeds(
                partial(accept_invitation, named(token), user=self.thief, at=self.now)
            )

    def wait(self) -> None:
        self.now += timedelta(days=5)

    def leave(self) -> None:
        for membership in self.body.memberships.current().filter(user=self.invited):
            leave(membership, at=self.now)
        self.is_member = False

    def succeeds(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except MembershipRefused:
            return False
        return True

    def hold(self) -> None:
        """What is true whatever happened."""
        assert self.body.invitations.unanswered().count() <= 1
        assert self.body.memberships.current().filter(user=self.invited).exists() == self.is_member
        assert not self.body.memberships.filter(user=self.thief).exists()
        accepted = self.body.invitations.filter(accepted_at__isnull=False)
        assert {found.accepted_by_id for found in accepted} <= {self.invited.pk}
        assert accepted.count() == self.body.memberships.filter(user=self.invited).count()
        assert not accepted.filter(accepted_at__gte=F("expires_at")).exists()
        open_ones = self.body.invitations.usable(at=self.now)
        assert open_ones.exists() == bool(self.live and self.works(self.live))


@given(events=EVENTS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_order_of_events_makes_a_link_work_that_should_not(
    representative: User, newcomer: User, visitor: User, events: Iterable[str]
) -> None:
    body = organisation(f"組織 {Organisation.objects.count()}")
    mandate(representative, body)
    story = Story(body, representative, newcomer, visitor, timezone.now())
    story.happen("invite")
    for event in events:
        story.happen(event)


@given(token=st.text(max_size=80))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_guessed_link_leads_anywhere(
    association: Organisation, representative: User, token: str
) -> None:
    if not Invitation.objects.exists():
        invite(association, actor=representative, email=NEW)
    assert invitation_named(token) is None


def at_once(*works: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment, each in a connection of its own; how each ended."""
    barrier = threading.Barrier(len(works))
    ends: list[str] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            work()
            ends.append("done")
        except MembershipRefused as refusal:
            ends.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_one_link_used_at_once_by_two_presses_makes_one_membership(
    association: Organisation, representative: User, newcomer: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    press = partial(accept_invitation, named(token), user=newcomer)
    assert at_once(press, press, press) == ["done"] * 3
    assert Membership.objects.filter(user=newcomer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_cancelling_at_once_do_one_of_the_two(
    association: Organisation, representative: User, newcomer: User
) -> None:
    for _round in range(5):
        token = delivered(invite(association, actor=representative, email=NEW))
        ends = at_once(
            partial(accept_invitation, named(token), user=newcomer),
            partial(cancel_invitation, named(token), actor=representative),
        )
        assert ends == ["InvitationClosed", "done"]
        accepted = named(token).accepted_at is not None
        current = Membership.objects.current().filter(user=newcomer)
        assert current.exists() == accepted
        for membership in current:
            leave(membership)


@pytest.mark.django_db(transaction=True)
def test_inviting_one_address_at_once_leaves_one_link(
    association: Organisation, representative: User
) -> None:
    works = [lambda: invite(association, actor=representative, email=NEW)] * 4
    assert at_once(*works) == ["done"] * 4
    assert association.invitations.unanswered().count() == 1


# --- requests ---------------------------------------------------------------------------------


@pytest.fixture
def on_domain(association: Organisation) -> Organisation:
    """The association with an e-mail domain of its own."""
    association.email_domain = "tami.org.tw"
    association.save()
    return association


@pytest.fixture
def colleague(on_domain: Organisation) -> User:
    return with_address("colleague", f"lin@{on_domain.email_domain}")


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("lin@tami.org.tw", True),
        ("Lin@TAMI.org.tw", True),
        ("lin@mail.tami.org.tw", True),
        ("lin@nottami.org.tw", False),
        ("lin@tami.org.tw.example.net", False),
        ("tami.org.tw@example.net", False),
        ("lin@org.tw", False),
    ],
)
def test_an_address_is_on_the_domain_or_a_subdomain(
    on_domain: Organisation, address: str, *, fits: bool
) -> None:
    user = with_address("someone", address)
    assert bool(addresses_on_domain(on_domain, people=[user])) == fits


def test_an_address_that_is_not_verified_asks_for_nothing(on_domain: Organisation) -> None:
    user = with_address("someone", "lin@tami.org.tw", verified=False)
    with pytest.raises(MembershipRefused, match="verified an e-mail address"):
        ask_to_join(on_domain, user=user)


def test_without_a_domain_nobody_asks(association: Organisation, visitor: User) -> None:
    with pytest.raises(MembershipRefused):
        ask_to_join(association, user=visitor)


def test_representatives_are_told_and_accept(
    on_domain: Organisation, representative: User, member: User, colleague: User
) -> None:
    asked = ask_to_join(on_domain, user=colleague)
    assert ask_to_join(on_domain, user=colleague) == asked
    letters.tell_of_request(asked.pk, language="en")
    assert [message.to for message in mail.outbox] == [[representative.email]]
    with pytest.raises(MembershipRefused):
        accept_request(asked, actor=member)
    membership = accept_request(asked, actor=representative)
    assert (membership.user, membership.role) == (colleague, Membership.Role.MEMBER)
    letters.tell_of_answer(asked.pk, language="en")
    assert mail.outbox[-1].to == [colleague.email]
    assert "now a member" in mail.outbox[-1].subject
    with pytest.raises(MembershipRefused, match="no longer open"):
        refuse_request(asked, actor=representative)


def test_a_refused_person_rests_before_asking_again(
    on_domain: Organisation, representative: User, colleague: User
) -> None:
    now = timezone.now()
    asked = ask_to_join(on_domain, user=colleague, at=now)
    refuse_request(asked, actor=representative, at=now)
    letters.tell_of_answer(asked.pk, language="en")
    assert "refused" in mail.outbox[-1].subject
    with pytest.raises(MembershipRefused, match="refused lately"):
        ask_to_join(on_domain, user=colleague, at=now + timedelta(days=29))
    assert ask_to_join(on_domain, user=colleague, at=now + timedelta(days=31)) != asked


def test_only_whoever_asked_takes_it_back(
    on_domain: Organisation, representative: User, colleague: User, visitor: User
) -> None:
    asked = ask_to_join(on_domain, user=colleague)
    with pytest.raises(MembershipRefused):
        take_back_request(asked, user=visitor)
    take_back_request(asked, user=colleague)
    with pytest.raises(MembershipRefused, match="no longer open"):
        accept_request(asked, actor=representative)
    assert ask_to_join(on_domain, user=colleague) != asked


def test_who_has_lost_the_address_meanwhile_is_not_accepted(
    on_domain: Organisation, representative: User, colleague: User
) -> None:
    asked = ask_to_join(on_domain, user=colleague)
    EmailAddress.objects.filter(user=colleague, primary=False).delete()
    with pytest.raises(MembershipRefused, match="verified an e-mail address"):
        accept_request(asked, actor=representative)
    asked.refresh_from_db()
    assert asked.state == Asked.ASKED


def test_an_invitation_answers_a_request(
    on_domain: Organisation, representative: User, colleague: User
) -> None:
    asked = ask_to_join(on_domain, user=colleague)
    address = "lin@tami.org.tw"
    token = delivered(invite(on_domain, actor=representative, email=address))
    accept_invitation(named(token), user=colleague)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (Asked.ACCEPTED, representative)


def test_whoever_was_removed_may_be_invited_again(
    association: Organisation, representative: User, member: User
) -> None:
    remove_member(Membership.objects.get(user=member), actor=representative)
    token = delivered(invite(association, actor=representative, email=member.email))
    accept_invitation(named(token), user=member)
    assert Membership.objects.filter(user=member).count() == 2
