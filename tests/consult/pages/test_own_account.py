"""Everything held about a person can be taken along; and leaving takes them out of it."""

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection, models
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import uploads
from accounts.auditing import Act, record
from accounts.models import (
    AuditRecord,
    EvidenceFile,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    User,
)
from accounts.voices import Voice
from comments.models import Comment, Follow
from comments.posting import post_comment
from consult.document.models import Draft, Drafter, Framework, Provision
from consult.pages.closing import close
from consult.pages.own_data import PARTS, parts_of
from consult.reports.downloading import inputs_of
from tests.accounts.visits import (
    PASSWORD,
    confirmed,
    sent_code,
    sign_in,
    signed_in,
    text_of,
    visit,
    with_password,
)
from tests.cast import mandate, person
from tests.consult.reports.making import report_at

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
DATA = "/my/data/"
CLOSING = "/my/closing/"

# What points at an account and is in no part of the download, and why.
LEFT_OUT = {
    "accounts.User_groups.user": "Django's own, not used",
    "accounts.User_user_permissions.user": "Django's own, not used",
    "admin.LogEntry.user": "Django's admin, for rare repairs, holds no more than the audit log",
    "consult.WorkingPiece.changed_by": "told by consult.WorkingRecord",
    "consult.Framework.drafters": "told by consult.Drafter",
    "accounts.Membership.removed_by": "an act in office, told by the audit log",
    "accounts.Mandate.decided_by": "an act in office, told by the audit log",
    "accounts.JoinRequest.decided_by": "an act in office, told by the audit log",
    "consult.Lineage.decided_by": "an act in office, told by the lineage's own records",
    "consult.LineageRecord.actor": "an act in office, kept with the draft that it shaped",
    "comments.Placement.decided_by": "an act in office, kept with the comment that it placed",
}


def say(draft: Draft, user: User, body: str = "我贊成。", **voice: Any) -> Comment:
    target = Provision.objects.select_related("section__draft__framework").get(
        draft=draft, ref="壹-1"
    )
    return post_comment(
        target,
        voice=Voice(user, voice.get("organisation")),
        body=body,
        stance="support",
        idempotency_key=uuid.uuid4(),
    )


def download(client: Client) -> zipfile.ZipFile:
    answer = client.post(DATA)
    assert isinstance(answer, StreamingHttpResponse)

    async def sent() -> bytes:
        return b"".join([piece async for piece in answer])

    return zipfile.ZipFile(io.BytesIO(async_to_sync(sent)()))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(archive.read(f"{name}.json"))
    return rows


def test_every_table_that_points_at_an_account_is_in_it() -> None:
    told = {f"{part.model._meta.label}.{part.by}" for part in PARTS}
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model is User
    }
    assert pointing - told - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) <= pointing
    assert set(LEFT_OUT) & told == set()
    assert len({part.name for part in PARTS}) == len(PARTS)


def test_every_part_can_be_read(visitor: User) -> None:
    for _name, rows in parts_of(visitor):
        json.dumps(list(rows), default=str)


def test_it_holds_what_is_ones_own_and_nothing_else(
    client_for: Browser, draft: Draft, visitor: User, member: User, association: Organisation
) -> None:
    say(draft, visitor, "我的意見")
    say(draft, member, "別人的意見")
    mandate(visitor, association)
    file = EvidenceFile.objects.create(
        organisation=association,
        stored_name=uploads.private_files().save(f"{uuid.uuid4().hex}.pdf", ContentFile(b"%PDF")),
        shown_name="授權書.pdf",
        kind="pdf",
        size=4,
        sha256="0" * 64,
        uploaded_by=visitor,
    )
    Authenticator.objects.create(
        user=visitor, type=Authenticator.Type.TOTP, data={"secret": "SECRET-OF-THE-APP"}
    )
    Invitation.objects.create(
        organisation=association,
        email="Visitor@example.org",
        token_sha256="SECRET-OF-THE-LINK",
        invited_by=member,
        expires_at=timezone.now(),
    )
    record(Act.ROLE_GIVEN, actor=member, about=visitor, details={"role": "moderator"})
    archive = download(confirmed(client_for(visitor)))
    assert table(archive, "account")[0]["email"] == "visitor@example.org"
    assert [row["body"] for row in table(archive, "comments")] == ["我的意見"]
    assert table(archive, "memberships")[0]["organisation__name"] == association.name
    assert table(archive, "mandates")[0]["evidence"] == "理事會決議"
    assert table(archive, "second-factors")[0]["type"] == "totp"
    assert len(table(archive, "invitations-to-you")) == 1
    assert table(archive, "done-to-your-account")[0]["details"] == {"role": "moderator"}
    assert table(archive, "audit-log")[0]["act"] == Act.DATA_DOWNLOADED
    assert table(archive, "endorsements") == []
    assert archive.read(f"files/{file.public_id}-授權書.pdf") == b"%PDF"
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "SECRET" not in everything
    assert "別人的意見" not in everything
    assert visitor.password not in everything
    assert archive.testzip() is None


