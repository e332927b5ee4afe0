"""A file waits, becomes a draft or doesn't, and is gone either way."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone

from accounts.auditing import Act
from accounts.models import AuditRecord, User
from accounts.uploads import GuardedFile, guard
from comments.tasks import remove_unclaimed_files
from consult.document.drafting import take_drafting
from consult.document.handing_in import (
    confirm,
    hand_in,
    put_back,
    read_waiting,
    remove_forgotten,
)
from consult.document.importing import AlreadyImported
from consult.document.models import Drafter, Framework, WaitingFile
from consult.document.sources.files import KINDS
from tests.cast import person

TEXT = "測試綱領\n壹、序言\n序言的內文。\n貳、願景\n願景的內文。\n"

Commits = Callable[..., Any]


@pytest.fixture(autouse=True)
def private(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's own
    """The folder of stored files, of this test alone."""
    folder = tmp_path / "private"
    kept = settings.STORAGES["private"]
    options = kept["OPTIONS"] | {"location": folder}
    settings.STORAGES = settings.STORAGES | {"private": kept | {"OPTIONS": options}}
    return folder


def file(text: str = TEXT) -> GuardedFile:
    return guard(SimpleUploadedFile("草案.txt", text.encode()), kinds=KINDS)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def waiting(framework: Framework, drafter: User) -> WaitingFile:
    return hand_in(file(), framework=framework, owner=drafter)


def test_nothing_is_in_the_framework_before_it_is_confirmed(
    waiting: WaitingFile, framework: Framework, private: Path
) -> None:
    assert not framework.drafts.exists()
    assert left_in(private) == [waiting.stored_name]
    assert [section.ref for section in read_waiting(waiting).outline.sections] == ["壹", "貳"]
    assert not framework.drafts.exists()


def test_what_is_confirmed_is_the_next_draft_and_the_file_is_gone(
    waiting: WaitingFile,
    drafter: User,
    private: Path,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        draft = confirm(waiting, actor=drafter, label="第一版")
    assert (draft.number, draft.label, draft.title) == (1, "第一版", "測試綱領")
    assert draft.provisions.count() == 2
    assert not draft.sections.filter(window__isnull=False).exists()
    assert not WaitingFile.objects.exists()
    assert left_in(private) == []


def test_the_log_says_who_imported_it(waiting: WaitingFile, drafter: User) -> None:
    draft = confirm(waiting, actor=drafter)
    line = AuditRecord.objects.get(act=Act.DRAFT_IMPORTED)
    assert (line.actor, line.object_kind, line.object_key) == (drafter, "draft", str(draft.pk))
    assert line.details == {"framework": "tve", "sha256": draft.source_sha256}


def test_what_is_put_back_leaves_nothing(
    waiting: WaitingFile,
    framework: Framework,
    drafter: User,
    private: Path,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        put_back(waiting, actor=drafter)
    assert left_in(private) == []
    assert not WaitingFile.objects.exists()
    assert not framework.drafts.exists()
    with pytest.raises(Http404):
        confirm(waiting, actor=drafter)


def test_the_same_file_waits_once(
    waiting: WaitingFile, framework: Framework, drafter: User, private: Path
) -> None:
    WaitingFile.objects.update(handed_in_at=timezone.now() - dt.timedelta(hours=20))
    again = hand_in(file(), framework=framework, owner=drafter)
    assert again == waiting
    assert timezone.now() - again.handed_in_at < dt.timedelta(minutes=1)
    assert left_in(private) == [waiting.stored_name]


def test_the_same_text_is_one_draft(
    waiting: WaitingFile, framework: Framework, drafter: User
) -> None:
    draft = confirm(waiting, actor=drafter)
    again = hand_in(file(), framework=framework, owner=drafter)
    with pytest.raises(AlreadyImported) as refused:
        confirm(again, actor=drafter)
    assert refused.value.draft == draft
    assert framework.drafts.count() == 1


def test_confirming_twice_stores_once(waiting: WaitingFile, drafter: User) -> None:
    stale = WaitingFile.objects.get(pk=waiting.pk)
    confirm(waiting, actor=drafter)
    with pytest.raises(Http404):
        confirm(stale, actor=drafter)
    assert waiting.framework.drafts.count() == 1


def test_who_drafts_no_longer_can_neither_hand_in_nor_confirm(
    waiting: WaitingFile, framework: Framework, drafter: User, administrator: User
) -> None:
    take_drafting(framework, away_from=drafter, actor=administrator)
    with pytest.raises(Http404):
        hand_in(file("另一份\n壹、序言\n"), framework=framework, owner=drafter)
    with pytest.raises(Http404):
        confirm(waiting, actor=drafter)


def test_another_drafter_cannot_confirm_it(waiting: WaitingFile, framework: Framework) -> None:
    other = person("other")
    Drafter.objects.create(framework=framework, user=other)
    for act in (confirm, put_back):
        with pytest.raises(Http404):
            act(waiting, actor=other)
    assert WaitingFile.objects.filter(pk=waiting.pk).exists()


def test_what_is_forgotten_is_removed_after_a_day(
    waiting: WaitingFile,
    framework: Framework,
    drafter: User,
    private: Path,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    younger = hand_in(file("另一份\n壹、序言\n"), framework=framework, owner=drafter)
    now = waiting.handed_in_at + dt.timedelta(days=1)
    WaitingFile.objects.filter(pk=younger.pk).update(handed_in_at=now - dt.timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_forgotten(at=now - dt.timedelta(seconds=1)) == 0
        assert remove_forgotten(at=now) == 1
        assert remove_forgotten(at=now) == 0
    assert left_in(private) == [younger.stored_name]


def test_a_file_that_waits_is_claimed(waiting: WaitingFile, private: Path) -> None:
    long_ago = (timezone.now() - dt.timedelta(days=3)).timestamp()
    path = private / waiting.stored_name
    path.touch()
    os.utime(path, (long_ago, long_ago))
    remove_unclaimed_files()
    assert left_in(private) == [waiting.stored_name]
