"""What is written opens elsewhere, and has the same words in it."""

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.parsers.expat import ParserCreate

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.reports.exporting.docx import write_docx
from consult.reports.exporting.odt import write_odt
from consult.reports.exporting.paper import Cell, Heading, Paper, Paragraph, Run, Table
from consult.reports.exporting.pdf import CharacterMissing, write_pdf

MADE_AT = dt.datetime(2026, 11, 25, 19, 30, tzinfo=dt.UTC)
AWKWARD = '#panic("x") *粗* _斜_ $x$ <b>&amp;</b> @ref \\ ` ~ “引” 「單」'
TEXT = "本綱領依技術及職業教育法第四條規定訂定之。"


def paper(*blocks: Heading | Paragraph | Table, is_wide: bool = False) -> Paper:
    return Paper(
        title="技術及職業教育政策綱領修正對照表",
        language="zh-TW",
        author="教育部",
        made_at=MADE_AT,
        blocks=blocks,
        is_wide=is_wide,
    )


def table(rows: Sequence[Sequence[Cell]]) -> Table:
    head = tuple(Cell.of(words) for words in ("修正規定", "現行規定", "說明"))
    return Table(head, rows, widths=(3, 3, 2))


@pytest.fixture
def example() -> Paper:
    changed = Cell(
        (
            Paragraph.of("肆-一-2", is_bold=True),
            Paragraph((Run("推動產學合作"), Run("及創新精神", is_underlined=True), Run("。"))),
        )
    )
    return paper(
        Heading("一、創新學習模式"),
        Paragraph((Run("詳見"), Run("意見", address="https://example.org/c/ABC?a=1&b=2"))),
        Paragraph.of(f"{AWKWARD}\n第二行  有兩個空白"),
        table([[changed, Cell.of(TEXT), Cell.of("文字修正。")], [Cell(), Cell.of(TEXT), Cell()]]),
        Heading("小標題", level=2),
        is_wide=True,
    )


def program(name: str, *, package: str) -> str:
    """Where the program is; a test that needs it is skipped without it, but not in CI."""
    found = shutil.which(name)
    if found:
        return found
    needed = f"This test needs {name}: apt-get install {package}"
    return pytest.fail(needed) if "CI" in os.environ else pytest.skip(needed)


def bare(text: str) -> str:
    return "".join(text.split())


def as_read_by_libreoffice(name: str, content: bytes, folder: Path) -> str:
    """The text that LibreOffice finds in the file. It is left without its page numbers."""
    soffice = program("soffice", package="libreoffice-writer-nogui")
    (folder / name).write_bytes(content)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder)),
            str(folder / name),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / name).with_suffix(".txt").read_text("utf-8-sig")


@pytest.mark.parametrize(("suffix", "write"), [("odt", write_odt), ("docx", write_docx)])
def test_libreoffice_gives_back_the_same_words(
    example: Paper, suffix: str, write: Callable[[Paper], bytes], tmp_path: Path
) -> None:
    found = as_read_by_libreoffice(f"對照表.{suffix}", write(example), tmp_path)
    assert bare(found) == bare(example.text)


