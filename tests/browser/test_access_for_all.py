"""Every page, in both languages and both themes, wide and narrow: axe-core finds nothing."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.journeys import (
    OPEN_SECTION,
    THREAD,
    sign_in,
    violations,
    wait_for_the_daily_report,
    write_comment,
)

AXE = (Path(__file__).parent / "vendor/axe-core@4.14.1/axe.min.js").read_text()
PUBLIC = [
    "/",
    "/tve/",
    "/tve/1/",
    OPEN_SECTION,
    "/tve/1/附錄二/",
    THREAD,
    f"{THREAD}?order=endorsed&group=public&unanswered=1",
    "/tve/1/comments/",
    "/search/",
    "/search/?q=學生&draft=tve/1",
    "/search/?q=外星人&stance=oppose",
    "/accounts/login/",
    "/accounts/signup/",
    "/privacy/",
    "/accounts/password/reset/",
    "/accounts/login/code/",
    "/accounts/3rdparty/login/cancelled/",
    "/accounts/oidc/service/login/",
    "/data-dictionary/",
    "/not/here/",
]
DRAFTERS = [
    "/desk/",
    "/desk/tve/terms/",
    "/desk/tve/1/",
    "/desk/tve/1/window/肆/",
    "/desk/tve/1/preview/附錄二/",
    "/desk/tve/edit/",
]
OWN = [
    "/accounts/me/",
    "/my/data/",
    "/my/closing/",
    "/privacy/agree/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    THREAD,
]
OFFICE = ["/office/roles/", "/office/log/"]
LOOKS = [("zh-TW", "light", 1440), ("zh-TW", "dark", 390), ("en-GB", "dark", 1440)]

OpenWindow = Callable[..., Page]


def found_on(page: Page, paths: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in paths:
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            found[f"{path} scrolls sideways"] = wider
        if problems := violations(page, AXE):
            found[path] = problems
    return found


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_public_pages(open_window: OpenWindow, locale: str, theme: str, width: int) -> None:
    page = open_window(locale=locale, color_scheme=theme, width=width)
    assert found_on(page, PUBLIC) == {}


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_the_desk_and_a_report(open_window: OpenWindow, theme: str, width: int) -> None:
    page = open_window(locale="en-GB", color_scheme=theme, width=width)
    sign_in(page, "drafter", to="/desk/tve/1/")
    wait_for_the_daily_report(page)
    page.goto("/desk/tve/1/")
    page.get_by_role("button", name="Report up to now").click()
    page.get_by_role("heading", name="What was said").wait_for(timeout=60_000)
    report = page.url
    page.locator(".totals dd a").first.click()
    assert found_on(page, [*DRAFTERS, report, page.url]) == {}


@pytest.mark.parametrize(("theme", "width"), [("dark", 390), ("light", 1440)])
def test_what_came_in_since_an_earlier_report(
    open_window: OpenWindow, theme: str, width: int
) -> None:
    page = open_window(locale="en-GB", color_scheme=theme, width=width)
    sign_in(page, "drafter", to="/desk/tve/1/reports/")
    wait_for_the_daily_report(page)
    reports = []
    for cutoff in (timezone.localtime() - dt.timedelta(days=5), timezone.localtime()):
        page.goto("/desk/tve/1/reports/")
        page.get_by_label("Count what was said up to").fill(f"{cutoff:%Y-%m-%dT%H:%M}")
        page.get_by_role("button", name="Make a report").click()
        page.get_by_role("heading", name="What was said").wait_for(timeout=60_000)
        reports.append(page.url.rstrip("/"))
    older = reports[0].rpartition("/")[2]
    assert found_on(page, [f"{reports[1]}/since/{older}/"]) == {}
    assert page.get_by_role("heading", name="Section by section").count() == 1


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_the_pages_that_change_themes(open_window: OpenWindow, theme: str, width: int) -> None:
    page = open_window(locale="en-GB", color_scheme=theme, width=width)
    sign_in(page, "drafter", to="/desk/tve/1/reports/")
    wait_for_the_daily_report(page)
    page.get_by_role("button", name="Make a report").click()
    page.get_by_role("link", name="Name, put together or split these themes").first.wait_for(
        timeout=60_000
    )
    themes = f"{page.url.rstrip('/')}/themes/"
    page.goto(themes)
    name = page.get_by_label("Name", exact=True).first
    name.fill("Working conditions")
    name.press("Enter")
    page.get_by_text("Called “Working conditions” from the next report on.").wait_for()
    comments = page.get_by_role("link", name="Move comments").first.get_attribute("href")
    assert found_on(page, [themes, comments or ""]) == {}
    page.goto(themes)
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("heading", name="What was decided").wait_for(state="detached")


def test_the_moderators_pages_on_campaigns(open_window: OpenWindow) -> None:
    """Two hand in one text; a moderator finds it, confirms it, and takes that back."""
    text = "Keep the money for practice of schools as small as ours, please."
    for who, words in (("mother", text), ("student", f"{text} My workshop has no lathe left.")):
        page = open_window(locale="en-GB")
        sign_in(page, who, to=THREAD)
        write_comment(page, words, stance="Oppose")
        page.get_by_text("Your comment is posted.").wait_for()
    page = open_window(locale="en-GB", width=390)
    sign_in(page, "moderator", to="/moderation/")
    page.get_by_role("link", name="to decide on").click()
    row = page.get_by_role("listitem").filter(has_text=text)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    row.get_by_role("link", name="One text, 2 signers").click()
    one = page.url
    own = page.get_by_role("region", name="What only one of them says")
    assert "My workshop has no lathe left" in own.inner_text()
    pages = ["/moderation/campaigns/", one, f"{one}?shown=left_out"]
    assert found_on(page, pages) == {}
    page.goto(one)
    page.get_by_role("button", name="Confirm the campaign").click()
    page.get_by_text("Your decision is recorded.").wait_for()
    page.get_by_role("button", name="Take out").first.click()
    page.get_by_role("button", name="Put back").wait_for()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert found_on(page, pages) == {}
    page.goto(one)
    page.get_by_role("button", name="Take the decision back").click()
    page.get_by_role("button", name="Confirm the campaign").wait_for()


def test_a_persons_own_pages(open_window: OpenWindow) -> None:
    page = open_window(locale="en-GB", width=390)
    sign_in(page, "mother")
    assert found_on(page, OWN) == {}


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_the_office(open_window: OpenWindow, theme: str, width: int) -> None:
    page = open_window(locale="en-GB", color_scheme=theme, width=width)
    sign_in(page, "administrator")
    assert found_on(page, OFFICE) == {}


def test_no_page_breaks_the_content_security_policy(open_window: OpenWindow) -> None:
    page = open_window()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PUBLIC[:-1]:
        page.goto(path, wait_until="networkidle")
    assert complaints == []
