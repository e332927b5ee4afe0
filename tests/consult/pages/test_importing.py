"""The desk's import: a file is read and shown, and stored only once it is confirmed."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.auditing import Act
from accounts.models import AuditRecord, User
from accounts.rates import IMPORT
from consult.document.models import Draft, Drafter, Framework, WaitingFile
from consult.document.outline import Outline
from tests.accounts.files import pdf
from tests.accounts.hostile import HOSTILE
from tests.cast import outline_section, person, with_second_factor
from tests.consult.document.written import docx_of

HAND_IN = "/desk/tve/import/"
TEXT = "測試綱領\n壹、序言\n序言的內文。\n三、願景的內文。\n"


@pytest.fixture
def site(drafter: User) -> Client:
    """The site as the drafter sees it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(drafter)
    return client


def said(answer: Any) -> str:  # noqa: ANN401 - the test client's own
    """The words of a page."""
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def handed_in(site: Client, content: bytes | str, name: str = "draft.txt") -> Any:  # noqa: ANN401
    data = content.encode() if isinstance(content, str) else content
    return site.post(HAND_IN, {"file": SimpleUploadedFile(name, data)})


def preview_of(site: Client, content: bytes | str, name: str = "draft.txt") -> str:
    """The address of the preview."""
    answer = handed_in(site, content, name)
    assert answer.status_code == 302, said(answer)
    return str(answer.headers["Location"])


def test_a_file_is_shown_before_anything_is_stored(framework: Framework, site: Client) -> None:
    page = said(site.get(preview_of(site, TEXT)))
    assert "壹 序言" in page
    assert "序言的內文。" in page
    assert "1 sections 2 provisions 0 coordination items" in page
    assert "Line 4: 「三」 continues no list and was read as text." in page
    assert "三、願景的內文。" in page
    assert not framework.drafts.exists()


def test_confirming_stores_it_unpublished(
    framework: Framework, drafter: User, site: Client
) -> None:
    address = preview_of(site, TEXT)
    answer = site.post(address, {"act": "confirm", "label": "第一版"}, follow=True)
    draft = framework.drafts.get()
    assert answer.redirect_chain == [("/desk/tve/1/", 302)]
    assert "Draft 1 is stored. Nothing of it is published yet." in said(answer)
    assert draft.label == "第一版"
    assert not draft.sections.filter(window__isnull=False).exists()
    assert AuditRecord.objects.get(act=Act.DRAFT_IMPORTED).actor == drafter
    assert site.get(address).status_code == 404


def test_going_back_stores_nothing(framework: Framework, site: Client) -> None:
    address = preview_of(site, TEXT)
    answer = site.post(address, {"act": "put_back"}, follow=True)
    assert "The file is removed. Nothing was stored." in said(answer)
    assert not framework.drafts.exists()
    assert not WaitingFile.objects.exists()


def test_a_draft_needs_a_name(framework: Framework, site: Client) -> None:
    address = preview_of(site, TEXT)
    answer = site.post(address, {"act": "confirm", "label": ""})
    assert answer.status_code == 422
    assert not framework.drafts.exists()


def test_its_name_is_proposed_as_it_is_read(site: Client) -> None:
    address = preview_of(site, f"測試綱領\n（本版本為 114 年第 6 版---研修階段）\n{TEXT}")
    assert 'value="114 年第 6 版（研修階段）"' in site.get(address).content.decode()


def test_the_same_file_twice_leads_to_the_draft(framework: Framework, site: Client) -> None:
    outline = Outline("綱領", "", (), (outline_section("壹", "序言", "內文。"),), (), ())
    content = docx_of(outline, front=("綱領", "（草案）"))
    site.post(preview_of(site, content, "a.docx"), {"act": "confirm", "label": "第一版"})
    again = docx_of(outline, front=("綱領", "（草案）"))
    answer = site.post(HAND_IN, {"file": SimpleUploadedFile("b.docx", again)}, follow=True)
    assert answer.redirect_chain == [("/desk/tve/1/", 302)]
    assert "This very text is here already" in said(answer)
    assert framework.drafts.count() == 1
    assert not WaitingFile.objects.exists()


