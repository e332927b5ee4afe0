"""Signing in with the service of others: a real OpenID Connect server over real HTTP."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from accounts.models import AuditRecord, User
from tests.accounts.visits import (
    PASSWORD,
    sent_code,
    sign_in,
    signed_in,
    text_of,
    visit,
    with_password,
)
from tests.cast import person, with_second_factor

pytestmark = pytest.mark.django_db
Act = AuditRecord.Act
Claim = str | bool | int | None
LOGIN = "/accounts/oidc/service/login/"


@dataclass(frozen=True)
class Service:
    """The other site, where people have accounts as well."""

    address: str

    def knows(self, sub: str, **claims: Claim) -> None:
        requests.put(f"{self.address}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def sign_in(self, browser: Client, sub: str, *, process: str = "login") -> Any:  # noqa: ANN401 - the test client's own
        """From the button on this site through the service's page and back."""
        page = browser.post(f"{LOGIN}?process={process}&next=/accounts/me/")
        target = page.context["target"]
        assert urlsplit(target).netloc == urlsplit(self.address).netloc
        back = requests.post(target, data={"sub": sub}, allow_redirects=False, timeout=5).headers[
            "Location"
        ]
        return browser.get(back.removeprefix("http://testserver"), follow=True)


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def service(running: str, settings: Settings) -> Service:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "service",
                    "name": "教育雲",
                    "client_id": "consult",
                    "secret": "secret",
                    "settings": {"server_url": running},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
            "EMAIL_AUTHENTICATION": True,
        }
    }
    return Service(running)


def test_nothing_of_it_is_shown_where_it_is_off(visitor: User) -> None:
    page = text_of(visit().get("/accounts/login/"))
    assert "Sign in with a passkey" in page
    assert page.count("Sign in with") == 1
    own = visit()
    own.force_login(visitor)
    assert "Sign-in services" not in text_of(own.get("/accounts/me/"))
    assert visit().post(LOGIN).status_code == 404


def test_a_newcomer_chooses_a_name_and_keeps_the_verified_address(service: Service) -> None:
    service.knows("chen", name="陳老師", email="Chen@example.net", email_verified=True)
    browser = visit()
    assert "Sign in with 教育雲" in text_of(browser.get("/accounts/login/"))
    form = text_of(service.sign_in(browser, "chen"))
    assert not signed_in(browser)
    assert 'value="陳老師"' in form
    answer = browser.post(
        "/accounts/3rdparty/signup/",
        {
            "display_name": "陳",
            "public_role": "teacher",
            "email": "another@example.net",
            "privacy": "on",
        },
    )
    assert answer.headers["Location"] == "/accounts/me/"
    assert signed_in(browser)
    user = User.objects.get()
    assert (user.email, user.display_name, user.public_role) == (
        "chen@example.net",
        "陳",
        "teacher",
    )
    assert not user.has_usable_password()
    assert EmailAddress.objects.get().verified
    assert SocialAccount.objects.get().user == user
    assert not SocialToken.objects.exists()
    assert "教育雲" in text_of(browser.get("/accounts/me/"))


def test_a_newcomer_without_a_name_is_refused(service: Service) -> None:
    service.knows("chen", email="chen@example.net", email_verified=True)
    browser = visit()
    service.sign_in(browser, "chen")
    assert "There is a problem" in text_of(browser.post("/accounts/3rdparty/signup/", {}))
    assert not User.objects.exists()


def test_a_newcomers_unverified_address_is_verified_by_a_code(service: Service) -> None:
    service.knows("lin", name="林", email="lin@example.net")
    browser = visit()
    service.sign_in(browser, "lin")
    form = {"display_name": "林", "email": "lin@example.net", "privacy": "on"}
    answer = browser.post("/accounts/3rdparty/signup/", form)
    assert answer.headers["Location"].startswith("/accounts/confirm-email/")
    assert not signed_in(browser)
    browser.post("/accounts/confirm-email/", {"code": sent_code()})
    assert signed_in(browser)


def test_who_comes_again_is_the_same_person(service: Service) -> None:
    service.knows("chen", name="陳", email="chen@example.net", email_verified=True)
    browser = visit()
    service.sign_in(browser, "chen")
    browser.post("/accounts/3rdparty/signup/", {"display_name": "陳", "privacy": "on"})
    # Also with another address there: the account is known by the service's own key.
    service.knows("chen", name="陳", email="moved@example.net", email_verified=True)
    again = visit()
    answer = service.sign_in(again, "chen")
    assert answer.redirect_chain[-1][0] == "/accounts/me/"
    assert signed_in(again)
    assert User.objects.get().email == "chen@example.net"
    assert AuditRecord.objects.filter(act=Act.SIGN_IN).count() == 2


