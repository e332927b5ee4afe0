"""Files and warnings in a real browser: beside the text, on a page of its own, without a script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.inspecting.kinds import FileKind
from tests.accounts.files import good, moving_png
from tests.browser.journeys import OPEN_SECTION, sign_in, violations, write_comment

OpenWindow = Callable[..., Page]
ENGLISH = "en-GB"
AXE = (Path(__file__).parent / "vendor/axe-core@4.14.1/axe.min.js").read_text()
ASKED = "Shall everyone be able to read this?"


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def choose(page: Page, *files: FilePayload) -> None:
    """Open the place for files and choose these."""
    place = page.locator(".write-files")
    if place.get_attribute("open") is None:
        place.locator("summary").click()
    page.locator("#files").set_input_files(list(files))


def problems(page: Page) -> list[dict[str, Any]]:
    """What axe finds with the sheet at its beginning, where its bar covers nothing by half."""
    page.evaluate("document.querySelector('[data-beside]')?.scrollTo(0, 0)")
    return violations(page, AXE)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_file_is_refused_another_posted_and_saved(open_window: OpenWindow, width: int) -> None:
    page = open_window(locale=ENGLISH, width=width)
    sign_in(page, "mother", to=OPEN_SECTION)
    page.locator('[data-talk="肆-一-1"]').click()
    expect(page.locator('.thread[data-thread="肆-一-1"]')).to_be_visible()
    text = f"附上學校的計畫，{width}。"
    choose(page, file("計畫.pdf", good(FileKind.PDF)), file("動的.png", moving_png()))
    write_comment(page, text)
    expect(page.get_by_role("alert")).to_contain_text("動的.png: There is more in this file")
    # The error leads to the field, and the sheet stays open.
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("checkbox", name="計畫.pdf")).to_be_checked()
    expect(page.get_by_label("What you want to say")).to_have_value(text)
    assert problems(page) == []
    choose(page, file("圖.png", good(FileKind.PNG)))
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    posted = page.locator(".comment", has_text=text)
    expect(posted.get_by_role("list", name="Files").get_by_role("listitem")).to_have_count(2)
    assert problems(page) == []
    with page.expect_download() as saving:
        posted.get_by_role("link", name="計畫.pdf").click()
    assert saving.value.suggested_filename == "計畫.pdf"
    assert Path(saving.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_a_telephone_number_is_asked_about_and_posted_at_the_second_press(
    open_window: OpenWindow,
    scripted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    page = open_window(locale=ENGLISH, java_script_enabled=scripted)
    ref = "肆-二-2" if scripted else "肆-二-1"
    sign_in(page, "mother", to=OPEN_SECTION)
    page.locator(f'[data-talk="{ref}"]').click()
    place = page.locator(".write-files")
    place.locator("summary").click()
    page.locator("#files").set_input_files([file("計畫.pdf", good(FileKind.PDF))])
    write_comment(page, "請打0912-345-678給我")
    question = page.get_by_role("alert").filter(has_text=ASKED)
    expect(question).to_contain_text("a telephone number: 0912-345-678")
    if scripted:
        expect(question).to_be_focused()
        assert problems(page) == []
        question.get_by_role("link", name="Change the text").click()
        expect(page.get_by_label("What you want to say")).to_be_focused()
    # A changed text is looked at anew.
    page.get_by_label("What you want to say").fill("請打0987-654-321給我")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(question).to_contain_text("0987-654-321")
    expect(page.get_by_text("Your comment is posted.")).to_have_count(0)
    question.get_by_role("button", name="Post it anyway").click()
    expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    posted = page.locator(".comment", has_text="0987-654-321")
    expect(posted).to_have_count(1)
    expect(posted.get_by_role("link", name="計畫.pdf")).to_be_visible()
