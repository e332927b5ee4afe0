"""The pages of members, invitations, requests and mandates: who sees what, each act by a press."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Visitor
from accounts.belonging import leave, remove_member
from accounts.joining import (
    accept_invitation,
    ask_to_join,
    cancel_invitation,
    invitation_named,
    invite,
    masked,
)
from accounts.mandating import accept_mandate, withdraw_mandate
from accounts.models import Invitation, JoinRequest, Mandate, Membership, Organisation, User
from accounts.voices import Voice
from comments.models import Comment
from comments.posting import VoiceRefused, post_comment
from consult.document.models import Draft, Framework, Provision
from tests.accounts.files import picture
from tests.accounts.test_belonging import membership_of
from tests.accounts.test_joining import NEW, delivered, named, with_address
from tests.accounts.test_mandating import proposal
from tests.cast import SECRET, mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Role = Membership.Role
Open = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]


@pytest.fixture
def site() -> Open:
    """The site in English as this person sees it."""

    def client(user: Visitor) -> Client:
        browser = Client(headers={"accept-language": "en"})
        if isinstance(user, User):
            browser.force_login(user)
        return browser

    return client


def own(association: Organisation, path: str = "members/") -> str:
    return f"/my/organisations/{association.public_id}/{path}"


def text_of(answer: Any) -> str:  # noqa: ANN401 - the test client's own
    return str(answer.content.decode())


# --- members ----------------------------------------------------------------------------------


def test_a_member_sees_who_is_who_and_manages_nothing(
    association: Organisation, representative: User, member: User, site: Open
) -> None:
    invite(association, actor=representative, email=NEW)
    proposal(representative, actor=representative, evidence=f"{SECRET}另一份授權")
    page = text_of(site(member).get(own(association)))
    assert "representative" in page
    assert "speaks for the organisation" in page
    assert "two people never share" in page
    for hidden in (NEW, "Remove", "Send the invitation", "Under review", SECRET):
        assert hidden not in page
    assert "1 mandate" in page


@pytest.mark.parametrize("path", ["members/", "mandates/new/"])
def test_others_find_nothing(
    association: Organisation,
    representative: User,
    visitor: User,
    administrator: User,
    site: Open,
    path: str,
) -> None:
    left = person("left")
    leave(Membership.objects.create(user=left, organisation=association))
    for someone in (visitor, administrator, left):
        assert site(someone).get(own(association, path)).status_code == 404
    assert Client().get(own(association, path)).status_code == 302
    assert site(representative).get(own(association, path)).status_code == 200


def test_what_only_representatives_do_is_not_there_for_others(
    association: Organisation, representative: User, member: User, visitor: User, site: Open
) -> None:
    invitation = invite(association, actor=representative, email=NEW)
    asked = JoinRequest.objects.create(organisation=association, user=person("colleague"))
    key = membership_of(representative).pk
    posts: dict[str, dict[str, str]] = {
        "members/": {"email": "mine@example.net"},
        f"members/{key}/": {"act": "remove"},
        f"invitations/{invitation.pk}/cancel/": {},
        f"requests/{asked.pk}/": {"act": "accept"},
        f"mandates/{Mandate.objects.get().pk}/withdraw/": {},
    }
    for someone in (member, visitor):
        for path, data in posts.items():
            assert site(someone).post(own(association, path), data).status_code == 404
    assert site(member).get(own(association, "mandates/new/")).status_code == 404
    assert Invitation.objects.count() == 1
    assert membership_of(representative).left_at is None
    assert Mandate.objects.get().state == Mandate.State.ACCEPTED


def test_rows_of_another_organisation_are_out_of_reach(
    association: Organisation, school: Organisation, representative: User, member: User, site: Open
) -> None:
    head = person("head")
    mandate(head, school)
    theirs = invite(association, actor=representative, email=NEW)
    for path, data in {
        f"members/{membership_of(member).pk}/": {"act": "remove"},
        f"invitations/{theirs.pk}/cancel/": {},
        f"mandates/{Mandate.objects.get(membership__user=representative).pk}/withdraw/": {},
    }.items():
        assert site(head).post(own(school, path), data).status_code == 404
    assert membership_of(member).left_at is None


def test_inviting_from_the_page(
    association: Organisation, representative: User, site: Open
) -> None:
    browser = site(representative)
    page = text_of(browser.post(own(association), {"email": "New@example.net"}, follow=True))
    assert "An invitation is on its way to New@example.net" in page
    assert NEW in page
    answer = browser.post(own(association), {"email": "no address"})
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    cancel = own(association, f"invitations/{Invitation.objects.get().pk}/cancel/")
    assert "no longer works" in text_of(browser.post(cancel, follow=True))
    again = browser.post(cancel)
    assert again.status_code == 422
    assert "was cancelled" in text_of(again)


def test_removing_a_member_can_be_undone(
    association: Organisation, representative: User, member: User, site: Open
) -> None:
    browser = site(representative)
    path = own(association, f"members/{membership_of(member).pk}/")
    page = text_of(browser.post(path, {"act": "remove"}, follow=True))
    assert "member is no longer a member." in page
    assert "Removed within a day" in page
    assert site(member).get(own(association)).status_code == 404
    page = text_of(browser.post(path, {"act": "restore"}, follow=True))
    assert "member is a member again." in page
    assert site(member).get(own(association)).status_code == 200
    browser.post(path, {"act": "nonsense"})
    assert membership_of(member).role == Role.MEMBER
    browser.post(path, {"act": "make_representative"})
    assert membership_of(member).role == Role.REPRESENTATIVE
    browser.post(path, {"act": "make_member"})
    assert membership_of(member).role == Role.MEMBER


def test_the_last_representative_is_told_what_to_do_first(
    association: Organisation, representative: User, member: User, site: Open
) -> None:
    browser = site(representative)
    assert "First make another member a representative" in text_of(browser.get(own(association)))
    answer = browser.post(own(association, "leave/"))
    assert answer.status_code == 422
    assert "First make another member a representative" in text_of(answer)
    page = text_of(site(member).post(own(association, "leave/"), follow=True))
    assert f"You have left {association.name}" in page


def test_the_page_costs_the_same_whoever_belongs(
    association: Organisation, representative: User, site: Open
) -> None:
    association.email_domain = "tami.org.tw"
    association.save()
    browser = site(representative)

    def grow(names: str) -> None:
        for name in names:
            member = person(f"member-{name}")
            Membership.objects.create(user=member, organisation=association)
            proposal(member, actor=representative, framework_codes=["tve"])
            invite(association, actor=representative, email=f"{name}@example.net")
            ask_to_join(association, user=with_address(f"asks-{name}", f"{name}@tami.org.tw"))
            gone = person(f"gone-{name}")
            one = Membership.objects.create(user=gone, organisation=association)
            remove_member(one, actor=representative)

    grow("a")
    browser.get(own(association))
    with CaptureQueriesContext(connection) as few:
        browser.get(own(association))
    grow("bcdefg")
    with CaptureQueriesContext(connection) as many:
        page = text_of(browser.get(own(association)))
    assert "8 members" in page
    assert len(many) == len(few) <= 22


# --- an invitation's link ---------------------------------------------------------------------


def test_the_link_shows_the_way_to_whoever_has_no_account(
    association: Organisation, representative: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    browser = Client(headers={"accept-language": "en"}, REMOTE_ADDR="203.0.113.7")
    page = text_of(browser.get(f"/invitations/{token}/"))
    assert association.name in page
    assert masked(NEW) in page
    assert NEW not in page
    assert "two people never share" in page
    assert named(token).state(at=timezone.now()) == Invitation.State.OPEN
    form = text_of(browser.get(f"/invitations/{token}/sign-up/?next=/invitations/{token}/"))
    assert f'value="{NEW}"' in form
    assert f"You are invited to {association.name}" in form
    assert f'name="next" value="/invitations/{token}/"' in form
    assert browser.post(f"/invitations/{token}/", {"act": "accept"}).status_code == 302
    assert not Membership.objects.filter(user__email=NEW).exists()


def test_signing_up_through_the_link_still_verifies_the_address(
    association: Organisation, representative: User
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    browser = Client(headers={"accept-language": "en"}, REMOTE_ADDR="203.0.113.8")
    fields = re.findall(
        r'<input[^>]* name="(\w+)"',
        text_of(browser.get(f"/invitations/{token}/sign-up/?next=/invitations/{token}/")),
    )
    told = {"email": NEW, "password1": "kiln-otter-4821", "display_name": "新人"}
    answer = browser.post(
        "/accounts/signup/",
        dict.fromkeys(fields, "on") | told | {"next": f"/invitations/{token}/"},
    )
    assert answer.headers["Location"].startswith("/accounts/confirm-email/")
    assert "_auth_user_id" not in browser.session
    code = re.search(r"^\s*([0-9A-Z]{4}-[0-9A-Z]{4})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    answer = browser.post("/accounts/confirm-email/", {"code": code[1]})
    assert answer.headers["Location"] == f"/invitations/{token}/"
    page = text_of(browser.get(f"/invitations/{token}/"))
    assert "Accept and join" in page
    page = text_of(browser.post(f"/invitations/{token}/", {"act": "accept"}, follow=True))
    assert f"You are now a member of {association.name}" in page
    assert "新人" in page


def test_another_account_is_told_and_learns_no_address(
    association: Organisation, representative: User, visitor: User, site: Open
) -> None:
    token = delivered(invite(association, actor=representative, email=NEW))
    page = text_of(site(visitor).get(f"/invitations/{token}/"))
    assert "Only the account of the invited address can accept" in page
    assert "Accept and join" not in page
    refused = site(visitor).post(f"/invitations/{token}/", {"act": "accept"})
    assert refused.status_code == 422
    for text in (page, text_of(refused)):
        assert NEW not in text
    # Nor by the page for signing up, which leads those away who are signed in.
    answer = site(visitor).get(f"/invitations/{token}/sign-up/")
    assert answer.status_code == 302
    assert NEW not in text_of(answer) + answer.headers["Location"]


@pytest.mark.parametrize("way", ["expired", "cancelled", "declined", "used"])
def test_a_link_that_no_longer_works_says_so(
    association: Organisation, representative: User, site: Open, visitor: User, way: str
) -> None:
    newcomer = with_address("newcomer", NEW)
    token = delivered(invite(association, actor=representative, email=NEW))
    if way == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif way == "cancelled":
        cancel_invitation(named(token), actor=representative)
    elif way == "declined":
        browser = Client(headers={"accept-language": "en"})
        page = text_of(browser.post(f"/invitations/{token}/", {"act": "decline"}, follow=True))
        assert "You have declined" in page
    else:
        accept_invitation(named(token), user=newcomer)
    answer = site(visitor).get(f"/invitations/{token}/")
    assert answer.status_code == 410
    assert "ask for a new invitation" in text_of(answer)
    assert site(visitor).post(f"/invitations/{token}/", {"act": "accept"}).status_code == 410
    assert site(visitor).post(f"/invitations/{token}/", {"act": "decline"}).status_code == 410
    assert Client().get(f"/invitations/{token}/sign-up/").status_code == 302
    if way == "used":
        page = text_of(site(newcomer).get(f"/invitations/{token}/"))
        assert "You have accepted this invitation" in page


@pytest.mark.parametrize("path", ["", "sign-up/"])
def test_a_made_up_link_is_not_found(path: str) -> None:
    assert Client().get(f"/invitations/{'x' * 43}/{path}").status_code == 404
    assert invitation_named("x" * 43) is None


# --- asking to join ---------------------------------------------------------------------------


def test_asking_taking_back_and_being_accepted(
    association: Organisation, representative: User, site: Open
) -> None:
    association.email_domain = "tami.org.tw"
    association.save()
    colleague = with_address("colleague", "lin@mail.tami.org.tw")
    path = f"/organisations/{association.public_id}/join/"
    browser = site(colleague)
    page = text_of(browser.get(path))
    assert "lin@mail.tami.org.tw" in page
    assert "two people never share" in page
    assert "Take the request back" in text_of(browser.post(path, {"act": "ask"}, follow=True))
    assert "Ask to join" in text_of(browser.post(path, {"act": "take_back"}, follow=True))
    browser.post(path, {"act": "ask"})
    page = text_of(site(representative).get(own(association)))
    assert "They ask to join" in page
    assert "lin@mail.tami.org.tw" in page
    asked = JoinRequest.objects.asked().get()
    answer = own(association, f"requests/{asked.pk}/")
    page = text_of(site(representative).post(answer, {"act": "accept"}, follow=True))
    assert "colleague is a member now." in page
    assert "You are a member already" in text_of(browser.get(path))
    assert site(representative).post(answer, {"act": "refuse"}).status_code == 422


def test_whoever_has_no_address_there_is_told_what_to_do(
    association: Organisation, visitor: User, site: Open
) -> None:
    path = f"/organisations/{association.public_id}/join/"
    page = text_of(site(visitor).get(path))
    assert "ask a representative to invite you: that works" in page
    assert "two people never share" in page
    assert site(visitor).post(path, {"act": "ask"}).status_code == 422
    assert not JoinRequest.objects.exists()


def test_only_a_verified_organisation_can_be_joined(
    association: Organisation, visitor: User, site: Open
) -> None:
    path = f"/organisations/{association.public_id}/join/"
    assert Client().get(path).status_code == 302
    association.verified_until = timezone.localdate() - timedelta(days=1)
    association.save()
    assert site(visitor).get(path).status_code == 404
    assert site(visitor).get(f"/organisations/{uuid.uuid4()}/join/").status_code == 404


# --- mandates ---------------------------------------------------------------------------------


def wanted(user: User, **changes: Any) -> dict[str, Any]:
    """The form as it is filled in."""
    return {
        "member": membership_of(user).pk,
        "evidence": "第 3 次理事會決議",
        "scope": "all",
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": "",
    } | changes


def a_picture_file(name: str = "授權書.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("PNG") if content is None else content, "image/png")


def test_a_mandate_is_proposed_with_files_and_scope(
    association: Organisation, representative: User, member: User, draft: Draft, site: Open
) -> None:
    browser, path = site(representative), own(association, "mandates/new/")
    page = text_of(browser.get(f"{path}?member={membership_of(member).pk}"))
    assert f'<option value="{membership_of(member).pk}" selected>' in page
    assert draft.framework.title in page
    answer = browser.post(
        path,
        wanted(
            member,
            scope="some",
            frameworks=["tve"],
            papers=[a_picture_file(), a_picture_file("決議.png")],
        ),
        follow=True,
    )
    assert "The mandate is proposed" in text_of(answer)
    found = Mandate.objects.get(membership__user=member)
    assert found.framework_codes == ["tve"]
    assert [file.shown_name for file in found.evidence_files.all()] == ["授權書.png", "決議.png"]
    page = text_of(browser.get(own(association)))
    assert "mandate under review" in page
    assert "Take the proposal back" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"evidence": ""}, "What the mandate rests on"),
        ({"scope": "some"}, "Tick at least one framework"),
        ({"scope": "some", "frameworks": ["hidden"]}, "frameworks"),
        ({"member": "0"}, "Who is to speak"),
        ({"ends_on": "2020-01-01"}, "end before it starts"),
        ({"starts_on": "yesterday"}, "First day"),
        ({"papers": [a_picture_file() for _ in range(4)]}, "Up to 3 files are possible"),
        ({"papers": [a_picture_file(content=b"MZ is no picture")]}, "授權書.png"),
        ({"papers": [a_picture_file("a.exe")]}, "a.exe"),
    ],
)
@pytest.mark.usefixtures("draft")
def test_a_proposal_with_a_mistake_is_given_back(
    association: Organisation,
    representative: User,
    member: User,
    site: Open,
    changes: dict[str, Any],
    sentence: str,
) -> None:
    Framework.objects.create(code="hidden", title=f"{SECRET}綱領", owner_body="教育部")
    for file in changes.get("papers", []):
        file.seek(0)
    path = own(association, "mandates/new/")
    answer = site(representative).post(path, wanted(member, **changes))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert sentence in page
    assert SECRET not in page
    assert not Mandate.objects.filter(membership__user=member).exists()


def test_an_administrator_decides_in_the_office(
    association: Organisation,
    representative: User,
    member: User,
    administrator: User,
    site: Open,
) -> None:
    site(representative).post(
        own(association, "mandates/new/"), wanted(member, papers=[a_picture_file()])
    )
    found = Mandate.objects.get(membership__user=member)
    browser, path = site(administrator), f"/office/mandates/{found.pk}/"
    assert association.name in text_of(browser.get("/office/mandates/"))
    page = text_of(browser.get(path))
    assert "第 3 次理事會決議" in page
    opened = re.search(r'href="(/office/evidence/[^"]+)">授權書.png<', page)
    assert opened
    assert browser.get(opened[1]).content == picture("PNG")
    refused = browser.post(path, {"act": "refuse", "reason": ""})
    assert refused.status_code == 422
    assert "Give the reason" in text_of(refused)
    page = text_of(browser.post(path, {"act": "accept"}, follow=True))
    assert "The mandate is accepted" in page
    assert "No mandate waits" in page
    again = browser.post(path, {"act": "refuse", "reason": "否"})
    assert again.status_code == 422
    assert "can&#x27;t be done now" in text_of(again)
    browser.post(path, {"act": "withdraw", "reason": "查證不實"})
    page = text_of(site(member).get(own(association)))
    assert "查證不實" in page


@pytest.mark.usefixtures("member")
def test_the_office_is_not_there_for_others(
    representative: User, member: User, moderator: User, site: Open
) -> None:
    found = proposal(member, actor=representative)
    for someone in (representative, member, moderator):
        for path in ("/office/mandates/", f"/office/mandates/{found.pk}/"):
            assert site(someone).get(path).status_code == 404
        answer = site(someone).post(f"/office/mandates/{found.pk}/", {"act": "accept"})
        assert answer.status_code == 404
    assert Client().get("/office/mandates/").status_code == 302
    found.refresh_from_db()
    assert found.state == Mandate.State.PROPOSED


def test_the_office_costs_the_same_whatever_waits(
    association: Organisation, representative: User, administrator: User, site: Open
) -> None:
    browser = site(administrator)

    def grow(names: str) -> None:
        for name in names:
            member = person(f"member-{name}")
            Membership.objects.create(user=member, organisation=association)
            proposal(member, actor=representative)

    grow("a")
    browser.get("/office/mandates/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/office/mandates/")
    grow("bcdef")
    with CaptureQueriesContext(connection) as many:
        page = text_of(browser.get("/office/mandates/"))
    assert page.count("member-") == 6
    assert len(many) == len(few) <= 8


def test_withdrawing_one_s_own_mandate(
    association: Organisation, representative: User, member: User, administrator: User, site: Open
) -> None:
    found = accept_mandate(proposal(member, actor=representative), actor=administrator)
    path = own(association, f"mandates/{found.pk}/withdraw/")
    assert "The mandate is withdrawn" in text_of(site(member).post(path, follow=True))
    assert site(member).post(path).status_code == 422


# --- what is said under a mandate -------------------------------------------------------------


@pytest.fixture
def mandated(member: User, representative: User, administrator: User, draft: Draft) -> Mandate:
    """The member may speak for the association on the draft's framework, until tomorrow."""
    found = proposal(
        member,
        actor=representative,
        framework_codes=[draft.framework.code],
        ends_on=timezone.localdate() + timedelta(days=1),
    )
    return accept_mandate(found, actor=administrator)


