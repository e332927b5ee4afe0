"""The privacy notice: agreed to at sign-up, and again before writing, never before reading."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import agreeing, privacy
from accounts.models import User
from accounts.privacy import CURRENT_NOTICE, agree_to_notice, has_to_agree
from comments.models import Comment
from consult.document.models import Draft
from tests.accounts.visits import PASSWORD, text_of, visit
from tests.cast import person

pytestmark = pytest.mark.django_db
THREAD = "/tve/1/壹-1/comments/"


@pytest.fixture
def reader() -> User:
    """Someone who agreed to an earlier notice."""
    user = person("reader")
    User.objects.filter(pk=user.pk).update(privacy_version="2020-01")
    user.refresh_from_db()
    return user


@pytest.fixture
def client(reader: User) -> Client:
    browser = visit()
    browser.force_login(reader)
    return browser


def a_comment(**also: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "voice": "self",
        "stance": "support",
        "body": "我贊成「這一段」 <b>&amp;",
        **also,
    }


def test_nobody_signs_up_without_agreeing() -> None:
    form = {"email": "new@example.org", "password1": PASSWORD, "display_name": "新"}
    page = text_of(visit().post("/accounts/signup/", form))
    assert "Without your agreement" in page
    assert not User.objects.exists()
    before = timezone.now()
    visit().post("/accounts/signup/", form | {"privacy": "on"})
    user = User.objects.get()
    assert user.privacy_version == CURRENT_NOTICE
    assert user.privacy_agreed_at is not None
    assert user.privacy_agreed_at >= before
    assert not has_to_agree(user)


def test_the_notice_is_at_hand() -> None:
    page = text_of(visit().get("/accounts/signup/"))
    assert page.count('href="/privacy/"') == 2
    assert 'href="/privacy/"' in text_of(visit().get("/"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hant", ["個人資料保護法", "第 8 條", "第 3 條", "14 天", "30 天", "網路位址", "查詢"]),
        ("en", ["article 8", "article 3", "14 days", "30 days", "network address", "corrected"]),
    ],
)
def test_the_notice_says_what_the_act_asks_for(
    settings: object, language: str, words: list[str]
) -> None:
    settings.OPERATOR = "教育部"  # type: ignore[attr-defined]
    settings.OPERATOR_EMAIL = "privacy@example.org"  # type: ignore[attr-defined]
    page = text_of(visit(language).get("/privacy/"))
    assert [word for word in [*words, "教育部", "privacy@example.org"] if word not in page] == []


@pytest.mark.usefixtures("draft")
def test_who_has_not_agreed_reads_undisturbed(client: Client) -> None:
    for path in ("/", "/tve/", "/tve/1/", THREAD, "/accounts/me/", "/privacy/"):
        assert client.get(path).status_code == 200


@pytest.mark.usefixtures("draft")
def test_what_was_written_waits_and_is_posted_upon_agreeing(client: Client, reader: User) -> None:
    sent = a_comment()
    asked = client.post(THREAD, sent)
    assert asked.status_code == 428
    assert not Comment.objects.exists()
    waiting = dict(asked.context["waiting"])
    assert waiting == sent
    assert "&lt;b&gt;&amp;amp;" in text_of(asked)
    answer = client.post(asked.context["action"], waiting | {"privacy_notice": CURRENT_NOTICE})
    assert answer.status_code == 302
    assert Comment.objects.get().body == sent["body"]
    reader.refresh_from_db()
    assert reader.privacy_version == CURRENT_NOTICE
    # Once is enough.
    assert client.post(THREAD, a_comment()).status_code == 302


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("version", ["", "2020-01", "2099-01"])
def test_only_the_notice_in_force_is_agreed_to(client: Client, version: str) -> None:
    assert client.post(THREAD, a_comment(privacy_notice=version)).status_code == 428
    assert not Comment.objects.exists()


@pytest.mark.usefixtures("draft")
def test_a_forged_form_agrees_to_nothing(reader: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reader)
    assert browser.post(THREAD, a_comment(privacy_notice=CURRENT_NOTICE)).status_code == 403
    reader.refresh_from_db()
    assert has_to_agree(reader)


@pytest.mark.usefixtures("draft")
def test_a_script_is_sent_to_the_page_and_back(client: Client, reader: User) -> None:
    asked = client.post(THREAD, a_comment(), headers={"X-Fragment": "1"})
    assert asked.status_code == 401
    page = client.get(asked.json()["sign_in"])
    assert page.status_code == 200
    answer = client.post("/privacy/agree/", {"next": page.context["next"]})
    assert answer["Location"].endswith("/comments/#write")
    reader.refresh_from_db()
    assert not has_to_agree(reader)


def test_a_file_is_to_be_chosen_again(client: Client) -> None:
    file = SimpleUploadedFile("letter.pdf", io.BytesIO(b"%PDF-").read())
    asked = client.post("/organisations/apply/", {"name": "x", "papers": file})
    assert asked.status_code == 428
    assert "choose it again" in text_of(asked)


@pytest.mark.parametrize(
    "path", ["/accounts/logout/", "/accounts/me/", "/theme/", "/language/", "/my/data/"]
)
def test_signing_out_and_leaving_stay_open(client: Client, path: str) -> None:
    assert client.post(path, {"language": "en"}).status_code != 428


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example"])
def test_agreeing_leads_nowhere_else(client: Client, to: str) -> None:
    assert client.get("/privacy/agree/", {"next": to}).context["next"] == ""
    assert client.post("/privacy/agree/", {"next": to})["Location"] == "/"


@pytest.mark.usefixtures("draft")
def test_a_new_notice_asks_everyone_once(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree_to_notice(reader)
    assert client.post(THREAD, a_comment()).status_code == 302
    for module in (privacy, agreeing):
        monkeypatch.setattr(module, "CURRENT_NOTICE", "2030-01")
    asked = client.post(THREAD, a_comment())
    assert asked.status_code == 428
    client.post(THREAD, a_comment(privacy_notice="2030-01"))
    assert Comment.objects.count() == 2


def test_agreeing_is_dated(draft: Draft, visitor: User) -> None:  # noqa: ARG001
    at = timezone.now()
    agree_to_notice(visitor, at=at)
    visitor.refresh_from_db()
    assert (visitor.privacy_version, visitor.privacy_agreed_at) == (CURRENT_NOTICE, at)
