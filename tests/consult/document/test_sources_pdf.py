"""PDF: the text layer as it was set; pages that were only scanned are refused."""

import pytest
from pypdfium2 import PdfiumError

from accounts.inspecting.kinds import FileKind
from consult.document.sources.documents import read_source
from consult.document.sources.flaws import DocumentUnread, Unread
from consult.document.sources.portable import text_of_pdf
from tests.accounts.files import pdf
from tests.consult.document.written import TEXT, pdf_of, real_outline


def test_the_outline_of_a_pdf_is_that_of_the_text() -> None:
    lines = [line for line in TEXT.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = read_source(pdf_of("\n".join(lines)), FileKind.PDF)
    assert found.outline.to_json() == real_outline().to_json()


def test_gaps_indents_and_pages_are_kept() -> None:
    text = "壹、序言這一行有些長\n\n　　第一段由此起，有縮排\n接著的一行。\n" + "字\n" * 40
    lines = text_of_pdf(pdf_of(text)).split("\n")
    assert lines[:4] == ["壹、序言這一行有些長", "", "  第一段由此起，有縮排", "接著的一行。"]
    assert [line for line in lines if line.startswith("\f")] == ["\f字"]


def test_a_scanned_pdf_is_refused() -> None:
    with pytest.raises(DocumentUnread) as refused:
        text_of_pdf(pdf())
    assert refused.value.reason is Unread.NO_TEXT_LAYER


def test_a_page_number_makes_no_text_layer() -> None:
    with pytest.raises(DocumentUnread):
        text_of_pdf(pdf_of("第 1 頁"))


def test_what_is_no_pdf_raises() -> None:
    with pytest.raises(PdfiumError):
        text_of_pdf(b"%PDF-1.7\nnothing")
