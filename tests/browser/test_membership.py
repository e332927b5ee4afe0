"""An association grows in a real browser: invite, sign up, mandate, accept, speak for it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Mailbox
from tests.browser.journeys import THREAD, sign_in, sign_up, violations, write_comment
from tests.browser.test_access_for_all import AXE

OpenWindow = Callable[..., Page]
ENGLISH = "en-GB"
ASSOCIATION = "示範冷凍空調業公會"


def members_page(page: Page) -> None:
    """From the account's pages to the members of the one organisation of this person."""
    page.goto("/accounts/me/")
    page.get_by_role("link", name=ASSOCIATION).click()
    page.get_by_role("heading", name="Members", exact=True).wait_for()


def invite(page: Page, address: str) -> None:
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An invitation is on its way")).to_be_visible()
    assert violations(page, AXE) == []


def join_by_letter(page: Page, mailbox: Mailbox, address: str) -> None:
    """From the letter's link through signing up to the members."""
    body = mailbox.wait_for(address).get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://\S+(/invitations/\S+/)", body.get_content())
    assert link
    page.goto(link[1])
    expect(page.get_by_text("two people never share")).to_be_visible()
    assert violations(page, AXE) == []
    page.get_by_role("link", name="Sign up with this address").click()
    expect(page.get_by_label("Email")).to_have_value(address)
    sign_up(page, mailbox, address=address, name="同事")
    page.get_by_role("button", name="Accept and join").click()
    expect(page.get_by_text(f"You are now a member of {ASSOCIATION}")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Remove"))).to_have_count(0)
    assert violations(page, AXE) == []


def propose_mandate(page: Page, *, person: str, evidence: str) -> None:
    page.get_by_role("link", name=re.compile(f"Propose a mandate.*{person}")).click()
    page.get_by_label("What the mandate rests on").fill(evidence)
    page.get_by_label("Only those ticked below").check()
    page.get_by_role("checkbox").first.check()
    assert violations(page, AXE) == []
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("The mandate is proposed.")).to_be_visible()


def accept_mandate(page: Page, *, evidence: str) -> None:
    assert violations(page, AXE) == []
    page.get_by_role("link", name=ASSOCIATION).click()
    expect(page.get_by_text(evidence)).to_be_visible()
    assert violations(page, AXE) == []
    page.get_by_role("button", name="Accept the mandate").click()
    expect(page.get_by_text("The mandate is accepted")).to_be_visible()


def test_a_member_is_invited_mandated_and_speaks(open_window: OpenWindow, mailbox: Mailbox) -> None:
    representative, member, administrator = (
        open_window(locale=ENGLISH, width=width) for width in (1440, 390, 1440)
    )
    address, evidence = "colleague@example.net", "第 7 次理事會決議"
    sign_in(representative, "cooling")
    members_page(representative)
    invite(representative, address)
    join_by_letter(member, mailbox, address)
    members_page(representative)
    propose_mandate(representative, person="同事", evidence=evidence)
    sign_in(administrator, "administrator", to="/office/mandates/")
    accept_mandate(administrator, evidence=evidence)
    member.goto(THREAD)
    member.get_by_role("radio", name=ASSOCIATION).check()
    write_comment(member, "本會建議每年檢討一次。", stance="Suggest a change")
    expect(member.get_by_text("Your comment is posted.")).to_be_visible()
    posted = member.locator(".comment", has_text="本會建議每年檢討一次。")
    expect(posted).to_contain_text(ASSOCIATION)


@pytest.mark.parametrize("script", [True, False])
def test_removing_and_restoring_need_no_script(open_window: OpenWindow, *, script: bool) -> None:
    page = open_window(locale=ENGLISH, java_script_enabled=script, width=390)
    sign_in(page, "accessible")
    page.goto("/accounts/me/")
    page.get_by_role("link", name="示範身心障礙者就業促進會").click()
    page.get_by_role("button", name=re.compile("Remove.*坐輪椅的設計師")).click()
    expect(page.get_by_text("坐輪椅的設計師 is no longer a member.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo.*坐輪椅的設計師")).click()
    expect(page.get_by_text("坐輪椅的設計師 is a member again.")).to_be_visible()


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_nothing_is_in_the_way_of_reading_them(
    open_window: OpenWindow, theme: str, width: int
) -> None:
    page = open_window(locale="zh-TW", color_scheme=theme, width=width)
    page.goto("/accounts/login/?next=/accounts/me/")
    page.locator("[name=login]").fill("machine-tools@example.org")
    page.locator("[name=password]").fill("shifan-114")
    page.locator("main form [type=submit]").first.click()
    page.get_by_role("link", name="示範工具機暨零組件公會").first.click()
    expect(page.get_by_role("heading", name="成員", exact=True)).to_be_visible()
    assert violations(page, AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name=re.compile("提出授權")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("提出授權")
    assert violations(page, AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