def test_two_previews_of_one_text_store_it_once(
    framework: Framework, site: Client, client_for: Callable[[User], Client]
) -> None:
    colleague = with_second_factor(person("colleague"))
    Drafter.objects.create(framework=framework, user=colleague)
    other = client_for(colleague)
    first, second = preview_of(site, TEXT), preview_of(other, TEXT)
    for client, address in ((site, first), (other, second)):
        answer = client.post(address, {"act": "confirm", "label": "第一版"})
        assert answer.headers["Location"] == "/desk/tve/1/"
    assert framework.drafts.count() == 1


def test_nobody_sees_what_another_handed_in(
    framework: Framework, site: Client, client_for: Callable[[User], Client]
) -> None:
    colleague = with_second_factor(person("colleague"))
    Drafter.objects.create(framework=framework, user=colleague)
    address = preview_of(site, TEXT)
    assert client_for(colleague).get(address).status_code == 404
    assert client_for(colleague).post(address, {"act": "put_back"}).status_code == 404


def test_it_is_compared_with_the_last_draft(unpublished_draft: Draft, site: Client) -> None:
    text = "綱領\n壹、序言\n改變社會對技職教育的觀點。\n新增的一段。\n"
    page = said(site.get(preview_of(site, text)))
    gone = unpublished_draft.provisions.count() - 1
    assert (
        f"Of 2 provisions 1 stand in it word for word; 1 are new or changed. {gone} of its own "
        "are not in this text. Of 1 sections 1 have the same number and title there."
    ) in page
    assert "Store it as draft 2" in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", pdf(), "This PDF holds pictures of pages and no text"),
        ("a.txt", b"", "The file is empty."),
        ("a.txt", b"\n \n", "Line 1: there is no text here."),
        ("a.txt", "壹\n".encode() + b"\xff\xfa", "Line 2: these bytes are not UTF-8 text"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "Choose one of these: PDF, ODT, DOCX, TXT or MD."),
        ("a.docx", HOSTILE["a bomb"][1](), "too involved"),
        ("a.docx", HOSTILE["a DOCX with macros"][1](), "macros"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    framework: Framework, site: Client, name: str, content: bytes, sentence: str
) -> None:
    answer = handed_in(site, content, name)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not WaitingFile.objects.exists()
    assert not framework.drafts.exists()


def test_a_refusal_is_in_the_readers_language(site: Client) -> None:
    answer = site.post(
        HAND_IN,
        {"file": SimpleUploadedFile("a.txt", "壹\n".encode() + b"\xff\xfa")},
        headers={"accept-language": "zh-TW"},
    )
    assert "第 2 行：這一行的內容不是 UTF-8 文字" in said(answer)


def test_it_can_be_done_so_often_and_no_more(site: Client) -> None:
    for _time in range(IMPORT.times):
        assert handed_in(site, b"").status_code == 422
    assert "You have done this very often." in said(handed_in(site, TEXT))
    assert not WaitingFile.objects.exists()


def test_a_drafter_without_a_second_factor_is_asked_for_one(framework: Framework) -> None:
    bare = person("bare")
    Drafter.objects.create(framework=framework, user=bare)
    client = Client()
    client.force_login(bare)
    assert client.get(HAND_IN).status_code == 403


def test_the_desk_leads_there(site: Client) -> None:
    assert "Import the first draft" in said(site.get("/desk/"))
    site.post(preview_of(site, TEXT), {"act": "confirm", "label": "第一版"})
    page = site.get("/desk/")
    assert "Import the next draft" in said(page)
    assert HAND_IN in page.content.decode()


def test_a_file_that_is_gone_is_not_found(site: Client) -> None:
    address = preview_of(site, TEXT)
    WaitingFile.objects.update(stored_name="gone.txt")
    assert site.get(address).status_code == 404


@pytest.mark.usefixtures("unpublished_draft")
def test_a_preview_costs_the_same_however_long_the_text(site: Client) -> None:
    costs = []
    for length in (1, 200):
        sections = tuple(
            outline_section(f"第{n}章", "推動", "內文。", "又一段。") for n in range(1, length + 1)
        )
        outline = replace(Outline("綱領", "", (), (), (), ()), sections=sections)
        address = preview_of(site, docx_of(outline, front=("綱領", "（草案）")), "a.docx")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert site.get(address).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12
