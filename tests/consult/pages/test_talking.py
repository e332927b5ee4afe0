"""Threads over HTTP: read, post, keep what was typed, catch up, find again; and never leak."""

import gzip
import random
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.editing import withdraw_comment
from comments.models import Comment
from comments.moderating import hide
from comments.posting import post_comment
from comments.threads import PAGE_SIZE
from consult.document.models import Draft, Provision, Section
from consult.document.publishing import close_section, open_section, withdraw_section
from tests.cast import SECRET

ClientFor = Callable[[Visitor], Client]
Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]

SAID = f"{SECRET}隱藏章節裡的意見"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:  # noqa: ANN401
    settings.LANGUAGE_CODE = "en"


WHOLE = "/tve/1/comments/"


def thread(ref: str) -> str:
    return f"/tve/1/{ref}/comments/"


def written(**changes: Any) -> dict[str, Any]:
    """A form as a browser sends it."""
    return {
        "key": str(uuid.uuid4()),
        "voice": "self",
        "stance": "support",
        "body": "我贊成這一段。",
        "parent": "",
        "start": "",
        "end": "",
        "exact": "",
        "before": "",
        "behind": "",
    } | changes


def say(target: Provision | Section | Draft, user: User, **changes: Any) -> Comment:
    said: dict[str, Any] = {
        "voice": Voice(user, None),
        "body": "我贊成。",
        "stance": "support",
        "idempotency_key": uuid.uuid4(),
        "at": timezone.now(),
    }
    return post_comment(target, **said | changes)


@pytest.fixture
def hidden_comments(
    section: Named, provision: NamedProvision, drafter: User, visitor: User
) -> list[Comment]:
    """Comments that stand where nobody may read now: each section was open for a moment."""
    comments = []
    for ref in ("貳", "肆-二", "伍", "陸"):
        found = section(ref)
        open_section(found, actor=drafter, with_subsections=False)
        comments.append(say(provision(f"{ref}-1"), visitor, body=SAID))
        withdraw_section(section(ref), actor=drafter, with_subsections=False)
    return comments


# --- what may not be seen ---------------------------------------------------------------------


def test_no_road_leads_to_hidden_comments(
    hidden_comments: list[Comment],
    client_for: ClientFor,
    anonymous: Visitor,
    visitor: User,
    member: User,
    representative: User,
    moderator: User,
    outsider: User,
    drafter: User,
) -> None:
    for user in (anonymous, visitor, member, representative, moderator, outsider, drafter):
        browser = client_for(user)
        for comment in hidden_comments:
            ref = comment.thread.ref
            above = comment.thread.section.ref if comment.thread.section else ref
            for address in (
                f"/c/{comment.reference}/",
                thread(ref),
                thread(above),
                f"{thread(ref)}?since=0",
                f"{thread(ref)}?posted={comment.reference}",
                f"/tve/1/{above}/",
                f"/tve/1/{above}/sequences/",
                f"/tve/1/{ref}/sequences/",
            ):
                assert browser.get(address).status_code == 404, unquote(address)
            reply = browser.post(thread(ref), written())
            assert reply.status_code == 404
        assert SECRET not in browser.get("/tve/1/肆/").content.decode()
        sequences = browser.get("/tve/1/肆/sequences/").json()
        assert "肆-二-1" not in sequences["threads"]
        assert "肆-二" not in sequences["windows"]


def test_an_announced_section_gives_its_title_and_nothing_else(
    section: Named,  # noqa: ARG001
    client_for: ClientFor,
    visitor: User,
) -> None:
    browser = client_for(visitor)
    page = browser.get("/tve/1/貳/").content.decode()
    assert "願景" in page
    assert SECRET not in page
    assert browser.get("/tve/1/貳/sequences/").json() == {
        "threads": {},
        "windows": {"貳": "announced"},
    }
    for ref in ("貳", "貳-1"):
        assert browser.get(thread(ref)).status_code == 404
        assert browser.post(thread(ref), written()).status_code == 404


