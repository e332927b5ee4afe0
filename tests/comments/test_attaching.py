"""Files come with a comment, stand and fall with it, and nobody chooses one twice."""

import datetime as dt
import io
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone
from PIL import Image

from accounts.inspecting.kinds import FileKind
from accounts.models import User
from accounts.rates import UPLOAD
from accounts.uploads import GuardedFile, private_files, read
from comments.access import attachment_to_moderate, attachment_to_read
from comments.attaching import (
    KINDS,
    MOST_FILES,
    TICKET_KEPT,
    FilesRefused,
    InHand,
    files_of,
    set_aside,
    take_in,
    with_files,
)
from comments.editing import withdraw_comment
from comments.models import Attachment, Comment
from comments.moderating import hide, release, restore
from comments.posting import WindowRefused
from comments.tasks import UNCLAIMED_KEPT, remove_unclaimed_files
from consult.document.models import Provision, Section
from consult.document.publishing import close_section, withdraw_section
from tests.accounts.evidence import private
from tests.accounts.files import good
from tests.accounts.hostile import HOSTILE
from tests.accounts.test_stripping import SECRET, photograph
from tests.comments.talk import say

__all__ = ["private"]

pytestmark = pytest.mark.django_db

Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


@pytest.fixture(autouse=True)
def _private(private: Path) -> None:
    """Files of these tests lie apart."""


def uploaded(name: str, content: bytes | None = None) -> SimpleUploadedFile:
    kind = FileKind(name.rpartition(".")[2])
    return SimpleUploadedFile(name, good(kind) if content is None else content)


def plan(name: str = "計畫.pdf", content: bytes = b"%PDF-1.7 plan") -> GuardedFile:
    return GuardedFile(name=name, kind=FileKind.PDF, content=content)


def stored() -> list[str]:
    storage = private_files()
    return sorted(storage.listdir("")[1]) if storage.exists("") else []


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    return say(provision("壹-1"), visitor, files=[plan(), plan("圖.pdf")])


# --- posting ----------------------------------------------------------------------------------


def test_files_stand_with_the_comment_in_order(comment: Comment) -> None:
    first, second = comment.attachments.all()
    assert (first.shown_name, first.kind, first.size) == ("計畫.pdf", "pdf", 13)
    assert first.sha256 == plan().digest
    assert second.shown_name == "圖.pdf"
    assert read(first.stored_name) == b"%PDF-1.7 plan"
    assert first.stored_name not in str(first.public_id)