def test_the_pdf_has_the_same_words_and_is_tagged(example: Paper, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(write_pdf(example))
    found = subprocess.run(
        [program("pdftotext", package="poppler-utils"), "-raw", str(path), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    words = bare(found)
    # The page's number stands at the end.
    assert words in (bare(example.text), f"{bare(example.text)}1")
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-TW"
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as properties:
            assert properties["pdfuaid:part"] == "1"
            assert properties["dc:title"] == example.title
        kinds = {str(each.S) for each in pdf.objects if is_structure(each)}
        assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/P", "/Link"} <= kinds
        fonts = [each for each in pdf.objects if is_font_file(each)]
        assert fonts
        assert all("NotoSansTC" in str(each.FontName) for each in fonts)


def is_structure(each: object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"


def is_font_file(each: object) -> bool:
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"


def test_what_the_fonts_can_not_show_is_refused_by_name() -> None:
    with pytest.raises(CharacterMissing, match="🧑") as refused:
        write_pdf(paper(Paragraph.of("培育人才🧑‍🏭。")))
    assert refused.value.text.startswith("🧑")


def test_the_same_paper_makes_the_same_bytes(example: Paper) -> None:
    assert write_odt(example) == write_odt(example)
    assert write_pdf(example) == write_pdf(example)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_an_odt_says_what_it_is_and_in_which_language(example: Paper) -> None:
    content = write_odt(example)
    assert content[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"
    parts = parts_of(content)
    styles = parts["styles.xml"].decode()
    # Latin words would break anywhere by the rules of Chinese.
    assert 'fo:language="en" fo:country="US"' in styles
    assert 'style:language-asian="zh" style:country-asian="TW"' in styles
    assert 'style:font-name-asian="Noto Sans TC"' in styles
    assert "<dc:language>zh-TW</dc:language>" in parts["meta.xml"].decode()
    body = parts["content.xml"].decode()
    assert "<table:table-header-rows>" in body
    assert '<text:span text:style-name="Underlined">及創新精神</text:span>' in body


def test_a_docx_names_fonts_and_language_for_chinese(example: Paper) -> None:
    parts = parts_of(write_docx(example))
    styles = parts["word/styles.xml"].decode()
    assert 'w:eastAsia="Noto Sans TC"' in styles
    assert 'w:lang w:val="en-US" w:eastAsia="zh-TW"' in styles
    body = parts["word/document.xml"].decode()
    assert "<w:tblHeader/>" in body
    assert re.search(r'<w:u w:val="single"/></w:rPr><w:t[^>]*>及創新精神', body)


def test_what_is_struck_is_struck_and_the_footer_stands_at_the_foot(tmp_path: Path) -> None:
    given_paper = replace(
        paper(Paragraph((Run("推動"), Run("舊案", is_struck=True)))), footer="SHA-256 <0a1b>"
    )
    odt, docx = parts_of(write_odt(given_paper)), parts_of(write_docx(given_paper))
    assert '<text:span text:style-name="Struck">舊案' in odt["content.xml"].decode()
    assert "SHA-256 &lt;0a1b&gt;<text:line-break/>" in odt["styles.xml"].decode()
    assert "<w:strike/></w:rPr><w:t" in re.sub(" xml:space=.preserve.", "", docx_body(docx))
    footer = docx["word/footer1.xml"].decode()
    assert "SHA-256 &lt;0a1b&gt;" in footer
    assert 'w:instr="PAGE"' in footer
    path = tmp_path / "paper.pdf"
    path.write_bytes(write_pdf(given_paper))
    with pikepdf.open(path) as pdf:
        # What repeats on every page is no part of the text: a screen reader leaves it out.
        assert b"/Artifact" in b"".join(page.Contents.read_bytes() for page in pdf.pages)
    found = as_read_by_libreoffice("紙.docx", write_docx(given_paper), tmp_path)
    assert "推動舊案" in found


def docx_body(parts: dict[str, bytes]) -> str:
    return parts["word/document.xml"].decode()


@given(st.text(max_size=80))
def test_any_text_makes_a_sound_file(text: str) -> None:
    given_text = replace(
        paper(Paragraph.of(text), table([[Cell.of(text)] * 3]), Heading(text)),
        title=text,
        author=text,
    )
    for write in (write_odt, write_docx):
        for name, content in parts_of(write(given_text)).items():
            if name.endswith((".xml", ".rels")):
                ParserCreate().Parse(content, True)  # noqa: FBT003 - that it is all


@pytest.mark.parametrize("write", [write_odt, write_docx, write_pdf])
def test_a_long_table_takes_seconds_at_most(write: Callable[[Paper], bytes]) -> None:
    """Two thousand rows: what grew with the square would take minutes."""
    began = dt.datetime.now(dt.UTC)
    row = [Cell.of(TEXT), Cell.of(TEXT), Cell.of("未修正。")]
    write(paper(table([row] * 2_000)))
    assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=20)
