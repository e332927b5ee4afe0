"""Whatever is handed in costs little time and memory, and ends in a sentence."""

import contextlib
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.confining import ProcessBroken
from accounts.inspecting.kinds import FileKind
from accounts.uploads import UploadRefused, guard
from consult.document.outline import Outline
from consult.document.reading import UnreadableText
from consult.document.sources.__main__ import MEMORY, SECONDS
from consult.document.sources.files import KINDS, DraftUnreadable, read_draft
from tests.accounts import files
from tests.accounts.files import MB, odf, ooxml, package, pdf
from tests.accounts.hostile import HOSTILE, entity_bomb, outside_entity
from tests.cast import outline_section
from tests.consult.document.test_sources_odt import odt
from tests.consult.document.written import docx_of, odt_of

MEASURE = (
    "import resource, subprocess, sys\n"
    "subprocess.run([sys.executable, '-m', 'consult.document.sources', sys.argv[1]])\n"
    "print('', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(body: str) -> bytes:
    """A DOCX with this in its body."""
    main = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return ooxml(FileKind.DOCX, {"word/document.xml": main})


def within(element: str, levels: int, words: str) -> str:
    return f"<{element}>" * levels + words + f"</{element}>" * levels


def many(what: str, times: int) -> bytes:
    return document(what * times)


PARAGRAPH = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>"
# Whatever the looking through would find, the reading must bear by itself.
BARE: dict[str, tuple[FileKind, Callable[[], bytes]]] = {
    "a million paragraphs": (FileKind.DOCX, lambda: many(PARAGRAPH, 1_000_000)),
    "elements without end": (FileKind.DOCX, lambda: many("<w:a/>", 9_000_000)),
    "one paragraph of 60 MB": (
        FileKind.DOCX,
        lambda: document(f"<w:p><w:r><w:t>{'a' * 60 * MB}</w:t></w:r></w:p>"),
    ),
    "tables in tables": (
        FileKind.DOCX,
        lambda: document(
            "<w:tbl><w:tr><w:tc>" * 9_000 + PARAGRAPH + "</w:tc></w:tr></w:tbl>" * 9_000
        ),
    ),
    "boxes in boxes": (FileKind.DOCX, lambda: document(within("w:sdt", 100_000, PARAGRAPH))),
    "spans in spans": (
        FileKind.ODT,
        lambda: odt(f"<text:p>{within('text:span', 100_000, '甲')}</text:p>"),
    ),
    "lists in lists": (
        FileKind.ODT,
        lambda: odt(
            "<text:list><text:list-item>" * 50_000 + "</text:list-item></text:list>" * 50_000
        ),
    ),
    "cells without end": (
        FileKind.ODT,
        lambda: odt(
            "<table:table>"
            + '<table:table-row><table:table-cell table:number-columns-repeated="999999">'
            "<text:p>甲乙丙丁</text:p></table:table-cell></table:table-row>" * 60_000
            + "</table:table>"
        ),
    ),
    "an entity that swells": (
        FileKind.DOCX,
        lambda: ooxml(FileKind.DOCX, {"word/document.xml": entity_bomb()}),
    ),
    "an entity from outside": (
        FileKind.ODT,
        lambda: odf(FileKind.ODT, {"content.xml": outside_entity()}),
    ),
    "a style that follows itself": (
        FileKind.DOCX,
        lambda: ooxml(
            FileKind.DOCX,
            {
                "word/document.xml": f'<w:document xmlns:w="{W}"><w:body><w:p><w:pPr>'
                '<w:pStyle w:val="a"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>',
                "word/styles.xml": f'<w:styles xmlns:w="{W}"><w:style w:styleId="a">'
                '<w:basedOn w:val="a"/></w:style></w:styles>',
            },
        ),
    ),
    "a bomb": (FileKind.DOCX, lambda: package({"word/document.xml": 900 * MB})),
    "no archive": (FileKind.ODT, lambda: b"PK\x03\x04" + b"x" * MB),
    "a PDF that swells": (FileKind.PDF, lambda: files.pdf_with_packed_objects(900 * MB)),
    "a PDF whose page swells": (FileKind.PDF, lambda: swelling_page(400 * MB)),
    "a PDF of many pages": (FileKind.PDF, lambda: many_pages(20_000)),
    "a text without line ends": (FileKind.TXT, lambda: "一、".encode() * 3_000_000),
    "a text of line ends": (FileKind.TXT, lambda: b"\n" * 10 * MB),
    "a text of numbers": (FileKind.TXT, lambda: b"".join(b"%d. a\n" % n for n in range(700_000))),
    "a text of headings": (FileKind.MD, lambda: b"# a\n" * 2_500_000),
    "a text of zeros": (FileKind.TXT, lambda: bytes(10 * MB)),
    "a table without end": (
        FileKind.TXT,
        lambda: "發展重點 相關部會 協力事項\n".encode() + "甲\n".encode() * 2_000_000,
    ),
}  # fmt: skip


def swelling_page(length: int) -> bytes:
    """A PDF of one page whose content unpacks to so many bytes."""
    packed = files.zeros(length)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
    return files.raw_pdf(*files.CATALOGUE[:2], page, stream)


def many_pages(count: int) -> bytes:
    kids = b"[" + b"3 0 R " * count + b"]"
    pages = b"<</Type/Pages/Kids%b/Count %d>>" % (kids, count)
    return files.raw_pdf(files.CATALOGUE[0], pages, files.CATALOGUE[2])


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("what", BARE)
def test_reading_is_bounded(what: str) -> None:
    """By the process that reads, also where nothing looked through the file before."""
    kind, make = BARE[what]
    content = make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = before.ru_utime + before.ru_stime
    with contextlib.suppress(DraftUnreadable, UnreadableText):
        read_draft(content, kind)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - begun < SECONDS + 1.5


@pytest.mark.linux
@pytest.mark.parametrize("what", ["a million paragraphs", "a PDF whose page swells", "a bomb"])
def test_reading_takes_little_memory(what: str) -> None:
    """Measured from a process that is small itself: a child begins with its parent's figure."""
    kind, make = BARE[what]
    ended = subprocess.run(
        [sys.executable, "-c", MEASURE, kind.value],
        input=make(),
        cwd=project.BASE_DIR,
        capture_output=True,
        check=True,
    )
    assert int(ended.stderr.split()[-1]) * 1024 < MEMORY


@pytest.mark.parametrize(
    "what",
    [what for what, (name, *_) in HOSTILE.items() if name.endswith((".docx", ".odt", ".pdf"))],
)
def test_hostile_files_never_reach_the_reading(what: str) -> None:
    name, make, _flaw = HOSTILE[what]
    with pytest.raises(UploadRefused):
        guard(SimpleUploadedFile(name, make()), kinds=KINDS)


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        (FileKind.PDF, pdf(), "pictures of pages and no text"),
        (FileKind.DOCX, document(within("w:sdt", 100_000, "")), "too involved"),
        (FileKind.DOCX, b"PK", "damaged"),
        (FileKind.DOCX, BARE["an entity that swells"][1](), "more in this file than it shows"),
        (FileKind.ODT, BARE["an entity from outside"][1](), "more in this file than it shows"),
        (FileKind.TXT, "甲".encode() * 5_000_000, "longer than a draft can be"),
    ],
)
def test_each_refusal_is_a_sentence(kind: FileKind, content: bytes, sentence: str) -> None:
    with pytest.raises(DraftUnreadable, match=sentence):
        read_draft(content, kind)


def test_the_process_says_what_it_found_as_json() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "consult.document.sources", "txt"],
        input="壹、序言\n內文。\n".encode(),
        cwd=project.BASE_DIR,
        capture_output=True,
        check=True,
    )
    assert set(json.loads(ended.stdout)) == {"outline", "left_out", "source", "excerpts"}


def test_a_fault_of_ours_is_no_fault_of_the_file(
    settings: Any,  # noqa: ANN401 - pytest-django's own
    tmp_path: Path,
) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(ProcessBroken):
        read_draft(b"a", FileKind.TXT)


def test_a_draft_of_five_thousand_provisions_is_read() -> None:
    sections = tuple(
        outline_section(f"第{n}章", "技職教育之推動", *["學校應與產業合作，培育人才。" * 12] * 50)
        for n in range(1, 101)
    )
    outline = Outline("綱領", "", (), sections, (), ())
    for kind, content in (
        (FileKind.DOCX, docx_of(outline, front=("綱領", "（草案）"))),
        (FileKind.ODT, odt_of(outline, front=("綱領", "（草案）"))),
    ):
        found = read_draft(content, kind).outline
        assert [len(section.provisions) for section in found.sections] == [50] * 100
