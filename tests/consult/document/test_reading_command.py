"""`manage.py read_draft`: what a drafter sees before anything is stored."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.uploads import LARGEST
from consult.document.reading import read_outline
from consult.pages.management.commands.read_draft import Command
from tests.consult.document.written import docx_of, odt_of, pdf_of

TEXT = "測試計畫\n壹、緣起\n緣起說明。\n- 1 -\n貳、目標\n目標說明。\n"


def printed(*arguments: str) -> str:
    output = io.StringIO()
    call_command(Command(), *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_prints_the_tree(draft: Path) -> None:
    tree = printed(str(draft))
    assert "壹  緣起\n  壹-1 [paragraph] 緣起說明。\n貳  目標" in tree
    assert "Line 4: page number: - 1 -" in tree


def test_it_prints_json(draft: Path) -> None:
    assert json.loads(printed(str(draft), "--json")) == read_outline(TEXT).to_json()


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        printed(str(tmp_path / "none.txt"))


def test_what_cannot_be_read_names_file_and_line(draft: Path) -> None:
    draft.write_bytes("一\n".encode() + b"\xff\xfa")
    with pytest.raises(CommandError, match=r"draft\.txt: Line 2:"):
        printed(str(draft))


@pytest.mark.parametrize("ending", ["docx", "odt", "pdf"])
def test_documents_are_read_as_their_text_is(tmp_path: Path, ending: str) -> None:
    text = "測試計畫\n壹、緣起\n緣起說明。\n貳、目標\n目標說明。\n"
    write = {"docx": docx_of, "odt": odt_of}.get(ending)
    path = tmp_path / f"draft.{ending}"
    path.write_bytes(write(read_outline(text), front=("測試計畫",)) if write else pdf_of(text))
    assert json.loads(printed(str(path), "--json")) == read_outline(text).to_json()


def test_a_file_of_300_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.docx"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(CommandError, match="larger than 10 MB"):
        printed(str(path))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * LARGEST