# --- who may post -----------------------------------------------------------------------------


def test_the_verified_post_and_get_a_receipt(
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    member: User,
    representative: User,
    moderator: User,
    drafter: User,
) -> None:
    provision("壹-1")
    for user in (visitor, member, representative, moderator, drafter):
        response = client_for(user).post(thread("壹-1"), written(), follow=True)
        comment = Comment.objects.get(author=user)
        page = response.content.decode()
        assert response.status_code == 200
        assert f"Receipt number: {comment.reference}" in page
        assert f'id="c-{comment.reference}"' in page
        assert response.redirect_chain[0][0].endswith(f"#c-{comment.reference}")
    assert list(Comment.objects.filter(as_drafter=True).values_list("author", flat=True)) == [
        drafter.pk
    ]


def test_another_persons_receipt_is_not_shown(
    provision: NamedProvision, client_for: ClientFor, visitor: User, member: User
) -> None:
    comment = say(provision("壹-1"), visitor)
    page = client_for(member).get(f"{thread('壹-1')}?posted={comment.reference}")
    assert "Receipt number" not in page.content.decode()


def test_the_unverified_are_told_to_confirm_and_keep_their_text(
    provision: NamedProvision, client_for: ClientFor, outsider: User
) -> None:
    provision("壹-1")
    browser = client_for(outsider)
    assert "Confirm your e-mail address" in browser.get(thread("壹-1")).content.decode()
    response = browser.post(thread("壹-1"), written(body="想說的話"))
    assert response.status_code == 422
    assert "想說的話" in response.content.decode()
    assert not Comment.objects.exists()


