"""The desk's pages on which the next draft is written."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import Visitor
from accounts.models import User
from accounts.voices import Voice
from comments.models import Comment
from comments.posting import post_comment
from consult.document.finishing import start_working
from consult.document.models import Draft, Drafter, Provision, WorkingPiece, WorkingText
from consult.document.working import Words, add_piece, change_piece
from tests.cast import person, with_second_factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TEXT = "/desk/tve/edit/"
HISTORY, FINISH = f"{TEXT}history/", f"{TEXT}finish/"


@pytest.fixture
def desk(client_for: Callable[[Visitor], Client], drafter: User) -> Client:
    client = client_for(drafter)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def working(draft: Draft, drafter: User) -> WorkingText:
    return start_working(draft.framework, actor=drafter)


@pytest.fixture
def colleague(draft: Draft) -> User:
    user = with_second_factor(person("colleague"))
    Drafter.objects.create(framework=draft.framework, user=user)
    return user


def piece_of(working: WorkingText, ref: str) -> WorkingPiece:
    return working.pieces.get(came_from__ref=ref)


def address(piece: WorkingPiece) -> str:
    return f"{TEXT}{piece.pk}/"


def propose(draft: Draft, user: User, wording: str) -> Comment:
    target = Provision.objects.select_related("section__draft__framework").get(
        draft=draft, ref="肆-1"
    )
    return post_comment(
        target,
        voice=Voice(user, None),
        body="請改寫。",
        stance="suggest",
        proposed_text=wording,
        idempotency_key=uuid.uuid4(),
    )


def test_a_draft_is_written_from_beginning_to_end(desk: Client, draft: Draft) -> None:
    assert "Begin with the last draft" in desk.get(TEXT).content.decode()
    assert desk.post(TEXT, {"act": "start"}).status_code == 302
    (working,) = WorkingText.objects.all()
    piece = piece_of(working, "參-1")
    sent = {"act": "split", "version": 1, "text": "改變觀念。\r\n---\r\n改變作法。"}
    assert desk.post(address(piece), sent)["Location"] == f"{TEXT}#piece-{piece.pk}"
    page = desk.get(TEXT).content.decode()
    assert "<span>參-2</span>" in page
    finish = desk.get(FINISH).content.decode()
    assert "參-1 → 參-1、參-2" in finish
    assert "改變作法" in finish
    answer = desk.post(FINISH, {"label": "第 6 版"}, follow=True)
    assert "Draft 2 is stored." in answer.content.decode()
    assert draft.framework.drafts.get(number=2).provisions.get(ref="參-2").text == "改變作法。"


def test_saving_over_another_shows_both_texts(
    desk: Client, working: WorkingText, colleague: User
) -> None:
    piece = piece_of(working, "參-1")
    change_piece(piece, words=Words(text="同事改的文字。"), version=1, actor=colleague)
    answer = desk.post(address(piece), {"act": "save", "version": 1, "text": "我改的文字。"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "colleague saved this on" in page
    assert "同事改的文字。" in page
    assert ">我改的文字。</textarea>" in page
    assert "<ins>" in page
    assert 'name="version" value="2"' in page
    desk.post(address(piece), {"act": "save", "version": 2, "text": "我們一起改的。"})
    assert piece_of(working, "參-1").text == "我們一起改的。"


def test_who_else_is_at_work_is_named(
    desk: Client, working: WorkingText, colleague: User, drafter: User
) -> None:
    change_piece(
        piece_of(working, "壹-1"), words=Words(text="自己改的。"), version=1, actor=drafter
    )
    assert "changed it at" not in desk.get(TEXT).content.decode()
    change_piece(
        piece_of(working, "參-1"), words=Words(text="同事改的。"), version=1, actor=colleague
    )
    assert "colleague changed it at" in desk.get(TEXT).content.decode()


def test_it_saves_by_itself(desk: Client, working: WorkingText) -> None:
    piece = piece_of(working, "參-1")
    headers = {"Accept": "application/json"}
    sent = {"act": "save", "version": 1, "text": "新的文字。"}
    answer = desk.post(address(piece), sent, headers=headers)
    assert answer.json()["version"] == 2
    answer = desk.post(address(piece), {**sent, "version": 2, "text": " "}, headers=headers)
    assert answer.status_code == 422
    assert "Nothing is written there" in answer.content.decode()


def test_a_proposed_wording_is_adopted_with_one_press(
    desk: Client, working: WorkingText, draft: Draft, visitor: User
) -> None:
    comment = propose(draft, visitor, "以現況而言，產業正在轉型。")
    piece = piece_of(working, "肆-1")
    assert "Adopt this wording" in desk.get(address(piece)).content.decode()
    sent = {"act": "adopt", "version": 1, "comment": comment.reference}
    assert desk.post(address(piece), sent).status_code == 302
    piece.refresh_from_db()
    assert (piece.text, piece.adopted_reference) == (comment.proposed_text, comment.reference)
    assert f"/c/{comment.reference}/" in desk.get(TEXT).content.decode()
    other = piece_of(working, "參-1")
    assert desk.post(address(other), sent).status_code == 422
    assert "Adopted" in desk.get(f"{HISTORY}?piece={piece.pk}").content.decode()


def test_a_wording_that_is_no_longer_shown_is_not_offered(
    desk: Client, working: WorkingText, draft: Draft, visitor: User
) -> None:
    comment = propose(draft, visitor, "密件文字")
    Comment.objects.filter(pk=comment.pk).update(
        state="withdrawn", body="", proposed_text="", anchor_exact=""
    )
    piece = piece_of(working, "肆-1")
    assert "Adopt this wording" not in desk.get(address(piece)).content.decode()
    sent = {"act": "adopt", "version": 1, "comment": comment.reference}
    assert desk.post(address(piece), sent).status_code == 422


def test_it_moves_behind_a_reference(desk: Client, working: WorkingText) -> None:
    piece = piece_of(working, "參-1")
    desk.post(address(piece), {"act": "move", "version": 1, "behind": "肆-一-1"})
    assert "<span>肆-一-2</span>" in desk.get(TEXT).content.decode()
    answer = desk.post(address(piece), {"act": "move", "version": 1, "behind": "玖"})
    assert answer.status_code == 422
    assert "Nothing here has the reference “玖”." in answer.content.decode()


def test_what_was_typed_goes_along_when_it_moves_or_is_merged(
    desk: Client, working: WorkingText
) -> None:
    piece, following = piece_of(working, "壹-1"), piece_of(working, "壹-2")
    sent = {"version": 1, "text": "剛打的字。", "following": following.pk, "following_version": 1}
    desk.post(address(piece), {**sent, "act": "merge"})
    piece.refresh_from_db()
    assert piece.text == "剛打的字。" + following.text
    desk.post(address(piece), {"act": "down", "version": piece.version, "text": "又打的字。"})
    piece.refresh_from_db()
    assert piece.text == "又打的字。"


def test_the_text_costs_the_same_however_long(
    desk: Client, working: WorkingText, drafter: User
) -> None:
    with CaptureQueriesContext(connection) as few:
        desk.get(TEXT)
    first = piece_of(working, "壹-1")
    for count in range(60):
        words = Words(text=f"第{count}段。")
        add_piece(first, kind="paragraph", words=words, actor=drafter)
    with CaptureQueriesContext(connection) as many:
        desk.get(TEXT)
    assert len(many) == len(few)
    for page in (HISTORY, FINISH, address(first)):
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(page).status_code == 200
        assert len(asked) < 20, page
