"""The real draft, written as a document of each kind, is the same draft."""

from collections.abc import Callable

import pytest

from accounts.inspecting.kinds import FileKind
from consult.document.outline import Outline
from consult.document.sources.documents import SourceRead, read_source
from tests.consult.document.written import TEXT, docx_of, odt_of, real_outline


@pytest.fixture(scope="module")
def real() -> Outline:
    return real_outline()


@pytest.mark.parametrize("written", [docx_of, odt_of])
@pytest.mark.parametrize(
    "way",
    [{"styled": True}, {"styled": True, "automatic": True}, {"styled": False}],
    ids=["styles", "automatic numbers", "no styles"],
)
def test_the_outline_of_a_document_is_that_of_the_text(
    real: Outline, written: Callable[..., bytes], way: dict[str, bool]
) -> None:
    kind = FileKind.DOCX if written is docx_of else FileKind.ODT
    found = read_source(written(real, **way), kind)
    assert found.outline.to_json() == real.to_json()


def test_what_was_read_comes_back_out_of_its_json(real: Outline) -> None:
    found = read_source(docx_of(real), FileKind.DOCX)
    assert SourceRead.from_json(found.to_json()) == found


def test_the_same_words_are_the_same_source_however_a_file_was_saved(real: Outline) -> None:
    assert (
        read_source(docx_of(real), FileKind.DOCX).source
        == read_source(docx_of(real), FileKind.DOCX).source
    )


@pytest.mark.parametrize("kind", [FileKind.TXT, FileKind.MD])
def test_a_plain_text_is_read_as_before(real: Outline, kind: FileKind) -> None:
    found = read_source(TEXT.read_bytes(), kind)
    assert found.outline == real
    assert found.source == TEXT.read_text(encoding="utf-8")
