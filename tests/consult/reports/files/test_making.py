"""Files that a worker makes: once, whatever dies, and never with what was hidden since."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import uploads
from accounts.models import User
from comments.models import Comment
from consult.document.models import Draft
from consult.reports.access import Reading
from consult.reports.files import making
from consult.reports.files.formats import FORMATS, Format
from consult.reports.files.making import (
    MOST_ATTEMPTS,
    PATIENCE,
    ask_for_file,
    holds,
    is_quick,
    make_file,
    remove_old_files,
    rows_written,
    take_up_files,
)
from consult.reports.models import Report, ReportFile
from tests.consult.reports.making import report_at

LATER = dt.timedelta(days=1, seconds=1)

# They empty the folder that made files lie in.
pytestmark = pytest.mark.xdist_group("made files")


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    return report_at(commented, asker)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files that were sent to the workers."""
    found: list[int] = []
    monkeypatch.setattr(making, "_enqueue", found.append)
    return found


def ask(report: Report, name: str = "json", *, by_drafter: bool = True) -> ReportFile:
    reading = Reading(report, by_drafter=by_drafter)
    return ask_for_file(reading, name, requested_by=report.requested_by)


def stored() -> set[str]:
    files = storages["private"]
    return set(files.listdir("made")[1]) if files.exists("made") else set()


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    yield
    for name in stored():
        storages["private"].delete(f"made/{name}")


def test_two_presses_make_one_file(
    report: Report,
    sent: list[int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = ask(report), ask(report)
    assert first == second
    assert sent == [first.pk]
    assert make_file(first.pk)
    assert not make_file(first.pk)
    assert ask(report) == first
    report.withheld = ["days"]
    others = [ask(report, "ods"), ask(report, by_drafter=False)]
    with translation.override("en"):
        others.append(ask(report))
    assert len({first.pk, *(each.pk for each in others)}) == 4


def test_what_is_made_is_stored_in_the_language_asked_for(report: Report) -> None:
    with translation.override("en"):
        file = ask(report)
    assert make_file(file.pk)
    file.refresh_from_db()
    with uploads.opened(file.stored_name) as content:
        written = content.read()
    assert len(written) == file.size
    assert json.loads(written)["about"]["language"] == "en"
    assert holds(file, at=timezone.now())


def test_a_file_is_not_handed_out_with_a_comment_hidden_since(report: Report) -> None:
    file = ask(report)
    make_file(file.pk)
    file.refresh_from_db()
    comment = Comment.objects.filter(created_at__lte=report.cutoff).last()
    assert comment
    Comment.objects.filter(pk=comment.pk).update(state="withdrawn", body="")
    assert not holds(file, at=timezone.now())
    again = ask(report)
    assert again != file
    make_file(again.pk)
    again.refresh_from_db()
    with uploads.opened(again.stored_name) as content:
        assert comment.reference.encode() not in content.read()


def test_a_file_leaves_out_what_was_withheld_when_it_was_asked_for(report: Report) -> None:
    report.withheld = ["days"]
    file = ask(report, by_drafter=False)
    assert file.withheld == ["days"]
    make_file(file.pk)
    file.refresh_from_db()
    with uploads.opened(file.stored_name) as content:
        assert "days" not in json.loads(content.read())["sheets"]


def test_what_is_said_later_leaves_a_file_as_it_is(report: Report) -> None:
    file = ask(report)
    make_file(file.pk)
    file.refresh_from_db()
    thread = Comment.objects.earliest("pk").thread
    late = Comment.objects.latest("pk")
    assert late.created_at > report.cutoff
    Comment.objects.filter(pk=late.pk).update(
        thread=thread, path="9999", state="withdrawn", body=""
    )
    assert holds(file, at=timezone.now())


def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that can't be written, after it has written something."""

    def fail(_page: object, file: Any, tell: Any) -> None:  # noqa: ANN401
        file.write(b"some")
        tell(1)
        raise OSError("The disk is full.")

    broken = Format("JSON", "", "json", "application/json", fail)
    monkeypatch.setitem(FORMATS, "json", broken)


def test_a_file_that_keeps_failing_is_given_up(
    report: Report, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ask(report)
    failing(monkeypatch)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(OSError, match="full"):
            make_file(file.pk)
        file.refresh_from_db()
        assert file.state == "running"
    assert rows_written(file) == 1
    later = file.requested_at + 2 * PATIENCE
    assert not make_file(file.pk)
    assert take_up_files(at=later) == 1
    file.refresh_from_db()
    assert (file.state, sent) == ("failed", [])
    assert stored() == set()
    assert take_up_files(at=later) == 0


def test_what_a_lost_worker_left_is_taken_up(report: Report, sent: list[int]) -> None:
    file = ask(report)
    assert take_up_files(at=file.requested_at) == 0
    assert take_up_files(at=file.requested_at + 2 * PATIENCE) == 1
    assert sent == [file.pk]


@pytest.mark.django_db(transaction=True)
def test_a_file_in_the_making_is_left_to_its_worker(report: Report, sent: list[int]) -> None:
    """The lock is the worker's connection's: another one holds it here."""
    file = ask(report)
    sent.clear()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select 1 from consult_reportfile where id = %s for update", [file.pk])
            assert not make_file(file.pk)
            assert take_up_files(at=file.requested_at + 2 * PATIENCE) == 0
            cursor.execute("rollback")
    finally:
        other.close()
    assert take_up_files(at=file.requested_at + 2 * PATIENCE) == 1
    assert make_file(file.pk)
    file.refresh_from_db()
    assert file.attempts == 1


def test_files_go_after_a_day_and_so_does_what_nobody_claims(
    report: Report, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    file = ask(report)
    make_file(file.pk)
    file.refresh_from_db()
    storages["private"].save("made/left.json", ContentFile(b"{}"))
    assert len(stored()) == 2
    assert remove_old_files(at=file.requested_at) == 0
    assert len(stored()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_old_files(at=file.requested_at + LATER) == 1
    assert not ReportFile.objects.exists()
    assert stored() == set()
    assert not holds(file, at=file.requested_at + LATER)


def test_small_reports_are_written_at_once(report: Report) -> None:
    assert is_quick(report)
    assert report.result
    report.result["total"]["comments"] = 3001
    assert not is_quick(report)
