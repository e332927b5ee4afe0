"""Two people at once: what one does, the other sees where they read, and nothing moves."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import sign_in, write_comment

OpenWindow = Callable[..., Page]
ENGLISH = "en-GB"
# A notice is settled for up to a second before it is fetched; the machine may be busy.
SOON = 15_000
# A thread long enough to scroll in, and a draft's own.
LONG = "參-目標二-1"
PLACES = {"mother": f"/tve/1/{LONG}/comments/", "father": "/tve/1/comments/"}


class Reader:
    """Whoever reads a thread, and looks at one comment of it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto(address)
        # The socket is there before anything is done elsewhere.
        self.page.wait_for_load_state("networkidle")

    def comment(self, reference: str) -> Locator:
        return self.page.locator(f"#c-{reference}")

    @property
    def bar(self) -> Locator:
        return self.page.locator(".new-bar").get_by_role("button")

    @property
    def told(self) -> Locator:
        """What a screen reader is told, politely."""
        return self.page.locator(".thread [data-told]")

    def look_at(self, reference: str) -> None:
        """Scroll until this comment stands near the top of what is seen."""
        self.comment(reference).evaluate(
            """comment => {
                const scroller = comment.closest("[data-beside]") ?? document.scrollingElement;
                scroller.scrollTop += comment.getBoundingClientRect().top - 120;
            }"""
        )

    @contextmanager
    def nothing_moves(self, reference: str) -> Iterator[None]:
        """Whatever happens within, that comment is seen where it was."""
        before = self.top_of(reference)
        yield
        assert abs(self.top_of(reference) - before) < 1

    def top_of(self, reference: str) -> float:
        top: float = self.comment(reference).evaluate("it => it.getBoundingClientRect().top")
        return top


def said(writer: Page, address: str, text: str, **how: str) -> str:
    """Post it on the thread's own page; its reference."""
    writer.goto(address)
    write_comment(writer, text, **how)
    posted = writer.locator(".comment.is-posted")
    expect(posted).to_contain_text(text)
    return str(posted.get_attribute("data-reference"))


def answered(writer: Page, reference: str, text: str) -> None:
    writer.goto(f"/c/{reference}/")
    writer.locator(f"#c-{reference} [data-reply]").click()
    write_comment(writer, text)
    expect(writer.get_by_text("Your comment is posted.")).to_be_visible()


def acted(page: Page, address: str, *, button: str, **fields: str) -> None:
    """Fill the form of an act's own page and send it."""
    page.goto(address)
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def decide(moderator: Page, reference: str, decision: str) -> None:
    """Decide on a comment as a moderator; who hides it says by which rule."""
    moderator.goto(f"/moderation/{reference}/")
    moderator.get_by_label(decision, exact=True).check()
    rule = moderator.get_by_label("Rule", exact=True)
    if rule.count():
        rule.select_option(label="Attacks or threatens people")
    moderator.get_by_role("button", name="Decide", exact=True).click()
    expect(moderator.get_by_text("Your decision is recorded")).to_be_visible()


def sees_moderation(
    reader: Reader, moderator: Page, comment: str, text: str, looks_at: str
) -> None:
    """A moderator hides it, by a rule that is named, and restores it."""
    sign_in(moderator, "moderator")
    with reader.nothing_moves(looks_at):
        decide(moderator, comment, "Hide it")
        expect(reader.comment(comment)).to_contain_text("Hidden by a moderator", timeout=SOON)
        expect(reader.comment(comment)).not_to_contain_text(text)
        expect(reader.told).to_contain_text("Attacks or threatens people")
    with reader.nothing_moves(looks_at):
        decide(moderator, comment, "Restore it")
        expect(reader.comment(comment)).to_contain_text(text, timeout=SOON)
        expect(reader.told).to_contain_text("is shown again")


@pytest.mark.parametrize(("who", "address"), PLACES.items(), ids=["provision", "whole draft"])
def test_what_one_does_the_other_sees_where_they_read(
    open_window: OpenWindow, who: str, address: str
) -> None:
    reader = Reader(open_window(locale=ENGLISH))
    writer, endorser, moderator = (open_window(locale=ENGLISH) for _ in range(3))
    sign_in(writer, who)
    sign_in(endorser, "teacher")
    first, second = (said(writer, address, f"{word}一則，先看這裡。" * 8) for word in ("第", "另"))
    last = said(writer, address, "最後一則，讀者停在這裡。" * 120)
    reader.open(address)
    reader.look_at(last)

    # New ones wait behind a bar, which says how many there are.
    with reader.nothing_moves(last):
        said(writer, address, "剛才來的一則。")
        expect(reader.bar).to_have_text("1 new comment", timeout=SOON)
        answered(writer, first, "對第一則的回覆。")
        expect(reader.bar).to_have_text("2 new comments", timeout=SOON)
    expect(reader.page.locator(".new-bar")).to_have_attribute("aria-live", "polite")
    expect(reader.page.get_by_text("剛才來的一則。")).to_have_count(0)

    # What is read already changes where it stands.
    count = reader.comment(first).locator("[data-endorsements]")
    with reader.nothing_moves(last):
        endorser.goto(f"/c/{first}/")
        endorser.locator(f"#c-{first} [data-endorse]").click()
        expect(count).to_have_text("1", timeout=SOON)
        expect(reader.told).to_contain_text("1 endorsements")
        endorser.locator(f"#c-{first} [data-endorse].is-pressed").click()
        expect(count).to_have_text("0", timeout=SOON)
    with reader.nothing_moves(last):
        acted(
            writer,
            f"/c/{first}/edit/",
            button="Save the change",
            What_you_want_to_say="改過之後短了。",
        )
        expect(reader.comment(first)).to_contain_text("改過之後短了。", timeout=SOON)
        expect(reader.comment(first)).not_to_contain_text("先看這裡")
        expect(reader.told).to_contain_text("has changed")
    with reader.nothing_moves(last):
        acted(writer, f"/c/{second}/withdraw/", button="Withdraw it")
        expect(reader.comment(second)).to_contain_text("Withdrawn by its author", timeout=SOON)
        expect(reader.comment(second)).not_to_contain_text("先看這裡")
        expect(reader.told).to_contain_text("Withdrawn by its author")

    sees_moderation(reader, moderator, first, "改過之後短了。", last)


