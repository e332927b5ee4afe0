"""Steps of people who sign in, by the real forms."""

import base64
import re
import secrets
import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core import mail
from django.test import Client

from accounts.models import User

PASSWORD = "a long sentence 2026"


def visit(language: str = "en") -> Client:
    """A browser at an address of its own, so that no test meets another's rate limit."""
    return Client(
        headers={"accept-language": language},
        REMOTE_ADDR=".".join(str(1 + secrets.randbelow(250)) for _ in range(4)),
    )


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(user: User, language: str = "en") -> Client:
    """A browser in which this person has given their password, by the form."""
    browser = visit(language)
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


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


def app_code(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator app with this key shows now, or some half minutes ahead."""
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303 - as apps do it
    return app.generate(int(time.time()) + ahead * 30).decode()


def confirm(browser: Client, asked: Any) -> Any:  # noqa: ANN401 - the test client's own
    """Enter the password again where a page asks who it is, and see what comes of it."""
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    return browser.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)


def confirmed(browser: Client) -> Client:
    """The same browser, whose person has just proven that it is still them."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return browser
