"""Passkeys, an authenticator app and a sign-in service, in a real browser."""

import re
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.accounts.visits import app_code
from tests.browser.conftest import Mailbox
from tests.browser.journeys import SIGN_UP_PASSWORD, sign_up, violations
from tests.browser.test_access_for_all import AXE

OpenWindow = Callable[..., Page]
ENGLISH = "en-GB"


def with_device(page: Page) -> None:
    """Plug a device in that keeps passkeys and confirms at once: Chromium's own virtual one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.fixture
def complaints() -> list[str]:
    """What a window said that it must not: errors, and breaks of the content security policy."""
    return []


@pytest.fixture
def newcomer(
    open_window: OpenWindow, mailbox: Mailbox, complaints: list[str]
) -> Callable[..., Page]:
    """A window of someone who has just signed up."""

    def sign_up_as(name: str, **options: object) -> Page:
        page = open_window(locale=ENGLISH, **options)
        listen(page, complaints)
        page.goto("/accounts/signup/?next=/accounts/me/")
        address = f"{name.lower()}-{secrets.token_hex(3)}@example.net"
        sign_up(page, mailbox, address=address, name=name)
        expect(page.get_by_role("heading", name="My account")).to_be_visible()
        return page

    return sign_up_as


def listen(page: Page, complaints: list[str]) -> None:
    """Note what this site's pages complain of; another site's are its own affair."""

    def note(kind: str, text: str) -> None:
        if kind == "error" and "/accounts/" in page.url:
            complaints.append(text)

    page.on("console", lambda said: note(said.type, said.text))
    page.on("pageerror", lambda error: note("error", str(error)))


def confirm_by_password(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(SIGN_UP_PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    page.get_by_role("navigation", name="Your account").locator("summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def flawless(page: Page) -> None:
    """Nothing for axe-core to find, and nothing wider than the window."""
    assert violations(page, AXE) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def test_a_passkey_is_added_and_signs_in(
    newcomer: Callable[..., Page], complaints: list[str]
) -> None:
    page = newcomer("Passkey", width=390)
    with_device(page)
    flawless(page)
    page.get_by_role("link", name="Add a passkey").click()
    flawless(page)
    confirm_by_password(page)
    flawless(page)
    page.get_by_label("Name").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    flawless(page)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My telephone", exact=True)).to_be_visible()
    flawless(page)
    page.goto("/accounts/2fa/")
    flawless(page)
    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/sessions/")
    flawless(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    expect(page.get_by_text("this device")).to_be_visible()
    flawless(page)
    # Who signs in by passkey confirms by it as well.
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/")
    flawless(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("link", name=re.compile("Rename")).click()
    flawless(page)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name=re.compile("Remove")).click()
    flawless(page)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()
    assert complaints == []


def test_a_passkey_comes_on_top_of_the_password(
    newcomer: Callable[..., Page], complaints: list[str]
) -> None:
    page = newcomer("Key")
    with_device(page)
    address = page.locator(".account-facts dd").first.inner_text().split()[0]
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_by_password(page)
    page.get_by_label("Sign in with it alone, without a password").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/me/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(SIGN_UP_PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    flawless(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    assert complaints == []


def test_a_device_that_refuses_is_no_dead_end(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    with_device(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The device did not confirm.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_an_app_is_set_up_and_signs_in(
    newcomer: Callable[..., Page], complaints: list[str]
) -> None:
    page = newcomer("App", width=390, color_scheme="dark")
    address = page.locator(".account-facts dd").first.inner_text().split()[0]
    page.get_by_role("link", name="Set one up").click()
    page.get_by_role("link", name="Set up an app").click()
    confirm_by_password(page)
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.naturalWidth") > 0
    flawless(page)
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Authenticator code").fill(app_code(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("The app is set up.")).to_be_visible()
    page.goto("/accounts/2fa/recovery-codes/generate/")
    flawless(page)
    page.goto("/accounts/2fa/totp/deactivate/")
    flawless(page)
    page.goto("/accounts/2fa/reauthenticate/")
    flawless(page)
    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/me/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(SIGN_UP_PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(app_code(secret, ahead=1))
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    flawless(page)
    assert complaints == []


def test_a_code_by_e_mail_signs_in(
    newcomer: Callable[..., Page], mailbox: Mailbox, complaints: list[str]
) -> None:
    page = newcomer("Code")
    address = page.locator(".account-facts dd").first.inner_text().split()[0]
    sign_out(page)
    page.goto("/accounts/login/?next=/accounts/me/")
    page.get_by_role("link", name="Send me a code by e-mail").click()
    flawless(page)
    page.get_by_label("Email").fill(address)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    flawless(page)
    body = mailbox.wait_for(address, subject="your code for signing in").get_body(("plain",))
    assert body is not None
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", body.get_content(), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    assert complaints == []


def test_a_sign_in_service_brings_a_newcomer_and_knows_them_again(
    open_window: OpenWindow, sign_in_service: str, complaints: list[str]
) -> None:
    """By its own pages, on another site, where no form of ours may lead by a redirect."""
    sub = f"pupil-{secrets.token_hex(3)}"
    requests.put(
        f"{sign_in_service}/users/{sub}",
        json={"name": "Pupil", "email": f"{sub}@example.net", "email_verified": True},
        timeout=5,
    ).raise_for_status()
    for visits in (1, 2):
        page = open_window(locale=ENGLISH, width=390)
        page.goto("/accounts/login/?next=/accounts/me/")
        listen(page, complaints)
        page.get_by_role("button", name="Sign in with EduCloud").click()
        page.get_by_placeholder("sub").fill(sub)
        page.get_by_role("button", name="Authorize").click()
        if visits == 1:
            expect(page.get_by_label("Display name")).to_have_value("Pupil")
            flawless(page)
            page.get_by_label("I am a").select_option("Student")
            page.get_by_label("I have read how my data is handled").check()
            page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("heading", name="My account")).to_be_visible()
        expect(page.get_by_text("EduCloud")).to_be_visible()
        page.get_by_role("link", name="Connect or disconnect").click()
        flawless(page)
    assert complaints == []


def test_line_is_asked_for_who_someone_is_and_no_address(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    page.route("https://access.line.me/**", lambda route: route.abort())
    page.goto("/accounts/login/")
    with page.expect_request("https://access.line.me/**") as asked:
        page.get_by_role("button", name="Sign in with LINE").click()
    query = parse_qs(urlsplit(asked.value.url).query)
    assert query["client_id"] == ["1234567890"]
    assert set(query["scope"][0].split()) == {"openid", "profile"}
    assert query["redirect_uri"][0].endswith("/accounts/line/login/callback/")
