"""Taking a report along: at once or from its page, by whom, and what is written down of it."""

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.access import Visitor
from accounts.models import AuditRecord, User
from accounts.rates import EXPORT
from comments.models import Comment
from consult.document.models import Draft, Drafter
from consult.reports.exporting.sheet import Column
from consult.reports.files import making
from consult.reports.files.formats import FORMATS
from consult.reports.files.making import make_file
from consult.reports.files.sheets import LAYOUTS
from consult.reports.models import Report, ReportFile
from consult.reports.publishing import publish_report, take_back_report
from tests.cast import person, with_second_factor
from tests.consult.reports.comments import a_draft, some_comments
from tests.consult.reports.making import report_at

ClientFor = Callable[[Visitor], Client]


@pytest.fixture
def commented(db: None) -> Draft:  # noqa: ARG001 - the database
    draft = a_draft()
    some_comments(draft)
    return draft


@pytest.fixture
def asker(commented: Draft) -> User:
    """A drafter of the commented draft."""
    user = with_second_factor(person("asker"))
    Drafter.objects.create(framework=commented.framework, user=user)
    return user


@pytest.fixture
def signed_in(client_for: ClientFor, asker: User) -> Client:
    return client_for(asker)


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    return report_at(commented, asker)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No report is small; the files that were sent to the workers."""
    sent: list[int] = []
    monkeypatch.setattr(making, "WRITTEN_AT_ONCE", 0)
    monkeypatch.setattr(making, "_enqueue", sent.append)
    return sent


def body_of(answer: object) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)

    async def read() -> bytes:
        found = BytesIO()
        async for piece in answer:
            found.write(piece)
        return found.getvalue()

    return async_to_sync(read)()


def export_address(report: Report) -> str:
    return reverse("report_export", args=[report.public_id])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_small_report_comes_at_once_and_leaves_a_line(
    report: Report, signed_in: Client, asker: User, name: str
) -> None:
    answer = signed_in.post(export_address(report), {"format": name})
    content = body_of(answer)
    assert answer["Content-Type"] == FORMATS[name].content_type
    assert f'{report.file_name}.{FORMATS[name].ending}"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert content[:2] in {b"PK", b"%P", b'{"'}
    line = AuditRecord.objects.filter(act="exported", actor=asker).latest("pk")
    assert line.object_key == str(report.public_id)
    assert line.details == {"what": "report file", "format": name}


def test_the_menu_offers_every_format(report: Report) -> None:
    menu = render_to_string("consult/_report_exports.html", {"report": report})
    assert set(re.findall('name="format" value="([a-z]+)"', menu)) == set(FORMATS)
    for each in FORMATS.values():
        assert f">{each.label}<" in menu
        assert str(each.purpose) in menu


def test_there_is_no_other_format(report: Report, signed_in: Client) -> None:
    assert signed_in.post(export_address(report), {"format": "exe"}).status_code == 404
    assert signed_in.post(export_address(report)).status_code == 404
    assert signed_in.get(export_address(report)).status_code == 405


def test_a_large_report_is_made_by_a_worker(
    report: Report,
    signed_in: Client,
    large: list[int],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = signed_in.post(export_address(report), {"format": "json"})
    file = ReportFile.objects.get()
    assert large == [file.pk]
    place = [report.public_id, file.public_id]
    assert answer["Location"] == reverse("report_file", args=place)
    page = signed_in.get(answer["Location"]).content.decode()
    assert 'data-state="running"' in page
    assert f'data-progress="{reverse("report_file_progress", args=place)}"' in page
    download = reverse("report_file_download", args=place)
    assert download not in page
    assert signed_in.get(download)["Location"] == answer["Location"]
    make_file(file.pk)
    assert download in signed_in.get(reverse("report_file_progress", args=place)).content.decode()
    assert download in signed_in.get(answer["Location"]).content.decode()
    document = json.loads(body_of(signed_in.get(download)))
    assert len(document["sheets"]["comments"]["rows"]) == 7
    assert AuditRecord.objects.filter(act="exported").count() == 1


def test_a_file_with_a_comment_hidden_since_is_handed_out_to_nobody(
    report: Report, signed_in: Client, large: list[int]
) -> None:
    signed_in.post(export_address(report), {"format": "json"})
    file = ReportFile.objects.get()
    make_file(file.pk)
    Comment.objects.filter(pk=Comment.objects.earliest("pk").pk).update(state="withdrawn", body="")
    place = [report.public_id, file.public_id]
    answer = signed_in.get(reverse("report_file_download", args=place))
    assert answer["Location"] == reverse("report_file", args=place)
    page = signed_in.get(answer["Location"]).content.decode()
    assert 'data-state="over"' in page
    assert reverse("report_file_download", args=place) not in page
    assert not AuditRecord.objects.filter(act="exported").exists()
    assert large == []


def test_nobody_else_gets_a_file(
    report: Report, signed_in: Client, client_for: ClientFor, large: list[int]
) -> None:
    signed_in.post(export_address(report), {"format": "json"})
    file = ReportFile.objects.get()
    make_file(file.pk)
    place = [report.public_id, file.public_id]
    other = client_for(person("visitor"))
    for name in ("report_file", "report_file_progress", "report_file_download"):
        assert other.get(reverse(name, args=place)).status_code == 404
    assert other.post(export_address(report), {"format": "json"}).status_code == 404
    # A file without some chapters isn't a drafter's, nor the other way round.
    ReportFile.objects.update(withheld=["days"])
    assert signed_in.get(reverse("report_file", args=place)).status_code == 404
    assert large == []


def test_readers_of_a_published_report_get_what_they_may_read(
    report: Report, asker: User, client: Client, large: list[int]
) -> None:
    assert "login" in client.post(export_address(report), {"format": "json"})["Location"]
    publish_report(report, actor=asker, withheld=["days"])
    answer = client.post(export_address(report), {"format": "json"})
    file = ReportFile.objects.get()
    assert (file.requested_by, file.withheld) == (None, ["days"])
    make_file(file.pk)
    place = [report.public_id, file.public_id]
    download = reverse("report_file_download", args=place)
    assert download in client.get(answer["Location"]).content.decode()
    sheets = json.loads(body_of(client.get(download)))["sheets"]
    assert "days" not in sheets
    assert sheets["comments"]["rows"]
    # What is withheld changes: the file is no reader's any more.
    publish_report(report, actor=asker, withheld=["days", "matrix"])
    assert "login" in client.get(download)["Location"]
    take_back_report(report, actor=asker)
    assert "login" in client.get(download)["Location"]
    assert large == []


def test_too_many_files_are_refused(
    report: Report, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "consult.pages.report_exporting.EXPORT",
        EXPORT.__class__(EXPORT.name, 1, EXPORT.seconds, EXPORT.per),
    )
    assert signed_in.post(export_address(report), {"format": "json"}).status_code == 200
    answer = signed_in.post(export_address(report), {"format": "json"})
    assert answer.status_code == 429
    assert reverse("report", args=[report.public_id]) in answer.content.decode()


def test_the_page_of_a_file_costs_few_queries(
    report: Report,
    signed_in: Client,
    large: list[int],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    signed_in.post(export_address(report), {"format": "json"})
    file = ReportFile.objects.get()
    make_file(file.pk)
    with django_assert_max_num_queries(10):
        signed_in.get(reverse("report_file", args=[report.public_id, file.public_id]))
    assert large == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_anyone_may_read_what_every_column_means(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    page = client.get(reverse("data_dictionary")).content.decode()
    columns: list[Column] = [column for layout in LAYOUTS for column in layout.columns]
    with translation.override(language):
        for column in columns:
            assert f"<code>{column.name}</code>" in page
            assert str(column.meaning).replace("'", "&#x27;") in page
    for spoken in ("zh-hant", "en"):
        with translation.override(spoken):
            for column in columns:
                assert str(column.heading).replace("'", "&#x27;") in page
