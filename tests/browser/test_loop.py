"""The whole loop in a real browser: publish, sign up, comment, see it live, report."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Mailbox
from tests.browser.journeys import (
    OPEN_SECTION,
    THREAD,
    select_words,
    sign_in,
    sign_up,
    wait_for_the_daily_report,
    write_comment,
)

OpenWindow = Callable[..., Page]
ENGLISH = "en-GB"


def test_a_newcomer_signs_up_and_comments_on_a_sentence(
    open_window: OpenWindow, mailbox: Mailbox
) -> None:
    page = open_window(width=390, locale=ENGLISH)
    page.goto(THREAD)
    page.get_by_role("link", name="Sign in to comment").click()
    page.get_by_role("link", name="Sign up").click()
    sign_up(page, mailbox, address="newcomer@example.net", name="Newcomer")
    expect(page).to_have_url(re.compile(r"/comments/"))
    page.get_by_text("Comment on one sentence only").click()
    page.locator("[data-sentence]").first.click()
    write_comment(page, "Say who pays for this.", stance="Question")
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    posted = page.locator(".comment", has_text="Say who pays for this.")
    expect(posted).to_contain_text("技職教育肩負")
    expect(posted).to_contain_text("Newcomer")
    expect(posted).to_contain_text(re.compile(r"Receipt number: [0-9A-Z]{8}"))


def test_a_comment_appears_in_another_window_without_reloading(open_window: OpenWindow) -> None:
    reader, writer = (open_window(locale=ENGLISH) for _ in range(2))
    reader.goto(OPEN_SECTION)
    reader.locator('[data-talk="肆-一-3"]').click()
    expect(reader.locator('.thread[data-thread="肆-一-3"]')).to_be_visible()
    sign_in(writer, "mother", to="/tve/1/肆-一-3/comments/")
    write_comment(writer, "孩子的實習要有人帶。", stance="Suggest a change")
    expect(writer.get_by_text("Your comment is posted.")).to_be_visible()
    bar = reader.locator(".new-bar").get_by_role("button")
    expect(bar).to_contain_text("1 new comment")
    expect(reader.get_by_text("孩子的實習要有人帶。")).not_to_be_visible()
    bar.click()
    expect(reader.get_by_text("孩子的實習要有人帶。")).to_be_visible()


def test_a_reader_who_was_offline_catches_up(open_window: OpenWindow) -> None:
    reader, writer = (open_window(locale=ENGLISH) for _ in range(2))
    reader.goto(OPEN_SECTION)
    reader.locator('[data-talk="肆-二-1"]').click()
    expect(reader.locator('.thread[data-thread="肆-二-1"]')).to_be_visible()
    sign_in(writer, "mother", to="/tve/1/肆-二-1/comments/")
    reader.context.set_offline(True)
    for text in ("離線時說的第一句。", "離線時說的第二句。"):
        write_comment(writer, text)
        expect(writer.get_by_text(text)).to_be_visible()
    reader.context.set_offline(False)
    bar = reader.locator(".new-bar").get_by_role("button")
    expect(bar).to_contain_text("2 new comments", timeout=30_000)
    bar.click()
    expect(reader.get_by_text("離線時說的第二句。")).to_be_visible()


def test_marked_words_fill_the_anchor(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    sign_in(page, "mother", to=OPEN_SECTION)
    select_words(page, "肆-一-1", "社會知名度")
    page.get_by_role("button", name="Comment on these words").click()
    expect(page.locator("[data-exact]")).to_have_text("社會知名度")
    write_comment(page, "知名度要怎麼量？", stance="Question")
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    page.reload()
    expect(page.locator('.words[data-ref="肆-一-1"] mark', has_text="社會知名度")).to_be_visible()


def test_what_was_typed_survives_a_reload_and_a_refusal(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    sign_in(page, "mother", to=THREAD)
    form = page.locator("form.comment-form")
    form.get_by_label("What you want to say").fill("還沒寫完的話")
    page.wait_for_timeout(800)
    page.reload()
    expect(form.get_by_label("What you want to say")).to_have_value("還沒寫完的話")
    form.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not posted yet")
    expect(form.get_by_label("What you want to say")).to_have_value("還沒寫完的話")


def test_a_double_click_makes_one_comment(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH)
    sign_in(page, "mother", to=THREAD)
    form = page.locator("form.comment-form")
    form.get_by_role("radio", name="Other").check()
    form.get_by_label("What you want to say").fill("只說一次。")
    form.get_by_role("button", name="Post", exact=True).dblclick()
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    page.goto(THREAD + "?order=newest")
    expect(page.locator(".comment", has_text="只說一次。")).to_have_count(1)


def test_reading_and_posting_need_no_script(open_window: OpenWindow) -> None:
    page = open_window(locale=ENGLISH, java_script_enabled=False)
    sign_in(page, "mother", to=OPEN_SECTION)
    page.locator('[data-talk="肆-三-1"]').click()
    write_comment(page, "沒有指令碼也能說話。", stance="Oppose")
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    expect(page.locator(".comment", has_text="沒有指令碼也能說話。")).to_have_count(1)


def test_a_drafter_opens_a_section_and_readers_see_it(open_window: OpenWindow) -> None:
    reader, drafter = (open_window(locale=ENGLISH) for _ in range(2))
    assert reader.goto("/tve/1/貳/").status == 404  # type: ignore[union-attr]
    sign_in(drafter, "drafter", to="/desk/tve/1/window/貳/")
    drafter.get_by_label("Open: show the text").check()
    drafter.get_by_role("button", name="Do it").click()
    expect(drafter.locator("tr#貳")).to_contain_text("Open for comment")
    reader.goto("/tve/1/貳/")
    expect(reader.locator("main")).to_contain_text("長期以來，臺灣擁有之卓越技術")
    drafter.get_by_role("button", name="Undo").click()
    expect(drafter.locator("tr#貳")).to_contain_text("Not published")
    assert reader.goto("/tve/1/貳/").status == 404  # type: ignore[union-attr]


def test_a_drafter_gets_a_report_whose_numbers_lead_to_comments(open_window: OpenWindow) -> None:
    drafter = open_window(locale=ENGLISH)
    sign_in(drafter, "drafter", to="/desk/tve/1/")
    wait_for_the_daily_report(drafter)
    drafter.goto("/desk/tve/1/")
    drafter.get_by_role("button", name="Report up to now").click()
    expect(drafter.get_by_role("heading", name="What was said")).to_be_visible(timeout=60_000)
    digest = drafter.get_by_text(re.compile(r"^[0-9a-f]{64}$")).first.inner_text()
    total = drafter.locator(".totals dd").first
    counted = int(total.inner_text())
    total.get_by_role("link").click()
    expect(drafter.locator("#counts")).to_have_attribute("data-comments", str(counted))
    drafter.go_back()
    drafter.get_by_role("button", name=re.compile("again", re.IGNORECASE)).click()
    expect(drafter.get_by_text(digest).first).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    "path", ["/tve/1/伍/", "/tve/1/伍-1/comments/", "/tve/1/附錄二-1/comments/"]
)
def test_unpublished_text_is_not_there(open_window: OpenWindow, path: str) -> None:
    assert open_window().goto(path).status == 404  # type: ignore[union-attr]
