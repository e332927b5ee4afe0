"""`manage.py import_draft`: a text becomes a draft, or a sentence says why not."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consult.document.models import Draft, Framework, Section
from consult.document.reading import read_outline
from tests.accounts.files import pdf, script
from tests.consult.document.written import docx_of, odt_of

TEXT = """\
測試綱領

壹、序言

本綱領為測試而作，由兩章組成，各有一段文字。

貳、願景

人人有技術，處處可學習。
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def import_draft(file: Path, *options: str) -> str:
    output = StringIO()
    call_command(
        "import_draft", str(file), "--framework", "skills", *options, stdout=output, no_color=True
    )
    return output.getvalue()


def import_first(file: Path) -> str:
    return import_draft(file, "--label", "第一稿", "--title", "測試綱領", "--owner", "測試部")


def test_the_first_draft_makes_its_framework(file: Path) -> None:
    said = import_first(file)
    framework = Framework.objects.get(code="skills")
    assert (framework.title, framework.owner_body) == ("測試綱領", "測試部")
    draft = framework.drafts.get()
    assert (draft.number, draft.label) == (1, "第一稿")
    assert [section.ref for section in draft.sections.in_reading_order()] == ["壹", "貳"]
    assert said.splitlines() == [
        "Made the framework skills: 測試綱領.",
        "Stored draft 1 of skills: 第一稿.",
        "2 sections, 2 provisions, 0 coordination items.",
    ]


def test_nothing_of_it_is_published(file: Path) -> None:
    import_first(file)
    assert {section.window_dates.announced_at for section in Section.objects.all()} == {None}


def test_the_next_draft_takes_the_next_number(file: Path) -> None:
    import_first(file)
    file.write_text(TEXT.replace("兩章", "二章"), encoding="utf-8")
    assert "Stored draft 2 of skills" in import_draft(file)


def test_each_warning_is_printed(file: Path) -> None:
    file.write_text(TEXT.removeprefix("測試綱領\n"), encoding="utf-8")
    said = import_first(file)
    warnings = Draft.objects.get().warnings
    assert warnings
    assert [f"Warning: {warning}" for warning in warnings] == said.splitlines()[3:]


def test_the_same_text_twice_is_one_draft(file: Path) -> None:
    import_first(file)
    with pytest.raises(CommandError, match=r"draft 1 of skills already \(第一稿\)"):
        import_draft(file)
    assert Draft.objects.count() == 1


def test_a_byte_order_mark_makes_no_other_text(file: Path) -> None:
    import_first(file)
    file.write_text(TEXT, encoding="utf-8-sig")
    with pytest.raises(CommandError, match="draft 1 of skills already"):
        import_draft(file)


def test_a_framework_that_is_not_there_needs_a_title_and_an_owner(file: Path) -> None:
    with pytest.raises(CommandError, match="no framework “skills” yet: give --title and --owner"):
        import_draft(file, "--title", "測試綱領")
    assert not Framework.objects.exists()


def test_a_code_that_is_none(file: Path) -> None:
    with pytest.raises(CommandError, match=r"^code: "):
        import_first_as(file, code="Skills!")
    assert not Framework.objects.exists()


def import_first_as(file: Path, *, code: str) -> None:
    call_command(
        "import_draft", str(file), "--framework", code, "--title", "測試綱領", "--owner", "測試部"
    )


def test_a_label_that_is_too_long_stores_nothing(file: Path) -> None:
    with pytest.raises(CommandError, match="too long"):
        import_draft(file, "--title", "測試綱領", "--owner", "測試部", "--label", "長" * 121)


def test_a_missing_file(file: Path) -> None:
    with pytest.raises(CommandError, match=r"no\.txt: No such file or directory\."):
        import_draft(file.with_name("no.txt"))


def test_a_text_in_big5_is_the_same_text(file: Path) -> None:
    import_first(file)
    file.write_text(TEXT, encoding="big5")
    with pytest.raises(CommandError, match="draft 1 of skills already"):
        import_draft(file)


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_a_document_is_a_draft(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"draft.{ending}"
    outline = read_outline(TEXT)
    path.write_bytes(docx_of(outline) if ending == "docx" else odt_of(outline))
    said = import_first(path)
    assert "2 sections, 2 provisions" in said
    with pytest.raises(CommandError, match="draft 1 of skills already"):
        import_draft(path)


def test_a_file_that_is_refused_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    path.write_bytes(pdf())
    with pytest.raises(CommandError, match=r"draft\.pdf: This PDF holds pictures of pages"):
        import_first(path)
    path.write_bytes(pdf({"OpenAction": script()}))
    with pytest.raises(CommandError, match=r"draft\.pdf: The file holds scripts"):
        import_first(path)
    assert not Framework.objects.exists()


def test_what_is_no_text_names_the_line(file: Path) -> None:
    file.write_bytes("第一行\n".encode() + b"\x00\x01\x02" * 40)
    with pytest.raises(CommandError, match=r"draft\.txt: Line 2: "):
        import_draft(file)


def test_an_empty_file(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="The file is empty"):
        import_draft(file)
    file.write_text("\n \n", encoding="utf-8")
    with pytest.raises(CommandError, match="there is no text here"):
        import_draft(file)
