"""From the sign-up form to the first comment on a phone, counted as a thumb counts."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Mailbox
from tests.browser.journeys import THREAD

OpenWindow = Callable[..., Page]
FEWER_THAN = 10


def test_a_first_comment_takes_fewer_than_ten_steps(
    open_window: OpenWindow, mailbox: Mailbox
) -> None:
    page = open_window(width=390, locale="en-GB")
    page.goto(f"/accounts/signup/?next={THREAD}")
    address = "thumb@example.net"
    form = page.locator("form.comment-form")

    def code() -> str:
        body = mailbox.wait_for(address).get_body(("plain",))
        assert body is not None
        found = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", body.get_content(), re.MULTILINE)
        assert found is not None
        return found[1]

    steps: list[Callable[[], None]] = [
        lambda: page.get_by_label("Email").fill(address),
        lambda: page.get_by_label("Display name").fill("Thumb"),
        lambda: page.get_by_label("I have read how my data is handled").check(),
        lambda: page.get_by_role("button", name=re.compile("Sign up")).click(),
        lambda: page.get_by_label("Code").fill(code()),
        lambda: page.get_by_role("button", name="Confirm", exact=True).click(),
        lambda: form.get_by_role("radio", name="Support").check(),
        lambda: form.get_by_label("What you want to say").fill("Good for my school."),
        lambda: form.get_by_role("button", name="Post", exact=True).click(),
    ]
    for step in steps:
        step()
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    assert len(steps) < FEWER_THAN
