"""Two drafters write at one provision of the next draft, in two real windows."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import sign_in

OpenWindow = Callable[..., Page]
TEXT = "/desk/tve/edit/"


def open_first(page: Page) -> None:
    page.goto(TEXT)
    page.locator("[data-open]").nth(1).click()
    expect(page.get_by_label("Text", exact=True)).to_be_focused()


def test_two_write_at_one_provision_and_nothing_is_lost(open_window: OpenWindow) -> None:
    one, other = (open_window(locale="en-GB") for _ in range(2))
    for page in (one, other):
        sign_in(page, "drafter", to=TEXT)
    one.get_by_role("button", name="Begin with the last draft").click()
    for page in (one, other):
        open_first(page)
    one.get_by_label("Text", exact=True).fill("先改的文字。")
    expect(one.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    other.get_by_label("Text", exact=True).fill("後改的文字。")
    told = other.get_by_role("alert")
    expect(told).to_contain_text("Somebody else has changed it meanwhile.")
    expect(told).to_contain_text("先改的文字。")
    expect(other.get_by_label("Text", exact=True)).to_have_value("後改的文字。")
    other.get_by_label("Text", exact=True).fill("一起改的文字。")
    other.get_by_role("button", name="Save").click()
    expect(other.locator("[data-piece]").nth(1)).to_contain_text("一起改的文字。")
    other.get_by_role("link", name="Look at what changes").click()
    expect(other.get_by_text("一起改的文字")).to_be_visible()
    other.goto(TEXT)
    other.get_by_role("button", name="Put it away").click()
    expect(other.get_by_text("It is put away.")).to_be_visible()