def test_four_are_too_many(provision: NamedProvision, visitor: User) -> None:
    with pytest.raises(FilesRefused):
        say(provision("壹-1"), visitor, files=[plan()] * (MOST_FILES + 1))
    assert not Comment.objects.exists()
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_what_isnt_posted_leaves_no_file(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    close_section(section("壹"), actor=drafter)
    with pytest.raises(WindowRefused):
        say(provision("壹-1"), visitor, files=[plan()])
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_the_same_form_again_stores_nothing_more(provision: NamedProvision, visitor: User) -> None:
    key = uuid.uuid4()
    first = say(provision("壹-1"), visitor, files=[plan()], idempotency_key=key)
    again = say(provision("壹-1"), visitor, files=[plan()], idempotency_key=key)
    assert again == first
    assert [each.stored_name for each in Attachment.objects.all()] == stored()


# --- looked through, and set aside ------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(FileKind) - set(KINDS)))
def test_no_other_kind_is(kind: FileKind, visitor: User) -> None:
    assert take_in([uploaded(f"a.{kind.value}")], tickets=[], uploader=visitor).refusals


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_taken_in(kind: FileKind, visitor: User) -> None:
    taken = take_in([uploaded(f"a.{kind.value}")], tickets=[], uploader=visitor)
    taken.check()
    assert [each.file.kind for each in taken.files] == [kind]


def test_a_picture_tells_nothing_beside_what_it_shows(visitor: User) -> None:
    [each] = take_in([uploaded("a.jpg", photograph())], tickets=[], uploader=visitor).files
    assert SECRET not in each.file.content
    assert Image.open(io.BytesIO(each.file.content)).size == (64, 48)


def test_each_refusal_names_its_file_and_the_others_stay(visitor: User) -> None:
    bad = SimpleUploadedFile("壞的.png", HOSTILE["a PNG that moves"][1]())
    odd = SimpleUploadedFile("程式.exe", b"MZ")
    taken = take_in([bad, uploaded("好的.png"), odd], tickets=[], uploader=visitor)
    assert [each.file.name for each in taken.files] == ["好的.png"]
    assert [words.partition("：")[0] for words in taken.refusals] == ["壞的.png", "程式.exe"]
    with pytest.raises(FilesRefused, match=r"壞的\.png.*程式\.exe"):
        taken.check()


def test_what_is_set_aside_is_taken_up_by_its_ticket(visitor: User) -> None:
    fresh = take_in([uploaded("a.png")], tickets=[], uploader=visitor)
    [aside] = set_aside(fresh.files, uploader=visitor)
    again = take_in([], tickets=[aside.ticket] * 2, uploader=visitor)
    assert again.files == [aside]
    # Once set aside is enough.
    assert set_aside(again.files, uploader=visitor) == [aside]
    assert len(stored()) == 1


def test_tickets_and_new_files_count_together(visitor: User) -> None:
    aside = set_aside([InHand(plan(f"{n}.pdf", b"%d" % n)) for n in range(2)], uploader=visitor)
    tickets = [each.ticket for each in aside]
    assert not take_in([uploaded("c.png")], tickets=tickets, uploader=visitor).refusals
    more = take_in([uploaded("c.png"), uploaded("d.png")], tickets=tickets, uploader=visitor)
    assert more.files == aside
    assert len(more.refusals) == 1


def test_anothers_ticket_and_a_forged_one_open_nothing(visitor: User, member: User) -> None:
    [aside] = set_aside([InHand(plan())], uploader=visitor)
    said = [member.pk, "../../etc/passwd", "a.pdf", "pdf", ""]
    for ticket in (aside.ticket, aside.ticket + "x", "x", signing.dumps(said, salt="another")):
        taken = take_in([], tickets=[ticket], uploader=member)
        assert (taken.files, len(taken.refusals)) == ([], 1)


def test_a_ticket_is_over_before_its_file_is_removed(
    visitor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TICKET_KEPT < UNCLAIMED_KEPT
    [aside] = set_aside([InHand(plan())], uploader=visitor)
    later = timezone.now() + TICKET_KEPT + dt.timedelta(minutes=1)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert len(take_in([], tickets=[aside.ticket], uploader=visitor).refusals) == 1


def test_a_file_set_aside_that_is_gone_is_asked_for_again(visitor: User) -> None:
    [aside] = set_aside([InHand(plan())], uploader=visitor)
    [name] = stored()
    private_files().delete(name)
    assert len(take_in([], tickets=[aside.ticket], uploader=visitor).refusals) == 1


def test_uploads_are_counted(visitor: User) -> None:
    for _ in range(UPLOAD.times):
        take_in([SimpleUploadedFile("a.exe", b"")], tickets=[], uploader=visitor)
    taken = take_in([uploaded("a.png")], tickets=[], uploader=visitor)
    assert taken.files == []
    assert "a.png" in taken.refusals[0]


def test_named_files_stay_and_those_set_aside_go(
    comment: Comment, visitor: User, private: Path
) -> None:
    set_aside([InHand(plan())], uploader=visitor)
    old = (timezone.now() - UNCLAIMED_KEPT - dt.timedelta(minutes=1)).timestamp()
    assert len(stored()) == 3
    for name in stored():
        os.utime(private / name, (old, old))
    remove_unclaimed_files()
    assert stored() == sorted(comment.attachments.values_list("stored_name", flat=True))


# --- who may have them ------------------------------------------------------------------------


def may_be_read(comment: Comment) -> bool:
    try:
        for each in comment.attachments.all():
            attachment_to_read(reference=comment.reference, public_id=each.public_id)
    except Http404:
        return False
    return True


def test_files_are_hidden_and_restored_with_the_comment(comment: Comment, moderator: User) -> None:
    assert may_be_read(comment)
    hide(comment, moderator=moderator, rule="attack")
    assert not may_be_read(comment)
    kept = comment.attachments.first()
    assert kept is not None
    found = attachment_to_moderate(moderator, reference=comment.reference, public_id=kept.public_id)
    assert read(found.stored_name) == b"%PDF-1.7 plan"
    restore(comment, moderator=moderator)
    assert may_be_read(comment)


def test_files_of_a_withdrawn_comment_are_nobodys_to_read(comment: Comment, visitor: User) -> None:
    withdraw_comment(comment, author=visitor)
    assert not may_be_read(comment)
    assert comment.attachments.count() == 2


def test_files_of_a_held_comment_come_with_its_release(
    provision: NamedProvision,
    visitor: User,
    moderator: User,
    settings: Any,  # noqa: ANN401
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    comment = say(provision("壹-1"), visitor, files=[plan()])
    assert comment.attachments.count() == 1
    assert not may_be_read(comment)
    release(comment, moderator=moderator)
    assert may_be_read(comment)


def test_files_go_with_the_section(comment: Comment, section: Named, drafter: User) -> None:
    withdraw_section(section("壹"), actor=drafter)
    assert not may_be_read(comment)


def test_a_file_is_found_by_its_own_comment_alone(
    comment: Comment, provision: NamedProvision, visitor: User
) -> None:
    other = say(provision("壹-1"), visitor)
    file = comment.attachments.first()
    assert file is not None
    with pytest.raises(Http404):
        attachment_to_read(reference=other.reference, public_id=file.public_id)
    with pytest.raises(Http404):
        attachment_to_read(reference=comment.reference, public_id=uuid.uuid4())


# --- shown ------------------------------------------------------------------------------------


def test_files_are_read_along_with_their_comments(
    comment: Comment,
    provision: NamedProvision,
    visitor: User,
    django_assert_num_queries: Any,  # noqa: ANN401
) -> None:
    bare = say(provision("壹-1"), visitor)
    with django_assert_num_queries(1):
        found = {each.pk: files_of(each) for each in with_files(Comment.objects.in_talk())}
    assert found[bare.pk] == []
    assert [(file.name, file.kind, file.size) for file in found[comment.pk]] == [
        ("計畫.pdf", "PDF", 13),
        ("圖.pdf", "PDF", 13),
    ]


def test_no_file_is_listed_under_a_tombstone(comment: Comment, moderator: User) -> None:
    hide(comment, moderator=moderator, rule="attack")
    assert [files_of(each) for each in with_files(Comment.objects.in_talk())] == [[]]
