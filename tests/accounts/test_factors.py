"""An app's codes, recovery codes and the pages of passkeys, by the real forms."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.access import has_second_factor
from accounts.models import AuditRecord, User
from tests.accounts.visits import (
    PASSWORD,
    app_code,
    confirm,
    sign_in,
    signed_in,
    text_of,
    visit,
    with_password,
)
from tests.cast import person

# What is changed is told and recorded once it is committed.
pytestmark = pytest.mark.django_db(transaction=True)
Act = AuditRecord.Act


@pytest.fixture
def known(db: None) -> User:  # noqa: ARG001 - the account is stored
    return with_password(person("known"))


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app, whose key is returned."""
    page = text_of(confirm(browser, browser.get("/accounts/2fa/totp/activate/")))
    found = re.search(r'<code class="key">(\w+)</code>', page)
    assert found, page
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": app_code(found[1])}, follow=True)
    assert "The app is set up." in text_of(answer)
    return found[1]


def test_an_app_is_set_up_and_asked_for(known: User) -> None:
    secret = set_up_app(sign_in(known))
    assert has_second_factor(known)
    assert "An authenticator app was set up" in mail.outbox[-1].subject
    assert AuditRecord.objects.filter(act=Act.FACTOR_ADDED, actor=known).count() == 1
    browser = sign_in(known)
    assert not signed_in(browser)
    page = text_of(browser.get("/accounts/2fa/authenticate/"))
    assert "Second step" in page
    refused = browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "There is a problem" in text_of(refused)
    assert not signed_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": app_code(secret, ahead=1)})
    assert signed_in(browser)


def test_the_key_is_shown_as_picture_and_as_text(known: User) -> None:
    browser = sign_in(known)
    page = text_of(confirm(browser, browser.get("/accounts/2fa/totp/activate/")))
    assert re.search(
        r'<img class="qr" src="data:image/svg\+xml;base64,\w+[^"]*"[^>]* alt="QR code', page
    )
    refused = browser.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "There is a problem" in text_of(refused)
    assert not has_second_factor(known)


