# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""The search page: found by anyone what anyone may read, told how to go on, and never more."""

from collections.abc import Callable
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access import Visitor
from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.editing import withdraw_comment
from comments.models import Comment, SearchEntry
from comments.moderating import hide
from comments.rules import Rule
from consult.document.models import Draft, Framework, Provision, Section
from consult.document.publishing import withdraw_section
from tests.cast import SECRET
from tests.comments.talk import say

ClientFor = Callable[[Visitor], Client]
NamedProvision = Callable[[str], Provision]


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


def search(client: Client, typed: str = "", **fields: str) -> str:
    answer = client.get("/search/", {"q": typed, **fields}, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def said(target: Provision | Section | Draft, user: User, body: str, **changes: object) -> Comment:
    return say(target, user, body=body, at=timezone.now(), **changes)


def test_every_page_leads_to_the_search(client: Client, draft: Draft) -> None:
    assert 'href="/search/"' in client.get("/").content.decode()
    for address in ("/tve/1/", f"/tve/1/{quote('壹')}/", f"/tve/1/{quote('壹-1')}/comments/"):
        assert 'href="/search/?draft=tve/1"' in client.get(address).content.decode(), address


def test_an_empty_search_says_how_to_search(client: Client, draft: Draft) -> None:
    page = search(client)
    assert "How to search" in page
    assert "Nothing has" not in page


def test_text_and_comments_lead_to_their_places(
    client: Client, draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    comment = said(provision("壹-1"), visitor, "臺灣的實習制度要改。")
    page = search(client, "台灣")
    assert f'href="/tve/1/{quote("肆")}/#{quote("肆-1")}"' in page
    assert f'href="/c/{comment.reference}/"' in page
    # As it is written, though it was asked for in other characters.
    assert page.count("<mark>臺灣</mark>") == 2
    assert "1 place" in page


def test_what_people_write_is_escaped(
    client: Client, provision: NamedProvision, visitor: User
) -> None:
    said(provision("壹-1"), visitor, "<script>alert('產業')</script> & <b>產業</b>")
    page = search(client, "產業 <script>")
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;<mark>產業</mark>&lt;/b&gt;" in page
    assert 'value="產業 &lt;script&gt;"' in page


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        "\\",
        "a:*",
        "& | ! <->",
        "「",
        "\x00x",
        "%s %(q)s",
        "職教",
        "水",
        "𠮷",
        "'; DROP TABLE",
        "é" * 500,
    ],
)
def test_nothing_typed_breaks_it(client: Client, draft: Draft, typed: str) -> None:
    search(client, typed)
    search(client, typed, draft="tve/1", order="newest", after="x-1", section="nowhere")


@pytest.mark.parametrize(
    "fields",
    [
        {"stance": "nonsense"},
        {"group": "'"},
        {"in": "x"},
        {"after": "99999999999999999999-1"},
        {"after": "999999999999999999-999999999999999999"},
        {"order": "newest", "after": "999999999999999999-1"},
        {"section": "壹"},
        {"organisation": "%"},
        {"mine": "on"},
        {"wording": "on", "unanswered": "on"},
    ],
)
def test_no_address_breaks_it(client: Client, draft: Draft, fields: dict[str, str]) -> None:
    search(client, "產業", **fields)
    search(client, "產業", draft="tve/1", **fields)


def test_advice_where_nothing_is_found(client: Client, draft: Draft) -> None:
    page = search(client, "外星人", draft="tve/1", stance="oppose")
    assert "Nothing has “外星人”" in page
    assert "Search without filters" in page
    assert "Search all drafts" in page
    everywhere = search(client, "外星人")
    assert "Search all drafts" not in everywhere
    assert "Add a word that says what it is about" in search(client, "的")


def test_filters(
    client: Client,
    client_for: ClientFor,
    provision: NamedProvision,
    visitor: User,
    representative: User,
    association: Organisation,
) -> None:
    said(provision("壹-1"), visitor, "產業人才，家長看。")
    voice = Voice(representative, association)
    said(provision("肆-一-1"), representative, "產業人才，公會看。", voice=voice, stance="oppose")

    def who(**fields: str) -> list[str]:
        page = search(client_for(visitor), "產業 人才", **fields)
        return [name for name in ("家長", "公會") if f"，{name}看" in page]

    assert who() == ["家長", "公會"]
    assert who(stance="oppose") == ["公會"]
    assert who(group="public") == ["家長"]
    assert who(organisation="機械") == ["公會"]
    assert who(organisation="沒有這個會") == []
    assert who(mine="on") == ["家長"]
    assert who(draft="tve/1", section="肆") == ["公會"]
    assert who(draft="tve/1") == ["家長", "公會"]
    assert who(wording="on") == []
    # Nobody's own, where nobody is signed in: the filter isn't there.
    assert "看。" in search(client, "產業 人才", mine="on")


def test_the_text_alone_or_the_comments_alone(
    client: Client, provision: NamedProvision, visitor: User
) -> None:
    said(provision("壹-1"), visitor, "臺灣的實習。")
    assert "In comments <span" not in search(client, "臺灣", **{"in": "text"})
    assert 'id="in-text"' not in search(client, "臺灣", **{"in": "comments"})