def test_beside_the_text_nothing_moves_either(open_window: OpenWindow) -> None:
    """Also at the top of a thread, where the bar comes to stand; and counts keep step."""
    reader = Reader(open_window(locale=ENGLISH))
    writer = open_window(locale=ENGLISH)
    sign_in(writer, "student")
    reader.open("/tve/1/參/")
    talk = reader.page.locator(f'[data-talk="{LONG}"]')
    talk.click()
    thread = reader.page.locator(f'.thread[data-thread="{LONG}"]')
    first = str(thread.locator(".comment").first.get_attribute("data-reference"))
    heading = thread.locator("[data-comments]")
    before = int(heading.inner_text())
    total = reader.page.locator("[data-total]")
    in_all = int(total.inner_text())
    top_of_text = talk.evaluate("it => it.getBoundingClientRect().top")
    with reader.nothing_moves(first):
        gone = said(writer, PLACES["mother"], "從旁邊說的一句。")
        expect(reader.bar).to_have_text("1 new comment", timeout=SOON)
    assert talk.evaluate("it => it.getBoundingClientRect().top") == top_of_text
    for number in (heading, talk.locator("[data-count]")):
        expect(number).to_have_text(str(before + 1))
    expect(total).to_have_text(str(in_all + 1))
    reader.bar.click()
    expect(reader.comment(gone)).to_be_in_viewport()
    expect(reader.comment(gone)).to_be_focused()
    # Who stands in a comment with the keyboard keeps their place when it changes.
    link = reader.comment(gone).locator("a.comment-link")
    link.focus()
    acted(writer, f"/c/{gone}/edit/", button="Save the change", What_you_want_to_say="換一句。")
    expect(reader.comment(gone)).to_contain_text("換一句。", timeout=SOON)
    expect(link).to_be_focused()
    acted(writer, f"/c/{gone}/withdraw/", button="Withdraw it")
    expect(reader.comment(gone)).to_contain_text("Withdrawn by its author", timeout=SOON)
    for number in (heading, talk.locator("[data-count]")):
        expect(number).to_have_text(str(before))


@pytest.mark.parametrize("address", PLACES.values(), ids=["provision", "whole draft"])
def test_a_permanent_link_says_what_became_of_it(open_window: OpenWindow, address: str) -> None:
    writer, moderator, reader = (open_window(locale=ENGLISH) for _ in range(3))
    sign_in(writer, "graduate")
    sign_in(moderator, "moderator")
    kept, withdrawn, hidden = (said(writer, address, f"連結要找得到的{n}。") for n in "一二三")
    answered(writer, withdrawn, "回覆留著。")
    acted(writer, f"/c/{withdrawn}/withdraw/", button="Withdraw it")
    decide(moderator, hidden, "Hide it")
    says = {
        kept: "連結要找得到的一。",
        withdrawn: "Withdrawn by its author",
        hidden: "Hidden by a moderator. The rule: Attacks or threatens people",
    }
    for reference, words in says.items():
        reader.goto(f"/c/{reference}/")
        expect(reader).to_have_url(re.compile(f"{re.escape(address.split('/')[2])}.*#c-"))
        expect(reader.locator(f"#c-{reference}")).to_be_in_viewport()
        expect(reader.locator(f"#c-{reference}")).to_contain_text(words)
    expect(reader.get_by_text("回覆留著。")).to_be_visible()
    for text in ("連結要找得到的二", "連結要找得到的三"):
        expect(reader.get_by_text(text)).to_have_count(0)
    reader.locator(f"#c-{hidden}").get_by_role("link", name="Attacks or threatens people").click()
    expect(reader).to_have_url(re.compile("/rules/#attack"))


def test_the_draft_as_a_whole_has_an_obvious_place(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    sign_in(page, "student", to="/tve/1/")
    page.locator("main").get_by_role("link", name=re.compile("draft as a whole")).first.click()
    expect(page).to_have_url(re.compile("/tve/1/comments/$"))
    expect(page.locator("#thread-heading")).to_contain_text("The draft as a whole")
    # No words to mark and no wording to propose: there is no text of its own.
    expect(page.locator("[data-proposal], [data-sentences]")).to_have_count(0)
    heading = page.locator("[data-comments]")
    before = int(heading.inner_text())
    write_comment(page, "整份草案都該附上時程。", stance="Suggest a change")
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    expect(heading).to_have_text(str(before + 1))