def test_a_verified_address_opens_the_account_that_has_it(service: Service) -> None:
    known = with_password(person("known"))
    service.knows("k", name="K", email="known@example.org", email_verified=True)
    browser = visit()
    service.sign_in(browser, "k")
    assert signed_in(browser)
    assert User.objects.get() == known
    assert SocialAccount.objects.get().user == known
    assert "A sign-in service was connected" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == ["known@example.org"]
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert AuditRecord.objects.filter(act=Act.LOGIN_CONNECTED, actor=known).count() == 1


@pytest.mark.parametrize("verified", [None, False, "false", "true", 1])
def test_an_unverified_address_takes_no_account_over(service: Service, verified: Claim) -> None:
    # Mail to one address is limited: each case has its own.
    known = person(f"known-{secrets.token_hex(4)}")
    service.knows("thief", name="Thief", email=known.email, email_verified=verified)
    browser = visit()
    service.sign_in(browser, "thief")
    assert not signed_in(browser)
    form = {"display_name": "Thief", "email": known.email, "privacy": "on"}
    answer = browser.post("/accounts/3rdparty/signup/", form, follow=True)
    # The same page as a newcomer's; the owner of the address is told by e-mail.
    assert "Enter the code" in text_of(answer)
    assert "has an account already" in str(mail.outbox[-1].body)
    assert not signed_in(browser)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_who_only_claimed_an_address_loses_it_to_who_verified_it(service: Service) -> None:
    squatter = with_password(person("known", verified=False))
    service.knows("owner", name="Owner", email="known@example.org", email_verified=True)
    browser = visit()
    service.sign_in(browser, "owner")
    squatter.refresh_from_db()
    assert not squatter.has_usable_password()
    assert not signed_in(sign_in(squatter))


def test_the_second_factor_is_asked_for_all_the_same(service: Service) -> None:
    with_second_factor(person("known"))
    service.knows("k", name="K", email="known@example.org", email_verified=True)
    browser = visit()
    answer = service.sign_in(browser, "k")
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert not signed_in(browser)


def test_connecting_asks_again_who_it_is(service: Service) -> None:
    known = with_password(person("known"))
    service.knows("else", name="Else", email="else@example.net")
    browser = sign_in(known)
    answer = service.sign_in(browser, "else", process="connect")
    assert answer.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    account = SocialAccount.objects.get()
    assert account.user == known
    page = text_of(browser.get("/accounts/3rdparty/"))
    assert "教育雲" in page
    answer = browser.post("/accounts/3rdparty/", {"account": account.pk}, follow=True)
    assert "The sign-in service is disconnected." in text_of(answer)
    assert not SocialAccount.objects.exists()
    assert AuditRecord.objects.filter(act=Act.LOGIN_DISCONNECTED, actor=known).count() == 1


def test_the_last_way_to_sign_in_is_kept(service: Service) -> None:
    service.knows("chen", name="陳", email="chen@example.net", email_verified=True)
    browser = visit()
    service.sign_in(browser, "chen")
    browser.post("/accounts/3rdparty/signup/", {"display_name": "陳", "privacy": "on"})
    account = SocialAccount.objects.get()
    page = text_of(browser.post("/accounts/3rdparty/", {"account": account.pk}))
    assert "There is a problem" in page
    assert SocialAccount.objects.exists()


@pytest.mark.usefixtures("service")
def test_breaking_off_and_failing_have_pages() -> None:
    browser = visit()
    target = browser.post(LOGIN).context["target"]
    state = parse_qs(urlsplit(target).query)["state"][0]
    # This server forgets the state when someone breaks off; the standard has it sent back.
    answer = browser.get(f"{LOGIN}callback/?error=access_denied&state={state}", follow=True)
    assert "You did not sign in" in text_of(answer)
    forged = visit().get(f"{LOGIN}callback/?code=x&state=forged", follow=True)
    assert "The sign-in service did not answer" in text_of(forged)


def test_a_switched_off_service_does_not_break_the_account(
    service: Service, settings: Settings
) -> None:
    service.knows("chen", name="陳", email="chen@example.net", email_verified=True)
    browser = visit()
    service.sign_in(browser, "chen")
    browser.post("/accounts/3rdparty/signup/", {"display_name": "陳", "privacy": "on"})
    settings.SOCIALACCOUNT_PROVIDERS = {}
    for address in ("/accounts/me/", "/accounts/3rdparty/"):
        assert browser.get(address).status_code == 200