def test_a_file_that_is_gone_holds_nothing_up(
    client_for: Browser, visitor: User, association: Organisation
) -> None:
    EvidenceFile.objects.create(
        organisation=association,
        stored_name="gone.pdf",
        shown_name="gone.pdf",
        kind="pdf",
        size=4,
        sha256="0" * 64,
        uploaded_by=visitor,
    )
    archive = download(confirmed(client_for(visitor)))
    assert len(table(archive, "evidence")) == 1


def test_it_is_recorded_and_asked_for_by_its_owner_alone(visitor: User) -> None:
    browser = sign_in(with_password(visitor))
    asked = browser.post(DATA)
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Fmy%2Fdata%2F"
    assert not AuditRecord.objects.filter(act=Act.DATA_DOWNLOADED).exists()
    browser.post(asked["Location"], {"password": PASSWORD})
    download(browser)
    assert AuditRecord.objects.filter(act=Act.DATA_DOWNLOADED, actor=visitor).exists()


def test_it_is_not_made_over_and_over(client_for: Browser, visitor: User) -> None:
    client = confirmed(client_for(visitor))
    for _ in range(5):
        download(client)
    refused = client.post(DATA)
    assert refused.status_code == 429
    assert "請" in text_of(refused)


def test_it_costs_the_same_with_many_rows(draft: Draft, visitor: User) -> None:
    def read() -> int:
        with CaptureQueriesContext(connection) as queries:
            for _name, rows in parts_of(visitor):
                list(rows)
        return len(queries)

    say(draft, visitor)
    before = read()
    for number in range(8):
        say(draft, visitor, f"第 {number} 則意見")
    assert read() == before


# --- closing ----------------------------------------------------------------------------------


def test_what_names_the_person_goes_and_what_they_said_stays(
    draft: Draft, visitor: User, member: User, association: Organisation
) -> None:
    comment = say(draft, visitor, "留下的意見")
    User.objects.filter(pk=visitor.pk).update(public_role="parent", last_login=timezone.now())
    visitor.refresh_from_db()
    with_password(visitor)
    browser = sign_in(visitor)
    Authenticator.objects.create(user=visitor, type=Authenticator.Type.RECOVERY_CODES, data={})
    SocialAccount.objects.create(user=visitor, provider="line", uid="1")
    Membership.objects.create(user=visitor, organisation=association)
    JoinRequest.objects.create(user=visitor, organisation=association)
    for name, fields in {
        "open": {},
        "accepted": {"accepted_by": visitor, "accepted_at": timezone.now()},
    }.items():
        Invitation.objects.create(
            organisation=association,
            email=visitor.email,
            token_sha256=name,
            invited_by=member,
            expires_at=timezone.now() + dt.timedelta(days=1),
            **fields,
        )
    Follow.objects.create(user=visitor, section=draft.sections.get(ref="壹"))
    close(visitor)
    left = User.objects.get(pk=visitor.pk)
    assert not left.is_active
    assert left.closed_at
    assert (left.display_name, left.public_role, left.last_login) == ("", "", None)
    assert not left.has_usable_password()
    assert "visitor" not in str(vars(left))
    with translation.override("zh-hant"):
        assert left.shown_name == "已離開的使用者"
    gone: tuple[type[models.Model], ...] = (
        EmailAddress,
        Authenticator,
        SocialAccount,
        UserSession,
        Follow,
    )
    for model in gone:
        assert not model._default_manager.filter(user=left).exists()
    assert not Membership.objects.current().filter(user=left).exists()
    assert JoinRequest.objects.get().state == JoinRequest.State.TAKEN_BACK
    assert Invitation.objects.get().email == ""
    assert browser.get("/accounts/me/").status_code == 302
    assert not Session.objects.filter(session_key=browser.session.session_key).exists()
    page = text_of(Client().get("/tve/1/壹-1/comments/"))
    assert "留下的意見" in page
    assert "已離開的使用者" in page
    assert "visitor" not in page
    comment.refresh_from_db()
    assert comment.group == "public"
    closing = AuditRecord.objects.get(act=Act.ACCOUNT_CLOSED)
    assert (closing.actor_id, closing.object_key) == (visitor.pk, str(visitor.public_id))


