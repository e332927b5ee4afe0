"""The table of amendments can be taken away by everyone, in three kinds of file."""

import io
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accounts import rates
from consult.document.models import Draft, Provision
from consult.document.publishing import open_section, withdraw_section
from consult.pages import changes_exporting
from tests.cast import SECRET

TABLE = "/tve/1/changes/2/table"


@pytest.fixture
def later(next_draft: Draft) -> Draft:
    """The next draft with 壹 and 肆 published; no font has what stood in 壹-2."""
    for section in next_draft.sections.filter(ref__in=("壹", "肆")):
        open_section(section, actor=None)
    Provision.objects.filter(text__contains="🧑").update(text="餐廳徵才，培養人才。")
    return next_draft


@pytest.mark.parametrize(
    ("suffix", "content_type", "beginning"),
    [
        ("odt", "application/vnd.oasis.opendocument.text", b"PK"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
        ),
        ("pdf", "application/pdf", b"%PDF-1.7"),
    ],
)
def test_three_kinds_of_file(
    later: Draft,  # noqa: ARG001
    suffix: str,
    content_type: str,
    beginning: bytes,
) -> None:
    response = Client().get(f"{TABLE}.{suffix}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    name = quote(f"技術及職業教育政策綱領修正對照表 第 5 版–第 6 版.{suffix}")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response.content.startswith(beginning)


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("content.xml").decode()


def test_no_file_holds_what_is_hidden(later: Draft) -> None:
    text = text_of(Client().get(f"{TABLE}.odt").content)
    assert "帶動" in text
    assert SECRET not in text
    assert "通盤檢討一次" not in text
    withdraw_section(later.sections.get(ref="壹"), actor=None)
    # What was kept of the file is not what is sent now.
    assert "帶動" not in text_of(Client().get(f"{TABLE}.odt").content)


def test_only_what_was_amended(later: Draft) -> None:  # noqa: ARG001
    text = text_of(Client().get(f"{TABLE}.odt?only=changed").content)
    assert "帶動" in text
    assert "臺灣產業環境其實正在轉變" not in text


def test_a_file_is_made_once(later: Draft, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    first = Client().get(f"{TABLE}.odt").content
    monkeypatch.setitem(changes_exporting.FORMATS, "odt", None)
    with pytest.raises(AttributeError):
        Client().get(f"{TABLE}.odt?only=changed")
    monkeypatch.undo()
    assert Client().get(f"{TABLE}.odt").content == first


def test_what_the_font_lacks_is_named_and_another_way_shown(later: Draft) -> None:
    Provision.objects.filter(draft=later, ref="壹-1").update(text="培育🧑人才。")
    response = Client().get(f"{TABLE}.pdf")
    assert response.status_code == 409
    page = response.content.decode()
    assert "PDF 的字型沒有「🧑」" in page
    assert f'{TABLE}.odt"' in page
    assert Client().get(f"{TABLE}.docx").status_code == 200


@pytest.mark.parametrize("address", [f"{TABLE}.exe", "/tve/2/changes/1/table.odt"])
def test_no_other_file_is_found(later: Draft, address: str) -> None:  # noqa: ARG001
    assert Client().get(address).status_code == 404


def test_who_asks_too_often_is_told_to_wait(
    later: Draft,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = rates.Limit("export", 1, rates.MINUTE, rates.Per.ADDRESS)
    monkeypatch.setattr(changes_exporting, "EXPORT", limit)
    assert Client().get(f"{TABLE}.odt").status_code == 200
    response = Client().get(f"{TABLE}.odt")
    assert response.status_code == 429
    assert "請在" in response.content.decode()


def test_the_page_offers_the_files(later: Draft, settings: Any) -> None:  # noqa: ANN401, ARG001
    page = Client().get("/tve/1/changes/2/").content.decode()
    for suffix in changes_exporting.FORMATS:
        assert f'href="{TABLE}.{suffix}"' in page
        assert f'href="{TABLE}.{suffix}?only=changed"' in page