def test_pages(client: Client, provision: NamedProvision, visitor: User) -> None:
    for number in range(23):
        said(provision("壹-1"), visitor, f"產業{number}號。")
    for order in ("", "newest"):
        seen: list[str] = []
        answer = client.get("/search/", {"q": "產業", "in": "comments", "order": order})
        while True:
            page = answer.context["page"]
            seen += [hit.comment.reference for hit in page.comments]
            if not page.next_page:
                break
            answer = client.get(page.next_page)
        assert len(seen) == len(set(seen)) == 23
    last = search(client, "產業", **{"in": "comments", "order": "newest", "after": "0-1"})
    assert "That was all." in last


# --- what nobody may find ---------------------------------------------------------------------


def test_nothing_unpublished_is_found(
    client: Client, client_for: ClientFor, draft: Draft, drafter: User, administrator: User
) -> None:
    for reader in (client, client_for(drafter), client_for(administrator)):
        for typed in (SECRET, "內文", "尚未公開", "撤回"):
            page = search(reader, typed)
            assert f"Nothing has “{typed}”" in page
            assert f"<mark>{SECRET}" not in page
        # Nor are its titles among the sections to choose from.
        assert SECRET not in search(reader, "", draft="tve/1")


def test_a_draft_of_which_nothing_is_shown_is_not_there(
    client: Client, client_for: ClientFor, unpublished_draft: Draft, drafter: User
) -> None:
    for reader in (client, client_for(drafter)):
        assert reader.get("/search/", {"draft": "tve/1"}).status_code == 404
        assert "tve/1" not in search(reader)
    assert client.get("/search/", {"draft": "nowhere/1"}).status_code == 404


def test_what_is_hidden_or_withdrawn_is_not_found_by_anyone(
    client: Client,
    client_for: ClientFor,
    provision: NamedProvision,
    visitor: User,
    moderator: User,
    drafter: User,
) -> None:
    hidden = said(provision("壹-1"), visitor, f"{SECRET}產業一")
    withdrawn = said(provision("壹-1"), visitor, f"{SECRET}產業二")
    below = said(provision("肆-1"), visitor, f"{SECRET}產業三")
    hide(hidden, moderator=moderator, rule=Rule.ATTACK)
    withdraw_comment(withdrawn, author=visitor)
    withdraw_section(Section.objects.get(ref="肆"), actor=drafter)
    for reader in (client, client_for(visitor), client_for(moderator), client_for(drafter)):
        for fields in ({}, {"order": "newest"}, {"mine": "on"}, {"draft": "tve/1"}):
            page = search(reader, f"{SECRET} 產業", **fields)
            assert "Nothing has" in page
            assert not [c for c in (hidden, withdrawn, below) if c.reference in page]


# --- cost -------------------------------------------------------------------------------------


def test_many_results_cost_as_many_queries_as_few(
    client: Client,
    provision: NamedProvision,
    visitor: User,
    representative: User,
    association: Organisation,
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            search(client, "產業 人才", draft="tve/1", section="壹", stance="support")
            search(client, "臺灣")
        return len(queries)

    voice = Voice(representative, association)
    said(provision("壹-1"), representative, "產業人才臺灣。", voice=voice)
    few = cost()
    for number in range(12):
        target = provision("壹-1" if number % 2 else "壹-2")
        said(target, visitor, "產業人才。")
        said(target, representative, "產業人才臺灣。", voice=voice)
    assert cost() == few
    assert few <= 24


def test_everything_can_be_taken_apart_again(
    draft: Draft, provision: NamedProvision, visitor: User
) -> None:
    said(provision("壹-1"), visitor, "臺灣的實習。")
    said(provision("壹-1"), visitor, "臺灣的課程。")
    SearchEntry.objects.first().delete()  # type: ignore[union-attr]
    Provision.objects.update(search=None)
    output = StringIO()
    call_command("rebuild_search", stdout=output)
    assert output.getvalue() == "tve: took 1 comments apart again, and added 1.\n"
    assert SearchEntry.objects.count() == 2
    assert not Provision.objects.filter(search=None).exists()


# --- the framework's terms --------------------------------------------------------------------

TERMS = "/desk/tve/terms/"


def test_a_drafter_keeps_the_terms(
    client_for: ClientFor,
    draft: Draft,
    drafter: User,
    framework: Framework,
) -> None:
    browser = client_for(drafter)
    assert "技職教育 · 3" in browser.get(TERMS).content.decode()
    answer = browser.post(TERMS, {"terms": "產學合作\r\n 少子女化", "add": "技職教育"})
    assert (answer.status_code, answer["Location"]) == (302, TERMS)
    framework.refresh_from_db()
    assert framework.terms == sorted(["少子女化", "技職教育", "產學合作"])
    assert "'技职教育'" in Provision.objects.get(draft=draft, ref="壹-1").search


def test_what_is_no_term_stays_in_the_form(
    client_for: ClientFor, draft: Draft, drafter: User, framework: Framework
) -> None:
    answer = client_for(drafter).post(TERMS, {"terms": "產學合作\nAI"})
    assert answer.status_code == 422
    assert "產學合作\nAI" in answer.content.decode().replace("\r", "")
    framework.refresh_from_db()
    assert framework.terms == []


def test_nobody_else_finds_the_terms_page(
    client: Client, client_for: ClientFor, draft: Draft, visitor: User, moderator: User
) -> None:
    assert client.get(TERMS).status_code == 302
    for user in (visitor, moderator):
        assert client_for(user).get(TERMS).status_code == 404
        assert client_for(user).post(TERMS, {"terms": "產學合作"}).status_code == 404
