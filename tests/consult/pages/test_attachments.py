"""Files of comments over HTTP: chosen once, posted, listed, handed out, and never leaked."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Visitor
from accounts.closing import close_account
from accounts.inspecting.kinds import FileKind
from accounts.models import User
from accounts.uploads import GuardedFile
from comments.editing import withdraw_comment
from comments.models import Attachment, Comment
from comments.moderating import flag_comment, hide, restore
from consult.document.models import Draft, Provision, Section
from consult.document.publishing import withdraw_section
from consult.pages.own_data import download_own_data
from tests.accounts.evidence import private
from tests.accounts.files import good
from tests.accounts.hostile import HOSTILE
from tests.accounts.test_stripping import SECRET, photograph
from tests.comments.talk import say
from tests.consult.pages.test_talking import written

__all__ = ["private"]

pytestmark = pytest.mark.django_db

ClientFor = Callable[[Visitor], Client]
Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]
THREAD = "/tve/1/壹-1/comments/"


@pytest.fixture(autouse=True)
def _ground(settings: Any, private: Path, draft: Draft) -> None:  # noqa: ANN401, ARG001 - for their effect
    settings.LANGUAGE_CODE = "en"


def letter(name: str = "計畫.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, good(FileKind(name.rpartition(".")[2])))


def hostile(name: str = "壞的.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, HOSTILE["a PNG that moves"][1]())


def posted(browser: Client, *files: SimpleUploadedFile, **changes: Any) -> str:
    """What is shown after the form was sent with these files."""
    answer = browser.post(THREAD, written(**changes) | {"files": list(files)}, follow=True)
    return str(answer.content.decode())


def tickets(shown: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'name="kept" value="([^"]+)" checked', shown)]


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    file = GuardedFile(name="計畫 1.pdf", kind=FileKind.PDF, content=b"%PDF-1.7 plan")
    return say(provision("壹-1"), visitor, body="附上計畫", files=[file])


def address_of(comment: Comment, *, room: str = "c") -> str:
    file = Attachment.objects.get(comment=comment)
    return f"/{room}/{comment.reference}/files/{file.public_id}/"


# --- posting ----------------------------------------------------------------------------------


def test_a_comment_is_posted_with_its_files(client_for: ClientFor, visitor: User) -> None:
    shown = posted(client_for(visitor), letter(), letter("圖表.png"))
    assert "Your comment is posted." in shown
    for file in Comment.objects.get().attachments.all():
        assert f'href="/c/{Comment.objects.get().reference}/files/{file.public_id}/"' in shown
    assert re.search(r"計畫\.pdf</a> <span[^>]*>PDF · \d+\sbytes", shown)
    assert re.search(r"圖表\.png</a> <span[^>]*>PNG · ", shown)


def test_the_form_takes_files_without_a_script(client_for: ClientFor, visitor: User) -> None:
    shown = client_for(visitor).get(THREAD).content.decode()
    assert 'enctype="multipart/form-data"' in shown
    assert re.search(r'<input type="file" id="files" name="files" multiple accept="\.pdf,', shown)
    assert "Up to 3 files of 10 MB each" in shown


def test_a_refused_file_is_named_and_nothing_is_lost(client_for: ClientFor, visitor: User) -> None:
    browser = client_for(visitor)
    shown = posted(browser, letter(), hostile(), stance="oppose", body="寫了很久")
    assert not Comment.objects.exists()
    assert "壞的.png: There is more in this file than it shows." in shown
    assert ">寫了很久</textarea>" in shown
    assert re.search(r'value="oppose" required checked', shown)
    assert 'id="field-files" open' in shown
    # The file that is well is chosen already.
    [ticket] = tickets(shown)
    shown = posted(browser, letter("再來.png"), body="寫了很久", kept=ticket)
    assert "Your comment is posted." in shown
    names = Comment.objects.get().attachments.values_list("shown_name", flat=True)
    assert list(names) == ["計畫.pdf", "再來.png"]


def test_whatever_else_is_wrong_files_are_chosen_once(client_for: ClientFor, visitor: User) -> None:
    browser = client_for(visitor)
    shown = posted(browser, letter(), stance="")
    shown = posted(browser, body="", kept=tickets(shown))
    shown = posted(browser, body="打0912-345-678給我", kept=tickets(shown))
    [ticket] = tickets(shown)
    assert "Shall everyone be able to read this?" in shown
    shown = posted(browser, kept=ticket)
    assert "Your comment is posted." in shown
    assert Comment.objects.get().attachments.count() == 1


def test_a_file_that_is_unticked_is_left_out(client_for: ClientFor, visitor: User) -> None:
    browser = client_for(visitor)
    assert len(tickets(posted(browser, letter(), letter("b.png"), stance=""))) == 2
    posted(browser)
    assert Comment.objects.get().attachments.count() == 0


def test_four_files_are_too_many(client_for: ClientFor, visitor: User) -> None:
    shown = posted(client_for(visitor), *[letter() for _ in range(4)])
    assert "Up to 3 files are possible." in shown
    assert not Comment.objects.exists()


def test_another_file_under_the_same_text_is_another_comment(
    client_for: ClientFor, visitor: User
) -> None:
    form, file = written(), good(FileKind.PNG)
    browser = client_for(visitor)
    for _again in range(2):
        browser.post(THREAD, form | {"files": SimpleUploadedFile("a.png", file)})
    browser.post(THREAD, form)
    assert [each.attachments.count() for each in Comment.objects.order_by("pk")] == [1, 0]


def test_who_may_not_post_uploads_nothing(
    client_for: ClientFor, outsider: User, administrator: User, anonymous: Visitor, private: Path
) -> None:
    for user in (outsider, administrator, anonymous):
        posted(client_for(user), letter())
    assert not Comment.objects.exists()
    assert not private.exists()


def test_whoever_must_sign_in_first_is_told_of_their_files(
    client_for: ClientFor, anonymous: Visitor
) -> None:
    assert "choose your files again after signing in" in posted(client_for(anonymous), letter())


def test_a_form_open_too_long_asks_for_the_files_again(visitor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(visitor)
    assert "Choose your files again" in posted(browser, letter(), body="寫了很久")
    assert "Please send it again" in posted(browser, body="寫了很久")


def test_a_picture_is_public_without_what_it_tells(
    client_for: ClientFor, visitor: User, anonymous: Visitor
) -> None:
    posted(client_for(visitor), SimpleUploadedFile("照片.jpg", photograph()))
    answer = client_for(anonymous).get(address_of(Comment.objects.get()))
    assert answer["Content-Type"] == "image/jpeg"
    assert SECRET not in answer.content


# --- who may have them ------------------------------------------------------------------------


def test_a_file_is_handed_out_to_be_saved(
    comment: Comment, client_for: ClientFor, anonymous: Visitor
) -> None:
    answer = client_for(anonymous).get(address_of(comment))
    assert answer.content == b"%PDF-1.7 plan"
    assert answer["Content-Disposition"] == (f"attachment; filename*=utf-8''{quote('計畫 1.pdf')}")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_file_lost_from_the_disk_is_not_found(
    comment: Comment, client_for: ClientFor, anonymous: Visitor, private: Path
) -> None:
    for file in private.iterdir():
        file.unlink()
    assert client_for(anonymous).get(address_of(comment)).status_code == 404


def test_no_road_leads_to_the_file_of_a_hidden_comment(
    comment: Comment,
    client_for: ClientFor,
    anonymous: Visitor,
    visitor: User,
    member: User,
    drafter: User,
    moderator: User,
) -> None:
    file, shown = address_of(comment), THREAD
    assert file in client_for(anonymous).get(shown).content.decode()
    hide(comment, moderator=moderator, rule="attack")
    for user in (anonymous, visitor, member, drafter, moderator):
        browser = client_for(user)
        assert browser.get(file).status_code == 404
        for address in (THREAD, f"{THREAD}?since=0", f"/c/{comment.reference}/more/"):
            page = browser.get(address, follow=True).content.decode()
            assert "計畫 1.pdf" not in page
            assert file not in page
    # As evidence it is kept, for moderators.
    room = client_for(moderator)
    kept = address_of(comment, room="moderation")
    assert kept in room.get(f"/moderation/{comment.reference}/").content.decode()
    assert room.get(kept).content == b"%PDF-1.7 plan"
    for user in (visitor, member, drafter):
        assert client_for(user).get(kept).status_code == 404
    restore(comment, moderator=moderator)
    assert client_for(anonymous).get(file).status_code == 200
    assert file in client_for(anonymous).get(shown).content.decode()


def test_a_withdrawn_comments_file_is_gone_from_sight(
    comment: Comment, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    assert "計畫 1.pdf" in client_for(anonymous).get(THREAD).content.decode()
    withdraw_comment(comment, author=visitor)
    assert "計畫 1.pdf" not in client_for(anonymous).get(THREAD).content.decode()
    assert client_for(visitor).get(address_of(comment)).status_code == 404


def test_a_withdrawn_sections_files_are_not_found(
    comment: Comment, client_for: ClientFor, section: Named, drafter: User, visitor: User
) -> None:
    withdraw_section(section("壹"), actor=drafter)
    for user in (visitor, drafter):
        assert client_for(user).get(address_of(comment)).status_code == 404


def test_the_queue_says_that_files_came_along(
    comment: Comment, client_for: ClientFor, member: User, moderator: User
) -> None:
    flag_comment(comment, reporter=member, rule="attack")
    assert "1 file</a>" in client_for(moderator).get("/moderation/").content.decode()


# --- whose they are ---------------------------------------------------------------------------


def test_own_data_holds_the_files_also_of_what_is_no_longer_shown(
    comment: Comment, visitor: User
) -> None:
    withdraw_comment(comment, author=visitor)
    with zipfile.ZipFile(io.BytesIO(download_own_data(visitor).read())) as held:
        [row] = json.loads(held.read("attachments.json"))
        [name] = [name for name in held.namelist() if name.startswith("files/")]
        assert held.read(name) == b"%PDF-1.7 plan"
    assert row["comment__reference"] == comment.reference
    assert name == f"files/{row['public_id']}-計畫 1.pdf"


def test_closing_the_account_leaves_the_files_with_the_comment(
    comment: Comment, visitor: User, client_for: ClientFor, anonymous: Visitor
) -> None:
    close_account(visitor)
    browser = client_for(anonymous)
    assert address_of(comment) in browser.get(THREAD).content.decode()
    assert browser.get(address_of(comment)).content == b"%PDF-1.7 plan"


# --- cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "most"), [("", 8), ("?stance=support", 8), ("?branch=1", 9), ("?since=0", 4)]
)
def test_files_cost_a_thread_no_query(
    asked: str,
    most: int,
    provision: NamedProvision,
    visitor: User,
    client_for: ClientFor,
    representative: User,
    django_assert_num_queries: Any,  # noqa: ANN401
) -> None:
    """As many as without them: the same page is asked for before and after."""
    bare = [say(provision("壹-2"), visitor)]
    file = GuardedFile(name="a.pdf", kind=FileKind.PDF, content=b"%PDF")
    full = [say(provision("壹-1"), visitor, files=[file] * 3)]
    for said, ref, files in ((bare, "壹-2", []), (full, "壹-1", [file] * 3)):
        said.extend(say(provision(ref), visitor, parent=said[0], files=files) for _ in range(3))
    browser = client_for(representative)
    with CaptureQueriesContext(connection) as without:
        browser.get(f"/tve/1/壹-2/comments/{asked}")
    assert len(without) <= most
    with django_assert_num_queries(len(without)):
        assert browser.get(THREAD + asked).content.decode().count("/files/") == 12


def test_a_page_full_of_files_stays_small(
    provision: NamedProvision, visitor: User, client_for: ClientFor, anonymous: Visitor
) -> None:
    file = GuardedFile(name=f"{'長' * 100}.pdf", kind=FileKind.PDF, content=b"%PDF")
    first = say(provision("壹-1"), visitor, at=timezone.now())
    many = [
        say(provision("壹-1"), visitor, at=first.created_at, files=[file] * 3) for _ in range(30)
    ]
    page = client_for(anonymous).get(THREAD).content
    assert len(page) <= 100 * 1024
    assert b"/files/" in page
    assert len(many) == 30
