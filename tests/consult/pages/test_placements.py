"""What was said on the draft before, on the pages of the next: for readers and for drafters."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from comments.anchors import Anchor
from comments.carrying import carry_comments
from comments.models import Comment, Placement
from comments.moderating import hide
from consult.document.models import Draft, Provision
from consult.document.publishing import open_section, withdraw_section
from consult.document.relating import confirm_links
from tests.comments.talk import say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ClientFor = Callable[[Visitor], Client]


@pytest.fixture
def carried(draft: Draft, next_draft: Draft, visitor: User, drafter: User) -> dict[str, Comment]:
    """Comments on the first draft, each named by what became of its words in the next."""
    before = timezone.now() - dt.timedelta(days=10)

    def on(ref: str, words: str, body: str) -> Comment:
        provision = Provision.objects.select_related("section__draft__framework").get(
            draft=draft, ref=ref
        )
        start = provision.text.index(words)
        anchor = Anchor(words, "", "", start, start + len(words))
        return say(provision, visitor, anchor=anchor, body=body, at=before)

    comments = {
        "exact": on("壹-1", "配合國家整體發展", "文字沒變的意見"),
        "edited": on("壹-1", "發展、促進產業升級", "文字改了的意見"),
        "orphaned": on("附錄二-2", "經濟部", "文字不見的意見"),
    }
    for ref in ("壹", "附錄二"):
        open_section(next_draft.sections.get(ref=ref), actor=drafter)
    numbers = next_draft.lineage.values_list("number", flat=True)
    confirm_links(next_draft, numbers=numbers, actor=drafter)
    carry_comments(next_draft)
    return comments


@pytest.fixture
def reader(client_for: ClientFor, anonymous: Visitor) -> Client:
    client = client_for(anonymous)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def desk(client_for: ClientFor, drafter: User) -> Client:
    client = client_for(drafter)
    client.cookies["django_language"] = "en"
    return client


def page_of(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def test_a_thread_shows_what_was_carried_to_it(reader: Client, carried: dict[str, Comment]) -> None:
    page = page_of(reader, "/tve/2/壹-1/comments/")
    assert "2 comments from earlier drafts" in page
    assert carried["exact"].body in page
    assert "The same words" in page
    assert "The text changed since this comment:" in page
    assert "deleted: </span>促進" in page
    assert carried["orphaned"].body not in page


def test_it_shows_the_same_beside_comments_of_its_own(
    reader: Client, carried: dict[str, Comment], next_draft: Draft, visitor: User
) -> None:
    on_whole = Comment.objects.get(pk=carried["orphaned"].pk)
    Placement.objects.filter(comment=on_whole).update(section=None)
    for target in (next_draft.provisions.get(ref="壹-1"), next_draft):
        say(target, visitor, body="這一版的意見", at=timezone.now())
    for address, earlier in (
        ("/tve/2/壹-1/comments/", carried["exact"]),
        ("/tve/2/comments/", on_whole),
    ):
        page = page_of(reader, address)
        assert "這一版的意見" in page
        assert earlier.body in page


def test_what_lost_its_words_is_listed_at_its_section(
    reader: Client, carried: dict[str, Comment]
) -> None:
    page = page_of(reader, "/tve/2/附錄二/comments/")
    assert carried["orphaned"].body in page
    assert "Its words are gone" in page
    # The text that it was about stands with it.
    assert "創新學習模式｜經濟部｜提供產業人才需求" in page


@pytest.mark.usefixtures("carried")
def test_the_text_counts_what_was_carried(reader: Client) -> None:
    page = page_of(reader, "/tve/2/壹/")
    assert page.count('class="talk-carried">earlier 2') == 1
    assert 'class="talk-carried">earlier 1' in page_of(reader, "/tve/2/附錄二/")


def test_a_permanent_link_says_where_the_comment_went(
    reader: Client, carried: dict[str, Comment]
) -> None:
    page = page_of(reader, f"/c/{carried['edited'].reference}/")
    assert "This comment was carried to a newer draft (The words changed)." in page
    assert 'href="/tve/2/%E5%A3%B9-1/comments/#carried"' in page


def test_nothing_hidden_or_withdrawn_is_carried_into_sight(
    reader: Client,
    carried: dict[str, Comment],
    moderator: User,
    drafter: User,
    draft: Draft,
) -> None:
    hide(carried["exact"], moderator=moderator, rule="attack", reason="因為")
    page = page_of(reader, "/tve/2/壹-1/comments/")
    assert "1 comment from an earlier draft" in page
    assert carried["exact"].body not in page
    withdraw_section(draft.sections.get(ref="附錄二"), actor=drafter)
    assert carried["orphaned"].body not in page_of(reader, "/tve/2/附錄二/comments/")


def test_a_drafter_decides_what_waits(
    desk: Client, carried: dict[str, Comment], next_draft: Draft, drafter: User
) -> None:
    Placement.objects.filter(comment=carried["exact"]).update(is_certain=False)
    assert "Comments to place</a> 2" in page_of(desk, "/desk/tve/2/")
    page = page_of(desk, "/desk/tve/2/placements/")
    assert "<mark>配合國家整體發展</mark>" in page
    answer = {"comment": carried["exact"].reference, "act": "agree"}
    assert (
        "stands on 壹-1."
        in desk.post("/desk/tve/2/placements/", answer, follow=True).content.decode()
    )
    placed = {"comment": carried["orphaned"].reference, "act": "place", "ref": "附錄二-1"}
    desk.post("/desk/tve/2/placements/", placed)
    found = Placement.objects.get(comment=carried["orphaned"], draft=next_draft)
    assert found.provision is not None
    assert (found.provision.ref, found.decided_by) == ("附錄二-1", drafter)
    assert "No comment waits." in page_of(desk, "/desk/tve/2/placements/")


def test_a_wrong_reference_is_said_and_nothing_changes(
    desk: Client, carried: dict[str, Comment]
) -> None:
    reference = carried["orphaned"].reference
    for ref, sentence in (("玖-9", "no provision 玖-9"), ("", "by its reference")):
        answer = desk.post(
            "/desk/tve/2/placements/", {"comment": reference, "act": "place", "ref": ref}
        )
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Placement.objects.get(comment=carried["orphaned"]).decided_at is None


def test_doubt_is_shown_to_readers_as_doubt(reader: Client, carried: dict[str, Comment]) -> None:
    Placement.objects.filter(comment=carried["exact"]).update(is_certain=False)
    assert carried["exact"].body not in page_of(reader, "/tve/2/壹-1/comments/")
    page = page_of(reader, "/tve/2/壹/comments/")
    assert carried["exact"].body in page
    assert "Waits for a drafter to place it" in page
