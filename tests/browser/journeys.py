"""Steps that people take on the site, as the tests' sentences name them."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Mailbox

PASSWORD = "shifan-114"
SIGN_UP_PASSWORD = "kiln-otter-4821"
OPEN_SECTION = "/tve/1/肆/"
THREAD = "/tve/1/肆-一-2/comments/"


def sign_in(page: Page, who: str, *, to: str = "/") -> None:
    """Sign in as one of the demonstration's people and land on a page."""
    page.goto(f"/accounts/login/?next={to}")
    page.get_by_label("Email").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation", name="Your account")).to_contain_text("My account")


def wait_for_the_daily_report(page: Page) -> None:
    """Let the site end the report that it makes by itself soon after its start, as a drafter.

    Another one that is asked for meanwhile is refused.
    """
    for _ in range(120):
        page.goto("/desk/tve/1/reports/")
        if page.get_by_role("row").filter(has_text="Daily").filter(has_text="Done").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("No daily report was made.")


def sign_up(page: Page, mailbox: Mailbox, *, address: str, name: str) -> None:
    """From the sign-up form to the page that asked for it, by the code in the mail."""
    page.get_by_label("Email").fill(address)
    page.get_by_label("Display name").fill(name)
    page.get_by_label("Password (optional)").fill(SIGN_UP_PASSWORD)
    page.get_by_label("I have read how my data is handled").check()
    page.get_by_role("button", name=re.compile("Sign up")).click()
    body = mailbox.wait_for(address).get_body(("plain",))
    assert body is not None
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", body.get_content(), re.MULTILINE)
    assert code is not None, body.get_content()
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Confirm", exact=True).click()


def write_comment(page: Page, text: str, *, stance: str = "Support") -> None:
    """Fill the form that is in sight and send it."""
    form = page.locator("form.comment-form")
    form.get_by_role("radio", name=stance).check()
    form.get_by_label("What you want to say").fill(text)
    form.get_by_role("button", name="Post", exact=True).click()


def select_words(page: Page, ref: str, words: str) -> None:
    """Mark words of a provision as a reader does with the mouse."""
    page.evaluate(
        """([ref, words]) => {
            const text = document.querySelector(`.words[data-ref="${ref}"]`);
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                document.dispatchEvent(new Event("selectionchange"));
                text.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
                return;
            }
            throw new Error(`No “${words}” in ${ref}`);
        }""",
        [ref, words],
    )


def violations(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe-core finds on the page, with the places it finds it at."""
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(
        """async () => {
            const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
            const result = await axe.run(document, {runOnly: rules});
            return result.violations.map(each => ({
                id: each.id,
                help: each.help,
                nodes: each.nodes.map(node => node.html.slice(0, 200)),
            }));
        }"""
    )
    return found
