"""Anyone counts a report again from its bundle."""

import json
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from comments.models import Comment, Endorsement
from consult.document.models import Draft
from consult.reports.canonical import HASHES, INPUTS, RESULT, moment
from consult.reports.downloading import bundle_of, inputs_of
from consult.reports.models import Report
from consult.reports.recounting import recount_bundle
from tests.consult.reports.comments import CUTOFF, a_comment, a_draft, a_person, endorse
from tests.consult.reports.making import report_at


@pytest.fixture
def report(commented: Draft, asker: User) -> Report:
    return report_at(commented, asker)


@pytest.fixture
def bundle(report: Report, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(bundle_of(report)))
    return path


def changed(bundle: Path, name: str, was: str, now: str) -> None:
    """The same bundle with other words in one of its files."""
    with zipfile.ZipFile(bundle) as archive:
        files = {each: archive.read(each).decode() for each in archive.namelist()}
    assert was in files[name]
    files[name] = files[name].replace(was, now)
    with zipfile.ZipFile(bundle, "w") as archive:
        for each, text in files.items():
            archive.writestr(each, text)


def test_a_bundle_agrees_with_its_report(report: Report, bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [INPUTS, RESULT, HASHES]
    found = recount_bundle(bundle)
    assert found.agrees
    assert found.recounted.result == report.result
    assert found.recounted.inputs_sha256 == report.inputs_sha256
    assert found.recounted.result_sha256 == report.result_sha256
    said = StringIO()
    call_command("recount", str(bundle), stdout=said)
    assert "6 comments counted again" in said.getvalue()


def test_endorsements_are_those_of_its_comments_up_to_its_cutoff(
    commented: Draft, asker: User, tmp_path: Path
) -> None:
    """Others stand between them, and bear keys as theirs do."""
    elsewhere = a_draft("other")
    said = []
    for number in range(4):
        writer = a_person(f"writer{number}")
        said.append(a_comment(commented, "壹-1", author=writer))
        endorse(a_comment(elsewhere, "壹-1", author=writer), "reader", "other")
        endorse(a_comment(commented, "貳-1", author=writer), "reader", "other")
    endorse(said[0], "reader", "other")
    endorse(said[2], "reader", at=CUTOFF)
    endorse(said[2], "other", at=CUTOFF + timedelta(seconds=1))
    endorse(said[3], "reader")
    Comment.objects.filter(pk=said[3].pk).update(state=Comment.State.WITHDRAWN, body="")
    before = report_at(commented, asker, sections=["壹"])
    endorsements = before.result["total"]["endorsements"] if before.result else None
    own = Endorsement.objects.filter(
        comment__thread__section__ref="壹",
        comment__thread__draft=commented,
        comment__state=Comment.State.SHOWN,
        created_at__lte=CUTOFF,
    )
    assert endorsements == own.count()
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(bundle_of(before)))
    assert recount_bundle(path).agrees


def test_moments_are_written_alike_by_postgresql_and_python(commented: Draft, asker: User) -> None:
    comment = a_comment(commented, "壹-1", author=a_person("writer"))
    at = CUTOFF.replace(microsecond=0) - timedelta(days=1)
    for each in (at, at + timedelta(microseconds=70), at.replace(month=1, day=2, hour=0)):
        Comment.objects.filter(pk=comment.pk).update(created_at=each)
        lines = b"".join(inputs_of(report_at(commented, asker))).splitlines()
        (line,) = (line for line in lines if comment.reference.encode() in line)
        assert json.loads(line)["created_at"] == moment(each)


def test_a_bundle_is_the_same_bytes_each_time(report: Report) -> None:
    assert b"".join(bundle_of(report)) == b"".join(bundle_of(report))


def test_a_comment_that_was_changed_is_noticed(bundle: Path) -> None:
    changed(bundle, INPUTS, "我不同意", "我同意")
    assert recount_bundle(bundle).differing[0] == "inputs"
    with pytest.raises(CommandError, match="inputs"):
        call_command("recount", str(bundle), stdout=StringIO())


def test_a_number_that_was_changed_is_noticed(bundle: Path) -> None:
    changed(bundle, RESULT, '"comments":6', '"comments":7')
    assert recount_bundle(bundle).differing[-1] == "total"


def test_a_hash_that_was_changed_is_noticed(report: Report, bundle: Path) -> None:
    changed(bundle, HASHES, report.result_sha256, "0" * 64)
    assert recount_bundle(bundle).differing == ["result"]


def test_other_files_are_no_bundles(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with pytest.raises(CommandError, match="no file"):
        call_command("recount", str(other))
    other.write_text("text")
    with pytest.raises(CommandError, match="not a ZIP"):
        call_command("recount", str(other))
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("notes.txt", "text")
    with pytest.raises(CommandError, match="not the bundle"):
        call_command("recount", str(other))
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(HASHES, json.dumps({"inputs_sha256": "", "result_sha256": ""}))
        archive.writestr(RESULT, '{"result":{}}\n')
        archive.writestr(INPUTS, "{}\n")
    with pytest.raises(CommandError, match="Line 1"):
        call_command("recount", str(other))