def test_closing_twice_is_closing_once(visitor: User) -> None:
    close(visitor)
    close(visitor)
    assert AuditRecord.objects.filter(act=Act.ACCOUNT_CLOSED).count() == 1


def test_a_report_of_one_cutoff_stays_the_same(
    draft: Draft, drafter: User, visitor: User, member: User
) -> None:
    """The same people are counted, in the same bytes, before and after."""
    for user in (visitor, visitor, member):
        say(draft, user)
    cutoff = timezone.now()

    def made() -> tuple[str, bytes, Any]:
        found = report_at(draft, drafter, cutoff=cutoff)
        return found.inputs_sha256, b"".join(inputs_of(found)), found.result

    before = made()
    close(visitor)
    assert made() == before
    assert "visitor" not in before[1].decode()


@pytest.mark.usefixtures("administrator")
def test_roles_are_taken_away_first(framework: Framework, visitor: User) -> None:
    User.objects.filter(pk=visitor.pk).update(is_staff=True, is_moderator=True, is_superuser=True)
    Drafter.objects.create(framework=framework, user=visitor)
    close(visitor)
    visitor.refresh_from_db()
    assert (visitor.is_staff, visitor.is_moderator, visitor.is_superuser) == (False, False, False)
    assert not Drafter.objects.filter(user=visitor).exists()
    lines = AuditRecord.objects.filter(actor=visitor).order_by("pk")
    assert [(line.act, line.details.get("role")) for line in lines] == [
        (Act.ROLE_TAKEN, "drafter"),
        (Act.ROLE_TAKEN, "administrator"),
        (Act.ROLE_TAKEN, "moderator"),
        (Act.ACCOUNT_CLOSED, None),
    ]


def refused(client: Client) -> str:
    answer = confirmed(client).post(CLOSING, {"understood": "on"})
    assert answer.status_code == 409
    return text_of(answer)


def test_the_last_administrator_stays(client_for: Browser, administrator: User) -> None:
    assert "最後一位管理員" in refused(client_for(administrator))
    administrator.refresh_from_db()
    assert administrator.is_staff
    assert administrator.is_active


def test_the_last_representative_stays(
    client_for: Browser, representative: User, association: Organisation, framework: Framework
) -> None:
    Drafter.objects.create(framework=framework, user=representative)
    assert association.name in refused(client_for(representative))
    representative.refresh_from_db()
    assert representative.is_active
    assert representative.display_name == "representative"
    # Nothing was changed half-way.
    assert Drafter.objects.filter(user=representative).exists()
    assert not AuditRecord.objects.exists()
    mandate(person("successor"), association)
    answer = confirmed(client_for(representative)).post(CLOSING, {"understood": "on"})
    assert answer.status_code == 302


def test_closing_by_the_page(visitor: User) -> None:
    browser = sign_in(with_password(visitor), language="zh-hant")
    asked = browser.post(CLOSING, {"understood": "on"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    visitor.refresh_from_db()
    assert visitor.is_active
    browser.post(asked["Location"], {"password": PASSWORD})
    assert not signed_in(browser)
    assert "您的帳號已關閉" in text_of(browser.get("/"))
    visitor.refresh_from_db()
    assert not visitor.is_active


def test_nothing_is_closed_without_the_tick(client_for: Browser, visitor: User) -> None:
    assert "請勾選" in text_of(confirmed(client_for(visitor)).post(CLOSING, {}))
    visitor.refresh_from_db()
    assert visitor.is_active


def test_the_address_may_sign_up_again(visitor: User) -> None:
    close(visitor)
    assert not signed_in(sign_in(visitor))
    form = {
        "email": "visitor@example.org",
        "password1": PASSWORD,
        "display_name": "新的人",
        "privacy": "on",
    }
    browser = visit()
    browser.post("/accounts/signup/", form)
    browser.post("/accounts/confirm-email/", {"code": sent_code()})
    assert signed_in(browser)
    again = User.objects.get(email="visitor@example.org")
    assert again.pk != visitor.pk
    assert again.public_id != visitor.public_id
