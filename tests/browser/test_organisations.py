"""An association in a real browser: applies on a phone, is verified, and is spoken for."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.accounts.files import pdf
from tests.browser.conftest import Mailbox
from tests.browser.journeys import THREAD, sign_in, sign_up, violations, write_comment
from tests.browser.test_access_for_all import AXE

OpenWindow = Callable[..., Page]
NAME = "臺灣茶業改進協會"
ADDRESS = "tea@example.net"
LETTER = FilePayload(name="授權書.pdf", mimeType="application/pdf", buffer=pdf())
SHOTS = [("zh-TW", "light", 390), ("en-GB", "dark", 1440)]


def assert_readable(page: Page) -> None:
    assert violations(page, AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def letter_about(mailbox: Mailbox, subject: str) -> str:
    """The text of the letter to the applicant with this in its subject; waits for it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for message in mailbox.messages:
            if ADDRESS in str(message["To"]) and subject in str(message["Subject"]):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"No letter “{subject}” came.")


def apply(page: Page) -> None:
    """Fill in the application and send it with a letter."""
    page.get_by_role("radio", name="Industry association").check()
    # Asked of schools alone.
    expect(page.get_by_label("School level")).to_be_hidden()
    page.get_by_label("Full name").fill(NAME)
    page.get_by_label("County or city of its seat").select_option("NAN")
    page.get_by_label("What shows that you may speak for it").fill("理事會 114 年 3 月 1 日決議")
    page.get_by_label("Letter or certificate").set_input_files([LETTER])
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("Your application has arrived.")).to_be_visible()
    expect(page.get_by_text("授權書.pdf")).to_be_visible()


def verify(page: Page) -> None:
    """From the office's list through the evidence to the decision."""
    assert_readable(page)
    page.get_by_role("link", name=NAME).click()
    assert_readable(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="授權書.pdf").click()
    assert download.value.path().read_bytes() == LETTER["buffer"]
    page.get_by_role("button", name="Verify the organisation").click()
    expect(page.get_by_text(f"{NAME} is verified")).to_be_visible()


def test_an_association_applies_is_verified_and_is_spoken_for(
    open_window: OpenWindow, mailbox: Mailbox
) -> None:
    applicant = open_window(locale="en-GB", width=390)
    applicant.goto("/accounts/signup/?next=/organisations/apply/")
    sign_up(applicant, mailbox, address=ADDRESS, name="游總幹事")
    expect(applicant.get_by_role("heading", name="Apply for an organisation")).to_be_visible()
    assert_readable(applicant)
    apply(applicant)
    assert_readable(applicant)
    assert "/my/organisations/" in letter_about(mailbox, "has arrived")

    administrator = open_window(locale="en-GB")
    sign_in(administrator, "administrator", to="/office/")
    verify(administrator)

    link = re.search(r"/my/organisations/\S+", letter_about(mailbox, f"{NAME} is verified"))
    assert link is not None
    applicant.goto(link[0])
    expect(applicant.get_by_role("link", name="Members and mandates")).to_be_visible()
    assert_readable(applicant)
    applicant.goto(THREAD)
    applicant.get_by_role("radio", name=NAME).check()
    write_comment(applicant, "本會願意提供茶廠作為實習場所。")
    posted = applicant.locator(".comment", has_text="本會願意提供茶廠作為實習場所。")
    expect(posted).to_contain_text("Verified")
    posted.get_by_role("link", name=NAME, exact=True).click()
    expect(applicant.get_by_role("heading", name=NAME)).to_be_visible()
    expect(applicant.get_by_text("本會願意提供茶廠作為實習場所。")).to_be_visible()
    assert_readable(applicant)


def test_a_school_is_asked_for_its_level_without_javascript(open_window: OpenWindow) -> None:
    page = open_window(locale="en-GB", java_script_enabled=False, width=390)
    page.goto("/accounts/login/?next=/organisations/apply/")
    page.get_by_label("Email").fill("mother@example.org")
    page.get_by_label("Password", exact=True).fill("shifan-114")
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("radio", name="School", exact=True).check()
    expect(page.get_by_label("School level")).to_be_visible()
    page.get_by_role("button", name="Send the application").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Choose what kind of school it is.")
    summary.get_by_role("link", name=re.compile("School level")).click()
    expect(page.get_by_label("School level")).to_be_focused()


@pytest.mark.parametrize(("locale", "theme", "width"), SHOTS)
def test_every_page_is_readable(
    open_window: OpenWindow, locale: str, theme: str, width: int
) -> None:
    page = open_window(locale=locale, color_scheme=theme, width=width)
    page.goto("/organisations/")
    assert_readable(page)
    page.locator(".organisation-list a").first.click()
    assert_readable(page)
    page.goto("/accounts/login/?next=/my/organisations/")
    page.locator("[name=login]").fill("binhai@example.org")
    page.locator("[name=password]").fill("shifan-114")
    page.locator("main form [type=submit]").first.click()
    page.locator(".organisation-list").wait_for()
    assert_readable(page)
    page.locator(".organisation-list a").first.click()
    assert_readable(page)
    page.locator("#next ~ .actions a").click()
    page.locator("form.application").wait_for()
    page.locator("form.application [name=name]").fill("")
    page.locator("form.application .button").click()
    page.locator(".error-summary").wait_for()
    assert_readable(page)


@pytest.mark.parametrize(("locale", "theme", "width"), SHOTS)
def test_the_office_is_readable(
    open_window: OpenWindow, locale: str, theme: str, width: int
) -> None:
    page = open_window(locale=locale, color_scheme=theme, width=width)
    page.goto("/accounts/login/?next=/office/?show=incomplete")
    page.locator("[name=login]").fill("administrator@example.org")
    page.locator("[name=password]").fill("shifan-114")
    page.locator("main form [type=submit]").first.click()
    page.locator(".table a").first.wait_for()
    assert_readable(page)
    page.locator(".table a").first.click()
    page.locator("form.verdict [value=refuse]").click()
    page.locator(".error-summary").wait_for()
    assert_readable(page)
    page.goto("/office/mandates/")
    assert_readable(page)


def test_a_representatives_new_name_page_is_readable(open_window: OpenWindow) -> None:
    page = open_window(locale="en-GB", width=390)
    sign_in(page, "zhishan", to="/my/organisations/")
    page.get_by_role("link", name="示範至善職業訓練中心").click()
    page.get_by_role("link", name="Propose a new name").click()
    assert_readable(page)
    page.get_by_label("New name").fill("示範至善技能學院")
    page.get_by_label("What it rests on").fill("董事會決議")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("Under review: 示範至善技能學院")).to_be_visible()
