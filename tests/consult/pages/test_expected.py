"""The drafter's pages on who is expected to speak: the list, adding, linking, importing."""

import re
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.posting import post_comment
from consult.document.models import Draft, Framework
from consult.pages.desk_contexts import draft_desk
from consult.reports.expecting import Entry, expect_voice, remove_voice
from consult.reports.models import ExpectedVoice, Reminder
from tests.cast import organisation, person

LIST = "/desk/tve/expected/"


@pytest.fixture
def site(drafter: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(drafter)
    return client


@pytest.fixture
def guild(draft: Draft, drafter: User) -> ExpectedVoice:
    entry = Entry("organisation", name="機械公會", email="contact@example.net")
    return expect_voice(draft.framework, entry=entry, actor=drafter)


def page(site: Client, address: str = LIST) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", site.get(address).content.decode()).split())


def test_an_empty_list_says_what_it_is_for(draft: Draft, site: Client) -> None:
    assert "Nobody is on the list yet" in page(site)
    assert draft.framework.title in page(site)


def test_an_organisation_and_a_kind_are_added(draft: Draft, site: Client) -> None:
    site.post(LIST + "add/", {"act": "add_organisation", "name": "機械公會", "county": "TNN"})
    answer = site.post(LIST + "add/", {"act": "add_kind", "kind": "sector:C"})
    assert answer.status_code == 302
    again = site.post(LIST + "add/", {"act": "add_kind", "kind": "sector:C"})
    assert again.status_code == 422
    assert "This is on the list already." in again.content.decode()
    found = page(site)
    for words in ("機械公會", "Tainan City", "Manufacturing", "not known on this site yet"):
        assert words in found
    assert draft.framework.expected_voices.count() == 2


def test_who_is_silent_stands_by_name(
    guild: ExpectedVoice,
    draft: Draft,
    drafter: User,
    representative: User,
    association: Organisation,
    site: Client,
) -> None:
    linked = Entry("organisation", name=association.name, organisation=association)
    expect_voice(draft.framework, entry=linked, actor=drafter)
    for _ in range(2):
        post_comment(
            draft.provisions.get(ref="壹-1"),
            voice=Voice(representative, association),
            body="贊成。",
            stance="support",
            idempotency_key=uuid.uuid4(),
        )
    everyone, silent = page(site), page(site, LIST + "?show=silent")
    assert "1 of 2 invited organisations have said nothing" in everyone
    assert "nothing on 參, 肆, 伍, 附錄二" in everyone
    assert association.name in everyone
    assert association.name not in silent
    assert guild.name in silent
    desk = page(site, "/desk/tve/1/")
    assert "1 of 2 invited organisations have said nothing" in desk
    # The page of the list names nobody's address.
    assert "contact@example.net" not in everyone


def test_reminding_says_what_came_of_it(guild: ExpectedVoice, drafter: User, site: Client) -> None:
    answer = site.post(LIST, {"act": "remind", "voice": guild.public_id}, follow=True)
    assert "機械公會 is being reminded." in answer.content.decode()
    assert Reminder.objects.get().asked_by == drafter
    found = page(site)
    assert "Reminded less than 7 days ago; again from" in found
    assert "About to be sent" in found
    refused = site.post(LIST, {"act": "remind", "voice": guild.public_id})
    assert refused.status_code == 422
    assert "Reminded less than 7 days ago" in refused.content.decode()
    assert site.post(LIST, {"act": "remind_all"}).status_code == 422
    assert Reminder.objects.count() == 1


def test_taking_off_can_be_undone_from_the_page(guild: ExpectedVoice, site: Client) -> None:
    site.post(LIST, {"act": "remove", "voice": guild.public_id})
    assert "Put back" in page(site)
    assert site.get(f"{LIST}{guild.public_id}/").status_code == 404
    site.post(LIST, {"act": "restore", "voice": guild.public_id})
    assert ExpectedVoice.objects.listed().get() == guild


@pytest.mark.parametrize("form", [{}, {"act": "remind"}, {"act": "remind", "voice": "x"}])
def test_what_names_nothing_does_nothing(
    form: dict[str, str], guild: ExpectedVoice, site: Client
) -> None:
    assert site.post(LIST, form).status_code == 404
    assert ExpectedVoice.objects.listed().get() == guild


def test_an_entry_of_another_framework_is_not_found(guild: ExpectedVoice, site: Client) -> None:
    other = Framework.objects.create(code="other", title="他人的綱領")
    ExpectedVoice.objects.update(framework=other)
    assert site.post(LIST, {"act": "remove", "voice": guild.public_id}).status_code == 404
    assert site.get(f"/desk/other/expected/{guild.public_id}/").status_code == 404
    assert site.get("/desk/other/expected/").status_code == 404


def test_linking_is_a_person_s_choice(
    guild: ExpectedVoice, association: Organisation, site: Client
) -> None:
    address = f"{LIST}{guild.public_id}/"
    assert "No verified organisation is named like it" in page(site, address)
    assert association.name in page(site, address + "?q=台灣機械")
    unverified = organisation("機械公會聯合會", verified=False)
    assert unverified.name not in page(site, address)
    refused = site.post(address, {"act": "link", "organisation": unverified.public_id})
    assert refused.status_code == 422
    site.post(address, {"act": "link", "organisation": association.public_id})
    guild.refresh_from_db()
    assert guild.organisation == association
    site.post(address, {"act": "save", "name": "機械工業公會"})
    guild.refresh_from_db()
    assert (guild.name, guild.organisation) == ("機械工業公會", association)
    site.post(address, {"act": "unlink"})
    guild.refresh_from_db()
    assert guild.organisation is None
    assert site.post(address, {"act": "save", "name": ""}).status_code == 422


def test_a_list_is_looked_at_before_it_is_taken(
    guild: ExpectedVoice, association: Organisation, site: Client
) -> None:
    twins = [organisation("聯合會", "ngo"), organisation("聯合會", "association")]
    text = f"名稱,縣市\n{association.name},臺北市\n聯合會,\n不知名的學會,\n{guild.name},\n甲,火星\n"
    address = LIST + "import/"
    preview = site.post(address, {"text": text})
    assert preview.status_code == 200
    words = preview.content.decode()
    for said in (
        "3 lines would be put on the list.",
        "2 lines would not.",
        "It is on the list already.",
        "“火星” is not known as a county or city.",
        "Taken; not known on this site yet",
        "Not sure which: link later",
    ):
        assert said in words
    assert ExpectedVoice.objects.count() == 1
    site.post(address, {"act": "take", "text": text, "link-3": str(twins[1].pk)})
    found = {voice.name: voice.organisation for voice in ExpectedVoice.objects.listed()}
    assert found == {
        guild.name: None,
        association.name: association,
        "聯合會": twins[1],
        "不知名的學會": None,
    }


def test_a_file_is_a_list_too(draft: Draft, site: Client) -> None:

    address = LIST + "import/"
    csv = SimpleUploadedFile("list.csv", "名稱,類別\n大安高工,學校\n".encode("cp950"))
    assert "大安高工" in site.post(address, {"file": csv}).content.decode()
    picture = SimpleUploadedFile("list.csv", b"\x89PNG\r\n\x1a\n\xff\xff\x00\x81")
    assert site.post(address, {"file": picture}).status_code == 422
    large = SimpleUploadedFile("list.csv", b"x" * (1024 * 1024 + 1))
    assert site.post(address, {"file": large}).status_code == 422
    assert site.post(address, {"text": "  \n"}).status_code == 422
    assert site.post(address, {"text": "甲\n" * 2001}).status_code == 422
    assert not draft.framework.expected_voices.exists()


def test_the_list_costs_the_same_at_any_length(
    guild: ExpectedVoice, draft: Draft, drafter: User, site: Client
) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert site.get(address).status_code == 200
        return len(queries)

    site.post(LIST, {"act": "remind", "voice": guild.public_id})
    few = [cost(address) for address in (LIST, "/desk/tve/1/")]
    for number in range(20):
        body = organisation(f"第{number}公會")
        speaker = person(f"speaker{number}")
        entry = Entry("organisation", name=body.name, organisation=body, email="a@b.tw")
        voice = expect_voice(draft.framework, entry=entry, actor=drafter)
        site.post(LIST, {"act": "remind", "voice": voice.public_id})
        off = Entry("organisation", name=f"第{number}學會")
        remove_voice(expect_voice(draft.framework, entry=off, actor=drafter), actor=drafter)
        assert speaker.pk
    assert [cost(address) for address in (LIST, "/desk/tve/1/")] == few


def test_others_find_no_list(
    guild: ExpectedVoice, visitor: User, moderator: User, client_for: Callable[[User], Client]
) -> None:
    for someone in (visitor, moderator):
        for address in (LIST, LIST + "add/", LIST + "import/", f"{LIST}{guild.public_id}/"):
            assert client_for(someone).get(address).status_code == 404
            assert client_for(someone).post(address, {"act": "remind_all"}).status_code == 404
    assert draft_desk(Draft.objects.get(), at=guild.added_at).silent_invitees == 1
