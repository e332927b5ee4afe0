"""Where a person is signed in, and signing out there."""

import pytest
from allauth.usersessions.models import UserSession
from pytest_django import DjangoAssertNumQueries

from accounts.devices import device_in_words
from accounts.models import User
from accounts.sessions import sessions_of
from tests.accounts.visits import PASSWORD, sign_in, text_of, with_password
from tests.cast import person

pytestmark = pytest.mark.django_db

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)


@pytest.fixture
def known(db: None) -> User:  # noqa: ARG001 - the account is stored
    return with_password(person("known"))


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Chrome, Windows"),
        (f"{WINDOWS} Edg/141.0.0.0", "Edge, Windows"),
        (
            IPHONE,
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        ("", ""),
    ],
)
def test_devices_in_words(user_agent: str, words: str) -> None:
    assert device_in_words(user_agent) == words


def test_each_sign_in_is_listed_with_its_device(known: User) -> None:
    browser = sign_in(known)
    other = sign_in(known)
    page = text_of(browser.get("/accounts/sessions/"))
    assert page.count("Unknown device") == 2
    assert page.count("this device") == 1
    assert str(other.defaults["REMOTE_ADDR"]) in page
    assert page.count("Sign out there") == 1
    assert "Where you are signed in" in text_of(browser.get("/accounts/me/"))


def test_signing_out_in_one_place(known: User) -> None:
    browser, lost, kept = (sign_in(known) for _ in range(3))
    number = UserSession.objects.get(session_key=lost.session.session_key).pk
    answer = browser.post(f"/accounts/sessions/{number}/end/", follow=True)
    assert "You are signed out there." in text_of(answer)
    assert lost.get("/accounts/me/").status_code == 302
    assert kept.get("/accounts/me/").status_code == 200
    assert browser.post(f"/accounts/sessions/{number}/end/").status_code == 404


def test_signing_out_everywhere_else(known: User) -> None:
    browser, lost = sign_in(known), sign_in(known)
    answer = browser.post("/accounts/sessions/", follow=True)
    assert "You are signed out everywhere else." in text_of(answer)
    assert lost.get("/accounts/me/").status_code == 302
    assert len(sessions_of(known)) == 1


def test_nobody_ends_anothers_session(known: User) -> None:
    victim, attacker = sign_in(known), sign_in(with_password(person("other")))
    number = UserSession.objects.get(session_key=victim.session.session_key).pk
    assert attacker.post(f"/accounts/sessions/{number}/end/").status_code == 404
    assert attacker.get(f"/accounts/sessions/{number}/end/").status_code == 405
    assert victim.get("/accounts/me/").status_code == 200


def test_the_session_one_is_in_is_ended_by_signing_out_only(known: User) -> None:
    browser = sign_in(known)
    number = UserSession.objects.get(session_key=browser.session.session_key).pk
    assert browser.post(f"/accounts/sessions/{number}/end/").status_code == 404
    assert browser.get("/accounts/me/").status_code == 200


def test_a_new_password_shuts_the_others_and_they_leave_the_list(known: User) -> None:
    browser, lost = sign_in(known), sign_in(known)
    fresh = "another long sentence"
    browser.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh},
    )
    known.refresh_from_db()
    assert [each.session_key for each in sessions_of(known)] == [browser.session.session_key]
    assert lost.get("/accounts/me/").status_code == 302


def test_the_list_costs_the_same_however_long(
    known: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for wanted in (1, 8):
        while UserSession.objects.filter(user=known).count() < wanted:
            sign_in(known)
        with django_assert_num_queries(2):
            assert len(sessions_of(known)) == wanted