def test_a_code_by_e_mail_does_not_go_round_the_app(known: User) -> None:
    set_up_app(sign_in(known))
    browser = visit()
    browser.post("/accounts/login/code/", {"email": known.email})
    code = re.search(r"^\s*(\w{3,}-?\w{3,})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    answer = browser.post("/accounts/login/code/confirm/", {"code": code[1]})
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(browser)


def test_a_new_password_does_not_go_round_the_app(known: User) -> None:
    set_up_app(sign_in(known))
    browser = visit()
    browser.post("/accounts/password/reset/", {"email": known.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    fresh = "another long sentence"
    browser.post(form, {"password1": fresh, "password2": fresh})
    assert not signed_in(browser)
    known.refresh_from_db()
    assert known.check_password(fresh)


def test_recovery_codes_work_once(known: User) -> None:
    browser = sign_in(known)
    set_up_app(browser)
    page = text_of(browser.get("/accounts/2fa/recovery-codes/"))
    codes = re.findall(r"<li><code>(\d+)</code></li>", page)
    assert len(codes) == 10
    download = browser.get("/accounts/2fa/recovery-codes/download/")
    assert text_of(download).split() == codes
    assert "attachment" in download.headers["Content-Disposition"]
    assert "no-store" in download.headers["Cache-Control"]
    for wanted in (True, False):
        other = sign_in(known)
        other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert signed_in(other) is wanted
    fresh = browser.post("/accounts/2fa/recovery-codes/generate/", follow=True)
    assert codes[1] not in text_of(fresh)
    assert "New recovery codes were made" in mail.outbox[-1].subject


def test_removing_the_app(known: User) -> None:
    browser = sign_in(known)
    set_up_app(browser)
    assert "Remove the app" in text_of(browser.get("/accounts/2fa/totp/deactivate/"))
    answer = browser.post("/accounts/2fa/totp/deactivate/", follow=True)
    assert "The app is removed." in text_of(answer)
    assert not has_second_factor(known)
    assert AuditRecord.objects.filter(act=Act.FACTOR_REMOVED, actor=known).count() == 1
    assert "removed" in mail.outbox[-1].subject


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_factors_change_only_after_asking_again(known: User, address: str) -> None:
    """Whoever finds an open browser takes no account over."""
    browser = sign_in(known)
    for answer in (browser.get(address), browser.post(address)):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    wrong = browser.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert "There is a problem" in text_of(wrong)
    assert browser.get(address).status_code == 302
    confirm(browser, browser.get(address))
    assert browser.get(address).status_code in (200, 403)


def test_an_app_confirms_who_it_is_in_place_of_the_password(known: User) -> None:
    secret = set_up_app(sign_in(known))
    browser = sign_in(known)
    browser.post("/accounts/2fa/authenticate/", {"code": app_code(secret, ahead=1)})
    page = text_of(browser.get("/accounts/reauthenticate/?next=/accounts/email/"))
    assert "With a code of your app, or a recovery code" in page
    assert "With your password" in text_of(browser.get("/accounts/2fa/reauthenticate/"))


def test_own_passkeys_only(known: User) -> None:
    other = Authenticator.objects.create(
        user=person("other"), type=Authenticator.Type.WEBAUTHN, data={"name": "Telephone"}
    )
    browser = sign_in(known)
    assert "You have no passkey yet." in text_of(browser.get("/accounts/2fa/webauthn/"))
    confirm(browser, browser.get("/accounts/2fa/webauthn/add/"))
    for act in ("edit", "remove"):
        assert browser.post(f"/accounts/2fa/webauthn/keys/{other.pk}/{act}/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_a_passkey_is_renamed_and_removed(known: User) -> None:
    own = Authenticator.objects.create(
        user=known, type=Authenticator.Type.WEBAUTHN, data={"name": "Telephone", "credential": {}}
    )
    browser = visit()
    browser.force_login(known)
    address = f"/accounts/2fa/webauthn/keys/{own.pk}"
    assert "Telephone" in text_of(confirm(browser, browser.get(f"{address}/edit/")))
    assert "There is a problem" in text_of(browser.post(f"{address}/edit/", {"name": ""}))
    browser.post(f"{address}/edit/", {"name": "手機"})
    own.refresh_from_db()
    assert own.wrap().name == "手機"
    assert "手機" in text_of(browser.get("/accounts/me/"))
    answer = browser.post(f"{address}/remove/", follow=True)
    assert "The passkey is removed." in text_of(answer)
    assert not has_second_factor(known)


@pytest.mark.parametrize(
    "credential", ["", "nonsense", "{}", "[]", '{"id": "x", "type": "public-key"}']
)
def test_what_is_no_passkey_signs_nobody_in(credential: str) -> None:
    browser = visit()
    answer = browser.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code == 302
    assert not signed_in(browser)


def test_pages_of_factors_speak_both_languages(known: User) -> None:
    browser = sign_in(known, "zh-hant")
    for address in ("/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/sessions/"):
        page = text_of(browser.get(address))
        assert 'lang="zh-Hant-TW"' in page
        assert not re.search(
            r">\s*[A-Z][a-z]+ [a-z]+ [a-z]+", page.split("<main")[1].split("</main")[0]
        )
    assert PASSWORD not in text_of(browser.get("/accounts/me/"))


@pytest.mark.parametrize("credential", ["[]", '{"id": "x"}', '{"id": "eA", "rawId": "eA"}'])
def test_what_is_no_passkey_is_not_added(known: User, credential: str) -> None:
    browser = sign_in(known)
    confirm(browser, browser.get("/accounts/2fa/webauthn/add/"))
    answer = browser.post("/accounts/2fa/webauthn/add/", {"credential": credential})
    assert "There is a problem" in text_of(answer)
    assert not has_second_factor(known)