def test_who_is_not_signed_in_finds_the_text_again_after_signing_in(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    provision("壹-1")
    browser = client_for(anonymous)
    assert "Sign in to comment" in browser.get(thread("壹-1")).content.decode()
    key = str(uuid.uuid4())
    response = browser.post(
        thread("壹-1"), written(body="寫了很久的話", stance="question", key=key)
    )
    assert response.status_code == 302
    assert "/accounts/login/?next=" in response["Location"]
    visitor.set_password("correct horse battery")
    visitor.save()
    signed_in = browser.post(
        response["Location"].split("#")[0],
        {"login": visitor.email, "password": "correct horse battery"},
    )
    assert unquote(signed_in["Location"]) == f"{thread('壹-1')}#write"
    page = browser.get(thread("壹-1")).content.decode()
    assert "寫了很久的話" in page
    assert key in page
    assert re.search(r'value="question" required checked', page)
    browser.post(thread("壹-1"), written(body="寫了很久的話", key=key))
    form = browser.get(thread("壹-1")).content.decode().split('id="write"')[1]
    assert "寫了很久的話" not in form


def test_the_script_is_told_where_to_sign_in(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor
) -> None:
    provision("壹-1")
    response = client_for(anonymous).post(thread("壹-1"), written(), headers={"x-fragment": "1"})
    assert response.status_code == 401
    assert "/accounts/login/" in response.json()["sign_in"]


def test_a_form_open_too_long_gives_the_text_back(provision: NamedProvision, visitor: User) -> None:
    provision("壹-1")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(visitor)
    response = browser.post(thread("壹-1"), written(body="不可以不見的話"))
    assert response.status_code == 403
    page = response.content.decode()
    assert "不可以不見的話" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    again = browser.post(
        thread("壹-1"), written(body="不可以不見的話", csrfmiddlewaretoken=token[1])
    )
    assert again.status_code == 302
    assert Comment.objects.count() == 1


def test_any_other_stale_form_is_refused_as_ever(visitor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(visitor)
    assert browser.post("/theme/", {"theme": "dark"}).status_code == 403


# --- what is typed is kept --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance": ""}, "Choose what your comment is"),
        ({"body": "想說的話" + "長" * 5000}, "5,004 characters"),
        ({"parent": "NOSUCH00"}, "no longer there"),
        ({"exact": "沒有這些字", "start": "0", "end": "5"}, "not in this text"),
        ({"exact": "技職", "start": "-3", "end": "x"}, "can&#x27;t be read"),
        ({"key": "no key"}, "can&#x27;t be read"),
        ({"parent": "NO\x00"}, "can&#x27;t be read"),
        ({"voice": "999999999999999999999"}, "Choose in whose name"),
        ({"voice": "9" * 5000}, "Choose in whose name"),
        ({"voice": "x"}, "Choose in whose name"),
        ({"body": "想說的話\x00"}, "can&#x27;t be read"),
    ],
)
def test_a_refused_comment_is_kept_with_the_reason(
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    changes: dict[str, str],
    message: str,
) -> None:
    provision("壹-1")
    response = client_for(visitor).post(thread("壹-1"), written(body="想說的話") | changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert "想說的話" in page
    assert message in page
    assert "error-summary" in page
    assert not Comment.objects.exists()


def test_a_window_that_closed_meanwhile_keeps_the_text(
    section: Named, client_for: ClientFor, visitor: User, drafter: User
) -> None:
    close_section(section("壹"), actor=drafter)
    response = client_for(visitor).post(thread("壹-1"), written(body="想說的話"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "想說的話" in page
    assert "closed for comments on" in page


def test_a_repeated_post_makes_one_comment_and_one_answer(
    provision: NamedProvision, client_for: ClientFor, visitor: User
) -> None:
    provision("壹-1")
    browser, form = client_for(visitor), written()
    first, second = (browser.post(thread("壹-1"), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Comment.objects.count() == 1


def test_another_text_from_the_same_form_is_another_comment(
    provision: NamedProvision, client_for: ClientFor, visitor: User
) -> None:
    provision("壹-1")
    browser, form = client_for(visitor), written()
    for body in ("先說的話", "按上一頁之後再說的話"):
        browser.post(thread("壹-1"), form | {"body": body})
    assert {comment.body for comment in Comment.objects.all()} == {
        "先說的話",
        "按上一頁之後再說的話",
    }


def test_a_window_that_closed_while_someone_signed_in_keeps_the_text(
    section: Named, client_for: ClientFor, anonymous: Visitor, visitor: User, drafter: User
) -> None:
    browser = client_for(anonymous)
    browser.post(thread("壹-1"), written(body="想說的話"))
    close_section(section("壹"), actor=drafter)
    browser.force_login(visitor)
    page = browser.get(thread("壹-1")).content.decode()
    assert "想說的話" in page
    assert "closed for comments on" in page


# --- in whose name ----------------------------------------------------------------------------


def test_the_form_always_says_in_whose_name(
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    member: User,
    representative: User,
    association: Organisation,
) -> None:
    provision("壹-1")
    for user in (visitor, member):
        page = client_for(user).get(thread("壹-1")).content.decode()
        assert "You speak as" in page
        assert 'type="radio" name="voice"' not in page
    page = client_for(representative).get(thread("壹-1")).content.decode()
    assert page.count('type="radio" name="voice"') == 2
    assert association.name in page


def test_speaking_for_an_organisation_needs_a_mandate(
    provision: NamedProvision,
    client_for: ClientFor,
    member: User,
    representative: User,
    association: Organisation,
) -> None:
    provision("壹-1")
    form = written(voice=str(association.pk))
    assert client_for(member).post(thread("壹-1"), form).status_code == 422
    assert client_for(representative).post(thread("壹-1"), form).status_code == 302
    assert Comment.objects.get().organisation == association


# --- reading a thread -------------------------------------------------------------------------


def test_what_is_said_is_shown_as_text(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    say(
        provision("壹-1"),
        visitor,
        body='<script>alert(1)</script>\n\n見 https://example.org/?a=1&b="x"。javascript:alert(1)',
    )
    page = client_for(anonymous).get(thread("壹-1")).content.decode()
    assert "<script>alert" not in page
    assert '<a href="https://example.org/?a=1&amp;b=" rel="nofollow ugc noopener">' in page
    assert 'href="javascript' not in page


def test_a_stance_shows_its_comments_only(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    first = say(provision("壹-1"), visitor, body="贊成的話")
    say(provision("壹-1"), visitor, body="反對的話", stance="oppose", parent=first)
    page = client_for(anonymous).get(f"{thread('壹-1')}?stance=oppose").content.decode()
    assert "反對的話" in page
    assert "贊成的話" not in page
    assert f"/c/{first.reference}/" in page


def pages_of(browser: Client, query: str) -> list[list[str]]:
    """The receipt numbers on each page in turn, following the link to more."""
    address, found = f"{thread('壹-1')}{query}", list[list[str]]()
    while address:
        page = browser.get(address).content.decode()
        found.append(re.findall(r'data-reference="(\w+)"', page))
        more = re.search(r'rel="next" data-panel href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    return found


@pytest.mark.parametrize("query", ["", "?order=newest", "?stance=support"])
@pytest.mark.parametrize("count", [PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE * 2 + 1])
def test_pages_hold_every_comment_once(
    provision: NamedProvision,
    client_for: ClientFor,
    anonymous: Visitor,
    visitor: User,
    query: str,
    count: int,
) -> None:
    target = provision("壹-1")
    roots = [say(target, visitor) for _ in range(count)]
    replies = {roots[0].pk: say(target, visitor, parent=roots[0])}
    pages = pages_of(client_for(anonymous), query)
    shown = [reference for page in pages for reference in page]
    everything = [*roots, *replies.values()]
    assert sorted(shown) == sorted(comment.reference for comment in everything)
    if not query:
        assert shown[:2] == [roots[0].reference, replies[roots[0].pk].reference]
    if query == "?order=newest":
        assert shown[0] == roots[-1].reference
        assert shown[-2:] == [roots[0].reference, replies[roots[0].pk].reference]


def test_a_permanent_link_leads_to_the_page_where_the_comment_stands(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    target = provision("壹-1")
    roots = [say(target, visitor) for _ in range(PAGE_SIZE * 2 + 2)]
    reply = say(target, visitor, parent=roots[PAGE_SIZE])
    browser = client_for(anonymous)
    wanted = (roots[0], roots[PAGE_SIZE - 1], roots[PAGE_SIZE], reply, roots[-1])
    for comment in wanted:
        response = browser.get(f"/c/{comment.reference.lower()}/", follow=True)
        assert f'id="c-{comment.reference}"' in response.content.decode()


def test_no_such_comment_is_not_found(
    draft: Draft,  # noqa: ARG001
    client_for: ClientFor,
    visitor: User,
) -> None:
    assert client_for(visitor).get("/c/NOSUCH00/").status_code == 404


def test_words_can_be_chosen_without_script(
    provision: NamedProvision, client_for: ClientFor, visitor: User
) -> None:
    provision("壹-1")
    browser = client_for(visitor)
    page = browser.get(thread("壹-1")).content.decode()
    stretches = re.findall(r"\?words=(\d+-\d+)#write", page)
    assert len(stretches) == 2
    chosen = browser.get(f"{thread('壹-1')}?words={stretches[1]}").content.decode()
    assert '<input type="hidden" name="exact" value="前一句是現況。">' in chosen
    for nonsense in ("5-2", "a-b", "0-9999", "-1-3", "²-³", "9" * 5000 + "-1"):
        assert browser.get(f"{thread('壹-1')}?words={nonsense}").status_code == 200


def test_nonsense_in_an_address_is_ignored(
    provision: NamedProvision, client_for: ClientFor, visitor: User
) -> None:
    say(provision("壹-1"), visitor)
    for query in ("after=x", "after=99999999999999999999", "stance=x", "order=x", "reply=%00"):
        assert client_for(visitor).get(f"{thread('壹-1')}?{query}").status_code == 200


def test_a_closed_section_offers_no_form_and_no_reply(
    provision: NamedProvision,
    section: Named,
    client_for: ClientFor,
    visitor: User,
    drafter: User,
) -> None:
    say(provision("壹-1"), visitor)
    close_section(section("壹"), actor=drafter)
    page = client_for(visitor).get(thread("壹-1")).content.decode()
    assert "<textarea" not in page
    assert "data-reply" not in page
    assert "This section closed for comments on" in page


# --- the draft as a whole ---------------------------------------------------------------------


def test_general_comments_have_a_page_of_their_own(
    draft: Draft, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    for address in ("/tve/1/", "/tve/1/壹/"):
        assert f'href="{WHOLE}"' in client_for(anonymous).get(address).content.decode()
    browser = client_for(visitor)
    assert "Nobody has commented on this yet" in browser.get(WHOLE).content.decode()
    answer = browser.post(WHOLE, written(body="整體來說很好。"), follow=True)
    comment = Comment.objects.get()
    page = answer.content.decode()
    assert "Receipt number" in page
    assert "整體來說很好。" in page
    assert (comment.thread.draft, comment.thread.section) == (draft, None)
    leads_to = browser.get(f"/c/{comment.reference}/")["Location"]
    assert leads_to == f"{WHOLE}#c-{comment.reference}"
    assert browser.get("/tve/1/sequences/").json() == {
        "threads": {"": {"sequence": 1, "comments": 1}},
        "windows": {"": "open"},
    }
    assert "整體來說很好。" in browser.get(f"{WHOLE}?since=0").content.decode()


def test_general_comments_are_counted(
    draft: Draft, client_for: ClientFor, anonymous: Visitor, visitor: User, drafter: User
) -> None:
    say(draft, visitor)
    say(draft, visitor)
    browser = client_for(anonymous)
    for address in ("/", "/tve/1/"):
        assert "2 comments" in browser.get(address).content.decode()
    desk = client_for(drafter).get("/desk/tve/1/").content.decode()
    assert "On the draft as a whole" in desk


def test_no_talk_on_a_draft_of_which_nothing_is_shown(
    unpublished_draft: Draft,  # noqa: ARG001
    client_for: ClientFor,
    visitor: User,
) -> None:
    for address in (WHOLE, "/tve/1/sequences/", f"{WHOLE}?since=0"):
        assert client_for(visitor).get(address).status_code == 404
    assert client_for(visitor).post(WHOLE, written()).status_code == 404


def test_a_draft_whose_sections_are_closed_takes_no_general_comment(
    draft: Draft, client_for: ClientFor, visitor: User, drafter: User
) -> None:
    say(draft, visitor)
    for found in draft.sections.open(at=timezone.now()):
        close_section(found, actor=drafter, with_subsections=False)
    browser = client_for(visitor)
    assert "This draft takes no comments at present" in browser.get(WHOLE).content.decode()
    refused = browser.post(WHOLE, written(body="太晚的話"))
    assert refused.status_code == 422
    assert "太晚的話" in refused.content.decode()


# --- branches, choices and links --------------------------------------------------------------


def test_folded_replies_are_a_page_and_a_fragment(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    target = provision("壹-1")
    root = say(target, visitor)
    replies = [say(target, visitor, parent=root, body=f"第{n}則回覆") for n in range(9)]
    browser = client_for(anonymous)
    page = browser.get(thread("壹-1")).content.decode()
    assert "6 more replies" in page
    assert "第8則回覆" not in page
    link = re.search(r'href="([^"]+)"[^>]* data-fold', page)
    assert link
    address = link[1].replace("&amp;", "&")
    whole = browser.get(address).content.decode()
    part = browser.get(address, headers={"x-fragment": "1"}).content.decode()
    for found in (whole, part):
        assert all(f"第{n}則回覆" in found for n in range(3, 9))
        assert "第2則回覆" not in found
        assert "Earlier replies" in found
    assert "<html" not in part
    there = browser.get(f"/c/{replies[7].reference}/", follow=True).content.decode()
    assert f'id="c-{replies[7].reference}"' in there


@pytest.mark.parametrize("state", ["withdrawn", "hidden"])
def test_a_link_to_what_was_taken_away_says_so(
    provision: NamedProvision,
    client_for: ClientFor,
    anonymous: Visitor,
    visitor: User,
    moderator: User,
    state: str,
) -> None:
    comment = say(provision("壹-1"), visitor, body="被拿掉的話")
    say(provision("壹-1"), moderator, parent=comment, body="留下的回覆")
    if state == "hidden":
        hide(comment, moderator=moderator, rule="attack")
    else:
        withdraw_comment(comment, author=visitor)
    page = client_for(anonymous).get(f"/c/{comment.reference}/", follow=True).content.decode()
    tombstone = page.split(f'id="c-{comment.reference}"')[1].split("</li>")[0]
    assert {"hidden": "Attacks or threatens people", "withdrawn": "Withdrawn by its author"}[
        state
    ] in tombstone
    assert "被拿掉的話" not in page
    assert visitor.display_name not in page
    assert "留下的回覆" in page


def test_choices_stand_in_the_address_together(
    provision: NamedProvision, client_for: ClientFor, visitor: User
) -> None:
    say(provision("壹-1"), visitor)
    page = client_for(visitor).get(f"{thread('壹-1')}?order=newest&stance=support&mine=1")
    html = page.content.decode()
    for kept in (
        "?order=endorsed&amp;stance=support&amp;mine=1",
        "?order=newest&amp;stance=oppose&amp;mine=1#",
        "?order=newest&amp;stance=support&amp;unanswered=1&amp;mine=1#",
        "?order=newest&amp;stance=support#",
    ):
        assert f'href="{quote(thread("壹-1"))}{kept}' in html, kept


def test_a_first_page_stays_small_whatever_is_said(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    chance = random.Random(4)  # noqa: S311
    for target, length in ((provision("壹-1"), 57), (provision("壹-2"), 4500)):
        for _ in range(20):
            root = say(target, visitor, body=some_chinese(chance, length))
            for _ in range(4):
                say(target, visitor, body=some_chinese(chance, length), parent=root)
        for order in ("", "?order=newest", "?order=endorsed", "?stance=support"):
            page = client_for(anonymous).get(f"{thread(target.ref)}{order}").content
            assert len(page) <= 100 * 1024
            assert len(gzip.compress(page, 6)) <= 20 * 1024


def some_chinese(chance: random.Random, length: int) -> str:
    """A text that packs no better than a real one."""
    return "".join(chr(0x4E00 + int(chance.triangular(0, 6000, 0))) for _ in range(length))


# --- catching up ------------------------------------------------------------------------------


def test_a_reader_pulls_what_came_after_a_number(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    target = provision("壹-1")
    first = say(target, visitor)
    reply = say(target, visitor, parent=first)
    browser = client_for(anonymous)
    states = browser.get("/tve/1/壹/sequences/").json()
    assert states["threads"] == {"壹-1": {"sequence": 2, "comments": 2}}
    fragment = browser.get(f"{thread('壹-1')}?since=1").content.decode()
    assert reply.reference in fragment
    assert f'id="c-{first.reference}"' not in fragment
    assert 'data-sequence="2"' in fragment
    assert "<html" not in fragment


def test_who_missed_very_much_is_told_to_load_afresh(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    for _ in range(101):
        say(provision("壹-1"), visitor)
    assert client_for(anonymous).get(f"{thread('壹-1')}?since=0").status_code == 204


def test_a_section_page_is_told_of_what_stands_beneath_it(
    provision: NamedProvision, client_for: ClientFor, anonymous: Visitor, visitor: User
) -> None:
    say(provision("肆-一-1"), visitor)
    states = client_for(anonymous).get("/tve/1/肆/sequences/").json()
    assert states["threads"] == {"肆-一-1": {"sequence": 1, "comments": 1}}
    assert states["windows"] == {"肆": "open", "肆-一": "open"}


# --- what it costs ----------------------------------------------------------------------------

MANY = 1000


def many_comments(target: Provision, user: User, *, first: Comment | None = None) -> None:
    """A thousand comments, without posting each."""
    first = first or say(target, user)
    Comment.objects.bulk_create(
        Comment(
            thread=first.thread,
            path=f"{number:010}",
            sequence=number,
            changed_sequence=number,
            author=user,
            group="public",
            stance="support",
            body="我贊成。",
            anchor_exact=target.text[:2],
            anchor_start=0,
            anchor_end=2,
            idempotency_key=uuid.uuid4(),
        )
        for number in range(3, MANY + 1)
    )
    first.thread.sequence = first.thread.comment_count = MANY
    first.thread.save()


@pytest.mark.parametrize("count", [1, MANY])
def test_a_thread_costs_the_same_at_any_length(
    provision: NamedProvision,
    client_for: ClientFor,
    representative: User,
    visitor: User,
    count: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    target = provision("壹-1")
    say(target, visitor) if count == 1 else many_comments(target, visitor)
    browser = client_for(representative)
    with django_assert_max_num_queries(8):
        assert browser.get(thread("壹-1")).status_code == 200


@pytest.mark.parametrize("already", [1, MANY])
def test_posting_costs_little_however_much_was_said(
    provision: NamedProvision,
    client_for: ClientFor,
    visitor: User,
    representative: User,
    association: Organisation,
    already: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    target = provision("肆-一-1")
    first = say(target, visitor)
    # The first comment of a group and stance in a thread costs one query more, once.
    say(target, representative, voice=Voice(representative, association))
    if already > 1:
        many_comments(target, visitor, first=first)
    browser = client_for(representative)
    own, replying = {"voice": str(association.pk)}, {"parent": first.reference}
    for form in (written(), written(**replying), written(**own)):
        # In a test the transaction is a savepoint, which counts for two.
        with django_assert_max_num_queries(12 + 2):
            answer = browser.post(thread("肆-一-1"), form)
        assert answer.status_code == 302
        posted = Comment.objects.latest("pk")
        assert f'id="c-{posted.reference}"' in browser.get(answer["Location"]).content.decode()


def test_a_permanent_link_costs_little(
    provision: NamedProvision,
    client_for: ClientFor,
    anonymous: Visitor,
    visitor: User,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    many_comments(provision("壹-1"), visitor)
    comment = Comment.objects.get(sequence=MANY)
    with django_assert_max_num_queries(4):
        client_for(anonymous).get(f"/c/{comment.reference}/")


def test_who_must_wait_for_a_moderator_is_told_so(
    draft: Draft,  # noqa: ARG001 - stands on the site
    visitor: User,
    member: User,
    client_for: Callable[[Visitor], Client],
    settings: Any,  # noqa: ANN401
) -> None:
    """Else what was written would look lost, and be written again."""
    settings.HOLD_FIRST_COMMENTS = 1
    browser = client_for(visitor)
    answer = browser.post(thread("壹-1"), written(body="先等一等"), follow=True)
    held = Comment.objects.get()
    assert held.state == "held"
    page = answer.content.decode()
    assert "Your comment has arrived." in page
    # The page's script forgets the text that it kept, and leads to the receipt.
    assert re.search(rf'id="c-{held.reference}" role="status" data-posted', page)
    assert f"/c/{held.reference}/more/" in page
    assert "先等一等" not in page
    mine = browser.get("/accounts/me/").content.decode()
    assert held.reference in mine
    assert "Held for a moderator" in mine
    assert browser.get(f"/c/{held.reference}/more/").status_code == 200
    # Nobody else is told, whatever they ask for.
    for other in (Client(), client_for(member)):
        address = f"{thread('壹-1')}?at={held.reference}&posted={held.reference}"
        assert "has arrived" not in other.get(address).content.decode()
        assert other.get(f"/c/{held.reference}/more/").status_code == 404
