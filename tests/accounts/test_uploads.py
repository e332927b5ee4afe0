"""What is handed in: looked through, kept where no address leads, and gone where it is refused."""

import datetime as dt
import resource
import stat
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import (
    SimpleUploadedFile,
    TemporaryUploadedFile,
    UploadedFile,
)
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import example, given
from hypothesis import strategies as st

from accounts import confining, uploads
from accounts.inspecting.kinds import FileKind
from accounts.uploads import (
    LARGEST,
    LONGEST_NAME,
    GuardedFile,
    InspectionFailed,
    UploadRefused,
    guard,
    handed_out,
    keep,
    remove_unclaimed,
    safe_name,
)
from tests.accounts.files import CATALOGUE, good, package, pdf, picture, png, raw_pdf
from tests.accounts.hostile import HOSTILE, noise

ALL = frozenset(FileKind)
EVIDENCE = frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG})
SECONDS = 2

MEMORY_EATERS = ("a PDF that swells", "a PDF of many objects", "a bomb", "a PNG whose words swell")
MEASURE = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[2:], stdin=open(sys.argv[1], 'rb'), check=True)\n"
    "print('', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


class ChangeOfMind(Exception):
    """Something that goes wrong after a file is kept."""


@pytest.fixture(autouse=True)
def private(tmp_path: Path, settings: Any) -> Path:  # noqa: ANN401 - pytest-django's own
    """The folder of stored files, of this test alone; it isn't there before something is kept."""
    folder = tmp_path / "private"
    kept = settings.STORAGES["private"]
    options = kept["OPTIONS"] | {"location": folder}
    settings.STORAGES = settings.STORAGES | {"private": kept | {"OPTIONS": options}}
    return folder


