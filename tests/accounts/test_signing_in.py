"""Sign up, enter the code, sign in, choose a new password: the real forms, from the first page."""

import re
import secrets
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db

PASSWORD = "a long sentence 2026"

Form = dict[str, str]


def visit(language: str = "en") -> Client:
    """A browser at an address of its own, so that no test meets another's rate limit."""
    return Client(
        headers={"accept-language": language},
        REMOTE_ADDR=".".join(str(1 + secrets.randbelow(250)) for _ in range(4)),
    )


@pytest.fixture
def site() -> Client:
    return visit()


@pytest.fixture
def new() -> Form:
    """What someone fills in who signs up."""
    address = f"new-{secrets.token_hex(4)}@example.org"
    return {"email": address, "password1": PASSWORD, "display_name": "陳老師"}


@pytest.fixture
def known() -> User:
    """A person with a password."""
    user = person("known")
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(site: Client) -> bool:
    return "_auth_user_id" in site.session


def text_of(answer: Any) -> str:  # noqa: ANN401 - the test client's own
    return str(answer.content.decode())


def sent_code() -> str:
    found = re.search(
        r"^\s*([0-9A-Z]{3,}-?[0-9A-Z]{3,})\s*$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert found, mail.outbox[-1].body
    return found.group(1)


def test_signing_up_leads_back_to_where_one_came_from(site: Client, new: Form) -> None:
    page = text_of(site.get("/accounts/signup/?next=/accounts/me/"))
    assert "never shown or passed on" in page
    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="nickname"' in page
    answer = site.post("/accounts/signup/", new | {"next": "/accounts/me/"})
    assert answer.headers["Location"].startswith("/accounts/confirm-email/")
    assert not signed_in(site)
    page = text_of(site.get(answer.headers["Location"]))
    assert new["email"] in page
    assert 'autocomplete="one-time-code"' in page
    answer = site.post("/accounts/confirm-email/", {"code": sent_code()})
    assert answer.headers["Location"] == "/accounts/me/"
    assert signed_in(site)
    assert "陳老師" in text_of(site.get("/accounts/me/"))


def test_a_wrong_code_is_refused(site: Client, new: Form) -> None:
    site.post("/accounts/signup/", new)
    page = text_of(site.post("/accounts/confirm-email/", {"code": "WRONG1"}))
    assert "There is a problem" in page
    assert not signed_in(site)


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [("en", "is your code", "Enter it on the page"), ("zh-hant", "驗證碼", "驗證碼")],
)
def test_the_code_comes_in_the_readers_language(
    new: Form, language: str, subject: str, sentence: str
) -> None:
    visit(language).post("/accounts/signup/", new)
    message = mail.outbox[-1]
    assert message.to == [new["email"]]
    assert subject in message.subject
    assert sentence in str(message.body)


@pytest.mark.parametrize(
    "wrong", [{"email": "not an address"}, {"password1": "1234"}, {"display_name": ""}]
)
def test_what_was_typed_stays_in_a_refused_form(site: Client, new: Form, wrong: Form) -> None:
    page = text_of(site.post("/accounts/signup/", new | wrong))
    assert "There is a problem" in page
    for name in ("email", "display_name"):
        kept = (new | wrong)[name]
        assert not kept or f'value="{kept}"' in page
    assert User.objects.count() == 0


@pytest.mark.usefixtures("known")
def test_an_address_that_has_an_account_is_not_told_to_strangers(site: Client, new: Form) -> None:
    answer = site.post("/accounts/signup/", new | {"email": "known@example.org"})
    assert answer.headers["Location"].startswith("/accounts/confirm-email/")
    assert "has an account already" in str(mail.outbox[-1].body)


@pytest.mark.usefixtures("known")
def test_signing_in_with_any_case_of_the_address(site: Client) -> None:
    answer = site.post(
        "/accounts/login/?next=/accounts/me/",
        {"login": "Known@Example.org", "password": PASSWORD, "next": "/accounts/me/"},
    )
    assert answer.headers["Location"] == "/accounts/me/"
    assert signed_in(site)


@pytest.mark.usefixtures("known")
def test_a_wrong_password_and_an_unknown_address_read_alike(site: Client) -> None:
    errors = [
        re.findall(
            r"error-summary.*?</div>",
            text_of(site.post("/accounts/login/", {"login": address, "password": "wrong"})),
            re.DOTALL,
        )
        for address in ("known@example.org", "nobody@example.org")
    ]
    assert errors[0] == errors[1] != []


@pytest.mark.usefixtures("known")
def test_a_new_password_by_e_mail(site: Client) -> None:
    answer = site.post("/accounts/password/reset/", {"email": "known@example.org"}, follow=True)
    assert "Look at your e-mail" in text_of(answer)
    found = re.search(
        r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body)
    )
    assert found
    page = site.get(found.group(1), follow=True)
    assert "Choose a new password" in text_of(page)
    address = page.redirect_chain[-1][0]
    fresh = "another long sentence"
    site.post(address, {"password1": fresh, "password2": fresh})
    assert signed_in(site)
    assert "This link no longer works" in text_of(visit().get(found.group(1), follow=True))


def test_an_unknown_address_gets_the_same_page_and_a_helpful_message(site: Client) -> None:
    answer = site.post("/accounts/password/reset/", {"email": "none@example.org"}, follow=True)
    assert "Look at your e-mail" in text_of(answer)
    assert "has no account here" in str(mail.outbox[-1].body)


def test_changing_the_name(site: Client, known: User) -> None:
    site.force_login(known)
    answer = site.post("/accounts/me/", {"display_name": "林老師"}, follow=True)
    assert "Your display name is changed." in text_of(answer)
    known.refresh_from_db()
    assert known.display_name == "林老師"
    refused = text_of(site.post("/accounts/me/", {"display_name": ""}))
    assert "There is a problem" in refused
    assert "林老師" in refused


def test_changing_the_address_by_a_code(site: Client, known: User) -> None:
    site.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    answer = site.post(
        "/accounts/email/", {"email": "moved@example.org", "action_add": ""}, follow=True
    )
    assert "moved@example.org" in text_of(answer)
    known.refresh_from_db()
    assert known.email == "known@example.org"
    site.post("/accounts/confirm-email/", {"code": sent_code()})
    known.refresh_from_db()
    assert known.email == "moved@example.org"


@pytest.mark.parametrize(
    "address",
    ["/accounts/me/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"],
)
def test_own_pages_stand_in_the_house(site: Client, known: User, address: str) -> None:
    site.force_login(known)
    page = text_of(site.get(address))
    assert 'class="column account-page"' in page


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
)
def test_entrances_stand_in_the_house(site: Client, address: str) -> None:
    page = text_of(site.get(address))
    assert 'class="column account-page"' in page
    for field in re.findall(r'<input type="(?:email|password|text)"[^>]*>', page):
        assert "autocomplete=" in field


def test_signing_out(site: Client, known: User) -> None:
    site.force_login(known)
    site.post("/accounts/logout/")
    assert not signed_in(site)
