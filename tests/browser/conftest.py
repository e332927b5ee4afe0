"""The whole site as `make up` starts it, a real browser, and a real mail server."""

import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, sync_playwright

HOUSE = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FIRST_PAGE_SECONDS = 120
STOP_SECONDS = 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker drives the browser: the site is started once."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))


class Mailbox:
    """Every message that the site has sent, as an SMTP server received it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, ARG002, N802 - aiosmtpd's name and signature
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def wait_for(self, address: str, *, subject: str = "", seconds: float = 15) -> EmailMessage:
        """The newest message to this address about this; waits for the first one."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                if address in str(message["To"]) and subject in str(message["Subject"]):
                    return message
            time.sleep(0.1)
        raise AssertionError(f"No message to {address} came.")


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def sign_in_service() -> Iterator[str]:
    """A real OpenID Connect server, where anyone signs in as whom they name."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="session")
def base_url(
    mailbox: Mailbox, sign_in_service: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site with its demonstration, started as `make up` starts it."""
    yield from site_of_its_own(mailbox, sign_in_service, tmp_path_factory)


def site_of_its_own(
    mailbox: Mailbox, sign_in_service: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Start a site, give its address, and stop it: for tests that change what others look at."""
    port = free_port()
    log = tmp_path_factory.mktemp("site") / "up.log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER")
    } | {
        # Beside the log, not inside the checkout: two runs don't meet.
        "CONSULT_LOCAL": str(tmp_path_factory.mktemp("local")),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "OIDC_CLIENT_ID": "consult",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_SERVER_URL": sign_in_service,
        "OIDC_NAME": "EduCloud",
        "LINE_CLIENT_ID": "1234567890",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.up", "--port", str(port)],
            cwd=HOUSE,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://localhost:{port}"
    try:
        wait_for_page(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


def wait_for_page(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("The site did not start:\n" + log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if CHROMIUM is None:
        needed = "The browser tests need Chromium: apt-get install chromium"
        pytest.fail(needed) if "CI" in os.environ else pytest.skip(needed)
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="module")
def browser(browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Chromium for one module's tests, and no longer.

    Until Playwright ends, its event loop counts as running in this thread, in which Django then
    refuses the database to any other test.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_type_launch_args)
        yield browser
        browser.close()


@pytest.fixture
def open_window(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """Opens the site as one more person: a window with cookies of its own."""
    contexts = []

    def open_as(*, width: int = 1440, locale: str = "zh-TW", **options: object) -> Page:
        context = browser.new_context(
            base_url=base_url,
            locale=locale,
            viewport={"width": width, "height": 900},
            timezone_id="Asia/Taipei",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        return context.new_page()

    yield open_as
    for context in contexts:
        context.close()