@pytest.fixture
def temporary(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ANN401
    """The folder of temporary files, of this test alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def uploaded(name: str, content: bytes) -> UploadedFile:
    """The file as Django hands it on: a large one lies in a temporary file."""
    if len(content) <= project.FILE_UPLOAD_MAX_MEMORY_SIZE:
        return SimpleUploadedFile(name, content)
    file = TemporaryUploadedFile(name, "application/octet-stream", len(content), None)
    file.write(content)
    file.seek(0)
    return file


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def computing() -> float:
    """The seconds of computing so far, of the inspecting processes as well."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


# --- what is taken ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FileKind)
def test_a_good_file_of_each_kind_is_taken(kind: FileKind) -> None:
    content = good(kind)
    guarded = guard(uploaded(f"授權書.{kind.value}", content), kinds=ALL)
    assert guarded == GuardedFile(name=f"授權書.{kind.value}", kind=kind, content=content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scan.JPEG", picture("JPEG", (4960, 7016), "L")),
        ("photo.jpg", picture("JPEG", (4000, 3000))),
        ("clear.png", picture("PNG", (5000, 7000), "RGBA")),
        ("padded.pdf", pdf() + b"\r\n\0\0"),
        ("packed.pdf", pdf(packed=True)),
        ("script.pdf", pdf({"Note": {"/Title": "(/JS (/Launch) app.alert"}})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_scanners_and_cameras_make_is_taken(name: str, content: bytes) -> None:
    assert guard(uploaded(name, content), kinds=EVIDENCE).size == len(content)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused(what: str, private: Path, temporary: Path) -> None:
    """Each with its sentence, within bounded time and memory, and leaving nothing behind."""
    name, make, flaw = HOSTILE[what]
    content = make()
    file = uploaded(name, content)
    kind = FileKind(name.rpartition(".")[2].replace("jpeg", "jpg"))
    before = computing()
    tracemalloc.start()
    with pytest.raises(UploadRefused) as refused:
        keep(guard(file, kinds=ALL))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(refused.value) == uploads.sentence_of(flaw, kind)
    assert computing() - before < SECONDS
    assert most < 3 * LARGEST
    assert left_in(temporary) == []
    assert not private.exists()


@pytest.mark.linux
def test_the_inspecting_process_takes_little_memory(tmp_path: Path) -> None:
    """Measured from a process that is small itself: a child begins with its parent's figure."""
    hostile = [(HOSTILE[what][0], HOSTILE[what][1]()) for what in MEMORY_EATERS]
    hostile.append(("a.png", png(6_320, 6_320, swells_to=6_320 * 6_321)))
    for number, (name, content) in enumerate(hostile):
        (tmp_path / str(number)).write_bytes(content)
        ending = name.rpartition(".")[2]
        command = [sys.executable, "-m", "accounts.inspecting", ending]
        words = [sys.executable, "-c", MEASURE, str(tmp_path / str(number)), *command]
        said = subprocess.run(
            words, cwd=project.BASE_DIR, capture_output=True, text=True, check=True
        ).stdout
        assert int(said.split()[-1]) < 300_000, name


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", pdf() + b"\n" * 11 * 1024 * 1024, "larger than 10 MB"),
        ("a.pdf", pdf() + b"\n" * (LARGEST + 1 - len(pdf())), "larger than 10 MB"),
        ("a.exe", b"MZ", "Choose one of these: PDF, PNG or JPEG."),
        ("a.docx", good(FileKind.DOCX), "Choose one of these: PDF, PNG or JPEG."),
        ("a", pdf(), "Choose one of these"),
        ("pdf", pdf(), "Choose one of these"),
        ("a.pdf.exe", pdf(), "Choose one of these"),
        ("a\u202efdp.exe", pdf(), "Choose one of these"),
        ("a.svg", b"<svg/>", "Choose one of these"),
    ],
)
def test_other_files_are_refused(
    name: str, content: bytes, sentence: str, private: Path, temporary: Path
) -> None:
    file = uploaded(name, content)
    with translation.override("en"), pytest.raises(UploadRefused, match=sentence):
        keep(guard(file, kinds=EVIDENCE))
    assert file.closed
    assert left_in(temporary) == []
    assert not private.exists()


def test_the_largest_file_is_taken() -> None:
    stream = b"<</Length 10000000>>stream\n%b\nendstream" % bytes(10_000_000)
    content = raw_pdf(*CATALOGUE, stream, b"(" + b"x" * (LARGEST - 10_000_450) + b")")
    content += b"\n" * (LARGEST - len(content))
    assert guard(uploaded("a.pdf", content), kinds=EVIDENCE).size == LARGEST


def test_a_size_that_is_only_said_is_not_believed() -> None:
    file = uploaded("a.pdf", b"%PDF-" + noise(11 * 1024 * 1024))
    file.size = 10
    with pytest.raises(UploadRefused, match="10 MB"):
        guard(file, kinds=EVIDENCE)


def test_a_picture_within_the_limits_is_decoded_in_time() -> None:
    rows = b"".join(b"\0" + noise(40) + b"\x80" * 6_280 for _ in range(6_320))
    before = computing()
    guard(uploaded("a.png", png(6_320, 6_320, rows=rows)), kinds=EVIDENCE)
    assert computing() - before < SECONDS


@pytest.mark.parametrize("kind", FileKind)
def test_good_files_with_a_byte_changed_raise_nothing_else(kind: FileKind) -> None:
    """Taken or refused: hostile bytes never break the inspection."""
    content = good(kind)
    for place in range(0, len(content), len(content) // 12):
        changed = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        try:
            guard(uploaded(f"a.{kind.value}", changed), kinds=ALL)
        except UploadRefused:
            continue


def test_nothing_is_taken_while_the_inspection_is_broken(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    private: Path,
    settings: Any,  # noqa: ANN401
) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(InspectionFailed, match="accounts"):
        keep(guard(uploaded("a.pdf", pdf()), kinds=EVIDENCE))
    settings.BASE_DIR = project.BASE_DIR
    monkeypatch.setattr(confining, "PATIENCE", 0.001)
    with pytest.raises(UploadRefused):
        keep(guard(uploaded("a.pdf", pdf()), kinds=EVIDENCE))
    assert not private.exists()


def test_the_inspecting_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}
    run = subprocess.run

    def watched(*words: Any, **options: Any) -> Any:  # noqa: ANN401
        told.update(options)
        return run(*words, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    monkeypatch.setenv("SECRET_KEY", "geheim")
    guard(uploaded("a.pdf", pdf()), kinds=EVIDENCE)
    assert set(told["env"]) <= set(confining._ENVIRONMENT)


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("授權書.pdf", "授權書.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\a b.pdf", "a b.pdf"),
        ("a\0b\r\nc\x1b.pdf", "abc.pdf"),
        ("cod\u202efdp.pdf", "codfdp.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ("..hidden.pdf", "hidden.pdf"),
        (".pdf", "document.pdf"),
        ("\u202e.pdf", "document.pdf"),
        ("a\u3000\u2028 b .pdf", "a b.pdf"),
        ('a"<b>|c?.pdf', "a__b__c_.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * (LONGEST_NAME - 1)),
    ],
)
def test_names_are_cleaned(name: str, safe: str) -> None:
    with translation.override("en"):
        assert safe_name(name) == safe[: LONGEST_NAME + 1]


@given(st.text(max_size=400))
@example("\ud800.pdf")
@example("a." + "\u202e" * 300 + "/..\\.")
def test_no_name_is_dangerous(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME + 1
    assert not set(safe) & set('<>:"/\\|?*\0\r\n\u202e\u2066')
    assert not safe.startswith(".")
    safe.encode()


# --- keeping ----------------------------------------------------------------------------------


@pytest.fixture
def guarded() -> GuardedFile:
    return guard(uploaded("授權書.pdf", pdf()), kinds=EVIDENCE)


@pytest.mark.django_db(transaction=True)
def test_a_kept_file_is_the_sites_alone(guarded: GuardedFile, private: Path) -> None:
    name = keep(guarded)
    [stored] = private.iterdir()
    assert stored.name == name
    assert guarded.name not in name
    assert name != keep(guarded)
    assert stored.read_bytes() == guarded.content == uploads.read(name)
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@pytest.mark.django_db(transaction=True)
def test_a_kept_file_goes_where_the_transaction_rolls_back(
    guarded: GuardedFile, private: Path
) -> None:
    def change_of_mind() -> None:
        with transaction.atomic():
            keep(guarded)
            assert len(left_in(private)) == 1
            raise ChangeOfMind

    with pytest.raises(ChangeOfMind):
        change_of_mind()
    assert left_in(private) == []


@pytest.mark.django_db(transaction=True)
def test_a_kept_file_goes_where_a_savepoint_rolls_back(guarded: GuardedFile, private: Path) -> None:
    with transaction.atomic():
        name = keep(guarded)
        with transaction.atomic():
            keep(guarded)
            transaction.set_rollback(True)
        assert left_in(private) == [name]
    assert left_in(private) == [name]


@pytest.mark.django_db(transaction=True)
def test_a_half_written_file_goes(private: Path) -> None:
    file = GuardedFile(name="a.pdf", kind=FileKind.PDF, content=noise(1024 * 1024))
    # As on a disk that is full: nobody may write more than this.
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            keep(file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert left_in(private) == []


@pytest.mark.django_db(transaction=True)
def test_discarding_waits_for_the_commit(guarded: GuardedFile, private: Path) -> None:
    name = keep(guarded)
    with transaction.atomic():
        uploads.discard(name)
        transaction.set_rollback(True)
    assert left_in(private) == [name]
    uploads.discard(name)
    uploads.discard(name)
    assert left_in(private) == []


@pytest.mark.django_db(transaction=True)
def test_what_no_row_names_is_removed_after_a_while(guarded: GuardedFile, private: Path) -> None:
    now = timezone.now()
    later = now + dt.timedelta(minutes=1)
    assert remove_unclaimed(claimed=(), before=later) == 0
    claimed, unclaimed = keep(guarded), keep(guarded)
    (private / "note").write_text("of somebody else")
    assert remove_unclaimed(claimed={claimed}, before=now - dt.timedelta(hours=1)) == 0
    assert remove_unclaimed(claimed={claimed}, before=later) == 1
    assert left_in(private) == sorted([claimed, "note"])
    assert unclaimed != claimed


# --- handing out ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_file_is_handed_out_as_a_download_that_nothing_keeps_or_runs(
    guarded: GuardedFile,
) -> None:
    response = handed_out(keep(guarded), name='授權書 "1"\r\n.pdf')
    assert response.content == guarded.content
    assert dict(response.items()) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''"
        "%E6%8E%88%E6%AC%8A%E6%9B%B8%20%221%22%0D%0A.pdf",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def test_what_is_gone_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        handed_out(f"{'0' * 32}.pdf", name="a.pdf")


def test_no_address_leads_to_the_private_folder() -> None:
    folder = Path(project.PRIVATE_FILES_ROOT)
    served = [project.STATIC_ROOT, *project.STATICFILES_DIRS, project.MEDIA_ROOT]
    assert folder.name == "private"
    assert not any(folder.is_relative_to(Path(root)) for root in served if root)


def test_a_zip_is_no_document_by_its_name() -> None:
    with pytest.raises(UploadRefused):
        guard(uploaded("a.zip", package({"a": b"a"})), kinds=ALL)
