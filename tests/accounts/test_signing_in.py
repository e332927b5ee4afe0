"""Sign up, enter the code, sign in, choose a new password: the real forms, from the first page."""

import re
import secrets

import pytest
from django.core import mail
from django.test import Client

from accounts.groups import PublicRole
from accounts.models import AuditRecord, User
from tests.accounts.visits import PASSWORD, sent_code, signed_in, text_of, visit, with_password
from tests.cast import person

pytestmark = pytest.mark.django_db

Form = dict[str, str]


@pytest.fixture
def site() -> Client:
    return visit()


@pytest.fixture
def new() -> Form:
    """What someone fills in who signs up."""
    address = f"new-{secrets.token_hex(4)}@example.org"
    return {
        "email": address,
        "password1": PASSWORD,
        "display_name": "陳老師",
        "privacy": "on",
    }


@pytest.fixture
def known() -> User:
    """A person with a password."""
    return with_password(person("known"))


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


def test_signing_up_needs_no_password(site: Client, new: Form) -> None:
    assert "Password (optional)" in text_of(site.get("/accounts/signup/"))
    site.post("/accounts/signup/", new | {"password1": ""})
    site.post("/accounts/confirm-email/", {"code": sent_code()})
    assert signed_in(site)
    assert not User.objects.get().has_usable_password()


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
    assert "Your name and role are kept." in text_of(answer)
    known.refresh_from_db()
    assert (known.display_name, known.public_role) == ("林老師", "")
    refused = text_of(site.post("/accounts/me/", {"display_name": ""}))
    assert "There is a problem" in refused
    assert "林老師" in refused


def test_changing_the_address_by_a_code(site: Client, known: User) -> None:
    site.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    change = {"email": "moved@example.org", "action_add": ""}
    asked = site.post("/accounts/email/", change)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    answer = site.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
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


def test_a_role_may_be_said_or_not(site: Client, new: Form, known: User) -> None:
    site.post("/accounts/signup/", new | {"public_role": PublicRole.TEACHER})
    assert User.objects.get(email=new["email"]).public_role == "teacher"
    page = text_of(visit().post("/accounts/signup/", new | {"public_role": "king"}))
    assert "There is a problem" in page
    own = visit()
    own.force_login(known)
    own.post("/accounts/me/", {"display_name": "known", "public_role": "parent"})
    known.refresh_from_db()
    assert known.public_role == "parent"
    assert '<option value="parent" selected>' in text_of(own.get("/accounts/me/"))


def test_signing_in_by_a_code(site: Client, known: User) -> None:
    answer = site.post(
        "/accounts/login/code/?next=/accounts/me/",
        {"email": known.email, "next": "/accounts/me/"},
        follow=True,
    )
    assert known.email in text_of(answer)
    assert not signed_in(site)
    assert "your code for signing in" in mail.outbox[-1].subject
    refused = text_of(site.post("/accounts/login/code/confirm/", {"code": "WRONG1"}))
    assert "There is a problem" in refused
    answer = site.post(
        "/accounts/login/code/confirm/", {"code": sent_code(), "next": "/accounts/me/"}
    )
    assert answer.headers["Location"] == "/accounts/me/"
    assert signed_in(site)


@pytest.mark.parametrize(
    "form", ["/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/"]
)
def test_no_form_tells_strangers_which_addresses_have_accounts(form: str) -> None:
    """Page by page the same, but for the address itself and one-time tokens."""
    # Mail to one address is limited: each case has its own.
    known, nobody = (f"{name}-{secrets.token_hex(4)}" for name in ("known", "nobody"))
    with_password(person(known))

    def seen(address: str) -> list[str]:
        browser = visit()
        fields = {"email": address, "display_name": "x", "password1": PASSWORD, "privacy": "on"}
        answer = browser.post(form, fields, follow=True)
        page = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", text_of(answer))
        where = [f"{status} {place}" for place, status in answer.redirect_chain]
        assert where
        return [*where, page.replace(address, "…")]

    assert seen(f"{known}@example.org") == seen(f"{nobody}@example.org")
    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("known")
def test_a_code_for_an_unknown_address_opens_nothing(site: Client) -> None:
    site.post("/accounts/login/code/", {"email": "nobody@example.org"})
    assert "has no account here" in str(mail.outbox[-1].body)
    for code in ("", "None", "AAAA-AAAA"):
        site.post("/accounts/login/code/confirm/", {"code": code})
        assert not signed_in(site)


def test_moving_to_an_address_that_has_an_account_tells_nothing(known: User) -> None:
    """The same page; the code goes to the other's mailbox, and is of no use even then."""
    person("taken")

    def seen(address: str) -> str:
        browser = visit()
        browser.force_login(known)
        asked = browser.post("/accounts/email/", {"email": address, "action_add": ""})
        page = browser.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
        assert mail.outbox[-1].to == [address]
        answer = browser.post("/accounts/confirm-email/", {"code": sent_code()}, follow=True)
        assert ("is confirmed" in text_of(answer)) is (address == "fresh@example.org")
        hidden = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", text_of(page))
        return hidden.replace(address, "…")

    assert seen("taken@example.org") == seen("fresh@example.org")
    known.refresh_from_db()
    assert known.email == "fresh@example.org"


def test_sign_ins_and_changes_are_recorded_and_told(site: Client, known: User) -> None:
    site.post("/accounts/login/", {"login": known.email, "password": PASSWORD})
    fresh = "another long sentence"
    site.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh},
    )
    lines = AuditRecord.objects.order_by("pk")
    assert [(line.act, line.actor) for line in lines] == [
        (AuditRecord.Act.SIGN_IN, known),
        (AuditRecord.Act.PASSWORD_CHANGED, known),
    ]
    assert all(line.address == site.defaults["REMOTE_ADDR"] for line in lines)
    assert "password of your account was changed" in str(mail.outbox[-1].body)


@pytest.mark.usefixtures("known")
def test_a_refused_sign_in_is_no_sign_in(site: Client) -> None:
    site.post("/accounts/login/", {"login": "known@example.org", "password": "wrong"})
    assert not AuditRecord.objects.exists()
