"""A drafter imports the real draft as a PDF that a browser printed."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.inspecting.kinds import FileKind
from consult.document.outline import Outline
from consult.document.sources.documents import read_source
from consult.document.sources.portable import text_of_pdf
from tests.browser.journeys import sign_in, violations
from tests.browser.test_access_for_all import AXE
from tests.consult.document.written import (
    FRONT,
    HEADER,
    LABEL,
    heading,
    real_outline,
    rows_of,
    walk,
)

OpenWindow = Callable[..., Page]
STYLE = """
body { font: 14pt/2 "Noto Sans CJK TC" }
.text { text-indent: INDENT }
.title { text-align: center; font-size: 20pt; margin: 0 }
h1, h2 { font-size: 16pt }
td { border: 1px solid; padding: 4px; width: 33% }
"""
FOOTER = (
    '<p style="font-size:9pt;width:100%;text-align:center">- <span class="pageNumber"></span> -</p>'
)


def as_page(outline: Outline, *, indent: str) -> str:
    """The draft as a page that is to be printed."""
    written = [f'<p class="title">{words}</p>' for words in FRONT]
    written += [f"<p>{escape(words)}</p>" for words in (*(e.text for e in outline.history), LABEL)]
    for section, depth in walk(outline.sections):
        written.append(f"<h{depth}>{escape(heading(section))}</h{depth}>")
        if any(provision.kind == "row" for provision in section.provisions):
            rows = [HEADER, *rows_of(outline)]
            cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
            written.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
            continue
        for provision in section.provisions:
            kind = "text" if provision.kind == "paragraph" else "item"
            written.append(f'<p class="{kind}">{escape(provision.text)}</p>')
    style = STYLE.replace("INDENT", indent)
    return f'<html lang="zh-Hant"><style>{style}</style><body>{"".join(written)}</body></html>'


def printed(page: Page, outline: Outline, *, indent: str) -> bytes:
    page.set_content(as_page(outline, indent=indent))
    return page.pdf(
        format="A4",
        margin=dict.fromkeys(("top", "bottom", "left", "right"), "25mm"),  # type: ignore[arg-type]
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
    )


@pytest.mark.parametrize("indent", ["2em", "0"])
def test_what_a_browser_prints_is_the_same_draft(open_window: OpenWindow, indent: str) -> None:
    outline = real_outline()
    found = read_source(printed(open_window(), outline, indent=indent), FileKind.PDF)
    assert found.outline.to_json() == outline.to_json()


def test_rare_characters_shift_nothing(open_window: OpenWindow) -> None:
    page = open_window()
    words = "𠮷𠮷野家" + "培育社會、產業發展所需專業技術人力" * 6
    style = STYLE.replace("INDENT", "2em")
    page.set_content(f"<style>{style}</style>" + f'<p class="text">{words}</p>' * 3)
    lines = text_of_pdf(page.pdf(format="A4")).split("\n")
    begun = [line for line in lines if "𠮷𠮷野家" in line]
    assert len(begun) == 3
    indents = {len(line) - len(line.lstrip()) for line in begun}
    assert len(indents) == 1
    assert min(indents) > 0


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1440)])
def test_a_drafter_looks_before_it_is_stored(
    open_window: OpenWindow, tmp_path: Path, theme: str, width: int
) -> None:
    file = tmp_path / "draft.pdf"
    file.write_bytes(printed(open_window(), real_outline(), indent="2em"))
    page = open_window(locale="en-GB", color_scheme=theme, width=width)
    sign_in(page, "drafter", to="/desk/")
    page.goto("/desk/")
    page.get_by_role("link", name="Import the next draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import the next draft")
    assert violations(page, AXE) == []
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert violations(page, AXE) == []
    page.get_by_label("The text of the next draft").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look before it is stored")
    expect(page.locator("main")).to_contain_text("Of 69 provisions 69 stand in it word for word")
    page.get_by_text("壹 序言").click()
    expect(page.get_by_text("國內技職教育，起步雖較他國為晚")).to_be_visible()
    assert violations(page, AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Don't store it").click()
    expect(page.locator("main")).to_contain_text("Nothing was stored.")
