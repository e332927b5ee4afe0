"""A drafter imports the sixth draft, says what became of what, and publishes a section of it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from consult.document.outline import Outline, OutlineSection
from consult.document.reading import read_outline
from tests.browser.conftest import Mailbox, site_of_its_own
from tests.browser.journeys import sign_in, violations
from tests.browser.test_access_for_all import AXE

OpenWindow = Callable[..., Page]
TEXT = (
    Path(__file__).parents[2] / "consult/pages/demonstration/tve-policy-framework-draft-114-5.txt"
)


@pytest.fixture(scope="session")
def base_url(
    mailbox: Mailbox, sign_in_service: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Another site than the other tests', who read the fifth draft as the newest."""
    yield from site_of_its_own(mailbox, sign_in_service, tmp_path_factory)


def redraft(outline: Outline) -> str:
    """The sixth draft as Markdown: words edited, a provision split, one moved, one deleted."""
    lines = ["技術及職業教育政策綱領（草案）", "", "（本版本為 114 年第 6 版---研修階段）", ""]
    for depth, section in sections_of(outline.sections, depth=2):
        lines += [f"{'#' * depth} {section.number}、{section.title}", ""]
        for text in texts_of(section):
            lines += [text, ""]
    return "\n".join(lines)


def sections_of(
    sections: tuple[OutlineSection, ...], *, depth: int
) -> Iterator[tuple[int, OutlineSection]]:
    """All but the appendices, in document order."""
    for section in sections:
        if not section.number.startswith("附錄"):
            yield depth, section
            yield from sections_of(section.sections, depth=depth + 1)


def texts_of(section: OutlineSection) -> Iterator[str]:
    for provision in section.provisions:
        text = provision.text.replace("促進產業升級", "帶動產業升級")
        if provision.ref == "肆-二-1":
            first, dot, rest = text.partition("。")
            yield from (first + dot, rest)
        elif provision.ref not in ("伍-1", "肆-三-2", "肆-四-2") and provision.kind != "caption":
            yield text
    if section.ref == "肆-四":
        outline = read_outline(TEXT.read_text(encoding="utf-8"))
        everywhere = (each for _, each in sections_of(outline.sections, depth=0))
        yield from (
            provision.text
            for each in everywhere
            for provision in each.provisions
            if provision.ref == "肆-三-2"
        )


@pytest.fixture
def sixth_draft(tmp_path: Path) -> Path:
    path = tmp_path / "第六版.md"
    path.write_text(redraft(read_outline(TEXT.read_text(encoding="utf-8"))), encoding="utf-8")
    return path


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=re.compile(name)).first.click()


def assert_accessible(page: Page) -> None:
    assert violations(page, AXE) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def wait_until_carried(page: Page) -> None:
    """Workers carry; the queue's page says how far they are."""
    done = re.compile(r"[1-9]\d* comments of the draft before are placed, 0 are")
    for _ in range(30):
        page.goto("/desk/tve/2/placements/")
        if done.search(page.inner_text("main")):
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.inner_text("main"))


def import_file(desk: Page, path: Path) -> None:
    """From the file to the desk of the draft, after a look at how it was read."""
    desk.goto("/desk/tve/import/")
    desk.locator("input[type=file]").set_input_files(path)
    desk.locator("main form button").first.click()
    expect(desk.get_by_text("發展重點").first).to_be_visible()
    press(desk, "Store|Import")
    desk.wait_for_url("**/desk/tve/2/")


def confirm_lineage(desk: Page) -> None:
    """The clear links with one press, the doubtful ones by a key and by the page."""
    desk.goto("/desk/tve/2/lineage/?shown=clear")
    assert_accessible(desk)
    press(desk, "Confirm all|Confirm the clear one")
    expect(desk.get_by_text(re.compile(r"links? (is|are) confirmed"))).to_be_visible()
    desk.goto("/desk/tve/2/lineage/?shown=doubtful")
    assert_accessible(desk)
    links = desk.locator("[data-link]")
    expect(links.first).to_be_focused()
    count = links.count()
    desk.keyboard.press("y")
    expect(links).to_have_count(count - 1)
    expect(links.first).to_be_focused()
    press(desk, "on this page")
    expect(desk.get_by_text("Nothing is in doubt.")).to_be_visible()


def publish(desk: Page, ref: str) -> None:
    """Open one section with what stands beneath it."""
    desk.goto(f"/desk/tve/2/window/{ref}/")
    desk.get_by_role("radio", name=re.compile("^Open: show the text")).check()
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url("**/desk/tve/2/")


def place_the_first(desk: Page, ref: str) -> None:
    """What lost its words is in the queue; a drafter knows better for one of it."""
    waiting = desk.locator(".lineage-link")
    count = waiting.count()
    first = waiting.first
    name = first.get_attribute("id")
    first.get_by_label("or on").fill(ref)
    first.get_by_role("button", name=re.compile("Place it")).click()
    expect(desk.get_by_text(f"stands on {ref}.")).to_be_visible()
    expect(waiting).to_have_count(count - 1)
    expect(desk.locator(f"#{name}")).to_have_count(0)


def read_what_changed(reader: Page) -> None:
    """From an earlier place to the same in the newest draft, and to what changed on the way."""
    reader.get_by_role("link", name=re.compile("Go to the same place")).click()
    reader.wait_for_url("**/tve/2/**")
    for address in (
        "/tve/1/changes/2/",
        "/tve/1/changes/2/%E8%82%86/",
        "/tve/1/changes/2/%E8%82%86/?view=inline",
    ):
        reader.goto(address)
        expect(reader.get_by_text("Moved").first).to_be_visible()
        assert_accessible(reader)
    reader.goto("/tve/1/changes/2/")
    with reader.expect_download() as download:
        reader.get_by_role("link", name="PDF").first.click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_from_the_file_to_the_carried_comments(open_window: OpenWindow, sixth_draft: Path) -> None:
    desk = open_window(locale="en-GB")
    sign_in(desk, "drafter")
    import_file(desk, sixth_draft)
    confirm_lineage(desk)
    publish(desk, "肆")
    wait_until_carried(desk)
    assert_accessible(desk)
    reader = open_window(locale="en-GB", width=390)
    for address, status in (
        ("/tve/2/肆-一-2/comments/", "The same words"),
        # It moved with 肆-三-2; 肆-四-2 is gone with its words.
        ("/tve/2/肆-四-2/comments/", "Moved with its words"),
        ("/tve/2/肆-四/comments/", "Its words are gone"),
    ):
        reader.goto(address)
        expect(reader.locator("#carried")).to_contain_text(status)
        assert_accessible(reader)
    reader.goto("/tve/2/肆/")
    expect(reader.locator(".talk-carried").first).to_be_visible()
    # The old address stays, and leads on.
    reader.goto("/tve/1/肆-一-2/comments/")
    expect(reader.locator("main")).to_contain_text("You are reading an earlier draft")
    read_what_changed(reader)
    place_the_first(desk, "肆-四-1")