def say(target: Provision, voice: Voice, **when: Any) -> Comment:
    return post_comment(
        target,
        voice=voice,
        body="本會意見。",
        stance="suggest",
        idempotency_key=uuid.uuid4(),
        **when,
    )


@pytest.mark.parametrize("way", ["scope", "end", "withdrawn", "left", "removed", "unverified"])
def test_posting_refuses_a_voice_that_has_ended_and_keeps_what_was_said(
    mandated: Mandate,
    association: Organisation,
    representative: User,
    member: User,
    provision: NamedProvision,
    site: Open,
    way: str,
) -> None:
    voice = Voice(member, association)
    said = say(provision("壹-1"), voice)
    before = Comment.objects.filter(pk=said.pk).values().get()
    ends: dict[str, Callable[[], object]] = {
        "scope": lambda: Mandate.objects.update(framework_codes=["skills"]),
        "end": lambda: Mandate.objects.filter(pk=mandated.pk).update(
            starts_on=timezone.localdate() - timedelta(days=1),
            ends_on=timezone.localdate() - timedelta(days=1),
        ),
        "withdrawn": lambda: withdraw_mandate(mandated, actor=representative),
        "left": lambda: leave(mandated.membership),
        "removed": lambda: remove_member(mandated.membership, actor=representative),
        "unverified": lambda: Organisation.objects.update(state=Organisation.State.WITHDRAWN),
    }
    ends[way]()
    with pytest.raises(VoiceRefused, match=r"You may not speak for .* at present"):
        say(provision("壹-1"), voice)
    thread = "/tve/1/壹-1/comments/"
    answer = site(member).post(
        thread, {"voice": str(association.pk), "body": "再說一次。", "stance": "support"}
    )
    assert answer.status_code == 422
    assert "You may not speak for" in text_of(answer)
    assert Comment.objects.filter(pk=said.pk).values().get() == before
    assert association.name in text_of(site(member).get(thread))
    assert say(provision("壹-1"), Voice(member, None)).organisation_name == ""
